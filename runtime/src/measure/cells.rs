//! What is known of a function's calls since metrics were last collected: for each outcome, how many there were in each bucket and
//! how long they took together.
//!
//! ```text
//! Site (in the call site) ──▶ Cells of its first instance ──▶ of its next ──▶ …
//!                               └ for each outcome, once there was one: 4 shards of 21 buckets
//! ```
//!
//! A generic function has cells for each of its instances, since those have names of their own. A thread writes to one shard, so that
//! threads meet rarely. The sum is added before the count, and taken after it: what has been counted is always in the sum. A call
//! between the two readings adds to a sum that the next collection counts.

use std::cell::Cell;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::callsite::{Callsite, Subject};
use crate::measure_outcome::Outcome;

use super::replay;

/// The bounds of the buckets in nanoseconds, from a microsecond to five minutes.
pub(super) const BOUNDS: [u64; 20] = [
    1_000,
    10_000,
    100_000,
    500_000,
    1_000_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    10_000_000_000,
    30_000_000_000,
    60_000_000_000,
    120_000_000_000,
    300_000_000_000,
];

const BUCKETS: usize = BOUNDS.len() + 1;
const SHARDS: usize = 4;
const OUTCOMES: usize = 4;

/// Part of a measured function's call site.
#[derive(Debug, Default)]
pub struct Site {
    first: OnceLock<Box<Cells>>,
}

impl Site {
    /// Of a function that was not called yet.
    pub const fn new() -> Self {
        Self { first: OnceLock::new() }
    }

    /// The cells of one instance of the function.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn cells(&'static self, callsite: &'static Callsite, subject: Subject) -> &'static Cells {
        match self.first.get() {
            Some(cells) if std::ptr::fn_addr_eq(cells.subject, subject) => cells,
            _ => find(&self.first, callsite, subject),
        }
    }
}

#[cold]
#[inline(never)]
fn find(
    mut slot: &'static OnceLock<Box<Cells>>,
    callsite: &'static Callsite,
    subject: Subject,
) -> &'static Cells {
    loop {
        let mut is_new = false;
        let cells: &'static Cells = slot.get_or_init(|| {
            is_new = true;
            Box::new(Cells { callsite, subject, outcomes: Default::default(), next: OnceLock::new() })
        });
        if is_new {
            replay::add(cells);
        }
        // One type can have two addresses; then two cells have one name, and add up to one series.
        if std::ptr::fn_addr_eq(cells.subject, subject) {
            return cells;
        }
        slot = &cells.next;
    }
}

/// See the module's documentation.
pub(crate) struct Cells {
    pub(super) callsite: &'static Callsite,
    pub(super) subject: Subject,
    outcomes: [OnceLock<Box<[Shard; SHARDS]>>; OUTCOMES],
    next: OnceLock<Box<Cells>>,
}

/// What some of the threads have measured.
#[repr(align(128))]
#[derive(Default)]
struct Shard {
    buckets: [Bucket; BUCKETS],
    /// Nanoseconds, inverted, so that zero is none.
    shortest: AtomicU64,
    longest: AtomicU64,
}

#[derive(Default)]
struct Bucket {
    calls: AtomicU64,
    nanos: AtomicU64,
}

thread_local! {
    /// Which shard this thread writes to; `SHARDS` before it is known.
    static SHARD: Cell<usize> = const { Cell::new(SHARDS) };
}

#[cfg_attr(not(debug_assertions), inline)]
fn shard() -> usize {
    match SHARD.try_with(Cell::get) {
        Ok(shard) if shard < SHARDS => shard,
        _ => next_shard(),
    }
}

#[cold]
fn next_shard() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let shard = NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS;
    let _ = SHARD.try_with(|own| own.set(shard));
    shard
}

impl Cells {
    /// Counts a call.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn record(&self, outcome: Outcome, nanos: u64) {
        let Some(slot) = self.outcomes.get(outcome as usize) else { return };
        let shards = match slot.get() {
            Some(shards) => shards,
            None => slot.get_or_init(Box::default),
        };
        if let Some(shard) = shards.get(shard()) {
            shard.add(nanos);
        }
    }

    /// Takes what was measured of one outcome since it was taken last.
    pub(super) fn take(&self, outcome: usize) -> Option<Taken> {
        let shards = self.outcomes.get(outcome)?.get()?;
        let mut taken = Taken::default();
        for shard in shards.iter() {
            shard.take(&mut taken);
        }
        Some(taken)
    }
}

impl Shard {
    #[cfg_attr(not(debug_assertions), inline)]
    fn add(&self, nanos: u64) {
        // Most functions are short: the first bounds decide.
        let index = BOUNDS.iter().position(|bound| nanos <= *bound).unwrap_or(BUCKETS - 1);
        let Some(bucket) = self.buckets.get(index) else { return };
        bucket.nanos.fetch_add(nanos, Ordering::Relaxed);
        // ORDERING: pairs with `take`, which finds the sum of each call that it finds counted.
        bucket.calls.fetch_add(1, Ordering::Release);
        if !nanos > self.shortest.load(Ordering::Relaxed) {
            self.shortest.fetch_max(!nanos, Ordering::Relaxed);
        }
        if nanos > self.longest.load(Ordering::Relaxed) {
            self.longest.fetch_max(nanos, Ordering::Relaxed);
        }
    }

    fn take(&self, taken: &mut Taken) {
        for (index, (bucket, into)) in self.buckets.iter().zip(&mut taken.buckets).enumerate() {
            // ORDERING: pairs with `add`.
            let calls = bucket.calls.swap(0, Ordering::Acquire);
            if calls == 0 {
                continue;
            }
            // What is over the bucket's bound is of calls that are not counted yet.
            let nanos = bucket.nanos.swap(0, Ordering::Relaxed);
            let most = BOUNDS.get(index).map_or(u64::MAX, |bound| bound.saturating_mul(calls));
            if nanos > most {
                bucket.nanos.fetch_add(nanos - most, Ordering::Relaxed);
            }
            into.0 += calls;
            into.1 = into.1.saturating_add(nanos.min(most));
        }
        let (shortest, longest) =
            (self.shortest.swap(0, Ordering::Relaxed), self.longest.swap(0, Ordering::Relaxed));
        taken.shortest = taken.shortest.max(shortest);
        taken.longest = taken.longest.max(longest);
    }
}

/// What was taken: calls and nanoseconds of each bucket, and the two extremes.
#[derive(Default)]
pub(super) struct Taken {
    buckets: [(u64, u64); BUCKETS],
    shortest: u64,
    longest: u64,
}

impl Taken {
    /// Durations in nanoseconds, each so many times, that are as many in each bucket as were measured, and as long together. The
    /// shortest and the longest are what was measured.
    pub(super) fn durations(&self, mut each: impl FnMut(u64, u64)) {
        let first = self.buckets.iter().position(|(calls, _)| *calls > 0);
        let last = self.buckets.iter().rposition(|(calls, _)| *calls > 0);
        let bounds = |index: usize| {
            let low = index.checked_sub(1).and_then(|below| BOUNDS.get(below)).map_or(0, |below| below + 1);
            (low, BOUNDS.get(index).copied().unwrap_or(u64::MAX))
        };
        for (index, &(calls, nanos)) in self.buckets.iter().enumerate() {
            let (low, high) = bounds(index);
            let (mut calls, mut nanos) = (calls, nanos);
            // An extreme stands for one call, where the others can make up for it within the bucket.
            let extremes = [(first, !self.shortest), (last, self.longest)];
            for (_, extreme) in extremes.into_iter().filter(|(at, _)| *at == Some(index)) {
                let rest = nanos.saturating_sub(extreme);
                let others = calls.saturating_sub(1);
                if others > 0 && (low..=high).contains(&extreme) && (low..=high).contains(&(rest / others)) {
                    each(extreme, 1);
                    (calls, nanos) = (others, rest);
                }
            }
            if calls == 0 {
                continue;
            }
            // Whole nanoseconds: some calls take the remainder.
            let (mean, more) = ((nanos / calls).clamp(low, high), nanos % calls);
            let more = if mean >= high || mean != nanos / calls { 0 } else { more };
            each(mean, calls - more);
            if more > 0 {
                each(mean + 1, more);
            }
        }
    }
}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cells").field("function", &(self.subject)()).finish_non_exhaustive()
    }
}
