//! The four kinds of instrument, and the struct of them that a program declares.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::metrics as api;

use super::attributes::{self, MetricAttributes};
use super::bound::{Bindable, Bound};
use super::number::{Make, Number};
use super::rebound::{Made, Rebound};
use super::refused::{self, Refusal};
use super::spec::InstrumentSpec;
use super::timer::{FirstItem, Stopwatch, Timer};

/// What a field of a struct with `#[derive(Metrics)]` is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an instrument",
    label = "no instrument",
    note = "help: write `Counter<u64, A>`, `UpDownCounter<i64, A>`, `Gauge<f64, A>` or `Histogram<f64, A>` of `wirespan::metrics`"
)]
pub trait Instrument: Sized {
    /// The instrument that was declared so.
    #[doc(hidden)]
    fn build(spec: &'static InstrumentSpec) -> Self;
}

/// An instrument of the SDK's that takes one number after the other.
pub trait Take<N>: Make + Bindable<N> {
    /// Records a number.
    #[doc(hidden)]
    fn take(&self, number: N, attributes: &[opentelemetry::KeyValue]);
}

macro_rules! take {
    ($($instrument:ident: $method:ident;)*) => { $(
        impl<N: Number> Take<N> for api::$instrument<N>
        where
            Self: Make + Bindable<N>,
        {
            #[cfg_attr(not(debug_assertions), inline)]
            fn take(&self, number: N, attributes: &[opentelemetry::KeyValue]) {
                self.$method(number, attributes);
            }
        }
    )* };
}

take! { Counter: add; UpDownCounter: add; Gauge: record; Histogram: record; }

/// What all kinds share: the instrument, whose attributes are an `A`.
pub(super) struct Typed<I, A> {
    pub(super) instrument: Arc<Rebound<I>>,
    attributes: PhantomData<fn(&A)>,
}

impl<I: Make, A: MetricAttributes> Typed<I, A> {
    fn new(spec: &'static InstrumentSpec) -> Self {
        Self { instrument: Arc::new(Rebound::new(spec)), attributes: PhantomData }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn record<T: Number>(&self, value: T, attributes: &A, refuse_negative: bool)
    where
        I: Take<T::Exported>,
    {
        let number = match value.exported() {
            Ok(number) if refuse_negative && number.is_negative() => {
                return refused::count(self.instrument.spec.name, Refusal::Negative);
            }
            Ok(number) => number,
            Err(why) => return refused::count(self.instrument.spec.name, why),
        };
        self.instrument.with(|made| {
            if made.is_off() {
                return;
            }
            attributes::with(attributes, |list| made.take(number, list));
        });
    }

    fn bind<T: Number>(&self, attributes: &A, refuse_negative: bool) -> Bound<T>
    where
        I: Take<T::Exported>,
    {
        Bound::new(Arc::clone(&self.instrument), attributes::list(attributes), refuse_negative)
    }
}

impl<I> Made<I> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn is_off(&self) -> bool {
        self.own.is_none() && self.alias.is_none()
    }

    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn take<N: Number>(&self, number: N, list: &[opentelemetry::KeyValue])
    where
        I: Take<N>,
    {
        if let Some(own) = &self.own {
            own.take(number, list);
        }
        if let Some(alias) = &self.alias {
            alias.instrument.take(number.scaled(alias.scale), list);
        }
    }
}

/// Declares one kind.
macro_rules! kind {
    ($(#[$doc:meta])* $kind:ident, $api:ty, [$($bound:tt)*]) => {
        $(#[$doc])*
        pub struct $kind<T: Number, A = ()>(pub(super) Typed<$api, A>, PhantomData<fn(T)>);

        impl<T: Number, A: MetricAttributes> Instrument for $kind<T, A>
        where
            $($bound)*
        {
            fn build(spec: &'static InstrumentSpec) -> Self {
                Self(Typed::new(spec), PhantomData)
            }
        }

        impl<T: Number, A> fmt::Debug for $kind<T, A> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($kind)).field(&self.0.instrument.spec.name).finish()
            }
        }
    };
}

kind! {
    /// A sum that only grows, of `u64` or `f64`. What is negative, NaN or infinite is dropped and [counted](crate::metrics::refused).
    Counter, api::Counter<T>, [api::Counter<T>: Take<T>, T: Number<Exported = T>]
}
kind! {
    /// A sum that grows and shrinks, of `i64` or `f64`.
    UpDownCounter, api::UpDownCounter<T>, [api::UpDownCounter<T>: Take<T>, T: Number<Exported = T>]
}
kind! {
    /// A value of which the last one counts, of `u64`, `i64` or `f64`.
    Gauge, api::Gauge<T>, [api::Gauge<T>: Take<T>, T: Number<Exported = T>]
}
kind! {
    /// A distribution of `u64`, `f64` or [`Duration`], which is exported in seconds.
    Histogram, api::Histogram<T::Exported>, [api::Histogram<T::Exported>: Take<T::Exported>]
}

impl<T: Number<Exported = T>, A: MetricAttributes> Counter<T, A>
where
    api::Counter<T>: Take<T>,
{
    /// Adds to the sum.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn add(&self, value: T, attributes: &A) {
        self.0.record(value, attributes, true);
    }

    /// The same with attributes that are looked up once.
    pub fn bind(&self, attributes: &A) -> Bound<T> {
        self.0.bind(attributes, true)
    }
}

impl<T: Number<Exported = T>, A: MetricAttributes> UpDownCounter<T, A>
where
    api::UpDownCounter<T>: Take<T>,
{
    /// Adds to the sum.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn add(&self, value: T, attributes: &A) {
        self.0.record(value, attributes, false);
    }

    /// The same with attributes that are looked up once.
    pub fn bind(&self, attributes: &A) -> Bound<T> {
        self.0.bind(attributes, false)
    }
}

impl<T: Number<Exported = T>, A: MetricAttributes> Gauge<T, A>
where
    api::Gauge<T>: Take<T>,
{
    /// Replaces the value.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn record(&self, value: T, attributes: &A) {
        self.0.record(value, attributes, false);
    }

    /// The same with attributes that are looked up once.
    pub fn bind(&self, attributes: &A) -> Bound<T> {
        self.0.bind(attributes, false)
    }
}

impl<T: Number, A: MetricAttributes> Histogram<T, A>
where
    api::Histogram<T::Exported>: Take<T::Exported>,
{
    /// Records a value.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn record(&self, value: T, attributes: &A) {
        self.0.record(value, attributes, false);
    }

    /// The same with attributes that are looked up once.
    pub fn bind(&self, attributes: &A) -> Bound<T> {
        self.0.bind(attributes, false)
    }
}

impl<A: MetricAttributes> Histogram<Duration, A> {
    /// Times what lasts until the guard is dropped, and records it once. By a clock that never runs backwards.
    ///
    /// ```
    /// # use wirespan::metrics::{Histogram, Metrics};
    /// # use std::time::Duration;
    /// #[derive(Metrics)]
    /// struct Shop {
    ///     /// How long a checkout takes.
    ///     #[metric(name = "shop.checkout.duration", unit = "s")]
    ///     checkout: Histogram<Duration>,
    /// }
    /// {
    ///     let _timer = Shop::get().checkout.start(());
    /// }
    /// ```
    pub fn start(&self, attributes: A) -> Timer<'_, A> {
        Timer::new(self, attributes)
    }

    /// Records how long it is since the stopwatch was started.
    pub fn record_elapsed(&self, since: &Stopwatch, attributes: &A) {
        self.record(since.elapsed(), attributes);
    }

    /// The stream, which records how long its first item took from now. One that yields none records nothing.
    pub fn first_item<S>(&self, stream: S, attributes: A) -> FirstItem<'_, S, A> {
        FirstItem::new(self, stream, attributes)
    }
}
