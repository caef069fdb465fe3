//! Attributes of a request: what of them which span has, and what stays apart.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::pending;
use std::thread;

use wirespan::context::{self, Scope};
use wirespan::opentelemetry::trace::{Span as _, TraceContextExt as _, Tracer as _, TracerProvider as _};
use wirespan::opentelemetry::{Context, KeyValue};
use wirespan::opentelemetry_sdk::trace::SdkTracerProvider;
use wirespan::{Builder, FutureExt as _, PipelineProcessor, StreamExt as _, record, span, traced};
use wirespan_tests::look::{block_on, poll_once};
use wirespan_tests::{install, install_with};

#[traced]
fn leaf() {}

#[traced]
fn branch() {
    context::add("user.id", 7);
    leaf();
}

/// Runs it with the spans in OpenTelemetry's `Context`, and without.
fn both(check: impl Fn(fn(Builder) -> Builder)) {
    check(|builder| builder);
    check(|builder| builder.opentelemetry_context(false));
}

#[test]
fn what_is_set_is_on_every_span_that_starts_afterwards() {
    both(|configure| {
        let telemetry = install_with(configure);
        context::scope().with("tenant", "acme").in_scope(branch);
        leaf();
        let spans = telemetry.spans();
        let branch = spans.one("branch");
        branch.assert_attribute("tenant", "acme").assert_no_attribute("user.id");
        branch.child("leaf").assert_attribute("tenant", "acme").assert_attribute("user.id", 7);
        let [_, outside] = &*spans.named("leaf") else { unreachable!("two") };
        outside.assert_no_attribute("tenant").assert_no_attribute("user.id");
    });
}

#[test]
fn every_type_arrives_as_it_is() {
    let telemetry = install();
    let request = context::scope();
    assert!(request.set([
        ("text", "é".into()),
        ("int", i64::MIN.into()),
        ("large", u64::MAX.into()),
        ("double", 0.5.into()),
        ("bool", true.into()),
    ]));
    request.in_scope(leaf);
    telemetry
        .span("leaf")
        .assert_attribute("text", "é")
        .assert_attribute("int", i64::MIN)
        .assert_attribute("large", "18446744073709551615")
        .assert_attribute("double", 0.5)
        .assert_attribute("bool", true);
}

#[traced(fields(tenant = "own"))]
fn with_field() {
    record!(late = "own");
}

#[traced]
fn failing() -> Result<(), std::fmt::Error> {
    Err(std::fmt::Error)
}

#[test]
fn the_spans_own_attribute_counts_and_stands_there_once() {
    let telemetry = install();
    let keys = ["tenant", "late", "error.type", "code.function.name", "other"];
    let request = context::scope();
    assert!(request.set(keys.map(|key| (key, "context".into()))));
    request.in_scope(|| {
        with_field();
        let _ = failing();
    });
    let span = telemetry.span("with_field");
    span.assert_attribute("tenant", "own")
        .assert_attribute("late", "own")
        .assert_attribute("other", "context");
    span.assert_attribute("error.type", "context");
    for key in keys {
        assert_eq!(span.attributes.iter().filter(|pair| pair.key.as_str() == key).count(), 1, "{key}");
    }
    telemetry.span("failing").assert_attribute("error.type", "core::fmt::Error");
}

#[traced]
async fn awaits() {
    leaf();
    tokio::task::yield_now().await;
    context::add("set.between", true);
    leaf();
    tokio::task::yield_now().await;
    tokio::spawn(async { leaf() }.in_current_span()).await.expect("it runs");
    tokio::spawn(async { leaf() }).await.expect("it runs");
}

#[test]
fn it_goes_across_awaits_and_with_a_carried_span() {
    both(|configure| {
        let telemetry = install_with(configure);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        runtime.block_on(awaits().in_context(context::scope().with("tenant", "acme")));
        drop(runtime);
        let spans = telemetry.spans();
        let awaits = spans.one("awaits");
        awaits.assert_attribute("tenant", "acme").assert_no_attribute("set.between");
        let [first, second, carried] = &*awaits.children() else { unreachable!("three below it") };
        first.assert_attribute("tenant", "acme").assert_no_attribute("set.between");
        second.assert_attribute("tenant", "acme").assert_attribute("set.between", true);
        carried.assert_attribute("tenant", "acme").assert_attribute("set.between", true);
        let alone = spans.roots().into_iter().find(|root| root.name == "leaf").expect("what nothing carried");
        alone.assert_no_attribute("tenant");
    });
}

#[test]
fn it_goes_to_threads_with_the_scope_a_carried_span_or_a_context() {
    let telemetry = install();
    let request = context::scope().with("tenant", "acme");
    let carried = request.in_scope(|| wirespan::current().carry());
    let context = request.in_scope(Context::current);
    let (scope, same) = (request.clone(), request.in_scope(|| Scope::current().expect("inside")));
    thread::spawn(move || {
        scope.in_scope(leaf);
        same.in_scope(leaf);
        carried.in_scope(leaf);
        let _attached = context.attach();
        leaf();
    })
    .join()
    .expect("it ends");
    let leaves = telemetry.spans().named("leaf");
    assert_eq!(leaves.len(), 4);
    for leaf in &leaves {
        leaf.assert_attribute("tenant", "acme");
    }
}

#[test]
fn a_scope_inside_another_keeps_its_changes_to_itself() {
    let outer = context::scope().with("a", 1).with("b", 1);
    outer.in_scope(|| {
        let inner = context::scope().with("b", 2);
        inner.in_scope(|| {
            assert!(context::add("c", 3));
            assert_eq!(
                context::get().iter().collect::<Vec<_>>(),
                [("a", 1.into()), ("b", 2.into()), ("c", 3.into())]
            );
        });
        assert_eq!(context::get().iter().collect::<Vec<_>>(), [("a", 1.into()), ("b", 1.into())]);
    });
    assert!(Scope::new().get().is_empty());
}

#[test]
fn what_was_got_does_not_change_and_outside_of_a_scope_nothing_is_set() {
    assert!(!context::set([("a", 1.into())]) && !context::add("a", 1));
    assert!(context::get().is_empty() && Scope::current().is_none());
    let _request = context::scope().enter();
    let before = context::get();
    assert!(context::add("a", 1));
    let between = context::get();
    assert!(context::add("a", 2));
    assert_eq!((before.get("a"), between.get("a")), (None, Some(1.into())));
    assert_eq!(context::get().get("a"), Some(2.into()));
}

#[test]
fn a_handle_and_the_request_both_add_to_a_span() {
    let telemetry = install();
    context::scope().with("tenant", "acme").in_scope(|| {
        let outer = span!("outer");
        let handle = wirespan::current().handle();
        thread::spawn(move || record!(on: handle, rows = 3)).join().expect("it ends");
        drop(outer);
        let outer = span!("untouched");
        drop(wirespan::current().handle());
        drop(outer);
    });
    telemetry.span("outer").assert_attribute("tenant", "acme").assert_attribute("rows", 3);
    telemetry.span("untouched").assert_attribute("tenant", "acme");
}

#[test]
fn a_cancelled_future_and_a_stream_have_them() {
    #[traced]
    async fn waits() {
        leaf();
        pending::<()>().await;
    }
    #[traced]
    fn items() -> impl futures_util::Stream<Item = u8> {
        futures_util::stream::once(async {
            leaf();
            1
        })
    }
    let telemetry = install();
    let mut waiting = Box::pin(waits().in_context(context::scope().with("tenant", "a")));
    assert!(poll_once(waiting.as_mut()).is_pending());
    drop(waiting);
    let scope = context::scope().with("tenant", "b");
    let stream = scope.in_scope(items).in_context(scope.clone());
    let read = block_on(futures_util::StreamExt::collect::<Vec<_>>(stream));
    assert_eq!(read, [1]);
    let spans = telemetry.spans();
    spans.one("waits").assert_cancelled().assert_attribute("tenant", "a");
    spans.one("items").assert_attribute("tenant", "b");
    assert_eq!(spans.named("leaf").len(), 2);
    spans.one("items").child("leaf").assert_attribute("tenant", "b");
}

#[test]
fn spans_of_other_crates_have_them_and_keep_their_own() {
    let telemetry = install();
    let provider = SdkTracerProvider::builder().with_span_processor(PipelineProcessor::new()).build();
    let tracer = provider.tracer("library");
    let request = context::scope().with("tenant", "acme").with("a", 1).with("b", 1);
    request.in_scope(|| {
        let mut span = tracer.span_builder("theirs").with_attributes([KeyValue::new("a", 2)]).start(&tracer);
        span.set_attribute(KeyValue::new("b", 2));
        let _below = Context::current_with_span(span).attach();
        leaf();
    });
    let span = telemetry.span("theirs");
    span.assert_attribute("tenant", "acme").assert_attribute("a", 2).assert_attribute("b", 2);
    assert_eq!(span.attributes.len(), 3, "{:?}", span.attributes);
    telemetry.span("leaf").assert_attribute("a", 1);
}

#[test]
fn a_budget_is_for_the_spans_own() {
    #[traced(max_span = 64)]
    fn small(text: &str) {
        let _ = text;
    }
    let telemetry = install();
    let request = context::scope().with("tenant", "x".repeat(1000));
    request.in_scope(|| small("0123456789"));
    small("0123456789");
    let [with, without] = &*telemetry.spans().named("small") else { unreachable!("two") };
    with.assert_attribute("tenant", "x".repeat(1000)).assert_attribute("parameter.text", "0123456789");
    without.assert_attribute("parameter.text", "0123456789");
}
