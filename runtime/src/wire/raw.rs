//! Attributes as they lie in a record until it is completed: the address of the key, and the value as the processor has it.
//!
//! Encoding them takes several times as long as copying them, so the drain thread does it ([`expand`]). They stand among fields
//! that are encoded already; no field of a message begins with a byte below 8, since fields are numbered from 1.
//!
//! ```text
//! number   head, 8 bytes of value
//! text     head, the text
//! head     8 bytes: from the lowest, one of kind, one of a text's length, six of the address of the key's frame
//! ```
//!
//! What is written is what costs: a processor has room for a few dozen stores on their way to memory, and with more it waits. So a head is
//! one of them.
#![expect(unsafe_code, reason = "addresses are kept in bytes, in a vector's spare capacity")]

#[cfg(test)]
mod tests;

use std::ptr;

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

/// Bytes of a head.
pub(crate) const HEAD: usize = 8;
/// Bytes of a number.
pub(crate) const NUMBER: usize = HEAD + 8;
/// Bits of an address in a head. Programs have addresses of no more, unless they ask for memory far away; keys lie in the program.
const ADDRESS: u32 = 48;
/// Bytes that a text may have.
pub(crate) const MAX_TEXT: u32 = 78;
/// The head of a number; `None` where the address of the key is too high.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn head_of_number(key: Frame, number: Number) -> Option<u64> {
    head(key, u64::from(number as u8))
}

/// The same of a text with so many bytes.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn head_of_text(key: Frame, len: u8) -> Option<u64> {
    head(key, u64::from(TEXT) | u64::from(len) << 8)
}

#[cfg_attr(not(debug_assertions), inline)]
fn head(key: Frame, low: u64) -> Option<u64> {
    let address = key.as_ptr().expose_provenance() as u64;
    (address >> ADDRESS == 0).then_some(address << (u64::BITS - ADDRESS) | low)
}

/// Writes a number.
///
/// # Safety
///
/// `at` is valid for writes of [`NUMBER`] bytes.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) unsafe fn write_number(at: *mut u8, head: u64, bits: u64) {
    // SAFETY: all of it lies within `NUMBER` bytes.
    unsafe {
        at.cast::<u64>().write_unaligned(head.to_le());
        at.add(HEAD).cast::<u64>().write_unaligned(bits);
    }
}

/// Writes a text.
///
/// # Safety
///
/// `at` is valid for writes of [`HEAD`] bytes and those of the text, and they do not overlap with it.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) unsafe fn write_text(at: *mut u8, head: u64, text: &str) {
    // SAFETY: all of it lies within as many bytes.
    unsafe {
        at.cast::<u64>().write_unaligned(head.to_le());
        copy(text.as_ptr(), at.add(HEAD), text.len());
    }
}

/// Bytes of a number, at most, that come behind its key when it is encoded.
const MAX_SCALAR: usize = 11;
/// Tag and length of a text, behind its key.
const TEXT_TAG: usize = 2;

/// Bytes that a number has more when it is encoded, at most, where its key has `len`.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn more_of_number(len: usize) -> usize {
    (len + MAX_SCALAR).saturating_sub(NUMBER)
}

/// The same of a text.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn more_of_text(len: usize) -> usize {
    (len + TEXT_TAG).saturating_sub(HEAD)
}

/// Bytes that the fields of `body` have more when they are encoded, at most.
///
/// # Safety
///
/// As of [`expand`].
pub(crate) unsafe fn more_of_all(body: &[u8]) -> usize {
    let (mut rest, mut more) = (body, 0);
    while let Some(kind) = rest.first().copied() {
        let after = if kind < FIELDS {
            // SAFETY: the caller's promise.
            unsafe { raw_one(rest) }.map(|(key, raw, after)| {
                let len = usize::from(key[FRAME - 1]);
                more += match raw {
                    Raw::Number(_) => more_of_number(len),
                    Raw::Text(_) => more_of_text(len),
                };
                after
            })
        } else {
            Fields::new(rest).next().and_then(|(_, _, field)| rest.get(field.len()..))
        };
        rest = after.unwrap_or_default();
    }
    more
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

/// What lies as it is.
enum Raw<'a> {
    Number(u64),
    Text(&'a [u8]),
}

/// The first attribute of `rest`, and what is behind it.
///
/// # Safety
///
/// It was written by this module.
#[cfg_attr(not(debug_assertions), inline)]
unsafe fn raw_one(rest: &[u8]) -> Option<(Frame, Raw<'_>, &[u8])> {
    let (head, value) = rest.split_first_chunk::<HEAD>()?;
    let [kind, len, ..] = *head;
    let address = usize::try_from(u64::from_le_bytes(*head) >> (u64::BITS - ADDRESS)).ok()?;
    // SAFETY: it is the address of the frame that the head was made with, which lives for ever.
    let key = unsafe { &*ptr::with_exposed_provenance::<[u8; FRAME]>(address) };
    if kind == TEXT {
        let (text, rest) = value.split_at_checked(len.into())?;
        return Some((key, Raw::Text(text), rest));
    }
    let (bits, rest) = value.split_first_chunk()?;
    Some((key, Raw::Number(u64::from_ne_bytes(*bits)), rest))
}

/// Encodes the first attribute of `rest`; what is behind it.
///
/// # Safety
///
/// It was written by this module.
#[cfg_attr(not(debug_assertions), inline)]
unsafe fn encode_one<'a>(kind: u8, rest: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    // SAFETY: the caller's promise.
    let (key, raw, rest) = unsafe { raw_one(rest) }?;
    match raw {
        Raw::Text(text) => {
            let len = text.len() as u64;
            let value_head = Short { words: [u64::from(tag::VALUE_STRING) | len << 8, 0], len: 2 };
            put(out, key, value_head, text.len());
            spare::text(out, text);
        }
        Raw::Number(bits) => {
            let number = match kind {
                _ if kind == Number::Int as u8 => Number::Int,
                _ if kind == Number::Double as u8 => Number::Double,
                _ => Number::Bool,
            };
            put(out, key, encoded(number, bits), 0);
        }
    }
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
    out.reserve(FRAME + MAX_TEXT as usize);
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
