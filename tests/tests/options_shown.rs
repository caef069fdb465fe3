//! How a parameter is shown that an option names: `unredacted`, `debug`, `display`; and a secret that a type says it is.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::fmt;

use secrecy::SecretString;
use wirespan::opentelemetry::Value;
use wirespan::testing::{Recording, Span};
use wirespan::{Capture, traced};
use wirespan_tests::look::value;

fn text(span: &Span, key: &str) -> String {
    match value(span, key) {
        Some(Value::String(text)) => text.to_string(),
        other => panic!("{key} is {other:?}"),
    }
}

/// Shows itself differently in every way.
#[derive(Capture)]
struct Plan {
    steps: u32,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "displayed {}", self.steps)
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "debugged {}", self.steps)
    }
}

#[test]
fn a_parameter_is_shown_in_the_way_that_is_asked_for() {
    #[traced(debug(a), display(b))]
    fn show(a: &Plan, b: Plan, c: &Plan) -> u32 {
        a.steps + b.steps + c.steps
    }
    let recording = Recording::start();
    assert_eq!(show(&Plan { steps: 1 }, Plan { steps: 2 }, &Plan { steps: 3 }), 6);
    let span = recording.spans().one("show");
    assert_eq!(text(&span, "parameter.a"), "debugged 1");
    assert_eq!(text(&span, "parameter.b"), "displayed 2");
    assert_eq!(value(&span, "parameter.c.steps"), Some(Value::I64(3)));
}

#[test]
fn asking_for_a_way_lifts_the_default_list_and_skip_all() {
    #[traced(skip_all, debug(messages), display(content))]
    fn listed(messages: Vec<u8>, content: &str, other: u32) -> usize {
        messages.len() + content.len() + other as usize
    }
    let recording = Recording::start();
    assert_eq!(listed(vec![1, 2], "abc", 1), 6);
    let span = recording.spans().one("listed");
    assert_eq!(text(&span, "parameter.messages"), "[1, 2]");
    assert_eq!(text(&span, "parameter.content"), "abc");
    assert_eq!(value(&span, "parameter.other"), None);
}

#[test]
fn a_value_is_cut_at_its_limit_in_every_way() {
    #[traced(debug(a), display(b), max_value = "100B")]
    fn cut(a: &[u8], b: &str) -> usize {
        a.len() + b.len()
    }
    let recording = Recording::start();
    assert_eq!(cut(&[7; 1_000], &"x".repeat(1_000)), 2_000);
    let span = recording.spans().one("cut");
    for key in ["parameter.a", "parameter.b"] {
        let shown = text(&span, key);
        assert!(shown.len() <= 100 && shown.contains("truncated"), "{shown}");
    }
}

#[test]
fn only_unredacted_shows_what_looks_like_a_secret() {
    #[traced(unredacted(token_kind_auth, cookie), debug(cookie))]
    fn log_in(token_kind_auth: &str, cookie: &str, password: &str) -> usize {
        token_kind_auth.len() + cookie.len() + password.len()
    }
    let recording = Recording::start();
    assert_eq!(log_in("basic", "c=1", "hunter2"), 15);
    let span = recording.spans().one("log_in");
    assert_eq!(text(&span, "parameter.token_kind_auth"), "basic");
    assert_eq!(text(&span, "parameter.cookie"), "\"c=1\"");
    assert_eq!(text(&span, "parameter.password"), "<redacted>");
}

/// The text that must never be seen.
const CLEAR: &str = "clear-text-of-the-secret";

fn secret() -> SecretString {
    SecretString::from(CLEAR)
}

#[derive(Capture)]
struct Account {
    id: u64,
    phrase: SecretString,
    optional: Option<SecretString>,
    #[capture(debug)]
    listed: Vec<SecretString>,
}

#[test]
fn the_types_of_secrecy_are_redacted_wherever_they_stand() {
    #[traced(debug(asked), unredacted(token))]
    fn hide(plain: SecretString, optional: Option<SecretString>, asked: &SecretString, token: SecretString) {
        drop((plain, optional, asked, token));
    }
    #[traced]
    fn nested(list: Vec<SecretString>, account: &Account, boxed: Box<SecretString>) -> usize {
        drop(boxed);
        list.len() + usize::try_from(account.id).unwrap_or_default()
    }
    let recording = Recording::start();
    hide(secret(), Some(secret()), &secret(), secret());
    let account =
        Account { id: 4, phrase: secret(), optional: Some(secret()), listed: vec![secret(), secret()] };
    assert_eq!(nested(vec![secret()], &account, Box::new(secret())), 5);
    assert_eq!((account.phrase.expose(), account.optional.is_some(), account.listed.len()), (CLEAR, true, 2));
    let spans = recording.spans();
    for (name, keys) in [
        ("hide", ["plain", "optional", "asked", "token"].as_slice()),
        ("nested", &["list", "account.phrase", "account.optional", "account.listed", "boxed"]),
    ] {
        let span = &spans.one(name);
        for key in keys {
            assert_eq!(text(span, &format!("parameter.{key}")), "<redacted>", "{key}");
        }
    }
    assert_eq!(value(&spans.one("nested"), "parameter.account.id"), Some(Value::I64(4)));
    assert!(!spans.tree().to_string().contains(CLEAR));
}

/// So that the test above sees that the secret is there.
trait Expose {
    fn expose(&self) -> &str;
}

impl Expose for SecretString {
    fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(self)
    }
}
