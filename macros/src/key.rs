//! Attribute keys, encoded as the protobuf field `KeyValue.key` of OTLP (`common.proto`, field 1, length-delimited).
//!
//! A key is encoded here once, so that recording an attribute at run time copies bytes.

/// The tag of field 1 with wire type 2.
const KEY_TAG: u8 = 0x0a;

/// Tag, length as a varint, and the key.
pub(crate) fn encode(key: &str) -> Vec<u8> {
    let mut out = vec![KEY_TAG];
    let mut rest = key.len();
    while rest > 0x7f {
        out.push(low_bits(rest) | 0x80);
        rest >>= 7;
    }
    out.push(low_bits(rest));
    out.extend_from_slice(key.as_bytes());
    out
}

/// Bytes of a frame, its padding included.
const FRAME: usize = 64;
/// Bytes of a frame that a key may fill; behind them is room for a short value. A longer key is copied as it is.
const FILLED: usize = 48;

/// The key with what stands around it in an attribute: the attribute's tag and length, the value's tag and length, both
/// lengths still zero. Returned padded, with its real length, which is zero where the key is too long.
pub(crate) fn frame(encoded: &[u8]) -> ([u8; FRAME], usize) {
    let mut frame = [0; FRAME];
    let parts = [&[0x4a, 0][..], encoded, &[0x12, 0][..]];
    let len = parts.iter().map(|part| part.len()).sum();
    if len > FILLED {
        return (frame, 0);
    }
    for (to, from) in frame.iter_mut().zip(parts.concat()) {
        *to = from;
    }
    (frame, len)
}

/// The lowest seven bits.
fn low_bits(value: usize) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{encode, frame};

    #[test]
    fn a_frame_has_room_for_both_lengths() {
        let (framed, len) = frame(&encode("id"));
        assert_eq!(framed.get(..len), Some(&b"\x4a\0\x0a\x02id\x12\0"[..]));
        assert_eq!(frame(&encode(&"k".repeat(42))).1, 48);
        assert_eq!(frame(&encode(&"k".repeat(43))).1, 0);
    }

    #[test]
    fn a_key_is_tag_length_and_text() {
        assert_eq!(encode("id"), b"\x0a\x02id");
        assert_eq!(encode("parameter.run_id"), b"\x0a\x10parameter.run_id");
    }

    #[test]
    fn a_long_key_has_a_two_byte_length() {
        let key = "k".repeat(300);
        let encoded = encode(&key);
        assert_eq!(encoded.get(..3), Some(&[0x0a, 0xac, 0x02][..]));
        assert_eq!(encoded.len(), 303);
        assert_eq!(encode(&"k".repeat(127)).get(1), Some(&127));
        assert_eq!(encode(&"k".repeat(128)).get(1..3), Some(&[0x80, 0x01][..]));
    }
}
