//! What lies as it is becomes what the encoder would have written.
#![expect(unsafe_code, reason = "bodies are expanded that the tests have written")]

use super::super::body::Body;
use super::*;

/// The frame of `parameter.<name>`, as the macros write it.
fn frame(name: &str) -> Frame {
    let text = format!("parameter.{name}");
    let head = [tag::SPAN_ATTRIBUTE, 0, tag::KEY, encode::length_byte(text.len())];
    let used = [&head[..], text.as_bytes(), &[tag::VALUE, 0]].concat();
    let mut frame = [0; FRAME];
    frame[..used.len()].copy_from_slice(&used);
    frame[FRAME - 1] = encode::length_byte(used.len());
    Box::leak(Box::new(frame))
}

fn expanded(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // SAFETY: the tests write bodies with the functions above.
    unsafe { expand(body, &mut out) };
    out
}

fn empty() -> Body {
    let mut body = Body::from(Vec::with_capacity(64 * 1024));
    body.allow_raw(usize::MAX);
    body
}

fn push_number(body: &mut Body, key: Frame, number: Number, bits: u64) -> bool {
    body.number(key, number, bits)
}

fn push_text(body: &mut Body, key: Frame, text: &str) -> bool {
    body.text(key, text)
}

#[test]
fn numbers_become_what_the_encoder_would_have_written() {
    let mut body = empty();
    let mut expected = Vec::new();
    for value in [0, 1, 127, 128, -1, i64::MAX, i64::MIN, 48_213] {
        assert!(push_number(&mut body, frame("id"), Number::Int, super::super::varint_of(value)));
        encode::int_attribute(&mut expected, tag::SPAN_ATTRIBUTE, "parameter.id", value);
    }
    for value in [true, false] {
        assert!(push_number(&mut body, frame("on"), Number::Bool, u64::from(value)));
        encode::bool_attribute(&mut expected, tag::SPAN_ATTRIBUTE, "parameter.on", value);
    }
    assert_eq!(expanded(&body), expected);
}

#[test]
fn a_double_keeps_its_bits() {
    let mut body = empty();
    assert!(push_number(&mut body, frame("ratio"), Number::Double, f64::NAN.to_bits()));
    let whole = expanded(&body);
    assert!(whole.ends_with(&f64::NAN.to_bits().to_le_bytes()));
    assert_eq!(Fields::new(&whole).count(), 1);
}

#[test]
fn texts_of_every_length_become_what_the_encoder_would_have_written() {
    let all = "abcdefghij".repeat(8);
    let (mut body, mut expected) = (empty(), Vec::new());
    for len in 0..=MAX_TEXT as usize {
        assert!(push_text(&mut body, frame("longest_name_that_a_framed_key"), &all[..len]));
        let key = "parameter.longest_name_that_a_framed_key";
        encode::string_attribute(&mut expected, tag::SPAN_ATTRIBUTE, key, &all[..len]);
    }
    assert_eq!(expanded(&body), expected);
}

#[test]
fn what_everything_has_more_when_it_is_encoded_is_counted_once_more() {
    let mut encoded = Vec::new();
    encode::string_attribute(&mut encoded, tag::SPAN_ATTRIBUTE, "long", &"x".repeat(300));
    let mut body = empty();
    assert!(push_number(&mut body, frame("id"), Number::Int, 7));
    assert!(push_text(&mut body, frame("region"), "eu-central-1"));
    body.extend_from_slice(&encoded);
    let [id, region] = ["id", "region"].map(|name| usize::from(frame(name)[FRAME - 1]));
    // SAFETY: the body was written by the functions above.
    let more = unsafe { more_of_all(&body) };
    assert_eq!(more, more_of_number(id) + more_of_text(region));
    let expanded = expanded(&body).len();
    assert!(expanded <= body.len() + more && body.len() + more < expanded + MAX_SCALAR);
}

#[test]
fn what_is_encoded_already_stays_as_it_is_in_its_place() {
    let mut encoded = Vec::new();
    encode::string_attribute(&mut encoded, tag::SPAN_ATTRIBUTE, "long", &"x".repeat(300));
    encode::fixed64(&mut encoded, tag::SPAN_START, 7);
    let mut body = empty();
    body.extend_from_slice(&encoded);
    body.allow_raw(usize::MAX);
    assert!(push_number(&mut body, frame("id"), Number::Int, 7));
    body.extend_from_slice(&encoded);
    let mut expected = encoded.clone();
    encode::int_attribute(&mut expected, tag::SPAN_ATTRIBUTE, "parameter.id", 7);
    expected.extend_from_slice(&encoded);
    assert_eq!(expanded(&body), expected);
    assert_eq!(expanded(&encoded), encoded);
}
