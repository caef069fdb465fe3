//! Reading: the next frame, and what others have left. A segment that is found is first counted, that is read once from end to
//! end, and only then are its frames handed out.

use std::io;

use super::folder::ASIDE;
use super::frame::{FRAME_HEAD, Piece, Pieces, SEGMENT_HEAD, is_begun, payload_length};
use super::fs::{Fs, is_foreign};
use super::segment::{Known, Place, State};
use super::store::{Gone, REST, Store};
use super::{Entry, Ticket};

impl<F: Fs> Store<F> {
    /// The next frame of this segment that can be read. `None`: something about the segment has changed, and the caller asks again.
    pub(super) fn read_from(&mut self, index: usize) -> io::Result<Option<Entry>> {
        let Some(segment) = self.segments.get_mut(index) else { return Ok(None) };
        if segment.is_new() {
            return self.count_if_new(index).map(|()| None);
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

    /// This segment is left alone for a while.
    pub(super) fn unreadable(&mut self, index: usize, error: &io::Error) {
        self.fault("reading", error);
        if let Some(segment) = self.segments.get_mut(index) {
            segment.read_from = self.steady + REST;
        }
    }

    /// Looks at a segment that was found, and counts its frames. What it is may be found out to be nothing, and be gone then.
    pub(super) fn count_if_new(&mut self, index: usize) -> io::Result<()> {
        match self.segments.get(index).map(|segment| segment.state) {
            // It may have moved among the others; who asks again finds it.
            Some(State::Unseen) => match self.look_at(index) {
                Err(error) => self.vanish(index, error),
                Ok(id) => self.index(id).map_or(Ok(()), |index| self.count_if_new(index)),
            },
            Some(State::Unread) => self.count(index),
            _ => Ok(()),
        }
    }

    fn count(&mut self, index: usize) -> io::Result<()> {
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
        let is_cut = bytes.get(SEGMENT_HEAD..).is_some_and(is_cut_off);
        if nothing && !damaged.is_empty() && !is_cut {
            self.set_aside(index);
        }
        Ok(())
    }

    /// Renames a file that cannot be read, so that nobody tries again.
    pub(super) fn set_aside(&mut self, index: usize) {
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
    pub(super) fn vanish(&mut self, index: usize, error: io::Error) -> io::Result<()> {
        if error.kind() != io::ErrorKind::NotFound && !is_foreign(&error) {
            return Err(error);
        }
        if let Some(name) =
            self.segments.get(index).map(|segment| segment.name.clone()).filter(|_| is_foreign(&error))
        {
            self.foreign(name);
        } else {
            self.fault("reading", &error);
        }
        self.drop_segment(index, Gone::Corrupt);
        Ok(())
    }

    fn read_bytes(&self, index: usize, start: u64, bytes: usize) -> io::Result<Vec<u8>> {
        let segment = self.segments.get(index).ok_or(io::ErrorKind::NotFound)?;
        let folder = self.folders.get(&segment.folder).ok_or(io::ErrorKind::NotFound)?;
        self.fs.read(&folder.dir, &segment.name, start, bytes)
    }
}

/// Whether this is what an interrupted write leaves: a frame that goes on behind the end, or zeros. Nobody need look at that.
fn is_cut_off(frames: &[u8]) -> bool {
    let goes_on = || payload_length(frames).is_none_or(|length| FRAME_HEAD + length > frames.len());
    frames.iter().all(|byte| *byte == 0) || (is_begun(frames) && goes_on())
}
