//! Copying a few bytes in place: a call of `memcpy` costs more than they do.
#![expect(unsafe_code, reason = "bytes are copied between pointers")]

use std::ptr;

/// Bytes that are copied in place, at most.
pub(crate) const IN_PLACE: usize = 256;

/// Copies `len` bytes; up to [`IN_PLACE`] in place, as two pieces that may overlap.
///
/// # Safety
///
/// `from` is valid for reads of `len` bytes, `to` for writes, and they do not overlap.
#[cfg_attr(
    not(debug_assertions),
    inline(always),
    expect(clippy::inline_always, reason = "where the length is known to be short, most of it goes")
)]
pub(crate) unsafe fn copy(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: each piece goes from within the `len` bytes to the same offset; together they cover all of them.
    unsafe {
        match len {
            _ if len > IN_PLACE => ptr::copy_nonoverlapping(from, to, len),
            128.. => both::<128>(from, to, len),
            64.. => both::<64>(from, to, len),
            32.. => both::<32>(from, to, len),
            16.. => both::<16>(from, to, len),
            8.. => both::<8>(from, to, len),
            4.. => both::<4>(from, to, len),
            1.. => {
                *to = *from;
                *to.add(len / 2) = *from.add(len / 2);
                *to.add(len - 1) = *from.add(len - 1);
            }
            0 => {}
        }
    }
}

/// Copies the first and the last `N` bytes of `len`.
///
/// # Safety
///
/// `len` is at least `N`; `from` is valid for reads of `len` bytes, `to` for writes, and they do not overlap.
#[cfg_attr(not(debug_assertions), inline)]
unsafe fn both<const N: usize>(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: both pieces lie within the first `len` bytes, as the caller promises.
    unsafe {
        ptr::copy_nonoverlapping(from, to, N);
        ptr::copy_nonoverlapping(from.add(len - N), to.add(len - N), N);
    }
}

#[cfg(test)]
mod tests {
    use super::{IN_PLACE, copy};

    #[test]
    fn bytes_of_any_number_are_copied_and_no_more() {
        let all: Vec<u8> = (0..=254).cycle().take(IN_PLACE + 70).collect();
        for len in 0..all.len() {
            let mut out = vec![255; all.len()];
            // SAFETY: both have at least `len` bytes.
            unsafe { copy(all.as_ptr(), out.as_mut_ptr(), len) };
            assert_eq!(out[..len], all[..len], "{len}");
            assert!(out[len..].iter().all(|byte| *byte == 255), "{len}");
        }
    }
}
