//! What the functions' cells hold goes into the SDK's histogram, whenever metrics are collected.
//!
//! An observable instrument that observes nothing has the SDK call us before it looks at the histogram. The SDK takes one measurement
//! at a time, so a function that was called a thousand times costs a thousand calls here, of about 25 ns each: on the thread that
//! collects, and not on those that called. A call in a request with attributes that metrics may have is recorded at once, on the
//! thread that called: cells for each set of attributes would have no bound but the SDK's.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwapOption;
use opentelemetry::metrics::{BoundHistogram, Histogram, Meter};
use opentelemetry::{InstrumentationScope, KeyValue};

use super::cells::{BOUNDS, Cells};
use super::{CLOCK, IS_ON};
use crate::clock::Clock;
use crate::measure_outcome::Outcome;
use crate::metrics::own::specs::FUNCTION_DURATION;

/// The cells of every function that was measured once. No lock, for the child of a process that forks.
static ALL: ArcSwapOption<Vec<&'static Cells>> = ArcSwapOption::const_empty();

/// The histogram of the provider that is installed.
static HISTOGRAM: ArcSwapOption<Histogram<f64>> = ArcSwapOption::const_empty();

/// The values of `wirespan.outcome`, and of `error.type` where it is an error.
const OUTCOMES: [(&str, Option<&str>); 4] =
    [("ok", None), ("error", Some("_OTHER")), ("panic", Some("panic")), ("cancelled", None)];

/// There is a function more.
pub(super) fn add(cells: &'static Cells) {
    ALL.rcu(|all| {
        let mut all = all.as_ref().map_or_else(Vec::new, |all| all.to_vec());
        all.push(cells);
        Some(Arc::new(all))
    });
}

/// The scope of what this crate measures.
pub(crate) fn scope() -> InstrumentationScope {
    InstrumentationScope::builder(env!("CARGO_PKG_NAME")).with_version(env!("CARGO_PKG_VERSION")).build()
}

/// Measures functions for a provider that has just been installed.
pub(crate) fn begin(meter: &Meter) {
    CLOCK.get_or_init(Clock::new);
    // What was measured after the last provider's last collection belongs to none.
    for cells in ALL.load().iter().flat_map(|all| all.iter()) {
        for outcome in 0..OUTCOMES.len() {
            let _of_none = cells.take(outcome);
        }
    }
    let histogram = meter
        .f64_histogram(FUNCTION_DURATION.name)
        .with_unit(FUNCTION_DURATION.unit)
        .with_description(FUNCTION_DURATION.description)
        .with_boundaries(BOUNDS.iter().map(|bound| seconds(*bound)).collect())
        .build();
    HISTOGRAM.store(Some(Arc::new(histogram.clone())));
    let series = Mutex::new(Vec::new());
    let _collected = meter
        .u64_observable_gauge("wirespan.function.collected")
        .with_callback(move |_| {
            // Where another collection is at it, that one's histogram is ours, too.
            if let Ok(mut series) = series.try_lock() {
                replay(&histogram, &mut series);
            }
        })
        .build();
}

/// There is a provider, or none.
pub(crate) fn switch(is_on: bool) {
    IS_ON.store(is_on, Ordering::SeqCst);
}

/// Records a call with attributes of a request.
pub(super) fn record_with(cells: &Cells, outcome: Outcome, nanos: u64, more: &[KeyValue]) {
    let (Some(histogram), Some(outcome)) = (&*HISTOGRAM.load(), OUTCOMES.get(outcome as usize)) else {
        return;
    };
    let mut attributes = attributes(cells, *outcome);
    let own = attributes.len();
    for attribute in more {
        // What the call says itself counts.
        if attributes.iter().take(own).all(|own| own.key != attribute.key) {
            attributes.push(attribute.clone());
        }
    }
    histogram.record(seconds(nanos), &attributes);
}

/// The series of one function.
#[derive(Default)]
struct Series([Option<BoundHistogram<f64>>; OUTCOMES.len()]);

fn replay(histogram: &Histogram<f64>, series: &mut Vec<Series>) {
    let Some(all) = ALL.load_full() else { return };
    series.resize_with(all.len(), Series::default);
    for (cells, series) in all.iter().zip(series) {
        for (index, (bound, outcome)) in series.0.iter_mut().zip(OUTCOMES).enumerate() {
            let Some(taken) = cells.take(index) else { continue };
            taken.durations(|nanos, times| {
                // Bound where there is something to record: what is bound is exported, also when it is empty.
                let bound = bound.get_or_insert_with(|| histogram.bind(&attributes(cells, outcome)));
                let seconds = seconds(nanos);
                for _ in 0..times {
                    bound.record(seconds);
                }
            });
        }
    }
}

fn attributes(cells: &Cells, (outcome, error): (&'static str, Option<&'static str>)) -> Vec<KeyValue> {
    let function = cells.callsite.names(cells.subject).qualified;
    let mut attributes =
        vec![KeyValue::new("code.function.name", function), KeyValue::new("wirespan.outcome", outcome)];
    attributes.extend(error.map(|error| KeyValue::new("error.type", error)));
    attributes
}

/// A bound in nanoseconds becomes the same number as the literal in seconds, since the division is rounded correctly.
#[expect(clippy::cast_precision_loss, reason = "below 104 days every nanosecond is exact")]
fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}
