//! The future of a traced `async fn`: its body, and the span that starts with the first poll.
//!
//! ```text
//! new ──first poll──▶ Ready ──▶ ended with what the body returned
//!  │         │ Pending
//!  │         ▼
//!  │       open ──poll──▶ Ready ──▶ ended        (a poll that unwinds: ended as panicked, at once)
//!  │         └──dropped──▶ ending ──▶ the body is dropped inside the span ──▶ ended as cancelled
//!  └──dropped──▶ no span
//! ```
//!
//! The body is the only future: an `async fn` becomes a function that returns this around an `async` block, so arguments are
//! stored once. It is pinned in place by hand, and dropped by order of fields, because what is generic here is compiled again
//! for each traced function: a projection and an `Option` around the body were a third of what that costs.
#![expect(unsafe_code, reason = "the projection of a pin, for a body that is never moved")]

use std::any::type_name;
use std::future::Future;
use std::mem::{self, ManuallyDrop};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread::panicking;

use super::ending;
use super::mark::Mark;
use super::polled::{Polled, Stage};
use crate::callsite::{Callsite, Subject};
use crate::measure_outcome::Outcome;

/// The future of an `async fn` that is no method. With `capture`, the first thing that `body` does is to ask for its session.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in a debug build, a function more for each that is traced")]
pub const fn traced<F: Future, E: Fn(&F::Output, Polled<'_>)>(
    callsite: &'static Callsite,
    capture: bool,
    body: F,
    end: E,
) -> Traced<F, E> {
    // The name of the body holds the path to the function.
    traced_method(callsite, type_name::<F>, capture, body, end)
}

/// The future of an `async fn` with a receiver, whose type is the subject.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in a debug build, a function more for each that is traced")]
pub const fn traced_method<F: Future, E: Fn(&F::Output, Polled<'_>)>(
    callsite: &'static Callsite,
    subject: Subject,
    capture: bool,
    body: F,
    end: E,
) -> Traced<F, E> {
    Traced { body, end, span: Held(ManuallyDrop::new(Stage::New(callsite, subject, capture))) }
}

/// See the module's documentation. Fields drop in this order: what ends the span comes last.
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Traced<F, E> {
    body: F,
    end: E,
    span: Held,
}

/// The span of a body, which ends as cancelled when it is dropped after [`Held::begin_drop`]. What is dropped is a matter of its
/// own `Drop`, and for most futures that is nothing: one look says so.
struct Held(ManuallyDrop<Stage>);

impl Held {
    /// The body is dropped next: inside the span, where that has not ended yet.
    #[cold]
    fn begin_drop(&mut self) {
        *self.0 = match mem::replace(&mut *self.0, Stage::Off) {
            Stage::Open(mut open) => {
                // Only a child that is cancelled from here on counts.
                open.mark = Mark::None;
                open.enter();
                Stage::Ending { open, unwinding: panicking() }
            }
            stage => stage,
        };
    }

    /// The body is dropped.
    #[cold]
    fn end(&mut self) {
        if let Stage::Ending { mut open, unwinding } = mem::replace(&mut *self.0, Stage::Off) {
            open.leave();
            if panicking() && !unwinding {
                open.ended(Outcome::Panic, |core, mark, _| ending::panicked(core, mark));
            } else {
                open.ended(Outcome::Cancelled, |core, mark, _| ending::cancelled(core, mark));
            }
        }
    }

    /// Whether there is something to do where the body is dropped.
    #[cfg_attr(not(debug_assertions), inline)]
    fn is_needed(&self) -> bool {
        !matches!(*self.0, Stage::Off | Stage::New(..) | Stage::Measured(..))
    }
}

impl Drop for Held {
    #[cfg_attr(not(debug_assertions), inline)]
    fn drop(&mut self) {
        if self.is_needed() {
            self.end();
        }
    }
}

impl<F, E> Traced<F, E> {
    /// The same for a function whose calls are measured, also where they are no spans.
    pub fn measured(mut self) -> Self {
        self.span.0.measure();
        self
    }
}

impl<F, E> Drop for Traced<F, E> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn drop(&mut self) {
        if self.span.is_needed() {
            self.span.begin_drop();
        }
    }
}

impl<F: Future, E: Fn(&F::Output, Polled<'_>)> Future for Traced<F, E> {
    type Output = F::Output;

    #[cfg_attr(not(debug_assertions), inline)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: `body` is not moved: not here, not by `Drop`, which only has `begin_drop` touch `span`, and nowhere else. The
        // other fields are never pinned, and `Traced` is `Unpin` only where `F` is.
        let this = unsafe { self.get_unchecked_mut() };
        let polled = Polled::enter(&mut this.span.0);
        // One call of `poll` for all cases, so that the body is compiled into this function and not beside it.
        // SAFETY: as above: what `self` pins stays where it is, and `body` is a part of that.
        let poll = unsafe { Pin::new_unchecked(&mut this.body) }.poll(cx);
        match &poll {
            Poll::Ready(output) => (this.end)(output, polled),
            Poll::Pending => polled.wait(),
        }
        poll
    }
}
