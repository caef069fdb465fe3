//! The spans of one trace, held as they were recorded: completing them waits until it is known that they are wanted.

use crate::recorder::record::Record;

/// What a trace costs beside its spans: its places in the tables, and what allocating loses.
const OVERHEAD: usize = 256;

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
    records: Vec<(Record, usize)>,
    bodies: Vec<u8>,
}

impl Held {
    pub(super) fn new(age: u64, began: u64) -> Self {
        Self { age, began, ..Self::default() }
    }

    pub(super) fn push(&mut self, record: &Record, body: &[u8]) {
        self.bodies.extend_from_slice(body);
        self.records.push((*record, self.bodies.len()));
    }

    /// Spans that are held.
    pub(super) fn len(&self) -> u64 {
        self.records.len() as u64
    }

    /// Memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        OVERHEAD
            + size_of::<Self>()
            + self.records.capacity() * size_of::<(Record, usize)>()
            + self.bodies.capacity()
    }

    /// The spans, in the order in which they came.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (&Record, &[u8])> {
        let mut start = 0;
        self.records.iter().filter_map(move |(record, end)| {
            let body = self.bodies.get(start..*end)?;
            start = *end;
            Some((record, body))
        })
    }
}
