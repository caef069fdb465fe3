//! A folder for one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use wirespan::Spool;

/// A folder that no other test has, in this process or in another. It is not there yet; what is in it is removed when this is dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// One whose name says what it is for.
    pub fn new(what: &str) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let (process, number) = (std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(format!("wirespan-{what}-{process}-{number}")));
        // Of a process that was killed, and had this one's number.
        folder.remove();
        folder
    }

    /// As [`new`](Self::new), and it is there.
    pub fn created(what: &str) -> Self {
        let folder = Self::new(what);
        fs::create_dir(&folder).expect("a folder");
        folder
    }

    /// For the arguments and variables of programs.
    pub fn text(&self) -> &str {
        self.0.to_str().expect("a path that is text")
    }

    /// What could not be delivered is kept here.
    pub fn spool(&self) -> Spool {
        Spool::new(&self.0)
    }

    /// Bytes of the files in it.
    pub fn bytes(&self) -> u64 {
        bytes_in(&self.0)
    }

    fn remove(&self) {
        let _ = fs::remove_dir_all(self);
    }
}

impl AsRef<Path> for Folder {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.remove();
    }
}

/// As [`Folder::bytes`].
fn bytes_in(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = entries.map(|entry| match entry.metadata() {
        Ok(file) if file.is_dir() => bytes_in(&entry.path()),
        Ok(file) => file.len(),
        Err(_) => 0,
    });
    bytes.sum()
}
