//! The layout of one record in a chunk.
//!
//! A fixed header, then the *body*: fields of an OTLP `Span` message as they are on the wire, or nearly (`wire/raw.rs`), first the
//! attributes that the caller captured, then what its ending added (status, events, more attributes). Everything that is known at compile time
//! is reached through the call site and added when the record is completed (`pipeline/complete.rs`).
#![expect(unsafe_code, reason = "one `unsafe impl`: the promise that a header knows the length of its body")]

use super::chunk::Header;
use crate::callsite::{Callsite, Subject};

/// Facts about a record in the bits of [`Record::flags`].
pub(crate) mod flag {
    /// Status code `OK` is to be added.
    pub(crate) const STATUS_OK: u32 = 1;
    /// The parent is in another process.
    pub(crate) const PARENT_REMOTE: u32 = 1 << 1;
    /// The body holds events, whose times are ticks that become nanoseconds since the epoch.
    pub(crate) const EVENTS: u32 = 1 << 2;
    /// The span is not recorded: such a record is never published.
    pub(crate) const NOT_SAMPLED: u32 = 1 << 4;
    /// The status is `ERROR`.
    pub(crate) const FAILED: u32 = 1 << 5;
    /// The future was dropped before it was finished.
    pub(crate) const CANCELLED: u32 = 1 << 6;
    /// The parent is in another process, and sampled there.
    pub(crate) const UPSTREAM: u32 = 1 << 7;
    /// No span: it says that a root has started, where traces are held until they are over (`pipeline/tail`).
    pub(crate) const BEGINS: u32 = 1 << 8;
    /// An attribute holds a list of key-value pairs, which becomes attributes of its own.
    pub(crate) const STRUCTURED: u32 = 1 << 3;
}

/// The header of a record.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Record {
    pub(crate) callsite: &'static Callsite,
    pub(crate) subject: Subject,
    /// Big-endian, as on the wire.
    pub(crate) trace_id: [u8; 16],
    pub(crate) span_id: [u8; 8],
    /// Zero for a root.
    pub(crate) parent_id: [u8; 8],
    /// Ticks of the recorder's clock.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Bytes of the body.
    pub(crate) body: u32,
    pub(crate) flags: u32,
}

impl Record {
    /// With what the span's ending says: its time, and the length of the body. A new record, so that this goes
    /// from registers to the chunk: what was just written cannot be read in wider pieces without waiting.
    #[cfg_attr(not(debug_assertions), inline(always), expect(clippy::inline_always, reason = "see above"))]
    #[expect(clippy::cast_possible_truncation, reason = "a span's budget is at most 64 MiB")]
    pub(crate) fn ended(&self, ticks: u64, flags: u32, [head, tail]: [&[u8]; 2]) -> Self {
        let body = (head.len() + tail.len()) as u32;
        Self { end: ticks, body, flags: self.flags | flags, ..*self }
    }
}

// SAFETY: `Writer::append` is called in `recording.rs` only, with `body` set by `ended` from the two slices that it appends; `append`
// compares their sum again.
unsafe impl Header for Record {
    #[cfg_attr(not(debug_assertions), inline)]
    fn body_len(&self) -> usize {
        self.body as usize
    }
}
