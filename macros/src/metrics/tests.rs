//! Any tokens in the derives for metrics: they answer with an impl or with errors that say what to type, and never panic.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Derive, derive};
use crate::any_tokens::{assert_errors_help, tears, torn};
use crate::tokens::from_bytes;

const DERIVES: [Derive; 3] = [Derive::Metrics, Derive::Attributes, Derive::Value];

/// What may stand in the brackets of `#[metric(…)]`.
const OPTIONS: [&str; 22] = [
    "",
    "name = \"shop.orders\"",
    "name = \"\"",
    "name = \"1 ä\"",
    "name = 1",
    "name",
    "name = \"a\" unit = \"s\"",
    "unit = \"s\"",
    "unit = \"ä\"",
    "unit = \"{order}\", unit = \"s\"",
    "buckets = seconds",
    "buckets = secnds",
    "buckets = []",
    "buckets = [1, 0.5]",
    "buckets = [-1, 2.5, 1e3]",
    "buckets = [a]",
    "buckets =",
    "alias = \"count\"",
    "alias_unit = \"ms\"",
    "alias = \"shop.orders\", alias_unit = \"h\"",
    "description = \"x\"",
    "= 1",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_tokens_are_derived_or_answered(of in 0_usize..3, item in vec(any::<u8>(), 0..60)) {
        let _ = derive(DERIVES[of], from_bytes(&item));
    }

    #[test]
    fn whole_options_with_any_change_are_read_or_answered(
        of in 0_usize..3,
        chosen in vec(prop::sample::select(&OPTIONS), 3),
        tears in tears(),
    ) {
        let (a, b, c) = (chosen[0], chosen[1], chosen[2]);
        for item in [
            format!("struct S {{ /// It. \n #[metric({a})] #[metric({b})] a: Counter<u64>, #[metric({c})] r#type: m::Histogram<Duration, L> }}"),
            format!("enum E {{ #[metric({a})] A, #[metric({b})] B(u64), C {{ #[metric({c})] a: u64 }} }}"),
            format!("#[metric({a})] struct S<T>(#[metric({b})] T);"),
        ] {
            assert_errors_help(derive(DERIVES[of], torn(&item, &[])), &item);
            // What is no type any more is syn's to answer.
            let _ = derive(DERIVES[of], torn(&item, &tears));
        }
    }
}
