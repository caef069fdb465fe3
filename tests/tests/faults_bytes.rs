//! Faults C11 and C12: text that is no text. Bytes that are not UTF-8, NUL, control characters, direction marks and markup
//! arrive at a strict receiver byte for byte, or say that they were replaced.

use std::ffi::OsStr;
use std::path::Path;

use wirespan::opentelemetry::{Array, StringValue, Value};
use wirespan::testing::Recording;
use wirespan::traced;
use wirespan_tests::text;

/// Control characters of C0 and C1, an escape sequence, line ends, direction marks, markup, a byte order mark, a character
/// beyond the basic plane.
const HOSTILE: &str =
    "\0\u{7}\u{1b}[2J\r\n\u{85}\u{202e}desrever\u{2066}<script>alert(1)</script>\u{feff}\u{10ffff}\"\\";

#[traced]
fn takes(text: &str, list: &[&str]) -> usize {
    text.len() + list.len()
}

#[test]
fn text_arrives_byte_for_byte() {
    let recording = Recording::start();
    takes(HOSTILE, &[HOSTILE, ""]);
    let span = recording.span("takes");
    assert_eq!(text(&span, "parameter.text").as_deref(), Some(HOSTILE));
    let Some(Value::Array(Array::String(list))) = wirespan::export::attribute(&span, "parameter.list") else {
        panic!("{span:#?}")
    };
    assert_eq!(list.iter().map(StringValue::as_str).collect::<Vec<_>>(), [HOSTILE, ""]);
}

#[cfg(unix)]
#[traced]
fn takes_names(name: &OsStr, path: &Path, bytes: &[u8]) -> usize {
    name.len() + path.as_os_str().len() + bytes.len()
}

#[cfg(unix)]
#[test]
fn what_is_not_utf8_is_shown_with_its_bytes_escaped_or_replaced() {
    use std::os::unix::ffi::OsStrExt as _;

    let recording = Recording::start();
    let name = OsStr::from_bytes(b"caf\xe9\xff");
    takes_names(name, Path::new(name), b"\xff\0\xc3\x28");
    let span = recording.span("takes_names");
    for key in ["parameter.name", "parameter.path"] {
        let shown = text(&span, key).expect("it is recorded");
        assert!(shown.contains("\\xE9\\xFF") || shown.contains('\u{fffd}'), "{key}: {shown}");
    }
    assert!(text(&span, "parameter.bytes").is_some(), "{span:#?}");
}
