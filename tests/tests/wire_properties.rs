//! The wire format against another implementation: what the encoder writes, `opentelemetry-proto` reads as the same, what
//! that writes our reader reads as the same, and no input whatever makes the reader panic or go on for ever.
//!
//! The files are the runtime's own; `wire/functions.rs` does the same through traced functions and the whole pipeline.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps,
    clippy::type_complexity,
    clippy::too_many_arguments,
    reason = "a test fails by panicking, and is laid out to be read"
)]

#[path = "wire/functions.rs"]
mod functions;
#[path = "../../runtime/src/wire/mod.rs"]
#[allow(
    dead_code,
    clippy::pedantic,
    reason = "checked where it belongs; some of it is used by the pipeline only"
)]
mod wire;

/// What `wire` needs of the runtime.
mod capture {
    pub(crate) mod output {
        pub(crate) trait FloorCharBoundary {
            fn floor_char_boundary_compat(&self, index: usize) -> usize;
        }

        impl FloorCharBoundary for str {
            fn floor_char_boundary_compat(&self, index: usize) -> usize {
                (0..=index.min(self.len())).rev().find(|at| self.is_char_boundary(*at)).unwrap_or(0)
            }
        }
    }
}

use opentelemetry::trace::Status as SdkStatus;
use opentelemetry::{Array, InstrumentationScope, Value as SdkValue};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, KeyValueList};
use opentelemetry_proto::tonic::trace::v1::span::{Event, SpanKind};
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use proptest::collection::vec;
use proptest::prelude::*;
use prost::Message as _;
use wire::read::Fields;
use wire::{encode, tag};

fn wrapped(value: Value) -> AnyValue {
    AnyValue { value: Some(value) }
}

fn pair(key: String, value: Value) -> KeyValue {
    KeyValue { key, value: Some(wrapped(value)), ..KeyValue::default() }
}

/// Values of one level: what attributes of the SDK's consist of.
fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::BoolValue),
        any::<i64>().prop_map(Value::IntValue),
        any::<i8>().prop_map(|small| Value::IntValue(small.into())),
        // A NaN is no equal of itself.
        any::<f64>().prop_filter("not a number", |float| !float.is_nan()).prop_map(Value::DoubleValue),
        ".{0,200}".prop_map(Value::StringValue),
    ]
}

/// Values in lists and in lists of pairs, some levels deep.
fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(|values| {
                Value::ArrayValue(ArrayValue { values: values.into_iter().map(wrapped).collect() })
            }),
            vec((".{1,140}", inner), 0..6).prop_map(|pairs| {
                let values = pairs.into_iter().map(|(key, value)| pair(key, value)).collect();
                Value::KvlistValue(KeyValueList { values })
            }),
        ]
    })
}

fn push_short(out: &mut Vec<u8>, value: encode::Short) {
    let mut encoded = [0; 16];
    value.write(&mut encoded);
    out.extend_from_slice(&encoded[..value.len]);
}

/// Writes `value` as the runtime's writers do: by opening and closing fields.
fn encode_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::BoolValue(value) => {
            push_short(out, encode::bool_value(*value));
        }
        Value::IntValue(value) => {
            push_short(out, encode::int_value(*value));
        }
        Value::DoubleValue(value) => {
            push_short(out, encode::double_value(*value));
        }
        Value::StringValue(text) => encode::bytes(out, tag::VALUE_STRING, text.as_bytes()),
        Value::ArrayValue(list) => {
            let field = encode::open(out, tag::VALUE_ARRAY);
            for element in list.values.iter().filter_map(|element| element.value.as_ref()) {
                let open = encode::open(out, tag::ELEMENT);
                encode_value(out, element);
                encode::close(out, open);
            }
            encode::close(out, field);
        }
        Value::KvlistValue(list) => {
            let field = encode::open(out, tag::VALUE_KEYS);
            for pair in &list.values {
                encode_pair(out, tag::ENTRY, pair);
            }
            encode::close(out, field);
        }
        other => panic!("{other:?} is not generated"),
    }
}

fn encode_pair(out: &mut Vec<u8>, tag: u8, pair: &KeyValue) {
    let field = encode::open(out, tag);
    encode::bytes(out, tag::KEY, pair.key.as_bytes());
    let open = encode::open(out, tag::VALUE);
    encode_value(out, pair.value.as_ref().and_then(|any| any.value.as_ref()).expect("generated with one"));
    encode::close(out, open);
    encode::close(out, field);
}

/// The SDK's word for a value of one level.
fn sdk_value(value: &Value) -> SdkValue {
    match value {
        Value::BoolValue(value) => SdkValue::Bool(*value),
        Value::IntValue(value) => SdkValue::I64(*value),
        Value::DoubleValue(value) => SdkValue::F64(*value),
        Value::StringValue(text) => SdkValue::String(text.clone().into()),
        other => panic!("{other:?} is not generated"),
    }
}

prop_compose! {
    fn span()(
        trace_id in any::<[u8; 16]>(),
        span_id in any::<[u8; 8]>(),
        parent in proptest::option::of(any::<[u8; 8]>()),
        name in ".{0,150}",
        times in any::<(u32, u32)>(),
        attributes in vec((".{0,40}", scalar()), 0..8),
        events in vec((".{0,40}", any::<u32>(), vec((".{0,40}", scalar()), 0..4)), 0..3),
        status in (0..3_i32, ".{0,40}"),
        (remote, kind) in (any::<bool>(), 1..=5_i32),
    ) -> Span {
        let pairs = |pairs: Vec<(String, Value)>| pairs.into_iter().map(|(key, value)| pair(key, value)).collect();
        Span {
            trace_id: trace_id.to_vec(),
            span_id: span_id.to_vec(),
            parent_span_id: parent.map(|id| id.to_vec()).unwrap_or_default(),
            name,
            kind,
            start_time_unix_nano: times.0.into(),
            end_time_unix_nano: times.1.into(),
            attributes: pairs(attributes),
            events: events
                .into_iter()
                .map(|(name, time, attributes)| Event {
                    name,
                    time_unix_nano: time.into(),
                    attributes: pairs(attributes),
                    ..Event::default()
                })
                .collect(),
            status: Some(Status { code: status.0, message: status.1 }),
            flags: if remote { 0x301 } else { 0x101 },
            ..Span::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_is_decoded_as_the_same(key in ".{1,300}", value in value()) {
        let pair = pair(key, value);
        let mut out = Vec::new();
        encode_pair(&mut out, tag::SPAN_ATTRIBUTE, &pair);
        let expected = Span { attributes: vec![pair], ..Span::default() };
        prop_assert_eq!(&Span::decode(&*out), &Ok(expected.clone()));
        // Every length in its shortest form: byte for byte what the other encoder writes, as long as no key is empty.
        prop_assert_eq!(out, expected.encode_to_vec());
    }

    #[test]
    fn attributes_of_the_sdk_are_encoded_as_what_they_are(key in ".{0,40}", value in scalar(), list in vec(any::<i64>(), 0..9)) {
        let array = SdkValue::Array(Array::I64(list.clone()));
        let values = list.into_iter().map(|number| wrapped(Value::IntValue(number))).collect();
        for (sdk, plain) in [(sdk_value(&value), value), (array, Value::ArrayValue(ArrayValue { values }))] {
            let mut out = Vec::new();
            let attribute = opentelemetry::KeyValue::new(key.clone(), sdk);
            wire::decode::encode_attribute(&mut out, tag::SPAN_ATTRIBUTE, &attribute);
            let expected = Span { attributes: vec![pair(key.clone(), plain)], ..Span::default() };
            prop_assert_eq!(Span::decode(&*out), Ok(expected));
        }
    }

    #[test]
    fn a_span_of_another_encoder_is_read_as_the_same(span in span()) {
        let data = wire::decode::span(&span.encode_to_vec(), InstrumentationScope::builder("test").build());
        prop_assert_eq!(&data.span_context.trace_id().to_bytes()[..], &*span.trace_id);
        prop_assert_eq!(&data.span_context.span_id().to_bytes()[..], &*span.span_id);
        let parent = if span.parent_span_id.is_empty() { vec![0; 8] } else { span.parent_span_id.clone() };
        prop_assert_eq!(&data.parent_span_id.to_bytes()[..], &*parent);
        prop_assert_eq!(data.parent_span_is_remote, span.flags & 0x200 != 0);
        prop_assert_eq!(&data.name, &span.name);
        prop_assert_eq!(SpanKind::from(data.span_kind.clone()), span.kind());
        let time = |nanos| std::time::UNIX_EPOCH + std::time::Duration::from_nanos(nanos);
        prop_assert_eq!((data.start_time, data.end_time), (time(span.start_time_unix_nano), time(span.end_time_unix_nano)));
        let pairs = |pairs: &[KeyValue]| -> Vec<opentelemetry::KeyValue> {
            let value = |pair: &KeyValue| sdk_value(pair.value.as_ref().unwrap().value.as_ref().unwrap());
            pairs.iter().map(|pair| opentelemetry::KeyValue::new(pair.key.clone(), value(pair))).collect()
        };
        prop_assert_eq!(data.attributes, pairs(&span.attributes));
        prop_assert_eq!(data.events.len(), span.events.len());
        for (read, event) in data.events.iter().zip(&span.events) {
            prop_assert_eq!((&*read.name, read.timestamp), (&*event.name, time(event.time_unix_nano)));
            prop_assert_eq!(&read.attributes, &pairs(&event.attributes));
        }
        let status = span.status.unwrap();
        prop_assert_eq!(data.status, match status.code {
            1 => SdkStatus::Ok,
            2 => SdkStatus::error(status.message),
            _ => SdkStatus::Unset,
        });
    }

    #[test]
    fn fields_lie_side_by_side_and_make_up_the_message(span in span()) {
        let message = span.encode_to_vec();
        let wholes: Vec<u8> = Fields::new(&message).flat_map(|(_, _, whole)| whole.to_vec()).collect();
        prop_assert_eq!(wholes, message);
    }

    #[test]
    fn no_input_makes_the_reader_panic_or_go_on(bytes in vec(any::<u8>(), 0..300)) {
        read_everything(&bytes)?;
    }

    #[test]
    fn a_damaged_message_is_read_up_to_the_damage(
        span in span(), cut in any::<prop::sample::Index>(), flip in any::<(prop::sample::Index, u8)>(),
    ) {
        let mut message = span.encode_to_vec();
        read_everything(&message[..cut.index(message.len())])?;
        let at = flip.0.index(message.len());
        message[at] ^= flip.1;
        read_everything(&message)?;
    }
}

/// Reads `bytes` in every way there is.
fn read_everything(bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut read = 0;
    let mut fields = Fields::new(bytes);
    for (_, _, whole) in fields.by_ref() {
        prop_assert!(!whole.is_empty());
        prop_assert_eq!(whole, &bytes[read..read + whole.len()]);
        read += whole.len();
    }
    prop_assert!(read <= bytes.len());
    prop_assert_eq!(fields.next(), None, "what has ended stays so");
    let _ = wire::decode::span(bytes, InstrumentationScope::default());
    let _ = wire::decode::key_and_value(bytes);
    let _ = wire::text::render(bytes);
    Ok(())
}

#[test]
fn a_message_nested_without_end_is_read_to_a_limit() {
    let mut any = vec![tag::VALUE_BOOL, 1];
    for _ in 0..5_000 {
        let mut outer = Vec::new();
        let list = encode::open(&mut outer, tag::VALUE_ARRAY);
        encode::bytes(&mut outer, tag::ELEMENT, &any);
        encode::close(&mut outer, list);
        any = outer;
    }
    let text = wire::text::render(&any);
    assert!(text.starts_with("[[[[") && text.len() < 200, "{text}");
}
