//! The queue of encoded spans of others, bounded by the bytes of the pool. Pushing never waits.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_queue::SegQueue;
use opentelemetry::InstrumentationScope;

use crate::recorder::Recorder;

/// A span that another crate made, as an OTLP `Span` message.
#[derive(Debug)]
pub(crate) struct Foreign {
    pub(crate) scope: InstrumentationScope,
    pub(crate) bytes: Vec<u8>,
    pub(crate) trace: [u8; 16],
    pub(crate) failed: bool,
}

impl Foreign {
    /// Bytes that it takes while it waits: what it holds, and a round figure for the scope and its place.
    pub(crate) fn size(&self) -> usize {
        self.bytes.capacity() + 160
    }
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    spans: SegQueue<Foreign>,
    recorded: AtomicU64,
    dropped: AtomicU64,
}

impl Queue {
    /// Leaves a span for the drain thread, or counts it as dropped.
    pub(crate) fn push(&self, recorder: &Recorder, foreign: Foreign) {
        if recorder.pool.reserve(foreign.size()) {
            // Counted before it can be taken.
            self.recorded.fetch_add(1, Ordering::Release);
            self.spans.push(foreign);
        } else {
            self.dropped.fetch_add(1, Ordering::Release);
        }
        if recorder.pool.is_under_pressure() {
            recorder.wake();
        }
    }

    /// The drain thread's side: the next span; its bytes are the drain's from now on.
    pub(crate) fn pop(&self, recorder: &Recorder) -> Option<Foreign> {
        let foreign = self.spans.pop()?;
        recorder.pool.unreserve(foreign.size());
        Some(foreign)
    }

    /// Whether a span waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Spans that were left for the drain thread.
    pub(crate) fn recorded(&self) -> u64 {
        self.recorded.load(Ordering::Acquire)
    }

    /// Spans for which there was no room.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Acquire)
    }
}
