//! Measurements that were refused: dropped where they were made, counted here, and never mixed into a sum.
//!
//! The count is a metric, too: `wirespan.metrics.refused`, with the instrument's name and the reason.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::Value;

use super::attributes::{AttributeSet, MetricAttributes};
use super::instrument::{Counter, Instrument as _};
use crate::metrics::current;
use crate::metrics::own::specs;

/// Why a value is no measurement.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotANumber,
    Infinite,
    /// Of a counter.
    Negative,
}

impl Refusal {
    fn as_str(self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::Infinite => "infinite",
            Self::Negative => "negative",
        }
    }
}

static COUNT: AtomicU64 = AtomicU64::new(0);

/// How many measurements of typed instruments this process has refused: NaN, infinities, and negative additions to a counter.
pub fn refused() -> u64 {
    COUNT.load(Ordering::Relaxed)
}

static COUNTER: LazyLock<Counter<u64, Refused>> = LazyLock::new(|| Counter::build(&specs::REFUSED));

struct Refused {
    instrument: &'static str,
    why: Refusal,
}

impl MetricAttributes for Refused {
    fn write(&self, out: &mut AttributeSet<'_>) {
        out.push("wirespan.instrument", Value::from(self.instrument));
        out.push("wirespan.reason", Value::from(self.why.as_str()));
    }
}

#[cold]
#[inline(never)]
pub(super) fn count(instrument: &'static str, why: Refusal) {
    COUNT.fetch_add(1, Ordering::Relaxed);
    if why != Refusal::Negative {
        current::count_not_finite();
    }
    COUNTER.add(1, &Refused { instrument, why });
}
