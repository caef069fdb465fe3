//! The spool: requests on disk that could not be delivered, or that are to survive the process. The sender's thread calls it;
//! no other does.
//!
//! ```text
//! <dir>/                        0700, ours; others may not write to it
//!   <instance>/                 16 hexadecimal digits, drawn at random; they are the salt of what is in it
//!     lock                      locked (flock) while a process uses the folder
//!     0000000001.seg            head, then frames; only ever appended to; about 8 MiB at most
//!     cursor                    which ranges of which segments are done; replaced as a whole
//!     0000000002.seg.quarantine a segment that could not be read, set aside
//!
//! segment  magic 8 | version 1 | zeros 3 | made at, in ms 8 | salt 8 | CRC32C 4 | frame*
//! frame    magic 4 | version 1 | kind 1 | zeros 2 | spans 4 | length 4 | CRC32C of salt, place, the 16 bytes before, payload 4 | payload
//! cursor   magic 8 | salt 8 | (segment 4 | from 8 | to 8)* | CRC32C 4
//! ```
//!
//! All numbers are little-endian. A payload is a request as it will be sent. Frames are written with one file position behind the
//! other, so a process that is killed leaves at most one frame that is not whole. A reader that meets damage goes on at the next
//! frame. A file is removed when all of it is done. A folder whose lock is free belongs to nobody: whoever finds it takes it
//! over as it is, and removes it when it is done.
//!
//! Nothing here fails the program: what goes wrong is counted ([`SpoolCounts`]), the caller keeps its bytes ([`Refused`]), and
//! [`Store::tick`] tries again.
//!
//! `appended + recovered = done + evicted + expired + corrupt + spans + held`, in spans, at any moment.

mod adopt;
mod append;
mod cursor;
mod folder;
mod frame;
mod fs;
#[cfg(unix)]
mod locks;
mod options;
#[cfg_attr(not(unix), path = "no_fs.rs")]
mod real;
mod recover;
mod room;
mod segment;
mod store;
#[cfg(test)]
mod tests;
mod upkeep;

#[cfg(unix)]
pub(crate) use self::locks::inherited as inherited_locks;
pub(crate) use self::options::Mode;
pub use self::options::Spool;
use self::options::{Durability, WhenFull};
pub(crate) use self::real::RealFs;

pub(crate) use self::store::Store;

/// Names one frame, for as long as the store is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket {
    segment: u64,
    offset: u64,
}

/// A frame that is handed out.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) ticket: Ticket,
    /// As it was appended.
    pub(crate) kind: u8,
    pub(crate) spans: u32,
    pub(crate) bytes: Vec<u8>,
}

/// Who has a frame when it has been appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// It waits, and `next` will hand it out.
    Waiting,
    /// The caller keeps the bytes and delivers them: as if `next` had handed it out.
    Held,
}

/// Why a request was not written. The caller keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is larger than the bound, or the bound is reached and the newest is to be refused.
    Full,
    /// The disk or the folder does not work at the moment.
    Unavailable,
}

/// What is on disk, and what has happened since the store was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SpoolCounts {
    /// Frames that wait.
    pub(crate) frames: u64,
    /// Spans in them.
    pub(crate) spans: u64,
    /// Spans in frames that are handed out.
    pub(crate) held: u64,
    /// On disk, in segments and what is set aside.
    pub(crate) bytes: u64,

    /// Spans that were written.
    pub(crate) appended: u64,
    /// Spans that were found, of processes that are gone.
    pub(crate) recovered: u64,
    /// Spans that were delivered or finally refused.
    pub(crate) done: u64,
    /// Spans that gave way to newer ones.
    pub(crate) evicted: u64,
    /// Spans that have waited for too long.
    pub(crate) expired: u64,
    /// Spans that were counted and could not be read, or whose file somebody has removed.
    pub(crate) corrupt: u64,

    /// Pieces of files that are no frames, whole ones that were not counted before included.
    pub(crate) corrupt_frames: u64,
    /// Bytes in them.
    pub(crate) corrupt_bytes: u64,
    /// Files that were set aside.
    pub(crate) set_aside: u64,
    /// Files and folders that are not ours, and were left alone.
    pub(crate) foreign: u64,
    /// Segments that were taken over.
    pub(crate) adopted: u64,
    /// Calls that failed.
    pub(crate) errors: IoErrors,
}

/// Calls of the file system that failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct IoErrors {
    /// No room, or over a quota.
    pub(crate) full: u64,
    /// No permission, or a file system that is only read.
    pub(crate) denied: u64,
    /// A file or a folder is gone.
    pub(crate) missing: u64,
    pub(crate) other: u64,
}

impl IoErrors {
    fn count(&mut self, error: &std::io::Error) {
        use std::io::ErrorKind;
        let counter = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => &mut self.full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => &mut self.denied,
            ErrorKind::NotFound => &mut self.missing,
            _ => &mut self.other,
        };
        *counter += 1;
    }
}
