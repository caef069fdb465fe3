//! What each thread keeps for recording: its place in the trace, its buffers, its chunk and its counters.
//!
//! No cell is borrowed while code of a user's runs: the buffer is taken out for a capture, `Recording` is borrowed only to
//! append bytes. After the thread's state is destroyed (spans in destructors of other thread-locals) every access is a quiet
//! no-op that the ledger counts.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use opentelemetry::{Context, SpanId, TraceId};

use crate::id::Ids;
use crate::recorder::Recorder;
use crate::recorder::chunk::{Writer, record_size};
use crate::recorder::ledger::ThreadCounts;
use crate::recorder::pool::CHUNK_BYTES;
use crate::recorder::record::Record;
use crate::span::cancel::Reasons;
use crate::span::future::OpenSpan;
use crate::span::mark::Mark;
use crate::span::panics::PanicNote;

/// Bytes of buffer that a thread keeps between spans.
pub(crate) const KEPT_BUFFER: usize = 64 * 1024;
/// Ended async spans whose memory a thread keeps for the next ones.
const KEPT_SPANS: usize = 64;

/// A span's place in its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) trace_id: TraceId,
    /// Zero where there is no span.
    pub(crate) span_id: SpanId,
    pub(crate) sampled: bool,
}

impl Place {
    pub(crate) const NONE: Self =
        Self { trace_id: TraceId::INVALID, span_id: SpanId::INVALID, sampled: false };
}

/// See the module's documentation.
pub(crate) struct Thread {
    /// The innermost span of ours that is entered on this thread.
    pub(crate) current: Cell<Place>,
    /// How the innermost child of the current span ended.
    pub(crate) mark: Cell<Mark>,
    /// Attributes of the entered spans, outermost first; those of the current one lie between `base` and `top`.
    pub(crate) buffer: Cell<Vec<u8>>,
    pub(crate) base: Cell<usize>,
    /// The buffer's length, readable without taking it out.
    pub(crate) top: Cell<usize>,
    /// The current span has captured a structured value.
    pub(crate) structured: Cell<bool>,
    busy: Cell<bool>,
    spare: RefCell<Vec<Box<OpenSpan>>>,
    pub(crate) ids: RefCell<Ids>,
    recording: RefCell<Recording>,
    pub(crate) reasons: RefCell<Reasons>,
    pub(crate) panic: Cell<Option<Box<PanicNote>>>,
}

thread_local! {
    static THREAD: Thread = Thread::new();
}

impl Thread {
    fn new() -> Self {
        // Destructors of thread-locals run in reverse order of first use. OpenTelemetry's must outlive ours: we touch its
        // context only while ours exists.
        Context::map_current(|_| ());
        Self {
            current: Cell::new(Place::NONE),
            mark: Cell::new(Mark::None),
            buffer: Cell::new(Vec::new()),
            base: Cell::new(0),
            top: Cell::new(0),
            structured: Cell::new(false),
            busy: Cell::new(false),
            spare: RefCell::new(Vec::new()),
            ids: RefCell::new(Ids::new()),
            recording: RefCell::new(Recording::default()),
            reasons: RefCell::new(Reasons::default()),
            panic: Cell::new(None),
        }
    }

    /// Runs `f` with this thread's state; `None` when that is destroyed already.
    #[inline]
    pub(crate) fn with<R>(f: impl FnOnce(&Self) -> R) -> Option<R> {
        THREAD.try_with(f).ok()
    }

    /// Whether code of a user's runs on our behalf: nothing is recorded then.
    #[inline]
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.get()
    }

    /// Marks the thread as busy until the guard is dropped; `None` when it already is.
    #[inline]
    pub(crate) fn become_busy(&self) -> Option<Busy<'_>> {
        (!self.busy.replace(true)).then_some(Busy(self))
    }

    /// Counts a span that has started; `false` when it cannot be counted and so must not start.
    #[inline]
    pub(crate) fn count_started(&self, recorder: &'static Recorder) -> bool {
        let Ok(mut recording) = self.recording.try_borrow_mut() else { return false };
        recording.join(recorder).started.add(1);
        true
    }

    /// Publishes an ended span, or counts it as dropped.
    #[inline]
    pub(crate) fn publish(&self, recorder: &'static Recorder, record: &Record, body: [&[u8]; 2]) {
        // A pipeline that has shut down has counted this span as dropped.
        if recorder.is_active()
            && let Ok(mut recording) = self.recording.try_borrow_mut()
        {
            recording.publish(recorder, record, body);
        }
    }

    /// Memory for an async span: what an earlier one left, or new.
    pub(crate) fn spare_span(&self) -> Option<Box<OpenSpan>> {
        self.spare.try_borrow_mut().ok()?.pop()
    }

    /// Keeps the memory of an async span that has ended.
    pub(crate) fn keep_span(&self, span: Box<OpenSpan>) {
        if let Ok(mut spare) = self.spare.try_borrow_mut()
            && spare.len() < KEPT_SPANS
        {
            spare.push(span);
        }
    }
}

/// Ends the thread's busy state.
pub(crate) struct Busy<'a>(&'a Thread);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.set(false);
    }
}

/// A thread's side of one recorder.
#[derive(Default)]
struct Recording {
    joined: Option<(&'static Recorder, Arc<ThreadCounts>)>,
    writer: Option<Writer>,
}

impl Recording {
    /// This thread's counters of `recorder`.
    #[inline]
    fn join(&mut self, recorder: &'static Recorder) -> &ThreadCounts {
        if !self.is_joined(recorder) {
            self.leave();
        }
        let (_, counts) = self.joined.get_or_insert_with(|| (recorder, recorder.ledger.register()));
        counts
    }

    #[inline]
    fn publish(&mut self, recorder: &'static Recorder, record: &Record, body: [&[u8]; 2]) {
        let [head, tail] = body;
        let size = record_size::<Record>(head.len() + tail.len());
        let ready = matches!(&self.writer, Some(writer) if writer.has_room(size)) && self.is_joined(recorder)
            || self.next_chunk(recorder, size);
        let counts = self.join(recorder);
        if !ready {
            counts.buffer_full.add(1);
            return;
        }
        // Counted before it is published: the drain never takes more than was recorded.
        counts.recorded.add(1);
        if let Some(writer) = &mut self.writer {
            writer.append(record, body);
        }
        if size > CHUNK_BYTES {
            // A chunk of its own size holds this one record.
            self.writer = None;
        }
    }

    fn is_joined(&self, recorder: &'static Recorder) -> bool {
        matches!(&self.joined, Some((joined, _)) if std::ptr::eq(*joined, recorder))
    }

    /// Seals the chunk and takes another; `false` when the pool is at its bound.
    #[cold]
    fn next_chunk(&mut self, recorder: &'static Recorder, size: usize) -> bool {
        self.join(recorder);
        // Sealed first: the drain may read it to the end and recycle it for someone else.
        self.writer = None;
        self.writer = recorder.pool.take(size);
        if recorder.pool.is_under_pressure() {
            recorder.wake();
        }
        self.writer.is_some()
    }

    /// Seals the chunk and hands the counters in.
    fn leave(&mut self) {
        self.writer = None;
        if let Some((recorder, counts)) = self.joined.take() {
            recorder.ledger.retire(&counts);
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.leave();
    }
}
