//! The synchronisation primitives that the hand-over is written against.
//!
//! `chunk.rs`, `pool.rs` and `control.rs` take every primitive from here, so that the model checker can compile the very
//! same files against its own (`tests/tests/handover_model.rs`). This is the real side: `std`, and a lock-free queue.

pub(crate) use std::sync::Arc;
pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A bounded lock-free queue.
pub(crate) type Queue<T> = crossbeam_queue::ArrayQueue<T>;

/// Says to the model checker which bytes of a chunk are touched; nothing outside it.
#[derive(Debug)]
pub(crate) struct Track;

impl Track {
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn new(_bytes: usize) -> Self {
        Self
    }

    #[cfg_attr(not(debug_assertions), inline)]
    #[expect(clippy::unused_self, reason = "the model checker's version uses it")]
    pub(crate) fn write(&self, _start: usize, _bytes: usize) {}

    #[cfg_attr(not(debug_assertions), inline)]
    #[expect(clippy::unused_self, reason = "the model checker's version uses it")]
    pub(crate) fn read(&self, _start: usize, _bytes: usize) {}
}
