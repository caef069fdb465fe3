//! What the propagators left out, counted: by each propagator with its clones, and for the whole process.
//!
//! Counting is all that happens. The bytes of a header are never kept, so nothing can be logged of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How often something was left out, since the propagator was made or the process started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// `traceparent` headers that were over 512 bytes, not of the format, or there more than once. The trace starts anew.
    pub traceparent: u64,
    /// `tracestate` lists that were over 8,192 bytes or 32 members, or had a bad member. The parent counted without them.
    pub tracestate: u64,
    /// `baggage` headers over 8,192 bytes, which were not read.
    pub baggage: u64,
    /// Members of baggage that were not of the format, or beyond the 64th.
    pub baggage_members: u64,
    /// Parents and baggage that were not taken because the sender is not trusted.
    pub untrusted: u64,
    /// Members of baggage and of trace states that were not sent: they cannot stand in a header, or it was full.
    pub not_sent: u64,
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Traceparent,
    Tracestate,
    Baggage,
    BaggageMember,
    Untrusted,
    NotSent,
}

#[derive(Debug, Default)]
struct Cells {
    traceparent: AtomicU64,
    tracestate: AtomicU64,
    baggage: AtomicU64,
    baggage_members: AtomicU64,
    untrusted: AtomicU64,
    not_sent: AtomicU64,
}

static PROCESS: Cells = Cells {
    traceparent: AtomicU64::new(0),
    tracestate: AtomicU64::new(0),
    baggage: AtomicU64::new(0),
    baggage_members: AtomicU64::new(0),
    untrusted: AtomicU64::new(0),
    not_sent: AtomicU64::new(0),
};

/// What all propagators of this module have left out in this process.
///
/// ```
/// let rejected = wirespan::propagation::rejected();
/// println!("{} malformed traceparent headers", rejected.traceparent);
/// ```
pub fn rejected() -> Rejected {
    PROCESS.read()
}

/// The counters of one propagator and its clones.
#[derive(Debug, Clone, Default)]
pub(super) struct Counters(Arc<Cells>);

impl Counters {
    pub(super) fn add(&self, kind: Kind, count: usize) {
        // Nearly always: the counters are not to be touched by every message.
        if count == 0 {
            return;
        }
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.0.of(kind).fetch_add(count, Relaxed);
        PROCESS.of(kind).fetch_add(count, Relaxed);
    }

    pub(super) fn read(&self) -> Rejected {
        self.0.read()
    }
}

impl Cells {
    fn of(&self, kind: Kind) -> &AtomicU64 {
        match kind {
            Kind::Traceparent => &self.traceparent,
            Kind::Tracestate => &self.tracestate,
            Kind::Baggage => &self.baggage,
            Kind::BaggageMember => &self.baggage_members,
            Kind::Untrusted => &self.untrusted,
            Kind::NotSent => &self.not_sent,
        }
    }

    fn read(&self) -> Rejected {
        Rejected {
            traceparent: self.traceparent.load(Relaxed),
            tracestate: self.tracestate.load(Relaxed),
            baggage: self.baggage.load(Relaxed),
            baggage_members: self.baggage_members.load(Relaxed),
            untrusted: self.untrusted.load(Relaxed),
            not_sent: self.not_sent.load(Relaxed),
        }
    }
}
