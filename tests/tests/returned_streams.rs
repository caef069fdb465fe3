//! Plain functions that return a stream: the span lives until the stream ends or is dropped, and says how many items there
//! were and when the first came.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{BoxStream, LocalBoxStream, Stream, StreamExt as _};
use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::Status;
use wirespan::traced;
use wirespan_tests::look::{block_on, error_text, event, events, value};
use wirespan_tests::{install, install_with, text, turn};

/// Yields its items, waiting before each, and calls a traced function for each.
struct Steps<T>(VecDeque<T>, bool);

impl<T> Steps<T> {
    fn new(items: impl IntoIterator<Item = T>) -> Self {
        Self(items.into_iter().collect(), false)
    }
}

impl<T: Unpin> Stream for Steps<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.1 = !self.1;
        if self.1 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        inner();
        Poll::Ready(self.0.pop_front())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.len(), Some(self.0.len()))
    }
}

#[traced]
fn inner() {}

#[traced]
fn opaque(count: u64) -> impl Stream<Item = u64> {
    Steps::new(0..count)
}

#[traced]
fn pinned(count: u64) -> Pin<Box<dyn Stream<Item = u64> + Send>> {
    Box::pin(Steps::new(0..count))
}

#[traced]
fn boxed(count: u64) -> BoxStream<'static, u64> {
    Steps::new(0..count).boxed()
}

#[traced]
fn boxed_local(count: u64) -> LocalBoxStream<'static, u64> {
    Steps::new(0..count).boxed_local()
}

#[traced]
fn in_a_box(count: u64) -> Box<dyn Stream<Item = u64> + Unpin> {
    Box::new(Steps::new(0..count))
}

type Hidden = Pin<Box<dyn Stream<Item = u64>>>;

#[traced(returns = "stream")]
fn behind_an_alias(count: u64) -> Hidden {
    Box::pin(Steps::new(0..count))
}

type Call = fn(u64) -> LocalBoxStream<'static, u64>;

const CASES: [(&str, Call); 6] = [
    ("opaque", |count| opaque(count).boxed_local()),
    ("pinned", |count| pinned(count)),
    ("boxed", |count| boxed(count)),
    ("boxed_local", boxed_local),
    ("in_a_box", |count| in_a_box(count).boxed_local()),
    ("behind_an_alias", behind_an_alias),
];

#[test]
fn a_stream_that_ends_has_ended_well_and_counts_its_items() {
    for attach in [true, false] {
        for (name, call) in CASES {
            let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
            let stream = call(3);
            assert_eq!(stream.size_hint(), (3, Some(3)), "{name}");
            assert_eq!(block_on(stream.collect::<Vec<_>>()), [0, 1, 2], "{name}");
            let span = telemetry.span(name);
            assert_eq!(span.status, Status::Ok, "{name}");
            assert_eq!(value(&span, "stream.items"), Some(Value::I64(3)), "{name}");
            assert_eq!(value(&span, "parameter.count"), Some(Value::I64(3)), "{name}");
            let inner: Vec<_> = telemetry.spans().into_iter().filter(|span| span.name == "inner").collect();
            assert_eq!(inner.len(), 4, "one for each item and one for the end");
            for child in inner {
                assert_eq!(child.parent_span_id, span.span_context.span_id(), "{name}");
                assert!(child.start_time >= span.start_time && child.end_time <= span.end_time);
            }
        }
    }
}

#[test]
fn the_time_to_the_first_item_counts_from_the_call() {
    let telemetry = install();
    let mut stream = boxed(2);
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(block_on(stream.next()), Some(0));
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(block_on(stream.count()), 1);
    let span = telemetry.span("boxed");
    let Some(Value::I64(nanos)) = value(&span, "stream.time_to_first_item_ns") else { panic!("{span:#?}") };
    let whole = span.end_time.duration_since(span.start_time).unwrap().as_nanos();
    assert!(nanos >= 20_000_000, "{nanos}");
    assert!(whole >= u128::from(nanos.unsigned_abs()) + 19_000_000, "{whole} against {nanos}");
}

#[test]
fn a_stream_without_items_has_no_first() {
    let telemetry = install();
    assert_eq!(block_on(opaque(0).count()), 0);
    let span = telemetry.span("opaque");
    assert_eq!(value(&span, "stream.items"), Some(Value::I64(0)));
    assert_eq!(value(&span, "stream.time_to_first_item_ns"), None);
    assert_eq!(span.status, Status::Ok);
}

#[test]
fn a_stream_that_is_dropped_early_is_cancelled_after_the_items_it_gave() {
    for items in [0, 2] {
        let telemetry = install();
        let mut stream = boxed(5);
        for item in 0..items {
            assert_eq!(block_on(stream.next()), Some(item));
        }
        drop(stream);
        let span = telemetry.span("boxed");
        assert_eq!(value(&span, "cancelled"), Some(Value::Bool(true)));
        assert_eq!(value(&span, "stream.items"), Some(Value::I64(i64::try_from(items).unwrap())));
        event(&span, "cancelled");
    }
}

#[traced]
fn fails_in_between() -> impl Stream<Item = Result<u64, String>> {
    Steps::new([Ok(1), Err(String::from("the second")), Ok(3), Err(String::from("the fourth"))])
}

#[traced(err = "ignore")]
fn fails_unheard() -> impl Stream<Item = Result<u64, String>> {
    Steps::new([Err(String::from("the first"))])
}

#[test]
fn the_first_item_that_is_an_error_is_the_status() {
    let telemetry = install();
    assert_eq!(block_on(fails_in_between().count()), 4);
    let span = telemetry.span("fails_in_between");
    assert_eq!(error_text(&span), Some("the second"));
    assert_eq!(text(&span, "error.type").as_deref(), Some("alloc::string::String"));
    assert_eq!(events(&span, "exception").len(), 1);
    assert_eq!(value(&span, "stream.items"), Some(Value::I64(4)));

    assert_eq!(block_on(fails_unheard().count()), 1);
    assert_eq!(telemetry.span("fails_unheard").status, Status::Ok);
}

#[test]
fn without_telemetry_a_stream_is_what_it_was() {
    // Nothing is installed while this is held.
    let _turn = turn();
    for (name, call) in CASES {
        assert_eq!(block_on(call(3).collect::<Vec<_>>()), [0, 1, 2], "{name}");
    }
}
