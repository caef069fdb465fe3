//! Spans: how one starts, is the current one, and ends.
//!
//! `start` decides whether a call is recorded and under which parent; `sync` is the guard of a plain function; `future` the
//! wrapper of an async one; `outcome` reads the return value; `ending` writes what is recorded of an error, a panic or a
//! cancellation; `mark` keeps one failure from being described at every level.

pub mod cancel;
mod ending;
pub(crate) mod future;
pub(crate) mod mark;
pub(crate) mod outcome;
pub(crate) mod panics;
mod scope;
mod start;
pub(crate) mod sync;

use opentelemetry::SpanId;

use crate::callsite::{Callsite, Subject};
use crate::recorder::Recorder;
use crate::recorder::record::{Record, flag};
use crate::thread::{Place, Thread};

/// What is known of a span from its start.
#[derive(Clone, Copy)]
pub(crate) struct Core {
    pub(crate) recorder: &'static Recorder,
    pub(crate) callsite: &'static Callsite,
    pub(crate) subject: Subject,
    /// Not sampled: the span only keeps the spans below it from being recorded.
    pub(crate) place: Place,
    pub(crate) parent_id: SpanId,
    pub(crate) start: u64,
    pub(crate) flags: u32,
}

impl Core {
    /// Publishes the span, which ends now: captured attributes in `head`, what the ending added in `tail`.
    #[inline]
    fn publish(&self, thread: &Thread, head: &[u8], tail: &[u8], flags: u32) {
        let record = Record {
            callsite: self.callsite,
            subject: self.subject,
            trace_id: self.place.trace_id.to_bytes(),
            span_id: self.place.span_id.to_bytes(),
            parent_id: self.parent_id.to_bytes(),
            start: self.start,
            end: self.recorder.clock.ticks(),
            // A span's budget is at most 64 MiB, so neither length is cut.
            head: u32::try_from(head.len()).unwrap_or(0),
            tail: u32::try_from(tail.len()).unwrap_or(0),
            flags: self.flags | flags,
        };
        thread.publish(self.recorder, &record, [head, tail]);
    }

    /// The flags of a span that returned.
    #[inline]
    fn returned(&self) -> u32 {
        if self.recorder.status_ok { flag::STATUS_OK } else { 0 }
    }
}
