//! Decoding completed OTLP `Span` messages into the SDK's `SpanData`, for exporters that take those.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{Event, Link, SpanContext, SpanKind, Status, TraceState};
use opentelemetry::{
    Array, InstrumentationScope, Key, KeyValue, SpanId, StringValue, TraceFlags, TraceId, Value as Attribute,
};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use super::read::{Fields, Value};
use super::{encode, int_of, tag, varint_of};

/// `Span.flags`: the parent's remoteness is known, and it is remote (OTLP `SpanFlags`).
pub(crate) const FLAG_HAS_IS_REMOTE: u32 = 0x100;
pub(crate) const FLAG_IS_REMOTE: u32 = 0x200;

/// The span in `message`, which [`pipeline::complete`](crate::pipeline) wrote.
pub(crate) fn span(message: &[u8], scope: InstrumentationScope) -> SpanData {
    let mut trace_id = TraceId::INVALID;
    let mut span_id = SpanId::INVALID;
    let mut flags = 0;
    let mut state = TraceState::NONE;
    let mut span = SpanData {
        span_context: SpanContext::NONE,
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: Cow::Borrowed(""),
        start_time: UNIX_EPOCH,
        end_time: UNIX_EPOCH,
        attributes: Vec::with_capacity(8),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::Unset,
        instrumentation_scope: scope,
    };
    for (number, value, _) in Fields::new(message) {
        match (number, value) {
            (1, Value::Bytes(id)) => trace_id = id.try_into().map_or(trace_id, TraceId::from_bytes),
            (2, Value::Bytes(id)) => span_id = id.try_into().map_or(span_id, SpanId::from_bytes),
            (3, Value::Bytes(text)) => state = text_of(text).parse().unwrap_or(TraceState::NONE),
            (4, Value::Bytes(id)) => {
                span.parent_span_id = id.try_into().map_or(SpanId::INVALID, SpanId::from_bytes);
            }
            (5, Value::Bytes(text)) => span.name = Cow::Owned(text_of(text)),
            (6, Value::Varint(kind)) => span.span_kind = kind_of(kind),
            (7, Value::Fixed64(nanos)) => span.start_time = time_of(nanos),
            (8, Value::Fixed64(nanos)) => span.end_time = time_of(nanos),
            (9, Value::Bytes(message)) => span.attributes.extend(attribute(message)),
            (10, Value::Varint(count)) => span.dropped_attributes_count = count_of(count),
            (11, Value::Bytes(message)) => span.events.events.push(event(message)),
            (12, Value::Varint(count)) => span.events.dropped_count = count_of(count),
            (13, Value::Bytes(message)) => span.links.links.push(link(message)),
            (14, Value::Varint(count)) => span.links.dropped_count = count_of(count),
            (15, Value::Bytes(message)) => span.status = status(message),
            (16, Value::Fixed32(bits)) => flags = bits,
            _ => {}
        }
    }
    span.parent_span_is_remote = flags & FLAG_IS_REMOTE != 0;
    // The low byte holds the W3C trace flags.
    span.span_context =
        SpanContext::new(trace_id, span_id, TraceFlags::new((flags & 0xff) as u8), false, state);
    span
}

fn count_of(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn time_of(nanos: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(nanos)
}

fn kind_of(kind: u64) -> SpanKind {
    match kind {
        2 => SpanKind::Server,
        3 => SpanKind::Client,
        4 => SpanKind::Producer,
        5 => SpanKind::Consumer,
        _ => SpanKind::Internal,
    }
}

fn status(message: &[u8]) -> Status {
    let mut description = String::new();
    let mut code = 0;
    for (number, value, _) in Fields::new(message) {
        match (number, value) {
            (2, Value::Bytes(text)) => description = text_of(text),
            (3, Value::Varint(value)) => code = value,
            _ => {}
        }
    }
    match code {
        1 => Status::Ok,
        2 => Status::error(description),
        _ => Status::Unset,
    }
}

fn link(message: &[u8]) -> Link {
    let (mut trace_id, mut span_id, mut flags) = (TraceId::INVALID, SpanId::INVALID, 0);
    let mut state = TraceState::NONE;
    let (mut attributes, mut dropped) = (Vec::new(), 0);
    for (number, value, _) in Fields::new(message) {
        match (number, value) {
            (1, Value::Bytes(id)) => trace_id = id.try_into().map_or(trace_id, TraceId::from_bytes),
            (2, Value::Bytes(id)) => span_id = id.try_into().map_or(span_id, SpanId::from_bytes),
            (3, Value::Bytes(text)) => state = text_of(text).parse().unwrap_or(TraceState::NONE),
            (4, Value::Bytes(message)) => attributes.extend(attribute(message)),
            (5, Value::Varint(count)) => dropped = count_of(count),
            (6, Value::Fixed32(bits)) => flags = bits,
            _ => {}
        }
    }
    let trace_flags = TraceFlags::new((flags & 0xff) as u8);
    let context = SpanContext::new(trace_id, span_id, trace_flags, flags & FLAG_IS_REMOTE != 0, state);
    Link::new(context, attributes, dropped)
}

fn event(message: &[u8]) -> Event {
    let mut time = 0;
    let mut name = String::new();
    let (mut attributes, mut dropped) = (Vec::new(), 0);
    for (number, value, _) in Fields::new(message) {
        match (number, value) {
            (1, Value::Fixed64(nanos)) => time = nanos,
            (2, Value::Bytes(text)) => name = text_of(text),
            (3, Value::Bytes(message)) => attributes.extend(attribute(message)),
            (4, Value::Varint(count)) => dropped = count_of(count),
            _ => {}
        }
    }
    Event::new(name, time_of(time), attributes, dropped)
}

/// A `KeyValue`; `None` where the SDK has no such value.
fn attribute(message: &[u8]) -> Option<KeyValue> {
    let (key, any) = key_and_value(message);
    Some(KeyValue::new(Key::from(text_of(key)), value(any)?))
}

/// The key and the encoded value of a `KeyValue`.
pub(crate) fn key_and_value(message: &[u8]) -> (&[u8], &[u8]) {
    let (mut key, mut any): (&[u8], &[u8]) = (&[], &[]);
    for (number, value, _) in Fields::new(message) {
        match (number, value) {
            (1, Value::Bytes(bytes)) => key = bytes,
            (2, Value::Bytes(bytes)) => any = bytes,
            _ => {}
        }
    }
    (key, any)
}

fn value(any: &[u8]) -> Option<Attribute> {
    Some(match Fields::new(any).last()? {
        (1, Value::Bytes(text), _) => Attribute::String(text_of(text).into()),
        (2, Value::Varint(value), _) => Attribute::Bool(value != 0),
        (3, Value::Varint(value), _) => Attribute::I64(int_of(value)),
        (4, Value::Fixed64(bits), _) => Attribute::F64(f64::from_bits(bits)),
        (5, Value::Bytes(list), _) => Attribute::Array(array(list)),
        (6, Value::Bytes(_), _) => Attribute::String(super::text::render(any).into()),
        _ => return None,
    })
}

/// The SDK's arrays hold one type; a mixed one becomes strings.
fn array(list: &[u8]) -> Array {
    let elements = || {
        Fields::new(list).filter_map(|(number, value, _)| match (number, value) {
            (1, Value::Bytes(any)) => Some(any),
            _ => None,
        })
    };
    macro_rules! all {
        ($number:literal, $pattern:pat => $value:expr) => {
            elements()
                .map(|any| match Fields::new(any).last() {
                    Some(($number, $pattern, _)) => Some($value),
                    _ => None,
                })
                .collect::<Option<Vec<_>>>()
        };
    }
    if let Some(texts) = all!(1, Value::Bytes(text) => StringValue::from(text_of(text))) {
        return Array::String(texts);
    }
    if let Some(integers) = all!(3, Value::Varint(value) => int_of(value)) {
        return Array::I64(integers);
    }
    if let Some(floats) = all!(4, Value::Fixed64(bits) => f64::from_bits(bits)) {
        return Array::F64(floats);
    }
    if let Some(bools) = all!(2, Value::Varint(value) => value != 0) {
        return Array::Bool(bools);
    }
    Array::String(elements().map(|any| super::text::render(any).into()).collect())
}

/// Appends an attribute of the SDK's as the field `field`.
pub(crate) fn encode_attribute(out: &mut Vec<u8>, field: u8, attribute: &KeyValue) {
    let open = encode::open(out, field);
    encode::bytes(out, tag::KEY, attribute.key.as_str().as_bytes());
    let any = encode::open(out, tag::VALUE);
    encode_value(out, &attribute.value);
    encode::close(out, any);
    encode::close(out, open);
}

fn encode_value(out: &mut Vec<u8>, value: &Attribute) {
    match value {
        Attribute::Bool(value) => out.extend_from_slice(&[tag::VALUE_BOOL, u8::from(*value)]),
        Attribute::I64(value) => {
            out.push(tag::VALUE_INT);
            encode::varint(out, varint_of(*value));
        }
        Attribute::F64(value) => encode::fixed64(out, tag::VALUE_DOUBLE, value.to_bits()),
        Attribute::String(text) => encode::bytes(out, tag::VALUE_STRING, text.as_str().as_bytes()),
        Attribute::Array(array) => {
            let field = encode::open(out, tag::VALUE_ARRAY);
            let mut element = |value: Attribute| {
                let open = encode::open(out, tag::ELEMENT);
                encode_value(out, &value);
                encode::close(out, open);
            };
            match array {
                Array::Bool(values) => values.iter().for_each(|v| element(Attribute::Bool(*v))),
                Array::I64(values) => values.iter().for_each(|v| element(Attribute::I64(*v))),
                Array::F64(values) => values.iter().for_each(|v| element(Attribute::F64(*v))),
                Array::String(values) => values.iter().for_each(|v| element(Attribute::String(v.clone()))),
                other => element(Attribute::String(other.to_string().into())),
            }
            encode::close(out, field);
        }
        other => encode::bytes(out, tag::VALUE_STRING, other.as_str().as_bytes()),
    }
}
