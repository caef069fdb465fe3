//! The current OpenTelemetry `Context`: our spans stand in it, spans of others that stand in it are our parents, and it is
//! afterwards what it was before.

#![allow(clippy::items_after_statements, reason = "functions that are there to be traced")]

use std::future::pending;
use std::panic::catch_unwind;

use wirespan::opentelemetry::baggage::BaggageExt as _;
use wirespan::opentelemetry::context::FutureExt as _;
use wirespan::opentelemetry::trace::{SpanContext, TraceContextExt as _, Tracer as _, TracerProvider as _};
use wirespan::opentelemetry::{Context, KeyValue, TraceFlags};
use wirespan::opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanData};
use wirespan::testing::{Span, Spans};
use wirespan::{MemoryExporter, traced};
use wirespan_tests::look::{block_on, poll_once, with_events};
use wirespan_tests::{install, install_with};

/// The span in OpenTelemetry's current context.
fn current() -> SpanContext {
    Context::current().span().span_context().clone()
}

fn assert_is(context: &SpanContext, span: &SpanData) {
    assert_eq!(context.span_id(), span.span_context.span_id());
    assert_eq!(context.trace_id(), span.span_context.trace_id());
    assert!(context.is_sampled() && !context.is_remote(), "{context:?}");
}

#[traced]
fn inner() -> SpanContext {
    current()
}

#[traced]
fn outer() -> [SpanContext; 3] {
    let before = current();
    let inside = inner();
    [before, inside, current()]
}

#[test]
fn inside_a_function_its_span_is_current() {
    let telemetry = install();
    let [before, inside, after] = outer();
    let span = telemetry.span("outer");
    assert_is(&before, &span);
    assert_is(&inside, &telemetry.span("inner"));
    assert_is(&after, &span);
    assert!(!current().is_valid());
}

/// The current span before and after each of many awaits.
#[traced]
async fn awaits(number: u64) -> (u64, Vec<SpanContext>) {
    let mut seen = vec![current()];
    for _ in 0..20 {
        tokio::task::yield_now().await;
        seen.push(current());
        inner();
        seen.push(current());
    }
    (number, seen)
}

#[test]
fn across_awaits_and_threads_the_span_of_each_task_is_current() {
    let telemetry = install();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().expect("a runtime");
    let seen = runtime.block_on(async {
        let tasks: Vec<_> = (0..16).map(|number| tokio::spawn(awaits(number))).collect();
        let mut seen = Vec::new();
        for task in tasks {
            seen.push(task.await.expect("it does not panic"));
        }
        seen
    });
    let spans = telemetry.spans();
    for (number, seen) in seen {
        let is_it = |span: &&Span| wirespan_tests::text(span, "parameter.number") == Some(number.to_string());
        let span = spans.iter().find(is_it).expect("it is recorded");
        assert_eq!(seen.len(), 41);
        for context in &seen {
            assert_is(context, span);
        }
        assert_eq!(span.children().len(), 20);
    }
}

#[test]
fn between_polls_the_span_is_not_current() {
    let telemetry = install();
    let mut first = Box::pin(awaits(1));
    let mut second = Box::pin(awaits(2));
    for _ in 0..5 {
        assert!(poll_once(first.as_mut()).is_pending());
        assert!(!current().is_valid());
        assert!(poll_once(second.as_mut()).is_pending());
        assert!(!current().is_valid());
    }
    drop((first, second));
    assert!(!current().is_valid());
    let spans = telemetry.spans();
    assert!(spans.iter().filter(|span| span.name == "awaits").all(|span| span.span_context.is_valid()));
    let roots = spans.iter().filter(|span| span.parent_span_id == wirespan::opentelemetry::SpanId::INVALID);
    assert_eq!(roots.count(), 2);
}

#[test]
fn a_spawned_task_that_is_given_the_context_is_a_child() {
    #[traced]
    async fn spawns() -> SpanContext {
        let with = tokio::spawn(async { inner() }.with_context(Context::current()));
        let without = tokio::spawn(awaits(0));
        let _ = without.await;
        with.await.expect("it does not panic")
    }
    let telemetry = install();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let seen = runtime.block_on(spawns());
    let parent = telemetry.span("spawns");
    let children = parent.children();
    assert_eq!(children.len(), 1);
    assert_is(&seen, &children[0]);
    assert_ne!(telemetry.span("awaits").span_context.trace_id(), parent.span_context.trace_id());
}

#[test]
fn the_context_is_what_it_was_after_a_panic_or_a_cancellation() {
    #[traced]
    fn panics() {
        inner();
        panic!("out");
    }
    #[traced]
    async fn waits() {
        inner();
        pending::<()>().await;
    }
    #[traced]
    fn around() -> [SpanContext; 3] {
        let before = current();
        let _ = catch_unwind(panics);
        let after_panic = current();
        let mut future = Box::pin(waits());
        assert!(poll_once(future.as_mut()).is_pending());
        drop(future);
        [before, after_panic, current()]
    }
    let telemetry = install();
    let seen = around();
    let span = telemetry.span("around");
    for context in &seen {
        assert_is(context, &span);
    }
    assert_eq!(span.children().len(), 2);
    assert_eq!(with_events(&telemetry.spans()).len(), 2);
    assert!(!current().is_valid());
}

#[test]
fn a_span_of_another_library_is_our_parent_and_ours_is_its() {
    let foreign = MemoryExporter::new();
    let provider = SdkTracerProvider::builder().with_simple_exporter(foreign.clone()).build();
    let tracer = provider.tracer("foreign");
    let telemetry = install();
    #[traced]
    fn ours(tracer: &SdkTracer) {
        tracer.in_span("below", |_| inner());
    }
    tracer.in_span("above", |_| ours(&tracer));
    provider.force_flush().expect("it is in memory");
    let foreign = Spans::from(foreign.spans());
    let (above, below) = (foreign.one("above"), foreign.one("below"));
    let (ours, inner) = (telemetry.span("ours"), telemetry.span("inner"));
    assert_eq!(ours.parent_span_id, above.span_context.span_id());
    assert!(!ours.parent_span_is_remote);
    assert_eq!(below.parent_span_id, ours.span_context.span_id());
    assert_eq!(inner.parent_span_id, below.span_context.span_id());
    for span in [&ours, &below, &inner] {
        assert_eq!(span.span_context.trace_id(), above.span_context.trace_id());
    }
}

#[test]
fn a_span_of_another_library_that_is_not_sampled_keeps_ours_from_being_recorded() {
    use wirespan::opentelemetry_sdk::trace::Sampler;
    let provider = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOff).build();
    let telemetry = install();
    let seen = provider.tracer("foreign").in_span("above", |above| {
        assert!(above.span().span_context().is_valid());
        inner()
    });
    assert_eq!(seen.trace_flags(), TraceFlags::default());
    assert_eq!(telemetry.spans().len(), 0);
}

#[test]
fn with_the_attach_off_the_context_is_left_alone() {
    let foreign = MemoryExporter::new();
    let provider = SdkTracerProvider::builder().with_simple_exporter(foreign.clone()).build();
    let telemetry = install_with(|builder| builder.opentelemetry_context(false));
    let seen = outer();
    assert!(seen.iter().all(|context| !context.is_valid()));
    let (_, seen) = block_on(awaits(1));
    assert!(seen.iter().all(|context| !context.is_valid()));
    let span = telemetry.span("outer");
    assert_eq!(span.children().len(), 1);
    assert_eq!(telemetry.span("awaits").children().len(), 20);
    // A span of another library is not our parent either.
    provider.tracer("foreign").in_span("above", |_| {
        traced_alone();
    });
    let alone = telemetry.span("traced_alone");
    assert_ne!(
        alone.span_context.trace_id(),
        Spans::from(foreign.spans()).one("above").span_context.trace_id()
    );
}

#[traced]
fn traced_alone() {}

#[test]
fn values_and_baggage_of_the_context_are_kept() {
    #[derive(Debug, PartialEq)]
    struct Mine(u32);
    fn assert_kept() {
        let context = Context::current();
        assert_eq!(context.get::<Mine>(), Some(&Mine(7)));
        assert_eq!(context.baggage().get("tenant").map(ToString::to_string).as_deref(), Some("acme"));
        assert!(context.span().span_context().is_valid());
    }
    #[traced]
    fn keeps() {
        assert_kept();
        block_on(keeps_async());
    }
    #[traced]
    async fn keeps_async() {
        assert_kept();
        tokio::task::yield_now().await;
        assert_kept();
    }
    let telemetry = install();
    {
        let context = Context::current_with_value(Mine(7)).with_baggage([KeyValue::new("tenant", "acme")]);
        let _attached = context.attach();
        keeps();
    }
    assert_eq!(telemetry.spans().len(), 2);
}

#[test]
fn where_telemetry_is_suppressed_nothing_is_recorded() {
    #[traced]
    fn suppresses() -> bool {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        block_on(awaits(1));
        inner().is_valid()
    }
    let telemetry = install();
    assert!(suppresses());
    {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        outer();
    }
    assert_eq!(telemetry.spans().len(), 1);
    inner();
    assert_eq!(telemetry.spans().len(), 2);
}
