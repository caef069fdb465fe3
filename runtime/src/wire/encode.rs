//! Appending protobuf fields to a byte vector.

use super::tag;

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

/// Bytes that are to be appended, as an array of one size for all.
#[inline]
pub(crate) fn short<const N: usize>(bytes: [u8; N]) -> ([u8; 16], usize) {
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = from;
    }
    (out, N)
}

/// A varint field, as an array.
#[inline]
pub(crate) fn short_varint(tag: u8, mut value: u64) -> ([u8; 16], usize) {
    let mut out = [0; 16];
    let mut len = 1;
    let mut bytes = out.iter_mut();
    if let Some(first) = bytes.next() {
        *first = tag;
    }
    for byte in bytes {
        len += 1;
        // The low seven bits, with the mark that more follow.
        *byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            break;
        }
        *byte |= 0x80;
    }
    (out, len)
}

/// Bytes of a varint.
#[cfg(test)]
pub(crate) const fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// Appends `source`. Up to 32 bytes, which is most keys and values, go without a call to `memcpy`: two copies of known size
/// that overlap.
#[inline]
pub(crate) fn push(out: &mut Vec<u8>, source: &[u8]) {
    let end = out.len() + source.len();
    let (first, rest) = match source.len() {
        0..=7 => return out.extend_from_slice(source),
        8..=16 => (source, None),
        17..=32 => (source.get(..16).unwrap_or_default(), source.last_chunk::<16>()),
        _ => return out.extend_from_slice(source),
    };
    if let (Some(low), Some(high)) = (first.first_chunk::<8>(), first.last_chunk::<8>()) {
        let high = u128::from(u64::from_le_bytes(*high)) << (8 * (first.len() - 8));
        out.extend_from_slice(&(u128::from(u64::from_le_bytes(*low)) | high).to_le_bytes());
    }
    if let Some(last) = rest {
        let new = u128::from_le_bytes(*last) >> (8 * (32 - source.len()));
        out.extend_from_slice(&new.to_le_bytes());
    }
    out.truncate(end);
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

/// Closes a field: writes the length of what was appended since [`open`] returned `start`. One byte is reserved for it; a
/// longer length moves the content, so that every length has its shortest form.
#[inline]
pub(crate) fn close(out: &mut Vec<u8>, start: usize) {
    let len = out.len() - start;
    if len < 0x80
        && let Some(place) = out.get_mut(start - 1)
    {
        *place = (len & 0x7f) as u8;
    } else {
        close_long(out, start, len);
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
    varint(out, value.cast_unsigned());
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
    fn a_short_copy_is_a_copy() {
        let source: Vec<u8> = (1..=70).collect();
        for start in 0..3 {
            for len in 0..60 {
                let mut out = vec![0xff; 3];
                push(&mut out, &source[start..start + len]);
                assert_eq!(out[3..], source[start..start + len]);
                assert_eq!(out[..3], [0xff; 3]);
            }
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
}
