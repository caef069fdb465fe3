//! Each limit over one span with three attributes, two events and a link.

use super::*;
use crate::wire::decode;
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value as Any};

fn span() -> Vec<u8> {
    let mut out = Vec::new();
    encode::bytes(&mut out, tag::SPAN_TRACE_ID, &[1; 16]);
    encode::bytes(&mut out, tag::SPAN_SPAN_ID, &[2; 8]);
    encode::bytes(&mut out, tag::SPAN_NAME, b"a name that no limit touches");
    let list = Any::Array(Array::String(vec![StringValue::from("abcdef"), StringValue::from("é😀x")]));
    for attribute in
        [KeyValue::new("text", "héllo"), KeyValue::new("number", 1_234_567), KeyValue::new("list", list)]
    {
        decode::encode_attribute(&mut out, tag::SPAN_ATTRIBUTE, &attribute);
    }
    for name in ["first", "second"] {
        let open = encode::open(&mut out, tag::SPAN_EVENT);
        encode::bytes(&mut out, tag::EVENT_NAME, name.as_bytes());
        for key in ["a", "b", "c"] {
            decode::encode_attribute(&mut out, tag::EVENT_ATTRIBUTE, &KeyValue::new(key, "event's text"));
        }
        encode::close(&mut out, open);
    }
    let open = encode::open(&mut out, tag::SPAN_LINK);
    encode::bytes(&mut out, tag::LINK_TRACE_ID, &[3; 16]);
    encode::bytes(&mut out, tag::LINK_SPAN_ID, &[4; 8]);
    for key in ["a", "b"] {
        decode::encode_attribute(&mut out, tag::LINK_ATTRIBUTE, &KeyValue::new(key, true));
    }
    encode::close(&mut out, open);
    out
}

fn limited(limits: Numbers) -> opentelemetry_sdk::trace::SpanData {
    let mut limiter = Limiter::new(limits).expect("limits");
    decode::span(limiter.limited(&span()), InstrumentationScope::default())
}

#[test]
fn limits_that_nothing_reaches_change_nothing() {
    let high = Numbers::default().map(|_| Some(1_000));
    let mut limiter = Limiter::new(high).expect("limits");
    assert_eq!(limiter.limited(&span()), span());
    assert!(Limiter::new(Numbers::default()).is_none());
}

#[test]
fn what_comes_first_is_kept_and_the_rest_is_counted() {
    let span = limited(Numbers {
        attributes: Some(1),
        events: Some(1),
        links: Some(0),
        event_attributes: Some(2),
        ..Numbers::default()
    });
    assert_eq!(span.attributes, [KeyValue::new("text", "héllo")]);
    assert_eq!(span.dropped_attributes_count, 2);
    assert_eq!((span.events.events.len(), span.events.dropped_count), (1, 1));
    let event = &span.events.events[0];
    assert_eq!((&*event.name, event.attributes.len(), event.dropped_attributes_count), ("first", 2, 1));
    assert_eq!((span.links.links.len(), span.links.dropped_count), (0, 1));
    assert_eq!(span.name, "a name that no limit touches");
}

#[test]
fn what_was_dropped_before_is_added() {
    let mut twice = Vec::new();
    let one = |limit| Numbers { attributes: Some(limit), link_attributes: Some(limit), ..Numbers::default() };
    one(2).span(&mut twice, &span());
    let mut out = Vec::new();
    one(0).span(&mut out, &twice);
    let span = decode::span(&out, InstrumentationScope::default());
    assert_eq!((span.attributes.len(), span.dropped_attributes_count), (0, 3));
    assert_eq!(span.links.links[0].dropped_attributes_count, 2);
}

#[test]
fn texts_are_cut_behind_whole_characters_also_in_lists_and_events() {
    let span = limited(Numbers { value_length: Some(2), ..Numbers::default() });
    let list = Any::Array(Array::String(vec![StringValue::from("ab"), StringValue::from("é😀")]));
    assert_eq!(
        span.attributes,
        [KeyValue::new("text", "hé"), KeyValue::new("number", 1_234_567), KeyValue::new("list", list)]
    );
    assert_eq!(span.events.events[1].attributes[2], KeyValue::new("c", "ev"));
    assert_eq!(characters("aé".as_bytes(), 0), b"");
    assert_eq!(characters("éé".as_bytes(), 2), "éé".as_bytes());
}
