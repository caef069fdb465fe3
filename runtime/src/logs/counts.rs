//! Where every log record is: counted where it happens, so that what is lost is known.

use std::sync::atomic::{AtomicU64, Ordering};

/// Where every log record is that was made since `install`.
///
/// `created = exported + rejected + export_failed + queue_full + queued`, at any moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogStats {
    /// Records that were made and not left out by the filter.
    pub created: u64,
    /// Records that wait, or are being sent.
    pub queued: u64,
    /// Records that the exporter delivered.
    pub exported: u64,
    /// Records that the receiver refused one by one.
    pub rejected: u64,
    /// Records that could not be delivered: the exporter returned an error, or panicked.
    pub export_failed: u64,
    /// Records that found the queue full.
    pub queue_full: u64,
}

impl LogStats {
    /// Records that were lost, for whatever reason.
    pub fn lost(&self) -> u64 {
        self.rejected + self.export_failed + self.queue_full
    }

    /// What was lost, in words.
    pub(super) fn lost_since(&self, earlier: &Self) -> Option<String> {
        let reasons = [
            ("queue_full", self.queue_full - earlier.queue_full),
            ("export_failed", self.export_failed - earlier.export_failed),
            ("rejected", self.rejected - earlier.rejected),
        ];
        let all: u64 = reasons.iter().map(|(_, count)| count).sum();
        let reasons = reasons.iter().filter(|(_, count)| *count > 0);
        let list: Vec<_> = reasons.map(|(reason, count)| format!("{reason}: {count}")).collect();
        (all > 0).then(|| format!("{all} records are lost ({})", list.join(", ")))
    }
}

/// The counters of one installed provider.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    created: AtomicU64,
    exported: AtomicU64,
    rejected: AtomicU64,
    export_failed: AtomicU64,
    queue_full: AtomicU64,
    /// What the queue and the exporter hold.
    waiting: AtomicU64,
}

impl Counts {
    /// A record was made. Whether it may wait with so many others at most; if not, it is lost.
    pub(super) fn admit(&self, most: u64) -> bool {
        self.created.fetch_add(1, Ordering::Relaxed);
        let more = |waiting| (waiting < most).then_some(waiting + 1);
        let admitted = self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok();
        if !admitted {
            // ORDERING: this and those below pair with `stats`: who sees a record's end has seen its beginning.
            self.queue_full.fetch_add(1, Ordering::Release);
        }
        admitted
    }

    /// So many records were delivered, of which the receiver rejected some.
    pub(super) fn delivered(&self, records: u64, rejected: u64) {
        self.exported.fetch_add(records - rejected, Ordering::Release);
        self.rejected.fetch_add(rejected, Ordering::Release);
        self.waiting.fetch_sub(records, Ordering::Relaxed);
    }

    /// So many records were not.
    pub(super) fn failed(&self, records: u64) {
        self.export_failed.fetch_add(records, Ordering::Release);
        self.waiting.fetch_sub(records, Ordering::Relaxed);
    }

    pub(crate) fn stats(&self) -> LogStats {
        let ended = |count: &AtomicU64| count.load(Ordering::Acquire);
        let mut stats = LogStats {
            created: 0,
            queued: 0,
            exported: ended(&self.exported),
            rejected: ended(&self.rejected),
            export_failed: ended(&self.export_failed),
            queue_full: ended(&self.queue_full),
        };
        // Read last, so that the difference is never negative.
        stats.created = self.created.load(Ordering::Relaxed);
        stats.queued = stats.created.saturating_sub(stats.exported + stats.lost());
        stats
    }
}
