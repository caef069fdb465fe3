//! What may be recorded, and how it becomes a number of the SDK's. What is not a measurement is refused: NaN, infinities, and what
//! would take a counter back.

use std::time::Duration;

use opentelemetry::metrics as api;
use opentelemetry::metrics::Meter;

use super::refused::Refusal;
use super::spec::InstrumentSpec;

mod sealed {
    pub trait Sealed {}
    impl Sealed for u64 {}
    impl Sealed for i64 {}
    impl Sealed for f64 {}
    impl Sealed for std::time::Duration {}
}

/// A type of value that instruments record: `u64`, `i64`, `f64`, or for histograms `Duration`.
pub trait Number: sealed::Sealed + Copy + Send + Sync + 'static {
    /// The number that is exported.
    type Exported: Number<Exported = Self::Exported>;

    #[doc(hidden)]
    fn exported(self) -> Result<Self::Exported, Refusal>;

    /// So many of another unit.
    #[doc(hidden)]
    fn scaled(self, scale: f64) -> Self;

    #[doc(hidden)]
    fn is_negative(self) -> bool;
}

impl Number for f64 {
    type Exported = Self;

    #[cfg_attr(not(debug_assertions), inline)]
    fn exported(self) -> Result<Self, Refusal> {
        if self.is_finite() {
            Ok(self)
        } else if self.is_nan() {
            Err(Refusal::NotANumber)
        } else {
            Err(Refusal::Infinite)
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn scaled(self, scale: f64) -> Self {
        self * scale
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn is_negative(self) -> bool {
        self < 0.0
    }
}

impl Number for u64 {
    type Exported = Self;

    #[cfg_attr(not(debug_assertions), inline)]
    fn exported(self) -> Result<Self, Refusal> {
        Ok(self)
    }

    #[cfg_attr(not(debug_assertions), inline)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the scale is 1 or a power of ten that the macro knows"
    )]
    fn scaled(self, scale: f64) -> Self {
        self.saturating_mul(scale as u64)
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn is_negative(self) -> bool {
        false
    }
}

impl Number for i64 {
    type Exported = Self;

    #[cfg_attr(not(debug_assertions), inline)]
    fn exported(self) -> Result<Self, Refusal> {
        Ok(self)
    }

    #[cfg_attr(not(debug_assertions), inline)]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the scale is 1 or a power of ten that the macro knows"
    )]
    fn scaled(self, scale: f64) -> Self {
        self.saturating_mul(scale as i64)
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn is_negative(self) -> bool {
        self < 0
    }
}

/// Exported as seconds.
impl Number for Duration {
    type Exported = f64;

    #[cfg_attr(not(debug_assertions), inline)]
    fn exported(self) -> Result<f64, Refusal> {
        Ok(self.as_secs_f64())
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn scaled(self, scale: f64) -> Self {
        self.mul_f64(scale)
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn is_negative(self) -> bool {
        false
    }
}

/// A kind of instrument of the SDK's with its number.
pub trait Make: Sized + Clone + Send + Sync + 'static {
    /// Makes it.
    #[doc(hidden)]
    fn make(meter: &Meter, name: &'static str, unit: &'static str, spec: &InstrumentSpec) -> Self;
}

macro_rules! make {
    ($($instrument:ident<$number:ty>: $method:ident,)*) => { $(
        impl Make for api::$instrument<$number> {
            fn make(meter: &Meter, name: &'static str, unit: &'static str, spec: &InstrumentSpec) -> Self {
                meter.$method(name).with_unit(unit).with_description(spec.description).build()
            }
        }
    )* };
}

make! {
    Counter<u64>: u64_counter,
    Counter<f64>: f64_counter,
    UpDownCounter<i64>: i64_up_down_counter,
    UpDownCounter<f64>: f64_up_down_counter,
    Gauge<u64>: u64_gauge,
    Gauge<i64>: i64_gauge,
    Gauge<f64>: f64_gauge,
}

macro_rules! make_histogram {
    ($($number:ty: $method:ident,)*) => { $(
        impl Make for api::Histogram<$number> {
            fn make(meter: &Meter, name: &'static str, unit: &'static str, spec: &InstrumentSpec) -> Self {
                let builder = meter.$method(name).with_unit(unit).with_description(spec.description);
                match spec.bounds_in(unit) {
                    Some(bounds) => builder.with_boundaries(bounds).build(),
                    None => builder.build(),
                }
            }
        }
    )* };
}

make_histogram! {
    u64: u64_histogram,
    f64: f64_histogram,
}

impl InstrumentSpec {
    /// The bounds of the buckets where the instrument is registered in `unit`: its own, or its alias's.
    fn bounds_in(&self, unit: &str) -> Option<Vec<f64>> {
        let bounds = match self.bounds {
            [] => super::buckets::of_unit(self.unit)?,
            bounds => bounds,
        };
        let scale = match &self.alias {
            Some(alias) if alias.unit == unit && unit != self.unit => alias.scale,
            _ => 1.0,
        };
        Some(bounds.iter().map(|bound| bound * scale).collect())
    }
}
