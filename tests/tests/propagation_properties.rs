//! The propagators beside the plainest reading of the grammars (`propagation/reference.rs`), with headers nobody thought of; and
//! there and back again.

mod propagation {
    pub(super) mod reference;
}

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use propagation::reference;
use wirespan::opentelemetry::baggage::{BaggageExt as _, BaggageMetadata, KeyValueMetadata};
use wirespan::opentelemetry::propagation::TextMapPropagator as _;
use wirespan::opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use wirespan::opentelemetry::{Context, Key, SpanId, StringValue, TraceFlags, TraceId};
use wirespan::propagation::{W3cPropagator, properties};
use wirespan_tests::headers::Headers;

fn with_cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn extracted(lines: &[(&'static str, String)]) -> Context {
    W3cPropagator::new().extract_with_context(&Context::new(), &Headers::of(lines.iter().cloned()))
}

fn injected(context: &Context) -> Headers {
    Headers::injected(&W3cPropagator::new(), context)
}

fn span_of(context: &Context) -> SpanContext {
    context.span().span_context().clone()
}

/// What baggage says: each member with its value and its properties.
fn members_of(context: &Context) -> Vec<String> {
    let member = |(key, (value, metadata)): (&Key, &(StringValue, BaggageMetadata))| {
        format!("{key:?} {value:?} {:?}", properties(metadata).collect::<Vec<_>>())
    };
    let mut members: Vec<_> = context.baggage().iter().map(member).collect();
    members.sort();
    members
}

/// A good `traceparent`, or nearly.
fn near_traceparent() -> impl Strategy<Value = String> {
    let version = prop_oneof![4 => Just("00".to_owned()), 2 => Just("cc".to_owned()), 1 => "[0-9a-f]{2}", 1 => ".{0,3}"];
    let trace = prop_oneof![8 => "[0-9a-f]{32}", 1 => "[0-9a-fA-F]{31,33}", 1 => Just("0".repeat(32))];
    let parent = prop_oneof![8 => "[0-9a-f]{16}", 1 => "[0-9a-fA-F+]{15,17}", 1 => Just("0".repeat(16))];
    let flags = prop_oneof![8 => "[0-9a-f]{2}", 1 => "[0-9A-G+]{1,3}"];
    let rest = prop_oneof![6 => Just(String::new()), 2 => "-.{0,20}", 1 => ".{1,3}", 1 => "-[a-z]{440,470}"];
    let dash = || prop_oneof![20 => Just("-"), 1 => Just("_"), 1 => Just("")];
    (version, dash(), trace, dash(), parent, dash(), flags, rest).prop_map(
        |(v, a, trace, b, parent, c, flags, rest)| format!("{v}{a}{trace}{b}{parent}{c}{flags}{rest}"),
    )
}

/// A good header with some characters exchanged, or anything.
fn broken(good: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (good, vec((any::<prop::sample::Index>(), any::<char>()), 0..3)).prop_map(|(good, changes)| {
        let mut characters: Vec<char> = good.chars().collect();
        for (at, character) in changes {
            if !characters.is_empty() {
                *at.get_mut(&mut characters) = character;
            }
        }
        characters.into_iter().collect()
    })
}

fn any_state() -> impl Strategy<Value = String> {
    let good =
        vec("[a-z0-9][a-z0-9_@*/-]{0,8}=[ -+.-<>-~]{0,8}", 0..36).prop_map(|members| members.join(","));
    prop_oneof![4 => good.clone(), 3 => broken(good), 1 => ".{0,80}"]
}

fn any_baggage() -> impl Strategy<Value = String> {
    let member = "[a-z]{1,3} ?= ?[!#-+.-:<-Z~%=]{0,8}( ?; ?[a-z]{1,3}(=[!-+%a-z]{0,4})?){0,3}";
    let good = vec(member, 0..70).prop_map(|members| members.join(","));
    prop_oneof![4 => good.clone(), 3 => broken(good), 1 => ".{0,80}"]
}

proptest! {
    #![proptest_config(with_cases(1_500))]

    #[test]
    fn a_traceparent_means_what_the_grammar_says(header in prop_oneof![near_traceparent(), broken(near_traceparent()), any::<String>()]) {
        // What is around the header is not the grammar's.
        let header = header.trim_matches([' ', '\t']).to_owned();
        let span = span_of(&extracted(&[("traceparent", header.clone())]));
        let found = span.is_valid().then(|| {
            (u128::from_be_bytes(span.trace_id().to_bytes()), u64::from_be_bytes(span.span_id().to_bytes()), span.is_sampled())
        });
        prop_assert_eq!(found, reference::traceparent(&header));
    }
}

proptest! {
    #![proptest_config(with_cases(200))]

    #[test]
    fn whatever_comes_in_what_goes_out_is_of_the_grammar_and_comes_back(
        parents in vec(near_traceparent(), 0..3), states in vec(any_state(), 0..3), baggage in vec(any_baggage(), 0..3),
    ) {
        let named = |name: &'static str, lines: Vec<String>| lines.into_iter().map(move |line| (name, line));
        let lines: Vec<_> =
            named("traceparent", parents).chain(named("tracestate", states)).chain(named("baggage", baggage)).collect();
        let context = extracted(&lines);
        let sent = injected(&context);
        prop_assert_eq!(sent.only("traceparent").is_some(), span_of(&context).is_valid());
        prop_assert!(sent.only("traceparent").is_none_or(|header| reference::traceparent(header).is_some()));
        prop_assert!(sent.only("tracestate").is_none_or(reference::is_tracestate), "{:?}", sent);
        prop_assert!(sent.only("baggage").is_none_or(reference::is_baggage), "{:?}", sent);

        let again = W3cPropagator::new().extract_with_context(&Context::new(), &sent);
        prop_assert_eq!(span_of(&again), span_of(&context));
        prop_assert_eq!(members_of(&again), members_of(&context));
        prop_assert_eq!(injected(&again), sent);
    }

    #[test]
    fn a_span_comes_back_from_its_headers(
        ids in (1..=u128::MAX, 1..=u64::MAX), flags in 0..4_u8,
        state in btree_map("[a-z0-9][a-z0-9_*/-]{0,20}", "[ -+.-<>-~]{0,20}[!-+.-<>-~]", 0..32),
    ) {
        let state = TraceState::from_key_value(state).expect("it is one");
        let (trace_id, span_id) = (TraceId::from(ids.0), SpanId::from(ids.1));
        let span = SpanContext::new(trace_id, span_id, TraceFlags::new(flags), true, state);
        let headers = injected(&Context::new().with_remote_span_context(span.clone()));
        let again = W3cPropagator::new().extract_with_context(&Context::new(), &headers);
        prop_assert_eq!(span_of(&again), span);
    }

    #[test]
    fn baggage_comes_back_from_its_header(
        members in btree_map("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}", (".{0,12}", select(vec!["", "p", "p=1;q", "p=%20%3B;p"])), 0..20),
    ) {
        let baggage = |members: &std::collections::BTreeMap<String, (String, &str)>| {
            let one = |(key, (value, metadata)): (&String, &(String, &str))| {
                KeyValueMetadata::new(key.clone(), value.clone(), *metadata)
            };
            members.iter().map(one).collect::<Vec<_>>()
        };
        let headers = injected(&Context::new().with_baggage(baggage(&members)));
        let again = W3cPropagator::new().extract_with_context(&Context::new(), &headers);
        prop_assert_eq!(again.baggage().len(), members.len());
        for (key, (value, metadata)) in &members {
            let found = again.baggage().get_with_metadata(key);
            prop_assert_eq!(found.map(|(value, _)| value.as_str()), Some(value.as_str()));
            prop_assert_eq!(found.map(|(_, metadata)| metadata.as_str()), Some(*metadata));
        }
    }
}
