//! `tracestate`, as the trace-context test suite of the W3C asks about it; `propagation_traceparent` has the rest of its 41
//! cases, and what `tracestate` may not do to a program is in `propagation_limits`.

use wirespan::propagation::W3cPropagator;
use wirespan_tests::headers::{Headers, serve};
use wirespan_tests::install;

const TRACE: &str = "5ca1ab1e0ddba11f00dfacade0decade";

/// What a service sends on that is sent a good parent and these lines of `tracestate`. The parent counts whatever they are.
#[track_caller]
fn sent(lines: &[&str]) -> Headers {
    sent_named("tracestate", lines)
}

#[track_caller]
fn sent_named(name: &str, lines: &[&str]) -> Headers {
    let _telemetry = install();
    let parent = format!("00-{TRACE}-0ff1ce0b5e55ed00-01");
    let mut inbound = vec![("traceparent", parent.as_str())];
    inbound.extend(lines.iter().map(|line| (name, *line)));
    let headers = serve(&W3cPropagator::new(), &Headers::new(&inbound), 1).remove(0);
    assert_eq!(headers.trace_id(), TRACE, "{lines:?}");
    headers
}

#[track_caller]
fn is_passed_on(lines: &[&str], expected: &str) {
    assert_eq!(sent(lines).only("tracestate"), Some(expected), "{lines:?}");
}

#[track_caller]
fn is_dropped(lines: &[&str]) {
    assert_eq!(sent(lines).only("tracestate"), None, "{lines:?}");
}

// test_tracestate_included_traceparent_missing
#[test]
fn without_a_parent_there_is_no_state() {
    let _telemetry = install();
    for state in ["one=1", "one=1,two=2"] {
        let headers = serve(&W3cPropagator::new(), &Headers::new(&[("tracestate", state)]), 1).remove(0);
        assert_eq!(headers.only("tracestate"), None);
        assert_ne!(headers.trace_id(), TRACE);
    }
}

// test_tracestate_included_traceparent_included
#[test]
fn the_state_of_the_parent_is_passed_on() {
    assert_eq!(sent(&["one=1,two=2"]).tracestate(), [("one", "1"), ("two", "2")]);
}

// test_tracestate_header_name
#[test]
fn a_state_of_another_name_is_none() {
    for name in ["trace-state", "trace.state"] {
        assert_eq!(sent_named(name, &["one=1"]).only("tracestate"), None);
    }
}

// test_tracestate_header_name_valid_casing
#[test]
fn the_name_may_be_in_any_case() {
    for name in ["TraceState", "tRaCeStAtE", "TRACESTATE"] {
        assert_eq!(sent_named(name, &["one=1"]).tracestate(), [("one", "1")]);
    }
}

// test_tracestate_empty_header
#[test]
fn empty_lines_and_members_are_nothing() {
    is_dropped(&[""]);
    is_dropped(&[" \t ,, "]);
    is_passed_on(&["one=1", ""], "one=1");
    is_passed_on(&["", "one=1"], "one=1");
    is_passed_on(&[",one=1,,\t,two=2,"], "one=1,two=2");
}

// test_tracestate_multiple_headers_different_keys
#[test]
fn lines_are_one_list_in_their_order() {
    is_passed_on(&["one=1,two=2", "three=3", "four=4,five=5"], "one=1,two=2,three=3,four=4,five=5");
}

// test_tracestate_duplicated_keys
#[test]
fn of_members_with_one_key_the_first_counts() {
    is_passed_on(&["one=1,one=1"], "one=1");
    is_passed_on(&["one=1,two=2,one=3"], "one=1,two=2");
    is_passed_on(&["one=1", "one=1"], "one=1");
    is_passed_on(&["one=1", "one=3"], "one=1");
}

// test_tracestate_all_allowed_characters
#[test]
fn every_character_that_may_stand_there_is_passed_on() {
    let letters: String = ('a'..='z').chain('0'..='9').collect();
    let value: String = (' '..='~').filter(|character| !",=".contains(*character)).collect();
    for key in [format!("{letters}_-*/"), format!("{letters}_-*/@{letters}_-*/"), "0@z".to_owned()] {
        let member = format!("{key}={value}");
        is_passed_on(&[&member], &member);
    }
}

// test_tracestate_ows_handling
#[test]
fn whitespace_around_members_is_not_theirs() {
    is_passed_on(&["one=1 \t , \t two=2, \t three=3"], "one=1,two=2,three=3");
    is_passed_on(&["one=1\t \t,\t \ttwo=2"], "one=1,two=2");
    for (before, after) in [(" ", ""), ("\t", ""), ("", " "), ("", "\t"), ("\t ", " \t")] {
        is_passed_on(&[&format!("{before}one=1{after}")], "one=1");
    }
    // Inside, it is the value's.
    is_passed_on(&["one=  1 2 "], "one=  1 2");
}

// test_tracestate_key_illegal_characters
#[test]
fn a_key_of_other_characters_drops_the_list() {
    for key in ["one ", "o ne", "ONE", "one.two", "", "_one", "-one", "*", "öne", "one\u{1b}", "one\0"] {
        is_dropped(&[&format!("{key}=1")]);
        is_dropped(&[&format!("two=2,{key}=1")]);
    }
}

// test_tracestate_key_illegal_vendor_format
#[test]
fn an_at_sign_may_stand_anywhere_but_first() {
    // OpenTelemetry's type holds the first of these only.
    for key in ["one@", "one@@two", "one@two@three", "1@_"] {
        let list = format!("{key}=1,two=2");
        is_passed_on(&[&list], &list);
    }
    is_dropped(&["@one=1,two=2"]);
}

// test_tracestate_member_count_limit
#[test]
fn a_list_has_at_most_32_members() {
    let members = |from: usize, to: usize| {
        (from..=to).map(|number| format!("m{number:02}={number}")).collect::<Vec<_>>().join(",")
    };
    let (first, second, third) = (members(1, 12), members(13, 24), members(25, 32));
    assert_eq!(sent(&[&first, &second, &third]).tracestate().len(), 32);
    is_passed_on(&[&members(1, 32)], &members(1, 32));
    is_dropped(&[&first, &second, &members(25, 33)]);
    is_dropped(&[&members(1, 33)]);
}

// test_tracestate_key_length_limit
#[test]
fn a_key_has_at_most_256_characters() {
    let keys = [
        "k".repeat(256),
        format!("{}@{}", "t".repeat(241), "v".repeat(14)),
        format!("{}@v", "t".repeat(242)),
        format!("t@{}", "v".repeat(15)),
        format!("t@{}", "v".repeat(254)),
    ];
    for key in keys {
        is_passed_on(&["one=1", &format!("{key}=1")], &format!("one=1,{key}=1"));
    }
    is_dropped(&["one=1", &format!("{}=1", "k".repeat(257))]);
    is_dropped(&["one=1", &format!("t@{}=1", "v".repeat(255))]);
}

// test_tracestate_value_illegal_characters
#[test]
fn a_value_of_other_characters_drops_the_list() {
    for value in ["1=2", "", "  ", "1\t2", "é", "1\u{1b}[2J", "\0", "\u{7f}", "1\r\nx: y"] {
        is_dropped(&[&format!("two=2,one={value}")]);
        is_dropped(&[&format!("one={value},two=2")]);
    }
    is_dropped(&["one"]);
    is_passed_on(&[&format!("one={}", "v".repeat(256))], &format!("one={}", "v".repeat(256)));
    is_dropped(&[&format!("one={}", "v".repeat(257))]);
}
