//! The guard of a traced plain function.
//!
//! The body runs in a closure, so it can leave only by returning, after which the macro calls `returned` or an outcome does
//! `failed`, or by unwinding: a guard that is dropped without either was unwound through.
//!
//! What is known of the span lies in a frame on the thread's stack of entered spans; the guard is only that frame's number,
//! so that it lives in a register.

use std::any::type_name;
use std::mem::ManuallyDrop;
use std::num::NonZeroUsize;

use opentelemetry::trace::{SpanContext, Status};

use super::Core;
use super::ending::{self, Tail};
use super::mark::Mark;
use super::off;
use super::outcome::{EndSpan, ErrorView};
use super::root;
use super::start::{self, Capture, OFF};
use crate::callsite::{Callsite, Subject};
use crate::capture::Attributes;
use crate::capture::buffer;
use crate::capture::by_type::caught;
use crate::capture::session::{Parameters, Session};
use crate::measure_outcome::Outcome;
use crate::recorder;
use crate::thread::leave::NotPlain;
use crate::thread::{Busy, State};

/// A span on the stack of the function that it times: the number of entered spans with this one; zero where there is none. Dropped
/// before it was given an end, it was unwound through.
#[must_use = "the span ends when this is dropped"]
#[derive(Debug)]
pub struct SyncSpan(usize);

impl SyncSpan {
    /// No span, and none that has begun.
    pub const OFF: Self = Self(0);

    /// Starts a span and makes it current, if anything is installed and the trace is sampled.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a call that is not recorded is to be no call")
    )]
    pub fn enter(callsite: &'static Callsite, subject: Subject) -> Self {
        if off::is_off() {
            return Self(0);
        }
        Self(start::enter(callsite, subject).0)
    }

    /// The same, and where its parameters go. No code of a user's may run before that is used or dropped.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a call that is not recorded is to be no call")
    )]
    pub fn enter_capturing(callsite: &'static Callsite, subject: Subject) -> (Self, Parameters) {
        if off::is_off() {
            return (Self(0), Parameters::NONE);
        }
        let (depth, session) = start::enter_capturing(callsite, subject);
        (Self(depth), session)
    }

    /// The same under a parent that the program names; a context that is not valid makes a root, and so does a panic in the
    /// expression that names it.
    pub fn enter_under(
        callsite: &'static Callsite,
        subject: Subject,
        capture: bool,
        parent: impl FnOnce() -> SpanContext,
    ) -> (Self, Parameters) {
        let (depth, session) = match recorder::active() {
            None => OFF,
            Some(recorder) => {
                let parent = {
                    // The program's code: nothing is recorded while it runs.
                    let _busy = Busy::begin();
                    caught(parent).unwrap_or(SpanContext::NONE)
                };
                root::enter_given(recorder, callsite, subject, Capture::first(capture), &parent)
            }
        };
        (Self(depth), session)
    }

    /// Adds attributes to the span.
    pub(super) fn add(&self, write: impl FnOnce(&mut Attributes<'_>)) {
        let output = State::with_innermost(self.0, |state| {
            let callsite = state.frames.last().filter(|frame| frame.core.is_sampled())?.core.record.callsite;
            Some(state.begin_capture(callsite))
        });
        Session::of(output.flatten().unwrap_or(Parameters::NONE)).write(write);
    }

    /// Ends the span as one that was unwound through.
    pub(crate) fn panicked(mut self) {
        panicked(self.take());
    }

    /// The number of entered spans with this one, which is no span from here on.
    #[cfg_attr(not(debug_assertions), inline)]
    fn take(&mut self) -> usize {
        std::mem::take(&mut self.0)
    }

    /// Whether there is no span.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn is_off(&self) -> bool {
        self.0 == 0
    }

    /// The number of entered spans with this one; the span goes on.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn into_depth(self) -> usize {
        ManuallyDrop::new(self).0
    }

    /// The span that was entered as the `depth`th.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn of_depth(depth: usize) -> Self {
        Self(depth)
    }
}

/// Where the body of a function runs: a span, or that and the time of the call.
pub trait Guard {
    /// A call begins. With `capture`, its parameters are written next: no code of a user's may run before they are done.
    fn begin(&mut self, callsite: &'static Callsite, subject: Subject, capture: bool) -> Parameters;
}

impl Guard for SyncSpan {
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a call that is not recorded is to be no call")
    )]
    fn begin(&mut self, callsite: &'static Callsite, subject: Subject, capture: bool) -> Parameters {
        if off::is_off() {
            return Parameters::NONE;
        }
        let (depth, parameters) =
            if capture { start::enter_capturing(callsite, subject) } else { start::enter(callsite, subject) };
        self.0 = depth;
        parameters
    }
}

impl EndSpan for &mut SyncSpan {
    #[cfg_attr(not(debug_assertions), inline)]
    fn returned(self) {
        if let Some(depth) = NonZeroUsize::new(self.take()) {
            returned(depth);
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn failed(self, error: &ErrorView<'_>) {
        let depth = self.take();
        if depth != 0 {
            ended(depth, Outcome::Error, |core, mark, used| ending::failed(core, mark, used, error));
        }
    }

    fn with_status(self, status: Status) {
        let depth = self.take();
        if depth != 0 {
            ended(depth, Outcome::of(&status), |_, _, _| ending::given(&status));
        }
    }

    fn is_recorded(&self) -> bool {
        self.0 != 0
    }

    fn attributes(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        self.add(write);
    }
}

impl Drop for SyncSpan {
    #[cfg_attr(not(debug_assertions), inline)]
    fn drop(&mut self) {
        if self.0 != 0 {
            unwound(self.0);
        }
    }
}

/// Calls the body of a function that is no method within `span`, which begins here.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in a debug build, a function more for each that is traced")]
pub fn in_span<R, F: FnOnce(Parameters) -> R>(
    span: &mut impl Guard,
    callsite: &'static Callsite,
    capture: bool,
    body: F,
) -> R {
    // The name of the body holds the path to the function.
    body(span.begin(callsite, type_name::<F>, capture))
}

/// The same for a function with a receiver, whose type is the subject.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in a debug build, a function more for each that is traced")]
pub fn in_method_span<R>(
    span: &mut impl Guard,
    callsite: &'static Callsite,
    subject: Subject,
    capture: bool,
    body: impl FnOnce(Parameters) -> R,
) -> R {
    body(span.begin(callsite, subject, capture))
}

/// The way that has to be fast: one borrow, no copies but that of the record into its chunk.
#[cold]
fn returned(depth: NonZeroUsize) {
    match State::with_plain(|state| state.publish_plain(depth)) {
        Some(Ok(())) => {}
        Some(Err(NotPlain)) | None => returned_attached(depth),
    }
}

/// The same where it is attached, or the drain is behind.
#[cold]
#[inline(never)]
fn returned_attached(depth: NonZeroUsize) {
    match State::with(|state| state.publish_attached(depth)) {
        Some(Ok(attached)) => drop(attached),
        Some(Err(NotPlain)) | None => returned_otherwise(depth.get()),
    }
}

/// Where more is to be done than to copy the record.
#[cold]
#[inline(never)]
fn returned_otherwise(depth: usize) {
    let attached = State::with_innermost(depth, |state| {
        let flags = state.frames.last().map_or(0, |frame| frame.core.returned());
        state.publish_innermost(flags, &[], Some(Outcome::Ok))
    });
    drop(attached);
}

/// A body has unwound.
#[cold]
fn unwound(depth: usize) {
    State::with(|_| buffer::renew());
    panicked(depth);
}

#[cold]
fn panicked(depth: usize) {
    ended(depth, Outcome::Panic, |core, mark, _| ending::panicked(core, mark));
}

/// All other ways. `tail` may run code of the user's.
#[cold]
fn ended(depth: usize, outcome: Outcome, tail: impl FnOnce(&Core, Mark, usize) -> Tail) {
    let seen = State::with_innermost(depth, |state| {
        let frame = state.frames.last()?;
        let used = buffer::with(|output| {
            let used = output.bytes.len().saturating_sub(frame.base);
            used + output.bytes.more_from(frame.base)
        });
        Some((frame.core, frame.mark, used.unwrap_or_default()))
    });
    let Some((core, mark, used)) = seen.flatten() else { return };
    let tail = if core.is_sampled() { tail(&core, mark, used) } else { Tail::default() };
    let attached = State::with_innermost(depth, |state| {
        let attached = state.publish_innermost(tail.flags, &tail.bytes, Some(outcome));
        if let Some(mark) = tail.mark {
            state.mark_current(mark);
        }
        attached
    });
    drop(attached);
}
