//! Attributes that do not lie as they are: encoded, with lengths that are set when the value is written.
//!
//! The cursor goes and comes by value, so that the caller's stays in registers.

use opentelemetry::trace::SpanContext;

use super::Attributes;
use crate::capture::by_type;
use crate::capture::key::{self, Key};
use crate::capture::output::{FRAME, HEAD, Output};
use crate::capture::value::ValueWriter;
use crate::wire::body::Cursor;
use crate::wire::raw::{self, Frame, Number};
use crate::wire::{encode, spare, tag};

/// Bytes of a link without its trace state, at most.
const LINK: usize = 48;

/// Room with which there is some for any text as it is.
const TEXT_ROOM: usize = FRAME + spare::FRAME + HEAD + raw::MAX_TEXT as usize;

/// Where the parts of an attribute begin that is being written.
struct Open {
    begin: usize,
    field: usize,
    value: usize,
    outer_end: usize,
}

impl Attributes<'_> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn begin(&mut self, key: Key) -> Option<Open> {
        let out = &mut *self.out;
        if self.tag == tag::SPAN_ATTRIBUTE {
            out.at_top();
        }
        // Inside a value that is its own limit, at the top the span's.
        let (begin, end) = (out.bytes.len(), out.value_end);
        if out.spent || begin + key::encoded(key).len() + FRAME > end {
            if self.tag == tag::SPAN_ATTRIBUTE || out.is_bounded_by_span() {
                out.spend();
            }
            out.left_out = true;
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
        out.value_end = end.min(value + HEAD + out.limits.value as usize);
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
        if self.tag == tag::SPAN_ATTRIBUTE {
            out.allow_raw();
        }
    }

    /// A link to another span; left out where the budget is spent, or where the span is not valid.
    pub(crate) fn link(&mut self, context: &SpanContext) {
        let state = context.trace_state().header();
        self.pause();
        self.out.at_top();
        if self.out.spent || !self.out.has_room(LINK + state.len()) {
            self.out.spend();
        } else if context.is_valid() {
            encode::link(&mut self.out.bytes, context, &state);
            self.out.allow_raw();
        }
        self.resume();
    }
}

/// One attribute, encoded.
// The cursor goes and comes by value, so that the caller's stays in registers.
#[inline(never)]
pub(super) fn encoded(
    out: &mut Output,
    tag: u8,
    cursor: Cursor,
    key: Key,
    write: impl FnOnce(&mut ValueWriter<'_>),
) -> Cursor {
    let mut all = Attributes { out, cursor, tag };
    all.pause();
    if let Some(open) = all.begin(key) {
        write(&mut ValueWriter { out: all.out, start: open.value, key });
        all.finish(&open);
    }
    all.resume();
    all.cursor
}

/// One attribute that is an expression.
#[inline(never)]
pub(super) fn field(
    out: &mut Output,
    tag: u8,
    cursor: Cursor,
    key: Key,
    write: impl FnOnce(&mut Attributes<'_>, Key),
) -> Cursor {
    let mut all = Attributes { out, cursor, tag };
    all.pause();
    let begin = all.out.bytes.len();
    let written = by_type::caught(|| {
        let mut one = Attributes::new(all.out, tag);
        one.resume();
        write(&mut one, key);
        one.pause();
    });
    if written.is_none() {
        all.out.bytes.truncate(begin);
        all.attribute(key, |value| value.str("<field panicked>"));
    }
    all.pause();
    all.resume();
    all.cursor
}

/// A number of the span's that cannot lie as it is.
#[cold]
#[inline(never)]
pub(super) fn encoded_number(
    out: &mut Output,
    cursor: Cursor,
    key: Key,
    number: Number,
    bits: u64,
) -> Cursor {
    encoded(out, tag::SPAN_ATTRIBUTE, cursor, key, |out| out.short(raw::encoded(number, bits)))
}

#[cold]
#[inline(never)]
pub(super) fn encoded_text(out: &mut Output, cursor: Cursor, key: Frame, text: &str) -> Cursor {
    let cursor = cursor.discharged(raw::more_of_text(key[key::FRAME_LEN].into()));
    let mut all = Attributes { out, cursor, tag: tag::SPAN_ATTRIBUTE };
    all.pause();
    // Or a buffer that grows for nothing else would never have room for one as it is.
    all.out.bytes.reserve(TEXT_ROOM);
    all.attribute(key, |out| out.str(text));
    all.cursor
}
