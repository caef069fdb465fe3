//! How often a value was cut, or hidden: counted where it happens, and nowhere else, so that other values cost nothing more.
//!
//! Threads write to several cells, or they would wait for each other's cache line.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::output::Output;

/// Values of the whole process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Captured {
    pub(crate) truncated: u64,
    pub(crate) redacted: u64,
}

#[repr(align(64))]
struct Cell {
    truncated: AtomicU64,
    redacted: AtomicU64,
}

static CELLS: [Cell; 16] = [const { Cell { truncated: AtomicU64::new(0), redacted: AtomicU64::new(0) } }; 16];

/// What was counted since the process started.
pub(crate) fn captured() -> Captured {
    let sum = |of: fn(&Cell) -> &AtomicU64| CELLS.iter().map(|cell| of(cell).load(Relaxed)).sum();
    Captured { truncated: sum(|cell| &cell.truncated), redacted: sum(|cell| &cell.redacted) }
}

/// Parameters were hidden by their names: those the drain thread adds to the span.
pub(crate) fn count_redacted(values: u64) {
    let [cell, ..] = &CELLS;
    cell.redacted.fetch_add(values, Relaxed);
}

impl Output {
    /// A text, a list, or the span's attributes were cut.
    pub(super) fn count_truncated(&self) {
        if let Some(cell) = self.cell() {
            cell.truncated.fetch_add(1, Relaxed);
        }
    }

    /// A secret was hidden.
    pub(super) fn count_redacted(&self) {
        if let Some(cell) = self.cell() {
            cell.redacted.fetch_add(1, Relaxed);
        }
    }

    /// A thread has a buffer of its own, so its place tells threads apart.
    fn cell(&self) -> Option<&'static Cell> {
        CELLS.get(std::ptr::from_ref(self).addr() / 128 % CELLS.len())
    }
}
