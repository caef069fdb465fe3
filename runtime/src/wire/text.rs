//! An encoded value as JSON text, where a consumer has no type for it (a list of key-value pairs inside a list).

use std::fmt::{self, Write as _};

use super::decode::key_and_value;
use super::int_of;
use super::read::{Fields, Value};
use crate::capture::output::FloorCharBoundary;

/// Values are rendered at most this deep.
const MAX_DEPTH: usize = 32;

/// As [`render`], in at most `max` bytes: a text that is longer, its quotes and escapes included, is cut with the mark that
/// it was.
pub(crate) fn render_within(any: &[u8], max: usize) -> String {
    let mut text = render(any);
    if text.len() > max {
        let marker = format!("... (truncated, original size: {} bytes)", text.len());
        let marker = if marker.len() <= max { marker.as_str() } else { "" };
        text.truncate(text.floor_char_boundary_compat(max - marker.len()));
        text.push_str(marker);
    }
    text
}

/// The JSON text of an encoded `AnyValue`; a string at the top stands without quotes.
pub(crate) fn render(any: &[u8]) -> String {
    if let Some((1, Value::Bytes(text), _)) = Fields::new(any).last() {
        return String::from_utf8_lossy(text).into_owned();
    }
    let mut out = String::new();
    write_value(&mut out, any, 0);
    out
}

fn write_value(out: &mut String, any: &[u8], depth: usize) {
    // Writing to a string does not fail.
    let _ = match Fields::new(any).last() {
        Some((1, Value::Bytes(text), _)) => write_text(out, text),
        Some((2, Value::Varint(value), _)) => write!(out, "{}", value != 0),
        Some((3, Value::Varint(value), _)) => write!(out, "{}", int_of(value)),
        Some((4, Value::Fixed64(bits), _)) => write!(out, "{}", f64::from_bits(bits)),
        Some((5, Value::Bytes(list), _)) if depth < MAX_DEPTH => {
            write_all(out, list, ['[', ']'], |out, any| write_value(out, any, depth + 1));
            Ok(())
        }
        Some((6, Value::Bytes(list), _)) if depth < MAX_DEPTH => {
            write_all(out, list, ['{', '}'], |out, entry| {
                let (key, any) = key_and_value(entry);
                let _ = write_text(out, key);
                out.push_str(": ");
                write_value(out, any, depth + 1);
            });
            Ok(())
        }
        _ => write!(out, "null"),
    };
}

/// A string of JSON.
fn write_text(out: &mut String, text: &[u8]) -> fmt::Result {
    out.push('"');
    for letter in String::from_utf8_lossy(text).chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => write!(out, "\\u{:04x}", u32::from(control))?,
            other => out.push(other),
        }
    }
    out.push('"');
    Ok(())
}

fn write_all(
    out: &mut String,
    list: &[u8],
    [open, close]: [char; 2],
    mut write: impl FnMut(&mut String, &[u8]),
) {
    out.push(open);
    let mut first = true;
    for (_, value, _) in Fields::new(list) {
        if let Value::Bytes(element) = value {
            if !std::mem::take(&mut first) {
                out.push_str(", ");
            }
            write(out, element);
        }
    }
    out.push(close);
}
