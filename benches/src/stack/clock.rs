//! The bare functions between two raw readings of the clock that wirespan uses.
//!
//! A reading is what `quanta` returns before any conversion: on x86-64 the time stamp counter.

use std::hint::black_box;
use std::pin::pin;

use quanta::Clock;

use super::{Stack, bare};
use crate::burst::{Burst, block_on, timed};
use crate::case::{Case, Input};

/// See the module's documentation.
pub(super) struct ClockReads(Clock);

impl ClockReads {
    pub(super) fn new() -> Self {
        Self(Clock::new())
    }

    #[inline]
    fn around(&self, call: impl FnOnce() -> u64) -> u64 {
        let start = self.0.raw();
        let output = call();
        black_box((start, self.0.raw()));
        output
    }
}

impl Stack for ClockReads {
    fn burst(&self, case: Case, calls: u32) -> Burst {
        let input = black_box(Input::default());
        let (id, tag) = (|| black_box(input.id), || black_box(&input.tag));
        match case {
            Case::Sync0 => timed(calls, || self.around(bare::sync0)),
            Case::Sync2 => timed(calls, || self.around(|| bare::sync2(id(), tag()))),
            Case::Sync8 => timed(calls, || {
                self.around(|| {
                    bare::sync8(
                        id(),
                        tag(),
                        black_box(input.attempt),
                        black_box(input.retried),
                        black_box(input.ratio),
                        black_box(&input.region),
                        black_box(input.bytes),
                        black_box(&input.note),
                    )
                })
            }),
            Case::Async2 => timed(calls, || self.around(|| block_on(pin!(bare::async2(id(), tag()))))),
        }
    }
}
