//! Percent-encoding, as baggage has it.

use std::borrow::Cow;

use super::text::is_baggage_octet;

/// The text that is meant. No longer than what is read, but for bytes that are no UTF-8, which become `U+FFFD`; a `%` without two
/// digits stands for itself.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = escaped(rest).unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    Cow::Owned(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Appends `text` with what cannot stand in a value encoded, and nothing else: what was read and is passed on does not grow.
pub(super) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if is_baggage_octet(byte) && byte != b'%' {
            out.push(char::from(byte));
        } else {
            push_escaped(out, byte);
        }
    }
}

/// As [`encode`], for a text that may be encoded already.
pub(super) fn encode_rest(out: &mut String, text: &str) {
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        if is_baggage_octet(*byte) && (*byte != b'%' || escaped(rest).is_some()) {
            out.push(char::from(*byte));
        } else {
            push_escaped(out, *byte);
        }
        rest = after;
    }
}

fn push_escaped(out: &mut String, byte: u8) {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'A' + value - 10 });
    out.extend(['%', digit(byte >> 4), digit(byte & 0xf)]);
}

/// The byte that `bytes` begin with in encoded form, and what is behind it.
fn escaped(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, rest @ ..] = bytes else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(((value(*high)? << 4) | value(*low)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = String::new();
        encode(&mut out, text);
        out
    }

    #[test]
    fn every_text_comes_back() {
        for text in ["", "plain", "50%", "%41", "a b\t\"\\;,=", "Ünïcode \u{1f980}", "\r\n\0\u{7f}"] {
            assert_eq!(decode(&encoded(text)), text);
            assert!(encoded(text).bytes().all(is_baggage_octet), "{}", encoded(text));
        }
    }

    #[test]
    fn it_is_decoded_once() {
        assert_eq!(decode("%2541"), "%41");
    }

    #[test]
    fn what_is_no_encoding_stands_for_itself() {
        for text in ["%", "%%", "%4", "%4x", "%+1", "100%zz"] {
            assert_eq!(decode(text), text);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        assert_eq!(decode("a%FFb%C3"), "a\u{fffd}b\u{fffd}");
        assert_eq!(decode("%c3%a9%ED%A0%80"), "é\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn what_is_encoded_already_is_not_encoded_again() {
        let mut out = String::new();
        encode_rest(&mut out, "a%20b c%zz;é");
        assert_eq!(out, "a%20b%20c%25zz%3B%C3%A9");
    }
}
