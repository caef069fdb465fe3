//! The wrapper of a traced async function.
//!
//! States of a [`Traced`] future, and what ends the span:
//!
//! ```text
//! entered ──first poll──▶ Ready ──▶ AsyncEnd (returned, failed), still entered
//!              │ Pending
//!              ▼
//!            open ──poll──▶ polled ──Ready──▶ AsyncEnd (returned, failed)
//!              │              └──unwinds──▶ ended as panicked, at once
//!              └──dropped──▶ the inner future is dropped inside the span, then ended as cancelled
//! ```
//!
//! A span is entered where the body is polled for the first time, as that of a plain function is, and a body that never waits
//! ends it there: nothing is moved. Only one that waits moves to a box, which the thread reuses (`open`).
//!
//! Panic and cancellation are told apart by where control is, never by `std::thread::panicking()`: a poll that unwinds passes
//! the guard around it; a drop that finds the span not yet ended is a cancellation, also while a neighbour's panic unwinds.

use std::future::Future;
use std::mem::{self, ManuallyDrop};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::trace::Status;
use pin_project_lite::pin_project;

use super::Core;
use super::ending;
use super::mark::Mark;
use super::measured::Measured;
use super::open::OpenSpan;
use super::outcome::{EndSpan, ErrorView};
use super::sync::SyncSpan;
use crate::callsite::{Callsite, Subject};
use crate::capture::Attributes;
use crate::measure::Timer;
use crate::measure_outcome::Outcome;

/// The body of an async function, run inside the span, which was entered just now. To be polled at once, on this thread.
#[inline]
pub fn run<F: Future>(span: impl Begun, body: F) -> Traced<F> {
    Traced { stage: span.entered().0, body: Some(body) }
}

/// A future that a plain function returned, covered by the span in which that ran. From here on the span is entered only
/// while the future is polled; `end` ends it with what the future yields.
#[inline]
pub fn cover<F: Future, E: FnOnce(&F::Output, AsyncEnd)>(
    span: impl Begun,
    future: F,
    end: E,
) -> Covered<F, E> {
    Covered { traced: Traced { stage: span.waiting().0, body: Some(future) }, end: Some(end) }
}

/// How far the span has come.
pub(super) enum Stage {
    /// Not started; `true`: its parameters are captured by the body.
    New(&'static Callsite, Subject, bool),
    /// Entered as the thread's innermost span of this depth, zero where there is none; the body was not polled yet.
    Entered(usize),
    /// The body has waited.
    Open(Box<OpenSpan>),
    /// There is no span, and the call is measured all the same. Dropped, it was cancelled.
    Timed(Timer),
}

pub(super) const OFF: Stage = Stage::Entered(0);

/// The stage in which a future begins.
#[doc(hidden)]
pub struct First(pub(super) Stage);

/// A span that a function has begun, for the future that it returns.
pub trait Begun {
    /// The stage of a span that is polled at once.
    #[doc(hidden)]
    fn entered(self) -> First;
    /// The stage of a span that is left until it is polled.
    #[doc(hidden)]
    fn waiting(self) -> First;
}

impl Begun for SyncSpan {
    #[inline]
    fn entered(self) -> First {
        First(Stage::Entered(self.into_depth()))
    }

    #[inline]
    fn waiting(self) -> First {
        let mut stage = OFF;
        let depth = self.into_depth();
        if depth != 0 {
            suspend(depth, &mut stage);
        }
        First(stage)
    }
}

impl Begun for Measured {
    #[inline]
    fn entered(self) -> First {
        let (span, timer) = self.into_parts();
        timer.map_or_else(|| span.entered(), |timer| First(Stage::Timed(timer)))
    }

    #[inline]
    fn waiting(self) -> First {
        let (span, timer) = self.into_parts();
        timer.map_or_else(|| span.waiting(), |timer| First(Stage::Timed(timer)))
    }
}

pin_project! {
    /// A future covered by the span of the function that returned it.
    pub struct Covered<F: Future, E> {
        #[pin]
        traced: Traced<F>,
        end: Option<E>,
    }
}

impl<F: Future, E: FnOnce(&F::Output, AsyncEnd)> Future for Covered<F, E> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.traced.poll(cx).map(|(output, end)| {
            if let Some(finish) = this.end.take() {
                finish(&output, end);
            }
            output
        })
    }
}

pin_project! {
    /// The body of a traced async function. Yields the body's output and the span's open end.
    pub struct Traced<F: Future> {
        stage: Stage,
        #[pin]
        body: Option<F>,
    }

    impl<F: Future> PinnedDrop for Traced<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Stage::Open(open) = mem::replace(this.stage, OFF) {
                if let Some(open) = cancelled(open, || this.body.set(None)) {
                    open.ended(Outcome::Cancelled, |core, mark, _| ending::cancelled(core, mark));
                }
            }
        }
    }
}

impl<F: Future> Future for Traced<F> {
    type Output = (F::Output, AsyncEnd);

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(body) = this.body.as_pin_mut() else { return Poll::Pending };
        // One call of `poll` for all cases, so that the body is compiled into this function and not beside it.
        let polled = Polled::enter(this.stage);
        match body.poll(cx) {
            Poll::Ready(output) => Poll::Ready((output, polled.end())),
            Poll::Pending => {
                polled.wait();
                Poll::Pending
            }
        }
    }
}

/// The time in which an async span is current. Dropped without `end` or `wait`, the body has unwound through it.
pub(super) struct Polled<'a> {
    stage: &'a mut Stage,
    /// The number of entered spans with this one; zero where it is not entered.
    depth: usize,
}

impl<'a> Polled<'a> {
    #[inline]
    pub(super) fn enter(stage: &'a mut Stage) -> Self {
        let depth = match stage {
            Stage::New(callsite, subject, capture) => {
                let (callsite, subject) = (*callsite, *subject);
                let depth = SyncSpan::enter_for_body(callsite, subject, *capture).into_depth();
                *stage = OFF;
                if depth == 0 && callsite.measured.is_some() {
                    *stage = Timer::start(callsite, subject).map_or(OFF, Stage::Timed);
                }
                depth
            }
            Stage::Entered(depth) => mem::take(depth),
            Stage::Open(open) => open.enter(),
            Stage::Timed(_) => 0,
        };
        Self { stage, depth }
    }

    /// The span, where it is entered for this poll.
    pub(super) fn core(&self) -> Option<&Core> {
        match &self.stage {
            Stage::Open(open) => Some(&open.core),
            _ => None,
        }
    }

    /// The body has finished.
    #[inline]
    pub(super) fn end(self) -> AsyncEnd {
        let mut this = ManuallyDrop::new(self);
        match this.stage {
            Stage::Open(_) | Stage::Timed(_) => this.leave(),
            _ => AsyncEnd(End::Entered(SyncSpan::of_depth(this.depth))),
        }
    }

    /// The body waits.
    #[inline]
    pub(super) fn wait(self) {
        let mut this = ManuallyDrop::new(self);
        if this.depth != 0 {
            suspend(this.depth, this.stage);
        }
    }

    /// The end of a span that was entered again for this poll, or of a call that is none.
    #[inline(never)]
    fn leave(&mut self) -> AsyncEnd {
        match mem::replace(self.stage, OFF) {
            Stage::Open(mut open) => {
                if self.depth != 0 {
                    open.leave(self.depth);
                }
                AsyncEnd(End::Open(open))
            }
            Stage::Timed(timer) => AsyncEnd(End::Timed(timer)),
            _ => AsyncEnd(End::Entered(SyncSpan::of_depth(0))),
        }
    }
}

impl Drop for Polled<'_> {
    #[cold]
    fn drop(&mut self) {
        if let Stage::Open(_) | Stage::Timed(_) = self.stage {
            match self.leave().0 {
                End::Open(open) => open.ended(Outcome::Panic, |core, mark, _| ending::panicked(core, mark)),
                End::Timed(timer) => timer.end(Outcome::Panic),
                End::Entered(_) => {}
            }
        } else {
            // What a span that is dropped takes for its reason is a panic.
            drop(SyncSpan::of_depth(self.depth));
        }
    }
}

/// Keeps the span until the next poll.
#[inline(never)]
fn suspend(depth: usize, stage: &mut Stage) {
    match stage {
        Stage::Open(open) => open.leave(depth),
        _ => *stage = OpenSpan::suspend(depth).map_or(OFF, Stage::Open),
    }
}

/// Drops the body inside the span. Yields the span, to be ended as cancelled.
#[cold]
pub(super) fn cancelled(mut open: Box<OpenSpan>, drop_body: impl FnOnce()) -> Option<Box<OpenSpan>> {
    // Only a child that is cancelled from here on counts.
    open.mark = Mark::None;
    let mut stage = Stage::Open(open);
    let polled = Polled::enter(&mut stage);
    drop_body();
    polled.end().into_open()
}

/// The end of an async span, to be given what the function returned.
#[must_use = "the span ends with what the function returned"]
pub struct AsyncEnd(End);

enum End {
    /// The body never waited: the span is still entered.
    Entered(SyncSpan),
    /// It did: the span is left already.
    Open(Box<OpenSpan>),
    /// There is no span.
    Timed(Timer),
}

impl AsyncEnd {
    /// The span, where it is left already.
    pub(super) fn into_open(self) -> Option<Box<OpenSpan>> {
        match self.0 {
            End::Open(open) => Some(open),
            End::Entered(_) | End::Timed(_) => None,
        }
    }

    /// The time of a call that is no span.
    pub(super) fn into_span_or_timer(self) -> Result<Option<Box<OpenSpan>>, Timer> {
        match self.0 {
            End::Open(open) => Ok(Some(open)),
            End::Entered(_) => Ok(None),
            End::Timed(timer) => Err(timer),
        }
    }
}

impl EndSpan for AsyncEnd {
    #[inline]
    fn returned(self) {
        match self.0 {
            End::Entered(span) => span.returned(),
            End::Open(open) => open.returned(),
            End::Timed(timer) => timer.end(Outcome::Ok),
        }
    }

    #[inline]
    fn failed(self, error: &ErrorView<'_>) {
        match self.0 {
            End::Entered(span) => span.failed(error),
            End::Open(open) => {
                open.ended(Outcome::Error, |core, mark, used| ending::failed(core, mark, used, error));
            }
            End::Timed(timer) => timer.end(Outcome::Error),
        }
    }

    fn with_status(self, status: Status) {
        match self.0 {
            End::Entered(span) => span.with_status(status),
            End::Open(open) => open.ended(Outcome::of(&status), |_, _, _| ending::given(&status)),
            End::Timed(timer) => timer.end(Outcome::of(&status)),
        }
    }

    fn is_recorded(&self) -> bool {
        match &self.0 {
            End::Entered(span) => span.is_recorded(),
            // What the program says of the return value is the call's outcome, too.
            End::Open(_) | End::Timed(_) => true,
        }
    }

    fn attributes(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        match &mut self.0 {
            End::Entered(span) => span.attributes(write),
            End::Open(open) => open.attributes(write),
            End::Timed(_) => {}
        }
    }
}
