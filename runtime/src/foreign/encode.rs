//! The SDK's `SpanData` as an OTLP `Span` message: what `wire/decode.rs` reads, the other way round.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::SpanId;
use opentelemetry::trace::{Event, SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;

use crate::context;
use crate::wire::decode::{self, FLAG_HAS_IS_REMOTE, FLAG_IS_REMOTE};
use crate::wire::{encode, tag};

/// Appends the span.
pub(super) fn span(out: &mut Vec<u8>, span: &SpanData) {
    let context = &span.span_context;
    encode::bytes(out, tag::SPAN_TRACE_ID, &context.trace_id().to_bytes());
    encode::bytes(out, tag::SPAN_SPAN_ID, &context.span_id().to_bytes());
    let trace_state = context.trace_state().header();
    if !trace_state.is_empty() {
        encode::bytes(out, tag::SPAN_TRACE_STATE, trace_state.as_bytes());
    }
    if span.parent_span_id != SpanId::INVALID {
        encode::bytes(out, tag::SPAN_PARENT_ID, &span.parent_span_id.to_bytes());
    }
    encode::bytes(out, tag::SPAN_NAME, span.name.as_bytes());
    out.extend_from_slice(&[tag::SPAN_KIND, kind(&span.span_kind)]);
    encode::fixed64(out, tag::SPAN_START, nanos(span.start_time));
    encode::fixed64(out, tag::SPAN_END, nanos(span.end_time));
    for (index, attribute) in span.attributes.iter().enumerate() {
        // The SDK keeps both where one replaces that of the request.
        let later =
            context::is_in_use().then(|| span.attributes.get(index + 1..)).flatten().unwrap_or_default();
        if !later.iter().any(|later| later.key == attribute.key) {
            decode::encode_attribute(out, tag::SPAN_ATTRIBUTE, attribute);
        }
    }
    count(out, tag::SPAN_DROPPED_ATTRIBUTES, span.dropped_attributes_count);
    for event in &span.events.events {
        self::event(out, event);
    }
    count(out, tag::SPAN_DROPPED_EVENTS, span.events.dropped_count);
    for link in &span.links.links {
        let context = &link.span_context;
        encode::link_with(out, context, &context.trace_state().header(), |out| {
            for attribute in &link.attributes {
                decode::encode_attribute(out, tag::LINK_ATTRIBUTE, attribute);
            }
            count(out, tag::LINK_DROPPED_ATTRIBUTES, link.dropped_attributes_count);
        });
    }
    count(out, tag::SPAN_DROPPED_LINKS, span.links.dropped_count);
    status(out, &span.status);
    let remote = if span.parent_span_is_remote { FLAG_IS_REMOTE } else { 0 };
    let flags = u32::from(context.trace_flags().to_u8()) | FLAG_HAS_IS_REMOTE | remote;
    out.extend_from_slice(&tag::SPAN_FLAGS);
    out.extend_from_slice(&flags.to_le_bytes());
}

fn kind(kind: &SpanKind) -> u8 {
    match kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}

/// A time before 1970 counts as 1970.
fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

fn count(out: &mut Vec<u8>, tag: u8, count: u32) {
    if count > 0 {
        out.push(tag);
        encode::varint(out, u64::from(count));
    }
}

fn event(out: &mut Vec<u8>, event: &Event) {
    let field = encode::open(out, tag::SPAN_EVENT);
    encode::fixed64(out, tag::EVENT_TIME, nanos(event.timestamp));
    encode::bytes(out, tag::EVENT_NAME, event.name.as_bytes());
    for attribute in &event.attributes {
        decode::encode_attribute(out, tag::EVENT_ATTRIBUTE, attribute);
    }
    count(out, tag::EVENT_DROPPED_ATTRIBUTES, event.dropped_attributes_count);
    encode::close(out, field);
}

fn status(out: &mut Vec<u8>, status: &Status) {
    let (code, description) = match status {
        Status::Unset => return,
        Status::Ok => (tag::STATUS_OK, ""),
        Status::Error { description } => (tag::STATUS_ERROR, &**description),
    };
    let field = encode::open(out, tag::SPAN_STATUS);
    if !description.is_empty() {
        encode::bytes(out, tag::STATUS_MESSAGE, description.as_bytes());
    }
    out.extend_from_slice(&[tag::STATUS_CODE, code]);
    encode::close(out, field);
}
