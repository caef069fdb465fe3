//! The drain thread: when it visits the chunks (`visit`), and how it answers flush and shutdown.
//!
//! It wakes every flush interval, when the pool comes under pressure, when the exit has room again, and when someone asks. A panic
//! in the exit costs the batch in hand, is counted, and the thread goes on.

mod headers;
mod visit;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use self::headers::Told;
use super::batch::Batch;
use super::complete::Completer;
use super::limits::{Limiter, Numbers};
use super::tail::Tail;
use crate::clock::Anchor;
use crate::export::{Exit, Flushed};
use crate::recorder::Recorder;
use crate::recorder::chunk::Reader;
use crate::recorder::control::Request;
use crate::recorder::pool::Pressure;

/// How often the worker looks, how many spans it hands over at once, and what each may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rhythm {
    pub(crate) interval: Duration,
    pub(crate) max_spans: Option<u64>,
    pub(crate) limits: Numbers,
}

/// How long the worker waits at most for room in the exit, once it is asked to end.
const ROOM_CHECK: Duration = Duration::from_millis(10);

pub(crate) struct Worker {
    recorder: &'static Recorder,
    exit: Box<dyn Exit>,
    rhythm: Rhythm,
    active: Vec<Reader>,
    completer: Completer,
    batch: Batch,
    limiter: Option<Limiter>,
    tail: Option<Tail>,
    /// Of the last visit.
    anchor: Option<Anchor>,
    /// The number of the last flush that the exit was asked for.
    flushed: u64,
    /// Spans that the exit was given.
    handed: u64,
    /// When the exit was given the last batch that was not full.
    rested: Instant,
    only_counts: bool,
    max_spans: u64,
    headers: Told,
    /// It was asked to end: everything goes to the exit as soon as there is room.
    ending: bool,
}

impl Worker {
    pub(crate) fn new(recorder: &'static Recorder, exit: Box<dyn Exit>, rhythm: Rhythm) -> Self {
        let (only_counts, max_spans) =
            (exit.only_counts(), rhythm.max_spans.unwrap_or_else(|| exit.max_spans()));
        Self {
            recorder,
            exit,
            rhythm,
            active: Vec::new(),
            completer: Completer::default(),
            batch: Batch::default(),
            limiter: Limiter::new(rhythm.limits),
            tail: recorder
                .tail
                .as_ref()
                .map(|options| Tail::new(options, recorder.clock, &recorder.ledger.tail)),
            anchor: None,
            flushed: 0,
            handed: 0,
            rested: Instant::now(),
            only_counts,
            max_spans,
            headers: Told::default(),
            ending: false,
        }
    }

    /// Runs until it is asked to end. Everything published before that request is drained first, if there is room for it in time.
    pub(crate) fn run(mut self) {
        loop {
            self.recorder.awake();
            self.headers.tell_of_new();
            // Read before draining; see `recorder::control`.
            let request = self.recorder.control.pending();
            self.ending = request.end.is_some();
            let visit = |worker: &mut Self| {
                let everything = worker.pass(request);
                if request.flush && worker.tail.as_ref().is_some_and(Tail::has_unheard) {
                    // What was held only until everything has been read once more.
                    return worker.pass(request);
                }
                everything
            };
            let everything =
                catch_unwind(AssertUnwindSafe(|| visit(&mut self))).unwrap_or_else(|_| self.recover());
            self.recorder.pool.wait_for(match (everything, self.spares()) {
                (true, _) => Pressure::Any,
                (false, true) => Pressure::Filling,
                (false, false) => Pressure::None,
            });
            if let Some(end) = request.end {
                let in_time = end.deadline.is_none_or(|deadline| Instant::now() < deadline);
                if !everything && in_time {
                    thread::park_timeout(ROOM_CHECK);
                    continue;
                }
                let ended = catch_unwind(AssertUnwindSafe(|| self.exit.shutdown(end)));
                if !matches!(ended, Ok(Ok(()))) {
                    self.recorder.ledger.exit_failures.add(1);
                }
                self.recorder.pool.release_free();
                self.recorder.control.complete(request);
                break;
            }
            if everything && request.flush && request.number > self.flushed {
                self.flush(request);
            }
            // An exporter that parks this thread itself may have used the token up.
            if !self.recorder.is_woken() {
                let begun = if self.batch.is_empty() { Duration::ZERO } else { self.rested.elapsed() };
                thread::park_timeout(self.rhythm.interval.saturating_sub(begun));
            }
        }
    }

    /// Whether spans may wait in their chunks although the exit has room: they are smaller there.
    fn spares(&self) -> bool {
        !self.ending && !self.recorder.pool.is_filling()
    }

    /// After a panic of our own: what was in hand is lost, and counted.
    fn recover(&mut self) -> bool {
        let ledger = &self.recorder.ledger;
        let held = ledger.tail.held_in.get() - ledger.tail.held_out.get();
        let elsewhere = self.handed + held + ledger.tail.sampled_out.get();
        let lost = ledger.taken.get().saturating_sub(elsewhere);
        self.handed += lost;
        (self.batch, self.completer) = (Batch::default(), Completer::default());
        ledger.deliver(|spans| spans.exporter_panicked += lost);
        false
    }

    fn flush(&mut self, request: Request) {
        self.flushed = request.number;
        // What the exporter left half-done is its own.
        match catch_unwind(AssertUnwindSafe(|| self.exit.flush(request))) {
            Ok(Flushed::Later) => return,
            Ok(Flushed::Done) => {}
            // What the exporter had acknowledged may be lost.
            Ok(Flushed::Failed) | Err(_) => self.recorder.ledger.exit_failures.add(1),
        }
        self.recorder.control.complete(request);
    }
}
