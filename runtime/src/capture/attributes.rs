//! Writing attributes: a key, a value, and the lengths around them.
//!
//! Scalars and short texts, which are most parameters, are not encoded here but lie in the record as they are (`wire/raw.rs`).
//! Everything else is [encoded], through a [`ValueWriter`].
#![expect(unsafe_code, reason = "attributes are pushed by a cursor, which knows the buffer as it was")]

mod encoded;

use std::fmt;

use self::encoded::{encoded, encoded_number, encoded_text, field};
use super::buffer::Buffer;
use super::key::{self, Key};
use super::output::{FRAME, Output};
use super::session::Parameters;
use super::value::ValueWriter;
use crate::wire::body::Cursor;
use crate::wire::raw::{self, Frame, Number};
use crate::wire::{tag, varint_of};

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

/// The largest integer of OpenTelemetry's.
const MAX_INT: u64 = i64::MAX as u64;

/// Writes attributes, or the fields of a value.
#[derive(Debug)]
pub struct Attributes<'a> {
    out: &'a mut Output,
    /// Where attributes of the span lie as they are. While there is one, `out.bytes` is not touched; see [`pause`](Self::pause).
    cursor: Cursor,
    tag: u8,
}

impl<'a> Attributes<'a> {
    /// Attributes that are encoded.
    pub(crate) fn new(out: &'a mut Output, tag: u8) -> Self {
        Self { out, cursor: Cursor::NONE, tag }
    }

    /// Attributes of the span, which may lie as they are; to be [paused](Self::pause) in the end.
    #[cfg_attr(not(debug_assertions), inline)]
    fn of_span(out: &'a mut Output) -> Self {
        let cursor = out.bytes.cursor();
        Self { out, cursor, tag: tag::SPAN_ATTRIBUTE }
    }

    /// Has `write` write attributes of the span.
    pub(crate) fn write(out: &mut Output, write: impl FnOnce(&mut Attributes<'_>)) {
        let mut all = Attributes::of_span(out);
        write(&mut all);
        all.pause();
    }

    /// What was pushed is a part of the buffer now, which others may write to until [`resume`](Self::resume).
    #[cfg_attr(not(debug_assertions), inline)]
    fn pause(&mut self) {
        let cursor = std::mem::replace(&mut self.cursor, Cursor::NONE);
        if cursor.is_some() {
            // SAFETY: the buffer is not touched where there is a cursor, but by pushing.
            self.out.end -= unsafe { self.out.bytes.finish(cursor) };
        }
    }

    fn resume(&mut self) {
        if self.tag == tag::SPAN_ATTRIBUTE {
            self.cursor = self.out.bytes.cursor();
        }
    }

    /// One attribute, whatever its value is.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a call, which has the cursor by value")
    )]
    pub(crate) fn attribute(&mut self, key: Key, write: impl FnOnce(&mut ValueWriter<'_>)) {
        self.cursor = encoded(self.out, self.tag, self.cursor, key, write);
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
                let more = raw::more_of_number(len);
                // SAFETY: as in `pause`.
                let pushed =
                    unsafe { self.out.bytes.push_number(self.cursor, frame, (more, FRAME), (number, bits)) };
                self.cursor = match pushed {
                    Some(cursor) => cursor,
                    None => encoded_number(self.out, self.cursor, key, number, bits),
                };
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
            Some((frame, len)) if self.tag == tag::SPAN_ATTRIBUTE => {
                self.cursor = short_text(self.out, self.cursor.charged(raw::more_of_text(len)), frame, text);
            }
            _ => self.attribute(key, |out| out.str(text)),
        }
    }

    /// An attribute whose value is a secret.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn redacted(&mut self, key: Key) {
        self.attribute(key, |value| {
            value.redacted();
        });
    }

    /// An attribute that is a length.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn len(&mut self, key: Key, len: usize) {
        self.attribute(key, |value| value.len(len));
    }

    /// An attribute that is displayed.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn display<T: fmt::Display + ?Sized>(&mut self, key: Key, shown: &T) {
        self.attribute(key, |value| value.display(shown));
    }

    /// An attribute that is printed with `{:?}`.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn debug<T: fmt::Debug + ?Sized>(&mut self, key: Key, shown: &T) {
        self.attribute(key, |value| value.debug(shown));
    }

    /// An attribute whose value is an expression of the user's: a panic in it stays here.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn field(&mut self, key: Key, write: impl FnOnce(&mut Attributes<'_>, Key)) {
        self.cursor = field(self.out, self.tag, self.cursor, key, write);
    }
}

impl Attributes<'static> {
    /// Those of a span that has just started, in the thread's buffer.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn of_parameters(buffer: Buffer) -> Self {
        Attributes::of_span(buffer)
    }

    /// All of them are written: the buffer is the thread's again.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn done(self) {
        if self.cursor.is_some() {
            // SAFETY: as in `pause`. What follows has the budget anew.
            unsafe { self.out.bytes.end(self.cursor) };
        }
        Parameters::of(self.out).done();
    }
}

/// A text of the span's: as it is, where it can be. The cursor is charged with it: what is as many arguments as there are
/// registers for them.
#[inline(never)]
fn short_text(out: &mut Output, cursor: Cursor, frame: Frame, text: &str) -> Cursor {
    let below = out.limits.raw_below;
    // SAFETY: as in `pause`.
    let pushed = unsafe { out.bytes.push_text(cursor, frame, FRAME, (text, below)) };
    match pushed {
        Some(cursor) => cursor,
        None => encoded_text(out, cursor, frame, text),
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::Limits;
    use super::*;

    #[test]
    fn a_buffer_that_has_held_a_short_text_has_room_for_the_next_as_it_is() {
        let key: Key = Box::leak([&b"J\0\n\x02id\x12\0"[..], &[0; 55], &[8]].concat().into_boxed_slice());
        let mut out = Output::default();
        let mut lens = Vec::new();
        for _ in 0..2 {
            out.bytes.clear();
            out.begin_record(4096, Limits::of_record(4096));
            Attributes::write(&mut out, |all| all.text(key, "order-0123456789"));
            lens.push((out.bytes.first().copied(), out.bytes.len()));
        }
        let (encoded, as_it_is) = ((Some(tag::SPAN_ATTRIBUTE), 26), (Some(3), raw::HEAD + 16));
        assert_eq!(lens, [encoded, as_it_is]);
    }
}
