//! The model checker's side of `runtime/src/recorder/sync.rs`: the same names, on loom's types.

use std::collections::VecDeque;

use loom::cell::UnsafeCell;

pub(crate) use loom::sync::atomic::{AtomicUsize, Ordering};
pub(crate) use loom::sync::{Arc, Condvar, Mutex, MutexGuard};
pub(crate) use std::sync::PoisonError;

/// A bounded queue with the interface of `crossbeam_queue::ArrayQueue`, which is taken as correct: one lock, in order.
pub(crate) struct Queue<T> {
    items: Mutex<VecDeque<T>>,
    capacity: usize,
}

impl<T> Queue<T> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { items: Mutex::default(), capacity }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<T>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, item: T) -> Result<(), T> {
        let mut items = self.lock();
        if items.len() == self.capacity {
            return Err(item);
        }
        items.push_back(item);
        Ok(())
    }

    pub(crate) fn pop(&self) -> Option<T> {
        self.lock().pop_front()
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }
}

/// A shadow of a chunk's memory, one cell for each word: the checker sees every access to it, and fails when two of them
/// are not ordered and one is a write.
pub(crate) struct Track(Vec<UnsafeCell<()>>);

const WORD: usize = size_of::<u64>();

impl Track {
    pub(crate) fn new(bytes: usize) -> Self {
        Self((0..bytes / WORD).map(|_| UnsafeCell::new(())).collect())
    }

    pub(crate) fn write(&self, start: usize, bytes: usize) {
        self.cells(start, bytes).iter().for_each(|cell| cell.with_mut(|_| ()));
    }

    pub(crate) fn read(&self, start: usize, bytes: usize) {
        self.cells(start, bytes).iter().for_each(|cell| cell.with(|_| ()));
    }

    fn cells(&self, start: usize, bytes: usize) -> &[UnsafeCell<()>] {
        &self.0[start / WORD..(start + bytes).div_ceil(WORD)]
    }
}
