//! The buffer that values are written into, and its two bounds: bytes for one value, bytes for the whole span.

use std::fmt;

use super::key::Key;
use crate::thread::KEPT_BUFFER;
use crate::wire::body::Body;
use crate::wire::encode::Short;
use crate::wire::raw;

/// See the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) bytes: Body,
    pub(crate) limits: Limits,
    /// Where everything must end: the span's budget, less what attributes that lie here as they are have more when they are encoded.
    pub(super) end: usize,
    /// Where the value that is being written must end, if one is.
    pub(crate) value_end: usize,
    /// Attributes were left out because the span's budget is spent.
    pub(crate) spent: bool,
    /// There is something to be said of the span's attributes when all are written.
    pub(crate) unsettled: bool,
    /// What is to be said of the span's attributes when all are written; seldom anything.
    pub(crate) remarks: Option<Remarks>,
    /// How many lists and sets of fields the current value is inside of.
    pub(crate) depth: u8,
    /// An attribute of the current set of fields found no room.
    pub(super) left_out: bool,
}

/// Bytes that one value may take.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits {
    pub(crate) value: u32,
    /// Attributes of the span may lie in the buffer without being encoded, since they go into its record and nowhere else: numbers, and
    /// texts of fewer bytes than this. Zero: they may not.
    pub(super) raw_below: u32,
}

impl Limits {
    /// For attributes that go into a span's record.
    pub(crate) const fn of_record(max_value: u32) -> Self {
        let raw_below = if max_value < raw::MAX_TEXT { max_value } else { raw::MAX_TEXT } + 1;
        Self { value: max_value, raw_below }
    }

    /// For others.
    fn encoded(max_value: u32) -> Self {
        Self { value: max_value, raw_below: 0 }
    }
}

/// What the writing of attributes has to say of them.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    /// Elements of a list were left out: the attribute's key, elements kept, elements in all.
    pub(crate) cut_list: Option<(Key, usize, usize)>,
    /// Fields of a struct were left out: the attribute's key.
    pub(crate) cut_fields: Option<Key>,
    /// What the drain has to rewrite: bits of a record's flags.
    pub(crate) flags: u32,
}

/// Room for the keys and lengths around a value.
pub(crate) const FRAME: usize = 16;
/// Tag and length of a text or a list, while it is written.
pub(crate) const HEAD: usize = 2;

impl Output {
    /// Behind `bytes`.
    pub(crate) fn of(bytes: Body) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// Starts attributes, which must end at `end`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn begin(&mut self, end: usize, max_value: u32) {
        self.limits = Limits::encoded(max_value);
        self.end = end;
        self.bytes.forbid_raw();
    }

    /// The same for attributes that go into the span's record.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn begin_record(&mut self, end: usize, limits: Limits) {
        self.limits = limits;
        self.end = end;
        self.bytes.allow_raw(end);
    }

    /// Nothing is being written.
    pub(crate) fn at_top(&mut self) {
        self.value_end = self.end;
    }

    /// An attribute of the span was written, or something else that is encoded: the next may lie as they are.
    pub(crate) fn allow_raw(&mut self) {
        if self.limits.raw_below != 0 {
            self.bytes.allow_raw(self.end);
        }
    }

    /// Whether the value that is being written may be as long as everything may.
    pub(crate) fn is_bounded_by_span(&self) -> bool {
        self.value_end == self.end
    }

    /// Nothing comes after what the budget cut.
    pub(crate) fn spend(&mut self) {
        self.spent = true;
        self.limits.raw_below = 0;
        self.bytes.forbid_raw();
        self.unsettled = true;
    }

    /// Forgets the attributes from `base` on, and gives the memory of a large span back.
    pub(crate) fn forget(&mut self, base: usize) {
        self.bytes.truncate(base);
        if self.is_large() && base == 0 {
            self.bytes = Body::default();
        }
    }

    /// Whether it has more memory than a thread keeps.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_large(&self) -> bool {
        self.bytes.capacity() > KEPT_BUFFER
    }

    /// Remarks on the span's attributes.
    pub(crate) fn remark(&mut self) -> &mut Remarks {
        self.unsettled = true;
        self.remarks.get_or_insert_default()
    }

    /// Appends a value of known size.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn push_short(&mut self, value: Short) {
        let mut encoded = [0; 16];
        value.write(&mut encoded);
        let end = self.bytes.len() + value.len;
        self.bytes.extend_from_slice(&encoded);
        self.bytes.truncate(end);
    }

    /// Whether `more` bytes of the current value fit.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn has_room(&self, more: usize) -> bool {
        self.bytes.len() + more <= self.value_end
    }

    /// Appends `text`, or what of it fits with the mark that it was cut.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn push_text(&mut self, text: &str) {
        if self.has_room(text.len()) {
            self.bytes.extend_from_slice(text.as_bytes());
        } else {
            let start = self.bytes.len();
            self.push_cut(text, start, &format!("... (truncated, original size: {} bytes)", text.len()));
        }
    }

    /// Appends the start of `text`, then `marker`, within the value's bound; both are left out where not even the marker
    /// fits.
    #[cold]
    fn push_cut(&mut self, text: &str, start: usize, marker: &str) {
        #[cfg(feature = "metrics")]
        self.count_truncated();
        // Not the value's own limit cut it but the span's: nothing comes after it.
        if self.is_bounded_by_span() {
            self.spend();
        }
        let room = self.value_end.saturating_sub(start);
        let marker = if marker.len() <= room { marker } else { "" };
        let keep = text.floor_char_boundary_compat(room - marker.len());
        self.bytes.extend_from_slice(text.get(..keep).unwrap_or_default().as_bytes());
        self.bytes.extend_from_slice(marker.as_bytes());
    }

    /// Appends what `write` formats; formatting is stopped at the bound.
    ///
    /// # Errors
    ///
    /// What was formatted so far is taken back when `write` itself fails.
    pub(crate) fn format(
        &mut self,
        write: impl FnOnce(&mut Bounded<'_>) -> fmt::Result,
    ) -> Result<(), fmt::Error> {
        let start = self.bytes.len();
        let room = self.value_end.saturating_sub(start);
        let mut bounded = Bounded { bytes: &mut self.bytes, end: start + room, full: false };
        let result = write(&mut bounded);
        if bounded.full {
            let marker = format!("... (truncated, original size: over {room} bytes)");
            let written = self.bytes.split_off(start);
            self.push_cut(&String::from_utf8_lossy(&written), start, &marker);
            return Ok(());
        }
        if result.is_err() {
            self.bytes.truncate(start);
        }
        result
    }
}

/// A `fmt::Write` that fails, and so stops a well-behaved formatter, once its bytes are used up.
pub(crate) struct Bounded<'a> {
    bytes: &'a mut Vec<u8>,
    end: usize,
    full: bool,
}

impl<'a> Bounded<'a> {
    /// A writer of at most `max` bytes behind what `bytes` holds.
    pub(crate) fn new(bytes: &'a mut Vec<u8>, max: usize) -> Self {
        let end = bytes.len() + max;
        Self { bytes, end, full: false }
    }
}

impl Bounded<'_> {
    /// Bytes that still fit.
    #[cfg(feature = "serde")]
    pub(crate) fn room(&self) -> usize {
        self.end.saturating_sub(self.bytes.len())
    }
}

impl fmt::Write for Bounded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.full {
            return Err(fmt::Error);
        }
        let room = self.end.saturating_sub(self.bytes.len());
        if text.len() <= room {
            self.bytes.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        let keep = text.floor_char_boundary_compat(room);
        self.bytes.extend_from_slice(text.get(..keep).unwrap_or_default().as_bytes());
        self.full = true;
        Err(fmt::Error)
    }
}

/// `str::floor_char_boundary`, which the standard library has since 1.91.
pub(crate) trait FloorCharBoundary {
    /// The largest character boundary that is at most `index`.
    fn floor_char_boundary_compat(&self, index: usize) -> usize;
}

impl FloorCharBoundary for str {
    fn floor_char_boundary_compat(&self, index: usize) -> usize {
        if index >= self.len() {
            return self.len();
        }
        (0..=index).rev().find(|i| self.is_char_boundary(*i)).unwrap_or(0)
    }
}
