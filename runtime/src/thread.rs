//! What each thread keeps for recording: the spans that are entered on it, their attributes, its chunk, its counters.
//!
//! All of it lies in one `RefCell`, borrowed for a few dozen instructions at a time and never while code of a user's runs:
//! such code (a `Debug`, a `Display`, a sampler) is called with the [`Output`] taken out, which is also how the thread knows
//! that it is *busy* and records nothing: a `Debug` that calls a traced function does not recurse.
//!
//! Where the state is destroyed already (spans in destructors of other thread-locals) or borrowed (an allocator that is itself
//! traced), every access is a quiet `None`.

use std::cell::RefCell;
use std::sync::Arc;

use opentelemetry::{Context, SpanId, TraceId};

use crate::capture::output::Output;
use crate::id::Ids;
use crate::recorder::Recorder;
use crate::recorder::chunk::{Writer, record_size};
use crate::recorder::ledger::ThreadCounts;
use crate::recorder::pool::CHUNK_BYTES;
use crate::recorder::record::{Record, flag};
use crate::span::Core;
use crate::span::cancel::Reasons;
use crate::span::mark::Mark;
use crate::span::open::OpenSpan;
use crate::span::panics::PanicNote;

/// Bytes of buffer that a thread keeps between spans.
pub(crate) const KEPT_BUFFER: usize = 64 * 1024;
/// Ended async spans whose memory a thread keeps for the next ones.
const KEPT_SPANS: usize = 64;

/// A span's place in its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) sampled: bool,
}

/// A span that is entered.
pub(crate) struct Frame {
    pub(crate) core: Core,
    /// Where its attributes begin in the thread's buffer.
    pub(crate) base: usize,
    /// A captured value consists of fields.
    pub(crate) structured: bool,
    /// How its innermost child ended.
    pub(crate) mark: Mark,
}

/// See the module's documentation.
pub(crate) struct State {
    /// Entered spans, outermost first.
    pub(crate) frames: Vec<Frame>,
    /// The attributes of the entered spans; `None` while the thread is busy.
    pub(crate) output: Option<Box<Output>>,
    pub(crate) ids: Ids,
    pub(crate) reasons: Reasons,
    pub(crate) panic: Option<Box<PanicNote>>,
    #[expect(clippy::vec_box, reason = "the boxes themselves are what is kept")]
    spare: Vec<Box<OpenSpan>>,
    recording: Recording,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State::new());
}

impl State {
    fn new() -> Self {
        // Destructors of thread-locals run in reverse order of first use. OpenTelemetry's must outlive ours: we touch its
        // context only while ours exists.
        Context::map_current(|_| ());
        Self {
            frames: Vec::with_capacity(16),
            output: Some(Box::default()),
            ids: Ids::new(),
            reasons: Reasons::default(),
            panic: None,
            spare: Vec::new(),
            recording: Recording::default(),
        }
    }

    /// Runs `f` with this thread's state. No code of a user's may run in `f`.
    #[inline]
    pub(crate) fn with<R>(f: impl FnOnce(&mut Self) -> R) -> Option<R> {
        STATE.try_with(|state| state.try_borrow_mut().ok().map(|mut state| f(&mut state))).ok().flatten()
    }

    /// Whether this thread's state is destroyed: then OpenTelemetry's context may be, too, and whoever asks it panics.
    #[inline]
    pub(crate) fn is_gone() -> bool {
        STATE.try_with(|_| ()).is_err()
    }

    /// The innermost entered span.
    #[inline]
    pub(crate) fn current(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// Tells that span how a child of it ended.
    #[inline]
    pub(crate) fn mark_current(&mut self, mark: Mark) {
        if let Some(frame) = self.frames.last_mut() {
            frame.mark = mark;
        }
    }

    /// Bytes of attributes in the buffer.
    #[inline]
    pub(crate) fn buffered(&self) -> usize {
        self.output.as_ref().map_or(0, |output| output.bytes.len())
    }

    /// The number of entered spans.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// The frame with which there were `depth`; those above belong to calls whose stack was abandoned.
    #[inline]
    pub(crate) fn pop_frame(&mut self, depth: usize) -> Option<Frame> {
        if self.frames.len() != depth && !self.abandon(depth) {
            return None;
        }
        self.frames.pop()
    }

    /// Forgets the frames above `depth`; `false` when the frame of that depth is itself forgotten.
    #[cold]
    fn abandon(&mut self, depth: usize) -> bool {
        self.frames.truncate(depth);
        self.frames.len() == depth
    }

    /// Counts a span that has started.
    #[inline]
    pub(crate) fn count_started(&mut self, recorder: &'static Recorder) {
        self.recording.counts(recorder).started.add(1);
    }

    /// Leaves the innermost span, which must be that of `depth`, and publishes it, or counts it as dropped. Its attributes lie
    /// in the buffer, and are forgotten.
    #[inline]
    pub(crate) fn publish_frame(&mut self, depth: usize, flags: u32, tail: &[u8]) {
        if self.frames.len() != depth && !self.abandon(depth) {
            return;
        }
        let Self { frames, output, recording, .. } = self;
        let Some(frame) = frames.last() else { return };
        let core = &frame.core;
        if core.place.sampled {
            let structured = if frame.structured { flag::STRUCTURED } else { 0 };
            let head = output.as_ref().and_then(|output| output.bytes.get(frame.base..)).unwrap_or_default();
            recording.publish(core.recorder, core.record(flags | structured), [head, tail]);
        }
        if let Some(output) = output {
            output.bytes.truncate(frame.base);
            if frame.base == 0 && output.bytes.capacity() > KEPT_BUFFER {
                output.shrink();
            }
        }
        frames.pop();
    }

    /// Publishes an ended span, or counts it as dropped.
    #[inline]
    pub(crate) fn publish(&mut self, recorder: &'static Recorder, record: Record, body: [&[u8]; 2]) {
        self.recording.publish(recorder, record, body);
    }

    /// Memory for an async span: what an earlier one left.
    #[inline]
    pub(crate) fn spare_span(&mut self) -> Option<Box<OpenSpan>> {
        self.spare.pop()
    }

    /// Keeps the memory of an async span that has ended.
    #[inline]
    pub(crate) fn keep_span(&mut self, span: Box<OpenSpan>) {
        if self.spare.len() < KEPT_SPANS {
            self.spare.push(span);
        }
    }
}

/// While it lives, the thread is busy with code of a user's and records nothing.
pub(crate) struct Busy(Option<Box<Output>>);

impl Busy {
    /// `None` when the thread is busy already, or its state is gone.
    pub(crate) fn begin() -> Option<Self> {
        State::with(|state| state.output.take()).flatten().map(|output| Self(Some(output)))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let output = self.0.take();
        State::with(|state| state.output = output);
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
    fn counts(&mut self, recorder: &'static Recorder) -> &ThreadCounts {
        if !matches!(&self.joined, Some((joined, _)) if std::ptr::eq(*joined, recorder)) {
            self.join(recorder);
        }
        let (_, counts) = self.joined.get_or_insert_with(|| (recorder, recorder.ledger.register()));
        counts
    }

    #[cold]
    fn join(&mut self, recorder: &'static Recorder) {
        self.leave();
        self.joined = Some((recorder, recorder.ledger.register()));
    }

    #[inline]
    fn publish(&mut self, recorder: &'static Recorder, record: Record, body: [&[u8]; 2]) {
        // A pipeline that has shut down has counted this span as dropped.
        if !recorder.is_active() {
            return;
        }
        let [head, tail] = body;
        let size = record_size::<Record>(head.len() + tail.len());
        match (&self.joined, &mut self.writer) {
            (Some((joined, counts)), Some(writer))
                if std::ptr::eq(*joined, recorder) && writer.has_room(size) =>
            {
                // Counted before it is published: the drain never takes more than was recorded.
                counts.recorded.add(1);
                writer.append(record.with_body(head, tail), body);
            }
            _ => self.publish_in_new_chunk(recorder, &record, body, size),
        }
    }

    #[cold]
    #[inline(never)]
    fn publish_in_new_chunk(
        &mut self,
        recorder: &'static Recorder,
        record: &Record,
        body: [&[u8]; 2],
        size: usize,
    ) {
        self.counts(recorder);
        // Sealed first: the drain may read it to the end and recycle it for someone else.
        self.writer = None;
        self.writer = recorder.pool.take(size);
        if recorder.pool.is_under_pressure() {
            recorder.wake();
        }
        let Some((_, counts)) = &self.joined else { return };
        let [head, tail] = body;
        match &mut self.writer {
            Some(writer) => {
                counts.recorded.add(1);
                writer.append(record.with_body(head, tail), body);
            }
            None => counts.buffer_full.add(1),
        }
        if size > CHUNK_BYTES {
            // A chunk of its own size holds this one record.
            self.writer = None;
        }
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
