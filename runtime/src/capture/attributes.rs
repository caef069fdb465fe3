//! Writing attributes: a key, a value, and the lengths around them.
//!
//! Scalars and short texts, which are most parameters, go in one pass: the key comes framed from the macro, and every length is
//! known. Everything else goes through [`ValueWriter`], and lengths are set when it is done.

use std::fmt;

use opentelemetry::trace::SpanContext;

use super::by_type;
use super::key::{self, Key};
use super::output::{FRAME, HEAD, Output};
use super::value::ValueWriter;
use crate::wire::encode::Short;
use crate::wire::{encode, spare, tag};

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

/// Bytes of a value that counts as short: with a framed key before it, a length still takes one byte.
const MAX_SHORT: usize = 80;

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
        self.int(key, value);
    }

    #[inline(never)]
    fn uint(&mut self, key: Key, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.int(key, value),
            Err(_) => self.attribute(key, |out| out.u64(value)),
        }
    }

    #[inline(never)]
    fn double(&mut self, key: Key, value: f64) {
        self.short(key, encode::double_value(value));
    }

    #[inline(never)]
    fn bool(&mut self, key: Key, value: bool) {
        self.short(key, encode::bool_value(value));
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn int(&mut self, key: Key, value: i64) {
        self.short(key, encode::int_value(value));
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn short(&mut self, key: Key, value: Short) {
        let pushed = self.push_frame(key, value.len, |frame, at| {
            let room = frame.get_mut(at..).and_then(|rest| rest.first_chunk_mut());
            if let Some(room) = room {
                value.write(room);
            }
            value.len
        });
        if !pushed {
            self.long_short(key, value);
        }
    }

    /// A short value that does not take the short way: its key is long, or there is no room.
    #[cold]
    #[inline(never)]
    fn long_short(&mut self, key: Key, value: Short) {
        self.attribute(key, |out| out.short(value));
    }

    #[cold]
    #[inline(never)]
    fn long_text(&mut self, key: Key, text: &str) {
        self.attribute(key, |out| out.str(text));
    }

    /// An attribute that is a text.
    #[inline(never)]
    pub(crate) fn text(&mut self, key: Key, text: &str) {
        let len = text.len() + 2;
        let pushed = len <= MAX_SHORT
            && text.len() <= self.out.max_value
            && self.push_frame(key, len, |frame, at| {
                if let Some([string, text_len]) = frame.get_mut(at..at + 2) {
                    *string = tag::VALUE_STRING;
                    *text_len = encode::length_byte(text.len());
                }
                2
            });
        if !pushed {
            return self.long_text(key, text);
        }
        spare::text(&mut self.out.bytes, text.as_bytes());
    }

    /// Appends a framed key; both lengths are set for a value of `value` bytes, of which `write` puts the first in place, behind
    /// as many bytes of the frame as it is told, and returns how many. `false`, with nothing done, where the key has no frame,
    /// where it might pass a bound, and where the buffer would have to grow.
    #[cfg_attr(not(debug_assertions), inline)]
    fn push_frame(
        &mut self,
        key: Key,
        value: usize,
        write: impl FnOnce(&mut [u8; spare::FRAME], usize) -> usize,
    ) -> bool {
        let Some((framed, len)) = key::framed(key) else { return false };
        let (tag, out) = (self.tag, &mut *self.out);
        // At the top of a span `value_end` is the end of the span's budget.
        if out.spent || out.bytes.len() + len + value + FRAME > out.value_end {
            return false;
        }
        spare::framed(&mut out.bytes, framed, |frame| {
            let written = write(frame, len);
            // Below 128: a framed key is at most 48 bytes, a short value at most `MAX_SHORT`.
            if let Some(value_len) = frame.get_mut(len - 1) {
                *value_len = encode::length_byte(value);
            }
            let [first, attribute_len, ..] = frame;
            *first = tag;
            *attribute_len = encode::length_byte(len - 2 + value);
            len + written
        })
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn begin(&mut self, key: Key) -> Option<Open> {
        let out = &mut *self.out;
        let (begin, outer_end) = (out.bytes.len(), out.value_end);
        // Inside a value its own limit counts, at the top the span's.
        let end = if self.tag == tag::SPAN_ATTRIBUTE { out.end } else { outer_end };
        if out.spent || begin + key::encoded(key).len() + FRAME > end {
            if self.tag == tag::SPAN_ATTRIBUTE || end == out.end {
                out.spent = true;
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
        Some(Open { begin, field, value, outer_end })
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
            self.out.spent = true;
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
