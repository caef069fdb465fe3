//! Spans that are reached from elsewhere: handles, explicit and remote parents, links, spans carried to threads and tasks; and
//! guards that are leaked or dropped out of order.
#![expect(
    clippy::unwrap_used,
    clippy::mem_forget,
    reason = "a test fails by panicking, and leaks on purpose"
)]

use std::mem;
use std::thread;

use wirespan::opentelemetry::trace::{SpanContext, TraceState};
use wirespan::opentelemetry::{SpanId, TraceFlags, TraceId, Value};
use wirespan::{AsSpanContext as _, FutureExt as _, SpanHandle, current, event, record, span, traced};
use wirespan_tests::look::{event as event_of, event_text, value};
use wirespan_tests::{Installed, install, install_with};

#[traced]
fn leaf() {}

#[traced(skip_all)]
fn adds_to(outer: &SpanHandle) {
    record!(on: outer, rows = 3_u64, nested = true);
    event!(on: outer, "from below", depth = 1_u64);
}

#[traced]
fn outer() -> SpanHandle {
    let own = current().handle();
    adds_to(&own);
    let far = own.clone();
    thread::spawn(move || record!(on: far, thread = "another")).join().unwrap();
    assert!(own.is_recording());
    own
}

#[test]
fn a_handle_adds_to_an_outer_span_from_anywhere_until_it_ends() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let ended = outer();
        assert!(!ended.is_recording());
        assert_eq!(telemetry.stats().late_additions, 0);
        record!(on: ended, too_late = true);
        event!(on: ended, "too late");
        assert_eq!(telemetry.stats().late_additions, 2, "one attribute, one event");
        let span = telemetry.span("outer");
        assert_eq!(
            (value(&span, "rows"), value(&span, "nested")),
            (Some(Value::I64(3)), Some(Value::Bool(true)))
        );
        assert_eq!(value(&span, "thread"), Some(Value::from("another")));
        assert_eq!(value(&span, "too_late"), None);
        let event = event_of(&span, "from below");
        assert_eq!(event_text(event, "depth").as_deref(), Some("1"));
        assert!(event.timestamp >= span.start_time && event.timestamp <= span.end_time);
        assert_eq!(value(&telemetry.span("adds_to"), "rows"), None);
        assert_eq!(ended.span_id(), Some(span.span_context.span_id()));
    }
}

/// Calls a traced function when it is shown.
#[derive(Clone, Copy)]
struct Calls;

impl std::fmt::Debug for Calls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        leaf();
        f.write_str("shown")
    }
}

#[test]
fn what_a_value_calls_while_it_is_added_through_a_handle_is_not_recorded() {
    let telemetry = install();
    span!("outer").in_scope(|| {
        let own = current().handle();
        record!(on: own, calls = Calls);
    });
    assert_eq!(value(&telemetry.span("outer"), "calls"), Some(Value::from("shown")));
    assert_eq!(telemetry.spans().len(), 1);
}

#[traced]
async fn waits_with_a_handle() {
    let handle = current().handle();
    tokio::task::yield_now().await;
    tokio::spawn(async move { record!(on: handle, spawned = true) }).await.unwrap();
}

#[tokio::test]
async fn a_handle_follows_an_async_span() {
    let telemetry = install();
    waits_with_a_handle().await;
    assert_eq!(value(&telemetry.span("waits_with_a_handle"), "spawned"), Some(Value::Bool(true)));
}

fn parent_of(telemetry: &Installed, name: &str) -> SpanId {
    telemetry.span(name).parent_span_id
}

fn id_of(telemetry: &Installed, name: &str) -> SpanId {
    telemetry.span(name).span_context.span_id()
}

#[test]
fn a_span_takes_the_parent_that_it_is_given() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let first = span!("first");
        let context = current().context().clone();
        drop(first);
        {
            let _second = span!("second");
            span!(parent: context, "of the first").in_scope(leaf);
            span!(parent: None, "of nobody").in_scope(|| ());
            span!("of the second").in_scope(|| ());
        }
        assert_eq!(parent_of(&telemetry, "of the first"), id_of(&telemetry, "first"));
        assert_eq!(parent_of(&telemetry, "leaf"), id_of(&telemetry, "of the first"));
        assert_eq!(parent_of(&telemetry, "of nobody"), SpanId::INVALID);
        assert_eq!(parent_of(&telemetry, "of the second"), id_of(&telemetry, "second"));
        let trace = |name: &str| telemetry.span(name).span_context.trace_id();
        assert_eq!(trace("of the first"), trace("first"));
        assert_ne!(trace("of nobody"), trace("second"));
    }
}

fn remote(sampled: bool) -> SpanContext {
    let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
    SpanContext::new(TraceId::from(7_u128), SpanId::from(9_u64), flags, true, TraceState::NONE)
}

#[test]
fn a_remote_parent_decides_whether_the_trace_is_recorded() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        span!(parent: remote(true), "sampled").in_scope(leaf);
        span!(parent: remote(false), "not sampled").in_scope(leaf);
        let span = telemetry.span("sampled");
        assert_eq!(
            (span.span_context.trace_id(), span.parent_span_id),
            (TraceId::from(7_u128), SpanId::from(9_u64))
        );
        assert!(span.parent_span_is_remote);
        assert_eq!(telemetry.spans().len(), 2, "and its child");
    }
}

#[test]
fn a_span_has_links() {
    let telemetry = install();
    let other = span!("other");
    let of_other = current();
    drop(other);
    let links = [of_other.as_span_context(), remote(true), SpanContext::NONE];
    drop(span!(links: &links, "linked", after = 1));
    let span = telemetry.span("linked");
    let linked: Vec<_> = span.links.iter().map(|link| link.span_context.clone()).collect();
    assert_eq!(linked.len(), 2, "one that is not valid is left out: {linked:?}");
    assert_eq!(linked[0].span_id(), id_of(&telemetry, "other"));
    assert_eq!((linked[1].trace_id(), linked[1].is_remote()), (TraceId::from(7_u128), true));
    assert_eq!(value(&span, "after"), Some(Value::I64(1)));
}

#[test]
fn a_span_is_carried_to_another_thread() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        {
            let _outer = span!("outer");
            let carried = current().carry();
            thread::spawn(move || {
                carried.in_scope(|| {
                    leaf();
                    record!(lost = true);
                });
                span!("after").in_scope(|| ());
            })
            .join()
            .unwrap();
        }
        assert_eq!(parent_of(&telemetry, "leaf"), id_of(&telemetry, "outer"));
        assert_eq!(parent_of(&telemetry, "after"), SpanId::INVALID);
        assert_eq!(value(&telemetry.span("outer"), "lost"), None);
        assert_eq!(telemetry.spans().len(), 3, "what is carried is not recorded twice");
    }
}

#[traced]
async fn child_task() {
    tokio::task::yield_now().await;
    leaf();
}

#[traced]
async fn spawns() {
    tokio::spawn(child_task().in_current_span()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spawned_task_is_a_part_of_the_span() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        spawns().await;
        assert_eq!(parent_of(&telemetry, "child_task"), id_of(&telemetry, "spawns"));
        assert_eq!(parent_of(&telemetry, "leaf"), id_of(&telemetry, "child_task"));
    }
}

#[test]
fn guards_dropped_out_of_order_end_their_spans_once_and_later_parents_are_right() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let first = span!("first");
        let second = span!("second");
        drop(first);
        span!("between").in_scope(leaf);
        drop(second);
        span!("after").in_scope(|| ());
        assert_eq!(parent_of(&telemetry, "second"), id_of(&telemetry, "first"));
        assert_eq!(value(&telemetry.span("second"), "unfinished"), Some(Value::Bool(true)));
        assert_eq!(parent_of(&telemetry, "between"), SpanId::INVALID);
        assert_eq!(parent_of(&telemetry, "after"), SpanId::INVALID);
        assert_eq!(telemetry.spans().len(), 5);
    }
}

#[traced]
fn leaks() {
    mem::forget(span!("leaked"));
    leaf();
}

#[test]
fn a_leaked_guard_ends_with_the_span_around_it() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        for _ in 0..1_000 {
            leaks();
        }
        let spans = telemetry.spans();
        let named = |name: &str| spans.iter().filter(move |span| span.name == name).collect::<Vec<_>>();
        assert_eq!((named("leaks").len(), named("leaked").len(), named("leaf").len()), (1_000, 1_000, 1_000));
        assert!(named("leaks").iter().all(|span| span.parent_span_id == SpanId::INVALID));
        assert!(named("leaked").iter().all(|span| value(span, "unfinished") == Some(Value::Bool(true))));
    }
}

#[test]
fn a_guard_that_outlives_its_function_ends_with_that() {
    #[traced]
    fn gives_its_guard_away() -> wirespan::SpanGuard {
        span!("given away")
    }
    let telemetry = install();
    let guard = gives_its_guard_away();
    let other = span!("other");
    drop(guard);
    leaf();
    drop(other);
    assert_eq!(value(&telemetry.span("given away"), "unfinished"), Some(Value::Bool(true)));
    assert_eq!(parent_of(&telemetry, "leaf"), id_of(&telemetry, "other"), "not ended by a guard of the past");
}

#[test]
fn a_guard_gives_the_handle_of_its_own_span_also_when_another_is_open_inside() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let outer = span!("outer");
        let inner = span!("inner");
        let handle = outer.handle();
        record!(on: handle, rows = 3_u64);
        drop(inner);
        drop(outer);
        assert_eq!(handle.span_id(), Some(id_of(&telemetry, "outer")));
        assert_eq!(value(&telemetry.span("outer"), "rows"), Some(Value::I64(3)));
        assert_eq!(value(&telemetry.span("inner"), "rows"), None);
    }
}
