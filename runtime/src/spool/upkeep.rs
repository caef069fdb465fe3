//! What happens by time: faults are over, folders of others are taken over, what is too old goes, what is done is written down.

use std::time::{Duration, SystemTime};

use super::cursor;
use super::folder::Folder;
use super::fs::Fs;
use super::segment::Segment;
use super::store::{Gone, REST, Store};

/// A clock that went further than this between two ticks was set.
const LONGEST_STEP: Duration = Duration::from_secs(60);

impl<F: Fs> Store<F> {
    /// To be called about ten times a second.
    pub(crate) fn tick(&mut self, now: SystemTime) {
        let step = now.duration_since(self.wall).unwrap_or_default();
        self.steady += step.min(LONGEST_STEP);
        self.wall = now;
        self.notice_removed();
        if self.root.is_none() && self.steady >= self.write_from {
            self.open_root();
            self.look_from = self.steady;
        }
        self.look_for_room();
        if self.steady >= self.look_from {
            self.look_for_orphans();
            self.make_room_for(0).ok();
        }
        let is_due = |segment: &Segment| segment.is_new() && segment.waits(self.steady);
        if let Some(index) = self.segments.iter().position(is_due) {
            if let Err(error) = self.count_if_new(index) {
                self.unreadable(index, &error);
            }
        }
        self.expire();
        self.upkeep();
        if let Some(writing) = &mut self.writing {
            writing.idle = true;
        }
    }

    /// Removes what is finished, writes down what is done.
    pub(super) fn upkeep(&mut self) {
        for index in (0..self.segments.len()).rev() {
            self.retire(index, true);
        }
        self.write_cursors();
        self.remove_folders();
    }

    pub(super) fn open_root(&mut self) {
        let path = std::path::absolute(&self.options.dir);
        match path.and_then(|path| self.fs.root(&path)) {
            Ok(root) => {
                self.root = Some(root);
                self.problem = None;
            }
            Err(error) => {
                self.fault("opening the folder", &error);
                self.write_from = self.steady + REST;
            }
        }
    }

    /// Whoever removes a folder or a lock takes away what is in it.
    fn notice_removed(&mut self) {
        if self.root.as_ref().is_some_and(|root| !self.fs.exists(root)) {
            self.root = None;
        }
        let lost: Vec<u32> = self
            .folders
            .iter()
            .filter(|(_, folder)| !self.fs.exists(&folder.dir) || !self.fs.lock_linked(&folder.lock))
            .map(|(id, _)| *id)
            .collect();
        for id in lost {
            while let Some(index) = self.segments.iter().position(|segment| segment.folder == id) {
                self.drop_segment(index, Gone::Corrupt);
            }
            self.folders.remove(&id);
            if self.own == Some(id) {
                self.own = None;
                self.writing = None;
            }
        }
    }

    fn expire(&mut self) {
        while let Some(index) = self.segments.iter().position(|segment| segment.expires <= self.steady) {
            if let Err(error) = self.give_up(index, Gone::Expired) {
                return self.fault("removing what is too old", &error);
            }
        }
    }

    fn write_cursors(&mut self) {
        let durable = self.is_durable();
        let mut failed = None;
        for (id, folder) in self.folders.iter_mut().filter(|(_, folder)| folder.moved) {
            let segments = self.segments.iter().filter(|segment| segment.folder == *id);
            let ranges = segments
                .flat_map(|segment| segment.done.iter().map(|(start, end)| (segment.number, *start, *end)));
            let bytes = cursor::encode(folder.salt, ranges);
            if let Err(error) = folder.write_cursor(&self.fs, &bytes, durable) {
                failed = Some(error);
            }
        }
        if let Some(error) = failed {
            self.fault("writing a cursor", &error);
        }
    }

    /// Removes folders in which nothing is left, but for the own one while it may be written to.
    fn remove_folders(&mut self) {
        let Some(root) = &self.root else { return };
        let mut failed = None;
        let empty: Vec<u32> = self
            .folders
            .iter()
            .filter(|(id, folder)| {
                let used = self.own == Some(**id) && self.writing.is_some();
                !folder.stays && !used && !self.segments.iter().any(|segment| segment.folder == **id)
            })
            .map(|(id, _)| *id)
            .collect();
        for id in empty {
            let Some(folder) = self.folders.get_mut(&id) else { continue };
            match folder.remove(&self.fs, root) {
                Ok(()) if folder.stays => continue,
                Ok(()) => {}
                // What is left has perhaps no lock any more, so it is nobody's: who finds it removes it.
                Err(error) => failed = Some(error),
            }
            self.folders.remove(&id);
            if self.own == Some(id) {
                self.own = None;
            }
        }
        if let Some(error) = failed {
            self.fault("removing a folder", &error);
        }
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Keeps a folder: its number here.
    pub(super) fn keep(&mut self, folder: Folder<F>) -> u32 {
        let id = self.folders.last_key_value().map_or(0, |(id, _)| id + 1);
        self.folders.insert(id, folder);
        id
    }

    /// Puts a segment where its age belongs.
    pub(super) fn insert(&mut self, segment: Segment) {
        let key = |segment: &Segment| (segment.created_ms, segment.folder, segment.number);
        let at = self.segments.partition_point(|other| key(other) <= key(&segment));
        self.segments.insert(at, segment);
    }
}
