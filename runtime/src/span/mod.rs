//! Spans: how one starts, is the current one, and ends.
//!
//! `start` decides whether a call is recorded and under which parent; `sync` is the guard of a plain function; `future` the
//! wrapper of an async one, `open` its state between polls; `outcome` reads the return value; `ending` writes what is recorded of an error, a panic or a
//! cancellation; `mark` keeps one failure from being described at every level.

pub mod cancel;
mod ending;
pub(crate) mod future;
pub(crate) mod mark;
pub(crate) mod open;
pub(crate) mod outcome;
pub(crate) mod panics;
mod start;
pub(crate) mod sync;

use opentelemetry::SpanId;

use crate::callsite::{Callsite, Subject};
use crate::recorder::Recorder;
use crate::recorder::record::{Record, flag};
use crate::thread::Place;

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
    /// The record of this span, which ends now; its body is set when it is published.
    #[inline]
    pub(crate) fn record(&self, flags: u32) -> Record {
        Record {
            callsite: self.callsite,
            subject: self.subject,
            trace_id: self.place.trace_id.to_bytes(),
            span_id: self.place.span_id.to_bytes(),
            parent_id: self.parent_id.to_bytes(),
            start: self.start,
            end: self.recorder.clock.ticks(),
            head: 0,
            tail: 0,
            flags: self.flags | flags,
        }
    }

    /// The flags of a span that returned.
    #[inline]
    fn returned(&self) -> u32 {
        if self.recorder.status_ok { flag::STATUS_OK } else { 0 }
    }
}
