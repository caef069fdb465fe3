//! What the ledger says, as numbers for people and programs.

use std::fmt;

/// Where every span is that was started since `install`.
///
/// `started + recovered = acknowledged + rejected + dropped.total() + sampled_out + queued + held + spooled + in_flight + open`, at any
/// moment, exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Spans that were started and sampled.
    pub started: u64,
    /// Spans of an earlier process, or of one that was killed, that were found in the spool.
    pub recovered: u64,
    /// Spans that have not ended yet.
    pub open: u64,
    /// Spans that ended and wait in a buffer.
    pub queued: u64,
    /// Spans that the exporter is working on, or holds in memory until it can try again.
    pub in_flight: u64,
    /// Spans that wait for the end of their trace, to be kept or not.
    pub held: u64,
    /// Spans that were not kept when their trace was over: no loss, but what tail sampling is for.
    pub sampled_out: u64,
    /// Spans that are kept on disk, and delivered later or by the next process.
    pub spooled: u64,
    /// Spans that the exporter delivered.
    pub acknowledged: u64,
    /// Spans that the receiver refused one by one.
    pub rejected: u64,
    /// Spans that were lost.
    pub dropped: Dropped,
    /// Traces that were not recorded because the sampler panicked: their spans were never started, so they are not in the
    /// balance.
    pub sampler_panicked: u64,
    /// `record!(on: …)` and `event!(on: …)` that were left out: their span had ended, or its budget was used up while several
    /// added at once. No spans, so not in the balance.
    pub late_additions: u64,
    /// Bytes that held spans take.
    pub held_bytes: u64,
    /// Traces that were kept before they were over: the bound on bytes or on age was reached.
    pub decided_early: u64,
    /// Spans that were sent again after an attempt that may have arrived: an answer that did not come, say. They stand in one of
    /// the places above, too; the receiver may have them twice.
    pub maybe_duplicated: u64,
    /// Bytes that the spool takes on disk.
    pub spool_bytes: u64,
    /// Where log records are. They are not in the balance, which is of spans.
    #[cfg(feature = "logs")]
    pub logs: crate::logs::LogStats,
}

impl Stats {
    /// Spans that were lost, for whatever reason.
    pub fn dropped(&self) -> u64 {
        self.dropped.total()
    }

    /// Whether the books balance: every started span is in exactly one place.
    pub fn is_balanced(&self) -> bool {
        self.started + self.recovered
            == self.acknowledged
                + self.rejected
                + self.dropped()
                + self.sampled_out
                + self.queued
                + self.held
                + self.spooled
                + self.in_flight
                + self.open
    }

    /// Spans that are not delivered and not lost.
    pub fn pending(&self) -> u64 {
        self.open + self.queued + self.held + self.spooled + self.in_flight
    }
}

/// Spans that were lost, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// The buffer was at its bound; the newest span is dropped, the caller never waits.
    pub buffer_full: u64,
    /// 4,096 spans were entered on the thread already, in a recursion, say: the function ran, and was not recorded.
    pub depth_limit: u64,
    /// The span ended while its thread's state was already destroyed.
    pub thread_gone: u64,
    /// The span is larger than a request may be, also without its largest attributes.
    pub too_large: u64,
    /// The exporter returned an error, or the receiver refused the request for good.
    pub export_failed: u64,
    /// The exporter panicked.
    pub exporter_panicked: u64,
    /// The spool was at its bound.
    pub spool_full: u64,
    /// The span was longer in the spool than it is worth.
    pub spool_expired: u64,
    /// The file that held the span is damaged.
    pub spool_corrupt: u64,
    /// The span was still open, or not delivered, when the pipeline was shut down.
    pub shutdown: u64,
}

impl Dropped {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.by_reason().iter().map(|(_, count)| count).sum()
    }

    /// Reason and count, in a fixed order.
    pub fn by_reason(&self) -> [(&'static str, u64); 10] {
        [
            ("buffer_full", self.buffer_full),
            ("depth_limit", self.depth_limit),
            ("thread_gone", self.thread_gone),
            ("too_large", self.too_large),
            ("export_failed", self.export_failed),
            ("exporter_panicked", self.exporter_panicked),
            ("spool_full", self.spool_full),
            ("spool_expired", self.spool_expired),
            ("spool_corrupt", self.spool_corrupt),
            ("shutdown", self.shutdown),
        ]
    }

    fn since(&self, earlier: &Self) -> Self {
        // A loss may be taken back: what is delivered after a shutdown's time was over.
        Self {
            buffer_full: self.buffer_full.saturating_sub(earlier.buffer_full),
            depth_limit: self.depth_limit.saturating_sub(earlier.depth_limit),
            thread_gone: self.thread_gone.saturating_sub(earlier.thread_gone),
            too_large: self.too_large.saturating_sub(earlier.too_large),
            export_failed: self.export_failed.saturating_sub(earlier.export_failed),
            exporter_panicked: self.exporter_panicked.saturating_sub(earlier.exporter_panicked),
            spool_full: self.spool_full.saturating_sub(earlier.spool_full),
            spool_expired: self.spool_expired.saturating_sub(earlier.spool_expired),
            spool_corrupt: self.spool_corrupt.saturating_sub(earlier.spool_corrupt),
            shutdown: self.shutdown.saturating_sub(earlier.shutdown),
        }
    }
}

/// What a flush or a shutdown did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Spans delivered since the last report.
    pub delivered: u64,
    /// Spans that the receiver refused one by one since the last report.
    pub rejected: u64,
    /// Spans lost since the last report, by reason.
    pub dropped: Dropped,
    /// Spans that tail sampling did not keep, since the last report: no loss.
    pub sampled_out: u64,
    /// Spans that wait for the end of their trace.
    pub held: u64,
    /// Spans that are safe on disk, and delivered later or by the next process.
    pub spooled: u64,
    /// Spans that have ended and are neither delivered nor on disk.
    pub pending: u64,
    /// Spans that have not ended: no flush can deliver them.
    pub open: u64,
}

impl Report {
    pub(crate) fn between(earlier: &Stats, now: &Stats) -> Self {
        Self {
            delivered: now.acknowledged.saturating_sub(earlier.acknowledged),
            rejected: now.rejected.saturating_sub(earlier.rejected),
            dropped: now.dropped.since(&earlier.dropped),
            sampled_out: now.sampled_out.saturating_sub(earlier.sampled_out),
            held: now.held,
            spooled: now.spooled,
            pending: now.queued + now.in_flight,
            open: now.open,
        }
    }

    /// Spans that no one will see, since the last report: dropped or refused.
    pub fn lost(&self) -> u64 {
        self.dropped.total() + self.rejected
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} delivered, {} dropped", self.delivered, self.dropped.total())?;
        let mut reasons = self.dropped.by_reason().into_iter().filter(|(_, count)| *count > 0).peekable();
        if reasons.peek().is_some() {
            let list: Vec<String> = reasons.map(|(reason, count)| format!("{reason}: {count}")).collect();
            write!(f, " ({})", list.join(", "))?;
        }
        if self.sampled_out > 0 {
            write!(f, ", {} sampled out", self.sampled_out)?;
        }
        if self.held > 0 {
            write!(f, ", {} held", self.held)?;
        }
        if self.rejected > 0 {
            write!(f, ", {} rejected by the receiver", self.rejected)?;
        }
        if self.spooled > 0 {
            write!(f, ", {} on disk", self.spooled)?;
        }
        write!(f, ", {} pending, {} open", self.pending, self.open)
    }
}
