//! The locks that this process holds, as numbers: the child of a fork has them open, too, and would keep the folders from whoever is
//! to take them over when the parent is gone. So the child closes them, in a handler that may wait for nothing: hence atomics.

use std::fs::File;
use std::os::fd::{AsRawFd as _, RawFd};
use std::sync::atomic::{AtomicI32, Ordering};

/// More than a spool holds: its own, and those that it has taken over. Of any beyond these the child keeps the lock.
static HELD: [AtomicI32; 64] = [const { AtomicI32::new(NONE) }; 64];
const NONE: RawFd = -1;

/// A file that is locked until this is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    pub(super) file: File,
    place: Option<&'static AtomicI32>,
}

impl Lock {
    pub(super) fn new(file: File) -> Self {
        let number = file.as_raw_fd();
        let free = |place: &&AtomicI32| {
            place.compare_exchange(NONE, number, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        };
        Self { place: HELD.iter().find(free), file }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            place.store(NONE, Ordering::Release);
        }
    }
}

/// The parent's, in the child of a fork: whose number it gets, it has to close.
pub(crate) fn inherited() -> impl Iterator<Item = RawFd> {
    HELD.iter().map(|place| place.swap(NONE, Ordering::AcqRel)).filter(|number| *number != NONE)
}
