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

/// The lowest seven bits.
fn low_bits(value: usize) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::encode;

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
