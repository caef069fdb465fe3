//! The key of an attribute as the macros encode it: one byte string, ready to be copied.
//!
//! A short key comes framed, in [`FRAME`] bytes: tag and length of the attribute, the protobuf field `KeyValue.key`, tag and
//! length of the value, both lengths zero; then padding, so that a short value fits behind it, and in the last byte how many
//! bytes count. A longer key is a zero byte and the encoded field. A literal and nothing else, so that the compiler has nothing
//! to evaluate: each key of a traced function is compiled.

use crate::wire::raw::Frame;
use crate::wire::read::{Fields, Value};
use crate::wire::spare::FRAME;
use crate::wire::tag;

/// See the module's documentation.
pub type Key = &'static [u8];

/// Where a frame says how many of its bytes count.
pub(crate) const FRAME_LEN: usize = FRAME - 1;

/// The frame of a short key, and how many of its bytes count.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn framed(key: Key) -> Option<(Frame, usize)> {
    let frame = key.first_chunk::<FRAME>()?;
    (frame[0] == tag::SPAN_ATTRIBUTE).then_some((frame, usize::from(frame[FRAME_LEN])))
}

/// The protobuf field `KeyValue.key`.
pub(crate) fn encoded(key: Key) -> &'static [u8] {
    match framed(key) {
        Some((frame, len)) => frame.get(2..len.saturating_sub(2)),
        None => key.get(1..),
    }
    .unwrap_or_default()
}

/// The key's text.
pub(crate) fn text(key: Key) -> String {
    match Fields::new(encoded(key)).next() {
        Some((1, Value::Bytes(text), _)) => String::from_utf8_lossy(text).into_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{encoded, framed, text};

    #[test]
    fn a_short_key_has_a_frame() {
        let key: &'static [u8] =
            Box::leak([&b"J\0\n\x02id\x12\0"[..], &[0; 55], &[8]].concat().into_boxed_slice());
        assert_eq!(framed(key).map(|(_, len)| len), Some(8));
        assert_eq!((encoded(key), text(key).as_str()), (&b"\n\x02id"[..], "id"));
    }

    #[test]
    fn a_long_key_has_none_whatever_its_length_is() {
        for len in 43..120_u8 {
            let name = "k".repeat(usize::from(len));
            let key: &'static [u8] =
                Box::leak([&[0, 0x0a, len], name.as_bytes()].concat().into_boxed_slice());
            assert!(framed(key).is_none());
            assert_eq!(text(key), name);
        }
    }
}
