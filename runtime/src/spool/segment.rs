//! One segment, as it is known in memory: how many frames of it wait, which ones are handed out, which ranges are done.
//!
//! ```text
//! waiting ──next──▶ held ──done──▶ done            a frame that is appended held starts there
//!    ▲               │
//!    └───put_back────┘
//! ```
//!
//! Frames that wait are not listed, only counted: they lie between `read` and `end`, where the reader finds them again. So memory
//! is what is handed out, not what is on disk.

use std::collections::BTreeMap;
use std::time::Duration;

use super::cursor::Done;
use super::frame::{SEGMENT_HEAD, segment_salt};

/// What is known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Found, and not even looked at: how long it is, which one it is.
    Unseen,
    /// Found, and its frames not counted yet.
    Unread,
    /// Its frames are counted.
    Counted,
    /// Not readable here; kept for a person to look at, until there is no room for it.
    Aside,
}

/// A frame that was handed out, or that came back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) end: u64,
    pub(super) spans: u32,
}

/// See the module.
pub(super) struct Segment {
    pub(super) id: u64,
    pub(super) folder: u32,
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) created_ms: u64,
    /// By the spool's own clock.
    pub(super) expires: Duration,
    pub(super) salt: u64,
    /// On disk.
    pub(super) bytes: u64,
    /// Where the last frame ends; behind it lies at most what could not be cut off.
    pub(super) end: u64,
    pub(super) state: State,
    /// It could not be read: not before then is it tried again.
    pub(super) read_from: Duration,
    pub(super) done: Done,
    pub(super) read: u64,
    pub(super) held: BTreeMap<u64, Known>,
    pub(super) back: BTreeMap<u64, Known>,
    pub(super) frames: u64,
    pub(super) spans: u64,
}

/// Where the next frame that waits is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Known(u64, Known),
    At(u64),
    /// There is none, whatever was counted.
    Nowhere,
}

impl Segment {
    /// A segment of which nothing is known but where it is; `salt` is the folder's.
    pub(super) fn new(id: u64, folder: u32, number: u32, salt: u64) -> Self {
        let head = SEGMENT_HEAD as u64;
        Self {
            id,
            folder,
            number,
            name: format!("{number:010}.seg"),
            created_ms: 0,
            expires: Duration::MAX,
            salt: segment_salt(salt, number),
            bytes: head,
            end: head,
            state: State::Counted,
            read_from: Duration::ZERO,
            done: Done::new(),
            read: head,
            held: BTreeMap::new(),
            back: BTreeMap::new(),
            frames: 0,
            spans: 0,
        }
    }

    /// A frame was appended, or found.
    pub(super) fn add(&mut self, spans: u32) {
        self.frames += 1;
        self.spans += u64::from(spans);
    }

    /// Where the next frame that waits is; moves over what is handed out or done.
    pub(super) fn place(&mut self) -> Place {
        if let Some((start, known)) = self.back.first_key_value() {
            return Place::Known(*start, *known);
        }
        while self.read < self.end {
            if let Some(known) = self.held.get(&self.read) {
                self.read = known.end;
            } else if let Some(end) = self.done_until(self.read) {
                self.read = end;
            } else {
                return Place::At(self.read);
            }
        }
        Place::Nowhere
    }

    /// Hands a frame out that waits.
    pub(super) fn hold(&mut self, start: u64, known: Known) {
        self.back.remove(&start);
        self.forget(known.spans);
        self.held.insert(start, known);
    }

    /// A frame that came back cannot be read any more.
    pub(super) fn lose(&mut self, start: u64, known: Known) {
        self.back.remove(&start);
        self.forget(known.spans);
        self.finish(start, known.end);
    }

    /// Nothing waits but what came back: how many frames and spans were counted and are not there.
    pub(super) fn lose_rest(&mut self) -> (u64, u64) {
        let frames = self.back.len() as u64;
        let spans = self.back.values().map(|known| u64::from(known.spans)).sum();
        let lost = (self.frames.saturating_sub(frames), self.spans.saturating_sub(spans));
        (self.frames, self.spans) = (frames, spans);
        lost
    }

    /// A frame that is handed out was delivered: how many spans it had.
    pub(super) fn deliver(&mut self, start: u64) -> Option<u32> {
        let known = self.held.remove(&start)?;
        self.finish(start, known.end);
        Some(known.spans)
    }

    /// A frame that is handed out waits again.
    pub(super) fn put_back(&mut self, start: u64) {
        if let Some(known) = self.held.remove(&start) {
            self.add(known.spans);
            if start < self.read {
                self.back.insert(start, known);
            }
        }
    }

    /// Adds a range to what is done.
    pub(super) fn finish(&mut self, mut start: u64, mut end: u64) {
        if let Some((before, until)) = self.done.range(..=start).next_back() {
            if *until >= start {
                (start, end) = (*before, end.max(*until));
            }
        }
        if let Some(until) = self.done.remove(&end) {
            end = until;
        }
        self.done.insert(start, end);
    }

    /// Where the range ends that is done here.
    pub(super) fn done_until(&self, at: u64) -> Option<u64> {
        self.done.range(..=at).next_back().map(|(_, end)| *end).filter(|end| *end > at)
    }

    /// Whether a frame may wait, and may be asked for now.
    pub(super) fn waits(&self, now: Duration) -> bool {
        self.read_from <= now && (self.is_new() || self.frames > 0)
    }

    /// Whether its frames are still to be counted.
    pub(super) fn is_new(&self) -> bool {
        matches!(self.state, State::Unseen | State::Unread)
    }

    /// Whether the file is of no use any more.
    pub(super) fn is_finished(&self) -> bool {
        self.state == State::Counted && self.frames == 0 && self.held.is_empty()
    }

    fn forget(&mut self, spans: u32) {
        self.frames = self.frames.saturating_sub(1);
        self.spans = self.spans.saturating_sub(u64::from(spans));
    }
}
