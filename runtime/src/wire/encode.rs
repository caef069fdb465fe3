//! Appending protobuf fields to a byte vector.

use super::{tag, varint_of};

/// Appends a varint.
#[inline]
pub(crate) fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        // The low seven bits, with the mark that more follow.
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

/// An encoded `AnyValue` of an integer, padded, and its length.
#[inline]
pub(crate) fn int_value(value: i64) -> ([u8; 16], usize) {
    let mut rest = varint_of(value);
    // Tag and varint as one little-endian number: no byte goes through memory before all of them do.
    let (mut encoded, mut shift) = (u128::from(tag::VALUE_INT), 8_u32);
    while rest >= 0x80 {
        encoded |= u128::from((rest & 0x7f) | 0x80) << shift;
        rest >>= 7;
        shift += 8;
    }
    encoded |= u128::from(rest) << shift;
    (encoded.to_le_bytes(), shift as usize / 8 + 1)
}

/// An encoded `AnyValue` of a number, padded, and its length.
#[inline]
pub(crate) fn double_value(value: f64) -> ([u8; 16], usize) {
    let encoded = u128::from(tag::VALUE_DOUBLE) | u128::from(value.to_bits()) << 8;
    (encoded.to_le_bytes(), 9)
}

/// An encoded `AnyValue` of a boolean, padded, and its length.
#[inline]
pub(crate) fn bool_value(value: bool) -> ([u8; 16], usize) {
    let encoded = u128::from(tag::VALUE_BOOL) | u128::from(value) << 8;
    (encoded.to_le_bytes(), 2)
}

/// Bytes of a varint.
#[cfg(test)]
pub(crate) const fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// Appends a length-delimited field.
#[inline]
pub(crate) fn bytes(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

/// Appends a fixed64 field.
#[inline]
pub(crate) fn fixed64(out: &mut Vec<u8>, tag: u8, value: u64) {
    out.push(tag);
    out.extend_from_slice(&value.to_le_bytes());
}

/// Opens a length-delimited field whose length is not known yet; [`close`] takes what this returns.
#[inline]
pub(crate) fn open(out: &mut Vec<u8>, tag: u8) -> usize {
    out.extend_from_slice(&[tag, 0]);
    out.len()
}

/// A length below 128 as its varint.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the callers' lengths are below 128")]
pub(crate) fn length_byte(len: usize) -> u8 {
    debug_assert!(len < 0x80);
    len as u8
}

/// Closes a field: writes the length of what was appended since [`open`] returned `start`. One byte is reserved for it; a
/// longer length moves the content, so that every length has its shortest form.
#[inline]
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
}
