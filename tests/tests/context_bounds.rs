//! Attributes of a request are bounded in number and bytes, and a secret's name hides its value; whatever is left out is said.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use wirespan::context::{self, Value};
use wirespan::traced;
use wirespan_tests::install;

#[traced]
fn leaf() {}

fn text(value: Option<Value>) -> String {
    match value {
        Some(Value::Text(text)) => text.as_str().to_owned(),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn of_more_than_64_the_first_are_kept_and_they_can_still_change() {
    let request = context::scope();
    assert!(request.set((0..64).map(|number| (format!("key.{number}"), number.into()))));
    assert!(!request.add("one.more", 1));
    assert!(request.add("key.3", "new"));
    assert_eq!((request.get().len(), request.get().get("one.more")), (64, None));
    assert_eq!(text(request.get().get("key.3")), "new");
}

#[test]
fn a_text_of_more_than_1024_bytes_is_cut_at_a_character() {
    let request = context::scope();
    assert!(request.set([("exact", "x".repeat(1024).into()), ("long", "é".repeat(600).into())]));
    assert_eq!(text(request.get().get("exact")), "x".repeat(1024));
    let cut = text(request.get().get("long"));
    assert!(cut.len() <= 1024 && cut.len() > 1020, "{}", cut.len());
    assert!(cut.starts_with("éé") && cut.ends_with("é... (truncated, original size: 1200 bytes)"), "{cut}");
}

#[test]
fn together_they_take_8_kib_at_most() {
    let request = context::scope();
    let all = request.set((0..10).map(|number| (format!("key.{number}"), "x".repeat(1000).into())));
    assert!(!all);
    assert_eq!(request.get().len(), 8);
    // What was there stays, where its new value has no room.
    assert!(request.add("small", 1) && !request.add("small", "x".repeat(1000)));
    assert_eq!(request.get().get("small"), Some(1.into()));
    let telemetry = install();
    request.in_scope(leaf);
    telemetry.span("leaf").assert_attribute("small", 1).assert_attribute("key.7", "x".repeat(1000));
}

#[test]
fn a_key_that_is_empty_or_too_long_is_left_out() {
    let request = context::scope();
    assert!(!request.add("", 1) && !request.add("k".repeat(256), 1));
    assert!(request.add("k".repeat(255), 1));
    assert_eq!(request.get().len(), 1);
}

#[test]
fn a_secrets_value_is_kept_nowhere() {
    let telemetry = install();
    let request = context::scope().with("user.api_key", "sk-canary").with("x-auth-token", "canary");
    assert!(!format!("{request:?}{:?}", request.get()).contains("canary"));
    request.in_scope(|| {
        leaf();
        context::for_logs(|all| assert!(!format!("{all:?}").contains("canary")));
    });
    let span = telemetry.span("leaf");
    span.assert_attribute("user.api_key", "<redacted>").assert_attribute("x-auth-token", "<redacted>");
}

/// The part of a source file from the first line that starts with `from` to the one before `to`.
fn part<'a>(source: &'a str, from: &str, to: &str) -> &'a str {
    let begin = source.find(from).expect(from);
    let rest = source.get(begin..).unwrap_or_default();
    rest.get(..rest.find(to).expect(to)).unwrap_or_default()
}

#[test]
fn the_words_and_the_rule_are_those_of_the_macros() {
    let macros = include_str!("../../macros/src/secret.rs");
    let runtime = include_str!("../../runtime/src/capture/secret_name.rs");
    let (words, rule) = ("/// Words that make a name a secret.", "fn is_word(");
    let words_end = "/// Whether a ";
    assert_eq!(part(macros, words, words_end), part(runtime, words, words_end));
    let of_macros = part(macros, rule, "#[cfg(test)]").trim_end();
    assert_eq!(
        of_macros,
        runtime.get(runtime.find(rule).expect("it is there")..).expect("a rule").trim_end()
    );
    let judge = "    let words = words(name);\n    let mut rest";
    let judgement = part(macros, judge, rule);
    assert_eq!(judgement, part(runtime, judge, rule));
}
