//! Bytes: one value, one span, and what it costs to find out that a value is too large.

#![expect(unused_variables, reason = "the parameters are there to be recorded")]
#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use wirespan::opentelemetry::{Array, Value};
use wirespan::testing::Recording;
use wirespan::{Capture, traced};
use wirespan_tests::look::value;
use wirespan_tests::text;

const MARKER: &str = "... (truncated, original size: ";

/// Shows its text through `Debug` or `Display`, in pieces of one character.
struct Pieces(String);

impl fmt::Display for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|piece| f.write_char(piece))
    }
}

struct DebugPieces(String);

impl fmt::Debug for DebugPieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|piece| f.write_char(piece))
    }
}

/// Checks a text of which only a part was kept.
fn assert_cut(shown: &str, original: &str, limit: usize) {
    assert!(shown.len() <= limit, "{} bytes of {limit}", shown.len());
    let (kept, marker) = shown.split_once(MARKER).expect("it says that it was cut");
    assert!(original.starts_with(kept), "{shown}");
    assert!(marker.ends_with(" bytes)"), "{shown}");
    // At most one character is lost at the cut, and what a formatter's unknown size takes in the marker.
    assert!(shown.len() + 8 >= limit, "{} bytes of {limit}: {shown}", shown.len());
}

#[test]
fn a_value_is_cut_at_its_limit_in_bytes() {
    #[traced(max_value = "100")]
    fn limited(text: &str, display: Pieces, debug: DebugPieces) {}

    for filler in ["x", "é", "€", "\u{1F980}"] {
        // A text of exactly `len` bytes, which the characters' size may not divide.
        let text_of = |len: usize| {
            let tail = "y".repeat(len % filler.len());
            format!("{}{tail}", filler.repeat(len / filler.len()))
        };
        for (len, whole) in [(99, true), (100, true), (101, false), (103, false), (1000, false)] {
            let original = text_of(len);
            let recording = Recording::start();
            limited(&original, Pieces(original.clone()), DebugPieces(original.clone()));
            let span = recording.span("limited");
            for parameter in ["text", "display", "debug"] {
                let shown = text(&span, &format!("parameter.{parameter}")).expect("it is recorded");
                if whole {
                    assert_eq!(shown, original, "{parameter} of {len} bytes");
                } else {
                    assert_cut(&shown, &original, 100);
                }
            }
            if !whole {
                let shown = text(&span, "parameter.text").expect("it is recorded");
                assert!(shown.ends_with(&format!("{MARKER}{len} bytes)")), "{shown}");
            }
        }
    }
}

#[test]
fn a_value_may_take_two_mebibytes_unless_said_otherwise() {
    const LIMIT: usize = 2 << 20;
    #[traced]
    fn unlimited(text: &str, last: u64) {}
    for (len, whole) in [(LIMIT, true), (LIMIT + 1, false)] {
        let original = "x".repeat(len);
        let recording = Recording::start();
        unlimited(&original, 7);
        let span = recording.span("unlimited");
        let shown = text(&span, "parameter.text").expect("it is recorded");
        assert_eq!(shown == original, whole);
        assert!(shown.len() <= LIMIT && shown.len() > LIMIT - 64);
        span.assert_attribute("parameter.last", 7);
        assert_eq!(value(&span, "parameters.truncated"), None);
    }
}

#[test]
fn a_limit_without_room_for_the_marker_holds_too() {
    #[traced(max_value = "1")]
    fn one(text: &str, accent: &str, debug: DebugPieces, number: u64, list: Vec<u64>) {}
    #[traced(max_value = "10")]
    fn ten(text: &str, accent: &str, debug: DebugPieces, number: u64, list: Vec<u64>) {}
    let recording = Recording::start();
    let large = || DebugPieces("z".repeat(1000));
    one("abcdef", "éé", large(), u64::MAX >> 1, vec![1; 1000]);
    ten("abcdefghijklm", "éééééé", large(), u64::MAX >> 1, vec![1; 1000]);
    for (name, limit, kept, accents) in [("one", 1, "a", ""), ("ten", 10, "abcdefghij", "ééééé")] {
        let span = recording.span(name);
        assert_eq!(text(&span, "parameter.text").as_deref(), Some(kept));
        assert_eq!(text(&span, "parameter.accent").as_deref(), Some(accents));
        assert_eq!(text(&span, "parameter.debug"), Some("z".repeat(limit)));
        span.assert_attribute("parameter.number", i64::MAX);
        // Not one of a thousand elements fits in so little.
        assert_eq!(value(&span, "parameter.list").map(|list| list.to_string()).as_deref(), Some("[]"));
        let reason = text(&span, "parameters.truncated_reason");
        assert_eq!(reason.as_deref(), Some("parameter.list: 0 of 1000 items kept"));
    }
}

/// Bytes that formatters were asked to write before they were stopped.
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// A hundred megabytes, in kilobytes.
struct Huge {
    gives_up: bool,
}

impl fmt::Debug for Huge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let piece = "0123456789abcdef".repeat(64);
        for _ in 0..100 * 1024 {
            let written = f.write_str(&piece);
            WRITTEN.fetch_add(piece.len(), Ordering::Relaxed);
            if self.gives_up {
                written?;
            }
        }
        Ok(())
    }
}

#[test]
fn formatting_stops_at_the_limit() {
    #[traced(max_value = "64KiB")]
    fn shows(huge: Huge) {}
    let recording = Recording::start();
    WRITTEN.store(0, Ordering::Relaxed);
    shows(Huge { gives_up: true });
    let written = WRITTEN.load(Ordering::Relaxed);
    assert!((64 << 10..66 << 10).contains(&written), "{written} bytes were formatted");
    let shown = text(&recording.span("shows"), "parameter.huge").expect("it is recorded");
    assert!(shown.len() <= 64 << 10 && shown.contains(MARKER), "{}", shown.len());
}

#[test]
fn a_formatter_that_does_not_stop_is_not_kept() {
    #[traced(max_value = "64KiB")]
    fn shows(huge: Huge, derived: Option<Huge>) {}
    let recording = Recording::start();
    shows(Huge { gives_up: false }, Some(Huge { gives_up: false }));
    let span = recording.span("shows");
    for parameter in ["huge", "derived"] {
        let shown = text(&span, &format!("parameter.{parameter}")).expect("it is recorded");
        assert!(shown.len() <= 64 << 10 && shown.contains(MARKER), "{}", shown.len());
    }
}

#[test]
fn a_list_that_is_cut_says_how_many_it_kept() {
    #[traced(max_value = "1KiB")]
    fn lists(numbers: Vec<u64>, last: u64) {}
    let recording = Recording::start();
    lists((0..1000).collect(), 7);
    let span = recording.span("lists");
    let Some(Value::Array(Array::I64(kept))) = value(&span, "parameter.numbers") else {
        unreachable!("{span:#?}")
    };
    assert!(!kept.is_empty() && kept.len() < 1000, "{}", kept.len());
    assert!(kept.iter().zip(0_i64..).all(|(kept, expected)| *kept == expected));
    span.assert_attribute("parameters.truncated", true);
    let reason = format!("parameter.numbers: {} of 1000 items kept", kept.len());
    assert_eq!(text(&span, "parameters.truncated_reason"), Some(reason));
    span.assert_attribute("parameter.last", 7);
}

#[derive(Capture)]
struct Document {
    title: String,
    pages: u64,
}

#[test]
fn a_struct_that_is_cut_leaves_the_other_parameters() {
    #[traced(max_value = "100")]
    fn takes(document: &Document, last: u64) {}
    let recording = Recording::start();
    takes(&Document { title: "x".repeat(1000), pages: 9 }, 7);
    let span = recording.span("takes");
    let title = text(&span, "parameter.document.title").expect("a part of it fits");
    assert!(title.len() <= 100 && title.contains(MARKER), "{title}");
    assert_eq!(value(&span, "parameter.last"), Some(Value::I64(7)), "{span:#?}");
    assert_ne!(
        text(&span, "parameters.truncated_reason").as_deref(),
        Some("Total size exceeded 4194304 bytes")
    );
}

#[test]
fn a_list_of_structs_does_not_grow_past_the_limit() {
    #[traced(max_value = "10KB")]
    fn takes(documents: &[Document]) {}
    let recording = Recording::start();
    let documents: Vec<Document> =
        (0..4).map(|pages| Document { title: "\u{1}\n\"".repeat(800), pages }).collect();
    takes(&documents);
    let span = recording.span("takes");
    let Some(Value::Array(Array::String(shown))) = value(&span, "parameter.documents") else {
        unreachable!("{span:#?}")
    };
    let bytes: usize = shown.iter().map(|text| text.as_str().len()).sum();
    assert!(bytes <= 10_000, "{bytes}");
}
