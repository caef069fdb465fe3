//! The ledger: where every span is, exactly.
//!
//! `started + recovered = acknowledged + rejected + dropped + sampled out + queued + held + spooled + in flight + open`, at any moment.
//!
//! A recording thread has counters of its own ([`ThreadCounts`]), the drain thread counts what it has taken. Whoever delivers
//! changes [`Delivery`] as a whole, so that a span never leaves one place before it is in the next. Spans flow
//! `started → recorded → taken → delivered`, and a reader adds up in the opposite order: a later stage is never seen ahead of an
//! earlier one, so no difference is negative.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::foreign;
use crate::setup::stats::{Dropped, Stats};

/// A counter that one thread writes and any thread reads.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn add(&self, n: u64) {
        // One writer: a load and a store, not a read-modify-write.
        // ORDERING: Release, partner of the Acquire in `get`: who sees this count sees the earlier stages' counts.
        self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(n), Ordering::Release);
    }

    /// For what goes up and down.
    pub(crate) fn set(&self, n: u64) {
        self.0.store(n, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        // ORDERING: Acquire, partner of the Release in `add`.
        self.0.load(Ordering::Acquire)
    }
}

/// What one recording thread counts.
#[derive(Debug, Default)]
pub(crate) struct ThreadCounts {
    pub(crate) started: Count,
    pub(crate) recorded: Count,
    pub(crate) buffer_full: Count,
    pub(crate) depth_limit: Count,
}

/// What tail sampling counts, in spans where nothing else is said. A span that was held is counted as out before it is anything
/// else.
#[derive(Debug, Default)]
pub(crate) struct TailCounts {
    pub(crate) held_in: Count,
    pub(crate) held_out: Count,
    pub(crate) sampled_out: Count,
    /// Traces.
    pub(crate) decided_early: Count,
    pub(crate) held_bytes: Count,
}

#[derive(Debug, Default)]
struct Threads {
    live: Vec<Arc<ThreadCounts>>,
    retired: ThreadCounts,
}

/// What became of spans that the drain thread has taken, or that were found on disk. They are `in flight` until they are here.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Delivery {
    pub(crate) acknowledged: u64,
    pub(crate) rejected: u64,
    pub(crate) export_failed: u64,
    pub(crate) exporter_panicked: u64,
    pub(crate) too_large: u64,
    /// On disk now, and not in a request that is on its way.
    pub(crate) spooled: u64,
    /// Found on disk, from another process: they come in addition to what was taken.
    pub(crate) recovered: u64,
    pub(crate) spool_full: u64,
    pub(crate) spool_expired: u64,
    pub(crate) spool_corrupt: u64,
    /// Not spans: the bytes of the spool.
    pub(crate) spool_bytes: u64,
    /// Not a place: spans that were sent again although the receiver may have them.
    pub(crate) maybe_duplicated: u64,
}

impl Delivery {
    fn sum(&self) -> u64 {
        self.acknowledged
            + self.rejected
            + self.export_failed
            + self.exporter_panicked
            + self.too_large
            + self.spooled
            + self.spool_full
            + self.spool_expired
            + self.spool_corrupt
    }
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    threads: Mutex<Threads>,
    /// Ended where the thread's own state was already gone; many writers, so real additions.
    thread_gone: AtomicU64,
    closed: AtomicBool,
    /// What was added to spans through handles, and came too late; many writers.
    late_additions: AtomicU64,
    pub(crate) taken: Count,
    pub(crate) tail: TailCounts,
    delivery: Mutex<Delivery>,
    /// Flushes and shutdowns of the exporter that failed or panicked: no spans, so not in the balance.
    pub(crate) exit_failures: Count,
}

impl Ledger {
    /// Counters for a thread that records its first span.
    pub(crate) fn register(&self) -> Arc<ThreadCounts> {
        let counts = Arc::new(ThreadCounts::default());
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).live.push(Arc::clone(&counts));
        counts
    }

    /// Keeps what a thread that ends has counted.
    pub(crate) fn retire(&self, counts: &Arc<ThreadCounts>) {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.live.retain(|live| !Arc::ptr_eq(live, counts));
        threads.retired.started.add(counts.started.get());
        threads.retired.recorded.add(counts.recorded.get());
        threads.retired.buffer_full.add(counts.buffer_full.get());
        threads.retired.depth_limit.add(counts.depth_limit.get());
    }

    /// A span ended on a thread whose state was already destroyed.
    pub(crate) fn dropped_on_exiting_thread(&self) {
        self.thread_gone.fetch_add(1, Ordering::Release);
    }

    /// Something was added through a handle to a span that had ended, or had no room left.
    pub(crate) fn added_too_late(&self) {
        self.late_additions.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes down what became of spans. `change` must be short: whoever asks for the books waits for it.
    pub(crate) fn deliver(&self, change: impl FnOnce(&mut Delivery)) {
        change(&mut self.delivery.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// From now on what is open or queued counts as dropped: nobody will deliver it any more.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// The state of the books, later stages read first.
    pub(crate) fn stats(&self, foreign: &foreign::Queue) -> Stats {
        let closed = self.closed.load(Ordering::Acquire);
        let delivery = *self.delivery.lock().unwrap_or_else(PoisonError::into_inner);
        let sampled_out = self.tail.sampled_out.get();
        let held_out = self.tail.held_out.get();
        let mut held = self.tail.held_in.get().saturating_sub(held_out);
        let taken = self.taken.get();
        // One count is both its start and its end.
        let (foreign_recorded, foreign_dropped) = (foreign.recorded(), foreign.dropped());
        let thread_gone = self.thread_gone.load(Ordering::Acquire);
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |of: fn(&ThreadCounts) -> &Count| {
            threads.live.iter().map(|t| of(t).get()).sum::<u64>() + of(&threads.retired).get()
        };
        let recorded = sum(|t| &t.recorded) + foreign_recorded;
        let buffer_full = sum(|t| &t.buffer_full) + foreign_dropped;
        let depth_limit = sum(|t| &t.depth_limit);
        let started = sum(|t| &t.started) + foreign_recorded + foreign_dropped;
        drop(threads);

        let mut open = started.saturating_sub(recorded + buffer_full + depth_limit + thread_gone);
        let mut queued = recorded.saturating_sub(taken);
        let mut in_flight = (taken + delivery.recovered).saturating_sub(delivery.sum() + sampled_out + held);
        let mut shutdown = 0;
        if closed {
            shutdown = open + queued + in_flight + held;
            (open, queued, in_flight, held) = (0, 0, 0, 0);
        }
        Stats {
            started,
            recovered: delivery.recovered,
            open,
            queued,
            in_flight,
            held,
            held_bytes: self.tail.held_bytes.get(),
            decided_early: self.tail.decided_early.get(),
            sampled_out,
            spooled: delivery.spooled,
            acknowledged: delivery.acknowledged,
            rejected: delivery.rejected,
            maybe_duplicated: delivery.maybe_duplicated,
            spool_bytes: delivery.spool_bytes,
            dropped: Dropped {
                buffer_full,
                depth_limit,
                thread_gone,
                too_large: delivery.too_large,
                export_failed: delivery.export_failed,
                exporter_panicked: delivery.exporter_panicked,
                spool_full: delivery.spool_full,
                spool_expired: delivery.spool_expired,
                spool_corrupt: delivery.spool_corrupt,
                shutdown,
            },
            sampler_panicked: 0,
            late_additions: self.late_additions.load(Ordering::Relaxed),
            #[cfg(feature = "logs")]
            logs: crate::logs::LogStats::default(),
        }
    }
}
