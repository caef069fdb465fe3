//! The spans of one trace, held as they were recorded: completing them waits until it is known that they are wanted.
//!
//! They lie in blocks that never grow: what a trace takes is what was reserved for it, and it is given back block by block
//! while the spans are taken out.

use std::collections::VecDeque;

use crate::foreign::Foreign;
use crate::recorder::record::Record;

/// What a trace costs beside its spans: its places in the tables, and what allocating loses.
const OVERHEAD: usize = 256;
/// The first block of a trace, in spans and in bytes of what they recorded; each further one is twice as large, up to the last.
const FIRST: (usize, usize) = (4, 512);
const LAST: (usize, usize) = (128, 32 * 1024);

/// See the module's documentation.
#[derive(Default)]
pub(crate) struct Held {
    /// Which trace came before which.
    pub(super) age: u64,
    /// Roots of it that run in this process; none, as long as nothing was heard of one.
    pub(super) open: u32,
    /// The start of what started first, in ticks.
    pub(super) began: u64,
    /// The root, as it was when it started.
    pub(super) root: Option<Record>,
    blocks: VecDeque<Block>,
    /// Spans that other crates have made.
    foreign: VecDeque<Foreign>,
    /// What was taken out of the first block: spans, and bytes of what they recorded.
    taken: (usize, usize),
    len: u64,
    bytes: usize,
}

/// Spans with the end of what each recorded.
struct Block {
    records: Vec<(Record, usize)>,
    bodies: Vec<u8>,
}

impl Block {
    fn new((records, bytes): (usize, usize)) -> Self {
        Self { records: Vec::with_capacity(records), bodies: Vec::with_capacity(bytes) }
    }

    fn has_room(&self, body: usize) -> bool {
        self.records.len() < self.records.capacity() && self.bodies.capacity() - self.bodies.len() >= body
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.records.capacity() * size_of::<(Record, usize)>() + self.bodies.capacity()
    }
}

impl Held {
    pub(super) fn new(age: u64, began: u64) -> Self {
        Self { age, began, bytes: OVERHEAD + size_of::<Self>(), ..Self::default() }
    }

    pub(super) fn push(&mut self, record: &Record, body: &[u8]) {
        if !self.blocks.back().is_some_and(|block| block.has_room(body.len())) {
            let step = self.blocks.len().min(8);
            let size = ((FIRST.0 << step).min(LAST.0), (FIRST.1 << step).min(LAST.1).max(body.len()));
            let block = Block::new(size);
            self.bytes += block.bytes();
            self.blocks.push_back(block);
        }
        if let Some(block) = self.blocks.back_mut() {
            block.bodies.extend_from_slice(body);
            block.records.push((*record, block.bodies.len()));
            self.len += 1;
        }
    }

    pub(super) fn push_foreign(&mut self, foreign: Foreign) {
        self.bytes += foreign.size();
        self.foreign.push_back(foreign);
        self.len += 1;
    }

    /// Spans that are held.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a span is left to be taken out.
    pub(crate) fn has_span(&self) -> bool {
        self.len > 0
    }

    /// Takes out the next span of another crate.
    pub(crate) fn take_foreign(&mut self) -> Option<Foreign> {
        let foreign = self.foreign.pop_front()?;
        self.bytes -= foreign.size();
        self.len -= 1;
        Some(foreign)
    }

    /// Takes out the next span of ours, in the order in which they came.
    pub(crate) fn take_span(&mut self) -> Option<(Record, &[u8])> {
        while self.blocks.front().is_some_and(|block| self.taken.0 >= block.records.len()) {
            let block = self.blocks.pop_front()?;
            self.bytes -= block.bytes();
            self.taken = (0, 0);
        }
        let block = self.blocks.front()?;
        let (record, end) = *block.records.get(self.taken.0)?;
        let body = block.bodies.get(self.taken.1..end)?;
        self.taken = (self.taken.0 + 1, end);
        self.len -= 1;
        Some((record, body))
    }
}
