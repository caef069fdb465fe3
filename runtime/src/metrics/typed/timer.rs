//! Durations, by the monotonic clock: a stopwatch, a guard that records once, and a stream that records its first item.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_core::Stream;
use pin_project_lite::pin_project;

use super::attributes::MetricAttributes;
use super::instrument::Histogram;

/// A moment from which time is measured. The clock never runs backwards, whatever is done to the wall clock.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// From now.
    #[must_use = "a stopwatch that nobody reads measures nothing"]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it is since then.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Times until it is dropped, and records that once. [`Histogram::start`] makes it.
#[must_use = "the duration is recorded when this is dropped"]
#[derive(Debug)]
pub struct Timer<'a, A: MetricAttributes> {
    histogram: &'a Histogram<Duration, A>,
    attributes: Option<A>,
    since: Stopwatch,
}

impl<'a, A: MetricAttributes> Timer<'a, A> {
    pub(super) fn new(histogram: &'a Histogram<Duration, A>, attributes: A) -> Self {
        Self { histogram, attributes: Some(attributes), since: Stopwatch::start() }
    }

    /// What the duration will be recorded with, to be changed when the end is known.
    pub fn attributes(&mut self) -> Option<&mut A> {
        self.attributes.as_mut()
    }

    /// How long it is so far.
    pub fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }

    /// Records now, with these attributes.
    pub fn finish(mut self, attributes: A) {
        self.attributes = Some(attributes);
    }

    /// Records nothing.
    pub fn discard(mut self) {
        self.attributes = None;
    }
}

impl<A: MetricAttributes> Drop for Timer<'_, A> {
    fn drop(&mut self) {
        if let Some(attributes) = self.attributes.take() {
            self.histogram.record_elapsed(&self.since, &attributes);
        }
    }
}

pin_project! {
    /// A stream whose first item is timed. [`Histogram::first_item`] makes it.
    #[derive(Debug)]
    #[must_use = "streams do nothing unless they are polled"]
    pub struct FirstItem<'a, S, A: MetricAttributes> {
        #[pin]
        stream: S,
        histogram: &'a Histogram<Duration, A>,
        attributes: Option<A>,
        since: Stopwatch,
    }
}

impl<'a, S, A: MetricAttributes> FirstItem<'a, S, A> {
    pub(super) fn new(histogram: &'a Histogram<Duration, A>, stream: S, attributes: A) -> Self {
        Self { stream, histogram, attributes: Some(attributes), since: Stopwatch::start() }
    }
}

impl<S: Stream, A: MetricAttributes> Stream for FirstItem<'_, S, A> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        let polled = this.stream.poll_next(cx);
        match &polled {
            Poll::Ready(Some(_)) => {
                if let Some(attributes) = this.attributes.take() {
                    this.histogram.record_elapsed(this.since, &attributes);
                }
            }
            // Nothing came: there is no first item to tell of.
            Poll::Ready(None) => *this.attributes = None,
            Poll::Pending => {}
        }
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopwatch_holds_a_moment_of_the_clock_that_is_never_set() {
        let around = Instant::now();
        let Stopwatch(moment) = Stopwatch::start();
        // A moment of the wall clock is of another type.
        let inside: Instant = Instant::now();
        assert!((around..=inside).contains(&moment));
        let (least, elapsed) = (inside.elapsed(), Stopwatch(moment).elapsed());
        assert!((least..=around.elapsed()).contains(&elapsed), "{elapsed:?}");
    }
}
