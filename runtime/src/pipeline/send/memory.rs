//! Memory of requests, used again: a request of 3 MiB in new memory costs as much in page faults as in sending it.
//!
//! The drain thread takes memory for the next batch when a full one becomes a request, and the memory comes back when the request
//! is resolved and dropped, on whatever thread.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// Memory that nobody uses: never more than what was lent at one time. A piece is freed whenever a batch is not full, or there is
/// none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spare(Arc<Mutex<Vec<Vec<u8>>>>);

impl Spare {
    fn pieces(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Empty memory, of a request that was, or of nothing.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.pieces().pop().unwrap_or_default()
    }

    /// Frees one piece: it is not needed at the moment.
    pub(crate) fn give_back(&self) {
        drop(self.take());
    }

    /// The bytes from `start` on, whose memory comes back here.
    pub(crate) fn lend(&self, memory: Vec<u8>, start: usize) -> Bytes {
        Bytes::from_owner(Lent { memory, start, home: self.clone() })
    }
}

struct Lent {
    memory: Vec<u8>,
    start: usize,
    home: Spare,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        self.memory.get(self.start..).unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut memory = std::mem::take(&mut self.memory);
        memory.clear();
        self.home.pieces().push(memory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_when_the_last_who_uses_it_is_gone() {
        let spare = Spare::default();
        let bytes = spare.lend(vec![0, 1, 2], 1);
        let other = bytes.clone();
        assert_eq!(bytes, &[1, 2][..]);
        drop(bytes);
        assert_eq!(spare.take().capacity(), 0, "one still uses it");
        drop(other);
        let memory = spare.take();
        assert!(memory.is_empty() && memory.capacity() >= 3, "{memory:?}");
    }

    #[test]
    fn memory_that_is_not_needed_is_freed_piece_by_piece() {
        let spare = Spare::default();
        let requests: Vec<_> = (0..3).map(|_| spare.lend(vec![7; 16], 0)).collect();
        drop(requests);
        for left in [2, 1, 0, 0] {
            spare.give_back();
            assert_eq!(spare.pieces().len(), left);
        }
    }
}
