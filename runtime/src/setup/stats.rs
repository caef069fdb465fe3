//! What the ledger says, as numbers for people and programs.

use std::fmt;

/// Where every span is that was started since `install`.
///
/// `started = acknowledged + rejected + dropped.total() + sampled_out + queued + held + in_flight + open`, at any moment, exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Spans that were started and sampled.
    pub started: u64,
    /// Spans that have not ended yet.
    pub open: u64,
    /// Spans that ended and wait in a buffer.
    pub queued: u64,
    /// Spans that the exporter is working on.
    pub in_flight: u64,
    /// Spans that wait for the end of their trace, to be kept or not.
    pub held: u64,
    /// Spans that were not kept when their trace was over: no loss, but what tail sampling is for.
    pub sampled_out: u64,
    /// Spans that the exporter delivered.
    pub acknowledged: u64,
    /// Spans that the receiver refused one by one.
    pub rejected: u64,
    /// Spans that were lost.
    pub dropped: Dropped,
    /// Traces that were not recorded because the sampler panicked: their spans were never started, so they are not in the
    /// balance.
    pub sampler_panicked: u64,
    /// Bytes that held spans take.
    pub held_bytes: u64,
    /// Traces that were kept before they were over: the bound on bytes or on age was reached.
    pub decided_early: u64,
}

impl Stats {
    /// Spans that were lost, for whatever reason.
    pub fn dropped(&self) -> u64 {
        self.dropped.total()
    }

    /// Whether the books balance: every started span is in exactly one place.
    pub fn is_balanced(&self) -> bool {
        self.started
            == self.acknowledged
                + self.rejected
                + self.dropped()
                + self.sampled_out
                + self.queued
                + self.held
                + self.in_flight
                + self.open
    }

    /// Spans that are not delivered and not lost.
    pub fn pending(&self) -> u64 {
        self.open + self.queued + self.held + self.in_flight
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
    /// The exporter returned an error.
    pub export_failed: u64,
    /// The exporter panicked.
    pub exporter_panicked: u64,
    /// The span was still open, or not delivered, when the pipeline was shut down.
    pub shutdown: u64,
}

impl Dropped {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.by_reason().iter().map(|(_, count)| count).sum()
    }

    /// Reason and count, in a fixed order.
    pub fn by_reason(&self) -> [(&'static str, u64); 6] {
        [
            ("buffer_full", self.buffer_full),
            ("depth_limit", self.depth_limit),
            ("thread_gone", self.thread_gone),
            ("export_failed", self.export_failed),
            ("exporter_panicked", self.exporter_panicked),
            ("shutdown", self.shutdown),
        ]
    }

    fn since(&self, earlier: &Self) -> Self {
        Self {
            buffer_full: self.buffer_full - earlier.buffer_full.min(self.buffer_full),
            depth_limit: self.depth_limit - earlier.depth_limit.min(self.depth_limit),
            thread_gone: self.thread_gone - earlier.thread_gone.min(self.thread_gone),
            export_failed: self.export_failed - earlier.export_failed.min(self.export_failed),
            exporter_panicked: self.exporter_panicked - earlier.exporter_panicked.min(self.exporter_panicked),
            shutdown: self.shutdown - earlier.shutdown.min(self.shutdown),
        }
    }
}

/// What a flush or a shutdown did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Spans delivered since the last report.
    pub delivered: u64,
    /// Spans lost since the last report, by reason.
    pub dropped: Dropped,
    /// Spans that tail sampling did not keep, since the last report: no loss.
    pub sampled_out: u64,
    /// Spans that wait for the end of their trace.
    pub held: u64,
    /// Spans that have ended and are not delivered yet.
    pub pending: u64,
    /// Spans that have not ended: no flush can deliver them.
    pub open: u64,
}

impl Report {
    pub(crate) fn between(earlier: &Stats, now: &Stats) -> Self {
        Self {
            delivered: now.acknowledged - earlier.acknowledged.min(now.acknowledged),
            dropped: now.dropped.since(&earlier.dropped),
            sampled_out: now.sampled_out.saturating_sub(earlier.sampled_out),
            held: now.held,
            pending: now.queued + now.in_flight,
            open: now.open,
        }
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
        write!(f, ", {} pending, {} open", self.pending, self.open)
    }
}
