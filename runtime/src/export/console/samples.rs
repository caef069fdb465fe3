//! Spans for the tests of this folder and its neighbours.

use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{Event, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

/// The trace id of [`span`].
pub(crate) const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;

/// A span of [`TRACE`]; times in microseconds, parent 0 for none.
pub(crate) fn span(id: u64, parent: u64, name: &'static str, start: u64, end: u64) -> SpanData {
    span_of(TRACE, id, parent, name, start, end)
}

/// A span of trace `trace`.
pub(crate) fn span_of(
    trace: u128,
    id: u64,
    parent: u64,
    name: &'static str,
    start: u64,
    end: u64,
) -> SpanData {
    let at = |micros| UNIX_EPOCH + Duration::from_secs(1_700_000_000) + Duration::from_micros(micros);
    SpanData {
        span_context: SpanContext::new(
            TraceId::from(trace),
            SpanId::from(id),
            TraceFlags::SAMPLED,
            false,
            TraceState::default(),
        ),
        parent_span_id: SpanId::from(parent),
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: name.into(),
        start_time: at(start),
        end_time: at(end),
        attributes: Vec::new(),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::Ok,
        instrumentation_scope: InstrumentationScope::builder("sample").with_version("1.2.3").build(),
    }
}

/// What the tests change on a span, in one line.
pub(crate) trait With: Sized {
    fn with(self, attributes: impl IntoIterator<Item = KeyValue>) -> Self;
    fn failed(self, description: &'static str) -> Self;
    fn event(self, name: &'static str, attributes: impl IntoIterator<Item = KeyValue>) -> Self;
    fn remote(self) -> Self;
}

impl With for SpanData {
    fn with(mut self, attributes: impl IntoIterator<Item = KeyValue>) -> Self {
        self.attributes.extend(attributes);
        self
    }

    fn failed(mut self, description: &'static str) -> Self {
        self.status = Status::error(description);
        self
    }

    fn event(mut self, name: &'static str, attributes: impl IntoIterator<Item = KeyValue>) -> Self {
        let event = Event::new(name, self.end_time, attributes.into_iter().collect(), 0);
        self.events.events.push(event);
        self
    }

    fn remote(mut self) -> Self {
        self.parent_span_is_remote = true;
        self
    }
}

/// Runs a future that never waits.
pub(crate) fn now(future: impl Future<Output = OTelSdkResult>) -> OTelSdkResult {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(result) => result,
        std::task::Poll::Pending => panic!("an exporter waited"),
    }
}

/// A trace of an agent with a bit of everything, children before their parents.
pub(crate) fn agent() -> Vec<SpanData> {
    let mut call = span(5, 4, "Llm::complete", 12_400, 410_000)
        .with([
            KeyValue::new("code.function.name", "demo::Llm::complete"),
            KeyValue::new("parameter.model", "claude"),
            KeyValue::new("error.type", "demo::LlmError"),
        ])
        .failed("the model is overloaded, try again in 30 seconds")
        .event(
            "exception",
            [
                KeyValue::new("exception.type", "demo::LlmError"),
                KeyValue::new("exception.message", "the model is overloaded, try again in 30 seconds"),
            ],
        );
    call.span_kind = SpanKind::Client;
    let cancelled = span(7, 2, "search_web", 420_000, 620_000)
        .with([KeyValue::new("parameter.query", "rust otel"), KeyValue::new("cancelled", true)])
        .event(
            "cancelled",
            [
                KeyValue::new("task.name", "unknown"),
                KeyValue::new("function.name", "search_web"),
                KeyValue::new("cancellation.timestamp", 1_700_000_000_i64),
                KeyValue::new("cancellation.reason", "timeout"),
            ],
        );
    let mut answer =
        span(8, 2, "Llm::complete", 640_000, 1_190_000).with([KeyValue::new("parameter.model", "claude")]);
    answer.span_kind = SpanKind::Client;
    let words = Value::Array(Array::String(vec![StringValue::from("a"), StringValue::from("b c")]));
    vec![
        span(3, 2, "load_memory", 200, 12_500)
            .with([KeyValue::new("parameter.user", 42), KeyValue::new("cached", true)]),
        call,
        span(4, 2, "plan", 12_300, 411_000)
            .with([KeyValue::new("parameter.messages", "<Vec<Message> (excluded)>")])
            .failed("the model is overloaded, try again in 30 seconds"),
        cancelled,
        span(6, 2, "read_file", 420_100, 421_000)
            .with([KeyValue::new("parameter.path", "notes/today.md"), KeyValue::new("words", words)])
            .event("cache miss", [KeyValue::new("key", "notes")]),
        answer,
        span(2, 0, "Agent::run", 0, 1_200_000).with([
            KeyValue::new("parameter.run_id", "0191f3c2"),
            KeyValue::new("parameter.question", "what is new in Rust?"),
        ]),
    ]
}
