//! The store: what the sender calls. Frames are appended to a folder of this process's own, and read from there and from what was
//! taken over, the oldest segment first.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::folder::{Folder, gone};
use super::frame::{FRAME_HEAD, MAX_PAYLOAD, SEGMENT_HEAD};
use super::fs::Fs;
use super::segment::{Known, Segment, State};
use super::{After, Durability, Entry, RealFs, Refused, Spool, SpoolCounts, Ticket, WhenFull};

/// How long nothing is tried after a failure.
pub(super) const REST: Duration = Duration::from_secs(1);

/// See the [module](super).
pub(crate) struct Store<F: Fs = RealFs> {
    pub(super) fs: F,
    pub(super) options: Spool,
    pub(super) root: Option<F::Dir>,
    pub(super) folders: BTreeMap<u32, Folder<F>>,
    /// The folder that is written to; made when something is.
    pub(super) own: Option<u32>,
    pub(super) writing: Option<Writing<F>>,
    /// The oldest first.
    pub(super) segments: Vec<Segment>,
    /// Spans of frames that are handed out and whose file is gone, and why.
    pub(super) homeless: BTreeMap<Ticket, (u32, Gone)>,
    pub(super) next_id: u64,
    pub(super) wall: SystemTime,
    /// Goes on while ticks come, whatever the wall clock does.
    pub(super) steady: Duration,
    pub(super) write_from: Duration,
    pub(super) look_from: Duration,
    pub(super) room_from: Duration,
    /// The disk has no room for more of ours.
    pub(super) crowded: bool,
    pub(super) problem: Option<String>,
    pub(super) known_foreign: BTreeSet<String>,
    pub(super) counts: SpoolCounts,
}

/// The segment that is appended to.
pub(super) struct Writing<F: Fs> {
    pub(super) segment: u64,
    pub(super) file: F::File,
    pub(super) since: Duration,
    /// Nothing was appended since the last tick.
    pub(super) idle: bool,
}

/// Why a file was removed before all of it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    Evicted,
    Expired,
    Corrupt,
}

impl<F: Fs> Store<F> {
    /// Opens a spool. What does not work is counted, and tried again by [`tick`](Self::tick).
    pub(crate) fn open(options: &Spool, fs: F, now: SystemTime) -> Self {
        let mut store = Self {
            fs,
            options: options.clone(),
            root: None,
            folders: BTreeMap::new(),
            own: None,
            writing: None,
            segments: Vec::new(),
            homeless: BTreeMap::new(),
            next_id: 1,
            wall: now,
            steady: Duration::ZERO,
            write_from: Duration::ZERO,
            look_from: Duration::ZERO,
            room_from: Duration::ZERO,
            crowded: false,
            problem: None,
            known_foreign: BTreeSet::new(),
            counts: SpoolCounts::default(),
        };
        store.open_root();
        store.look_for_room();
        store.look_for_orphans();
        store.make_room_for(0).ok();
        store
    }

    /// Writes one request. When this returns, the operating system has it, or the disk, as the options say.
    ///
    /// # Errors
    ///
    /// It was not written, and the caller keeps it.
    pub(crate) fn append(
        &mut self,
        kind: u8,
        spans: u32,
        request: &[u8],
        after: After,
    ) -> Result<Ticket, Refused> {
        let length = (FRAME_HEAD + request.len()) as u64;
        let with_head = length + SEGMENT_HEAD as u64;
        if request.len() > MAX_PAYLOAD || with_head > self.options.max_bytes {
            return Err(Refused::Full);
        }
        if self.root.is_none() || self.crowded || self.steady < self.write_from {
            return Err(Refused::Unavailable);
        }
        self.make_room_for(with_head)?;
        let (segment, offset) = self.write(kind, spans, request, length).map_err(|error| {
            self.fault("writing", &error);
            self.write_from = self.steady + REST;
            Refused::Unavailable
        })?;
        self.problem = None;
        self.counts.appended += u64::from(spans);
        let ticket = Ticket { segment, offset };
        if let Some(segment) = self.segment(segment) {
            segment.add(spans);
            if after == After::Held {
                segment.hold(offset, Known { end: offset + length, spans });
            }
        }
        Ok(ticket)
    }

    /// The oldest frame that waits, handed out until it is [`done`](Self::done) or [`put_back`](Self::put_back).
    pub(crate) fn next(&mut self) -> Option<Entry> {
        loop {
            let index = self.segments.iter().position(|segment| segment.waits(self.steady))?;
            match self.read_from(index) {
                Ok(Some(entry)) => return Some(entry),
                Ok(None) => {}
                Err(error) => self.unreadable(index, &error),
            }
        }
    }

    /// A frame was delivered, or finally refused: it is not handed out again, also after a restart.
    pub(crate) fn done(&mut self, ticket: Ticket) {
        if let Some((spans, _)) = self.homeless.remove(&ticket) {
            self.counts.done += u64::from(spans);
            return;
        }
        let Some(segment) = self.segment(ticket.segment) else { return };
        let Some(spans) = segment.deliver(ticket.offset) else { return };
        let folder = segment.folder;
        self.counts.done += u64::from(spans);
        self.moved(folder);
        if let Some(index) = self.index(ticket.segment) {
            self.retire(index, false);
        }
    }

    /// A frame was not delivered, and waits again.
    pub(crate) fn put_back(&mut self, ticket: Ticket) {
        if let Some((spans, why)) = self.homeless.remove(&ticket) {
            *self.gone(why) += u64::from(spans);
        } else if let Some(segment) = self.segment(ticket.segment) {
            segment.put_back(ticket.offset);
        }
    }

    /// See [`SpoolCounts`].
    pub(crate) fn counts(&self) -> SpoolCounts {
        let mut counts = self.counts;
        for segment in &self.segments {
            counts.frames += segment.frames;
            counts.spans += segment.spans;
            counts.held += segment.held.values().map(|known| u64::from(known.spans)).sum::<u64>();
            counts.bytes += segment.bytes;
        }
        counts.held += self.homeless.values().map(|(spans, _)| u64::from(*spans)).sum::<u64>();
        counts
    }

    /// What does not work at the moment, in words.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Makes room, by what the options say gives way.
    pub(super) fn make_room_for(&mut self, bytes: u64) -> Result<(), Refused> {
        let evicts = self.options.when_full == WhenFull::EvictOldest;
        while self.segments.iter().map(|segment| segment.bytes).sum::<u64>() + bytes > self.options.max_bytes
        {
            let useless = self
                .segments
                .iter()
                .position(|segment| segment.state == State::Aside || segment.is_finished());
            let oldest = (evicts && !self.segments.is_empty()).then_some(0);
            let index = useless.or(oldest).ok_or(Refused::Full)?;
            if let Err(error) = self.give_up(index, Gone::Evicted) {
                self.fault("making room", &error);
                self.write_from = self.steady + REST;
                return Err(Refused::Unavailable);
            }
        }
        Ok(())
    }

    /// Removes a file with what waits in it.
    pub(super) fn give_up(&mut self, index: usize, why: Gone) -> io::Result<()> {
        self.count_if_new(index)?;
        // Counting may have found that there is no such file.
        let Some(segment) = self.segments.get(index) else { return Ok(()) };
        if self.writing.as_ref().is_some_and(|writing| writing.segment == segment.id) {
            self.writing = None;
        }
        if let Some(folder) = self.folders.get(&segment.folder) {
            gone(self.fs.remove(&folder.dir, &segment.name))?;
            if self.is_durable() {
                // Or its bytes are there again after a power failure, beside those that were written since.
                gone(self.fs.sync_dir(&folder.dir))?;
            }
        }
        self.drop_segment(index, why);
        Ok(())
    }

    /// The file is gone; what waited in it counts.
    pub(super) fn drop_segment(&mut self, index: usize, why: Gone) {
        let segment = self.segments.remove(index);
        *self.gone(why) += segment.spans;
        for (offset, known) in segment.held {
            self.homeless.insert(Ticket { segment: segment.id, offset }, (known.spans, why));
        }
    }

    /// Removes a file that is finished.
    pub(super) fn retire(&mut self, index: usize, when_idle: bool) {
        let Some(segment) = self.segments.get(index).filter(|segment| segment.is_finished()) else { return };
        let written = self.writing.as_ref().filter(|writing| writing.segment == segment.id);
        if written.is_some_and(|writing| !(when_idle && writing.idle)) {
            return;
        }
        if let Err(error) = self.give_up(index, Gone::Corrupt) {
            self.fault("removing a file that is done", &error);
        }
    }

    pub(super) fn fault(&mut self, doing: &str, error: &io::Error) {
        self.counts.errors.count(error);
        self.problem = Some(format!("{doing}: {error}"));
    }

    pub(super) fn gone(&mut self, why: Gone) -> &mut u64 {
        match why {
            Gone::Evicted => &mut self.counts.evicted,
            Gone::Expired => &mut self.counts.expired,
            Gone::Corrupt => &mut self.counts.corrupt,
        }
    }

    pub(super) fn moved(&mut self, folder: u32) {
        if let Some(folder) = self.folders.get_mut(&folder) {
            folder.moved = true;
        }
    }

    pub(super) fn index(&self, id: u64) -> Option<usize> {
        self.segments.iter().position(|segment| segment.id == id)
    }

    pub(super) fn segment(&mut self, id: u64) -> Option<&mut Segment> {
        self.segments.iter_mut().find(|segment| segment.id == id)
    }

    pub(super) fn is_durable(&self) -> bool {
        self.options.durability == Durability::Fsync
    }
}

impl<F: Fs> Drop for Store<F> {
    /// What is done is written down; the rest is for the next process.
    fn drop(&mut self) {
        self.writing = None;
        self.upkeep();
    }
}

/// The wall clock as segments have it.
pub(super) fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
