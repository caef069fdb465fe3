//! The guard of a traced plain function.
//!
//! The body runs in a closure, so it can leave only by returning, after which the macro calls `returned` or an outcome does
//! `failed`, or by unwinding: a guard that is dropped without either was unwound through.
//!
//! What is known of the span lies in a frame on the thread's stack of entered spans; the guard is only that frame's number,
//! so that it lives in a register where nothing is recorded.

use std::mem::ManuallyDrop;

use super::Core;
use super::ending::{self, Tail};
use super::mark::Mark;
use super::outcome::{EndSpan, ErrorView};
use super::start::{Start, Started, child_in_context, child_of_frame, is_off_in_context, root};
use crate::callsite::{Callsite, Subject};
use crate::recorder::{self, Recorder};
use crate::thread::{Frame, State};

/// A span on the stack of the function that it times.
#[must_use = "the span ends when this is dropped"]
#[derive(Debug)]
pub struct SyncSpan {
    /// One more than the frame's index; zero where there is none.
    depth: usize,
    recording: bool,
}

impl SyncSpan {
    const OFF: Self = Self { depth: 0, recording: false };

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
        return enter_frame(recorder, callsite, subject);
    }
    if is_off_in_context() {
        return SyncSpan::OFF;
    }
    let entered = State::with(|state| enter_context(state, recorder, callsite, subject));
    entered.unwrap_or(Some(SyncSpan::OFF)).unwrap_or_else(|| enter_root(recorder, callsite, subject))
}

#[inline(never)]
fn enter_frame(recorder: &'static Recorder, callsite: &'static Callsite, subject: Subject) -> SyncSpan {
    let entered = State::with(|state| {
        let Some(core) = child_of_frame(state, recorder, callsite, subject)? else {
            return Some(SyncSpan::OFF);
        };
        if state.output.is_none() {
            return Some(SyncSpan::OFF);
        }
        let base = state.buffered();
        state.count_started(recorder);
        state.frames.push(Frame { core, base, structured: false, mark: Mark::None, attached: None });
        Some(SyncSpan { depth: state.depth(), recording: true })
    });
    match entered {
        Some(Some(span)) => span,
        Some(None) => enter_root(recorder, callsite, subject),
        None => SyncSpan::OFF,
    }
}

#[inline(never)]
fn enter_context(
    state: &mut State,
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
) -> Option<SyncSpan> {
    if state.output.is_none() {
        return Some(SyncSpan::OFF);
    }
    match child_in_context(state, recorder, callsite, subject) {
        Start::Off => Some(SyncSpan::OFF),
        Start::Child(started) => Some(push(state, started)),
        Start::Root => None,
    }
}

#[cold]
fn enter_root(recorder: &'static Recorder, callsite: &'static Callsite, subject: Subject) -> SyncSpan {
    root(recorder, callsite, subject)
        .and_then(|started| State::with(|state| push(state, started)))
        .unwrap_or(SyncSpan::OFF)
}

#[inline]
fn push(state: &mut State, started: Started) -> SyncSpan {
    let Started { core, context, extra } = started;
    let base = state.buffered();
    if let (Some(extra), Some(output)) = (extra, &mut state.output) {
        ending::encode_extra(&mut output.bytes, &extra);
    }
    let recording = core.place.sampled;
    let attached = context.map(opentelemetry::Context::attach);
    state.frames.push(Frame { core, base, structured: false, mark: Mark::None, attached });
    SyncSpan { depth: state.depth(), recording }
}

impl EndSpan for SyncSpan {
    #[inline]
    fn returned(self) {
        let Self { depth, .. } = *ManuallyDrop::new(self);
        if depth != 0 {
            returned(depth);
        }
    }

    #[inline]
    fn failed(self, error: &ErrorView<'_>) {
        let Self { depth, .. } = *ManuallyDrop::new(self);
        if depth != 0 {
            ended(depth, |core, mark, used| ending::failed(core, mark, used, error));
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
    let attached = State::with(|state| {
        let flags = state.frames.get(depth - 1)?.core.returned();
        state.publish_frame(depth, flags, &[])
    });
    // Dropping it may run destructors of what others keep in the context: outside of the borrow.
    if let Some(Some(attached)) = attached {
        drop(attached);
    }
}

/// All other ways. `tail` may run code of the user's.
#[cold]
fn ended(depth: usize, tail: impl FnOnce(&Core, Mark, usize) -> Tail) {
    let seen = State::with(|state| {
        let buffered = state.buffered();
        let frame = state.frames.get(depth - 1)?;
        Some((frame.core, frame.mark, buffered - frame.base))
    });
    let Some((core, mark, used)) = seen.flatten() else { return };
    let tail = if core.place.sampled { Some(tail(&core, mark, used)) } else { None };
    let attached = State::with(|state| {
        let tail = tail.unwrap_or_default();
        let attached = state.publish_frame(depth, tail.flags, &tail.bytes);
        if core.place.sampled {
            *state.current_mark() = tail.mark;
        }
        attached
    });
    drop(attached);
}
