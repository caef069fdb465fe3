//! What a span has to look like, from the line about its call, and in what way one that was received does not.
//!
//! Everything in it is compared: identifiers, parent, name, kind, status, every attribute and event, and that there are no
//! others. Of the times it is known that they are in order, and that the inner span lies in the outer one.

use std::fmt::Debug;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::{Event, SpanKind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{Span, Status};

use super::functions::{Unlucky, fails, ratio};
use super::sent::Sent;
use super::{checksum, text_of};

/// The service that the load program is told to be.
pub const SERVICE: &str = "load";
/// Nanoseconds by which two spans may disagree about the time: each visit of the drain thread reads the wall clock anew, some
/// microseconds apart, more where a thread is put aside in between.
pub(crate) const CLOCK: u64 = 50_000_000;
/// Sampled, and it is known that the parent is not remote.
const FLAGS: u32 = 0x101;
const MODULE: &str = "wirespan_tests::load::functions";

/// The two spans of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The outer one.
    Request,
    /// The one inside it.
    Step,
}

/// In what way `span` is not that part of the call.
///
/// # Errors
///
/// The first difference.
pub fn check(sent: &Sent, part: Part, span: &Span) -> Result<(), String> {
    let expected = expected(sent, part);
    same("trace id", &span.trace_id, &expected.trace_id)?;
    same("span id", &span.span_id, &expected.span_id)?;
    same("parent", &span.parent_span_id, &expected.parent_span_id)?;
    same("trace state", &span.trace_state, &expected.trace_state)?;
    same("flags", &span.flags, &expected.flags)?;
    same("name", &span.name, &expected.name)?;
    same("kind", &span.kind, &expected.kind)?;
    same("status", &span.status, &expected.status)?;
    same("attributes", &in_order(&span.attributes), &in_order(&expected.attributes))?;
    same("links", &span.links, &expected.links)?;
    let times = span.start_time_unix_nano..=span.end_time_unix_nano;
    if span.start_time_unix_nano < CLOCK || times.is_empty() {
        return Err(format!("starts and ends at {times:?}"));
    }
    same("number of events", &span.events.len(), &expected.events.len())?;
    for (event, expected) in span.events.iter().zip(&expected.events) {
        same("event", &event.name, &expected.name)?;
        same("its attributes", &in_order(&event.attributes), &in_order(&expected.attributes))?;
        if !(times.start() - CLOCK..=times.end() + CLOCK).contains(&event.time_unix_nano) {
            return Err(format!("event at {}, span {times:?}", event.time_unix_nano));
        }
    }
    let dropped = [span.dropped_attributes_count, span.dropped_events_count, span.dropped_links_count];
    same("dropped attributes, events and links", &dropped, &[0, 0, 0])
}

/// In what way it is not from the load program.
///
/// # Errors
///
/// The first difference.
pub fn check_source(resource: Option<&Resource>, scope: Option<&InstrumentationScope>) -> Result<(), String> {
    let attributes = resource.map(|resource| resource.attributes.as_slice()).unwrap_or_default();
    let service = attributes.iter().find(|attribute| attribute.key == "service.name");
    same("service.name", &service.cloned(), &Some(text("service.name", SERVICE)))?;
    same("scope", &scope.map(|scope| scope.name.as_str()), &Some(env!("CARGO_PKG_NAME")))
}

fn same<T: PartialEq + Debug>(what: &str, received: &T, expected: &T) -> Result<(), String> {
    if received == expected {
        return Ok(());
    }
    Err(format!("{what}: received {received:?}, expected {expected:?}"))
}

/// The order says nothing; a key that is there twice stays there twice.
fn in_order(attributes: &[KeyValue]) -> Vec<KeyValue> {
    let mut attributes = attributes.to_vec();
    attributes.sort_by(|one, other| one.key.cmp(&other.key));
    attributes
}

fn expected(sent: &Sent, part: Part) -> Span {
    let span = Span { trace_id: bytes(&sent.trace_id), flags: FLAGS, ..Span::default() };
    match part {
        Part::Request => request(sent, span),
        Part::Step => step(sent, span),
    }
}

fn request(sent: &Sent, span: Span) -> Span {
    let content = text_of(&sent.run, sent.thread, sent.sequence, sent.bytes);
    let mut attributes = code("request");
    attributes.extend([
        text("parameter.run", &sent.run),
        number("parameter.thread", sent.thread),
        number("parameter.sequence", sent.sequence),
        attribute("parameter.sum", Value::IntValue(checksum(&content))),
        text("parameter.text", &content),
    ]);
    let mut status = Status { code: StatusCode::Ok.into(), ..Status::default() };
    let mut events = Vec::new();
    if fails(sent.sequence) {
        let message = Unlucky(sent.sequence).to_string();
        let kind = format!("{MODULE}::Unlucky");
        attributes.push(text("error.type", &kind));
        let exception = vec![text("exception.type", &kind), text("exception.message", &message)];
        events.push(event("exception", exception));
        status = Status { code: StatusCode::Error.into(), message };
    }
    Span {
        span_id: bytes(&sent.request),
        name: "request".to_owned(),
        kind: SpanKind::Server.into(),
        status: Some(status),
        attributes,
        events,
        ..span
    }
}

fn step(sent: &Sent, span: Span) -> Span {
    let even = attribute("even", Value::BoolValue(sent.sequence % 2 == 0));
    let mut attributes = code("step");
    attributes.extend([
        number("parameter.thread", sent.thread),
        number("parameter.sequence", sent.sequence),
        attribute("parameter.ratio", Value::DoubleValue(ratio(sent.sequence))),
        KeyValue { key: "parameter.even".to_owned(), ..even.clone() },
    ]);
    Span {
        span_id: bytes(&sent.step),
        parent_span_id: bytes(&sent.request),
        name: "step".to_owned(),
        kind: SpanKind::Client.into(),
        status: Some(Status { code: StatusCode::Ok.into(), ..Status::default() }),
        attributes,
        events: vec![event("checkpoint", vec![number("sequence", sent.sequence), even])],
        ..span
    }
}

/// What is known of the function from its call site, which this program has as well.
fn code(function: &str) -> Vec<KeyValue> {
    let site = wirespan::callsites().find(|site| site.module() == MODULE && site.function() == function);
    let (file, line) = site.map(|site| (site.file(), site.line())).unwrap_or_default();
    vec![
        text("code.function.name", &format!("{MODULE}::{function}")),
        text("code.file.path", file),
        number("code.line.number", u64::from(line)),
    ]
}

fn event(name: &str, attributes: Vec<KeyValue>) -> Event {
    Event { name: name.to_owned(), attributes, ..Event::default() }
}

fn text(key: &str, value: &str) -> KeyValue {
    attribute(key, Value::StringValue(value.to_owned()))
}

fn number(key: &str, value: u64) -> KeyValue {
    attribute(key, Value::IntValue(i64::try_from(value).unwrap_or(i64::MAX)))
}

fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

/// The bytes of hexadecimal digits; a digit that is none gives no bytes, which equal nothing.
pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect::<Option<_>>()
        .unwrap_or_default()
}
