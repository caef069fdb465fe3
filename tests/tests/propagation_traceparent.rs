//! `traceparent`, as the trace-context test suite of the W3C asks about it: a service is sent headers, and what it sends on is
//! looked at. Above each test stands what the suite calls its case; `propagation_tracestate` has the rest of its 41.

use wirespan::opentelemetry::SpanId;
use wirespan::propagation::W3cPropagator;
use wirespan_tests::headers::{Headers, serve};
use wirespan_tests::{Installed, install};

const TRACE: &str = "5ca1ab1e0ddba11f00dfacade0decade";
const PARENT: &str = "0ff1ce0b5e55ed00";

/// A `traceparent` of the trace with the fields around the ids.
fn around(version: &str, flags: &str) -> String {
    format!("{version}-{TRACE}-{PARENT}-{flags}")
}

/// What the service sends on when this is its only header.
fn sent(value: &str) -> Headers {
    sent_for(&[("traceparent", value)])
}

fn sent_for(lines: &[(&str, &str)]) -> Headers {
    let _telemetry = install();
    serve(&W3cPropagator::new(), &Headers::new(lines), 1).remove(0)
}

/// Whether what is sent on is of the format, with ids that are not zero, and has this trace id.
#[track_caller]
fn continues(headers: &Headers) -> bool {
    let [version, trace_id, parent_id, flags] = headers.traceparent();
    let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    assert!([version, trace_id, parent_id, flags].into_iter().all(is_hex), "{headers:?}");
    assert_eq!([version.len(), trace_id.len(), parent_id.len(), flags.len()], [2, 32, 16, 2]);
    assert_eq!(version, "00");
    assert!(trace_id.bytes().any(|byte| byte != b'0') && parent_id.bytes().any(|byte| byte != b'0'));
    assert_ne!(parent_id, PARENT, "a span of its own");
    trace_id == TRACE
}

#[track_caller]
fn is_continued(value: &str) {
    assert!(continues(&sent(value)), "{value:?} is a parent");
}

#[track_caller]
fn is_no_parent(value: &str) {
    assert!(!continues(&sent(value)), "{value:?} is no parent");
}

// test_both_traceparent_and_tracestate_missing
#[test]
fn without_headers_a_trace_begins() {
    let headers = sent_for(&[]);
    assert!(!continues(&headers));
    assert_eq!(headers.only("tracestate"), None);
}

// test_traceparent_included_tracestate_missing
#[test]
fn with_a_parent_its_trace_goes_on() {
    let headers = sent(&around("00", "01"));
    assert!(continues(&headers));
    assert_eq!(headers.traceparent()[3], "01");
}

// test_traceparent_duplicated
#[test]
fn a_parent_that_is_named_twice_is_none() {
    let other = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
    for (first, second) in [(around("00", "01"), other.to_owned()), (other.to_owned(), around("00", "01"))] {
        let headers = sent_for(&[("traceparent", &first), ("traceparent", &second)]);
        assert!(!continues(&headers));
        assert_ne!(headers.trace_id(), "0123456789abcdef0123456789abcdef");
    }
    let same = around("00", "01");
    assert!(!continues(&sent_for(&[("traceparent", &same), ("traceparent", &same)])));
    assert!(!continues(&sent(&format!("{same},{other}"))));
}

// test_traceparent_header_name
#[test]
fn a_header_of_another_name_is_none() {
    for name in ["trace-parent", "trace.parent", "traceparent2"] {
        assert!(!continues(&sent_for(&[(name, &around("00", "01"))])), "{name}");
    }
}

// test_traceparent_header_name_valid_casing
#[test]
fn the_name_may_be_in_any_case() {
    for name in ["TraceParent", "tRaCePaReNt", "TRACEPARENT"] {
        assert!(continues(&sent_for(&[(name, &around("00", "01"))])), "{name}");
    }
}

// test_traceparent_version_0x00
#[test]
fn version_00_ends_with_the_flags() {
    for rest in [".", "-", "-later", "0", " x"] {
        is_no_parent(&format!("{}{rest}", around("00", "01")));
    }
}

// test_traceparent_version_0xcc
#[test]
fn a_later_version_may_go_on_behind_a_dash() {
    for version in ["cc", "01", "fe"] {
        is_continued(&around(version, "01"));
        is_continued(&format!("{}-", around(version, "01")));
        is_continued(&format!("{}-what-else there will be", around(version, "01")));
        is_no_parent(&format!("{}.what-else", around(version, "01")));
        is_no_parent(&format!("{}0", around(version, "01")));
    }
}

// test_traceparent_version_0xff
#[test]
fn version_ff_is_none() {
    is_no_parent(&around("ff", "01"));
    is_no_parent(&format!("{}-more", around("ff", "01")));
}

// test_traceparent_version_illegal_characters
#[test]
fn a_version_is_two_lowercase_digits() {
    for version in [".0", "0.", "CC", "cC", "+0", " 0", "é"] {
        is_no_parent(&around(version, "01"));
    }
}

// test_traceparent_version_too_long
#[test]
fn a_version_is_not_longer() {
    is_no_parent(&around("000", "01"));
    is_no_parent(&around("0000", "01"));
}

// test_traceparent_version_too_short
#[test]
fn a_version_is_not_shorter() {
    is_no_parent(&around("0", "01"));
    is_no_parent(&around("", "01"));
}

/// With another trace id.
#[track_caller]
fn no_trace_id(trace_id: &str) {
    let headers = sent(&format!("00-{trace_id}-{PARENT}-01"));
    assert!(!continues(&headers));
    assert_ne!(headers.trace_id(), trace_id);
    // Nothing of it is taken, from neither end.
    let digits = trace_id.get(..32).unwrap_or(trace_id);
    assert_ne!(headers.trace_id(), digits);
    assert!(!trace_id.ends_with(headers.trace_id()));
}

// test_traceparent_trace_id_all_zero
#[test]
fn a_trace_id_is_not_zero() {
    no_trace_id(&"0".repeat(32));
}

// test_traceparent_trace_id_illegal_characters
#[test]
fn a_trace_id_is_lowercase_digits() {
    for (from, to) in [("5", "."), ("e", "."), ("5", "E"), ("5", "+"), ("5", "g")] {
        no_trace_id(&TRACE.replacen(from, to, 1));
    }
    no_trace_id(&TRACE.to_uppercase());
    no_trace_id(&format!("{}.", &TRACE[..31]));
}

// test_traceparent_trace_id_too_long
#[test]
fn a_trace_id_is_not_longer() {
    no_trace_id(&format!("{TRACE}0"));
    no_trace_id(&format!("0{TRACE}"));
}

// test_traceparent_trace_id_too_short
#[test]
fn a_trace_id_is_not_shorter() {
    no_trace_id(&TRACE[..31]);
    no_trace_id("1");
}

/// With another parent id.
#[track_caller]
fn no_parent_id(parent_id: &str) {
    is_no_parent(&format!("00-{TRACE}-{parent_id}-01"));
}

// test_traceparent_parent_id_all_zero
#[test]
fn a_parent_id_is_not_zero() {
    no_parent_id(&SpanId::INVALID.to_string());
}

// test_traceparent_parent_id_illegal_characters
#[test]
fn a_parent_id_is_lowercase_digits() {
    for place in 0..16 {
        for wrong in [".", "F", "+"] {
            let mut id = PARENT.to_owned();
            id.replace_range(place..=place, wrong);
            no_parent_id(&id);
        }
    }
}

// test_traceparent_parent_id_too_long
#[test]
fn a_parent_id_is_not_longer() {
    no_parent_id(&format!("{PARENT}1"));
}

// test_traceparent_parent_id_too_short
#[test]
fn a_parent_id_is_not_shorter() {
    no_parent_id(&PARENT[1..]);
    no_parent_id("1");
}

// test_traceparent_trace_flags_illegal_characters
#[test]
fn flags_are_lowercase_digits() {
    for flags in [".0", "0.", "0A", "+1", "1 "] {
        is_no_parent(&around("00", flags));
    }
}

// test_traceparent_trace_flags_too_long
#[test]
fn flags_are_not_longer() {
    is_no_parent(&around("00", "001"));
    is_no_parent(&around("cc", "001"));
}

// test_traceparent_trace_flags_too_short
#[test]
fn flags_are_not_shorter() {
    is_no_parent(&around("00", "1"));
    is_no_parent(&around("00", ""));
}

// test_traceparent_ows_handling
#[test]
fn whitespace_may_be_around_it() {
    let good = around("00", "01");
    for (before, after) in [(" ", ""), ("\t", ""), ("", " "), ("", "\t"), ("\t ", " \t")] {
        is_continued(&format!("{before}{good}{after}"));
    }
    for (before, after) in [("\n", ""), ("\u{a0}", ""), ("", "\r"), ("", "\0")] {
        is_no_parent(&format!("{before}{good}{after}"));
    }
}

/// Three calls of one request.
fn three(inbound: &[(&str, &str)]) -> Vec<Headers> {
    let telemetry: Installed = install();
    let sent = serve(&W3cPropagator::new(), &Headers::new(inbound), 3);
    assert_eq!(telemetry.spans().len(), 4);
    let mut parents: Vec<_> = sent.iter().map(|headers| headers.traceparent()[2].to_owned()).collect();
    parents.sort();
    parents.dedup();
    assert_eq!(parents.len(), 3, "each call is a span of its own");
    sent
}

// test_multiple_requests_with_valid_traceparent
#[test]
fn every_call_goes_on_with_the_trace() {
    assert!(three(&[("traceparent", &around("00", "01"))]).iter().all(continues));
}

// test_multiple_requests_without_traceparent
#[test]
fn every_call_is_of_the_trace_that_began() {
    let sent = three(&[]);
    assert!(sent.iter().all(|headers| headers.trace_id() == sent[0].trace_id()));
}

// test_multiple_requests_with_illegal_traceparent
#[test]
fn no_call_goes_on_with_a_trace_that_is_none() {
    let zero = "0".repeat(32);
    let sent = three(&[("traceparent", &format!("00-{zero}-{PARENT}-01"))]);
    assert!(sent.iter().all(|headers| headers.trace_id() != zero));
}

// test_propagates_random_flag
#[test]
fn the_flag_of_random_ids_is_passed_on() {
    for (inbound, outbound) in [("02", "02"), ("03", "03"), ("00", "00"), ("01", "01"), ("fc", "00")] {
        let headers = sent(&around("00", inbound));
        assert!(continues(&headers));
        assert_eq!(headers.traceparent()[3], outbound);
    }
}
