//! Taking over what processes have left that are gone: their folders as they are, with the locks and the cursors in them.

use std::io;
use std::time::Duration;

use super::folder::{ASIDE, CURSOR, Folder, LOCK, NEW_CURSOR, Taken, number_of, salt_of};
use super::frame::{FRAME_HEAD, Head, MAX_PAYLOAD, SEGMENT_HEAD, number_of_salt};
use super::fs::{Fs, is_foreign};
use super::segment::{Segment, State};
use super::store::{Store, millis};

/// How often left-over folders are looked for.
const LOOK_EACH: Duration = Duration::from_secs(10);
/// What was taken over is kept for so long, if the bound on age is not below it: its age is one clock's word against another's.
const GRACE: Duration = Duration::from_secs(600);
/// A file that is longer is none of ours: twice what a segment can be.
const MAX_FILE: u64 = 2 * (SEGMENT_HEAD + FRAME_HEAD + MAX_PAYLOAD) as u64;
/// Folders that are open at once, two files each: a program that crashes again and again while nobody receives leaves many. The
/// others wait until one is done.
const MAX_FOLDERS: usize = 32;
/// Names of others that are remembered, so that each counts once.
const MAX_KNOWN: usize = 1024;

impl<F: Fs> Store<F> {
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
            let is_open = self.folders.values().any(|folder| folder.name == name);
            if is_open || self.folders.len() >= MAX_FOLDERS {
                continue;
            }
            match Folder::take(&self.fs, root, &name, salt) {
                Ok(Taken::Ours(folder, names)) => self.adopt(folder, names),
                Ok(Taken::InUse | Taken::Empty) => {}
                Err(error) if is_foreign(&error) => self.foreign(name),
                // Who else looks for orphans was faster, and is done with it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => self.fault("taking a folder over", &error),
            }
        }
    }

    fn adopt(&mut self, mut folder: Folder<F>, names: Vec<String>) {
        match folder.read_cursor(&self.fs) {
            Ok(done) => folder.done = done,
            Err(error) => self.fault("reading a cursor", &error),
        }
        let salt = folder.salt;
        let owner = self.keep(folder);
        for name in names.into_iter().filter(|name| ![LOCK, CURSOR, NEW_CURSOR].contains(&name.as_str())) {
            let Some(number) = number_of(name.strip_suffix(ASIDE).unwrap_or(&name)) else {
                self.foreign(name);
                continue;
            };
            let mut segment = Segment::new(self.next_id(), owner, number, salt);
            segment.state = State::Unseen;
            // Until it is known.
            segment.bytes = self.options.segment_limit();
            segment.done =
                self.folders.get(&owner).and_then(|it| it.done.get(&number).cloned()).unwrap_or_default();
            segment.name = name;
            let id = segment.id;
            self.insert(segment);
            if let Some(index) = self.index(id) {
                if let Err(error) = self.look_at(index).map(drop).or_else(|error| self.vanish(index, error)) {
                    self.unreadable(index, &error);
                }
            }
        }
    }

    /// How long a file is, how old, and which segment: by its head, since somebody may have exchanged the names of two files.
    pub(super) fn look_at(&mut self, index: usize) -> io::Result<u64> {
        let segment = self.segments.get(index).ok_or(io::ErrorKind::NotFound)?;
        let folder = self.folders.get(&segment.folder).ok_or(io::ErrorKind::NotFound)?;
        let bytes = self.fs.size(&folder.dir, &segment.name)?;
        let head = Head::of(&self.fs.read(&folder.dir, &segment.name, 0, SEGMENT_HEAD)?);
        let mut age = Duration::ZERO;
        let known = match head {
            Head::Known { created_ms, salt } => {
                age = Duration::from_millis(millis(self.wall).saturating_sub(created_ms));
                let number = number_of_salt(folder.salt, salt);
                let done = number.and_then(|number| folder.done.get(&number).cloned()).unwrap_or_default();
                Some((created_ms, salt, number.unwrap_or(segment.number), done))
            }
            Head::Newer | Head::Damaged => None,
        };
        let aside = segment.name.ends_with(ASIDE);
        let mut segment = self.segments.remove(index);
        if let Some((created_ms, salt, number, done)) = known {
            (segment.created_ms, segment.salt, segment.number, segment.done) =
                (created_ms, salt, number, done);
        }
        (segment.bytes, segment.end) = (bytes, bytes);
        segment.state = if aside { State::Aside } else { State::Unread };
        let left = self.options.max_age.saturating_sub(age).max(GRACE.min(self.options.max_age));
        segment.expires = self.steady + left;
        let id = segment.id;
        self.insert(segment);
        if !aside {
            self.counts.adopted += 1;
            if let Some(index) = self.index(id).filter(|_| head == Head::Newer || bytes > MAX_FILE) {
                self.set_aside(index);
            }
        }
        Ok(id)
    }

    /// Something that is left alone.
    pub(super) fn foreign(&mut self, name: String) {
        if self.known_foreign.len() < MAX_KNOWN && self.known_foreign.insert(name) {
            self.counts.foreign += 1;
        }
    }
}
