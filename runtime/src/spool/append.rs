//! Writing: one segment of one folder of this process's own. A write that fails is taken back by cutting the file; where that
//! fails, too, the file is not written to any more, and what lies behind its last frame is damage to a reader.

use std::io;

use super::folder::Folder;
use super::frame::{SEGMENT_HEAD, head, segment_head};
use super::fs::{Fs, write_all};
use super::segment::Segment;
use super::store::{Store, Writing, millis};

/// A segment of few bytes ends after this part of the bound on age, so that nothing stays much longer than it should.
const PARTS: u32 = 24;

impl<F: Fs> Store<F> {
    /// Appends a frame: to which segment, and where in it.
    pub(super) fn write(
        &mut self,
        kind: u8,
        spans: u32,
        request: &[u8],
        length: u64,
    ) -> io::Result<(u64, u64)> {
        let durable = self.is_durable();
        let mut writing = self.take_segment(length)?;
        let unknown = || io::Error::from(io::ErrorKind::NotFound);
        let Some(segment) = self.segments.iter_mut().find(|segment| segment.id == writing.segment) else {
            return Err(unknown());
        };
        let start = segment.end;
        let head = head(segment.salt, start, kind, spans, request);
        let mut written = write_all(&self.fs, &mut writing.file, &head)
            .and_then(|()| write_all(&self.fs, &mut writing.file, request));
        if durable && written.is_ok() {
            written = self.fs.sync(&mut writing.file);
        }
        if let Err(error) = written {
            if self.fs.truncate(&mut writing.file, start).is_ok() {
                self.writing = Some(writing);
            } else {
                segment.bytes += length;
            }
            return Err(error);
        }
        segment.end += length;
        segment.bytes += length;
        writing.idle = false;
        let id = writing.segment;
        self.writing = Some(writing);
        Ok((id, start))
    }

    /// The segment that is written to, or the next one if that has no room, is too old, or is gone. The caller puts it back.
    fn take_segment(&mut self, length: u64) -> io::Result<Writing<F>> {
        if let Some(writing) = self.writing.take() {
            let end = self.index(writing.segment).and_then(|index| self.segments.get(index)).map(|it| it.end);
            let has_room = end.is_some_and(|end| {
                end + length <= self.options.segment_limit() || end == SEGMENT_HEAD as u64
            });
            let is_new = self.steady.saturating_sub(writing.since) < self.options.max_age / PARTS;
            if has_room && is_new && self.fs.linked(&writing.file) {
                return Ok(writing);
            }
        }
        let folder = self.own_folder()?;
        self.next_segment(folder)
    }

    /// The folder of this process's own, made where there is none.
    fn own_folder(&mut self) -> io::Result<u32> {
        if let Some(own) = self.own {
            return Ok(own);
        }
        let root = self.root.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let folder = Folder::make(&self.fs, root, rand::random())?;
        if self.is_durable() {
            self.fs.sync_dir(root)?;
        }
        let own = self.keep(folder);
        self.own = Some(own);
        Ok(own)
    }

    fn next_segment(&mut self, own: u32) -> io::Result<Writing<F>> {
        let durable = self.is_durable();
        let id = self.next_id();
        let created_ms = millis(self.wall);
        let folder = self.folders.get_mut(&own).ok_or(io::ErrorKind::NotFound)?;
        let mut segment = Segment::new(id, own, folder.number, folder.salt);
        folder.number += 1;
        segment.created_ms = created_ms;
        segment.expires = self.steady + self.options.max_age;
        let mut file = self.fs.create(&folder.dir, &segment.name)?;
        let mut made = write_all(&self.fs, &mut file, &segment_head(created_ms, segment.salt));
        if durable && made.is_ok() {
            made = self.fs.sync(&mut file).and_then(|()| self.fs.sync_dir(&folder.dir));
        }
        // In any case: a file that is not whole is removed as one that is finished.
        self.insert(segment);
        made?;
        Ok(Writing { segment: id, file, since: self.steady, idle: false })
    }
}
