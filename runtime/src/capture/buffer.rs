//! The buffer of each thread: who has it, has the right to write attributes, and while it is taken the thread is *busy* and records
//! nothing.
//!
//! It lies in a word of the thread that is neither initialised nor destroyed, so that taking it and putting it back is a load and a
//! store. A thread gets it with its state, and the state leaves it to the threads that come later.

use std::cell::Cell;
use std::sync::{Mutex, TryLockError};

use super::output::Output;

/// See the module's documentation.
pub(crate) type Buffer = &'static mut Output;

thread_local! {
    static BUFFER: Cell<Option<Buffer>> = const { Cell::new(None) };
}

/// Buffers of threads that have ended.
static LEFT: Mutex<Vec<Buffer>> = Mutex::new(Vec::new());

/// The buffer; nothing where the thread is busy, or has no state.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn take() -> Option<Buffer> {
    BUFFER.take()
}

/// Puts it back.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn put_back(buffer: Buffer) {
    BUFFER.set(Some(buffer));
}

/// Makes a new one, where it was lost: for a thread that has a state and is not busy.
#[cold]
pub(crate) fn renew() {
    put_back(take().unwrap_or_else(|| Box::leak(Box::default())));
}

/// Runs `f` with the buffer, unless the thread is busy. Nothing may be recorded in `f`.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn with<R>(f: impl FnOnce(&mut Output) -> R) -> Option<R> {
    let buffer = take()?;
    let result = f(buffer);
    put_back(buffer);
    Some(result)
}

/// How far the buffer is filled, unless the thread is busy.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn filled() -> Option<usize> {
    with(|output| output.bytes.len())
}

/// Whether the thread is busy.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn is_busy() -> bool {
    with(|_| ()).is_none()
}

/// With a thread's state: its buffer exists as long as that does.
#[derive(Debug)]
pub(crate) struct WithState;

impl WithState {
    pub(crate) fn new() -> Self {
        let left = of_others(Vec::pop).flatten();
        put_back(left.unwrap_or_else(|| Box::leak(Box::default())));
        Self
    }
}

impl Drop for WithState {
    fn drop(&mut self) {
        let Some(buffer) = take() else { return };
        *buffer = Output::default();
        of_others(|left| left.push(buffer));
    }
}

/// Runs `f` with the buffers of threads that have ended. Never waits: who holds the lock may be a thread that a fork has left behind.
fn of_others<R>(f: impl FnOnce(&mut Vec<Buffer>) -> R) -> Option<R> {
    match LEFT.try_lock() {
        Ok(mut left) => Some(f(&mut left)),
        Err(TryLockError::Poisoned(left)) => Some(f(&mut left.into_inner())),
        Err(TryLockError::WouldBlock) => None,
    }
}
