//! What stands between a program and the SDK's meter, where the SDK does not guard itself.
//!
//! A callback that panics would end the collection of every instrument for ever (the SDK's locks are poisoned by it): here it costs
//! what it has not observed. Numbers that are none, and infinite ones, which the SDK drops in silence, are counted. A histogram of
//! seconds that declares no bounds is given some that tell durations apart.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use opentelemetry::metrics::{
    AsyncInstrument, AsyncInstrumentBuilder, BoundCounter, BoundGauge, BoundHistogram, BoundSyncInstrument,
    BoundUpDownCounter, Callback, Counter, Gauge, Histogram, HistogramBuilder, InstrumentBuilder,
    InstrumentProvider, Meter, MeterProvider as _, ObservableCounter, ObservableGauge,
    ObservableUpDownCounter, SyncInstrument, UpDownCounter,
};
use opentelemetry::{InstrumentationScope, KeyValue};

use super::bounds;
use super::counts::Counts;
use super::provider::Shared;
use crate::diagnose::{Kind, tell};

/// Who sees to it that measurements are finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finite {
    /// The instrument: those of other crates.
    ByUs,
    /// Who records: our own instruments, which save a call.
    ByCaller,
}

/// See the module's documentation.
pub(super) struct Guarded {
    meter: Meter,
    counts: Arc<Counts>,
    finite: Finite,
    /// Whether histograms have buckets with bounds.
    has_bounds: bool,
}

impl Guarded {
    /// A meter of the provider, guarded.
    pub(super) fn meter(shared: &Shared, scope: InstrumentationScope, finite: Finite) -> Meter {
        Meter::new(Arc::new(Self {
            meter: shared.provider.meter_with_scope(scope),
            counts: Arc::clone(&shared.counts),
            finite,
            has_bounds: shared.has_bounds,
        }))
    }

    fn callbacks<M: Measured>(&self, name: &str, callbacks: Vec<Callback<M>>) -> Vec<Callback<M>> {
        let guard = |callback: Callback<M>| -> Callback<M> {
            let (name, counts) = (name.to_owned(), Arc::clone(&self.counts));
            Box::new(move |observer| {
                let observer = Observer { observer, counts: &counts };
                if catch_unwind(AssertUnwindSafe(|| callback(&observer))).is_err() {
                    Counts::add(&counts.callback_panicked, 1);
                    tell(Kind::Metrics, format_args!("the callback of the instrument `{name}` panicked"));
                }
            })
        };
        callbacks.into_iter().map(guard).collect()
    }

    fn histogram<'a, T>(
        &self,
        from: HistogramBuilder<'_, T>,
        mut to: HistogramBuilder<'a, T>,
    ) -> HistogramBuilder<'a, T> {
        let default = || bounds::of_unit(from.unit.as_deref()?).filter(|_| self.has_bounds);
        to.boundaries = from.boundaries.clone().or_else(default);
        to.description = from.description;
        to.unit = from.unit;
        to
    }
}

/// Where a callback observes to.
struct Observer<'a, M> {
    observer: &'a dyn AsyncInstrument<M>,
    counts: &'a Counts,
}

impl<M: Measured> AsyncInstrument<M> for Observer<'_, M> {
    fn observe(&self, measurement: M, attributes: &[KeyValue]) {
        if measurement.is_finite() {
            self.observer.observe(measurement, attributes);
        } else {
            Counts::add(&self.counts.not_finite, 1);
        }
    }
}

/// What instruments measure.
trait Measured: Copy + 'static {
    fn is_finite(self) -> bool {
        true
    }
}

impl Measured for u64 {}
impl Measured for i64 {}
impl Measured for f64 {
    fn is_finite(self) -> bool {
        f64::is_finite(self)
    }
}

/// An instrument that counts what is not finite.
struct Checked<I> {
    instrument: I,
    counts: Arc<Counts>,
}

macro_rules! checked {
    ($($instrument:ident, $bound:ident, $record:ident;)*) => {$(
        impl SyncInstrument<f64> for Checked<$instrument<f64>> {
            fn measure(&self, measurement: f64, attributes: &[KeyValue]) {
                if measurement.is_finite() {
                    self.instrument.$record(measurement, attributes);
                } else {
                    Counts::add(&self.counts.not_finite, 1);
                }
            }

            fn bind(&self, attributes: &[KeyValue]) -> Box<dyn BoundSyncInstrument<f64> + Send + Sync> {
                Box::new(Checked { instrument: self.instrument.bind(attributes), counts: Arc::clone(&self.counts) })
            }
        }

        impl BoundSyncInstrument<f64> for Checked<$bound<f64>> {
            fn measure(&self, measurement: f64) {
                if measurement.is_finite() {
                    self.instrument.$record(measurement);
                } else {
                    Counts::add(&self.counts.not_finite, 1);
                }
            }
        }
    )*};
}

checked! {
    Counter, BoundCounter, add;
    UpDownCounter, BoundUpDownCounter, add;
    Gauge, BoundGauge, record;
    Histogram, BoundHistogram, record;
}

/// Methods that make the SDK's instrument: of integers as it is, of floating-point numbers checked, observable ones guarded.
macro_rules! made {
    (whole $($name:ident $instrument:ty;)*) => {$(
        fn $name(&self, from: InstrumentBuilder<'_, $instrument>) -> $instrument {
            let mut to = self.meter.$name(from.name);
            to.description = from.description;
            to.unit = from.unit;
            to.build()
        }
    )*};
    (real $($name:ident $instrument:ident;)*) => {$(
        fn $name(&self, from: InstrumentBuilder<'_, $instrument<f64>>) -> $instrument<f64> {
            let mut to = self.meter.$name(from.name);
            to.description = from.description;
            to.unit = from.unit;
            let instrument = to.build();
            match self.finite {
                Finite::ByCaller => instrument,
                Finite::ByUs => {
                    $instrument::new(Arc::new(Checked { instrument, counts: Arc::clone(&self.counts) }))
                }
            }
        }
    )*};
    (observable $($name:ident $instrument:ident $measured:ty;)*) => {$(
        fn $name(
            &self,
            from: AsyncInstrumentBuilder<'_, $instrument<$measured>, $measured>,
        ) -> $instrument<$measured> {
            let callbacks = self.callbacks(&from.name, from.callbacks);
            let mut to = self.meter.$name(from.name);
            to.description = from.description;
            to.unit = from.unit;
            to.callbacks = callbacks;
            to.build()
        }
    )*};
}

impl InstrumentProvider for Guarded {
    made! { whole
        u64_counter Counter<u64>;
        i64_up_down_counter UpDownCounter<i64>;
        u64_gauge Gauge<u64>;
        i64_gauge Gauge<i64>;
    }
    made! { real
        f64_counter Counter;
        f64_up_down_counter UpDownCounter;
        f64_gauge Gauge;
    }
    made! { observable
        u64_observable_counter ObservableCounter u64;
        f64_observable_counter ObservableCounter f64;
        i64_observable_up_down_counter ObservableUpDownCounter i64;
        f64_observable_up_down_counter ObservableUpDownCounter f64;
        u64_observable_gauge ObservableGauge u64;
        i64_observable_gauge ObservableGauge i64;
        f64_observable_gauge ObservableGauge f64;
    }

    fn u64_histogram(&self, mut from: HistogramBuilder<'_, Histogram<u64>>) -> Histogram<u64> {
        let to = self.meter.u64_histogram(std::mem::take(&mut from.name));
        self.histogram(from, to).build()
    }

    fn f64_histogram(&self, mut from: HistogramBuilder<'_, Histogram<f64>>) -> Histogram<f64> {
        let to = self.meter.f64_histogram(std::mem::take(&mut from.name));
        let instrument = self.histogram(from, to).build();
        match self.finite {
            Finite::ByCaller => instrument,
            Finite::ByUs => {
                Histogram::new(Arc::new(Checked { instrument, counts: Arc::clone(&self.counts) }))
            }
        }
    }
}
