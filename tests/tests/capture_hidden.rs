//! What is not shown: skipped values are their type and identifiers, secrets are `<redacted>` in every output.

#![allow(clippy::similar_names, reason = "functions that are there to be traced")]
#![expect(
    unused_variables,
    dead_code,
    clippy::too_many_arguments,
    reason = "the parameters are there to be recorded"
)]
#![expect(
    clippy::needless_borrows_for_generic_args,
    clippy::expect_used,
    reason = "values behind references; a failed look is a failed test"
)]

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use wirespan::testing::Recording;
use wirespan::{Capture, Secret, traced};
use wirespan_tests::look::{block_on, keys};
use wirespan_tests::text;

#[derive(Clone, Capture)]
struct Message {
    #[capture(id)]
    id: String,
    body: String,
}

fn message(number: usize) -> Message {
    Message { id: format!("m{number}"), body: "canary".to_owned() }
}

fn first(count: usize) -> Vec<Message> {
    (0..count).map(message).collect()
}

/// What a skipped parameter shows, of which nothing else may be seen.
fn skipped<T: Capture>(parameter: T) -> String {
    #[traced(skip(value))]
    fn skip<T: Capture>(value: T) {}
    let recording = Recording::start();
    skip(parameter);
    only_shape(&recording, "skip", "value")
}

fn only_shape(recording: &Recording, name: &str, parameter: &str) -> String {
    let span = recording.span(name);
    assert_eq!(keys(&span, "parameter."), [parameter]);
    assert!(!format!("{span:?}").contains("canary"), "{span:#?}");
    text(&span, &format!("parameter.{parameter}")).expect("it is shown as its type")
}

#[test]
fn a_skipped_value_shows_its_type_and_identifier() {
    assert_eq!(skipped(message(3)), "<Message (excluded, id=m3)>");
    assert_eq!(skipped(&message(3)), "<Message (excluded, id=m3)>");
    assert_eq!(skipped(Some(message(3))), "<Option<Message> (excluded, id=m3)>");
    assert_eq!(skipped(None::<Message>), "<Option<Message> (excluded)>");
    assert_eq!(skipped(Arc::new(message(3))), "<Arc<Message> (excluded, id=m3)>");
    assert_eq!(skipped(7_u64), "<u64 (excluded)>");
    assert_eq!(skipped(String::from("canary")), "<String (excluded)>");
}

#[test]
fn a_skipped_list_shows_the_first_identifiers() {
    assert_eq!(skipped(first(0)), "<Vec<Message> (excluded)>");
    assert_eq!(skipped(first(1)), "<Vec<Message> (excluded, ids=[m0])>");
    assert_eq!(skipped(first(4)), "<Vec<Message> (excluded, ids=[m0,m1,m2,m3])>");
    // Nothing was left out of five: no dots.
    assert_eq!(skipped(first(5)), "<Vec<Message> (excluded, ids=[m0,m1,m2,m3,m4])>");
    assert_eq!(skipped(first(6)), "<Vec<Message> (excluded, ids=[m0,m1,m2,m3,m4... (6 total)])>");
    assert_eq!(skipped(first(7)), "<Vec<Message> (excluded, ids=[m0,m1,m2,m3,m4... (7 total)])>");
    assert_eq!(skipped(&first(2)[..]), "<[Message] (excluded, ids=[m0,m1])>");
    assert_eq!(skipped([message(1), message(2)]), "<[Message; 2] (excluded, ids=[m1,m2])>");
    assert_eq!(skipped(Some(first(2))), "<Option<Vec<Message>> (excluded, ids=[m0,m1])>");
    assert_eq!(skipped(vec![1_u64; 9]), "<Vec<u64> (excluded)>");
}

#[test]
fn a_long_identifier_is_cut() {
    let long = Message { id: "é".repeat(1000), body: String::new() };
    let shape = skipped(long);
    assert!(shape.starts_with("<Message (excluded, id=éé") && shape.ends_with("é)>"), "{shape}");
    assert!(shape.len() < 200, "{}", shape.len());
}

#[test]
fn a_skipped_value_of_a_foreign_type_shows_its_type() {
    struct Foreign<T>(T);
    impl<T> fmt::Debug for Foreign<T> {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            unreachable!("a skipped value is not looked at")
        }
    }
    #[traced(skip = "one, map, generic")]
    fn foreign<T>(one: Foreign<Vec<u8>>, map: &HashMap<String, u8>, generic: T) {}
    let recording = Recording::start();
    foreign(Foreign(vec![]), &HashMap::from([("canary".to_owned(), 1)]), "canary");
    let span = recording.span("foreign");
    span.assert_attribute("parameter.one", "<Foreign<Vec<u8>> (excluded)>");
    span.assert_attribute("parameter.map", "<HashMap<String, u8> (excluded)>");
    span.assert_attribute("parameter.generic", "<str (excluded)>");
}

#[test]
fn the_default_skip_list_has_the_names_of_the_reference() {
    macro_rules! parameters {
        ($($name:ident)+) => {
            [$({
                #[traced]
                fn $name($name: Vec<Message>) {}
                $name(first(7));
                stringify!($name)
            }),+]
        };
    }
    let recording = Recording::start();
    let names = parameters! {
        agent_state messages in_context_messages message_sequence content tool_returns memory sources context
        source_code system text_chunks embeddings embedding file_bytes chunks
    };
    assert_eq!(names.len(), 16);
    for name in names {
        let shape = only_shape(&recording, name, name);
        assert_eq!(shape, "<Vec<Message> (excluded, ids=[m0,m1,m2,m3,m4... (7 total)])>", "{name}");
    }
}

#[test]
fn record_shows_what_is_on_the_default_list() {
    #[traced(record(content))]
    fn recorded(content: &str, system: &str) {}
    let recording = Recording::start();
    recorded("shown", "canary");
    let span = recording.span("recorded");
    span.assert_attribute("parameter.content", "shown");
    span.assert_attribute("parameter.system", "<str (excluded)>");
}

#[test]
fn skip_all_records_nothing_but_what_is_asked_for() {
    #[traced(skip_all)]
    fn none(a: u64, messages: u64, password: &str) {}
    #[traced(skip_all, record(b, messages))]
    async fn some(a: u64, b: u64, messages: u64) {}
    let recording = Recording::start();
    none(1, 2, "canary");
    block_on(some(1, 2, 3));
    assert!(keys(&recording.span("none"), "parameter.").is_empty());
    let some = recording.span("some");
    assert_eq!(keys(&some, "parameter."), ["b", "messages"]);
    some.assert_attribute("parameter.messages", 3);
}

/// Must not be looked at.
struct Unseen;

impl fmt::Debug for Unseen {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        unreachable!("a secret is not looked at")
    }
}

#[test]
fn a_parameter_with_the_name_of_a_secret_is_redacted() {
    #[traced]
    #[expect(non_snake_case, reason = "names in every case")]
    fn secrets(
        password: &str,
        user_password: &str,
        userPassword: &str,
        secret: &str,
        client_secret: Unseen,
        token: &str,
        authToken: Unseen,
        api_key: &str,
        apikey: &str,
        authorization: Option<&str>,
        cookie: &[&str],
        set_cookie: &str,
        private_key: [u8; 2],
        credentials: (Unseen, Unseen),
    ) {
    }
    let recording = Recording::start();
    let c = "canary";
    secrets(c, c, c, c, Unseen, c, Unseen, c, c, Some(c), &[c], c, [1, 2], (Unseen, Unseen));
    let span = recording.span("secrets");
    let names = keys(&span, "parameter.");
    assert_eq!(names.len(), 14);
    for name in names {
        assert_eq!(text(&span, &format!("parameter.{name}")).as_deref(), Some("<redacted>"), "{name}");
    }
    assert!(!format!("{span:?}").contains("canary"));
}

#[test]
fn a_name_that_only_contains_the_name_of_a_secret_is_shown() {
    #[traced]
    fn shown(max_tokens: u64, tokenizer: &str, author: &str, keyboard: &str, secretary: &str) {}
    let recording = Recording::start();
    shown(1, "b", "c", "d", "e");
    let span = recording.span("shown");
    assert!(span.attributes.iter().all(|pair| pair.value.as_str() != "<redacted>"), "{span:#?}");
    assert_eq!(keys(&span, "parameter.").len(), 5);
}

#[derive(Debug, Clone)]
struct Account {
    name: String,
    key: Secret<String>,
}

#[derive(Capture)]
struct Holder {
    key: Secret<String>,
    keys: Vec<Secret<String>>,
    maybe: Option<Secret<String>>,
}

#[test]
fn a_secret_is_in_no_output() {
    #[traced(fields(direct = hidden, exposed = hidden.expose().len()))]
    fn uses(
        hidden: &Secret<String>,
        list: Vec<Secret<String>>,
        maybe: Option<Secret<String>>,
        account: Account,
        holder: Holder,
        pair: (Secret<String>, u8),
        map: HashMap<u8, Secret<String>>,
    ) -> Result<(), String> {
        Err(format!("{hidden} and {hidden:?} and {account:?}"))
    }
    let secret = || Secret::new("canary".to_owned());
    assert_eq!(
        format!("{} {:?} {:#?}", secret(), secret(), Some(secret())),
        "<redacted> <redacted> Some(\n    <redacted>,\n)"
    );
    let recording = Recording::start();
    let account = Account { name: "name".to_owned(), key: secret() };
    let holder = Holder { key: secret(), keys: vec![secret()], maybe: Some(secret()) };
    let map = HashMap::from([(1, secret())]);
    assert!(uses(&secret(), vec![secret(); 2], Some(secret()), account, holder, (secret(), 1), map).is_err());
    let span = recording.span("uses");
    assert!(!format!("{span:?}").contains("canary"), "{span:#?}");
    span.assert_attribute("parameter.hidden", "<redacted>");
    assert_eq!(text(&span, "parameter.list").as_deref(), Some(r#"["<redacted>","<redacted>"]"#));
    span.assert_attribute("parameter.maybe", "<redacted>");
    assert_eq!(
        text(&span, "parameter.account").as_deref(),
        Some(r#"Account { name: "name", key: <redacted> }"#)
    );
    span.assert_attribute("parameter.holder.key", "<redacted>");
    span.assert_attribute("direct", "<redacted>");
    span.assert_attribute("exposed", 6);
    drop(recording);
    assert_eq!(skipped(secret()), "<Secret<String> (excluded)>");
}
