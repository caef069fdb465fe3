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
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::Context;
use pin_project_lite::pin_project;

use super::Core;
use super::ending::{self, Tail};
use super::mark::Mark;
use super::outcome::{EndSpan, ErrorView};
use super::scope::OwnBufferScope;
use super::start::{Started, start};
use crate::callsite::{Callsite, Subject};
use crate::recorder::record::flag;
use crate::recorder::{self, Recorder};
use crate::thread::{KEPT_BUFFER, Thread};

/// The state of an async span between its polls.
pub(crate) struct OpenSpan {
    core: Core,
    context: Option<Context>,
    attributes: Vec<u8>,
    structured: bool,
    mark: Mark,
}

impl OpenSpan {
    fn new(thread: &Thread, started: Started) -> Box<Self> {
        let Started { core, context, extra } = started;
        let mut open = match thread.spare_span() {
            Some(mut spare) => {
                let mut attributes = std::mem::take(&mut spare.attributes);
                attributes.clear();
                *spare = Self { core, context, attributes, structured: false, mark: Mark::None };
                spare
            }
            None => Box::new(Self { core, context, attributes: Vec::new(), structured: false, mark: Mark::None }),
        };
        if let Some(extra) = extra {
            ending::encode_extra(&mut open.attributes, &extra);
        }
        open
    }

    #[inline]
    fn enter(&mut self, thread: &Thread) -> OwnBufferScope {
        let scope = OwnBufferScope::enter(
            thread,
            self.core.place,
            self.mark,
            self.context.clone(),
            &mut self.attributes,
        );
        thread.structured.set(self.structured);
        scope
    }

    #[inline]
    fn leave(&mut self, thread: &Thread, scope: OwnBufferScope) {
        self.mark = thread.mark.get();
        self.structured = thread.structured.get();
        scope.leave(thread, &mut self.attributes);
    }

    /// Ends the span; it is not current any more, but its mark is `self.mark`.
    fn end(mut self: Box<Self>, tail: impl FnOnce(&Thread, &Core, usize) -> Tail) {
        let core = self.core;
        let ended = Thread::with(move |thread| {
            if core.place.sampled {
                // What the children told this span is looked at where endings look for it.
                let outer = thread.mark.replace(self.mark);
                let tail = tail(thread, &core, self.attributes.len());
                thread.mark.set(tail.mark.unwrap_or(outer));
                let structured = if self.structured { flag::STRUCTURED } else { 0 };
                core.publish(thread, &self.attributes, &tail.bytes, tail.flags | structured);
            }
            self.context = None;
            if self.attributes.capacity() <= KEPT_BUFFER {
                thread.keep_span(self);
            }
        });
        if ended.is_none() && core.place.sampled {
            core.recorder.ledger.dropped_on_exiting_thread();
        }
    }
}

/// An async span that has started and is not polled yet.
#[must_use = "the span is recorded around the future that `run` returns"]
pub struct AsyncSpan(Option<Box<OpenSpan>>);

impl AsyncSpan {
    /// Starts a span, if anything is installed and the trace is sampled. Called at the future's first poll.
    #[inline]
    pub fn start(callsite: &'static Callsite, subject: Subject) -> Self {
        match recorder::active() {
            None => Self(None),
            Some(recorder) => Self::start_active(recorder, callsite, subject),
        }
    }

    #[inline(never)]
    fn start_active(recorder: &'static Recorder, callsite: &'static Callsite, subject: Subject) -> Self {
        let open = Thread::with(|thread| {
            let started = start(thread, recorder, callsite, subject)?;
            Some(OpenSpan::new(thread, started))
        });
        Self(open.flatten())
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
            if this.span.is_some() {
                cancelled(this.span, || this.body.set(None));
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
        if this.span.is_none() {
            return body.poll(cx).map(|output| (output, AsyncEnd(None)));
        }
        let polled = Polled::enter(this.span);
        let poll = body.poll(cx);
        polled.leave();
        poll.map(|output| (output, AsyncEnd(this.span.take())))
    }
}

/// The time in which an async span is current. Dropped without `leave`, the body has unwound through it.
struct Polled<'a> {
    span: &'a mut Option<Box<OpenSpan>>,
    scope: Option<OwnBufferScope>,
}

impl<'a> Polled<'a> {
    #[inline]
    fn enter(span: &'a mut Option<Box<OpenSpan>>) -> Self {
        let scope = span.as_mut().and_then(|open| Thread::with(|thread| open.enter(thread)));
        Self { span, scope }
    }

    #[inline]
    fn leave(mut self) {
        self.put_back();
    }

    #[inline]
    fn put_back(&mut self) {
        if let Some(scope) = self.scope.take()
            && let Some(open) = self.span.as_mut()
        {
            Thread::with(|thread| open.leave(thread, scope));
        }
    }
}

impl Drop for Polled<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.scope.is_some() {
            self.put_back();
            if let Some(open) = self.span.take() {
                open.end(ending::panicked);
            }
        }
    }
}

/// Drops the body inside the span, then ends the span as cancelled.
#[cold]
fn cancelled(span: &mut Option<Box<OpenSpan>>, drop_body: impl FnOnce()) {
    if let Some(open) = span.as_mut() {
        // Only a child that is cancelled from here on counts.
        open.mark = Mark::None;
    }
    let polled = Polled::enter(span);
    drop_body();
    polled.leave();
    if let Some(open) = span.take() {
        open.end(|thread, core, _| ending::cancelled(thread, core));
    }
}

/// The end of an async span, to be given what the function returned.
#[must_use = "the span ends with what the function returned"]
pub struct AsyncEnd(Option<Box<OpenSpan>>);

impl EndSpan for AsyncEnd {
    #[inline]
    fn returned(self) {
        if let Some(open) = self.0 {
            open.end(|_, core, _| Tail::returned(core));
        }
    }

    #[cold]
    fn failed(self, error: &ErrorView<'_>) {
        if let Some(open) = self.0 {
            open.end(|thread, core, used| ending::failed(thread, core, used, error));
        }
    }
}
