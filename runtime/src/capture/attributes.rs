//! Writing attributes: a key, a value, and the lengths around them.
//!
//! Scalars and short texts, which are most parameters, are not encoded here but lie in the record as they are (`wire/raw.rs`).
//! Everything else goes through [`ValueWriter`], and lengths are set when it is done.

use std::fmt;

use opentelemetry::trace::SpanContext;

use super::by_type;
use super::key::{self, Key};
use super::output::{FRAME, HEAD, Output};
use super::value::ValueWriter;
use crate::wire::raw::{self, Frame, Number};
use crate::wire::{encode, tag, varint_of};

/// A value that is a number or a boolean.
#[derive(Debug, Clone, Copy)]
pub enum Scalar {
    /// OpenTelemetry's integer.
    Int(i64),
    /// An integer where it fits, a string where it does not.
    Uint(u64),
    /// OpenTelemetry's floating-point number.
    Double(f64),
    /// A boolean.
    Bool(bool),
}

/// Bytes of a link without its trace state, at most.
const LINK: usize = 48;

/// The largest integer of OpenTelemetry's.
const MAX_INT: u64 = i64::MAX as u64;

/// Where the parts of an attribute begin that is being written.
struct Open {
    begin: usize,
    field: usize,
    value: usize,
    outer_end: usize,
}

/// Writes attributes, or the fields of a value.
#[derive(Debug)]
pub struct Attributes<'a> {
    out: &'a mut Output,
    tag: u8,
    /// An attribute found no room.
    pub(super) left_out: bool,
}

impl<'a> Attributes<'a> {
    pub(crate) fn new(out: &'a mut Output, tag: u8) -> Self {
        Self { out, tag, left_out: false }
    }

    /// One attribute, whatever its value is. Not inlined: an expansion is to stay small.
    #[inline(never)]
    pub(crate) fn attribute(&mut self, key: Key, write: impl FnOnce(&mut ValueWriter<'_>)) {
        let Some(open) = self.begin(key) else { return };
        write(&mut ValueWriter { out: self.out, start: open.value, key });
        self.finish(&open);
    }

    /// An attribute that is a number or a boolean: it lies as it is where there is room, and that is looked for in place.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a dozen instructions, as many as a call would take")
    )]
    pub(crate) fn scalar(&mut self, key: Key, scalar: Scalar) {
        let (number, bits) = match scalar {
            Scalar::Int(value) => (Number::Int, varint_of(value)),
            // What is no `i64` becomes a text.
            Scalar::Uint(value) if value > MAX_INT => return self.attribute(key, |out| out.u64(value)),
            Scalar::Uint(value) => (Number::Int, value),
            Scalar::Double(value) => (Number::Double, value.to_bits()),
            Scalar::Bool(value) => (Number::Bool, u64::from(value)),
        };
        match key::framed(key) {
            Some((frame, len)) if self.tag == tag::SPAN_ATTRIBUTE => {
                if !self.out.push_number(frame, len, number, bits) {
                    encoded_number(self.out, key, number, bits);
                }
            }
            _ => self.attribute(key, |out| out.short(raw::encoded(number, bits))),
        }
    }

    /// An attribute that is a text.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a call, and which one is known where the key is")
    )]
    pub(crate) fn text(&mut self, key: Key, text: &str) {
        match key::framed(key) {
            Some((frame, len)) if self.tag == tag::SPAN_ATTRIBUTE => short_text(self.out, frame, len, text),
            _ => self.attribute(key, |out| out.str(text)),
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn begin(&mut self, key: Key) -> Option<Open> {
        let out = &mut *self.out;
        // Inside a value that is its own limit, at the top the span's.
        let (begin, end) = (out.bytes.len(), out.value_end);
        if self.tag == tag::SPAN_ATTRIBUTE {
            out.end = end;
        }
        if out.spent || begin + key::encoded(key).len() + FRAME > end {
            if self.tag == tag::SPAN_ATTRIBUTE || end == out.end {
                out.spend();
            }
            self.left_out = true;
            return None;
        }
        let field = begin + 2;
        if let Some((framed, len)) = key::framed(key) {
            // All of it, which is a copy of known size, and back to its length.
            out.bytes.extend_from_slice(framed);
            out.bytes.truncate(begin + len);
            if let Some(first) = out.bytes.get_mut(begin) {
                *first = self.tag;
            }
        } else {
            encode::open(&mut out.bytes, self.tag);
            out.bytes.extend_from_slice(key::encoded(key));
            encode::open(&mut out.bytes, tag::VALUE);
        }
        let value = out.bytes.len();
        out.value_end = end.min(value + HEAD + out.max_value);
        Some(Open { begin, field, value, outer_end: end })
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn finish(&mut self, open: &Open) {
        let out = &mut *self.out;
        out.value_end = open.outer_end;
        if out.bytes.len() <= open.value {
            out.bytes.truncate(open.begin);
        } else {
            encode::close(&mut out.bytes, open.value);
            encode::close(&mut out.bytes, open.field);
        }
    }

    /// An attribute whose value is a secret.
    #[doc(hidden)]
    pub fn redacted(&mut self, key: Key) {
        self.attribute(key, |value| {
            value.redacted();
        });
    }

    /// An attribute that is a length.
    #[doc(hidden)]
    pub fn len(&mut self, key: Key, len: usize) {
        self.attribute(key, |value| value.len(len));
    }

    /// An attribute that is displayed.
    #[doc(hidden)]
    pub fn display<T: fmt::Display + ?Sized>(&mut self, key: Key, shown: &T) {
        self.attribute(key, |value| value.display(shown));
    }

    /// An attribute that is printed with `{:?}`.
    #[doc(hidden)]
    pub fn debug<T: fmt::Debug + ?Sized>(&mut self, key: Key, shown: &T) {
        self.attribute(key, |value| value.debug(shown));
    }

    /// A link to another span; left out where the budget is spent, or where the span is not valid.
    pub(crate) fn link(&mut self, context: &SpanContext) {
        let state = context.trace_state().header();
        if self.out.spent || !self.out.has_room(LINK + state.len()) {
            self.out.spend();
        } else if context.is_valid() {
            encode::link(&mut self.out.bytes, context, &state);
        }
    }

    /// An attribute whose value is an expression of the user's: a panic in it stays here.
    #[doc(hidden)]
    pub fn field(&mut self, key: Key, write: impl FnOnce(&mut Attributes<'_>, Key)) {
        let begin = self.out.bytes.len();
        if by_type::caught(|| write(&mut Attributes::new(self.out, self.tag), key)).is_none() {
            self.out.bytes.truncate(begin);
            self.attribute(key, |value| value.str("<field panicked>"));
        }
    }
}

/// A number of the span's that cannot lie as it is.
#[cold]
#[inline(never)]
fn encoded_number(out: &mut Output, key: Key, number: Number, bits: u64) {
    Attributes::new(out, tag::SPAN_ATTRIBUTE).attribute(key, |out| out.short(raw::encoded(number, bits)));
}

/// A text of the span's: as it is, where it can be.
#[inline(never)]
fn short_text(out: &mut Output, frame: Frame, len: usize, text: &str) {
    if !out.push_raw_text(frame, len, text) {
        encoded_text(out, frame, text);
    }
}

#[cold]
#[inline(never)]
fn encoded_text(out: &mut Output, key: Key, text: &str) {
    // Or a buffer that grows for nothing else would never have room for one as it is.
    out.bytes.reserve(raw::TEXT_ROOM);
    Attributes::new(out, tag::SPAN_ATTRIBUTE).attribute(key, |out| out.str(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_that_has_held_a_short_text_has_room_for_the_next_as_it_is() {
        let key: Key = Box::leak([&b"J\0\n\x02id\x12\0"[..], &[0; 55], &[8]].concat().into_boxed_slice());
        let mut out = Output::default();
        let mut lens = Vec::new();
        for _ in 0..2 {
            out.bytes.clear();
            out.begin_record(4096, 4096);
            Attributes::new(&mut out, tag::SPAN_ATTRIBUTE).text(key, "order-0123456789");
            lens.push((out.bytes.first().copied(), out.bytes.len()));
        }
        let (encoded, as_it_is) = ((Some(tag::SPAN_ATTRIBUTE), 26), (Some(3), raw::TEXT_HEAD + 16));
        assert_eq!(lens, [encoded, as_it_is]);
    }
}
