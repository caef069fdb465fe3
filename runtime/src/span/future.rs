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
use std::mem;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use pin_project_lite::pin_project;

use super::async_end::AsyncEnd;
use super::ending;
use super::measured::Measured;
use super::polled::{Polled, Stage, cancelled, suspend};
use super::sync::SyncSpan;
use crate::measure::Kept;
use crate::measure_outcome::Outcome;

/// The body of an async function, run inside the span, which was entered just now. To be polled at once, on this thread.
#[cfg_attr(not(debug_assertions), inline)]
pub fn run<F: Future>(span: impl Begun, body: F) -> Traced<F> {
    Traced { stage: span.entered().0, body: Some(body) }
}

/// A future that a plain function returned, covered by the span in which that ran. From here on the span is entered only
/// while the future is polled; `end` ends it with what the future yields.
#[cfg_attr(not(debug_assertions), inline)]
pub fn cover<F: Future, E: FnOnce(&F::Output, AsyncEnd)>(
    span: impl Begun,
    future: F,
    end: E,
) -> Covered<F, E> {
    Covered { traced: Traced { stage: span.waiting().0, body: Some(future) }, end: Some(end) }
}

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
    #[cfg_attr(not(debug_assertions), inline)]
    fn entered(self) -> First {
        First(Stage::entered(self.into_depth()))
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn waiting(self) -> First {
        let stage = Stage::entered(self.into_depth());
        First(if stage.is_off() { stage } else { suspend(stage) })
    }
}

impl Begun for Measured {
    #[cfg_attr(not(debug_assertions), inline)]
    fn entered(self) -> First {
        let (span, timer) = self.into_parts();
        timer.map_or_else(|| span.entered(), |timer| First(Stage::Timed(Kept::new(timer))))
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn waiting(self) -> First {
        let (span, timer) = self.into_parts();
        timer.map_or_else(|| span.waiting(), |timer| First(Stage::Timed(Kept::new(timer))))
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

    #[cfg_attr(not(debug_assertions), inline)]
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
            if let Stage::Open(open) = mem::take(this.stage) {
                if let Some(open) = cancelled(open, || this.body.set(None)) {
                    open.ended(Outcome::Cancelled, |core, mark, _| ending::cancelled(core, mark));
                }
            }
        }
    }
}

impl<F: Future> Future for Traced<F> {
    type Output = (F::Output, AsyncEnd);

    #[cfg_attr(not(debug_assertions), inline)]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(body) = this.body.as_pin_mut() else { return Poll::Pending };
        // One call of `poll` for all cases, so that the body is compiled into this function and not beside it.
        let polled = Polled::enter_again(mem::take(this.stage));
        match body.poll(cx) {
            Poll::Ready(output) => Poll::Ready((output, polled.end())),
            Poll::Pending => {
                *this.stage = polled.wait();
                Poll::Pending
            }
        }
    }
}
