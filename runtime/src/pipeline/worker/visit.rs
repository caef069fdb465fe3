//! One visit to the chunks: what was published is read, completed, and handed to the exit in batches.

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use super::super::batch::MAX_BYTES;
use super::super::tail::{Place, Tail};
use super::Worker;
use crate::clock::Anchor;
use crate::export::Fate;
use crate::foreign::Foreign;
use crate::recorder::chunk::Reader;
use crate::recorder::control::Request;
use crate::recorder::record::{Record, flag};

/// Chunks that are made ready at most: 2 MiB.
const MAX_READY: usize = 32;

impl Worker {
    /// One visit to every chunk, and the export of what was found; whether all of it found room. A batch that is not full waits
    /// for the end of the interval, if nobody asks: then the pool was under pressure, and much more comes.
    pub(super) fn pass(&mut self, request: Request) -> bool {
        let anchor = self.recorder.clock.anchor_after(self.anchor.as_ref());
        self.anchor = Some(anchor.clone());
        let everything = self.visit(request, &anchor);
        self.recorder.clock.end_of_visit(self.anchor.insert(anchor));
        everything
    }

    fn visit(&mut self, request: Request, anchor: &Anchor) -> bool {
        let handed = self.handed;
        let unheard = self.tail.as_mut().map(Tail::take_unheard).unwrap_or_default();
        let known = self.active.len();
        while let Some(reader) = self.recorder.pool.next_active() {
            self.active.push(reader);
        }
        // As many as since the last visit will be taken until the next one, and none comes back while there is no room.
        self.recorder.pool.make_ready((self.active.len() - known).min(MAX_READY));
        // All at once, before anything is read: a child that ended on one thread before its parent did on another is then
        // very likely in the same pass.
        self.active.iter_mut().for_each(Reader::refresh);
        // What found no room before comes first, so no more is read meanwhile.
        let mut everything = self.release(anchor) && self.take_foreign(anchor);
        let mut index = 0;
        while everything && index < self.active.len() {
            everything = self.read(index, anchor);
            if self.active.get(index).is_some_and(Reader::is_finished) {
                self.recorder.pool.recycle(self.active.swap_remove(index));
            } else {
                index += 1;
            }
        }
        if let Some(tail) = &mut self.tail {
            match (everything, request.end.is_some()) {
                (true, true) => tail.decide_all(),
                (true, false) => tail.settle(unheard),
                // Not everything has been read once more.
                (false, _) => tail.put_back_unheard(unheard),
            }
            everything &= self.release(anchor);
        }
        if request.flush || request.end.is_some() || self.rested.elapsed() >= self.rhythm.interval {
            self.rested = Instant::now();
            if request.end.is_none() && !self.may_export() {
                return false;
            }
            self.export();
            if everything && self.handed == handed {
                self.exit.rest();
            }
        }
        everything
    }

    /// Whether what is in the batch was given room. Of one span that is not known: it may be what the last batch had no place for.
    fn may_export(&self) -> bool {
        self.batch.len() != 1 || self.exit.has_room(false)
    }

    /// Takes the spans that other crates have made; whether there was room for all of them.
    fn take_foreign(&mut self, anchor: &Anchor) -> bool {
        while !self.recorder.foreign.is_empty() {
            if !self.has_room() {
                return false;
            }
            let Some(foreign) = self.recorder.foreign.pop(self.recorder) else { break };
            self.recorder.ledger.taken.add(1);
            let now = Tail::place_foreign_in(self.tail.as_mut(), foreign);
            self.add_foreign(now);
            if !self.release(anchor) {
                return false;
            }
        }
        true
    }

    fn add_foreign(&mut self, foreign: Option<Foreign>) {
        let Some(foreign) = foreign else { return };
        if self.only_counts {
            self.batch.count_only();
        } else {
            self.batch.put_in(foreign.scope, &foreign.bytes);
            self.cut();
        }
    }

    /// Reads one chunk as far as it was written; whether there was room for all of it.
    fn read(&mut self, index: usize, anchor: &Anchor) -> bool {
        loop {
            if !self.active.get(index).is_some_and(Reader::has_next) {
                return true;
            }
            if !self.has_room() {
                return false;
            }
            let Some((record, body)) = self.active.get_mut(index).and_then(Reader::next::<Record>) else {
                return true;
            };
            if let Some(tail) = self.tail.as_mut().filter(|_| record.flags & flag::BEGINS != 0) {
                tail.begins(&record);
                continue;
            }
            self.recorder.ledger.taken.add(1);
            if self.tail.as_mut().is_some_and(|tail| tail.place(&record, body) == Place::Gone) {
                if !self.release(anchor) {
                    return false;
                }
                continue;
            }
            if self.only_counts {
                self.batch.count_only();
            } else {
                self.completer.complete(&record, body, &mut self.batch, anchor);
                self.cut();
            }
        }
    }

    /// Adds the traces that tail sampling keeps; whether there was room for all of them.
    fn release(&mut self, anchor: &Anchor) -> bool {
        while let Some(mut trace) = self.tail.as_mut().and_then(Tail::released) {
            while trace.has_span() {
                if !self.has_room() {
                    if let Some(tail) = &mut self.tail {
                        tail.put_back(trace);
                    }
                    return false;
                }
                let Some((record, body)) = trace.take_span() else {
                    let Some(foreign) = trace.take_foreign() else { break };
                    self.add_foreign(Some(foreign));
                    continue;
                };
                if self.only_counts {
                    self.batch.count_only();
                } else {
                    self.completer.complete(&record, body, &mut self.batch, anchor);
                    self.cut();
                }
            }
        }
        true
    }

    /// Whether a span can be added. A batch that was begun is finished; the one span that the last batch had no place for has not
    /// begun another.
    fn has_room(&self) -> bool {
        self.batch.len() > 1 || self.exit.has_room(self.spares())
    }

    /// Limits the span that was added last, and exports the batch when it is full.
    #[cfg_attr(not(debug_assertions), inline)]
    fn cut(&mut self) {
        if let Some(limiter) = &mut self.limiter {
            self.batch.replace_last(|span| limiter.limited(span));
        }
        if self.batch.bytes() > MAX_BYTES {
            // A large span goes alone: it must not take the others with it.
            let last = self.batch.take_last();
            self.export();
            if let Some(last) = last {
                self.batch.put_back(last);
            }
        }
        if self.batch.len() >= self.max_spans || self.batch.bytes() >= MAX_BYTES {
            self.export();
        }
    }

    /// Hands the batch over and writes down what became of it.
    fn export(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let count = self.batch.len();
        let fate = catch_unwind(AssertUnwindSafe(|| self.exit.export(&mut self.batch)));
        if !matches!(fate, Ok(Fate::HandedOver)) {
            self.recorder.ledger.deliver(|spans| match fate {
                Ok(Fate::Delivered) => spans.acknowledged += count,
                Ok(_) => spans.export_failed += count,
                Err(_) => spans.exporter_panicked += count,
            });
        }
        self.handed += count;
        self.batch.clear();
    }
}
