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
use std::marker::PhantomData;
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
pub const fn traced<F: Future, E: Fn(&F::Output, Polled)>(
    callsite: &'static Callsite,
    capture: bool,
    body: F,
    end: E,
) -> Traced<F, E, Body> {
    new(callsite, capture, body, end)
}

/// The future of an `async fn` with a receiver, whose type `S` is the subject.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in a debug build, a function more for each that is traced")]
pub const fn traced_method<S: ?Sized, F: Future, E: Fn(&F::Output, Polled)>(
    callsite: &'static Callsite,
    capture: bool,
    body: F,
    end: E,
) -> Traced<F, E, Receiver<S>> {
    new(callsite, capture, body, end)
}

/// Whose call this is, for a future that does not say so itself.
pub trait Named<F> {
    /// The name of that type.
    const SUBJECT: Subject;
}

/// The function's: the name of its body holds the path to it.
pub struct Body;

impl<F> Named<F> for Body {
    const SUBJECT: Subject = type_name::<F>;
}

/// The receiver's.
pub struct Receiver<S: ?Sized>(PhantomData<S>);

impl<F, S: ?Sized> Named<F> for Receiver<S> {
    const SUBJECT: Subject = type_name::<S>;
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "in a debug build, a function more for each that is traced")]
const fn new<F, E, S>(callsite: &'static Callsite, capture: bool, body: F, end: E) -> Traced<F, E, S> {
    let span = Held(ManuallyDrop::new(Stage::new(callsite, capture)));
    Traced { body, end, span, subject: PhantomData }
}

/// See the module's documentation. Fields drop in this order: what ends the span comes last.
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Traced<F, E, S> {
    body: F,
    end: E,
    span: Held,
    subject: PhantomData<fn() -> *const S>,
}

/// The span of a body, which ends as cancelled when it is dropped after [`begin_drop`]. What is dropped is a matter of its
/// own `Drop`, and for most futures that is nothing: one look says so.
struct Held(ManuallyDrop<Stage>);

impl Held {
    #[cfg_attr(not(debug_assertions), inline)]
    fn take(&mut self) -> Stage {
        mem::take(&mut *self.0)
    }

    /// What was taken, or what came of it. There is nothing to be dropped in its place.
    #[cfg_attr(not(debug_assertions), inline)]
    fn put(&mut self, stage: Stage) {
        self.0 = ManuallyDrop::new(stage);
    }

    /// Whether there is something to do where the body is dropped.
    #[cfg_attr(not(debug_assertions), inline)]
    fn is_needed(&self) -> bool {
        matches!(*self.0, Stage::Open(_) | Stage::Timed(_) | Stage::Ending(_) | Stage::Unwinding(_))
    }
}

/// The body is dropped next: inside the span, where that has not ended yet.
#[cold]
#[inline(never)]
fn begin_drop(stage: Stage) -> Stage {
    match stage {
        Stage::Open(mut open) => {
            // Only a child that is cancelled from here on counts.
            open.mark = Mark::None;
            open.enter();
            if panicking() { Stage::Unwinding(open) } else { Stage::Ending(open) }
        }
        stage => stage,
    }
}

/// The body is dropped.
#[cold]
#[inline(never)]
fn end_drop(stage: Stage) {
    let (mut open, is_panic) = match stage {
        Stage::Ending(open) => (open, panicking()),
        Stage::Unwinding(open) => (open, false),
        _ => return,
    };
    open.leave();
    if is_panic {
        open.ended(Outcome::Panic, |core, mark, _| ending::panicked(core, mark));
    } else {
        open.ended(Outcome::Cancelled, |core, mark, _| ending::cancelled(core, mark));
    }
}

impl Drop for Held {
    #[cfg_attr(not(debug_assertions), inline)]
    fn drop(&mut self) {
        if self.is_needed() {
            end_drop(self.take());
        }
    }
}

impl<F, E, S> Traced<F, E, S> {
    /// The same for a function whose calls are measured, also where they are no spans.
    pub fn measured(mut self) -> Self {
        let stage = self.span.take();
        self.span.put(stage.measured());
        self
    }
}

impl<F, E, S> Drop for Traced<F, E, S> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn drop(&mut self) {
        if self.span.is_needed() {
            let stage = self.span.take();
            self.span.put(begin_drop(stage));
        }
    }
}

impl<F: Future, E: Fn(&F::Output, Polled), S: Named<F>> Future for Traced<F, E, S> {
    type Output = F::Output;

    #[cfg_attr(not(debug_assertions), inline)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: `body` is not moved: not here, not by `Drop`, which only touches `span`, and nowhere else. The
        // other fields are never pinned, and `Traced` is `Unpin` only where `F` is.
        let this = unsafe { self.get_unchecked_mut() };
        let polled = Polled::enter(this.span.take(), S::SUBJECT);
        // One call of `poll` for all cases, so that the body is compiled into this function and not beside it.
        // SAFETY: as above: what `self` pins stays where it is, and `body` is a part of that.
        let poll = unsafe { Pin::new_unchecked(&mut this.body) }.poll(cx);
        match &poll {
            Poll::Ready(output) => (this.end)(output, polled),
            Poll::Pending => this.span.put(polled.wait()),
        }
        poll
    }
}
