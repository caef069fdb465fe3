//! The pool of chunks, bounded in bytes: where recording threads take chunks from and the drain puts them back.
//!
//! Taking never waits: two lock-free queues and one atomic counter. `free` holds the chunks that nobody uses; `inbox` holds
//! the drain's side of chunks that threads have taken since its last visit. `allocated` counts the bytes of every chunk that
//! exists, in use or free, and never passes `limit`.

use super::chunk::{Chunk, Reader, Writer, activate};
use super::sync::{Arc, AtomicUsize, Ordering, Queue};

/// Bytes of an ordinary chunk.
pub(crate) const CHUNK_BYTES: usize = 64 * 1024;

/// Bytes in use beyond which the drain is woken, however large the bound is.
const PRESSURE: usize = 4 * 1024 * 1024;

/// What the drain waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressure {
    /// It can go on at once.
    Any,
    /// The exit has enough to do, and spans are best left in their chunks as long as there are enough of these.
    Filling,
    /// The exit has no room, and says when it has.
    None,
}

pub(crate) struct Pool {
    free: Queue<Arc<Chunk>>,
    inbox: Queue<Reader>,
    allocated: AtomicUsize,
    /// Bytes in use beyond which the drain is woken.
    pressure: AtomicUsize,
    limit: usize,
    chunk_bytes: usize,
}

impl Pool {
    /// A pool of at most `limit` bytes, in chunks of `chunk_bytes`. The limit is at least one chunk.
    pub(crate) fn new(limit: usize, chunk_bytes: usize) -> Self {
        let limit = limit.max(chunk_bytes);
        let chunks = limit / chunk_bytes;
        Self {
            free: Queue::new(chunks),
            inbox: Queue::new(chunks),
            allocated: AtomicUsize::new(0),
            pressure: AtomicUsize::new((limit / 8).min(PRESSURE)),
            limit,
            chunk_bytes,
        }
    }

    /// A chunk in which a record of `record` bytes fits, or `None` when the bound is reached.
    pub(crate) fn take(&self, record: usize) -> Option<Writer> {
        let chunk = if record <= self.chunk_bytes {
            self.free.pop().or_else(|| self.allocate(self.chunk_bytes))?
        } else {
            self.allocate_large(record)?
        };
        let (mut writer, reader) = activate(chunk);
        if self.bytes_in_use() > self.woken_at() {
            writer.write_densely();
        }
        // There are never more chunks than places, so this cannot fail; if it did, the chunk would only be lost to the
        // drain, and the caller counts its records as dropped.
        self.inbox.push(reader).ok()?;
        Some(writer)
    }

    /// The drain's side of a chunk that was taken since the last call, oldest first.
    pub(crate) fn next_active(&self) -> Option<Reader> {
        self.inbox.pop()
    }

    /// The drain's side: sees to it that so many chunks lie ready, within the bound, and that whoever takes one need not wait for
    /// its memory.
    pub(crate) fn make_ready(&self, chunks: usize) {
        while self.free.len() < chunks && self.charge(self.chunk_bytes) {
            if self.free.push(Arc::new(Chunk::touched(self.chunk_bytes))).is_err() {
                self.allocated.fetch_sub(self.chunk_bytes, Ordering::Relaxed);
                return;
            }
        }
    }

    /// Takes back a chunk that was sealed and read to the end.
    pub(crate) fn recycle(&self, reader: Reader) {
        let chunk = reader.into_chunk();
        let bytes = chunk.capacity();
        if bytes != self.chunk_bytes || self.free.push(chunk).is_err() {
            self.allocated.fetch_sub(bytes, Ordering::Relaxed);
        }
    }

    /// Gives the memory of unused chunks back to the allocator.
    pub(crate) fn release_free(&self) {
        while self.free.pop().is_some() {
            self.allocated.fetch_sub(self.chunk_bytes, Ordering::Relaxed);
        }
    }

    /// Whether more than an eighth of the bound is in use, or more than 4 MiB, or what [`wait_for`](Self::wait_for) has said: time to
    /// wake the drain. Chunks that are soon read and used again stay in the processor's caches, and cost no page faults.
    pub(crate) fn is_under_pressure(&self) -> bool {
        self.bytes_in_use() > self.pressure.load(Ordering::Relaxed)
    }

    /// Bytes in use beyond which the drain is woken when it can go on at once. If there are more it is behind, each further chunk is
    /// mostly new memory, and records in it are written densely.
    fn woken_at(&self) -> usize {
        (self.limit / 8).min(PRESSURE)
    }

    /// Says when the drain is to be woken from now on.
    pub(crate) fn wait_for(&self, pressure: Pressure) {
        let bytes = match pressure {
            Pressure::Any => self.woken_at(),
            Pressure::Filling => self.filling(),
            Pressure::None => usize::MAX,
        };
        self.pressure.store(bytes, Ordering::Relaxed);
    }

    /// Whether more than half of the bound is in use.
    pub(crate) fn is_filling(&self) -> bool {
        self.bytes_in_use() > self.filling()
    }

    fn filling(&self) -> usize {
        self.limit / 2
    }

    /// Bytes of the chunks that are active or waiting to be drained.
    pub(crate) fn bytes_in_use(&self) -> usize {
        self.allocated.load(Ordering::Relaxed).saturating_sub(self.free.len() * self.chunk_bytes)
    }

    /// Takes `bytes` of the bound for something that is no chunk; free chunks make room for it. Whether there was room.
    pub(crate) fn reserve(&self, bytes: usize) -> bool {
        loop {
            if self.charge(bytes) {
                return true;
            }
            if self.free.pop().is_none() {
                return false;
            }
            self.allocated.fetch_sub(self.chunk_bytes, Ordering::Relaxed);
        }
    }

    /// Gives them back.
    pub(crate) fn unreserve(&self, bytes: usize) {
        self.allocated.fetch_sub(bytes, Ordering::Relaxed);
    }

    fn charge(&self, bytes: usize) -> bool {
        let charged = self.allocated.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |allocated| {
            allocated.checked_add(bytes).filter(|sum| *sum <= self.limit)
        });
        charged.is_ok()
    }

    fn allocate(&self, bytes: usize) -> Option<Arc<Chunk>> {
        self.charge(bytes).then(|| Arc::new(Chunk::new(bytes)))
    }

    /// A record larger than a chunk gets a chunk of its own size; free chunks make room for it.
    fn allocate_large(&self, bytes: usize) -> Option<Arc<Chunk>> {
        let bytes = bytes.next_multiple_of(size_of::<u64>());
        self.reserve(bytes).then(|| Arc::new(Chunk::new(bytes)))
    }
}
