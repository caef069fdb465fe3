//! `serde(a)`: a value as the JSON that it serializes to, within its limit whatever it is.
#![expect(clippy::panic, reason = "a `Serialize` that panics")]

use std::collections::BTreeMap;

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret as _, SecretBox, SerializableSecret};
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use wirespan::testing::Recording;
use wirespan::traced;

/// What is recorded of a value, with a limit of 1 KiB.
fn shown<T: Serialize>(value: &T) -> String {
    #[traced(serde(value), max_value = "1KiB")]
    fn show<T: Serialize>(value: &T) {
        let _ = value;
    }
    let recording = Recording::start();
    show(value);
    let span = recording.span("show");
    span.assert_returned();
    span.attribute("parameter.value").map(ToString::to_string).unwrap_or_default()
}

#[derive(Serialize)]
enum Shape {
    Unit,
    Newtype(u8),
    Tuple(u8, char),
    Struct { a: Option<i64>, b: () },
}

#[derive(Serialize)]
struct Everything<'a> {
    text: &'a str,
    number: f64,
    nothing: Option<u8>,
    large: u128,
    no_number: f32,
    shapes: Vec<Shape>,
    map: BTreeMap<i32, bool>,
    names: BTreeMap<&'a str, (u8, u8)>,
    empty: [u8; 0],
}

#[test]
fn a_value_is_the_json_that_serde_json_writes() {
    let everything = Everything {
        text: "a \"quoted\" \\ line\n\u{1} ä",
        number: -1.5e300,
        nothing: None,
        large: u128::MAX,
        no_number: f32::NAN,
        shapes: vec![
            Shape::Unit,
            Shape::Newtype(1),
            Shape::Tuple(2, '"'),
            Shape::Struct { a: Some(-3), b: () },
        ],
        map: [(-1, true), (2, false)].into(),
        names: [("x", (1, 2))].into(),
        empty: [],
    };
    let text = shown(&everything);
    let parsed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let expected = serde_json::to_string(&everything).expect("JSON");
    assert_eq!(parsed, serde_json::from_str::<serde_json::Value>(&expected).expect("JSON"), "{text}");
}

/// An iterator without an end, that would be found out by not coming back.
struct Endless;

impl Serialize for Endless {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        loop {
            list.serialize_element("again")?;
        }
    }
}

#[test]
fn serializing_stops_at_the_limit() {
    let text = shown(&Endless);
    assert!(text.len() <= 1_024 && text.contains("truncated, original size: over"), "{text}");
    let text = shown(&"y".repeat(1 << 20));
    assert!(text.len() <= 1_024 && text.contains("truncated"), "{text}");
}

/// As deep as it likes.
struct Deep;

impl Serialize for Deep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq([Self])
    }
}

#[test]
fn a_value_without_a_bottom_is_cut_at_64_levels() {
    let text = shown(&Deep);
    assert_eq!(text.matches('[').count(), 65, "{text}");
    assert!(text.contains("[\"<nested too deeply>\"]"), "{text}");
    serde_json::from_str::<serde_json::Value>(&text).expect("still JSON");
}

struct Failing;

impl Serialize for Failing {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("no"))
    }
}

struct Panicking;

impl Serialize for Panicking {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        list.serialize_element("half")?;
        panic!("a Serialize that panics")
    }
}

#[test]
fn a_serialize_that_fails_or_panics_becomes_a_placeholder() {
    assert_eq!(shown(&(1, Failing)), "<serialization failed: (i32, Failing)>");
    assert_eq!(shown(&Panicking), "<serialization panicked: Panicking>");
}

/// A secret whose type says that it may be serialized.
#[derive(Clone, Serialize)]
struct Exposed(&'static str);

impl Zeroize for Exposed {
    fn zeroize(&mut self) {
        self.0 = "";
    }
}

impl SerializableSecret for Exposed {}

#[test]
fn a_secret_is_redacted_although_it_may_be_serialized() {
    #[traced(serde(a))]
    fn send(a: &SecretBox<Exposed>) -> usize {
        a.expose_secret().0.len()
    }
    let recording = Recording::start();
    let secret = SecretBox::new(Box::new(Exposed("clear")));
    assert_eq!(serde_json::to_string(&secret).expect("JSON"), "\"clear\"");
    assert_eq!(send(&secret), 5);
    recording.span("send").assert_attribute("parameter.a", "<redacted>");
}
