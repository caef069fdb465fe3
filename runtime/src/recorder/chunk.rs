//! A chunk: the piece of memory in which one thread publishes records and the drain thread reads them.
//!
//! States and who may touch what:
//!
//! ```text
//! free ──take──▶ active ──seal──▶ sealed ──read to the end──▶ free
//! ```
//!
//! - *active*: exactly one [`Writer`] exists (the recording thread's) and exactly one [`Reader`] (the drain's). The writer
//!   writes only at and beyond `published`; the reader reads only below it.
//! - *sealed*: the writer is gone; it set the top bit of `published` as its last act and touches nothing afterwards.
//! - *free*: neither exists; the pool owns the chunk.
//!
//! `published` is the only word that both sides touch. It grows by whole records, so the reader never sees half of one.
//!
//! This file is one of the few with `unsafe`: it is run under Miri and, through `sync`, under a model checker.
#![expect(unsafe_code, reason = "one writer and one reader share raw memory; see the protocol above")]

use super::ahead;
use super::copy::copy;
use super::header::{Header, Whole};
use super::sync::{Arc, AtomicUsize, Ordering, Track};
use std::cell::UnsafeCell;
use std::mem::{MaybeUninit, align_of, size_of};

const SEALED: usize = 1 << (usize::BITS - 1);
const WORD: usize = size_of::<u64>();

/// Bytes that a record takes in a chunk at most, its header and padding included.
pub(crate) const fn record_size<H>(body: usize) -> usize {
    padded(size_of::<H>() + body)
}

const fn padded(bytes: usize) -> usize {
    (bytes + WORD - 1) & !(WORD - 1)
}

/// See the module's documentation for the protocol.
pub(crate) struct Chunk {
    published: AtomicUsize,
    words: Box<[UnsafeCell<MaybeUninit<u64>>]>,
    track: Track,
}

// SAFETY: the memory behind the cells is written only by the one `Writer`, beyond `published`, and read only by the one
// `Reader`, below it; `published` is an atomic stored with Release and loaded with Acquire.
unsafe impl Sync for Chunk {}
// SAFETY: plain memory; nothing in it belongs to a thread.
unsafe impl Send for Chunk {}

impl Chunk {
    pub(crate) fn new(bytes: usize) -> Self {
        let words = Box::<[UnsafeCell<MaybeUninit<u64>>]>::new_uninit_slice(bytes.div_ceil(WORD));
        // SAFETY: an `UnsafeCell<MaybeUninit<u64>>` has no invalid bit pattern, initialised or not.
        let words = unsafe { words.assume_init() };
        Self { published: AtomicUsize::new(0), track: Track::new(words.len() * WORD), words }
    }

    /// A chunk whose memory is there already: new memory is made page by page when it is first written, and who writes waits.
    pub(crate) fn touched(bytes: usize) -> Self {
        const PAGE_WORDS: usize = 4096 / WORD;
        let mut chunk = Self::new(bytes);
        for word in chunk.words.iter_mut().step_by(PAGE_WORDS) {
            *word.get_mut() = MaybeUninit::new(0);
        }
        chunk
    }

    /// Bytes that the chunk holds.
    pub(crate) fn capacity(&self) -> usize {
        self.words.len() * WORD
    }

    /// The header at `base`, in front of the record at `offset`; the first record has none.
    ///
    /// # Safety
    ///
    /// One was written whole there, and is not written any more while the reference lives; or `offset` is zero.
    unsafe fn base<H: Header>(&self, base: usize, offset: usize) -> Option<&H> {
        (offset > 0).then(|| {
            self.track.read(base, size_of::<H>());
            // SAFETY: the caller's promise; records begin at words.
            unsafe { &*self.at(base).cast::<H>() }
        })
    }

    /// Where a record begins.
    fn at(&self, offset: usize) -> *mut u64 {
        debug_assert!(offset <= self.capacity());
        // SAFETY: callers pass offsets of at most `capacity`, which stays within (or one past) the allocation.
        unsafe { UnsafeCell::raw_get(self.words.as_ptr()).cast::<u8>().add(offset).cast() }
    }
}

/// The recording thread's side of an active chunk. Dropping it seals the chunk.
pub(crate) struct Writer {
    chunk: Arc<Chunk>,
    len: usize,
    /// Where it ends.
    end: usize,
    /// The same where headers are whole; zero where they leave out what the last whole one says, which lies at `base`.
    whole_end: usize,
    base: usize,
}

/// The drain thread's side of an active or sealed chunk.
pub(crate) struct Reader {
    chunk: Arc<Chunk>,
    read: usize,
    /// Where the last whole header lies that was read.
    base: usize,
    available: usize,
    sealed: bool,
}

/// Makes the two sides of a chunk that nobody else holds.
pub(crate) fn activate(chunk: Arc<Chunk>) -> (Writer, Reader) {
    // ORDERING: Relaxed is enough: the chunk reaches the two sides through a queue, which orders this store before them.
    chunk.published.store(0, Ordering::Relaxed);
    let end = chunk.capacity();
    let reader = Reader { chunk: Arc::clone(&chunk), read: 0, base: 0, available: 0, sealed: false };
    (Writer { chunk, len: 0, end, whole_end: end, base: 0 }, reader)
}

impl Writer {
    /// From now on, to be called before the first record, headers leave out what the last whole one says. That takes a while longer.
    pub(crate) fn write_densely(&mut self) {
        if self.len == 0 {
            self.whole_end = 0;
        }
    }

    /// Whether a record of `size` bytes ([`record_size`]) fits.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn has_room(&self, size: usize) -> bool {
        self.len + size <= self.end
    }

    /// Appends and publishes one record, or says `false` and changes nothing when it does not fit. `header` is called only where it
    /// fits, before it is published.
    pub(crate) fn append<H: Header>(
        &mut self,
        [first, second]: [&[u8]; 2],
        header: impl FnOnce() -> H,
    ) -> bool {
        const { assert!(align_of::<H>() <= WORD) }
        let (begin, len) = (self.len, first.len() + second.len());
        if u32::try_from(len).is_err() || !self.has_room(record_size::<H>(len)) {
            return false;
        }
        let header = header();
        if header.body_len() != len {
            return false;
        }
        self.chunk.track.write(begin, record_size::<H>(len));
        let at = self.chunk.at(begin);
        // SAFETY: so many bytes from `at` are inside the chunk and beyond `published`, so only this writer touches them; `begin` is a
        // multiple of the word size, so `at` is aligned for a header. The base was published, so nobody writes it.
        let head = unsafe {
            let base = if self.whole_end == 0 { self.chunk.base::<H>(self.base, begin) } else { None };
            let head = header.store(base, at);
            let at = at.cast::<u8>().add(head);
            copy(first.as_ptr(), at, first.len());
            copy(second.as_ptr(), at.add(first.len()), second.len());
            head
        };
        if head == size_of::<H>() {
            self.base = begin;
        }
        self.len = begin + padded(head + len);
        ahead::ask_to_write(self.chunk.at(self.len).cast(), self.len - begin, self.end - self.len);
        // ORDERING: Release, partner of the Acquire in `Reader::refresh`: who sees the length sees the record.
        self.chunk.published.store(self.len, Ordering::Release);
        true
    }

    /// The same with a body of one piece, where headers are whole; else `false`.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "the end of most spans, and called once")
    )]
    pub(crate) fn append_whole<H: Whole>(&mut self, body: &[u8], header: impl FnOnce() -> H) -> bool {
        const { assert!(align_of::<H::Header>() <= WORD) }
        let size = record_size::<H::Header>(body.len());
        let (begin, end) = (self.len, self.len + size);
        if end > self.whole_end {
            return false;
        }
        let header = header();
        // The reader believes it: a wrong one is not published.
        if header.body_len() != body.len() {
            return false;
        }
        self.chunk.track.write(begin, size);
        let at = self.chunk.at(begin).cast::<H::Header>();
        // SAFETY: as in `append`.
        unsafe {
            header.store(at);
            copy(body.as_ptr(), at.add(1).cast(), body.len());
        }
        self.len = end;
        ahead::ask_to_write(self.chunk.at(end).cast(), size, self.end - end);
        // ORDERING: Release, as in `append`.
        self.chunk.published.store(end, Ordering::Release);
        true
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // ORDERING: Release, as in `append`; the last access of this side.
        self.chunk.published.store(self.len | SEALED, Ordering::Release);
    }
}

impl Reader {
    /// Looks how far the writer has come. What is published after this call is seen by the next one.
    pub(crate) fn refresh(&mut self) {
        // ORDERING: Acquire, partner of the Release stores of `Writer`.
        let published = self.chunk.published.load(Ordering::Acquire);
        self.sealed = published & SEALED != 0;
        self.available = published & !SEALED;
    }

    /// Whether there is a record up to where the last [`refresh`](Self::refresh) saw the writer.
    pub(crate) fn has_next(&self) -> bool {
        self.read < self.available
    }

    /// The next record up to where the last [`refresh`](Self::refresh) saw the writer.
    pub(crate) fn next<H: Header>(&mut self) -> Option<(H, &[u8])> {
        if !self.has_next() {
            return None;
        }
        let at = self.chunk.at(self.read);
        // SAFETY: `read < available <= published`, and records are appended whole: a header stands here, aligned, and the
        // writer does not touch it any more, nor the base, which was read before.
        let (header, head) = unsafe { H::load(at, self.chunk.base(self.base, self.read)) };
        let len = header.body_len();
        let size = padded(head + len);
        self.chunk.track.read(self.read, size);
        // SAFETY: as above; `Header`'s contract says that `len` bytes were appended behind the `head` bytes of the header.
        let body = unsafe { std::slice::from_raw_parts(at.cast::<u8>().add(head), len) };
        if head == size_of::<H>() {
            self.base = self.read;
        }
        self.read += size;
        ahead::ask_to_read(self.chunk.at(self.read).cast(), size, self.available - self.read);
        Some((header, body))
    }

    /// Whether nothing more will come: sealed, and read to the end.
    pub(crate) fn is_finished(&self) -> bool {
        self.sealed && !self.has_next()
    }

    /// Gives the chunk back; only for a finished one.
    pub(crate) fn into_chunk(self) -> Arc<Chunk> {
        debug_assert!(self.is_finished());
        self.chunk
    }
}
