//! Looking at what was recorded: attributes, events and statuses of finished spans. And polling a future by hand, so that a
//! test decides when it is polled and dropped.

use std::future::Future;
use std::ops::Deref;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use wirespan::opentelemetry::trace::{Event, Status};
use wirespan::opentelemetry::{KeyValue, Value};
use wirespan::opentelemetry_sdk::trace::SpanData;

/// An attribute with its type.
pub fn value(span: &SpanData, key: &str) -> Option<Value> {
    wirespan::export::attribute(span, key).cloned()
}

/// The keys of the attributes that begin with `prefix`, in order, without it.
pub fn keys<'a>(span: &'a SpanData, prefix: &str) -> Vec<&'a str> {
    span.attributes.iter().filter_map(|pair| pair.key.as_str().strip_prefix(prefix)).collect()
}

/// The events of that name.
pub fn events<'a>(span: &'a SpanData, name: &str) -> Vec<&'a Event> {
    span.events.iter().filter(|event| event.name == name).collect()
}

/// The one event of that name.
///
/// # Panics
///
/// When there is none, or more than one.
pub fn event<'a>(span: &'a SpanData, name: &str) -> &'a Event {
    let named = events(span, name);
    assert_eq!(named.len(), 1, "events named {name} of {span:#?}");
    named.first().expect("just counted")
}

/// An attribute of an event, as text.
pub fn event_text(event: &Event, key: &str) -> Option<String> {
    let is_key = |pair: &&KeyValue| pair.key.as_str() == key;
    event.attributes.iter().find(is_key).map(|pair| pair.value.as_str().into_owned())
}

/// The names of the spans that have any event, and how many.
pub fn with_events<S: Deref<Target = SpanData>>(spans: &[S]) -> Vec<(String, usize)> {
    spans
        .iter()
        .filter(|span| !span.events.is_empty())
        .map(|span| (span.name.to_string(), span.events.len()))
        .collect()
}

/// The text of status `ERROR`; `None` for any other status.
pub fn error_text(span: &SpanData) -> Option<&str> {
    match &span.status {
        Status::Error { description } => Some(description),
        Status::Unset | Status::Ok => None,
    }
}

/// Polls once.
pub fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls until it is ready: for futures that are woken by nobody.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = poll_once(future.as_mut()) {
            return output;
        }
    }
}
