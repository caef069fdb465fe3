//! Spans that other crates make through the OpenTelemetry API: in the same traces, batches and ledger as ours.

use std::borrow::Cow;
use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{
    Event, Link, Span as _, SpanContext, SpanKind, Status, TraceContextExt as _, TraceState, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{
    Array, Context, InstrumentationScope, KeyValue, SpanId, StringValue, TraceFlags, TraceId, Value, global,
};
use opentelemetry_sdk::trace::{
    Sampler, SdkTracerProvider, SpanData, SpanEvents, SpanLinks, SpanProcessor as _,
};
use wirespan::{PipelineProcessor, traced};
use wirespan_tests::{PATIENCE, install, install_with, turn};

#[traced]
fn ours(inner: fn()) {
    inner();
}

/// What an instrumented library does.
fn theirs() {
    global::tracer("library").in_span("theirs", |_| ours(|| ()));
}

#[test]
fn a_span_of_another_crate_stands_between_ours() {
    let installed = install();
    ours(theirs);
    let spans = installed.take();
    let named = |name: &str| spans.iter().filter(|span| span.name == name).collect::<Vec<_>>();
    let (ours, theirs) = (named("ours"), named("theirs"));
    assert_eq!((ours.len(), theirs.len()), (2, 1), "{spans:?}");
    let theirs = theirs[0];
    let inner = ours.iter().find(|span| span.parent_span_id == theirs.span_context.span_id());
    let outer = ours.iter().find(|span| span.span_context.span_id() == theirs.parent_span_id);
    assert!(inner.is_some() && outer.is_some(), "{spans:?}");
    assert!(spans.iter().all(|span| span.span_context.trace_id() == theirs.span_context.trace_id()));
    assert_eq!(theirs.instrumentation_scope.name(), "library");
}

#[test]
fn they_are_in_the_ledger() {
    let installed = install();
    for _ in 0..100 {
        theirs();
    }
    let stats = installed.stats();
    assert_eq!((stats.started, stats.acknowledged), (200, 200));
}

#[test]
fn the_sampler_that_is_installed_decides_about_them() {
    let installed = install_with(|builder| builder.sampler(Sampler::AlwaysOff));
    theirs();
    assert!(installed.take().is_empty());
    installed.telemetry().sampler().set(Sampler::AlwaysOn);
    theirs();
    assert_eq!(installed.take().len(), 2);
}

#[test]
fn below_an_unsampled_parent_nothing_is_recorded() {
    let installed = install();
    let unsampled = SpanContext::new(
        TraceId::from_bytes([7; 16]),
        SpanId::from_bytes([7; 8]),
        TraceFlags::default(),
        true,
        TraceState::NONE,
    );
    let _attached = Context::new().with_remote_span_context(unsampled).attach();
    theirs();
    assert!(installed.take().is_empty());
}

#[test]
fn where_nothing_is_installed_they_are_gone() {
    drop(install());
    let _turn = turn();
    let mut span = global::tracer("library").start("nobody listens");
    assert!(!span.span_context().is_sampled());
    span.end();
}

#[test]
fn what_finds_no_room_is_dropped_and_counted() {
    let _turn = turn();
    let gate = std::sync::Arc::new(std::sync::Barrier::new(2));
    let waits = std::sync::Arc::clone(&gate);
    let exporter = wirespan_tests::exporter::Scripted::new(move |batch| {
        if batch == 0 {
            // Entered; and let go.
            waits.wait();
            waits.wait();
        }
        wirespan_tests::exporter::Answer::Accept
    });
    let telemetry =
        wirespan::builder().exporter(exporter).buffer_bytes(256 * 1024).install().expect("it installs");
    let spans = |count: usize| {
        for _ in 0..count {
            let mut span = global::tracer("library").start("large");
            span.set_attribute(KeyValue::new("text", "x".repeat(64 * 1024)));
        }
    };
    spans(1);
    // The drain thread is in the exporter, and stays there.
    gate.wait();
    spans(20);
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.dropped.buffer_full >= 17, "{stats:?}");
    gate.wait();
    let error = telemetry.shutdown(PATIENCE).expect_err("spans were lost");
    let report = error.report().expect("a report");
    assert_eq!(report.delivered + report.dropped.buffer_full, 21, "{report}");
}

#[test]
fn a_provider_of_the_program_may_use_the_processor() {
    let installed = install();
    let provider = SdkTracerProvider::builder().with_span_processor(PipelineProcessor::new()).build();
    provider.tracer("program").in_span("program's", |_| ());
    provider.force_flush().expect("it is delivered");
    provider.shutdown().expect("it is over");
    ours(|| ());
    let spans = installed.take();
    let mut names: Vec<_> = spans.iter().map(|span| &*span.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["ours", "program's"]);
}

#[test]
fn everything_that_a_span_of_the_sdk_has_arrives() {
    let installed = install();
    let context = |byte: u8, remote| {
        let state = TraceState::from_key_value([("vendor", "value")]).expect("a state");
        let ids = (TraceId::from_bytes([byte; 16]), SpanId::from_bytes([byte; 8]));
        SpanContext::new(ids.0, ids.1, TraceFlags::SAMPLED, remote, state)
    };
    let at = |seconds| UNIX_EPOCH + Duration::new(seconds, 123_456_789);
    let mut events = SpanEvents::default();
    events.events.push(Event::new("tick", at(2), vec![KeyValue::new("number", 7)], 3));
    events.dropped_count = 4;
    let mut links = SpanLinks::default();
    links.links.push(Link::new(context(9, true), vec![KeyValue::new("why", "retry")], 5));
    links.dropped_count = 6;
    let texts = Array::String(vec![StringValue::from("a"), StringValue::from("ü")]);
    let span = SpanData {
        span_context: context(1, false),
        parent_span_id: SpanId::from_bytes([2; 8]),
        parent_span_is_remote: true,
        span_kind: SpanKind::Consumer,
        name: Cow::Borrowed("whole"),
        start_time: at(1),
        end_time: at(3),
        attributes: vec![
            KeyValue::new("bool", true),
            KeyValue::new("integer", -5),
            KeyValue::new("float", 2.5),
            KeyValue::new("texts", Value::Array(texts)),
        ],
        dropped_attributes_count: 8,
        events,
        links,
        status: Status::error("no room"),
        instrumentation_scope: InstrumentationScope::builder("library").with_version("1.2").build(),
    };
    PipelineProcessor::new().on_end(span.clone());
    assert_eq!(installed.take(), [span]);
}
