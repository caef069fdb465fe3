//! Writing one value: what a [`Capture`] implementation is handed, and the lists in it.

use std::fmt::{self, Write as _};

use super::attributes::Attributes;
use super::key::Key;
use super::output::{Bounded, FRAME, Output};
use super::type_name;
use super::{Capture, by_type};
use crate::recorder::record::flag;
use crate::wire::{encode, tag};

/// Writes one value. The last call wins.
#[derive(Debug)]
pub struct ValueWriter<'a> {
    pub(super) out: &'a mut Output,
    pub(super) start: usize,
    pub(super) key: Key,
}

impl ValueWriter<'_> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn restart(&mut self) {
        self.out.bytes.truncate(self.start);
    }

    /// A boolean.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn bool(&mut self, value: bool) {
        self.short(encode::bool_value(value));
    }

    /// An integer.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn i64(&mut self, value: i64) {
        self.short(encode::int_value(value));
    }

    /// A floating-point number.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn f64(&mut self, value: f64) {
        self.short(encode::double_value(value));
    }

    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn short(&mut self, value: encode::Short) {
        self.restart();
        // It fits: whoever made this writer saw to it that a frame does. The limit of a value cuts texts and lists only.
        self.out.push_short(value);
    }

    /// An integer; a string where OpenTelemetry's 64-bit signed integer does not hold it.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn u64(&mut self, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.i64(value),
            Err(_) => self.display(&value),
        }
    }

    /// A string, cut at the limit with a mark of its size in bytes.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn str(&mut self, value: &str) {
        self.restart();
        let field = encode::open(&mut self.out.bytes, tag::VALUE_STRING);
        self.out.push_text(value);
        encode::close(&mut self.out.bytes, field);
    }

    /// What `value` displays; formatting stops at the limit. A panic or an error of `value` becomes a placeholder.
    pub fn display<T: fmt::Display + ?Sized>(&mut self, value: &T) {
        self.text(&type_name::of::<T>, &|out| write!(out, "{value}"));
    }

    /// What `value` prints for `{:?}`; formatting stops at the limit. A panic or an error of `value` becomes a placeholder.
    ///
    /// A value that holds one of the `secrecy` crate's types is `<redacted>`.
    pub fn debug<T: fmt::Debug + ?Sized>(&mut self, value: &T) {
        if type_name::is_secret::<T>() {
            return self.redacted();
        }
        self.text(&type_name::of::<T>, &|out| write!(out, "{value:?}"));
    }

    /// The JSON text that `value` serializes to; serializing stops at the limit.
    #[cfg(feature = "serde")]
    pub(super) fn json<T: serde::Serialize + ?Sized>(&mut self, value: &T) {
        if type_name::is_secret::<T>() {
            return self.redacted();
        }
        self.text_or(&type_name::of::<T>, "serialization panicked", &|out| super::json::write(value, out));
    }

    /// What is shown for a secret.
    pub fn redacted(&mut self) {
        #[cfg(feature = "metrics")]
        self.out.count_redacted();
        self.str(REDACTED);
    }

    /// The length of a collection, as an integer.
    pub fn len(&mut self, len: usize) {
        self.u64(len as u64);
    }

    fn text(&mut self, type_name: &dyn Fn() -> String, write: &dyn Fn(&mut Bounded<'_>) -> fmt::Result) {
        self.text_or(type_name, "debug panicked", write);
    }

    fn text_or(
        &mut self,
        type_name: &dyn Fn() -> String,
        panicked: &str,
        write: &dyn Fn(&mut Bounded<'_>) -> fmt::Result,
    ) {
        self.restart();
        let field = encode::open(&mut self.out.bytes, tag::VALUE_STRING);
        let out = &mut *self.out;
        let start = out.bytes.len();
        match by_type::caught(|| out.format(|bounded| write(bounded))) {
            Some(Ok(())) => {}
            Some(Err(_)) => out.push_text(&format!("<serialization failed: {}>", type_name())),
            None => {
                out.bytes.truncate(start);
                out.push_text(&format!("<{panicked}: {}>", type_name()));
            }
        }
        encode::close(&mut self.out.bytes, field);
    }

    /// How deep the value is nested.
    pub(super) fn depth(&self) -> u8 {
        self.out.depth
    }

    /// Back to a depth from which a panic came up.
    pub(super) fn set_depth(&mut self, depth: u8) {
        self.out.depth = depth;
    }

    /// One level deeper; `false`, with a placeholder written, where that is too deep.
    fn descend(&mut self) -> bool {
        self.restart();
        if self.out.depth >= MAX_DEPTH {
            self.str("<nested too deeply>");
            return false;
        }
        self.out.depth += 1;
        true
    }

    /// A list; elements that do not fit are left out, and the span says how many. Lists and fields nest 16 levels deep.
    pub fn list(&mut self, write: impl FnOnce(&mut ListWriter<'_>)) {
        if !self.descend() {
            return;
        }
        let field = encode::open(&mut self.out.bytes, tag::VALUE_ARRAY);
        let mut list = ListWriter { out: self.out, key: self.key, kept: 0, seen: 0 };
        write(&mut list);
        let (kept, seen) = (list.kept, list.seen);
        if kept < seen {
            self.out.remark().cut_list = Some((self.key, kept, seen));
        }
        encode::close(&mut self.out.bytes, field);
        self.out.depth -= 1;
    }

    /// Named values, which become attributes of their own: `parameter.job.id`. Lists and fields nest 16 levels deep.
    pub fn fields(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        if !self.descend() {
            return;
        }
        self.out.remark().flags |= flag::STRUCTURED;
        let field = encode::open(&mut self.out.bytes, tag::VALUE_KEYS);
        let outer = std::mem::take(&mut self.out.left_out);
        write(&mut Attributes::new(self.out, tag::ENTRY));
        if std::mem::replace(&mut self.out.left_out, outer) {
            self.out.remark().cut_fields = Some(self.key);
        }
        encode::close(&mut self.out.bytes, field);
        self.out.depth -= 1;
    }
}

/// Levels of lists and fields inside each other: a recursive type may be as deep as it likes, a stack is not.
const MAX_DEPTH: u8 = 16;

pub(crate) const REDACTED: &str = "<redacted>";

/// Writes the elements of a list.
#[derive(Debug)]
pub struct ListWriter<'a> {
    out: &'a mut Output,
    key: Key,
    kept: usize,
    seen: usize,
}

impl ListWriter<'_> {
    /// Adds an element, or only counts it when the limit is reached.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn push<T: Capture + ?Sized>(&mut self, element: &T) {
        self.seen += 1;
        if self.kept + 1 < self.seen || !self.out.has_room(FRAME) {
            return;
        }
        let field = encode::open(&mut self.out.bytes, tag::ELEMENT);
        let start = self.out.bytes.len();
        element.capture(&mut ValueWriter { out: self.out, start, key: self.key });
        encode::close(&mut self.out.bytes, field);
        self.kept += 1;
    }

    /// Counts elements that are not even looked at any more.
    pub(crate) fn is_full(&self) -> bool {
        self.kept < self.seen
    }

    pub(crate) fn skip(&mut self, rest: usize) {
        self.seen += rest;
    }
}
