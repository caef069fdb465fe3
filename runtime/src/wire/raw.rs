//! Attributes as they lie in a record until it is completed: the address of the key, and the value as the processor has it.
//!
//! Encoding them takes several times as long as copying them, so the drain thread does it ([`expand`]). They stand among fields
//! that are encoded already; no field of a message begins with a byte below 8, since fields are numbered from 1.
//!
//! ```text
//! number   kind, address of the key's frame, 8 bytes of value
//! text     kind, address of the key's frame, its length as one byte, the text
//! ```
#![expect(unsafe_code, reason = "addresses are kept in bytes, in a vector's spare capacity")]

use super::copy::copy;
use super::encode::{self, Short};
use super::read::Fields;
use super::spare::{self, FRAME};
use super::{int_of, tag};

/// A short key with everything around it; see `capture/key.rs`.
pub(crate) type Frame = &'static [u8; FRAME];

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Number {
    Int = 0,
    Double = 1,
    Bool = 2,
}

const TEXT: u8 = 3;
/// The first byte that is no kind.
const FIELDS: u8 = 4;

const HEAD: usize = 1 + size_of::<Frame>();
/// Bytes of a number.
pub(crate) const NUMBER: usize = HEAD + 8;
/// Bytes of a text without the text itself.
pub(crate) const TEXT_HEAD: usize = HEAD + 1;
/// Bytes that a text may have.
pub(crate) const MAX_TEXT: usize = 78;
/// Bytes of room without which no text is pushed.
pub(crate) const TEXT_ROOM: usize = TEXT_HEAD + MAX_TEXT;

/// Appends a number; `false`, with nothing done, where the vector would have to grow.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn push_number(out: &mut Vec<u8>, key: Frame, number: Number, bits: u64) -> bool {
    let len = out.len();
    if out.capacity() - len < NUMBER {
        return false;
    }
    // SAFETY: there is room for `NUMBER` bytes behind `len`, and all of them are written.
    unsafe {
        let at = out.as_mut_ptr().add(len);
        at.write(number as u8);
        at.add(1).cast::<Frame>().write_unaligned(key);
        at.add(HEAD).cast::<u64>().write_unaligned(bits);
        out.set_len(len + NUMBER);
    }
    true
}

/// Appends a text; `false`, with nothing done, where it is longer than [`MAX_TEXT`] or the vector would have to grow.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn push_text(out: &mut Vec<u8>, key: Frame, text: &str) -> bool {
    let len = out.len();
    if text.len() > MAX_TEXT || out.capacity() - len < TEXT_ROOM {
        return false;
    }
    // SAFETY: there is room for the head and `MAX_TEXT` bytes behind `len`; what is counted is written. The vector is not a part
    // of `text`, since it is borrowed here.
    unsafe {
        let at = out.as_mut_ptr().add(len);
        at.write(TEXT);
        at.add(1).cast::<Frame>().write_unaligned(key);
        at.add(HEAD).write(encode::length_byte(text.len()));
        copy(text.as_ptr(), at.add(TEXT_HEAD), text.len());
        out.set_len(len + TEXT_HEAD + text.len());
    }
    true
}

/// Appends the fields of `body`, those that are not encoded yet encoded.
///
/// # Safety
///
/// What in `body` begins with a kind was written by this module.
pub(crate) unsafe fn expand(body: &[u8], out: &mut Vec<u8>) {
    let mut rest = body;
    while let Some(kind) = rest.first().copied() {
        let after = if kind < FIELDS {
            // SAFETY: the caller's promise.
            unsafe { encode_one(kind, rest, out) }
        } else {
            Fields::new(rest).next().and_then(|(_, _, field)| {
                out.extend_from_slice(field);
                rest.get(field.len()..)
            })
        };
        // What is malformed ends it: there is nothing of ours in it.
        rest = after.unwrap_or_default();
    }
}

/// Encodes the first attribute of `rest`; what is behind it.
///
/// # Safety
///
/// It was written by this module.
#[cfg_attr(not(debug_assertions), inline)]
unsafe fn encode_one<'a>(kind: u8, rest: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (head, value) = rest.split_at_checked(HEAD)?;
    // SAFETY: behind the kind lies the reference that a `push_…` has written, whole.
    let key = unsafe { head.as_ptr().add(1).cast::<Frame>().read_unaligned() };
    if kind == TEXT {
        let (len, rest) = value.split_first()?;
        let (text, rest) = rest.split_at_checked(usize::from(*len))?;
        let value_head = Short { words: [u64::from(tag::VALUE_STRING) | u64::from(*len) << 8, 0], len: 2 };
        put(out, key, value_head, text.len());
        spare::text(out, text);
        return Some(rest);
    }
    let (bits, rest) = value.split_first_chunk()?;
    let bits = u64::from_ne_bytes(*bits);
    let number = match kind {
        _ if kind == Number::Int as u8 => Number::Int,
        _ if kind == Number::Double as u8 => Number::Double,
        _ => Number::Bool,
    };
    put(out, key, encoded(number, bits), 0);
    Some(rest)
}

/// A number as it is on the wire.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn encoded(number: Number, bits: u64) -> Short {
    match number {
        Number::Int => encode::int_value(int_of(bits)),
        Number::Double => encode::double_value(f64::from_bits(bits)),
        Number::Bool => encode::bool_value(bits != 0),
    }
}

/// Appends the frame and the value, or the head of one with `more` bytes. All lengths are below 128: a framed key has at most 48
/// bytes, a value at most [`MAX_TEXT`] and its head.
#[cfg_attr(not(debug_assertions), inline)]
fn put(out: &mut Vec<u8>, frame: Frame, value: Short, more: usize) {
    out.reserve(FRAME + MAX_TEXT);
    // Of the key itself: to read what is written a moment later is to wait for it.
    let len = usize::from(frame[FRAME - 1]);
    spare::framed(out, frame, |frame| {
        let [_, attribute_len, rest @ ..] = frame;
        *attribute_len = encode::length_byte(len - 2 + value.len + more);
        // Behind the two bytes that were taken off.
        let (key, room) = rest.split_at_mut_checked(len - 2).unwrap_or_default();
        if let Some(value_len) = key.last_mut() {
            *value_len = encode::length_byte(value.len + more);
        }
        if let Some(room) = room.first_chunk_mut() {
            value.write(room);
        }
        len + value.len
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frame of `parameter.<name>`, as the macros write it.
    fn frame(name: &str) -> Frame {
        let text = format!("parameter.{name}");
        let head = [tag::SPAN_ATTRIBUTE, 0, tag::KEY, encode::length_byte(text.len())];
        let used = [&head[..], text.as_bytes(), &[tag::VALUE, 0]].concat();
        let mut frame = [0; FRAME];
        frame[..used.len()].copy_from_slice(&used);
        frame[FRAME - 1] = encode::length_byte(used.len());
        Box::leak(Box::new(frame))
    }

    fn expanded(body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        // SAFETY: the tests write bodies with the functions above.
        unsafe { expand(body, &mut out) };
        out
    }

    fn empty() -> Vec<u8> {
        Vec::with_capacity(4096)
    }

    #[test]
    fn numbers_become_what_the_encoder_would_have_written() {
        let mut body = empty();
        let mut expected = Vec::new();
        for value in [0, 1, 127, 128, -1, i64::MAX, i64::MIN, 48_213] {
            assert!(push_number(&mut body, frame("id"), Number::Int, super::super::varint_of(value)));
            encode::int_attribute(&mut expected, tag::SPAN_ATTRIBUTE, "parameter.id", value);
        }
        for value in [true, false] {
            assert!(push_number(&mut body, frame("on"), Number::Bool, u64::from(value)));
            encode::bool_attribute(&mut expected, tag::SPAN_ATTRIBUTE, "parameter.on", value);
        }
        assert_eq!(expanded(&body), expected);
    }

    #[test]
    fn a_double_keeps_its_bits() {
        let mut body = empty();
        assert!(push_number(&mut body, frame("ratio"), Number::Double, f64::NAN.to_bits()));
        let whole = expanded(&body);
        assert!(whole.ends_with(&f64::NAN.to_bits().to_le_bytes()));
        assert_eq!(Fields::new(&whole).count(), 1);
    }

    #[test]
    fn texts_of_every_length_become_what_the_encoder_would_have_written() {
        let all = "abcdefghij".repeat(8);
        let (mut body, mut expected) = (Vec::with_capacity(64 * 1024), Vec::new());
        for len in 0..=MAX_TEXT {
            assert!(push_text(&mut body, frame("longest_name_that_a_framed_key"), &all[..len]));
            let key = "parameter.longest_name_that_a_framed_key";
            encode::string_attribute(&mut expected, tag::SPAN_ATTRIBUTE, key, &all[..len]);
        }
        assert_eq!(expanded(&body), expected);
        assert!(!push_text(&mut body, frame("id"), &all[..=MAX_TEXT]));
    }

    #[test]
    fn what_is_encoded_already_stays_as_it_is_in_its_place() {
        let mut encoded = Vec::new();
        encode::string_attribute(&mut encoded, tag::SPAN_ATTRIBUTE, "long", &"x".repeat(300));
        encode::fixed64(&mut encoded, tag::SPAN_START, 7);
        let mut body = empty();
        body.extend_from_slice(&encoded);
        assert!(push_number(&mut body, frame("id"), Number::Int, 7));
        body.extend_from_slice(&encoded);
        let mut expected = encoded.clone();
        encode::int_attribute(&mut expected, tag::SPAN_ATTRIBUTE, "parameter.id", 7);
        expected.extend_from_slice(&encoded);
        assert_eq!(expanded(&body), expected);
        assert_eq!(expanded(&encoded), encoded);
    }

    #[test]
    fn a_full_vector_is_left_alone() {
        let mut body = Vec::with_capacity(NUMBER - 1);
        assert!(!push_number(&mut body, frame("id"), Number::Int, 7));
        assert!(!push_text(&mut body, frame("id"), ""));
        assert!(body.is_empty());
    }
}
