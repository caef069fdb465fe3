//! `#[traced(metrics)]`: how long each call of a function takes, and how it ends, in one histogram.
//!
//! A call that is a span brings its own two readings of the clock, and is measured where that span is published. One that is none (not
//! sampled, left out by a filter, telemetry for spans off) has a [`Timer`], which reads the clock itself. Both end in the function's
//! [`cells`]: a few atomic additions. The SDK's histogram would take 25 ns for the same, and more where threads meet at its lock
//! (BENCHMARKS.md), so it gets what the cells hold when metrics are collected (`replay`).
//!
//! Nothing is measured while no provider of metrics is installed: that costs one load.

mod cells;
pub(crate) mod replay;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::{Context, KeyValue};

use crate::callsite::{Callsite, Subject};
use crate::clock::Clock;
use crate::context;
use crate::measure_outcome::Outcome;
use crate::span::Core;

pub(crate) use cells::Cells;
pub use cells::Site;

/// Whether there is a provider of metrics.
static IS_ON: AtomicBool = AtomicBool::new(false);

/// The clock of calls that are no spans.
static CLOCK: OnceLock<Clock> = OnceLock::new();

/// A call that is measured and is no span. Dropped without [`end`](Self::end), it was cancelled.
pub(crate) struct Timer {
    cells: &'static Cells,
    start: u64,
}

impl Timer {
    /// From now, if the function is measured and anybody wants to know.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn start(callsite: &'static Callsite, subject: Subject) -> Option<Self> {
        let site = callsite.measured?;
        if !IS_ON.load(Ordering::Relaxed) {
            return None;
        }
        let cells = site.cells(callsite, subject);
        Some(Self { cells, start: CLOCK.get()?.ticks() })
    }

    /// The call has ended.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn end(self, outcome: Outcome) {
        ManuallyDrop::new(self).record(outcome);
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn record(&self, outcome: Outcome) {
        if let Some(clock) = CLOCK.get() {
            let end = clock.ticks_after(self.start);
            record_call(self.cells, outcome, clock.nanos_between(self.start, end), None);
        }
    }
}

impl Drop for Timer {
    #[cold]
    fn drop(&mut self) {
        self.record(Outcome::Cancelled);
    }
}

/// A [`Timer`] that takes one word, in a box that the thread uses again. Dropped without [`end`](Self::end), as the timer.
pub(crate) struct Kept(Option<Box<Option<Timer>>>);

/// Boxes that a thread keeps for the next timers.
const SPARES: usize = 64;

thread_local! {
    // What is in them is gone before they come here.
    #[expect(clippy::vec_box, reason = "the boxes themselves are what is kept")]
    static SPARE: RefCell<Vec<Box<Option<Timer>>>> = const { RefCell::new(Vec::new()) };
}

impl Kept {
    pub(crate) fn new(timer: Timer) -> Self {
        let spare = SPARE.try_with(|spare| spare.borrow_mut().pop());
        let mut kept = spare.ok().flatten().unwrap_or_default();
        *kept = Some(timer);
        Self(Some(kept))
    }

    /// The call has ended.
    pub(crate) fn end(mut self, outcome: Outcome) {
        if let Some(timer) = self.0.as_mut().and_then(|kept| kept.take()) {
            timer.end(outcome);
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let Some(mut kept) = self.0.take() else { return };
        drop(kept.take());
        // A thread that ends has no use for it.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < SPARES {
                spare.push(kept);
            }
        });
    }
}

/// A span of a measured function has ended, in that `Context`, or the current one. Its record has both times where it is published,
/// else only the first.
#[inline(never)]
pub(crate) fn ended(core: &Core, site: &'static Site, outcome: Outcome, context: Option<&Context>) {
    if !IS_ON.load(Ordering::Relaxed) {
        return;
    }
    let (record, clock) = (&core.record, &core.recorder.clock);
    let end = if record.end == 0 { clock.ticks_after(record.start) } else { record.end };
    let cells = site.cells(record.callsite, record.subject);
    record_call(cells, outcome, clock.nanos_between(record.start, end), context);
}

#[cfg_attr(not(debug_assertions), inline)]
fn record_call(cells: &'static Cells, outcome: Outcome, nanos: u64, context: Option<&Context>) {
    if context::reaches_metrics() {
        record_in_request(cells, outcome, nanos, context);
    } else {
        cells.record(outcome, nanos);
    }
}

/// The same, where requests have attributes that metrics may have.
#[cold]
#[inline(never)]
fn record_in_request(cells: &'static Cells, outcome: Outcome, nanos: u64, context: Option<&Context>) {
    let record = |more: &[KeyValue]| {
        if more.is_empty() {
            cells.record(outcome, nanos);
        } else {
            replay::record_with(cells, outcome, nanos, more);
        }
    };
    match context {
        Some(context) => context::for_metrics_in(context, record),
        None => context::for_metrics(record),
    }
}
