//! Where the system is not Unix there is no spool yet: folders that are ours alone, handles of folders, and locks that end with their
//! process are asked for otherwise there. What a program sets is taken, nothing is ever written, and `diagnose` says so.

use std::convert::Infallible;
use std::io;
use std::path::Path;

use super::fs::Fs;
use super::room::Room;

/// See [`Fs`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RealFs;

impl Fs for RealFs {
    type Dir = Infallible;
    type File = Infallible;
    type Lock = Infallible;

    fn root(&self, _: &Path) -> io::Result<Infallible> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "a spool needs a Unix system so far"))
    }

    fn make_dir(&self, within: &Infallible, _: &str) -> io::Result<Infallible> {
        match *within {}
    }

    fn open_dir(&self, within: &Infallible, _: &str) -> io::Result<Infallible> {
        match *within {}
    }

    fn remove_dir(&self, within: &Infallible, _: &str) -> io::Result<()> {
        match *within {}
    }

    fn names(&self, dir: &Infallible) -> io::Result<Vec<String>> {
        match *dir {}
    }

    fn exists(&self, dir: &Infallible) -> bool {
        match *dir {}
    }

    fn room(&self, dir: &Infallible) -> io::Result<Room> {
        match *dir {}
    }

    fn sync_dir(&self, dir: &Infallible) -> io::Result<()> {
        match *dir {}
    }

    fn lock(&self, dir: &Infallible, _: &str) -> io::Result<Option<Infallible>> {
        match *dir {}
    }

    fn create(&self, dir: &Infallible, _: &str) -> io::Result<Infallible> {
        match *dir {}
    }

    fn write(&self, file: &mut Infallible, _: &[u8]) -> io::Result<usize> {
        match *file {}
    }

    fn truncate(&self, file: &mut Infallible, _: u64) -> io::Result<()> {
        match *file {}
    }

    fn sync(&self, file: &mut Infallible) -> io::Result<()> {
        match *file {}
    }

    fn linked(&self, file: &Infallible) -> bool {
        match *file {}
    }

    fn lock_linked(&self, lock: &Infallible) -> bool {
        match *lock {}
    }

    fn size(&self, dir: &Infallible, _: &str) -> io::Result<u64> {
        match *dir {}
    }

    fn read(&self, dir: &Infallible, _: &str, _: u64, _: usize) -> io::Result<Vec<u8>> {
        match *dir {}
    }

    fn rename(&self, dir: &Infallible, _: &str, _: &str) -> io::Result<()> {
        match *dir {}
    }

    fn remove(&self, dir: &Infallible, _: &str) -> io::Result<()> {
        match *dir {}
    }
}
