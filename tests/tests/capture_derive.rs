//! `#[derive(Capture)]`: what each form of a type and each option of a field shows.

#![expect(unused_variables, dead_code, reason = "the values are there to be recorded")]
#![expect(clippy::unnecessary_wraps, reason = "compared with what an attribute may be")]

use std::fmt;

use wirespan::opentelemetry::{Array, StringValue, Value};
use wirespan::testing::{Recording, Span};
use wirespan::{Capture, Secret, traced};
use wirespan_tests::look::{keys, value};

/// A span with `value` as its parameter `v`.
fn recorded<T: Capture>(parameter: &T) -> Span {
    #[traced]
    fn show<T: Capture>(v: &T) {}
    let recording = Recording::start();
    show(parameter);
    recording.span("show")
}

fn shown<T: Capture>(parameter: &T) -> Option<Value> {
    value(&recorded(parameter), "parameter.v")
}

fn string(text: &str) -> Option<Value> {
    Some(Value::String(text.to_owned().into()))
}

#[derive(Debug)]
struct Plain(u8);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plain {}", self.0)
    }
}

#[derive(Capture)]
struct Job {
    #[capture(id)]
    id: u64,
    title: String,
    done: Option<f64>,
    #[capture(skip)]
    skipped: u64,
    #[capture(redact)]
    note: &'static str,
    #[capture(len)]
    lines: Vec<String>,
    #[capture(display)]
    displayed: Plain,
    #[capture(debug)]
    debugged: Plain,
    foreign: Plain,
    password: String,
    api_key: Option<String>,
    _private: u64,
    secret_number: Secret<u64>,
}

fn job() -> Job {
    Job {
        id: 7,
        title: "seven".to_owned(),
        done: None,
        skipped: 1,
        note: "canary",
        lines: vec![String::new(), "canary".to_owned()],
        displayed: Plain(1),
        debugged: Plain(2),
        foreign: Plain(3),
        password: "canary".to_owned(),
        api_key: Some("canary".to_owned()),
        _private: 2,
        secret_number: Secret::new(1_234_567),
    }
}

#[test]
fn each_option_of_a_field_is_followed() {
    let span = recorded(&job());
    let expected = [
        ("id", Value::I64(7)),
        ("title", Value::from("seven")),
        ("note", Value::from("<redacted>")),
        ("lines", Value::I64(2)),
        ("displayed", Value::from("plain 1")),
        ("debugged", Value::from("Plain(2)")),
        ("foreign", Value::from("plain 3")),
        ("password", Value::from("<redacted>")),
        ("api_key", Value::from("<redacted>")),
        ("secret_number", Value::from("<redacted>")),
    ];
    let names: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    assert_eq!(keys(&span, "parameter.v."), names);
    for (name, expected) in expected {
        assert_eq!(value(&span, &format!("parameter.v.{name}")), Some(expected), "{name}");
    }
    let all = format!("{span:?}");
    assert!(!all.contains("canary") && !all.contains("1234567"), "{all}");
}

#[derive(Capture)]
struct Outer {
    inner: Inner,
    maybe: Option<Inner>,
    name: &'static str,
}

#[derive(Capture)]
struct Inner {
    leaf: Leaf,
    number: u64,
}

#[derive(Capture)]
struct Leaf {
    flag: bool,
    list: [u64; 2],
}

#[test]
fn nested_structs_become_dotted_keys() {
    let inner = |number| Inner { leaf: Leaf { flag: true, list: [1, 2] }, number };
    let span = recorded(&Outer { inner: inner(1), maybe: Some(inner(2)), name: "x" });
    let expected = [
        "inner.leaf.flag",
        "inner.leaf.list",
        "inner.number",
        "maybe.leaf.flag",
        "maybe.leaf.list",
        "maybe.number",
        "name",
    ];
    assert_eq!(keys(&span, "parameter.v."), expected);
    span.assert_attribute("parameter.v.inner.leaf.flag", true);
    assert_eq!(value(&span, "parameter.v.inner.leaf.list"), Some(Value::Array(Array::I64(vec![1, 2]))));
    span.assert_attribute("parameter.v.maybe.number", 2);
    let without = recorded(&Outer { inner: inner(1), maybe: None, name: "x" });
    assert_eq!(
        keys(&without, "parameter.v."),
        ["inner.leaf.flag", "inner.leaf.list", "inner.number", "name"]
    );
}

#[test]
fn a_list_of_structs_is_a_list_of_texts() {
    let leaf = |flag| Leaf { flag, list: [1, 2] };
    let expected = [r#"{"flag": true, "list": [1, 2]}"#, r#"{"flag": false, "list": [1, 2]}"#];
    let expected = Value::Array(Array::String(expected.into_iter().map(StringValue::from).collect()));
    assert_eq!(shown(&vec![leaf(true), leaf(false)]), Some(expected));
}

#[derive(Capture)]
struct UserId(u64);

#[derive(Capture)]
struct Wrapped(UserId);

#[derive(Capture)]
struct ApiKey(String);

#[derive(Capture)]
struct Length(#[capture(len)] Vec<u8>);

#[derive(Capture)]
struct Displayed(#[capture(display)] Plain);

#[derive(Capture)]
struct Hidden(#[capture(redact)] u64);

#[derive(Capture)]
struct Unit;

#[derive(Capture)]
struct Pair(u64, &'static str);

#[test]
fn structs_without_names_show_what_they_hold() {
    assert_eq!(shown(&UserId(7)), Some(Value::I64(7)));
    assert_eq!(shown(&Wrapped(UserId(7))), Some(Value::I64(7)));
    assert_eq!(shown(&ApiKey("canary".to_owned())), string("<redacted>"));
    assert_eq!(shown(&Length(vec![0; 9])), Some(Value::I64(9)));
    assert_eq!(shown(&Displayed(Plain(1))), string("plain 1"));
    assert_eq!(shown(&Hidden(1)), string("<redacted>"));
    assert_eq!(shown(&Unit), string("Unit"));
    let pair = recorded(&Pair(7, "b"));
    pair.assert_attribute("parameter.v.0", 7);
    pair.assert_attribute("parameter.v.1", "b");
}

#[derive(Capture)]
enum Event {
    Started,
    Moved { x: i64, token: &'static str },
    Said(String),
    Both(u64, #[capture(skip)] u64),
}

#[test]
fn an_enum_shows_its_variant() {
    assert_eq!(shown(&Event::Started), string("Started"));
    let moved = recorded(&Event::Moved { x: -1, token: "canary" });
    assert_eq!(keys(&moved, "parameter.v."), ["variant", "x", "token"]);
    moved.assert_attribute("parameter.v.variant", "Moved");
    moved.assert_attribute("parameter.v.x", -1);
    moved.assert_attribute("parameter.v.token", "<redacted>");
    let said = recorded(&Event::Said("hello".to_owned()));
    said.assert_attribute("parameter.v.variant", "Said");
    said.assert_attribute("parameter.v.0", "hello");
    assert_eq!(keys(&recorded(&Event::Both(1, 2)), "parameter.v."), ["variant", "0"]);
}

#[derive(Capture)]
struct Generic<'a, T, const N: usize> {
    values: [T; N],
    name: &'a str,
}

#[test]
fn a_generic_type_shows_what_its_parameters_show() {
    let span = recorded(&Generic { values: [1_u64, 2], name: "x" });
    assert_eq!(value(&span, "parameter.v.values"), Some(Value::Array(Array::I64(vec![1, 2]))));
    let span = recorded(&Generic { values: [UserId(3)], name: "x" });
    assert_eq!(value(&span, "parameter.v.values"), Some(Value::Array(Array::I64(vec![3]))));
    span.assert_attribute("parameter.v.name", "x");
}

#[test]
fn a_struct_in_an_expression_of_fields_becomes_dotted_keys() {
    #[traced(skip_all, fields(user = UserId(number), "the leaf" = Leaf { flag: false, list: [0, number] }))]
    fn call(number: u64) {}
    let recording = Recording::start();
    call(7);
    let span = recording.span("call");
    span.assert_attribute("user", 7);
    span.assert_attribute("the leaf.flag", false);
    assert_eq!(value(&span, "the leaf.list"), Some(Value::Array(Array::I64(vec![0, 7]))));
    assert!(keys(&span, "parameter.").is_empty());
}

#[test]
fn a_parameter_bound_by_a_pattern_is_recorded_by_its_names() {
    #[traced]
    fn patterns(
        (a, _b): (u64, u64),
        Leaf { flag, list: [first, ..] }: Leaf,
        &mut c: &mut u64,
        mut d: u64,
        _: u64,
    ) {
        d += 1;
        assert_eq!(d, 7);
    }
    let recording = Recording::start();
    patterns((1, 2), Leaf { flag: true, list: [3, 4] }, &mut 5, 6, 7);
    let span = recording.span("patterns");
    assert_eq!(keys(&span, "parameter."), ["a", "flag", "first", "c", "d"]);
    span.assert_attribute("parameter.first", 3);
    span.assert_attribute("parameter.d", 6);
}
