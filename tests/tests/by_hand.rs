//! Spans, events and attributes by hand: guards, scopes, futures and streams, and the current span as a value.

use std::cell::Cell;

use futures_util::stream::{self, Stream};
use wirespan::opentelemetry::trace::{SpanKind, Status};
use wirespan::opentelemetry::{SpanId, TraceId, Value};
use wirespan::{FutureExt as _, StreamExt as _, current, event, record, span, traced};
use wirespan_tests::look::{block_on, error_text, event as event_of, event_text, poll_once, value};
use wirespan_tests::{install, install_with, text, turn};

#[traced]
fn inner(number: u64) -> u64 {
    number
}

fn import(rows: &[u64], token_count: u64) -> u64 {
    let _span = span!("import", rows.count = rows.len(), "any key" = "text", token_count);
    let sum = rows.iter().copied().map(inner).sum();
    event!("summed", sum, list = rows);
    record!(sum, half = sum / 2);
    sum
}

#[test]
fn a_guard_is_a_span_with_typed_fields_events_and_attributes() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        assert_eq!(import(&[1, 2], 5), 3);
        let span = telemetry.span("import");
        assert_eq!(value(&span, "rows.count"), Some(Value::I64(2)));
        assert_eq!(text(&span, "any key").as_deref(), Some("text"));
        assert_eq!(value(&span, "token_count"), Some(Value::I64(5)));
        assert_eq!((value(&span, "sum"), value(&span, "half")), (Some(Value::I64(3)), Some(Value::I64(1))));
        assert_eq!(text(&span, "code.function.name").as_deref(), Some("by_hand::import"));
        assert_eq!(span.status, Status::Ok);
        let event = event_of(&span, "summed");
        assert_eq!(event_text(event, "sum").as_deref(), Some("3"));
        assert_eq!(event_text(event, "list").as_deref(), Some("[1,2]"));
        assert!(
            event.timestamp >= span.start_time && event.timestamp <= span.end_time,
            "{event:?} in {span:#?}"
        );
        let children: Vec<_> = telemetry.spans().into_iter().filter(|span| span.name == "inner").collect();
        assert!(children.iter().all(|child| child.parent_span_id == span.span_context.span_id()));
        assert_eq!(children.len(), 2);
    }
}

#[test]
fn a_scope_ends_with_its_closure_and_may_panic() {
    let telemetry = install();
    assert_eq!(span!(kind: "client", "scope").in_scope(|| inner(7)), 7);
    let caught = std::panic::catch_unwind(|| span!("panics").in_scope(|| panic!("no")));
    caught.expect_err("it panics");
    let scope = telemetry.span("scope");
    assert_eq!((scope.span_kind.clone(), &scope.status), (SpanKind::Client, &Status::Ok));
    assert_eq!(telemetry.span("inner").parent_span_id, scope.span_context.span_id());
    assert_eq!(error_text(&telemetry.span("panics")), Some("panicked: no"));
}

async fn waits(number: u64) -> u64 {
    tokio::task::yield_now().await;
    event!("waited", number);
    inner(number)
}

#[test]
fn a_future_and_a_stream_carry_their_span() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let future = waits(7).in_span(span!("future", of = 7));
        assert_eq!(current().span_id(), None, "the span waits with its future");
        assert_eq!(block_on(future), 7);
        let span = telemetry.span("future");
        assert_eq!(value(&span, "of"), Some(Value::I64(7)));
        assert_eq!(event_text(event_of(&span, "waited"), "number").as_deref(), Some("7"));
        assert_eq!(telemetry.span("inner").parent_span_id, span.span_context.span_id());

        let stream = stream::iter([1, 2, 3]).in_span(span!("stream"));
        assert_eq!(block_on(futures_util::StreamExt::count(stream)), 3);
        assert_eq!(value(&telemetry.span("stream"), "stream.items"), Some(Value::I64(3)));

        let mut cancelled = Box::pin(std::future::pending::<()>().in_span(span!("cancelled")));
        assert!(poll_once(cancelled.as_mut()).is_pending());
        drop(cancelled);
        let cancelled = telemetry.span("cancelled");
        assert_eq!(value(&cancelled, "cancelled"), Some(Value::Bool(true)));
        let told: Vec<_> = cancelled.events[0].attributes.iter().map(|pair| pair.key.as_str()).collect();
        assert_eq!(
            told,
            ["task.name", "function.module", "cancellation.timestamp"],
            "no function is its own"
        );
    }
}

#[test]
fn futures_and_streams_in_a_span_are_send() {
    fn is_send(_: &impl Send) {}
    fn is_stream(stream: impl Stream<Item = u8> + Send) {
        drop(stream);
    }
    // Nothing is installed while this is held.
    let _turn = turn();
    is_send(&waits(1).in_span(span!("future")));
    is_send(&waits(1).in_current_span());
    is_stream(stream::iter([1_u8]).in_span(span!("stream")));
}

#[test]
fn outside_of_every_span_nothing_is_evaluated() {
    let evaluated = Cell::new(0);
    let count = || {
        evaluated.set(evaluated.get() + 1);
        evaluated.get()
    };
    {
        // Nothing is installed while this is held.
        let _turn = turn();
        let _off = span!("off", count = count());
        record!(count = count());
        event!("off", count = count());
        assert_eq!(
            (current().trace_id(), current().span_id(), current().is_recording()),
            (None, None, false)
        );
    }
    let telemetry = install();
    record!(count = count());
    event!("nobody", count = count());
    assert_eq!(evaluated.get(), 0);
    assert!(telemetry.spans().is_empty());
    assert!(!current().handle().is_recording());
}

#[test]
fn the_current_span_has_ids_of_32_and_16_digits() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let guard = span!("outer");
        let (trace, id): (TraceId, SpanId) = (current().trace_id().unwrap(), current().span_id().unwrap());
        assert!(current().is_recording());
        drop(guard);
        assert_eq!((trace.to_string().len(), id.to_string().len()), (32, 16));
        let span = telemetry.span("outer");
        assert_eq!((span.span_context.trace_id(), span.span_context.span_id()), (trace, id));
        assert_eq!(current().trace_id(), None);
    }
}

#[traced]
async fn asks_for_itself() -> (Option<TraceId>, Option<TraceId>) {
    let before = current().trace_id();
    tokio::task::yield_now().await;
    record!(later = true);
    (before, current().trace_id())
}

#[test]
fn attributes_reach_a_traced_function_also_after_an_await() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let (before, after) = block_on(asks_for_itself());
        let span = telemetry.span("asks_for_itself");
        assert_eq!(before, after);
        assert_eq!(before, Some(span.span_context.trace_id()));
        assert_eq!(value(&span, "later"), Some(Value::Bool(true)));
    }
}

#[test]
fn an_event_is_left_out_whole_when_the_budget_is_spent() {
    #[traced(max_span = "4KiB")]
    fn small() {
        for number in 0..200_u64 {
            event!("repeated", number, padding = "x".repeat(40));
        }
    }
    let telemetry = install();
    small();
    let span = telemetry.span("small");
    let numbers: Vec<_> = span.events.iter().map(|event| event_text(event, "number").unwrap()).collect();
    assert!((20..100).contains(&numbers.len()), "{}", numbers.len());
    assert!(numbers.iter().enumerate().all(|(index, number)| index.to_string() == *number));
    assert_eq!(value(&span, "parameters.truncated"), Some(Value::Bool(true)));
}
