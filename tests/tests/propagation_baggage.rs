//! `baggage`, as the baggage test suite of the W3C asks about it. Above each test stands what the suite calls its cases, 24 in
//! all; it calls one member an entry, and asks some things of an entry and of a whole header.

#![expect(clippy::expect_used, clippy::panic, reason = "a failed look is a failed test")]

use std::iter;

use wirespan::opentelemetry::baggage::{Baggage, BaggageExt as _};
use wirespan::opentelemetry::propagation::TextMapPropagator as _;
use wirespan::opentelemetry::{Context, KeyValue};
use wirespan::propagation::{BaggagePropagator, Rejected, properties};
use wirespan_tests::headers::Headers;

/// A property: its key, and its value if it has one.
type Property<'a> = (&'a str, Option<&'a str>);

fn received(lines: &[&str]) -> Context {
    let lines: Vec<_> = lines.iter().map(|line| ("baggage", *line)).collect();
    BaggagePropagator::new().extract_with_context(&Context::new(), &Headers::new(&lines))
}

/// The header that is sent of these members.
fn sent(baggage: impl Into<Baggage>) -> Option<String> {
    let headers = Headers::injected(&BaggagePropagator::new(), &Context::new().with_baggage(baggage));
    headers.only("baggage").map(str::to_owned)
}

#[track_caller]
fn is_member(context: &Context, key: &str, value: &str, expected: &[Property]) {
    let (found, metadata) = context.baggage().get_with_metadata(key).unwrap_or_else(|| panic!("no {key}"));
    assert_eq!(found.as_str(), value);
    let found: Vec<_> = properties(metadata).map(|(key, value)| (key.to_owned(), value)).collect();
    let found: Vec<_> = found.iter().map(|(key, value)| (key.as_str(), value.as_deref())).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn is_one_member(header: &str, key: &str, value: &str, expected: &[Property]) {
    let context = received(&[header]);
    assert_eq!(context.baggage().len(), 1, "{header:?}");
    is_member(&context, key, value, expected);
}

/// Everything that has to be encoded, and some things that need not be.
const MARKS: &str = "\t \"';=asdf!@#$%^&*()";
/// As an encoder writes it that leaves only letters and digits as they are.
const ENCODED: &str = "%09%20%22%27%3B%3Dasdf%21%40%23%24%25%5E%26%2A%28%29";
/// As little as possible encoded.
const LEAST: &str = "%09%20%22'%3B=asdf!@#$%25^&*()";

// BaggageTest.test_ctor_default
#[test]
fn without_members_there_is_no_header() {
    assert_eq!(sent(Baggage::new()), None);
    assert!(received(&[]).baggage().is_empty());
}

// BaggageTest.test_parse_simple, BaggageEntryTest.test_parse_simple
#[test]
fn a_key_has_a_value() {
    is_one_member("Key1=Value1", "Key1", "Value1", &[]);
    is_one_member("k=", "k", "", &[]);
}

// BaggageEntryTest.test_ctor_default
#[test]
fn a_member_without_properties_is_sent_without() {
    assert_eq!(sent([KeyValue::new("Key1", "Value1")]).as_deref(), Some("Key1=Value1"));
}

// BaggageTest.test_parse_multiple
#[test]
fn members_stand_between_commas_each_with_its_properties() {
    let context = received(&["a=1;p,b=2;q=3"]);
    assert_eq!(context.baggage().len(), 2);
    is_member(&context, "a", "1", &[("p", None)]);
    is_member(&context, "b", "2", &[("q", Some("3"))]);
}

// BaggageTest.test_parse_multiple_ows
#[test]
fn whitespace_may_be_around_everything() {
    let context = received(&["a \t = \t 1 \t ; \t p \t , \t b \t = \t 2 \t ; \t q \t = \t 3"]);
    assert_eq!(context.baggage().len(), 2);
    is_member(&context, "a", "1", &[("p", None)]);
    is_member(&context, "b", "2", &[("q", Some("3"))]);
}

// BaggageTest.test_parse_multiple_kv_property
#[test]
fn members_have_properties_with_values() {
    let context = received(&["a=1;p=x,b=2;q=y"]);
    is_member(&context, "a", "1", &[("p", Some("x"))]);
    is_member(&context, "b", "2", &[("q", Some("y"))]);
}

// BaggageTest.test_parse_multiple_kv_property_ows
#[test]
fn members_have_properties_with_values_and_whitespace() {
    let context = received(&["a \t = \t 1 \t ; \t p=x \t , \t b \t = \t 2 \t ; \t q \t = \t y"]);
    is_member(&context, "a", "1", &[("p", Some("x"))]);
    is_member(&context, "b", "2", &[("q", Some("y"))]);
}

// BaggageEntryTest.test_parse_multiple_equals
#[test]
fn a_value_may_have_equals_signs() {
    is_one_member("k=one=two==", "k", "one=two==", &[]);
    assert_eq!(sent([KeyValue::new("k", "one=two==")]).as_deref(), Some("k=one=two=="));
}

// BaggageEntryTest.test_parse_percent_encoded
#[test]
fn a_value_is_decoded_and_encoded_again() {
    is_one_member(&format!("k={ENCODED}"), "k", MARKS, &[]);
    assert_eq!(sent([KeyValue::new("k", MARKS)]), Some(format!("k={LEAST}")));
    is_one_member(&format!("k={LEAST}"), "k", MARKS, &[]);
    is_one_member("k=Am%C3%A9lie", "k", "Amélie", &[]);
    assert_eq!(sent([KeyValue::new("k", "Amélie")]).as_deref(), Some("k=Am%C3%A9lie"));
}

// BaggageEntryTest.test_parse_property
#[test]
fn a_property_may_be_a_key_alone() {
    is_one_member("k=v;p", "k", "v", &[("p", None)]);
}

// BaggageEntryTest.test_parse_multi_property
#[test]
fn a_member_may_have_several_properties() {
    is_one_member("k=v;p;q=w", "k", "v", &[("p", None), ("q", Some("w"))]);
}

// BaggageEntryTest.test_parse_multiple_properties_same_name
#[test]
fn properties_may_have_one_name() {
    is_one_member("k=v;p;p=1;p=2", "k", "v", &[("p", None), ("p", Some("1")), ("p", Some("2"))]);
}

// BaggageEntryTest.test_parse_kv_property
#[test]
fn a_property_may_have_a_value() {
    is_one_member("k=v;p=w", "k", "v", &[("p", Some("w"))]);
    is_one_member("k=v;p=w=x", "k", "v", &[("p", Some("w=x"))]);
}

// BaggageEntryTest.test_parse_simple_ows
#[test]
fn whitespace_is_not_of_the_value() {
    is_one_member("k \t = \t v \t ", "k", "v", &[]);
}

// BaggageEntryTest.test_parse_percent_encoded_ows
#[test]
fn whitespace_that_is_encoded_is_of_the_value() {
    is_one_member(&format!("k \t = \t {ENCODED} \t "), "k", MARKS, &[]);
    is_one_member("k=%20v%20", "k", " v ", &[]);
    assert_eq!(sent([KeyValue::new("k", " v ")]).as_deref(), Some("k=%20v%20"));
}

// BaggageEntryTest.test_parse_property_ows, BaggageEntryTest.test_parse_multi_property_ows
#[test]
fn whitespace_is_not_of_properties() {
    is_one_member("k \t = \t v \t ; \t p", "k", "v", &[("p", None)]);
    is_one_member("k=v \t ; \t p \t ; \t q \t = \t w ", "k", "v", &[("p", None), ("q", Some("w"))]);
}

// BaggageEntryTest.test_parse_kv_property_ows
#[test]
fn whitespace_is_not_of_values_of_properties() {
    is_one_member("k \t = \t v \t ; \t p \t = \t w \t", "k", "v", &[("p", Some("w"))]);
}

/// What is sent on of a header that is received.
fn passed_on(header: &str) -> Option<String> {
    let headers = Headers::injected(&BaggagePropagator::new(), &received(&[header]));
    headers.only("baggage").map(str::to_owned)
}

// BaggageEntryTest.test_parse_percent_encoded_property
#[test]
fn a_value_of_a_property_is_decoded_and_passed_on_encoded() {
    let header = format!("k=v;p={ENCODED}");
    is_one_member(&header, "k", "v", &[("p", Some(MARKS))]);
    assert_eq!(passed_on(&header), Some(header));
}

// BaggageEntryTest.test_parse_property_without_value_no_percent_decoding
#[test]
fn a_key_of_a_property_is_not_decoded() {
    let key = "p%20%09%20%3D%20%09%20w";
    is_one_member(&format!("k=v;{key}"), "k", "v", &[(key, None)]);
    assert_eq!(passed_on(&format!("k=v;{key}")), Some(format!("k=v;{key}")));
}

fn is_passed_on(headers: &[&str], members: usize) -> Rejected {
    let lines: Vec<_> = headers.iter().map(|line| ("baggage", *line)).collect();
    let propagator = BaggagePropagator::new();
    let context = propagator.extract_with_context(&Context::new(), &Headers::new(&lines));
    assert_eq!(context.baggage().len(), members);
    let sent = Headers::injected(&propagator, &context);
    let mut all: Vec<&str> = headers.iter().flat_map(|line| line.split(',')).collect();
    all.sort_unstable();
    let sent: Vec<&str> = sent.only("baggage").expect("it is sent").split(',').collect();
    // No part of a member, and none twice.
    assert!(sent.iter().all(|member| all.binary_search(member).is_ok()), "{sent:?}");
    assert_eq!(sent.len(), members);
    propagator.rejected()
}

fn members(count: usize, value: &str) -> String {
    (0..count).map(|number| format!("k{number:03}={value}")).collect::<Vec<_>>().join(",")
}

// LimitsTest.test_serialize_at_least_64
#[test]
fn sixty_four_members_are_passed_on() {
    assert_eq!(is_passed_on(&[&members(64, "value")], 64), Rejected::default());
    let lines: Vec<String> = (0..64).map(|number| format!("k{number:03}=value")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(is_passed_on(&lines, 64), Rejected::default());
}

// LimitsTest.test_serialize_long_entry
#[test]
fn a_member_of_8192_bytes_is_passed_on() {
    let value: String = iter::repeat_n("0123456789", 819).collect();
    let header = format!("a={value}");
    assert_eq!(header.len(), 8_192);
    assert_eq!(is_passed_on(&[&header], 1), Rejected::default());
}

// LimitsTest.test_serialize_many_entries
#[test]
fn of_512_members_in_8192_bytes_the_first_64_are_passed_on() {
    let header = members(512, "0123456789") + "b";
    assert_eq!(header.len(), 8_192);
    let rejected = is_passed_on(&[&header], 64);
    assert_eq!(rejected.baggage_members, 448);
}
