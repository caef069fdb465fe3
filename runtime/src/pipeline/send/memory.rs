//! Memory of requests, used again: a request of 3 MiB in new memory costs as much in page faults as in sending it.
//!
//! The drain thread takes memory for the next batch when a full one becomes a request, and the memory comes back when the request
//! is resolved and dropped, on whatever thread.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::pipeline::batch::{FULL, ROOM};

/// What is shorter is copied, and its memory is used for the next batch.
const LITTLE: usize = ROOM + 64 * 1024;

/// Memory that nobody uses: never more than what was lent at one time. A piece is freed whenever a batch is not full, or there is
/// none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spare(Arc<Mutex<Pieces>>);

#[derive(Debug, Default)]
struct Pieces {
    unused: Vec<Vec<u8>>,
    /// Bytes of what is lent that hold nothing, where they are more than an eighth.
    slack: usize,
    /// One was taken since there was one too many: batches are cut by time now and then, also in the middle of a burst.
    in_use: bool,
}

impl Spare {
    fn pieces(&self) -> MutexGuard<'_, Pieces> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Empty memory for a full batch, of a request that was, or new: at once as much as that takes, since memory that grows is moved.
    /// `None` where what is in `memory`, which is to be lent for it, had better be copied: it is little, or much of the memory
    /// holds nothing. For one batch at a time that is no matter.
    pub(crate) fn exchange(&self, memory: &Vec<u8>) -> Option<Vec<u8>> {
        let mut pieces = self.pieces();
        let slack = slack(memory);
        if slack > 0 && (memory.len() < LITTLE || pieces.slack + slack > FULL) {
            return None;
        }
        pieces.in_use = true;
        let unused = pieces.unused.pop();
        drop(pieces);
        Some(unused.unwrap_or_else(|| Vec::with_capacity(FULL)))
    }

    /// Frees one piece, which is not needed at the moment, unless one was since the last call.
    pub(crate) fn give_back(&self) {
        let mut pieces = self.pieces();
        if std::mem::take(&mut pieces.in_use) {
            return;
        }
        let piece = pieces.unused.pop();
        drop(pieces);
        drop(piece);
    }

    /// The bytes from `start` on, whose memory comes back here.
    pub(crate) fn lend(&self, memory: Vec<u8>, start: usize) -> Bytes {
        self.pieces().slack += slack(&memory);
        Bytes::from_owner(Lent { memory, start, home: self.clone() })
    }
}

/// Bytes of `memory` that hold nothing, unless they are an eighth at most, with which `Outbox::has_room` counts.
fn slack(memory: &Vec<u8>) -> usize {
    let unused = memory.capacity() - memory.len();
    if unused <= memory.capacity() / 8 { 0 } else { unused }
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
        let mut pieces = self.home.pieces();
        pieces.slack -= slack(&memory);
        memory.clear();
        pieces.unused.push(memory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Vec<u8> {
        vec![7; LITTLE]
    }

    #[test]
    fn memory_comes_back_when_the_last_who_uses_it_is_gone() {
        let spare = Spare::default();
        let bytes = spare.lend(vec![0, 1, 2], 1);
        let other = bytes.clone();
        assert_eq!(bytes, &[1, 2][..]);
        drop(bytes);
        let new = spare.exchange(&full()).map(|memory| memory.capacity());
        assert_eq!(new, Some(FULL), "one still uses it");
        drop(other);
        let memory = spare.exchange(&full()).expect("it was full");
        assert!(memory.is_empty() && (3..FULL).contains(&memory.capacity()), "{}", memory.capacity());
    }

    #[test]
    fn memory_that_is_not_needed_is_freed_piece_by_piece() {
        let spare = Spare::default();
        let requests: Vec<_> = (0..3).map(|_| spare.lend(vec![7; 16], 0)).collect();
        drop(requests);
        drop(spare.lend(spare.exchange(&full()).expect("it was full"), 0));
        spare.give_back();
        assert_eq!(spare.pieces().unused.len(), 3, "one was taken a moment ago");
        for left in [2, 1, 0, 0] {
            spare.give_back();
            assert_eq!(spare.pieces().unused.len(), left);
        }
    }

    #[test]
    fn of_memory_that_is_mostly_unused_one_batch_at_a_time_is_lent() {
        let spare = Spare::default();
        let filled = |len| {
            let mut memory = Vec::with_capacity(FULL);
            memory.resize(len, 7);
            memory
        };
        assert_eq!(spare.exchange(&filled(LITTLE - 1)), None, "so little is copied");
        assert!(spare.exchange(&filled(LITTLE)).is_some());
        let request = spare.lend(filled(LITTLE), ROOM);
        assert_eq!(spare.exchange(&filled(FULL / 2)), None);
        assert!(spare.exchange(&filled(FULL)).is_some(), "it is counted by its bytes");
        drop(request);
        assert!(spare.exchange(&filled(FULL / 2)).is_some());
    }
}
