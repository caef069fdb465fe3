//! The wrapper of a traced async function.
//!
//! States of a [`Traced`] future, and what ends the span:
//!
//! ```text
//! pending ──poll──▶ polled ──Ready──▶ AsyncEnd (returned, failed)
//!    │                 └──unwinds──▶ ended as panicked, at once
//!    └──dropped──▶ the inner future is dropped inside the span, then ended as cancelled
//! ```
//!
//! Panic and cancellation are told apart by where control is, never by `std::thread::panicking()`: a poll that unwinds passes
//! the guard around it; a drop that finds the span not yet ended is a cancellation, also while a neighbour's panic unwinds.
//!
//! The span is current while the inner future is polled or dropped, and not between. Its state lies in a box that the thread
//! reuses, so the future grows by one pointer and a span allocates nothing once the thread is warm.

use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use pin_project_lite::pin_project;

use super::ending;
use super::mark::Mark;
use super::open::{Entered, OpenSpan};
use super::outcome::{EndSpan, ErrorView};
use super::start::{Root, Start, child, root};
use crate::callsite::{Callsite, Subject};
use crate::recorder::{self, Recorder};
use crate::thread::State;

/// An async span that has started and is not polled yet.
#[must_use = "the span is recorded around the future that `run` returns"]
pub struct AsyncSpan(Option<Box<OpenSpan>>);

impl AsyncSpan {
    /// Starts a span, if anything is installed and the trace is sampled. Called at the future's first poll.
    #[inline]
    pub fn start(callsite: &'static Callsite, subject: Subject) -> Self {
        match recorder::active() {
            None => Self(None),
            Some(recorder) => Self(start_active(recorder, callsite, subject)),
        }
    }

    /// Whether parameters are to be captured.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.0.as_ref().is_some_and(|open| open.core.place.sampled)
    }

    /// The body, run inside the span.
    #[inline]
    pub fn run<F: Future>(self, body: F) -> Traced<F> {
        Traced { span: self.0, body: Some(body) }
    }
}

#[inline(never)]
fn start_active(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
) -> Option<Box<OpenSpan>> {
    match child(recorder, callsite, subject, OpenSpan::new) {
        Start::Off => None,
        Start::Child(mut open, context) => {
            open.context = context;
            Some(open)
        }
        Start::Root => start_root(recorder, callsite, subject),
    }
}

#[cold]
fn start_root(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
) -> Option<Box<OpenSpan>> {
    let Root { core, context, extra } = root(recorder, callsite, subject)?;
    let mut open = State::with(|state| OpenSpan::new(state, core, extra))?;
    open.context = context;
    Some(open)
}

pin_project! {
    /// The body of a traced async function. Yields the body's output and the span's open end.
    pub struct Traced<F: Future> {
        span: Option<Box<OpenSpan>>,
        #[pin]
        body: Option<F>,
    }

    impl<F: Future> PinnedDrop for Traced<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(open) = this.span.take() {
                cancelled(open, || this.body.set(None));
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
        // One call of `poll` for both cases, so that the body is compiled into this function and not beside it.
        let polled = Polled::enter(this.span);
        let poll = body.poll(cx);
        polled.leave();
        match poll {
            Poll::Ready(output) => Poll::Ready((output, AsyncEnd(this.span.take()))),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// The time in which an async span is current. Dropped without `leave`, the body has unwound through it.
struct Polled<'a> {
    span: &'a mut Option<Box<OpenSpan>>,
    entered: Option<Entered>,
}

impl<'a> Polled<'a> {
    #[inline]
    fn enter(span: &'a mut Option<Box<OpenSpan>>) -> Self {
        let entered = span.as_mut().and_then(|open| open.enter());
        Self { span, entered }
    }

    #[inline]
    fn leave(self) {
        let mut this = ManuallyDrop::new(self);
        if this.entered.is_some() {
            this.put_back();
        }
    }

    fn put_back(&mut self) {
        if let (Some(entered), Some(open)) = (self.entered.take(), self.span.as_mut()) {
            open.leave(entered);
        }
    }
}

impl Drop for Polled<'_> {
    #[cold]
    fn drop(&mut self) {
        self.put_back();
        if let Some(open) = self.span.take() {
            open.ended(|core, mark, _| ending::panicked(core, mark));
        }
    }
}

/// Drops the body inside the span, then ends the span as cancelled.
#[cold]
fn cancelled(open: Box<OpenSpan>, drop_body: impl FnOnce()) {
    let mut span = Some(open);
    if let Some(open) = &mut span {
        // Only a child that is cancelled from here on counts.
        open.mark = Mark::None;
    }
    let polled = Polled::enter(&mut span);
    drop_body();
    polled.leave();
    if let Some(open) = span {
        open.ended(|core, mark, _| ending::cancelled(core, mark));
    }
}

/// The end of an async span, to be given what the function returned.
#[must_use = "the span ends with what the function returned"]
pub struct AsyncEnd(Option<Box<OpenSpan>>);

impl EndSpan for AsyncEnd {
    #[inline]
    fn returned(self) {
        if let Some(open) = self.0 {
            open.returned();
        }
    }

    #[cold]
    fn failed(self, error: &ErrorView<'_>) {
        if let Some(open) = self.0 {
            open.ended(|core, mark, used| ending::failed(core, mark, used, error));
        }
    }
}
