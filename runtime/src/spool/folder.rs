//! The folder of one instance: made, taken over, its cursor read and replaced, and removed when nothing is left in it.
//!
//! A folder is used only by who has locked its `lock`. One that is just being made has none yet: it is empty, and whoever takes
//! it for a left-over can do no more than remove it, which its maker notices and makes another.

use std::collections::BTreeMap;
use std::io;

use super::cursor::{self, Done};
use super::fs::Fs;

pub(super) const LOCK: &str = "lock";
pub(super) const CURSOR: &str = "cursor";
pub(super) const NEW_CURSOR: &str = "cursor.new";
pub(super) const ASIDE: &str = ".quarantine";

/// A folder that is locked.
pub(super) struct Folder<F: Fs> {
    pub(super) name: String,
    pub(super) dir: F::Dir,
    pub(super) lock: F::Lock,
    /// Of everything in it.
    pub(super) salt: u64,
    /// What was done when the folder was taken over.
    pub(super) done: BTreeMap<u32, Done>,
    /// The cursor has to be written.
    pub(super) moved: bool,
    /// It cannot be removed: something of others is in it.
    pub(super) stays: bool,
    /// Of the next segment.
    pub(super) number: u32,
}

/// What taking a folder over came to.
pub(super) enum Taken<F: Fs> {
    Ours(Folder<F>, Vec<String>),
    /// Its process is alive.
    InUse,
    /// It was empty, and is gone.
    Empty,
}

impl<F: Fs> Folder<F> {
    /// Makes a folder. An error also where somebody took it away in that moment.
    pub(super) fn make(fs: &F, root: &F::Dir, salt: u64) -> io::Result<Self> {
        let name = format!("{salt:016x}");
        let dir = fs.make_dir(root, &name)?;
        let lock = fs.lock(&dir, LOCK)?.ok_or(io::ErrorKind::WouldBlock)?;
        Ok(Self { name, dir, lock, salt, done: BTreeMap::new(), moved: false, stays: false, number: 1 })
    }

    /// Takes a folder over if no process uses it. The names in it come with it.
    pub(super) fn take(fs: &F, root: &F::Dir, name: &str, salt: u64) -> io::Result<Taken<F>> {
        let dir = fs.open_dir(root, name)?;
        if fs.names(&dir)?.is_empty() {
            fs.remove_dir(root, name)?;
            return Ok(Taken::Empty);
        }
        let Some(lock) = fs.lock(&dir, LOCK)? else { return Ok(Taken::InUse) };
        let names = fs.names(&dir)?;
        let name = name.to_owned();
        Ok(Taken::Ours(
            Self { name, dir, lock, salt, done: BTreeMap::new(), moved: false, stays: false, number: 1 },
            names,
        ))
    }

    /// What is done, by segment.
    pub(super) fn read_cursor(&self, fs: &F) -> io::Result<BTreeMap<u32, Done>> {
        match fs.read(&self.dir, CURSOR, 0, cursor::MAX_BYTES + 1) {
            Ok(bytes) => Ok(cursor::decode(self.salt, &bytes).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        }
    }

    /// Replaces the cursor.
    pub(super) fn write_cursor(&mut self, fs: &F, bytes: &[u8], durable: bool) -> io::Result<()> {
        // Left by somebody who was interrupted here.
        gone(fs.remove(&self.dir, NEW_CURSOR))?;
        let mut file = fs.create(&self.dir, NEW_CURSOR)?;
        super::fs::write_all(fs, &mut file, bytes)?;
        if durable {
            fs.sync(&mut file)?;
        }
        fs.rename(&self.dir, NEW_CURSOR, CURSOR)?;
        self.moved = false;
        Ok(())
    }

    /// Removes what is ours in it, then the folder; the lock last, so that nobody takes it over meanwhile. Where something of
    /// others is in it, the folder stays, and stays locked.
    pub(super) fn remove(&mut self, fs: &F, root: &F::Dir) -> io::Result<()> {
        for name in [NEW_CURSOR, CURSOR] {
            gone(fs.remove(&self.dir, name))?;
        }
        self.stays = fs.names(&self.dir)?.iter().any(|name| name != LOCK);
        if self.stays {
            return Ok(());
        }
        gone(fs.remove(&self.dir, LOCK))?;
        gone(fs.remove_dir(root, &self.name))
    }
}

/// To remove what is not there is no failure.
pub(super) fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// The salt that is the name of a folder.
pub(super) fn salt_of(name: &str) -> Option<u64> {
    let digits = name.len() == 16 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    u64::from_str_radix(name, 16).ok().filter(|_| digits)
}

/// The number of a segment, by its file's name.
pub(super) fn number_of(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".seg")?;
    let plain = digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}
