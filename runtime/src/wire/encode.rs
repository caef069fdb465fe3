//! Appending protobuf fields to a byte vector.

use opentelemetry::trace::SpanContext;

use super::decode::{FLAG_HAS_IS_REMOTE, FLAG_IS_REMOTE};
use super::{tag, varint_of};

/// Appends a varint.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        // The low seven bits, with the mark that more follow.
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

/// An encoded `AnyValue` of at most 16 bytes: two little-endian words, so that it may stay in registers, and its length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Short {
    pub(crate) words: [u64; 2],
    pub(crate) len: usize,
}

impl Short {
    /// The bytes, of which `len` count.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn write(self, to: &mut [u8; 16]) {
        let (low, high) = to.split_at_mut(8);
        let [first, second] = self.words;
        low.copy_from_slice(&first.to_le_bytes());
        high.copy_from_slice(&second.to_le_bytes());
    }
}

/// An encoded `AnyValue` of an integer. The seven-bit groups of a varint are spread to bytes all at
/// once, not one after the other.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn int_value(value: i64) -> Short {
    let bits = varint_of(value);
    let groups = bits & 0x00ff_ffff_ffff_ffff;
    let groups = (groups & 0x0fff_ffff) | (groups & 0x00ff_ffff_f000_0000) << 4;
    let groups = (groups & 0x3fff_0000_3fff) | (groups & 0x0fff_c000_0fff_c000) << 2;
    let groups = (groups & 0x007f_007f_007f_007f) | (groups & 0x3f80_3f80_3f80_3f80) << 1;
    let above = bits >> 56;
    let (low, high, len) = if above == 0 {
        // All bytes but the last say that another follows.
        let last = 7 - ((groups | 1).leading_zeros() >> 3);
        let more = 0x0080_8080_8080_8080 & ((1 << (8 * last)) - 1);
        (groups | more, 0, last as usize + 1)
    } else {
        let tenth = above >> 7;
        let high = (above & 0x7f) | tenth << 7 | tenth << 8;
        (groups | 0x8080_8080_8080_8080, high, if tenth == 0 { 9 } else { 10 })
    };
    Short { words: [u64::from(tag::VALUE_INT) | low << 8, high << 8 | low >> 56], len: len + 1 }
}

/// An encoded `AnyValue` of a number.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn double_value(value: f64) -> Short {
    let bits = value.to_bits();
    Short { words: [u64::from(tag::VALUE_DOUBLE) | bits << 8, bits >> 56], len: 9 }
}

/// An encoded `AnyValue` of a boolean.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn bool_value(value: bool) -> Short {
    Short { words: [u64::from(tag::VALUE_BOOL) | u64::from(value) << 8, 0], len: 2 }
}

/// Bytes of a varint.
pub(crate) const fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// Appends a length-delimited field.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn bytes(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

/// Appends a fixed64 field.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn fixed64(out: &mut Vec<u8>, tag: u8, value: u64) {
    out.push(tag);
    out.extend_from_slice(&value.to_le_bytes());
}

/// Opens a length-delimited field whose length is not known yet; [`close`] takes what this returns.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn open(out: &mut Vec<u8>, tag: u8) -> usize {
    out.extend_from_slice(&[tag, 0]);
    out.len()
}

/// A length below 128 as its varint.
#[cfg_attr(not(debug_assertions), inline)]
#[expect(clippy::cast_possible_truncation, reason = "the callers' lengths are below 128")]
pub(crate) fn length_byte(len: usize) -> u8 {
    debug_assert!(len < 0x80);
    len as u8
}

/// Closes a field: writes the length of what was appended since [`open`] returned `start`. One byte is reserved for it; a
/// longer length moves the content, so that every length has its shortest form.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn close(out: &mut Vec<u8>, start: usize) {
    let len = out.len() - start;
    match out.get_mut(start - 1) {
        Some(place) if len < 0x80 => *place = length_byte(len),
        _ => close_long(out, start, len),
    }
}

#[cold]
fn close_long(out: &mut Vec<u8>, start: usize, len: usize) {
    let mut prefix = Vec::with_capacity(10);
    varint(&mut prefix, len as u64);
    out.splice(start - 1..start, prefix);
}

/// Opens a message of, most likely, 128 to 16,383 bytes; [`close_message`] takes what this returns.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn open_message(out: &mut Vec<u8>, tag: u8) -> usize {
    out.extend_from_slice(&[tag, 0x80, 0]);
    out.len()
}

/// Closes a message that [`open_message`] has opened, and says where it begins now. Two bytes are reserved for its length, also
/// where one would do, which every reader accepts; a longer one moves the content.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn close_message(out: &mut Vec<u8>, start: usize) -> usize {
    let len = out.len() - start;
    match out.get_mut(start - 2..start) {
        Some(place) if len < 1 << 14 => {
            // The low seven bits, with the mark that more follow, then the high seven.
            place.copy_from_slice(&[length_byte(len & 0x7f) | 0x80, length_byte(len >> 7)]);
            start
        }
        _ => {
            let mut prefix = Vec::with_capacity(10);
            varint(&mut prefix, len as u64);
            let grown = prefix.len() - 2;
            out.splice(start - 2..start, prefix);
            start + grown
        }
    }
}

/// Appends a `Span.Link`.
pub(crate) fn link(out: &mut Vec<u8>, context: &SpanContext, trace_state: &str) {
    link_with(out, context, trace_state, |_| ());
}

/// Appends a `Span.Link` with what `more` appends to it.
pub(crate) fn link_with(
    out: &mut Vec<u8>,
    context: &SpanContext,
    trace_state: &str,
    more: impl FnOnce(&mut Vec<u8>),
) {
    let field = open(out, tag::SPAN_LINK);
    bytes(out, tag::LINK_TRACE_ID, &context.trace_id().to_bytes());
    bytes(out, tag::LINK_SPAN_ID, &context.span_id().to_bytes());
    if !trace_state.is_empty() {
        bytes(out, tag::LINK_TRACE_STATE, trace_state.as_bytes());
    }
    let remote = if context.is_remote() { FLAG_IS_REMOTE } else { 0 };
    let flags = u32::from(context.trace_flags().to_u8()) | FLAG_HAS_IS_REMOTE | remote;
    more(out);
    out.push(tag::LINK_FLAGS);
    out.extend_from_slice(&flags.to_le_bytes());
    close(out, field);
}

/// Appends `KeyValue` as the field `tag`, with a string value.
pub(crate) fn string_attribute(out: &mut Vec<u8>, tag: u8, key: &str, value: &str) {
    let field = open(out, tag);
    bytes(out, tag::KEY, key.as_bytes());
    let any = open(out, tag::VALUE);
    bytes(out, tag::VALUE_STRING, value.as_bytes());
    close(out, any);
    close(out, field);
}

/// Appends `KeyValue` as the field `tag`, with an integer value.
pub(crate) fn int_attribute(out: &mut Vec<u8>, tag: u8, key: &str, value: i64) {
    let field = open(out, tag);
    bytes(out, tag::KEY, key.as_bytes());
    let any = open(out, tag::VALUE);
    out.push(tag::VALUE_INT);
    varint(out, varint_of(value));
    close(out, any);
    close(out, field);
}

/// Appends `KeyValue` as the field `tag`, with a boolean value.
pub(crate) fn bool_attribute(out: &mut Vec<u8>, tag: u8, key: &str, value: bool) {
    let field = open(out, tag);
    bytes(out, tag::KEY, key.as_bytes());
    bytes(out, tag::VALUE, &[tag::VALUE_BOOL, u8::from(value)]);
    close(out, field);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::read::{Fields, Value};

    #[test]
    fn an_integer_is_its_varint() {
        let edges = (0..64).flat_map(|shift| [(1_u64 << shift) - 1, 1 << shift, (1 << shift) + 1]);
        for bits in edges.chain([u64::MAX, u64::MAX - 1, 0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210]) {
            let mut expected = vec![tag::VALUE_INT];
            varint(&mut expected, bits);
            let (value, mut encoded) = (int_value(crate::wire::int_of(bits)), [0; 16]);
            value.write(&mut encoded);
            assert_eq!(encoded.get(..value.len), Some(&expected[..]), "{bits:#x}");
        }
    }

    #[test]
    fn a_length_is_as_short_as_it_can_be() {
        for len in [0_usize, 1, 127, 128, 16_383, 16_384, 3_000_000] {
            let mut out = vec![9];
            let start = open(&mut out, tag::VALUE);
            out.resize(out.len() + len, 7);
            close(&mut out, start);
            let mut expected = vec![9];
            bytes(&mut expected, tag::VALUE, &vec![7; len]);
            assert_eq!(out, expected, "{len}");
            assert_eq!(expected.len(), 2 + varint_len(len as u64) + len);
        }
    }

    #[test]
    fn a_message_of_any_length_is_read_as_it_was_written() {
        for len in [0_usize, 1, 127, 128, 16_383, 16_384, 3_000_000] {
            let mut out = vec![9];
            let start = open_message(&mut out, tag::VALUE);
            out.resize(out.len() + len, 7);
            let start = close_message(&mut out, start);
            assert_eq!(out.get(start..), Some(&vec![7; len][..]), "{len}");
            let fields: Vec<_> = Fields::new(out.get(1..).unwrap_or_default()).collect();
            assert_eq!(fields.len(), 1, "{len}");
            assert!(
                matches!(fields.first(), Some((2, Value::Bytes(bytes), _)) if bytes.len() == len),
                "{len}"
            );
        }
    }
}
