//! The guard of a span that a program starts by hand.

use std::marker::PhantomData;
use std::thread::panicking;

use super::current::SpanHandle;
use crate::span::outcome::EndSpan as _;
use crate::span::sync::SyncSpan;
use crate::thread::State;

/// A span that `span!` has started; it ends when this is dropped, or when what it is given to ends.
///
/// A guard belongs to its thread: it cannot be held across an `await` in a task that may move. There, give it to the future with
/// [`FutureExt::in_span`](crate::FutureExt::in_span). Guards are dropped in the reverse order of their making, as variables
/// are; a span whose guard is leaked, or outlives the span around it, ends with that as `unfinished`.
///
/// ```
/// # use wirespan::{event, record, span};
/// fn import(rows: &[u64]) -> u64 {
///     let _span = span!("import", rows = rows.len());
///     let sum = rows.iter().sum();
///     event!("summed", sum);
///     record!(sum);
///     sum
/// }
/// # assert_eq!(import(&[1, 2]), 3);
/// ```
#[must_use = "the span ends when this is dropped; bind it to a variable, like `_span`"]
#[derive(Debug)]
pub struct SpanGuard {
    depth: usize,
    span_id: [u8; 8],
    /// Whether a panic was unwinding already when the span started.
    unwinding: bool,
    _of_this_thread: PhantomData<*const ()>,
}

impl SpanGuard {
    /// For `span!`.
    #[doc(hidden)]
    pub fn new(span: SyncSpan) -> Self {
        let depth = span.into_depth();
        let span_id = State::with(|state| state.frames.last().map(|frame| frame.core.record.span_id));
        Self {
            depth,
            span_id: span_id.flatten().unwrap_or_default(),
            unwinding: panicking(),
            _of_this_thread: PhantomData,
        }
    }

    /// Runs `f` inside the span, which then ends.
    pub fn in_scope<R>(self, f: impl FnOnce() -> R) -> R {
        let _span = self;
        f()
    }

    /// A handle that adds to the span from anywhere. Allocates; where the span is not recorded, the handle does nothing.
    pub fn handle(&self) -> SpanHandle {
        SpanHandle::of_frame(if self.is_entered() { self.depth } else { 0 })
    }

    /// The span as the rest of the crate knows it.
    pub(super) fn into_span(mut self) -> SyncSpan {
        let depth = if self.is_entered() { self.depth } else { 0 };
        self.depth = 0;
        SyncSpan::of_depth(depth)
    }

    /// Whether the frame is still this span's: it may have ended with the span around it.
    fn is_entered(&self) -> bool {
        self.depth != 0
            && State::with(|state| {
                state
                    .frames
                    .get(self.depth - 1)
                    .is_some_and(|frame| frame.core.record.span_id == self.span_id && !frame.carried)
            }) == Some(true)
    }
}

impl Drop for SpanGuard {
    fn drop(&mut self) {
        if !self.is_entered() {
            return;
        }
        let span = SyncSpan::of_depth(self.depth);
        if panicking() && !self.unwinding {
            span.panicked();
        } else {
            (&mut { span }).returned();
        }
    }
}
