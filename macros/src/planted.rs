//! The tests of `any_tokens` can fail: what is planted anywhere in the macros is found by the same tokens.
//!
//! A place is known by what is said or generated there alone. A plant fails in place of that, and has to be found within the
//! cases that a test has; so a place that no random tokens reach any more is a failure here, too. One plant is a panic; the
//! others fail without its backtrace, which takes longer than the cases.

use proc_macro2::TokenStream;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::any_tokens::{BY_HAND, ITEMS, OPTIONS, listed, tears, torn};
use crate::args::by_hand::Macro;

/// What errors of `#[traced]` say, one for each rule that whole options reach.
const SAID: [&str; 22] = [
    "is set twice",
    "needs text in quotes",
    "takes its value after",
    "needs a value",
    "takes no value",
    "is not a parameter of",
    "stands in `skip` twice",
    "names no parameter",
    "is both in `skip` and in",
    "looks like a secret and cannot be recorded",
    "cannot be empty",
    "needs a size in bytes",
    "cannot be over 64 MiB",
    "both limit the span",
    "has no effect beside `off`",
    "has no effect beside `skip_all`",
    "exclude each other",
    "`fields` has no field",
    "has no value",
    "a field starts with its key",
    "is for the methods of an `impl` block",
    "cannot wrap a struct",
];

/// What is generated for one plan and no other.
const GENERATED: [&str; 12] = [
    ":: in_span (",
    ":: in_method_span (",
    ":: traced (",
    ":: traced_method :: <",
    ":: cover (",
    ":: cover_stream (",
    ":: parent_of (",
    ":: no_parent",
    ":: links (",
    ":: finish_with_status (",
    ":: show_serde (",
    ":: assert_budget",
];

/// What is said or generated of the macros by hand.
const BY_HAND_SAID: [&str; 8] = [
    "starts with the name of a span",
    "starts with the name of an event",
    "`record!` has no field",
    "needs a value",
    "is not a span kind",
    "stands behind the",
    "looks like a secret",
    ":: record_on (",
];

/// Whether the cases of a test find it where the tokens that `expand` makes have `planted` in them.
fn is_found<S: Strategy>(strategy: S, planted: &str, expand: impl Fn(S::Value) -> TokenStream) -> bool {
    is_found_by(strategy, |given| {
        let reached = expand(given).to_string().contains(planted);
        if reached { Err(TestCaseError::fail("planted")) } else { Ok(()) }
    })
}

fn is_found_by<S: Strategy>(strategy: S, case: impl Fn(S::Value) -> Result<(), TestCaseError>) -> bool {
    let config = Config { cases: 3_000, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let found = runner.run(&strategy, case);
    matches!(found, Err(TestError::Fail(reason, _)) if reason.message().contains("planted"))
}

#[test]
fn what_is_planted_in_any_rule_or_plan_is_found() {
    let missed: Vec<_> = SAID
        .iter()
        .chain(&GENERATED)
        .filter(|planted| {
            let strategy = (listed(&OPTIONS), tears(), select(&ITEMS));
            !is_found(strategy, planted, |(options, tears, item)| {
                crate::traced_tokens(torn(&options, &tears), item.parse().unwrap())
            })
        })
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn what_is_planted_in_the_macros_by_hand_is_found() {
    let missed: Vec<_> = BY_HAND_SAID
        .iter()
        .filter(|planted| {
            let strategy = (listed(&BY_HAND), tears(), select(&[Macro::Span, Macro::Event, Macro::Record]));
            !is_found(strategy, planted, |(words, tears, of)| {
                crate::by_hand::expand(of, torn(&words, &tears))
            })
        })
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn a_panic_is_found() {
    let strategy = (listed(&OPTIONS), select(&ITEMS));
    assert!(is_found_by(strategy, |(options, item)| {
        let expanded = crate::traced_tokens(torn(&options, &[]), item.parse().unwrap());
        assert!(!expanded.to_string().contains("is not a parameter of"), "planted");
        Ok(())
    }));
}

#[test]
fn where_nothing_is_planted_nothing_is_found() {
    let strategy = (listed(&OPTIONS), select(&ITEMS));
    assert!(!is_found(strategy, "no such words", |(options, item)| {
        crate::traced_tokens(torn(&options, &[]), item.parse().unwrap())
    }));
}
