//! An instrument with fixed attributes: they are looked up once for each provider, and not at each measurement.
//!
//! In a request with attributes that metrics may have a measurement is of another series, which is looked up. Elsewhere that costs
//! one load and a branch.

use std::fmt;
use std::sync::Arc;

use opentelemetry::KeyValue;
use opentelemetry::metrics as api;

use super::attributes;
use super::instrument::Take;
use super::number::Number;
use super::rebound::Rebound;
use super::refused::{self, Refusal};
use crate::context;
use crate::metrics::renewed::Renewed;

/// Records a number with the attributes that were bound.
pub(in crate::metrics) type Record<N> = Box<dyn Fn(N) + Send + Sync>;

/// An instrument of the SDK's that can be bound.
pub trait Bindable<N>: Sized {
    /// It, with fixed attributes.
    #[doc(hidden)]
    fn bind_to(&self, attributes: &[KeyValue]) -> Record<N>;
}

macro_rules! bindable {
    ($($instrument:ident: $method:ident;)*) => { $(
        impl<N: Number> Bindable<N> for api::$instrument<N> {
            fn bind_to(&self, attributes: &[KeyValue]) -> Record<N> {
                let bound = self.bind(attributes);
                Box::new(move |number| bound.$method(number))
            }
        }
    )* };
}

bindable! { Counter: add; Histogram: record; UpDownCounter: add; Gauge: record; }

/// An instrument with fixed attributes, for hot paths. In a request whose [attributes](crate::context) metrics may have, a
/// measurement has those, too, and is as dear as one that is not bound.
pub struct Bound<T: Number>(Box<dyn Sink<T>>);

impl<T: Number> Bound<T> {
    pub(super) fn new<I: Take<T::Exported>>(
        instrument: Arc<Rebound<I>>,
        attributes: Vec<KeyValue>,
        refuse_negative: bool,
    ) -> Self {
        Self(Box::new(Fixed { instrument, attributes, refuse_negative, now: Renewed::new() }))
    }

    /// Adds to a counter's sum, or records a value of a histogram.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn record(&self, value: T) {
        self.0.record(value);
    }
}

impl<T: Number> fmt::Debug for Bound<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bound").field(&self.0.name()).finish()
    }
}

/// Something that is bound, whatever kind it is.
trait Sink<T>: Send + Sync {
    fn record(&self, value: T);
    fn name(&self) -> &'static str;
}

/// See [`Bound`].
struct Fixed<I, N: Number> {
    instrument: Arc<Rebound<I>>,
    attributes: Vec<KeyValue>,
    refuse_negative: bool,
    now: Renewed<Now<N>>,
}

/// What is bound for one provider. It is bound at the first measurement, since a series that is bound is exported, also an
/// empty one.
struct Now<N> {
    own: Option<Record<N>>,
    alias: Option<(Record<N>, f64)>,
}

impl<N: Number> Now<N> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn take(&self, number: N) {
        if let Some(own) = &self.own {
            own(number);
        }
        if let Some((alias, scale)) = &self.alias {
            alias(number.scaled(*scale));
        }
    }
}

impl<I, T> Sink<T> for Fixed<I, T::Exported>
where
    T: Number,
    I: Take<T::Exported>,
{
    #[cfg_attr(not(debug_assertions), inline)]
    fn record(&self, value: T) {
        let number = match value.exported() {
            Ok(number) if self.refuse_negative && number.is_negative() => {
                return refused::count(self.instrument.spec.name, Refusal::Negative);
            }
            Ok(number) => number,
            Err(why) => return refused::count(self.instrument.spec.name, why),
        };
        if context::reaches_metrics() {
            self.record_in_request(number);
        } else {
            self.take(number);
        }
    }

    fn name(&self) -> &'static str {
        self.instrument.spec.name
    }
}

impl<I, N> Fixed<I, N>
where
    N: Number,
    I: Take<N>,
{
    #[cfg_attr(not(debug_assertions), inline)]
    fn take(&self, number: N) {
        self.now.with(|| self.bind(), |now| now.take(number));
    }

    #[cold]
    fn bind(&self) -> Now<N> {
        self.instrument.with(|made| Now {
            own: made.own.as_ref().map(|own| own.bind_to(&self.attributes)),
            alias: made.alias.as_ref().map(|alias| (alias.instrument.bind_to(&self.attributes), alias.scale)),
        })
    }

    #[cold]
    #[inline(never)]
    fn record_in_request(&self, number: N) {
        attributes::in_request(&self.attributes, |list| match list {
            None => self.take(number),
            Some(list) => self.instrument.with(|made| made.take(number, list)),
        });
    }
}
