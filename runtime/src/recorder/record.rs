//! The layout of one record in a chunk.
//!
//! A header, then the *body*: fields of an OTLP `Span` message as they are on the wire, or nearly (`wire/raw.rs`), first the
//! attributes that the caller captured, then what its ending added (status, events, more attributes). Everything that is known at compile time
//! is reached through the call site and added when the record is completed (`pipeline/complete.rs`).
//!
//! Of a header, what the last whole one of the chunk says, too, is left out: 72 bytes become 24 for one more call below the same
//! span ([`Near`]), 48 for another span of the trace ([`Far`]). What is not written is no new memory, either, which is dear.
#![expect(
    unsafe_code,
    reason = "the promise that a header knows the length of its body, and reads what it wrote"
)]

#[cfg(test)]
mod tests;

use std::mem::offset_of;
use std::ptr;

use super::header::{Header, Whole};
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
    /// First of all: its upper bits say that the header is [`Near`] or [`Far`], which begin with it, too.
    pub(crate) flags: u32,
    /// Bytes of the body.
    pub(crate) body: u32,
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
}

/// A header that the last whole one completes: of another call of the same function below the same span.
#[derive(Clone, Copy)]
#[repr(C)]
struct Near {
    /// The form, the flags and the length of the body.
    word: u32,
    duration: u32,
    span_id: [u8; 8],
    start: u64,
}

/// The same for another span of the trace.
#[derive(Clone, Copy)]
#[repr(C)]
struct Far {
    near: Near,
    parent_id: [u8; 8],
    callsite: &'static Callsite,
    subject: Subject,
}

const NEAR: u32 = 1 << 30;
const FAR: u32 = 2 << 30;
const FORM: u32 = NEAR | FAR;
/// Bits of a body's length in [`Near::word`], below those of the flags.
const BODY: u32 = 16;

impl Near {
    /// `None` where something is too large for it.
    fn of(record: &Record) -> Option<Self> {
        let duration = u32::try_from(record.end.wrapping_sub(record.start)).ok()?;
        let fits = record.body >> BODY | record.flags >> (FORM.trailing_zeros() - BODY) == 0;
        let word = record.body | record.flags << BODY;
        fits.then_some(Self { word, duration, span_id: record.span_id, start: record.start })
    }

    fn complete(&self, base: &Record) -> Record {
        Record {
            flags: (self.word & !FORM) >> BODY,
            body: self.word & ((1 << BODY) - 1),
            span_id: self.span_id,
            start: self.start,
            end: self.start.wrapping_add(self.duration.into()),
            ..*base
        }
    }
}

impl Record {
    /// With what the span's ending says: its time, and the length of the body.
    #[expect(clippy::cast_possible_truncation, reason = "a span's budget is at most 64 MiB")]
    pub(crate) fn ended(&self, ticks: u64, flags: u32, [head, tail]: [&[u8]; 2]) -> Self {
        let body = (head.len() + tail.len()) as u32;
        Self { end: ticks, body, flags: self.flags | flags, ..*self }
    }

    /// The same in parts.
    #[cfg_attr(not(debug_assertions), inline)]
    #[expect(clippy::cast_possible_truncation, reason = "as above")]
    pub(crate) fn ending(&self, ticks: u64, flags: u32, body: usize) -> Ending<'_> {
        Ending { record: self, ticks, flags: self.flags | flags, body: body as u32 }
    }
}

/// Two neighbours in memory, to be written at once.
#[cfg_attr(not(debug_assertions), inline)]
fn word(first: u32, second: u32) -> u64 {
    let [low, high] = if cfg!(target_endian = "little") { [first, second] } else { [second, first] };
    u64::from(low) | u64::from(high) << u32::BITS
}

/// A record that has ended, in parts: so that what is known from the start goes to the chunk in wide pieces, and each word of
/// it is written once.
pub(crate) struct Ending<'a> {
    record: &'a Record,
    ticks: u64,
    flags: u32,
    body: u32,
}

// SAFETY: `body` is what `body_len` says, and all other fields are copied.
unsafe impl Whole for Ending<'_> {
    type Header = Record;

    #[cfg_attr(not(debug_assertions), inline)]
    fn body_len(&self) -> usize {
        self.body as usize
    }

    #[cfg_attr(not(debug_assertions), inline)]
    unsafe fn store(self, at: *mut Record) {
        const FIRST: usize = offset_of!(Record, callsite);
        const LAST: usize = offset_of!(Record, end);
        const { assert!(FIRST == size_of::<[u32; 2]>() && offset_of!(Record, body) == size_of::<u32>()) }
        // SAFETY: the caller's promise; flags and body lie before what is copied, the end behind it.
        unsafe {
            let known = ptr::from_ref(self.record).cast::<u8>().add(FIRST);
            ptr::copy_nonoverlapping(known, at.cast::<u8>().add(FIRST), LAST - FIRST);
            at.cast::<u64>().write(word(self.flags, self.body));
            (&raw mut (*at).end).write(self.ticks);
        }
    }
}

// SAFETY: `Writer::append` is called in `recording.rs` only, with `body` set by `ended` from the two slices that it appends; `append`
// compares their sum again. `store` writes no more than a whole header, and says in its first word what it wrote.
unsafe impl Header for Record {
    #[cfg_attr(not(debug_assertions), inline)]
    fn body_len(&self) -> usize {
        self.body as usize
    }

    unsafe fn store(&self, base: Option<&Self>, at: *mut u64) -> usize {
        const { assert!(size_of::<Far>() < size_of::<Self>()) }
        let base = base.filter(|base| base.trace_id == self.trace_id);
        // SAFETY: there is room for a whole header, aligned to a word, which is more than either.
        unsafe {
            if let (Some(base), Some(mut near)) = (base, Near::of(self)) {
                let Self { parent_id, callsite, subject, .. } = *self;
                let same_site = ptr::eq(callsite, base.callsite) && subject as usize == base.subject as usize;
                if same_site && parent_id == base.parent_id {
                    near.word |= NEAR;
                    at.cast::<Near>().write(near);
                    return size_of::<Near>();
                }
                near.word |= FAR;
                at.cast::<Far>().write(Far { near, parent_id, callsite, subject });
                return size_of::<Far>();
            }
            at.cast::<Self>().write(*self);
        }
        size_of::<Self>()
    }

    unsafe fn load(at: *const u64, base: Option<&Self>) -> (Self, usize) {
        // SAFETY: `store` wrote here; what the first word says is what it wrote, and a base is what it had.
        unsafe {
            match (at.cast::<u32>().read() & FORM, base) {
                (NEAR, Some(base)) => (at.cast::<Near>().read().complete(base), size_of::<Near>()),
                (FAR, Some(base)) => {
                    let Far { near, parent_id, callsite, subject } = at.cast::<Far>().read();
                    let record = near.complete(&Self { callsite, subject, parent_id, ..*base });
                    (record, size_of::<Far>())
                }
                _ => (at.cast::<Self>().read(), size_of::<Self>()),
            }
        }
    }
}
