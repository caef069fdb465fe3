//! Instruments of other crates, which made them by OpenTelemetry's global provider: each finds the provider that is installed when it
//! measures, as ours do, and has the attributes of the request that metrics may have.
//!
//! OpenTelemetry's own provider would keep what it was made with, so that nothing would arrive after a second `install`, and the child
//! of a process that forks would wait for locks of its parent's.

use std::sync::Arc;

use opentelemetry::metrics::{
    AsyncInstrumentBuilder, BoundSyncInstrument, Counter, Gauge, Histogram, HistogramBuilder,
    InstrumentBuilder, InstrumentProvider, Meter, ObservableCounter, ObservableGauge,
    ObservableUpDownCounter, SyncInstrument, UpDownCounter,
};
use opentelemetry::{InstrumentationScope, KeyValue};

use super::current;
use super::guard::Finite;
use super::observables::{self, Told};
use super::renewed::Renewed;
use super::typed::attributes::in_request;
use super::typed::bound::Record;
use super::typed::instrument::Take;
use super::typed::number::Number;
use crate::context;

/// A meter whose instruments are those of whatever provider is installed.
pub(super) struct Forwarding {
    scope: InstrumentationScope,
}

impl Forwarding {
    pub(super) fn meter(scope: InstrumentationScope) -> Meter {
        Meter::new(Arc::new(Self { scope }))
    }

    fn forward<I>(&self, told: Told, make: Make<I>) -> Forwarded<I> {
        let inner = Inner { scope: self.scope.clone(), told, make, now: Renewed::new() };
        // What the SDK has against the name it is to say here.
        inner.with(|_| ());
        Forwarded(Arc::new(inner))
    }
}

type Make<I> = fn(&Meter, &Told) -> I;

/// A synchronous instrument.
struct Forwarded<I>(Arc<Inner<I>>);

struct Inner<I> {
    scope: InstrumentationScope,
    told: Told,
    make: Make<I>,
    now: Renewed<Option<I>>,
}

impl<I> Inner<I> {
    /// Runs `f` with the instrument of the current provider, if there is one.
    #[cfg_attr(not(debug_assertions), inline)]
    fn with<R>(&self, f: impl FnOnce(&I) -> R) -> Option<R> {
        let make = || {
            current::guarded(self.scope.clone(), Finite::ByUs).map(|meter| (self.make)(&meter, &self.told))
        };
        self.now.with(make, |made| made.as_ref().map(f))
    }

    fn take<N>(&self, measurement: N, attributes: &[KeyValue])
    where
        I: Take<N>,
    {
        self.with(|instrument| instrument.take(measurement, attributes));
    }
}

impl<N: Number, I: Take<N>> SyncInstrument<N> for Forwarded<I> {
    fn measure(&self, measurement: N, attributes: &[KeyValue]) {
        if context::reaches_metrics() {
            in_request(attributes, |all| self.0.take(measurement, all.unwrap_or(attributes)));
        } else {
            self.0.take(measurement, attributes);
        }
    }

    fn bind(&self, attributes: &[KeyValue]) -> Box<dyn BoundSyncInstrument<N> + Send + Sync> {
        Box::new(Fixed { of: Arc::clone(&self.0), attributes: attributes.to_vec(), now: Renewed::new() })
    }
}

/// A synchronous instrument with fixed attributes.
struct Fixed<I, N> {
    of: Arc<Inner<I>>,
    attributes: Vec<KeyValue>,
    now: Renewed<Option<Record<N>>>,
}

impl<I: Take<N>, N: Number> Fixed<I, N> {
    fn take(&self, measurement: N) {
        let bind = || self.of.with(|instrument| instrument.bind_to(&self.attributes));
        self.now.with(bind, |record| {
            if let Some(record) = record {
                record(measurement);
            }
        });
    }
}

impl<I: Take<N>, N: Number> BoundSyncInstrument<N> for Fixed<I, N> {
    fn measure(&self, measurement: N) {
        if context::reaches_metrics() {
            in_request(&self.attributes, |all| match all {
                None => self.take(measurement),
                Some(all) => self.of.take(measurement, all),
            });
        } else {
            self.take(measurement);
        }
    }
}

macro_rules! forwarded {
    (sync $($name:ident $instrument:ident $number:ty;)*) => {$(
        fn $name(&self, from: InstrumentBuilder<'_, $instrument<$number>>) -> $instrument<$number> {
            let told = Told::new(from.name, from.unit, from.description);
            $instrument::new(Arc::new(self.forward::<$instrument<$number>>(told, |meter, told| {
                let mut to = meter.$name(told.name.clone());
                (to.unit, to.description) = told.unit_and_description();
                to.build()
            })))
        }
    )*};
    (histogram $($name:ident $number:ty;)*) => {$(
        fn $name(&self, from: HistogramBuilder<'_, Histogram<$number>>) -> Histogram<$number> {
            let told = Told { bounds: from.boundaries, ..Told::new(from.name, from.unit, from.description) };
            Histogram::new(Arc::new(self.forward::<Histogram<$number>>(told, |meter, told| {
                let mut to = meter.$name(told.name.clone());
                (to.unit, to.description) = told.unit_and_description();
                to.boundaries.clone_from(&told.bounds);
                to.build()
            })))
        }
    )*};
    (observable $($name:ident $instrument:ident $measured:ty;)*) => {$(
        fn $name(
            &self,
            from: AsyncInstrumentBuilder<'_, $instrument<$measured>, $measured>,
        ) -> $instrument<$measured> {
            let told = Told::new(from.name, from.unit, from.description);
            observables::add(self.scope.clone(), told, from.callbacks, |meter, told, callbacks| {
                let mut to = meter.$name(told.name.clone());
                (to.unit, to.description) = told.unit_and_description();
                to.callbacks = callbacks;
                let _ = to.build();
            });
            $instrument::new()
        }
    )*};
}

impl InstrumentProvider for Forwarding {
    forwarded! { sync
        u64_counter Counter u64;
        f64_counter Counter f64;
        i64_up_down_counter UpDownCounter i64;
        f64_up_down_counter UpDownCounter f64;
        u64_gauge Gauge u64;
        i64_gauge Gauge i64;
        f64_gauge Gauge f64;
    }
    forwarded! { histogram
        u64_histogram u64;
        f64_histogram f64;
    }
    forwarded! { observable
        u64_observable_counter ObservableCounter u64;
        f64_observable_counter ObservableCounter f64;
        i64_observable_up_down_counter ObservableUpDownCounter i64;
        f64_observable_up_down_counter ObservableUpDownCounter f64;
        u64_observable_gauge ObservableGauge u64;
        i64_observable_gauge ObservableGauge i64;
        f64_observable_gauge ObservableGauge f64;
    }
}
