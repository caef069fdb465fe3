//! What the spool asks of a file system. `real.rs` asks the operating system; tests simulate one, with faults and crashes.
//!
//! Everything below the spool's folder is reached by handles of folders, never by a path that is followed again: what a name
//! stands for may be changed by others, what a handle stands for may not.

use std::io;
use std::path::Path;

use super::room::Room;

/// What is not a file or a folder of ours: a link, a pipe, a device, or owned by somebody else.
#[cfg(any(unix, test))]
pub(super) fn foreign(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Whether an error says that something is not ours.
pub(super) fn is_foreign(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

/// A file system, as far as the spool needs one.
pub(crate) trait Fs {
    /// An open folder.
    type Dir;
    /// A file that is written.
    type File;
    /// A file that is locked until this is dropped.
    type Lock;

    /// Opens the spool's folder; makes it, and those above it, where they are missing. Refuses one that others may write to.
    fn root(&self, path: &Path) -> io::Result<Self::Dir>;
    /// Makes a folder that only we may use.
    fn make_dir(&self, within: &Self::Dir, name: &str) -> io::Result<Self::Dir>;
    /// Opens a folder of ours.
    fn open_dir(&self, within: &Self::Dir, name: &str) -> io::Result<Self::Dir>;
    /// Removes an empty folder.
    fn remove_dir(&self, within: &Self::Dir, name: &str) -> io::Result<()>;
    /// The names in a folder, in no order.
    fn names(&self, dir: &Self::Dir) -> io::Result<Vec<String>>;
    /// Whether the folder has not been removed since it was opened.
    fn exists(&self, dir: &Self::Dir) -> bool;
    /// What the disk of a folder has.
    fn room(&self, dir: &Self::Dir) -> io::Result<Room>;
    /// Makes the names in a folder durable.
    fn sync_dir(&self, dir: &Self::Dir) -> io::Result<()>;
    /// Locks a file, which is made where it is missing. `None`: somebody else has the lock.
    fn lock(&self, dir: &Self::Dir, name: &str) -> io::Result<Option<Self::Lock>>;
    /// Makes a file that did not exist, to append to.
    fn create(&self, dir: &Self::Dir, name: &str) -> io::Result<Self::File>;
    /// Appends bytes, perhaps not all of them, and says how many.
    fn write(&self, file: &mut Self::File, bytes: &[u8]) -> io::Result<usize>;
    /// Cuts a file.
    fn truncate(&self, file: &mut Self::File, bytes: u64) -> io::Result<()>;
    /// Makes a file's content durable.
    fn sync(&self, file: &mut Self::File) -> io::Result<()>;
    /// Whether the file still has a name.
    fn linked(&self, file: &Self::File) -> bool;
    /// The same of a file that is locked.
    fn lock_linked(&self, lock: &Self::Lock) -> bool;
    /// How long a file is.
    fn size(&self, dir: &Self::Dir, name: &str) -> io::Result<u64>;
    /// Reads at most so many bytes; fewer where the file ends.
    fn read(&self, dir: &Self::Dir, name: &str, offset: u64, bytes: usize) -> io::Result<Vec<u8>>;
    /// Renames a file within its folder; what has the name already is replaced.
    fn rename(&self, dir: &Self::Dir, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, dir: &Self::Dir, name: &str) -> io::Result<()>;
}

/// Appends all of the bytes.
pub(super) fn write_all<F: Fs>(fs: &F, file: &mut F::File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match fs.write(file, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
