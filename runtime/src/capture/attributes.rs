//! Writing attributes: a key, a value, and the lengths around them.
//!
//! Scalars and short texts, which are most parameters, are not encoded here but lie in the record as they are (`wire/raw.rs`).
//! Everything else goes through [`ValueWriter`], and lengths are set when it is done.

use std::fmt;

use opentelemetry::trace::SpanContext;

use super::by_type;
use super::key::{self, FRAME_LEN, Key};
use super::output::{FRAME, HEAD, Output};
use super::value::ValueWriter;
use crate::wire::encode::Short;
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

/// Bytes of an encoded number, at most.
const MAX_SCALAR: usize = 11;

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

    /// An attribute that is a number or a boolean: one pass, and no length is looked for.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "which of the four it is, is known where it is called")
    )]
    pub(crate) fn scalar(&mut self, key: Key, scalar: Scalar) {
        match scalar {
            Scalar::Int(value) => self.sint(key, value),
            Scalar::Uint(value) => self.uint(key, value),
            Scalar::Double(value) => self.double(key, value),
            Scalar::Bool(value) => self.bool(key, value),
        }
    }

    #[inline(never)]
    fn sint(&mut self, key: Key, value: i64) {
        self.number(key, Number::Int, varint_of(value), || encode::int_value(value));
    }

    #[inline(never)]
    fn uint(&mut self, key: Key, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.number(key, Number::Int, varint_of(value), || encode::int_value(value)),
            Err(_) => self.attribute(key, |out| out.u64(value)),
        }
    }

    #[inline(never)]
    fn double(&mut self, key: Key, value: f64) {
        self.number(key, Number::Double, value.to_bits(), || encode::double_value(value));
    }

    #[inline(never)]
    fn bool(&mut self, key: Key, value: bool) {
        self.number(key, Number::Bool, u64::from(value), || encode::bool_value(value));
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn number(&mut self, key: Key, number: Number, bits: u64, value: impl FnOnce() -> Short) {
        if let Some(frame) = self.raw(key, MAX_SCALAR) {
            if raw::push_number(&mut self.out.bytes, frame, number, bits) {
                return self.out.charge(usize::from(frame[FRAME_LEN]) + MAX_SCALAR - raw::NUMBER);
            }
        }
        self.encoded_number(key, value());
    }

    #[cold]
    #[inline(never)]
    fn encoded_number(&mut self, key: Key, value: Short) {
        self.attribute(key, |out| out.short(value));
    }

    /// An attribute that is a text.
    #[inline(never)]
    pub(crate) fn text(&mut self, key: Key, text: &str) {
        if text.len() <= self.out.max_value {
            if let Some(frame) = self.raw(key, HEAD + text.len()) {
                if raw::push_text(&mut self.out.bytes, frame, text) {
                    let head = usize::from(frame[FRAME_LEN]) + HEAD;
                    return self.out.charge(head.saturating_sub(raw::TEXT_HEAD));
                }
            }
        }
        self.encoded_text(key, text);
    }

    #[cold]
    #[inline(never)]
    fn encoded_text(&mut self, key: Key, text: &str) {
        // Or a buffer that grows for nothing else would never have room for one as it is.
        self.out.bytes.reserve(raw::TEXT_ROOM);
        self.attribute(key, |out| out.str(text));
    }

    /// The frame of the key of an attribute that may lie in the record as it is, if there is room for a value of `value` encoded
    /// bytes.
    #[cfg_attr(not(debug_assertions), inline)]
    fn raw(&self, key: Key, value: usize) -> Option<Frame> {
        let (frame, len) = key::framed(key)?;
        // At the top of a span `value_end` is the end of the span's budget.
        let fits = self.out.bytes.len() + len + value + FRAME <= self.out.value_end;
        (self.tag == tag::SPAN_ATTRIBUTE && self.out.raw && fits).then_some(frame)
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
