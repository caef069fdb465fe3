//! The operating system's file system. Links are never followed below the spool's folder, everything is made for this user alone,
//! and what belongs to another user, or is no plain file, is foreign.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileExt};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::process::geteuid;

use super::fs::{Fs, foreign};
use super::locks::Lock;
use super::room::Room;

/// See [`Fs`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RealFs;

/// Of every file and folder that is opened. Without `NONBLOCK` opening a pipe would wait for its other end.
const FLAGS: OFlags = OFlags::CLOEXEC.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
const DIR: OFlags = FLAGS.union(OFlags::DIRECTORY);
const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR);

impl Fs for RealFs {
    type Dir = OwnedFd;
    type File = File;
    type Lock = Lock;

    fn root(&self, path: &Path) -> io::Result<OwnedFd> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        // Without a slash at the end, behind which a link would be followed.
        let path: PathBuf = path.components().collect();
        let dir = own_dir(rustix::fs::openat(CWD, &path, DIR, Mode::empty()))?;
        let mode = Mode::from_raw_mode(rustix::fs::fstat(&dir)?.st_mode);
        if mode.intersects(Mode::WGRP | Mode::WOTH) {
            return Err(foreign("others may write to the folder; name one inside it"));
        }
        Ok(dir)
    }

    fn make_dir(&self, within: &OwnedFd, name: &str) -> io::Result<OwnedFd> {
        rustix::fs::mkdirat(within, name, Mode::RWXU)?;
        self.open_dir(within, name)
    }

    fn open_dir(&self, within: &OwnedFd, name: &str) -> io::Result<OwnedFd> {
        own_dir(rustix::fs::openat(within, name, DIR, Mode::empty()))
    }

    fn remove_dir(&self, within: &OwnedFd, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(within, name, AtFlags::REMOVEDIR)?)
    }

    fn names(&self, dir: &OwnedFd) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(dir)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(OsStr::from_bytes(name).to_string_lossy().into_owned());
            }
        }
        Ok(names)
    }

    fn exists(&self, dir: &OwnedFd) -> bool {
        has_name(dir)
    }

    fn room(&self, dir: &OwnedFd) -> io::Result<Room> {
        let disk = rustix::fs::fstatvfs(dir)?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        let used = disk.f_blocks.saturating_sub(disk.f_bfree);
        Ok(Room { used: bytes(used), free: bytes(disk.f_bavail) })
    }

    fn sync_dir(&self, dir: &OwnedFd) -> io::Result<()> {
        Ok(rustix::fs::fsync(dir)?)
    }

    fn lock(&self, dir: &OwnedFd, name: &str) -> io::Result<Option<Lock>> {
        let file =
            own_file(rustix::fs::openat(dir, name, FLAGS | OFlags::RDWR | OFlags::CREATE, FILE_MODE))?.0;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            // Who had the lock before may have removed the file.
            Ok(()) => Ok(has_name(&file).then(|| Lock::new(file))),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn create(&self, dir: &OwnedFd, name: &str) -> io::Result<File> {
        let flags = FLAGS | OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL;
        Ok(own_file(rustix::fs::openat(dir, name, flags, FILE_MODE))?.0)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        file.write(bytes)
    }

    fn truncate(&self, file: &mut File, bytes: u64) -> io::Result<()> {
        file.set_len(bytes)
    }

    fn sync(&self, file: &mut File) -> io::Result<()> {
        file.sync_data()
    }

    fn linked(&self, file: &File) -> bool {
        has_name(file)
    }

    fn lock_linked(&self, lock: &Lock) -> bool {
        has_name(&lock.file)
    }

    fn size(&self, dir: &OwnedFd, name: &str) -> io::Result<u64> {
        let stat = own_file(rustix::fs::openat(dir, name, FLAGS | OFlags::RDONLY, Mode::empty()))?.1;
        Ok(u64::try_from(stat.st_size).unwrap_or_default())
    }

    fn read(&self, dir: &OwnedFd, name: &str, offset: u64, bytes: usize) -> io::Result<Vec<u8>> {
        let (file, stat) = own_file(rustix::fs::openat(dir, name, FLAGS | OFlags::RDONLY, Mode::empty()))?;
        let there = u64::try_from(stat.st_size).unwrap_or_default().saturating_sub(offset);
        let mut buffer = vec![0; bytes.min(usize::try_from(there).unwrap_or(usize::MAX))];
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match file.read_at(rest, offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        buffer.truncate(filled);
        Ok(buffer)
    }

    fn rename(&self, dir: &OwnedFd, from: &str, to: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(dir, from, dir, to)?)
    }

    fn remove(&self, dir: &OwnedFd, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(dir, name, AtFlags::empty())?)
    }
}

fn own_dir(opened: Result<OwnedFd, Errno>) -> io::Result<OwnedFd> {
    let dir = opened.map_err(|error| match error {
        Errno::LOOP | Errno::NOTDIR => foreign("it is a link, or no folder"),
        error => error.into(),
    })?;
    if rustix::fs::fstat(&dir)?.st_uid != geteuid().as_raw() {
        return Err(foreign("the folder belongs to another user"));
    }
    Ok(dir)
}

fn own_file(opened: Result<OwnedFd, Errno>) -> io::Result<(File, Stat)> {
    let file = opened.map_err(|error| match error {
        // A link; a pipe without a reader, a socket or a device.
        Errno::LOOP | Errno::NXIO => foreign("it is no file"),
        error => error.into(),
    })?;
    let stat = rustix::fs::fstat(&file)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(foreign("it is no file"));
    }
    if stat.st_uid != geteuid().as_raw() {
        return Err(foreign("the file belongs to another user"));
    }
    Ok((File::from(file), stat))
}

fn has_name(file: impl AsFd) -> bool {
    rustix::fs::fstat(file).is_ok_and(|stat| stat.st_nlink > 0)
}
