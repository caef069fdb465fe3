//! An encoded value as JSON text, where a consumer has no type for it (a list of key-value pairs inside a list).

use std::fmt::Write as _;

use super::decode::key_and_value;
use super::read::{Fields, Value};

/// Values are rendered at most this deep.
const MAX_DEPTH: usize = 32;

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
        Some((1, Value::Bytes(text), _)) => write!(out, "{:?}", String::from_utf8_lossy(text)),
        Some((2, Value::Varint(value), _)) => write!(out, "{}", value != 0),
        Some((3, Value::Varint(value), _)) => write!(out, "{}", value.cast_signed()),
        Some((4, Value::Fixed64(bits), _)) => write!(out, "{}", f64::from_bits(bits)),
        Some((5, Value::Bytes(list), _)) if depth < MAX_DEPTH => {
            write_all(out, list, ['[', ']'], |out, any| write_value(out, any, depth + 1));
            Ok(())
        }
        Some((6, Value::Bytes(list), _)) if depth < MAX_DEPTH => {
            write_all(out, list, ['{', '}'], |out, entry| {
                let (key, any) = key_and_value(entry);
                let _ = write!(out, "{:?}: ", String::from_utf8_lossy(key));
                write_value(out, any, depth + 1);
            });
            Ok(())
        }
        _ => write!(out, "null"),
    };
}

fn write_all(out: &mut String, list: &[u8], [open, close]: [char; 2], mut write: impl FnMut(&mut String, &[u8])) {
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
