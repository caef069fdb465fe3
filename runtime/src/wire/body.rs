//! The bytes of a span's attributes while they are written, and how far attributes may lie in them as they are (`wire/raw.rs`).
//!
//! One comparison says whether there is room for such an attribute in the vector and in the span's budget: it is made for each
//! parameter of each call. So that it holds, whoever gets at the vector itself ends it, until it is [allowed](Body::allow_raw) again.
#![expect(unsafe_code, reason = "attributes are written to a vector's spare capacity")]

use std::ops::{Deref, DerefMut};

use super::raw::{self, Frame, Number};

/// See the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    /// Where attributes that are not encoded must end, once they are; zero where there may be none. Never beyond the capacity.
    raw_end: usize,
}

impl Body {
    /// From now on attributes may lie here as they are, as long as everything ends before `end` when it is encoded, and without
    /// that the vector grows.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn allow_raw(&mut self, end: usize) {
        self.raw_end = end.min(self.bytes.capacity());
    }

    /// None may, until that is said again.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn forbid_raw(&mut self) {
        self.raw_end = 0;
    }

    /// Shortens it to `len` bytes, if it is longer.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn truncate(&mut self, len: usize) {
        let len = len.min(self.bytes.len());
        // SAFETY: it is no longer than before. Not `truncate`, which would jump.
        unsafe { self.bytes.set_len(len) };
    }

    /// Where the next attribute lies, for a row of them that are pushed as they are.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor { at: self.bytes.len(), end: self.raw_end }
    }

    /// Appends a number as it is, which has `more` bytes more when it is encoded, and leaves `spare` bytes of what may be filled;
    /// `None`, with nothing done, where it may not lie here.
    ///
    /// # Safety
    ///
    /// `cursor` comes from [`cursor`](Self::cursor) or from the push before; since the first of them nobody has had the vector.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a dozen instructions, as many as a call would take")
    )]
    pub(crate) unsafe fn push_number(
        &mut self,
        cursor: Cursor,
        key: Frame,
        (more, spare): (usize, usize),
        (number, bits): (Number, u64),
    ) -> Option<Cursor> {
        let Cursor { at, end } = cursor;
        let head = raw::head_of_number(key, number)?;
        if at + raw::NUMBER + more + spare > end {
            return None;
        }
        // SAFETY: `end` is at most the capacity, by the caller's promise that of the vector as it is.
        unsafe { raw::write_number(self.bytes.as_mut_ptr().add(at), head, bits) };
        Some(Cursor { at: at + raw::NUMBER, end: end - more })
    }

    /// The same with a text of fewer than `below` bytes, and a cursor that is [charged](Cursor::charged) with what it has more.
    ///
    /// # Safety
    ///
    /// The same.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) unsafe fn push_text(
        &mut self,
        cursor: Cursor,
        key: Frame,
        spare: usize,
        (text, below): (&str, u32),
    ) -> Option<Cursor> {
        let Cursor { at, end } = cursor;
        let len = u8::try_from(text.len()).ok().filter(|len| u32::from(*len) < below)?;
        let head = raw::head_of_text(key, len)?;
        let next = at + raw::HEAD + text.len();
        #[expect(
            clippy::cast_possible_wrap,
            reason = "a cursor's end may be less than zero, the rest is within an allocation"
        )]
        if (next + spare) as isize > end as isize {
            return None;
        }
        // SAFETY: as above. The vector is not a part of `text`, since it is borrowed here.
        unsafe { raw::write_text(self.bytes.as_mut_ptr().add(at), head, text) };
        Some(Cursor { at: next, end })
    }

    /// Bytes that what lies from `base` on has more when it is encoded, at most.
    pub(crate) fn more_from(&self, base: usize) -> usize {
        // SAFETY: what begins with a kind was pushed here; everything else that is written to a body is fields of a message, and none
        // of those does.
        unsafe { raw::more_of_all(self.bytes.get(base..).unwrap_or_default()) }
    }

    /// What was pushed is a part of it from now on: up to `cursor`, after which nothing is pushed before that is allowed anew.
    ///
    /// # Safety
    ///
    /// The same.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) unsafe fn end(&mut self, cursor: Cursor) {
        // SAFETY: by the caller's promise all bytes before it are written.
        unsafe { self.bytes.set_len(cursor.at) };
    }

    /// The same, after which more may be pushed. The bytes that it has more when it is encoded.
    ///
    /// # Safety
    ///
    /// The same.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) unsafe fn finish(&mut self, cursor: Cursor) -> usize {
        // SAFETY: the caller's promise.
        unsafe { self.end(cursor) };
        std::mem::replace(&mut self.raw_end, cursor.end) - cursor.end
    }
}

/// Where in a body the next attribute lies. By itself, so that it stays in registers from one to the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor {
    at: usize,
    end: usize,
}

impl Cursor {
    /// Nothing may be pushed.
    pub(crate) const NONE: Self = Self { at: 0, end: 0 };

    /// With `more` bytes less that may be filled: less than none, where there are fewer.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn charged(self, more: usize) -> Self {
        Self { end: self.end.wrapping_sub(more), ..self }
    }

    /// Takes that back.
    pub(crate) fn discharged(self, more: usize) -> Self {
        Self { end: self.end.wrapping_add(more), ..self }
    }

    /// Whether something may have been pushed.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_some(self) -> bool {
        self.end != 0
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, raw_end: 0 }
    }
}

impl From<Body> for Vec<u8> {
    fn from(body: Body) -> Self {
        body.bytes
    }
}

impl Deref for Body {
    type Target = Vec<u8>;

    #[cfg_attr(not(debug_assertions), inline)]
    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for Body {
    /// Whoever has the vector may put one with less room in its place.
    #[cfg_attr(not(debug_assertions), inline)]
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        self.raw_end = 0;
        &mut self.bytes
    }
}

#[cfg(test)]
impl Body {
    /// One number, if it may lie here.
    pub(crate) fn number(&mut self, key: Frame, number: Number, bits: u64) -> bool {
        self.push(|body, cursor| {
            // SAFETY: `push` has just asked for the cursor.
            unsafe { body.push_number(cursor, key, (0, 0), (number, bits)) }
        })
    }

    /// One text.
    pub(crate) fn text(&mut self, key: Frame, text: &str) -> bool {
        self.push(|body, cursor| {
            // SAFETY: as above.
            unsafe { body.push_text(cursor, key, 0, (text, 128)) }
        })
    }

    fn push(&mut self, push: impl FnOnce(&mut Self, Cursor) -> Option<Cursor>) -> bool {
        let cursor = self.cursor();
        push(self, cursor).is_some_and(|cursor| {
            // SAFETY: nobody else has the body.
            unsafe { self.finish(cursor) };
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::spare::FRAME;
    use super::*;

    const KEY: Frame = &[7; FRAME];

    fn body(capacity: usize) -> Body {
        Body::from(Vec::with_capacity(capacity))
    }

    /// A number that has `more` bytes more when it is encoded, with `spare` bytes left.
    fn push(body: &mut Body, more: usize, spare: usize) -> bool {
        body.push(|body, cursor| {
            // SAFETY: nobody else has the body.
            unsafe { body.push_number(cursor, KEY, (more, spare), (Number::Int, 7)) }
        })
    }

    fn push_below(body: &mut Body, text: &str, below: u32) -> bool {
        body.push(|body, cursor| {
            // SAFETY: as above.
            unsafe { body.push_text(cursor, KEY, 0, (text, below)) }
        })
    }

    #[test]
    fn nothing_lies_as_it_is_before_that_is_allowed() {
        let mut body = body(4096);
        assert!(!push(&mut body, 0, 0) && !body.text(KEY, ""));
        body.allow_raw(4096);
        assert!(push(&mut body, 0, 0) && body.text(KEY, ""));
        body.forbid_raw();
        assert!(!push(&mut body, 0, 0) && !body.text(KEY, ""));
        assert_eq!(body.len(), raw::NUMBER + raw::HEAD);
    }

    #[test]
    fn a_full_vector_is_left_alone() {
        let mut body = body(raw::NUMBER - 1);
        body.allow_raw(usize::MAX);
        let mut fills = 0;
        while body.text(KEY, "") {
            fills += 1;
        }
        assert!(fills == body.capacity() / raw::HEAD && !push(&mut body, 0, 0));
        assert_eq!(body.len(), fills * raw::HEAD);
    }

    #[test]
    fn what_is_encoded_later_is_taken_off_what_may_be_filled() {
        let mut body = body(4096);
        body.allow_raw(100 + 2 * raw::NUMBER);
        assert!(push(&mut body, 60, 0));
        assert!(!push(&mut body, 41, 0) && !push(&mut body, 30, 11));
        assert!(push(&mut body, 40, 0));
        assert!(!push(&mut body, 0, 0) && !body.text(KEY, ""));
    }

    #[test]
    fn a_vector_that_was_exchanged_is_not_filled_unseen() {
        let mut body = body(4096);
        body.allow_raw(4096);
        *body = Vec::new();
        assert!(!push(&mut body, 0, 0) && !body.text(KEY, "text"));
        assert!(body.is_empty());
    }

    #[test]
    fn a_text_that_is_no_shorter_than_the_limit_is_refused() {
        let mut body = body(4096);
        body.allow_raw(4096);
        assert!(!push_below(&mut body, "text", 4) && !push_below(&mut body, "", 0));
        assert!(!push_below(&mut body, &"x".repeat(256), 255));
        assert!(push_below(&mut body, "text", 5));
    }
}
