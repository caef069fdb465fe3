//! The writers that a [`Capture`] implementation is handed.

use std::fmt::{self, Write as _};

use super::output::{Bounded, FRAME, Output};
use super::type_name;
use super::{Capture, by_type};
use crate::wire::{encode, tag};

/// Writes one value. The last call wins.
#[derive(Debug)]
pub struct ValueWriter<'a> {
    out: &'a mut Output,
    start: usize,
    key: &'static [u8],
}

macro_rules! scalar {
    ($(#[$doc:meta])* $name:ident($type:ty) $write:expr) => {
        $(#[$doc])*
        #[inline]
        pub fn $name(&mut self, value: $type) {
            self.restart();
            if self.out.has_room(11) {
                let encode: fn($type) -> ([u8; 16], usize) = $write;
                let (encoded, len) = encode(value);
                self.out.push_short(&encoded, len);
            }
        }
    };
}

impl ValueWriter<'_> {
    #[inline]
    fn restart(&mut self) {
        self.out.bytes.truncate(self.start);
    }

    scalar! {
        /// A boolean.
        bool(bool) |value| encode::short([tag::VALUE_BOOL, u8::from(value)])
    }
    scalar! {
        /// An integer.
        i64(i64) |value| encode::short_varint(tag::VALUE_INT, value.cast_unsigned())
    }
    scalar! {
        /// A floating-point number.
        f64(f64) |value| {
            let [a, b, c, d, e, f, g, h] = value.to_bits().to_le_bytes();
            encode::short([tag::VALUE_DOUBLE, a, b, c, d, e, f, g, h])
        }
    }

    /// An integer; a string where OpenTelemetry's 64-bit signed integer does not hold it.
    #[inline]
    pub fn u64(&mut self, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.i64(value),
            Err(_) => self.display(&value),
        }
    }

    /// A string, cut at the limit with a mark of its size in bytes.
    #[inline]
    pub fn str(&mut self, value: &str) {
        self.restart();
        let field = encode::open(&mut self.out.bytes, tag::VALUE_STRING);
        self.out.push_text(value);
        encode::close(&mut self.out.bytes, field);
    }

    /// What `value` displays; formatting stops at the limit. A panic or an error of `value` becomes a placeholder.
    pub fn display<T: fmt::Display + ?Sized>(&mut self, value: &T) {
        self.text(std::any::type_name::<T>(), &|out| write!(out, "{value}"));
    }

    /// What `value` prints for `{:?}`; formatting stops at the limit. A panic or an error of `value` becomes a placeholder.
    pub fn debug<T: fmt::Debug + ?Sized>(&mut self, value: &T) {
        self.text(std::any::type_name::<T>(), &|out| write!(out, "{value:?}"));
    }

    /// What is shown for a secret.
    pub fn redacted(&mut self) {
        self.str(REDACTED);
    }

    /// The length of a collection, as an integer.
    pub fn len(&mut self, len: usize) {
        self.u64(len as u64);
    }

    fn text(&mut self, type_name: &str, write: &dyn Fn(&mut Bounded<'_>) -> fmt::Result) {
        self.restart();
        let field = encode::open(&mut self.out.bytes, tag::VALUE_STRING);
        let out = &mut *self.out;
        let start = out.bytes.len();
        match by_type::caught(|| out.format(|bounded| write(bounded))) {
            Some(Ok(())) => {}
            Some(Err(_)) => out.push_text(&format!("<serialization failed: {}>", type_name::short(type_name))),
            None => {
                out.bytes.truncate(start);
                out.push_text(&format!("<debug panicked: {}>", type_name::short(type_name)));
            }
        }
        encode::close(&mut self.out.bytes, field);
    }

    /// A list; elements that do not fit are left out, and the span says how many.
    pub fn list(&mut self, write: impl FnOnce(&mut ListWriter<'_>)) {
        self.restart();
        let field = encode::open(&mut self.out.bytes, tag::VALUE_ARRAY);
        let mut list = ListWriter { out: self.out, key: self.key, kept: 0, seen: 0 };
        write(&mut list);
        let (kept, seen) = (list.kept, list.seen);
        if kept < seen {
            self.out.cut_list = Some((self.key, kept, seen));
        }
        encode::close(&mut self.out.bytes, field);
    }

    /// Named values, which become attributes of their own: `parameter.job.id`.
    pub fn fields(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        self.restart();
        self.out.structured = true;
        let field = encode::open(&mut self.out.bytes, tag::VALUE_KEYS);
        write(&mut Attributes::new(self.out, tag::ENTRY));
        encode::close(&mut self.out.bytes, field);
    }
}

pub(crate) const REDACTED: &str = "<redacted>";

/// Writes the elements of a list.
#[derive(Debug)]
pub struct ListWriter<'a> {
    out: &'a mut Output,
    key: &'static [u8],
    kept: usize,
    seen: usize,
}

impl ListWriter<'_> {
    /// Adds an element, or only counts it when the limit is reached.
    #[inline]
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

/// Where the parts of an attribute begin that is being written.
struct Open {
    begin: usize,
    field: usize,
    value: usize,
    outer_end: usize,
}

/// Writes attributes, or the fields of a value.
#[derive(Debug)]
pub struct Attributes<'a> {
    out: &'a mut Output,
    tag: u8,
}

impl<'a> Attributes<'a> {
    pub(crate) fn new(out: &'a mut Output, tag: u8) -> Self {
        Self { out, tag }
    }

    /// One attribute. `key` is the encoded protobuf field `KeyValue.key`.
    #[inline]
    pub(crate) fn attribute(&mut self, key: &'static [u8], write: impl FnOnce(&mut ValueWriter<'_>)) {
        let Some(open) = self.begin(key) else { return };
        write(&mut ValueWriter { out: self.out, start: open.value, key });
        self.finish(&open);
    }

    #[inline]
    fn begin(&mut self, key: &'static [u8]) -> Option<Open> {
        let out = &mut *self.out;
        let (begin, outer_end) = (out.bytes.len(), out.value_end);
        // Inside a value its own limit counts, at the top the span's.
        let end = if self.tag == tag::SPAN_ATTRIBUTE { out.end } else { outer_end };
        if out.spent || begin + key.len() + FRAME > end {
            out.spent = true;
            return None;
        }
        out.bytes.reserve(key.len() + 4 * FRAME);
        let field = encode::open(&mut out.bytes, self.tag);
        encode::push(&mut out.bytes, key);
        let value = encode::open(&mut out.bytes, tag::VALUE);
        out.value_end = end.min(value + FRAME + out.max_value);
        Some(Open { begin, field, value, outer_end })
    }

    #[inline]
    fn finish(&mut self, open: &Open) {
        let out = &mut *self.out;
        out.value_end = open.outer_end;
        if out.bytes.len() <= open.value {
            out.bytes.truncate(open.begin);
        } else {
            encode::close(&mut out.bytes, open.value);
            encode::close(&mut out.bytes, open.field);
        }
    }

    /// An attribute whose value is a secret.
    #[doc(hidden)]
    pub fn redacted(&mut self, key: &'static [u8]) {
        self.attribute(key, |value| value.redacted());
    }

    /// An attribute that is a length.
    #[doc(hidden)]
    pub fn len(&mut self, key: &'static [u8], len: usize) {
        self.attribute(key, |value| value.len(len));
    }

    /// An attribute that is displayed.
    #[doc(hidden)]
    pub fn display<T: fmt::Display + ?Sized>(&mut self, key: &'static [u8], shown: &T) {
        self.attribute(key, |value| value.display(shown));
    }

    /// An attribute that is printed with `{:?}`.
    #[doc(hidden)]
    pub fn debug<T: fmt::Debug + ?Sized>(&mut self, key: &'static [u8], shown: &T) {
        self.attribute(key, |value| value.debug(shown));
    }

    /// An attribute whose value is an expression of the user's: a panic in it stays here.
    #[doc(hidden)]
    pub fn field(&mut self, key: &'static [u8], write: impl FnOnce(&mut Attributes<'_>)) {
        let begin = self.out.bytes.len();
        if by_type::caught(|| write(&mut Attributes { out: self.out, tag: self.tag })).is_none() {
            self.out.bytes.truncate(begin);
            self.attribute(key, |value| value.str("<field panicked>"));
        }
    }
}

/// Collects the identifiers of a skipped value.
#[derive(Debug)]
pub struct IdsWriter<'a> {
    out: &'a mut String,
}

/// How many elements of a skipped collection are asked for their identifier.
const IDS_SHOWN: usize = 5;

impl<'a> IdsWriter<'a> {
    pub(crate) fn new(out: &'a mut String) -> Self {
        Self { out }
    }

    /// One identifier: `, id=…`.
    pub fn one(&mut self, id: &dyn fmt::Display) {
        let _ = write!(self.out, ", id={}", Short(id));
    }

    /// The first identifiers of a collection: `, ids=[a,b,c,d,e... (7 total)]`.
    pub fn many<'i>(&mut self, total: usize, ids: impl Iterator<Item = Option<&'i dyn fmt::Display>>) {
        let shown: Vec<String> = ids.take(IDS_SHOWN).flatten().map(|id| Short(id).to_string()).collect();
        if !shown.is_empty() {
            let more = if total > IDS_SHOWN { format!("... ({total} total)") } else { String::new() };
            let _ = write!(self.out, ", ids=[{}{more}]", shown.join(","));
        }
    }
}

/// An identifier, cut to a sensible length (bytes).
struct Short<'a>(&'a dyn fmt::Display);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::new();
        // Full or failed: what there is, is shown.
        let _ = write!(Bounded::new(&mut bytes, 128), "{}", self.0);
        f.write_str(&String::from_utf8_lossy(&bytes))
    }
}
