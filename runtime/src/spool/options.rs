//! The options of the spool, as a program sets them, and which of them can never work.

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use crate::setup::error::{Error, Kind};

/// Segments are not longer, unless a single request is.
const SEGMENT_BYTES: u64 = 8 * 1024 * 1024;
/// A spool of less could not hold a few requests.
const LEAST_BYTES: u64 = 16 * 1024 * 1024;
/// How much of the disk may be in use.
const DISK_PERCENT: u8 = 80;
/// Folders that every user of the machine writes to.
const SHARED: [&str; 6] = ["/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/private/tmp", "/private/var/tmp"];

/// Keeps on disk what cannot be delivered now, so that a long outage, or the end of the process, loses nothing.
///
/// ```
/// use std::time::Duration;
/// use wirespan::Spool;
///
/// let spool = Spool::new("/var/lib/shop/spans").max_bytes(1024 * 1024 * 1024).max_age(Duration::from_secs(7 * 24 * 3600));
/// # let _ = spool;
/// ```
///
/// The folder is made where it is missing, for this user alone, and may be shared by processes of this user: each writes to a
/// folder of its own in there, and takes over what a process has left that is gone. Requests lie there as they will be sent;
/// endpoints, headers and credentials do not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "options do nothing by themselves"]
pub struct Spool {
    pub(super) dir: PathBuf,
    pub(super) mode: Mode,
    pub(super) max_bytes: u64,
    pub(super) max_age: Duration,
    pub(super) durability: Durability,
    pub(super) when_full: WhenFull,
    pub(super) disk_percent: u8,
    pub(super) segment_bytes: u64,
}

/// When requests are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// When one could not be delivered, or memory is full.
    Spill,
    /// Each one, before it is sent.
    WriteThrough,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The operating system has it: survives the process.
    Os,
    /// The disk has it: survives a power failure.
    Fsync,
}

/// What gives way at the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenFull {
    EvictOldest,
    RefuseNewest,
}

impl Spool {
    /// A spool in this folder, of at most 256 MiB, in which nothing stays longer than 24 hours.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            mode: Mode::Spill,
            max_bytes: 256 * 1024 * 1024,
            max_age: Duration::from_secs(24 * 3600),
            durability: Durability::Os,
            when_full: WhenFull::EvictOldest,
            disk_percent: DISK_PERCENT,
            segment_bytes: SEGMENT_BYTES,
        }
    }

    /// Whether each request is written before it is sent. Default: `false`, only what cannot be delivered, or has no room in memory.
    ///
    /// With it a process that is killed loses at most what was recorded since the last flush interval. Without it, also what
    /// was waiting in memory.
    pub fn write_through(mut self, each: bool) -> Self {
        self.mode = if each { Mode::WriteThrough } else { Mode::Spill };
        self
    }

    /// How many bytes this process may keep there, what it has taken over included; at least 16 MiB. Default: 256 MiB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// How long a request may wait; at least a second. Default: 24 hours.
    ///
    /// Counted while processes run; what an earlier one has left is old by the wall clock, but is given ten minutes at least.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    /// Whether each write waits until the disk has it, so that it survives a power failure, too. Default: `false`, it survives
    /// the end of the process.
    pub fn fsync(mut self, wait: bool) -> Self {
        self.durability = if wait { Durability::Fsync } else { Durability::Os };
        self
    }

    /// Whether, at the bound, new requests are refused. Default: `false`, the oldest ones give way.
    pub fn refuse_newest(mut self, refuse: bool) -> Self {
        self.when_full = if refuse { WhenFull::RefuseNewest } else { WhenFull::EvictOldest };
        self
    }

    /// How much of the disk may be in use, by whomever, in percent: beyond that nothing is written until there is room again, and
    /// requests stay in memory. A disk on which four times [`max_bytes`](Self::max_bytes) are free has room in any case. Default: 80;
    /// with 100 the spool writes until the disk is full.
    pub fn max_disk_use(mut self, percent: u8) -> Self {
        self.disk_percent = percent;
        self
    }

    /// The folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// When requests are to be written.
    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// The options, for people.
    pub(crate) fn summary(&self) -> String {
        let mode = match self.mode {
            Mode::Spill => "spill",
            Mode::WriteThrough => "write-through",
        };
        format!("{} ({mode}, {} bytes, {:?})", self.dir.display(), self.max_bytes, self.max_age)
    }

    /// # Errors
    ///
    /// An option can never work. What the folder is like at the moment is no such thing.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let problem = if self.dir.as_os_str().is_empty() {
            "has an empty path; expected a folder that is this program's alone".to_owned()
        } else if let Some(expected) = self.expected_dir() {
            format!("is `{}`; expected {expected}", self.dir.display())
        } else if self.max_bytes < LEAST_BYTES {
            format!("has room for {} bytes; expected at least 16 MiB", self.max_bytes)
        } else if self.max_age < Duration::from_secs(1) {
            format!("keeps requests for {:?}; expected at least a second", self.max_age)
        } else if !(1..=100).contains(&self.disk_percent) {
            format!("has a share of {} percent of the disk; expected 1 to 100", self.disk_percent)
        } else {
            return Ok(());
        };
        Err(Error::new(Kind::Option { name: "spool", problem }))
    }

    /// What was expected in the place of a folder that can never work.
    pub(crate) fn expected_dir(&self) -> Option<&'static str> {
        if self.dir.components().any(|part| part == Component::ParentDir) {
            Some("a path without `..`")
        } else if is_shared(&self.dir) {
            Some("a folder of this program's, and none that every user writes to")
        } else {
            None
        }
    }

    /// Where a segment ends: an eighth of all at most, since the oldest segment gives way as a whole.
    pub(super) fn segment_limit(&self) -> u64 {
        self.segment_bytes.min(self.max_bytes / 8)
    }
}

/// By its name alone: who sets telemetry up is not to wait for a disk. A link to such a folder is refused when it is opened.
fn is_shared(dir: &Path) -> bool {
    let mut shared = SHARED.iter().map(PathBuf::from).chain([std::env::temp_dir(), PathBuf::from("/")]);
    shared.any(|shared| dir == shared)
}
