//! The guard of a traced plain function.
//!
//! The body runs in a closure, so it can leave only by returning, after which the macro calls `returned` or an outcome does
//! `failed`, or by unwinding: a guard that is dropped without either was unwound through.
//!
//! What is known of the span lies in a frame on the thread's stack of entered spans; the guard is only that frame's number,
//! so that it lives in a register where nothing is recorded.

use std::mem::ManuallyDrop;

use opentelemetry::{Context, ContextGuard};

use super::Core;
use super::ending::{self, Tail};
use super::mark::Mark;
use super::outcome::{EndSpan, ErrorView};
use super::start::{Root, Start, child, child_in_context, is_off_in_context, root};
use crate::callsite::{Callsite, Subject};
use crate::recorder::{self, Recorder};
use crate::sample::Sampled;
use crate::thread::{Frame, State};

/// A span on the stack of the function that it times.
#[must_use = "the span ends when this is dropped"]
#[derive(Debug)]
pub struct SyncSpan {
    /// The number of entered spans with this one; zero where there is none.
    depth: usize,
    recording: bool,
    attached: Option<ContextGuard>,
}

impl SyncSpan {
    const OFF: Self = Self { depth: 0, recording: false, attached: None };

    /// Starts a span and makes it current, if anything is installed and the trace is sampled.
    #[inline]
    pub fn enter(callsite: &'static Callsite, subject: Subject) -> Self {
        match recorder::active() {
            None => Self::OFF,
            Some(recorder) => enter(recorder, callsite, subject),
        }
    }

    /// Whether parameters are to be captured.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.recording
    }
}

#[inline(never)]
fn enter(recorder: &'static Recorder, callsite: &'static Callsite, subject: Subject) -> SyncSpan {
    if !recorder.attach {
        enter_frame(recorder, callsite, subject)
    } else if is_off_in_context() {
        SyncSpan::OFF
    } else {
        enter_context(recorder, callsite, subject)
    }
}

#[inline(never)]
fn enter_context(recorder: &'static Recorder, callsite: &'static Callsite, subject: Subject) -> SyncSpan {
    started(child_in_context(recorder, callsite, subject, push), recorder, callsite, subject)
}

#[inline(never)]
fn enter_frame(recorder: &'static Recorder, callsite: &'static Callsite, subject: Subject) -> SyncSpan {
    started(child(recorder, callsite, subject, push), recorder, callsite, subject)
}

#[inline]
fn started(
    start: Start<usize>,
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
) -> SyncSpan {
    match start {
        Start::Off => SyncSpan::OFF,
        Start::Child(depth, context) => {
            SyncSpan { depth, recording: true, attached: context.map(Context::attach) }
        }
        Start::Root => enter_root(recorder, callsite, subject),
    }
}

#[cold]
fn enter_root(recorder: &'static Recorder, callsite: &'static Callsite, subject: Subject) -> SyncSpan {
    let Some(Root { core, context, extra }) = root(recorder, callsite, subject) else { return SyncSpan::OFF };
    match State::with(|state| push(state, core, extra)) {
        Some(depth) => {
            SyncSpan { depth, recording: core.place.sampled, attached: context.map(Context::attach) }
        }
        None => SyncSpan::OFF,
    }
}

/// Puts a span on the thread's stack; the number of entered spans with it.
#[inline]
fn push(state: &mut State, core: Core, extra: Option<Box<Sampled>>) -> usize {
    let base = state.buffered();
    if let (Some(extra), Some(output)) = (extra, &mut state.output) {
        ending::encode_extra(&mut output.bytes, &extra);
    }
    state.frames.push(Frame { core, base, structured: false, mark: Mark::None });
    state.depth()
}

impl EndSpan for SyncSpan {
    #[inline]
    fn returned(self) {
        let mut this = ManuallyDrop::new(self);
        if this.depth != 0 {
            returned(this.depth);
            drop(this.attached.take());
        }
    }

    #[inline]
    fn failed(self, error: &ErrorView<'_>) {
        let mut this = ManuallyDrop::new(self);
        if this.depth != 0 {
            ended(this.depth, |core, mark, used| ending::failed(core, mark, used, error));
            drop(this.attached.take());
        }
    }
}

impl Drop for SyncSpan {
    #[inline]
    fn drop(&mut self) {
        if self.depth != 0 {
            ended(self.depth, |core, mark, _| ending::panicked(core, mark));
        }
    }
}

/// The way that has to be fast: one borrow, no copies but that of the record into its chunk.
#[inline(never)]
fn returned(depth: usize) {
    State::with(|state| {
        let flags = state.frames.get(depth - 1).map_or(0, |frame| frame.core.returned());
        state.publish_frame(depth, flags, &[]);
    });
}

/// All other ways. `tail` may run code of the user's.
#[cold]
fn ended(depth: usize, tail: impl FnOnce(&Core, Mark, usize) -> Tail) {
    let seen = State::with(|state| {
        let buffered = state.buffered();
        let frame = state.frames.get(depth - 1)?;
        Some((frame.core, frame.mark, buffered.saturating_sub(frame.base)))
    });
    let Some((core, mark, used)) = seen.flatten() else { return };
    let tail = if core.place.sampled { Some(tail(&core, mark, used)) } else { None };
    State::with(|state| {
        let tail = tail.unwrap_or_default();
        state.publish_frame(depth, tail.flags, &tail.bytes);
        if core.place.sampled {
            state.mark_current(tail.mark);
        }
    });
}
