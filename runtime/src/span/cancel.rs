//! Cancellation: why a future was dropped before it finished, and how to say so.
//!
//! A dropped future is not told why. [`reason`] says it for everything that is dropped inside a scope, and [`timeout`] is a
//! time limit that says it by itself.
//!
//! ```
//! # async fn answer() -> u32 { 1 }
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! use std::time::Duration;
//! use wirespan::cancel;
//!
//! // The spans inside end as cancelled, with `cancellation.reason = "timeout"`, when the second is over.
//! let answer = cancel::timeout(Duration::from_secs(1), answer()).await;
//! assert_eq!(answer, Ok(1));
//!
//! // The same for a future that the program drops itself.
//! let request = Box::pin(async { });
//! {
//!     let _scope = cancel::reason("client_disconnected");
//!     drop(request);
//! }
//! # }
//! ```

use std::borrow::Cow;
use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::thread::State;

/// The reasons that are in force on a thread, outermost first.
pub(crate) type Reasons = Vec<Cow<'static, str>>;

/// Says why futures are dropped while the returned scope lives, on this thread. Hold it across no `.await`: what other tasks drop
/// there meanwhile would have the reason, too.
///
/// Scopes nest: the innermost counts. Keep reasons few (they are an attribute's values): `client_disconnected`, `timeout`,
/// `shutdown`, `superseded`.
pub fn reason(reason: impl Into<Cow<'static, str>>) -> ReasonScope {
    let reason = reason.into();
    let depth = State::with(|state| {
        state.reasons.push(reason);
        state.reasons.len()
    });
    ReasonScope { depth: depth.unwrap_or(0), _this_thread_only: PhantomData }
}

/// While it lives, futures that are dropped on this thread were cancelled for its reason.
#[must_use = "the reason is in force only while the scope lives: `let _scope = cancel::reason(…)`"]
#[derive(Debug)]
pub struct ReasonScope {
    depth: usize,
    _this_thread_only: PhantomData<*const ()>,
}

impl Drop for ReasonScope {
    fn drop(&mut self) {
        if self.depth > 0 {
            State::with(|state| state.reasons.truncate(self.depth - 1));
        }
    }
}

/// The reason that is in force on this thread.
pub(crate) fn current_reason() -> Option<Cow<'static, str>> {
    State::with(|state| state.reasons.last().cloned()).flatten()
}

/// The time of [`timeout`] is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed(());

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("deadline has elapsed")
    }
}

impl std::error::Error for Elapsed {}

/// Runs `future` for at most `duration`; then drops it, with the reason `timeout` on the spans that this cancels.
///
/// # Errors
///
/// [`Elapsed`] when `future` did not finish in time.
///
/// # Panics
///
/// Outside a tokio runtime with its timer enabled, as `tokio::time::sleep` does.
///
/// # Cancel safety
///
/// As safe as `future`: dropping the returned future drops it, for whatever reason is then in force.
pub async fn timeout<F: Future>(duration: Duration, future: F) -> Result<F::Output, Elapsed> {
    let mut running = pin!(Some(future));
    let mut time = pin!(tokio::time::sleep(duration));
    let finished = poll_fn(|cx| {
        if let Some(Poll::Ready(output)) = running.as_mut().as_pin_mut().map(|future| future.poll(cx)) {
            return Poll::Ready(Some(output));
        }
        time.as_mut().poll(cx).map(|()| None)
    });
    if let Some(output) = finished.await {
        return Ok(output);
    }
    let _scope = reason("timeout");
    running.set(None);
    Err(Elapsed(()))
}
