//! Spans: how one starts, is the current one, and ends.
//!
//! `off` says quickly that nothing is recorded; `start` decides whether a call is recorded and under which parent; `sync` is the guard of a plain function; `future` the
//! wrapper of an async one (of an `async fn`: `function`), `polled` one poll of it, `open` its state between polls, `async_end` its end, `stream` the wrapper of a stream; `outcome` reads the return value; `ending` writes what is recorded of an error, a panic or a
//! cancellation; `mark` keeps one failure from being described at every level.

pub(crate) mod async_end;
pub mod cancel;
mod ending;
pub(crate) mod function;
pub(crate) mod future;
pub(crate) mod mark;
pub(crate) mod measured;
pub(crate) mod off;
pub(crate) mod open;
pub(crate) mod outcome;
pub(crate) mod panics;
mod polled;
mod root;
mod start;
pub(crate) mod stream;
pub(crate) mod sync;

use opentelemetry::trace::{SpanContext, TraceState};
use opentelemetry::{SpanId, TraceFlags, TraceId};

use crate::callsite::{Callsite, Subject};
use crate::recorder::Recorder;
use crate::recorder::record::{Record, flag};

/// A span's identifiers, as they are on the wire.
#[derive(Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) trace: [u8; 16],
    pub(crate) span: [u8; 8],
    /// Zero for a root.
    pub(crate) parent: [u8; 8],
}

/// What is known of a span from its start.
#[derive(Clone, Copy)]
pub(crate) struct Core {
    pub(crate) recorder: &'static Recorder,
    /// As it will lie in a chunk, but for what the span's ending says.
    pub(crate) record: Record,
}

impl Core {
    /// A span that starts at `start`, which is now.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn new(
        recorder: &'static Recorder,
        (callsite, subject): (&'static Callsite, Subject),
        Ids { trace: trace_id, span: span_id, parent: parent_id }: Ids,
        start: u64,
    ) -> Self {
        let record =
            Record { callsite, subject, trace_id, span_id, parent_id, start, end: 0, body: 0, flags: 0 };
        Self { recorder, record }
    }

    /// Whether the span is recorded; one that is not only keeps the spans below it from being recorded.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_sampled(&self) -> bool {
        self.record.flags & flag::NOT_SAMPLED == 0
    }

    /// The span as others see it.
    #[cold]
    fn context(&self) -> SpanContext {
        let flags = if self.is_sampled() { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let (trace_id, span_id) = (self.record.trace_id, self.record.span_id);
        let (trace_id, span_id) = (TraceId::from_bytes(trace_id), SpanId::from_bytes(span_id));
        SpanContext::new(trace_id, span_id, flags, false, TraceState::NONE)
    }

    /// The flags of a span that returned.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn returned(&self) -> u32 {
        self.recorder.returned
    }
}
