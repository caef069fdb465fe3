//! The calls of the simulated file system, as the spool makes them.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::super::super::fs::Fs;
use super::super::super::room::Room;
use super::{Fault, Node, SimFile, SimFs, new_dir, new_file};

impl Fs for SimFs {
    type Dir = u64;
    type File = SimFile;
    type Lock = SimFile;

    fn root(&self, _path: &Path) -> io::Result<u64> {
        let mut state = self.whole()?;
        if let Some(root) = state.root {
            return Ok(root);
        }
        let root = state.add(new_dir());
        state.root = Some(root);
        Ok(root)
    }

    fn make_dir(&self, within: &u64, name: &str) -> io::Result<u64> {
        self.whole()?.link(*within, name, new_dir())
    }

    fn open_dir(&self, within: &u64, name: &str) -> io::Result<u64> {
        self.whole()?.child(*within, name)
    }

    fn remove_dir(&self, within: &u64, name: &str) -> io::Result<()> {
        let mut state = self.whole()?;
        let dir = state.child(*within, name)?;
        if !state.names(dir)?.is_empty() {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        state.unlink(*within, name)
    }

    fn names(&self, dir: &u64) -> io::Result<Vec<String>> {
        Ok(self.whole()?.names(*dir)?.keys().cloned().collect())
    }

    fn exists(&self, dir: &u64) -> bool {
        self.0.borrow().is_linked(*dir)
    }

    fn room(&self, _: &u64) -> io::Result<Room> {
        let state = self.0.borrow();
        state.room.ok_or_else(|| ErrorKind::Unsupported.into())
    }

    fn sync_dir(&self, dir: &u64) -> io::Result<()> {
        let mut state = self.whole()?;
        if let Some(Node::Dir { names, synced, .. }) = state.nodes.get_mut(dir) {
            synced.clone_from(names);
        }
        Ok(())
    }

    fn lock(&self, dir: &u64, name: &str) -> io::Result<Option<SimFile>> {
        let mut state = self.whole()?;
        let node = match state.child(*dir, name) {
            Ok(node) => node,
            Err(_) => state.link(*dir, name, new_file())?,
        };
        let Some(Node::File { locked, .. }) = state.nodes.get_mut(&node) else { return Ok(None) };
        let free = !std::mem::replace(locked, true);
        Ok(free.then(|| SimFile { fs: self.clone(), node, locks: true }))
    }

    fn create(&self, dir: &u64, name: &str) -> io::Result<SimFile> {
        let node = self.whole()?.link(*dir, name, new_file())?;
        Ok(SimFile { fs: self.clone(), node, locks: false })
    }

    fn write(&self, file: &mut SimFile, bytes: &[u8]) -> io::Result<usize> {
        let fault = self.call()?;
        let length = if fault.is_some() { bytes.len().div_ceil(2) } else { bytes.len() };
        self.0.borrow_mut().data(file.node)?.extend(&bytes[..length]);
        match fault {
            Some(Fault::Torn(kind)) => Err(kind.into()),
            Some(Fault::Crash) => Err(ErrorKind::Other.into()),
            _ => Ok(length),
        }
    }

    fn truncate(&self, file: &mut SimFile, bytes: u64) -> io::Result<()> {
        let length = usize::try_from(bytes).expect("it was in memory");
        self.whole()?.data(file.node)?.resize(length, 0);
        Ok(())
    }

    fn sync(&self, file: &mut SimFile) -> io::Result<()> {
        let mut state = self.whole()?;
        if let Some(Node::File { data, synced, .. }) = state.nodes.get_mut(&file.node) {
            synced.clone_from(data);
        }
        Ok(())
    }

    fn linked(&self, file: &SimFile) -> bool {
        self.0.borrow().is_linked(file.node)
    }

    fn lock_linked(&self, lock: &SimFile) -> bool {
        self.linked(lock)
    }

    fn size(&self, dir: &u64, name: &str) -> io::Result<u64> {
        let mut state = self.whole()?;
        let node = state.child(*dir, name)?;
        Ok(state.data(node)?.len() as u64)
    }

    fn read(&self, dir: &u64, name: &str, offset: u64, bytes: usize) -> io::Result<Vec<u8>> {
        let mut state = self.whole()?;
        let node = state.child(*dir, name)?;
        let data = state.data(node)?;
        let from = data.len().min(usize::try_from(offset).unwrap_or(usize::MAX));
        let to = data.len().min(from.saturating_add(bytes));
        Ok(data[from..to].to_vec())
    }

    fn rename(&self, dir: &u64, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.whole()?;
        let node = state.child(*dir, from)?;
        state.names(*dir)?.remove(from);
        if let Some(replaced) = state.names(*dir)?.insert(to.to_owned(), node) {
            if let Some(Node::File { linked, .. }) = state.nodes.get_mut(&replaced) {
                *linked = false;
            }
        }
        Ok(())
    }

    fn remove(&self, dir: &u64, name: &str) -> io::Result<()> {
        self.whole()?.unlink(*dir, name)
    }
}
