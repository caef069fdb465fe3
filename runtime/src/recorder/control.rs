//! How callers ask the worker for a flush or the end, and how they wait for it.
//!
//! A request is a number. A caller raises `requested` and waits until `completed` has reached its number; the worker reads
//! `requested` *before* it drains and stores that number *after* everything drained has been exported. So whatever was
//! published before the request is covered by it (`recorded → requested → drained → completed`, each step ordered by the
//! mutex).

use super::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Debug, Default, Clone, Copy)]
struct State {
    requested: u64,
    completed: u64,
    end: Option<End>,
    ended: bool,
}

/// The pipeline is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// When to give up; `None` for a time beyond all clocks.
    pub(crate) deadline: Option<Instant>,
}

/// How long before its time is over an end is given up at least: who waits for it is to hear of it.
const FOR_THE_REPORT: Duration = Duration::from_millis(50);

impl End {
    /// An end for which somebody waits that long.
    pub(crate) fn within(timeout: Duration) -> Self {
        let until = timeout.saturating_sub(FOR_THE_REPORT.min(timeout / 4));
        Self { deadline: Instant::now().checked_add(until) }
    }
}

/// What the worker is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) number: u64,
    /// A caller waits for everything to be delivered.
    pub(crate) flush: bool,
    /// The pipeline ends after this.
    pub(crate) end: Option<End>,
}

#[derive(Debug, Default)]
pub(crate) struct Control {
    state: Mutex<State>,
    changed: Condvar,
}

impl Control {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a flush; the number is what [`wait`](Self::wait) takes.
    pub(crate) fn request(&self, end: Option<End>) -> u64 {
        let mut state = self.lock();
        state.requested += 1;
        state.end = state.end.or(end);
        state.requested
    }

    /// The worker's side: what is asked for now.
    pub(crate) fn pending(&self) -> Request {
        let state = self.lock();
        Request { number: state.requested, flush: state.requested > state.completed, end: state.end }
    }

    /// The worker's side: `request` has been carried out.
    pub(crate) fn complete(&self, request: Request) {
        let mut state = self.lock();
        state.completed = state.completed.max(request.number);
        drop(state);
        self.changed.notify_all();
    }

    /// The worker's side: it is gone, and nobody has to wait any longer.
    pub(crate) fn ended(&self) {
        self.lock().ended = true;
        self.changed.notify_all();
    }

    /// Waits until `number` is completed; `false` when `timeout` passed, or the worker is gone, before.
    pub(crate) fn wait(&self, number: u64, timeout: Duration) -> bool {
        let deadline = Instant::now().checked_add(timeout);
        let mut state = self.lock();
        while state.completed < number && !state.ended {
            let left = match deadline {
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => timeout,
            };
            if left.is_zero() {
                break;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.completed >= number
    }
}
