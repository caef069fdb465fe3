//! The drain thread: visits the chunks, completes records, hands batches to the exit, answers flush and shutdown.
//!
//! It wakes every flush interval, when the pool comes under pressure, and when someone asks. A panic in the exit costs the
//! batch in hand, is counted, and the thread goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use super::batch::{Batch, MAX_BYTES};
use super::complete::Completer;
use super::tail::{Place, Tail};
use crate::clock::Anchor;
use crate::export::Exit;
use crate::recorder::Recorder;
use crate::recorder::chunk::Reader;
use crate::recorder::record::{Record, flag};

/// How often the worker looks, and how many spans it hands over at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rhythm {
    pub(crate) interval: Duration,
    pub(crate) max_spans: u64,
}

pub(crate) struct Worker {
    recorder: &'static Recorder,
    exit: Box<dyn Exit>,
    rhythm: Rhythm,
    active: Vec<Reader>,
    completer: Completer,
    batch: Batch,
    tail: Option<Tail>,
}

impl Worker {
    pub(crate) fn new(recorder: &'static Recorder, exit: Box<dyn Exit>, rhythm: Rhythm) -> Self {
        Self {
            recorder,
            exit,
            rhythm,
            active: Vec::new(),
            completer: Completer::default(),
            batch: Batch::default(),
            tail: recorder
                .tail
                .as_ref()
                .map(|options| Tail::new(options, &recorder.clock, &recorder.ledger.tail)),
        }
    }

    /// Runs until it is asked to end. Everything published before that request is drained first.
    pub(crate) fn run(mut self) {
        loop {
            self.recorder.awake();
            // Read before draining; see `recorder::control`.
            let request = self.recorder.control.pending();
            self.pass(request.end);
            if request.flush && self.tail.as_ref().is_some_and(Tail::has_unheard) {
                // What was held only until everything has been read once more.
                self.pass(request.end);
            }
            if request.flush {
                self.guarded(|exit| exit.flush());
            }
            if request.end {
                self.guarded(|exit| exit.shutdown());
                self.recorder.pool.release_free();
                self.recorder.control.complete(request);
                break;
            }
            if request.flush {
                self.recorder.control.complete(request);
            }
            // An exporter that parks this thread itself may have used the token up.
            if !self.recorder.is_woken() {
                thread::park_timeout(self.rhythm.interval);
            }
        }
    }

    /// One visit to every chunk, and the export of what was found.
    fn pass(&mut self, ends: bool) {
        let anchor = self.recorder.clock.anchor();
        let unheard = self.tail.as_mut().map(Tail::take_unheard).unwrap_or_default();
        while let Some(reader) = self.recorder.pool.next_active() {
            self.active.push(reader);
        }
        // All at once, before anything is read: a child that ended on one thread before its parent did on another is then
        // very likely in the same pass.
        self.active.iter_mut().for_each(Reader::refresh);
        let mut active = std::mem::take(&mut self.active);
        let mut index = 0;
        while let Some(reader) = active.get_mut(index) {
            while let Some((record, body)) = reader.next::<Record>() {
                if let Some(tail) = self.tail.as_mut().filter(|_| record.flags & flag::BEGINS != 0) {
                    tail.begins(&record);
                    continue;
                }
                self.recorder.ledger.taken.add(1);
                if self.tail.as_mut().is_some_and(|tail| tail.place(&record, body) == Place::Gone) {
                    self.release(&anchor);
                } else {
                    self.add(&record, body, &anchor);
                }
            }
            if reader.is_finished() {
                self.recorder.pool.recycle(active.swap_remove(index));
            } else {
                index += 1;
            }
        }
        self.active = active;
        if let Some(tail) = &mut self.tail {
            if ends {
                tail.decide_all();
            } else {
                tail.settle(unheard);
            }
            self.release(&anchor);
        }
        export(self.recorder, self.exit.as_mut(), &mut self.batch);
    }

    /// Adds the traces that tail sampling keeps.
    fn release(&mut self, anchor: &Anchor) {
        while let Some(trace) = self.tail.as_mut().and_then(Tail::released) {
            for (record, body) in trace.spans() {
                self.add(record, body, anchor);
            }
        }
    }

    /// Completes a span, and exports the batch when it is full.
    fn add(&mut self, record: &Record, body: &[u8], anchor: &Anchor) {
        if self.exit.only_counts() {
            self.batch.count_only();
            return;
        }
        self.completer.complete(record, body, &mut self.batch, &self.recorder.clock, anchor);
        if self.batch.bytes.len() > MAX_BYTES {
            // A large span goes alone: it must not take the others with it.
            let last = self.batch.take_last();
            export(self.recorder, self.exit.as_mut(), &mut self.batch);
            if let Some(last) = last {
                self.batch.put_back(last);
            }
        }
        if self.batch.len() >= self.rhythm.max_spans || self.batch.bytes.len() >= MAX_BYTES {
            export(self.recorder, self.exit.as_mut(), &mut self.batch);
        }
    }

    /// Runs code of an exporter; a panic in it ends here. A failure is written down: what the exporter had acknowledged
    /// may be lost.
    fn guarded(&mut self, run: impl FnOnce(&mut dyn Exit) -> Result<(), ()>) {
        // What the exporter left half-done is its own.
        let exit = self.exit.as_mut();
        if !matches!(catch_unwind(AssertUnwindSafe(|| run(exit))), Ok(Ok(()))) {
            self.recorder.ledger.exit_failures.add(1);
        }
    }
}

/// Hands the batch over and writes down what became of it.
fn export(recorder: &'static Recorder, exit: &mut dyn Exit, batch: &mut Batch) {
    if batch.is_empty() {
        return;
    }
    let count = batch.len();
    let ledger = &recorder.ledger;
    match catch_unwind(AssertUnwindSafe(|| exit.export(batch))) {
        Ok(Ok(())) => ledger.acknowledged.add(count),
        Ok(Err(())) => ledger.export_failed.add(count),
        Err(_) => ledger.exporter_panicked.add(count),
    }
    batch.clear();
}
