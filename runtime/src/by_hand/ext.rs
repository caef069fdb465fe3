//! Futures and streams in a span that was started by hand, or in the current one.

use futures_core::Stream;

use super::carry::InCarried;
use super::current::current;
use super::guard::SpanGuard;
use crate::context::{InScope, Scope};
use crate::span::async_end::AsyncEnd;
use crate::span::future::{Covered, cover};
use crate::span::outcome::EndSpan as _;
use crate::span::stream::{CoveredStream, Item, cover_stream};

/// What a finished future is done with: it has returned, whatever it yields.
type End<F> = fn(&<F as Future>::Output, AsyncEnd);
/// What an item is done with: nothing.
type Seen<S> = fn(&<S as Stream>::Item, Item<'_>);

/// Puts a future into a span.
pub trait FutureExt: Future + Sized {
    /// The future inside `span`, which is entered while it is polled and ends with it. Dropped before it is ready, the span is
    /// cancelled. Its output is not looked at; for a status that follows a `Result`, put `#[traced]` on a function.
    ///
    /// ```
    /// # use wirespan::{FutureExt as _, span};
    /// # async fn load(id: u64) -> u64 { id }
    /// # async fn run(id: u64) {
    /// let row = load(id).in_span(span!("load", id)).await;
    /// # }
    /// ```
    fn in_span(self, span: SpanGuard) -> Covered<Self, End<Self>> {
        cover(span.into_span(), self, |_, end| end.returned())
    }

    /// The future as a part of the span that is current now, wherever it is polled: for `tokio::spawn`.
    ///
    /// ```
    /// # use wirespan::FutureExt as _;
    /// # async fn load(id: u64) -> u64 { id }
    /// # async fn run(id: u64) {
    /// tokio::spawn(load(id).in_current_span());
    /// # }
    /// ```
    fn in_current_span(self) -> InCarried<Self> {
        InCarried::new(self, current().carry())
    }

    /// The future in `scope`, wherever it is polled: what starts in it has the scope's attributes.
    ///
    /// ```
    /// # use wirespan::{FutureExt as _, context};
    /// # async fn handle() {}
    /// # async fn serve() {
    /// tokio::spawn(handle().in_context(context::scope().with("tenant", "acme")));
    /// # }
    /// ```
    fn in_context(self, scope: Scope) -> InScope<Self> {
        InScope::new(self, scope)
    }
}

impl<F: Future> FutureExt for F {}

/// Puts a stream into a span.
pub trait StreamExt: Stream + Sized {
    /// The stream inside `span`, which is entered while it is polled and ends with it. The span counts the items and times the
    /// first; dropped before the stream's end, it is cancelled.
    fn in_span(self, span: SpanGuard) -> CoveredStream<Self, Seen<Self>> {
        cover_stream(span.into_span(), self, |_, _| {})
    }

    /// The stream in `scope`, wherever it is polled.
    fn in_context(self, scope: Scope) -> InScope<Self> {
        InScope::new(self, scope)
    }
}

impl<S: Stream> StreamExt for S {}
