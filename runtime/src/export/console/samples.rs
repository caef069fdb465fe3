//! Spans for the tests of this folder and its neighbours.

use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{Event, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

/// The trace id of [`span`].
pub(crate) const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;

/// A span of [`TRACE`]; times in microseconds, parent 0 for none.
pub(crate) fn span(id: u64, parent: u64, name: &'static str, start: u64, end: u64) -> SpanData {
    span_of(TRACE, id, parent, name, start, end)
}

/// A span of trace `trace`.
pub(crate) fn span_of(trace: u128, id: u64, parent: u64, name: &'static str, start: u64, end: u64) -> SpanData {
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
