//! The wrapper of a stream that a traced function returned.
//!
//! The span starts with the call, is entered while the stream is polled, and ends when the stream does: as returned, or, where
//! an item was an `Err`, as failed with the first one. A stream that is dropped before its end is cancelled. However it
//! ended, the span says how many items there were and how long the first took from the call.

use std::mem;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;
use opentelemetry::trace::Status;
use pin_project_lite::pin_project;

use super::Core;
use super::ending::{self, Tail};
use super::future::Begun;
use super::mark::Mark;
use super::outcome::{EndSpan, ErrorView};
use super::polled::{Polled, Stage, cancelled};
use crate::capture::Attributes;
use crate::measure_outcome::Outcome;
use crate::wire::{encode, tag};

/// A stream that a plain function returned, covered by the span in which that ran. `item` is shown each item.
#[cfg_attr(not(debug_assertions), inline)]
pub fn cover_stream<S: Stream, E: FnMut(&S::Item, Item<'_>)>(
    span: impl Begun,
    stream: S,
    item: E,
) -> CoveredStream<S, E> {
    CoveredStream { stage: span.waiting().0, stream: Some(stream), seen: Seen::default(), item }
}

/// What is known of the items.
#[derive(Default)]
struct Seen {
    items: u64,
    /// Ticks when the first came.
    first: Option<u64>,
    /// The ending for the first `Err`.
    error: Option<Tail>,
    /// Whether there was one.
    failed: bool,
}

impl Seen {
    /// An ending with the numbers of the stream added.
    fn add_to(&self, tail: &mut Tail, core: &Core) {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        encode::int_attribute(&mut tail.bytes, tag::SPAN_ATTRIBUTE, "stream.items", count(self.items));
        if let Some(first) = self.first {
            let nanos = count(core.recorder.clock.nanos_between(core.record.start, first));
            encode::int_attribute(
                &mut tail.bytes,
                tag::SPAN_ATTRIBUTE,
                "stream.time_to_first_item_ns",
                nanos,
            );
        }
    }
}

pin_project! {
    /// A stream covered by the span of the function that returned it.
    pub struct CoveredStream<S: Stream, E> {
        stage: Stage,
        #[pin]
        stream: Option<S>,
        seen: Seen,
        item: E,
    }

    impl<S: Stream, E> PinnedDrop for CoveredStream<S, E> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Stage::Open(open) = mem::take(this.stage) {
                if let Some(open) = cancelled(open, || this.stream.set(None)) {
                    open.ended(Outcome::Cancelled, |core, mark, _| {
                        let mut tail = ending::cancelled(core, mark);
                        this.seen.add_to(&mut tail, core);
                        tail
                    });
                }
            }
        }
    }
}

impl<S: Stream, E: FnMut(&S::Item, Item<'_>)> Stream for CoveredStream<S, E> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        let Some(stream) = this.stream.as_pin_mut() else { return Poll::Ready(None) };
        let polled = Polled::enter_again(mem::take(this.stage));
        match stream.poll_next(cx) {
            Poll::Pending => {
                *this.stage = polled.wait();
                Poll::Pending
            }
            Poll::Ready(Some(item)) => {
                if let Some(core) = polled.core() {
                    this.seen.items += 1;
                    this.seen.first.get_or_insert_with(|| core.recorder.clock.ticks_after(core.record.start));
                }
                *this.stage = polled.wait();
                let shown = match &*this.stage {
                    Stage::Open(open) => Some(Some((&open.core, open.mark))),
                    Stage::Timed(_) => Some(None),
                    _ => None,
                };
                if let Some(span) = shown {
                    (this.item)(&item, Item { span, seen: this.seen });
                }
                Poll::Ready(Some(item))
            }
            Poll::Ready(None) => {
                let seen = mem::take(this.seen);
                let outcome = if seen.failed { Outcome::Error } else { Outcome::Ok };
                match polled.end().into_span_or_timer() {
                    Ok(Some(open)) => open.ended(outcome, |core, _, _| finished(seen, core)),
                    Ok(None) => {}
                    Err(timer) => timer.end(outcome),
                }
                Poll::Ready(None)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

/// The ending of a stream that ended by itself.
fn finished(mut seen: Seen, core: &Core) -> Tail {
    let error = seen.error.take();
    let mut tail = error.unwrap_or_else(|| Tail { flags: core.returned(), ..Tail::default() });
    seen.add_to(&mut tail, core);
    tail
}

/// One item, to be given what the stream yielded.
pub struct Item<'a> {
    /// The stream's span; none where only its time is measured.
    span: Option<(&'a Core, Mark)>,
    seen: &'a mut Seen,
}

impl EndSpan for Item<'_> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn returned(self) {}

    /// Keeps how the span will end; the stream may go on.
    #[cold]
    fn failed(self, error: &ErrorView<'_>) {
        self.seen.failed = true;
        let Some((core, mark)) = self.span else { return };
        if core.is_sampled() && self.seen.error.is_none() {
            self.seen.error = Some(ending::failed(core, mark, 0, error));
        }
    }

    fn with_status(self, _: Status) {}

    fn is_recorded(&self) -> bool {
        self.span.is_some_and(|(core, _)| core.is_sampled())
    }

    fn attributes(&mut self, _: impl FnOnce(&mut Attributes<'_>)) {}
}
