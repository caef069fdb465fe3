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

/// The key as recording takes it, `wirespan`'s `capture/key.rs` reads it: with what stands around it in an attribute, which is the
/// attribute's tag and length, the value's tag and length, both lengths still zero; padded, the real length in the last byte. Where
/// that is too long, a zero byte and the encoded key.
pub(crate) fn frame(encoded: &[u8]) -> Vec<u8> {
    let mut frame = [&[0x4a, 0][..], encoded, &[0x12, 0][..]].concat();
    match u8::try_from(frame.len()) {
        Ok(len) if usize::from(len) <= FILLED => {
            frame.resize(FRAME - 1, 0);
            frame.push(len);
            frame
        }
        _ => [&[0][..], encoded].concat(),
    }
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
        let framed = frame(&encode("id"));
        assert!(framed.starts_with(b"\x4a\0\x0a\x02id\x12\0\0"));
        assert_eq!((framed.len(), framed.last()), (64, Some(&8)));
        let longest = frame(&encode(&"k".repeat(42)));
        assert_eq!((longest.len(), longest.last()), (64, Some(&48)));
        assert!(frame(&encode(&"k".repeat(43))).starts_with(b"\0\x0a\x2bk"));
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
