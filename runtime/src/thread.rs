//! What each thread keeps for recording: the spans that are entered on it, its chunk, its counters.
//!
//! All of it lies in one `RefCell`, borrowed for a few dozen instructions at a time and never while code of a user's runs:
//! such code (a `Debug`, a `Display`, a sampler) is called with the [buffer](crate::capture::buffer) taken, which is also how the
//! thread knows that it is *busy* and records nothing: a `Debug` that calls a traced function does not recurse.
//!
//! Where the state is destroyed already (spans in destructors of other thread-locals) or borrowed (an allocator that is itself
//! traced), every access is a quiet `None`.
#![expect(unsafe_code, reason = "a borrow that is not marked, for a few dozen instructions of every span")]

pub(crate) mod leave;
pub(crate) mod way;

use std::cell::{RefCell, RefMut};
use std::mem::ManuallyDrop;
use std::sync::Arc;

use opentelemetry::{Context, ContextGuard};

use self::way::Way;
use crate::by_hand::late::Late;
use crate::callsite::Callsite;
use crate::capture::buffer::{self, Buffer};
use crate::capture::session::Parameters;
use crate::id::Ids;
use crate::recorder::recording::Recording;
use crate::span::Core;
use crate::span::cancel::Reasons;
use crate::span::mark::Mark;
use crate::span::off;
use crate::span::open::OpenSpan;
use crate::span::panics::PanicNote;

/// Bytes of buffer that a thread keeps between spans.
pub(crate) const KEPT_BUFFER: usize = 64 * 1024;
/// Spans that are entered on a thread before further ones are counted only: a recursion may be as deep as it likes.
pub(crate) const MAX_DEPTH: usize = 4096;
/// Ended async spans whose memory a thread keeps for the next ones.
const KEPT_SPANS: usize = 64;

/// A span that is entered.
pub(crate) struct Frame {
    pub(crate) core: Core,
    /// Where its attributes begin in the thread's buffer.
    pub(crate) base: usize,
    /// How its innermost child ended.
    pub(crate) mark: Mark,
    /// Whether something of it is among [`State::late`]: there is a handle to it, or it is a part of a request.
    pub(crate) has_late: bool,
    /// Another thread's or task's span, which is only the parent of what is entered here.
    pub(crate) carried: bool,
    /// What is to be done when it returns.
    pub(crate) way: Way,
    /// Keeps the span OpenTelemetry's current one, where spans are attached. To be dropped outside of every borrow, since
    /// that may run destructors of what others keep in the context; so whoever takes a frame away takes this out of it.
    pub(crate) attached: ManuallyDrop<Option<ContextGuard>>,
}

// One frame is moved as it is pushed; above 128 bytes that becomes a call of `memcpy`.
const _: () = assert!(size_of::<Frame>() <= 128);

/// See the module's documentation.
pub(crate) struct State {
    _off: off::WithState,
    /// Entered spans, outermost first.
    pub(crate) frames: Vec<Frame>,
    _buffer: buffer::WithState,
    pub(crate) ids: Ids,
    pub(crate) reasons: Reasons,
    pub(crate) panic: Option<Box<PanicNote>>,
    #[expect(clippy::vec_box, reason = "the boxes themselves are what is kept")]
    spare: Vec<Box<OpenSpan>>,
    pub(crate) recording: Recording,
    /// What entered spans have besides their attributes. Not in the frames: one that has nothing to free is pushed in place.
    late: Vec<([u8; 8], Arc<Late>)>,
}

impl Drop for State {
    fn drop(&mut self) {
        // What is dropped here may be a user's, and asks.
        off::left();
        for frame in self.frames.drain(..).rev() {
            drop(ManuallyDrop::into_inner(frame.attached));
        }
    }
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
            _off: off::WithState,
            frames: Vec::with_capacity(16),
            _buffer: buffer::WithState::new(),
            ids: Ids::new(),
            reasons: Reasons::default(),
            panic: None,
            spare: Vec::new(),
            recording: Recording::default(),
            late: Vec::new(),
        }
    }

    /// What is added through handles to the span that was entered as the `index`th, which is recorded.
    pub(crate) fn late_of(&mut self, index: usize) -> Option<Arc<Late>> {
        let frame = self.frames.get_mut(index)?;
        let span_id = frame.core.record.span_id;
        if !frame.has_late {
            (frame.has_late, frame.way) = (true, Way::Long);
            self.late.push((span_id, Arc::new(Late::new(&frame.core))));
        }
        let (_, late) = self.late.iter_mut().rfind(|(id, _)| *id == span_id)?;
        if !late.has_handle() {
            *late = Arc::new(Late::new(&frame.core).with_context_of(late));
        }
        Some(Arc::clone(late))
    }

    /// Gives the span that was just entered as the `depth`th the attributes of the request that it is a part of.
    pub(crate) fn give_context(&mut self, depth: usize, late: Arc<Late>) {
        if let Some(frame) = depth.checked_sub(1).and_then(|index| self.frames.get_mut(index)) {
            if frame.core.is_sampled() && !frame.has_late {
                (frame.has_late, frame.way) = (true, Way::Long);
                self.late.push((frame.core.record.span_id, late));
            }
        }
    }

    /// Takes that along with a frame that was left.
    pub(crate) fn take_late(&mut self, frame: &Frame) -> Option<Arc<Late>> {
        if frame.has_late { take_late(&mut self.late, frame.core.record.span_id) } else { None }
    }

    /// Brings it back with a frame that is entered next.
    pub(crate) fn bring_late(&mut self, core: &Core, late: Option<Arc<Late>>) -> bool {
        let has_late = late.is_some();
        self.late.extend(late.map(|late| (core.record.span_id, late)));
        has_late
    }

    /// Runs `f` with this thread's state. No code of a user's may run in `f`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn with<R>(f: impl FnOnce(&mut Self) -> R) -> Option<R> {
        STATE.try_with(|state| state.try_borrow_mut().ok().map(|mut state| f(&mut state))).ok().flatten()
    }

    /// The same for the short ways, in which nothing of others runs at all: without saying for so long that the state is borrowed, which
    /// is two stores. A traced function in a signal handler is not provided for: while the buffer is taken it records nothing, but the
    /// few instructions before that are not guarded.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn with_plain<R>(f: impl FnOnce(&mut Self) -> R) -> Option<R> {
        STATE
            .try_with(|state| {
                // SAFETY: it is not borrowed now, and `f` gives nobody the chance to borrow it: it calls nothing that may.
                unsafe {
                    state.try_borrow_unguarded().ok()?;
                    Some(f(&mut *state.as_ptr()))
                }
            })
            .ok()
            .flatten()
    }

    /// Runs `f` while the span with which there were `depth` is the innermost one; not at all, when it is forgotten itself.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn with_innermost<R>(depth: usize, f: impl FnOnce(&mut Self) -> R) -> Option<R> {
        STATE
            .try_with(|cell| {
                let mut state = cell.try_borrow_mut().ok()?;
                if state.frames.len() != depth {
                    drop(state);
                    state = Self::forget_above(cell, depth)?;
                }
                Some(f(&mut state))
            })
            .ok()
            .flatten()
    }

    /// Ends the spans above `depth` as unfinished: their guards were leaked, or outlived the span around them.
    #[cold]
    fn forget_above(cell: &RefCell<Self>, depth: usize) -> Option<RefMut<'_, Self>> {
        let forgotten: Vec<_> = {
            let mut state = cell.try_borrow_mut().ok()?;
            let above = state.frames.len().saturating_sub(depth);
            (0..above).map(|_| state.end_unfinished()).collect()
        };
        drop(forgotten);
        cell.try_borrow_mut().ok().filter(|state| state.frames.len() == depth)
    }

    /// Whether this thread's state is destroyed: then OpenTelemetry's context may be, too, and whoever asks it panics.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_gone() -> bool {
        STATE.try_with(|_| ()).is_err()
    }

    /// The innermost entered span.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn current(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// Tells that span how a child of it ended.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn mark_current(&mut self, mark: Mark) {
        if let Some(frame) = self.frames.last_mut() {
            frame.mark = frame.mark.and(mark);
        }
    }

    /// Enters a span whose attributes begin at `base`; the number of entered spans with it.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "part of the start of most spans")
    )]
    pub(crate) fn enter(
        &mut self,
        core: Core,
        base: usize,
        attached: Option<ContextGuard>,
        by_counter: bool,
    ) -> usize {
        if !core.is_sampled() {
            off::entered(&core, attached.is_some());
        }
        let way = Way::of(&core, by_counter, attached.is_some());
        let attached = ManuallyDrop::new(attached);
        self.frames.push(Frame {
            core,
            base,
            mark: Mark::None,
            has_late: false,
            carried: false,
            way,
            attached,
        });
        self.frames.len()
    }

    /// Begins to capture the attributes of the span that was entered last.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn begin_capture(&mut self, callsite: &'static Callsite) -> Parameters {
        Parameters::begin(callsite, self.frames.last().map_or(0, |frame| frame.base))
    }

    /// Memory for an async span: what an earlier one left.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn spare_span(&mut self) -> Option<Box<OpenSpan>> {
        self.spare.pop()
    }

    /// Keeps the memory of an async span that has ended.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn keep_span(&mut self, span: Box<OpenSpan>) {
        if self.spare.len() < KEPT_SPANS {
            self.spare.push(span);
        }
    }
}

fn take_late(late: &mut Vec<([u8; 8], Arc<Late>)>, span_id: [u8; 8]) -> Option<Arc<Late>> {
    // The innermost span's is most likely the last.
    let index = late.iter().rposition(|(id, _)| *id == span_id)?;
    Some(late.swap_remove(index).1)
}

/// While it lives, the thread is busy with code of a user's and records nothing.
pub(crate) struct Busy(Option<Buffer>);

impl Busy {
    /// `None` when the thread is busy already, or its state is gone.
    pub(crate) fn begin() -> Option<Self> {
        // A thread that has recorded nothing yet has no buffer before it has its state.
        State::with(|_| buffer::take()).flatten().map(|buffer| Self(Some(buffer)))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(buffer) = self.0.take() {
            buffer::put_back(buffer);
        }
    }
}
