//! Reading: the next frame, and what others have left. A segment that is found is first counted, that is read once from end to
//! end, and only then are its frames handed out.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use super::cursor::Done;
use super::folder::{ASIDE, CURSOR, Folder, LOCK, NEW_CURSOR, Taken, number_of, salt_of};
use super::frame::{
    FRAME_HEAD, Head, MAX_PAYLOAD, Piece, Pieces, SEGMENT_HEAD, number_of_salt, payload_length,
};
use super::fs::{Fs, is_foreign};
use super::segment::{Known, Place, Segment, State};
use super::store::{Gone, Store, millis};
use super::{Entry, Ticket};

/// How often left-over folders are looked for.
const LOOK_EACH: Duration = Duration::from_secs(10);
/// What was taken over is kept for so long, if the bound on age is not below it: its age is one clock's word against another's.
const GRACE: Duration = Duration::from_secs(600);
/// A file that is longer is none of ours: twice what a segment can be.
const MAX_FILE: u64 = 2 * (SEGMENT_HEAD + FRAME_HEAD + MAX_PAYLOAD) as u64;
/// Names of others that are remembered, so that each counts once.
const MAX_KNOWN: usize = 1024;

impl<F: Fs> Store<F> {
    /// The next frame of this segment that can be read. `None`: something about the segment has changed, and the caller asks again.
    pub(super) fn read_from(&mut self, index: usize) -> io::Result<Option<Entry>> {
        let Some(segment) = self.segments.get_mut(index) else { return Ok(None) };
        if segment.state == State::Unread {
            self.count(index)?;
            return Ok(None);
        }
        let (start, known) = match segment.place() {
            Place::Known(start, known) => (start, Some(known)),
            Place::At(start) => (start, None),
            Place::Nowhere => {
                let (frames, spans) = segment.lose_rest();
                self.counts.corrupt += spans;
                self.counts.corrupt_frames += frames;
                self.retire(index, false);
                return Ok(None);
            }
        };
        let end = known.map_or(segment.end, |known| known.end);
        let (id, salt) = (segment.id, segment.salt);
        match self.read_frame(index, start, end, salt) {
            Ok(Some((known, kind, bytes))) => {
                if let Some(segment) = self.segments.get_mut(index) {
                    segment.hold(start, known);
                }
                let ticket = Ticket { segment: id, offset: start };
                Ok(Some(Entry { ticket, kind, spans: known.spans, bytes }))
            }
            Ok(None) => self.skip(index, start, known).map(|()| None),
            Err(error) => self.vanish(index, error).map(|()| None),
        }
    }

    /// The frame that begins here, if one does.
    fn read_frame(
        &self,
        index: usize,
        start: u64,
        end: u64,
        salt: u64,
    ) -> io::Result<Option<(Known, u8, Vec<u8>)>> {
        let head = self.read_bytes(index, start, FRAME_HEAD)?;
        let Some(length) = payload_length(&head).filter(|length| start + (FRAME_HEAD + length) as u64 <= end)
        else {
            return Ok(None);
        };
        let mut bytes = self.read_bytes(index, start, FRAME_HEAD + length)?;
        let Some(Piece::Frame { end, kind, spans, .. }) = Pieces::new(&bytes, start, salt).next() else {
            return Ok(None);
        };
        bytes.drain(..FRAME_HEAD);
        Ok(Some((Known { end, spans }, kind, bytes)))
    }

    /// Goes over damage.
    fn skip(&mut self, index: usize, start: u64, known: Option<Known>) -> io::Result<()> {
        if let Some(known) = known {
            self.counts.corrupt += u64::from(known.spans);
            self.counts.corrupt_frames += 1;
            self.counts.corrupt_bytes += known.end - start;
            if let Some(segment) = self.segments.get_mut(index) {
                segment.lose(start, known);
            }
            return Ok(());
        }
        let Some(segment) = self.segments.get(index) else { return Ok(()) };
        let (end, salt) = (segment.end, segment.salt);
        let length = usize::try_from(end - start).unwrap_or(usize::MAX);
        let bytes = match self.read_bytes(index, start, length) {
            Ok(bytes) => bytes,
            Err(error) => return self.vanish(index, error),
        };
        let until = match Pieces::new(&bytes, start, salt).next() {
            // All of it, where the file has become shorter.
            Some(Piece::Damage { end: until, .. }) if until < start + bytes.len() as u64 => until,
            // It can be read now.
            Some(Piece::Frame { .. }) => return Ok(()),
            _ => end,
        };
        self.counts.corrupt_bytes += until - start;
        if let Some(segment) = self.segments.get_mut(index) {
            segment.finish(start, until);
            let folder = segment.folder;
            self.moved(folder);
        }
        Ok(())
    }

    /// Counts the frames of a segment that was found.
    pub(super) fn count(&mut self, index: usize) -> io::Result<()> {
        let Some(segment) = self.segments.get(index) else { return Ok(()) };
        let length = usize::try_from(segment.end).unwrap_or(usize::MAX);
        let bytes = match self.read_bytes(index, 0, length) {
            Ok(bytes) => bytes,
            Err(error) => return self.vanish(index, error),
        };
        let Some(segment) = self.segments.get_mut(index) else { return Ok(()) };
        let head = SEGMENT_HEAD as u64;
        let (mut recovered, mut damaged) = (0, Vec::new());
        for piece in Pieces::new(bytes.get(SEGMENT_HEAD..).unwrap_or_default(), head, segment.salt) {
            match piece {
                Piece::Frame { start, spans, .. } if segment.done_until(start).is_none() => {
                    segment.add(spans);
                    recovered += u64::from(spans);
                }
                Piece::Damage { start, end } if segment.done_until(start).is_none_or(|done| done < end) => {
                    damaged.push((start, end));
                }
                _ => {}
            }
        }
        segment.state = State::Counted;
        let nothing = segment.frames == 0 && segment.done.is_empty();
        for (start, end) in &damaged {
            segment.finish(*start, *end);
        }
        self.counts.recovered += recovered;
        self.counts.corrupt_frames += damaged.len() as u64;
        self.counts.corrupt_bytes += damaged.iter().map(|(start, end)| end - start).sum::<u64>();
        if nothing && !damaged.is_empty() {
            self.set_aside(index);
        }
        Ok(())
    }

    /// Renames a file that cannot be read, so that nobody tries again.
    fn set_aside(&mut self, index: usize) {
        let Some(segment) = self.segments.get_mut(index) else { return };
        let Some(folder) = self.folders.get(&segment.folder) else { return };
        segment.state = State::Aside;
        self.counts.set_aside += 1;
        let aside = format!("{}{ASIDE}", segment.name);
        match self.fs.rename(&folder.dir, &segment.name, &aside) {
            Ok(()) => segment.name = aside,
            Err(error) => self.fault("setting a file aside", &error),
        }
    }

    /// An error of a file that is gone, or not ours any more, is the end of it; any other is the caller's.
    fn vanish(&mut self, index: usize, error: io::Error) -> io::Result<()> {
        if error.kind() != io::ErrorKind::NotFound && !is_foreign(&error) {
            return Err(error);
        }
        self.fault("reading", &error);
        self.drop_segment(index, Gone::Corrupt);
        Ok(())
    }

    fn read_bytes(&self, index: usize, start: u64, bytes: usize) -> io::Result<Vec<u8>> {
        let segment = self.segments.get(index).ok_or(io::ErrorKind::NotFound)?;
        let folder = self.folders.get(&segment.folder).ok_or(io::ErrorKind::NotFound)?;
        self.fs.read(&folder.dir, &segment.name, start, bytes)
    }

    /// Takes over the folders whose processes are gone.
    pub(super) fn look_for_orphans(&mut self) {
        self.look_from = self.steady + LOOK_EACH;
        let Some(root) = &self.root else { return };
        let names = match self.fs.names(root) {
            Ok(names) => names,
            Err(error) => return self.fault("looking into the folder", &error),
        };
        for name in names {
            let Some(salt) = salt_of(&name) else {
                self.foreign(name);
                continue;
            };
            let Some(root) = self.root.as_ref() else { return };
            if self.folders.values().any(|folder| folder.name == name) {
                continue;
            }
            match Folder::take(&self.fs, root, &name, salt) {
                Ok(Taken::Ours(folder, names)) => self.adopt(folder, names),
                Ok(Taken::InUse | Taken::Empty) => {}
                Err(error) if is_foreign(&error) => self.foreign(name),
                Err(error) => self.fault("taking a folder over", &error),
            }
        }
    }

    fn adopt(&mut self, folder: Folder<F>, names: Vec<String>) {
        let done = match folder.read_cursor(&self.fs) {
            Ok(done) => done,
            Err(error) => {
                self.fault("reading a cursor", &error);
                BTreeMap::new()
            }
        };
        let id = self.keep(folder);
        for name in names {
            if let Err(error) = self.adopt_file(id, &name, &done) {
                if is_foreign(&error) {
                    self.foreign(name);
                } else {
                    self.fault("looking at a file", &error);
                }
            }
        }
    }

    fn adopt_file(&mut self, owner: u32, name: &str, done: &BTreeMap<u32, Done>) -> io::Result<()> {
        if [LOCK, CURSOR, NEW_CURSOR].contains(&name) {
            return Ok(());
        }
        let aside = name.strip_suffix(ASIDE).and_then(number_of);
        let Some(number) = aside.or_else(|| number_of(name)) else {
            return Err(super::fs::foreign("it is no file of the spool"));
        };
        let folder = self.folders.get(&owner).ok_or(io::ErrorKind::NotFound)?;
        let bytes = self.fs.size(&folder.dir, name)?;
        let head = Head::of(&self.fs.read(&folder.dir, name, 0, SEGMENT_HEAD)?);
        let salt = folder.salt;
        // By its head, where that can be read: somebody may have exchanged the names of two files.
        let number = match head {
            Head::Known { salt: own, .. } => number_of_salt(salt, own),
            Head::Newer | Head::Damaged => Some(number),
        };
        let id = self.next_id();
        let mut segment = Segment::new(id, owner, number.unwrap_or_default(), salt);
        name.clone_into(&mut segment.name);
        (segment.bytes, segment.end) = (bytes, bytes);
        segment.state = if aside.is_some() { State::Aside } else { State::Unread };
        segment.done = number.and_then(|number| done.get(&number).cloned()).unwrap_or_default();
        if let Head::Known { created_ms, salt } = head {
            (segment.created_ms, segment.salt) = (created_ms, salt);
        }
        let age = Duration::from_millis(millis(self.wall).saturating_sub(segment.created_ms));
        let age = if segment.created_ms == 0 { Duration::ZERO } else { age };
        let left = self.options.max_age.saturating_sub(age).max(GRACE.min(self.options.max_age));
        segment.expires = self.steady + left;
        let whole = aside.is_none() && head != Head::Newer && bytes <= MAX_FILE;
        self.insert(segment);
        self.counts.adopted += u64::from(aside.is_none());
        if let Some(index) = self.index(id).filter(|_| aside.is_none() && !whole) {
            self.set_aside(index);
        }
        Ok(())
    }

    /// Something that is left alone.
    fn foreign(&mut self, name: String) {
        if self.known_foreign.len() < MAX_KNOWN && self.known_foreign.insert(name) {
            self.counts.foreign += 1;
        }
    }
}
