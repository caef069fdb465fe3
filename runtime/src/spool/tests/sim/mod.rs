//! A file system in memory that fails, writes less than it was asked to, and crashes, at the calls it is told.
//!
//! A process that crashes leaves what was written. A machine that crashes leaves what was synced: of a file its first bytes, and
//! behind them nothing or zeros; of a folder the names it had.

mod calls;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, ErrorKind};
use std::rc::Rc;

use super::super::room::Room;

/// What a call does instead.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    Error(ErrorKind),
    /// A write of half of the bytes; any other call is as ever.
    Short,
    /// A write of half of the bytes, and then an error.
    Torn(ErrorKind),
    /// As `Torn`, and nothing works until [`SimFs::restart`].
    Crash,
}

#[derive(Clone, Default)]
pub(super) struct SimFs(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    nodes: HashMap<u64, Node>,
    root: Option<u64>,
    next: u64,
    calls: u64,
    faults: BTreeMap<u64, Fault>,
    crashed: bool,
    room: Option<Room>,
}

enum Node {
    Dir { names: BTreeMap<String, u64>, synced: BTreeMap<String, u64>, linked: bool },
    File { data: Vec<u8>, synced: Vec<u8>, linked: bool, locked: bool },
}

/// An open file; gives its lock back.
pub(super) struct SimFile {
    fs: SimFs,
    node: u64,
    locks: bool,
}

impl Drop for SimFile {
    fn drop(&mut self) {
        if let (true, Some(Node::File { locked, .. })) =
            (self.locks, self.fs.0.borrow_mut().nodes.get_mut(&self.node))
        {
            *locked = false;
        }
    }
}

impl SimFs {
    /// Faults, each so many calls after the one before.
    pub(super) fn plan(&self, faults: &[(u8, Fault)]) {
        let mut state = self.0.borrow_mut();
        let mut call = state.calls;
        for (gap, fault) in faults {
            call += u64::from(*gap);
            state.faults.insert(call, *fault);
        }
    }

    /// What the disk has from now on.
    pub(super) fn set_room(&self, used: u64, free: u64) {
        self.0.borrow_mut().room = Some(Room { used, free });
    }

    pub(super) fn has_crashed(&self) -> bool {
        self.0.borrow().crashed
    }

    pub(super) fn crash(&self) {
        self.0.borrow_mut().crashed = true;
    }

    pub(super) fn heal(&self) {
        self.0.borrow_mut().faults.clear();
    }

    /// The next process begins; after a failure of power only with what was synced.
    pub(super) fn restart(&self, power: Option<Zeros>) {
        let mut state = self.0.borrow_mut();
        state.crashed = false;
        for node in state.nodes.values_mut() {
            match (node, power) {
                (Node::File { data, synced, locked, .. }, power) => {
                    *locked = false;
                    let length = data.len();
                    if let Some(zeros) = power {
                        data.clone_from(synced);
                        data.resize(
                            if zeros == Zeros::Yes { length.max(synced.len()) } else { synced.len() },
                            0,
                        );
                    }
                    synced.clone_from(data);
                }
                (Node::Dir { names, synced, .. }, Some(_)) => names.clone_from(synced),
                (Node::Dir { .. }, None) => {}
            }
        }
        let linked: Vec<u64> = state
            .nodes
            .values()
            .filter_map(|node| match node {
                Node::Dir { names, .. } => Some(names.values().copied()),
                Node::File { .. } => None,
            })
            .flatten()
            .chain(state.root)
            .collect();
        for (id, node) in &mut state.nodes {
            let (Node::Dir { linked: is, .. } | Node::File { linked: is, .. }) = node;
            *is = linked.contains(id);
        }
    }

    /// Bytes of all files that hold requests.
    pub(super) fn bytes(&self) -> u64 {
        self.0.borrow().bytes(|_| true)
    }

    /// Of those in folders that somebody uses.
    pub(super) fn locked_bytes(&self) -> u64 {
        let state = self.0.borrow();
        state.bytes(|names| {
            let lock = names.get("lock").and_then(|lock| state.nodes.get(lock));
            matches!(lock, Some(Node::File { locked: true, .. }))
        })
    }

    /// Counts a call: an error, or how much of a write is done.
    fn call(&self) -> io::Result<Option<Fault>> {
        let mut state = self.0.borrow_mut();
        if state.crashed {
            return Err(ErrorKind::Other.into());
        }
        state.calls += 1;
        let call = state.calls;
        match state.faults.remove(&call) {
            Some(Fault::Error(kind)) => Err(kind.into()),
            Some(Fault::Crash) => {
                state.crashed = true;
                Ok(Some(Fault::Crash))
            }
            fault => Ok(fault),
        }
    }

    /// As [`call`](Self::call), for one that is done or not done.
    fn whole(&self) -> io::Result<std::cell::RefMut<'_, State>> {
        match self.call()? {
            Some(Fault::Torn(kind)) => Err(kind.into()),
            Some(Fault::Crash) => Err(ErrorKind::Other.into()),
            _ => Ok(self.0.borrow_mut()),
        }
    }
}

/// What stands where data was that is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zeros {
    Yes,
    No,
}

impl State {
    fn add(&mut self, node: Node) -> u64 {
        self.next += 1;
        self.nodes.insert(self.next, node);
        self.next
    }

    fn bytes(&self, counts: impl Fn(&BTreeMap<String, u64>) -> bool) -> u64 {
        let dirs = self.nodes.values().filter_map(|node| match node {
            Node::Dir { names, linked: true, .. } => Some(names),
            _ => None,
        });
        dirs.filter(|names| counts(names))
            .flatten()
            .filter(|(name, _)| name.contains(".seg"))
            .filter_map(|(_, id)| match self.nodes.get(id) {
                Some(Node::File { data, .. }) => Some(data.len() as u64),
                _ => None,
            })
            .sum()
    }

    fn names(&mut self, dir: u64) -> io::Result<&mut BTreeMap<String, u64>> {
        match self.nodes.get_mut(&dir) {
            Some(Node::Dir { names, .. }) => Ok(names),
            _ => Err(ErrorKind::NotADirectory.into()),
        }
    }

    fn child(&mut self, dir: u64, name: &str) -> io::Result<u64> {
        self.names(dir)?.get(name).copied().ok_or(ErrorKind::NotFound.into())
    }

    fn link(&mut self, dir: u64, name: &str, node: Node) -> io::Result<u64> {
        if !matches!(self.nodes.get(&dir), Some(Node::Dir { linked: true, .. })) {
            return Err(ErrorKind::NotFound.into());
        }
        if self.names(dir)?.contains_key(name) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let id = self.add(node);
        self.names(dir)?.insert(name.to_owned(), id);
        Ok(id)
    }

    fn unlink(&mut self, dir: u64, name: &str) -> io::Result<()> {
        let id = self.names(dir)?.remove(name).ok_or(ErrorKind::NotFound)?;
        if let Some(Node::Dir { linked, .. } | Node::File { linked, .. }) = self.nodes.get_mut(&id) {
            *linked = false;
        }
        Ok(())
    }

    fn is_linked(&self, node: u64) -> bool {
        matches!(
            self.nodes.get(&node),
            Some(Node::Dir { linked: true, .. } | Node::File { linked: true, .. })
        )
    }

    fn data(&mut self, file: u64) -> io::Result<&mut Vec<u8>> {
        match self.nodes.get_mut(&file) {
            Some(Node::File { data, .. }) => Ok(data),
            _ => Err(ErrorKind::IsADirectory.into()),
        }
    }
}

fn new_dir() -> Node {
    Node::Dir { names: BTreeMap::new(), synced: BTreeMap::new(), linked: true }
}

fn new_file() -> Node {
    Node::File { data: Vec::new(), synced: Vec::new(), linked: true, locked: false }
}
