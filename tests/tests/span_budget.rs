//! The bytes of all attributes of a span together, its keys, lengths and notices among them.
#![allow(clippy::many_single_char_names, reason = "short keys, so that the bytes are easily counted")]
#![expect(unused_variables, reason = "the parameters are there to be recorded")]

use std::fmt::{self, Write as _};

use wirespan::opentelemetry::{Array, Value};
use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::testing::Recording;
use wirespan::traced;
use wirespan_tests::look::{error_text, keys, value};
use wirespan_tests::text;

const MARKER: &str = "... (truncated, original size: ";

/// Shows its text through `Debug`, in pieces of one character.
struct DebugPieces(String);

impl fmt::Debug for DebugPieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|piece| f.write_char(piece))
    }
}

/// Bytes of the attributes as OTLP encodes them, without those that the call site adds.
fn encoded(span: &SpanData) -> usize {
    let varint = |value: usize| (usize::BITS - (value | 1).leading_zeros()).div_ceil(7) as usize;
    let field = |len: usize| 1 + varint(len) + len;
    let mine = span.attributes.iter().filter(|pair| !pair.key.as_str().starts_with("code."));
    mine.map(|pair| {
        let any = match &pair.value {
            Value::String(text) => field(text.as_str().len()),
            Value::Bool(_) => 2,
            Value::I64(_) | Value::F64(_) => 11,
            other => unreachable!("{other:?}"),
        };
        field(field(pair.key.as_str().len()) + field(any))
    })
    .sum()
}

#[test]
fn a_span_is_cut_at_its_budget_and_says_so() {
    #[traced(max_span = "8KiB")]
    fn budgeted(a: &str, b: &str, c: &str, d: &str, e: u64) {}
    let recording = Recording::start();
    let large = "x".repeat(3000);
    budgeted(&large, &large, &large, &large, 5);
    let span = recording.span("budgeted");
    assert_eq!(text(&span, "parameter.a"), Some(large.clone()));
    assert_eq!(text(&span, "parameter.b"), Some(large.clone()));
    let cut = text(&span, "parameter.c").expect("a part of it fits");
    assert!(cut.len() < 3000 && cut.ends_with(&format!("{MARKER}3000 bytes)")), "{cut}");
    assert_eq!(keys(&span, "parameter."), ["a", "b", "c"]);
    span.assert_attribute("parameters.truncated", true);
    span.assert_attribute("parameters.truncated_reason", "Total size exceeded 8192 bytes");
    assert!(encoded(&span) <= 8192, "{}", encoded(&span));
}

#[test]
fn a_budget_that_cuts_the_last_value_is_spent_too() {
    #[traced(max_span = "8KiB")]
    fn budgeted(a: &str) {}
    let recording = Recording::start();
    budgeted(&"x".repeat(9000));
    let span = recording.span("budgeted");
    assert_eq!(
        value(&span, "parameters.truncated"),
        Some(Value::Bool(true)),
        "{:?}",
        keys(&span, "parameter")
    );
    assert!(encoded(&span) <= 8192, "{}", encoded(&span));
}

#[test]
fn no_span_passes_its_budget() {
    macro_rules! budgets {
        ($($name:ident $max:literal $bytes:literal)+) => {
            [$({
                #[traced(max_span = $max, max_value = $max)]
                fn $name(a: &str, b: u64, c: &str, d: DebugPieces, e: &str) -> Result<(), String> {
                    Err(e.to_owned())
                }
                ($name as fn(&str, u64, &str, DebugPieces, &str) -> Result<(), String>, stringify!($name), $bytes)
            }),+]
        };
    }
    let calls = budgets! {
        four "4KiB" 4096 ten "10KB" 10_000 hundred "100KB" 100_000 mebibyte "1MiB" 1_048_576
    };
    for len in [0, 100, 1000, 3000, 5000, 60_000, 700_000] {
        let recording = Recording::start();
        for (call, name, max) in calls {
            let filler = "é".repeat(len / 2);
            assert!(call(&filler, 7, &filler, DebugPieces(filler.clone()), &filler).is_err());
            let span = recording.span(name);
            // The text of an error has room of its own where the parameters took all of it, at least a kibibyte.
            assert!(encoded(&span) <= max, "{name}: {} bytes with values of {len}", encoded(&span));
            assert!(error_text(&span).is_some());
        }
    }
}

#[test]
fn four_mebibytes_hold_two_values_at_their_limit_at_most() {
    #[traced]
    fn large(a: &str, b: &str, c: &str) {}
    let recording = Recording::start();
    let filler = "x".repeat(2 << 20);
    large(&filler, &filler, &filler);
    let span = recording.span("large");
    assert!(encoded(&span) <= 4 << 20, "{}", encoded(&span));
    span.assert_attribute("parameters.truncated_reason", "Total size exceeded 4194304 bytes");
}

#[test]
fn a_small_span_keeps_its_budget_while_it_is_not_spent() {
    #[traced(max_span = "512", max_value = "128")]
    fn small(a: &str, b: u64) {}
    let recording = Recording::start();
    small(&"x".repeat(1000), 7);
    let span = recording.span("small");
    assert_eq!(keys(&span, "parameter."), ["a", "b"]);
    assert_eq!(value(&span, "parameters.truncated"), None);
    assert!(encoded(&span) <= 512, "{}", encoded(&span));
}

#[test]
fn a_budget_holds_at_run_time() {
    #[traced(budget = "1KiB", max_value = "256")]
    fn proven(a: &str, b: u64, c: &[u64; 4]) {}
    let recording = Recording::start();
    proven(&"é".repeat(10_000), 7, &[1, 2, 3, 4]);
    let span = recording.span("proven");
    let a = text(&span, "parameter.a").expect("it is recorded");
    assert!(a.len() <= 256 && a.contains(MARKER), "{}", a.len());
    span.assert_attribute("parameter.b", 7);
    assert_eq!(value(&span, "parameter.c"), Some(Value::Array(Array::I64(vec![1, 2, 3, 4]))));
    assert_eq!(value(&span, "parameters.truncated"), None);
}
