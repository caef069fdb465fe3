//! Appending to a byte vector what is mostly of known size, in its spare capacity.
//!
//! `Vec::extend_from_slice` with a length that is only known at run time is a call of `memcpy`, which costs more than the few
//! bytes that it copies. Here pieces of known size are written where they lie beyond the vector's end, and the length is set once.
#![expect(unsafe_code, reason = "a vector's length is set after its spare capacity was written")]

use super::copy::copy;

/// Bytes of a frame; see [`framed`].
pub(crate) const FRAME: usize = 64;
/// The longest text that [`text`] writes piece by piece.
const SHORT: usize = 32;

/// Appends `frame`, lets `fill` change it in place, and keeps of it as many bytes as `fill` returns, at most all. `false`, with
/// nothing done, where the vector would have to grow.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn framed(
    out: &mut Vec<u8>,
    frame: &[u8; FRAME],
    fill: impl FnOnce(&mut [u8; FRAME]) -> usize,
) -> bool {
    let len = out.len();
    if out.capacity() - len < FRAME {
        return false;
    }
    // SAFETY: there is room for `FRAME` bytes behind the vector's `len`; they are written before a reference to them is
    // made, and the new length counts only such bytes. `fill` cannot reach the vector, which is borrowed here.
    unsafe {
        let place = out.as_mut_ptr().add(len).cast::<[u8; FRAME]>();
        place.write(*frame);
        let kept = fill(&mut *place);
        out.set_len(len + kept.min(FRAME));
    }
    true
}

/// Appends `text`. A short one is copied as two pieces that may overlap.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn text(out: &mut Vec<u8>, text: &[u8]) {
    let len = text.len();
    if len > SHORT || out.capacity() - out.len() < SHORT {
        return out.extend_from_slice(text);
    }
    // SAFETY: there is room for `SHORT` bytes, and no more than `len` of them are written; the vector is not a part of `text`,
    // since it is borrowed here.
    unsafe {
        copy(text.as_ptr(), out.as_mut_ptr().add(out.len()), len);
        out.set_len(out.len() + len);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_arrives_whole() {
        let all: Vec<u8> = (0..100).collect();
        for len in 0..all.len() {
            let mut out = Vec::from(&b"before"[..]);
            text(&mut out, &all[..len]);
            assert_eq!(out, [b"before", &all[..len]].concat(), "{len}");
        }
    }

    #[test]
    fn a_full_vector_is_left_alone() {
        let mut out = Vec::with_capacity(FRAME - 1);
        assert!(!framed(&mut out, &[7; FRAME], |_| FRAME));
        assert!(out.is_empty());
    }

    #[test]
    fn a_frame_is_kept_as_far_as_it_was_filled() {
        let mut out = Vec::with_capacity(3 * FRAME);
        out.extend_from_slice(&[1, 2]);
        assert!(framed(&mut out, &[7; FRAME], |frame| {
            frame[1] = 8;
            3
        }));
        assert!(framed(&mut out, &[9; FRAME], |_| usize::MAX));
        assert_eq!(out[..5], [1, 2, 7, 8, 7]);
        assert_eq!(out.len(), 5 + FRAME);
    }
}
