//! What stands in front of each record of a chunk: written in one piece or in parts, whole or without what another header says.
#![expect(unsafe_code, reason = "a chunk believes what its headers say")]

/// What stands in front of each record. All records of a chunk have headers of one type.
///
/// # Safety
///
/// `body_len` must be the number of body bytes that were appended with this header: the reader makes a slice of them. `load` returns
/// what `store` was called with and returned, which is at most the header's size; it also reads one that was written whole.
pub(crate) unsafe trait Header: Copy {
    /// Bytes of the body that follow the header.
    fn body_len(&self) -> usize;

    /// Writes what of the header `base`, its chunk's last whole one, does not say, or all of it. How many bytes those are.
    ///
    /// # Safety
    ///
    /// `at` is valid for writes of a whole header.
    unsafe fn store(&self, _base: Option<&Self>, at: *mut u64) -> usize {
        // SAFETY: the caller's promise.
        unsafe { at.cast::<Self>().write(*self) };
        size_of::<Self>()
    }

    /// Reads it again, and how many bytes it takes.
    ///
    /// # Safety
    ///
    /// `store` has written to `at`, with this base.
    #[cfg_attr(not(debug_assertions), inline)]
    unsafe fn load(at: *const u64, _base: Option<&Self>) -> (Self, usize) {
        // SAFETY: the caller's promise; a header was written whole.
        (unsafe { at.cast::<Self>().read() }, size_of::<Self>())
    }
}

/// A header in parts, which become one where it is to lie.
///
/// # Safety
///
/// `store` writes a whole header, of which `body_len` is the same.
pub(crate) unsafe trait Whole {
    /// What it becomes.
    type Header: Header;

    /// Bytes of the body that follow the header.
    fn body_len(&self) -> usize;

    /// Writes the header.
    ///
    /// # Safety
    ///
    /// `at` is valid for writes of it.
    unsafe fn store(self, at: *mut Self::Header);
}
