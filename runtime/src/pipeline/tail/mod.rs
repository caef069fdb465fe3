//! Tail sampling: holds the spans of a trace until its root has ended, and keeps it or not.
//!
//! ```text
//!           notice, or a span                root ended, failed, slow, asked
//! unknown ───────────────────▶ held ─────────────────────────────────────────▶ decided (kept | out)
//!                               │ over the bound in bytes or age: kept
//!                               └ a span came, no notice by the next visit: the root is not ours: kept
//! ```
//!
//! A root says that it has started (a record that is no span, `flag::BEGINS`), so that what has no root in this process is not
//! waited for, and what an upstream process sampled is not held at all. A notice may be read after a span below it, which another
//! thread published, but not a whole visit later. Spans are held as recorded, and completed only when they are kept. What was decided
//! is remembered, for the spans that come later. The drain thread alone does all of this.

mod decided;
mod held;
mod look;
#[cfg(test)]
mod tests;
mod waits;

use std::collections::{BTreeMap, HashMap, VecDeque};

use self::decided::Decided;
pub(crate) use self::held::Held;
use self::look::Look;
use crate::clock::Clock;
use crate::foreign::Foreign;
use crate::recorder::ledger::TailCounts;
use crate::recorder::record::{Record, flag};
use crate::sample::tail::{Otherwise, TailSampling, Within};

type TraceId = [u8; 16];

/// What becomes of a span now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is exported.
    Export,
    /// It is held, released with its trace, or left out, and counted.
    Gone,
}

/// See the module's documentation.
pub(crate) struct Tail {
    options: &'static TailSampling,
    clock: Clock,
    counts: &'static TailCounts,
    held: HashMap<TraceId, Held>,
    by_age: BTreeMap<u64, TraceId>,
    next_age: u64,
    bytes: usize,
    /// Bytes of what is released.
    waiting: usize,
    /// Traces of whose root nothing was heard, from this visit.
    unheard: Vec<TraceId>,
    decided: Decided,
    released: VecDeque<Held>,
    look: Look,
}

impl Tail {
    pub(crate) fn new(options: &'static TailSampling, clock: Clock, counts: &'static TailCounts) -> Self {
        Self {
            options,
            clock,
            counts,
            held: HashMap::new(),
            by_age: BTreeMap::new(),
            next_age: 0,
            bytes: 0,
            waiting: 0,
            unheard: Vec::new(),
            decided: Decided::default(),
            released: VecDeque::new(),
            look: Look::default(),
        }
    }

    /// A root has started.
    pub(crate) fn begins(&mut self, notice: &Record) {
        let trace = notice.trace_id;
        if self.decided.of(&trace).is_some() {
            return;
        }
        if notice.flags & flag::UPSTREAM != 0 {
            self.keep(trace);
            return;
        }
        self.change(trace, notice.start, |held| {
            held.open += 1;
            held.root = Some(*notice);
        });
        self.make_room();
    }

    /// A span has ended, and was counted as taken.
    pub(crate) fn place(&mut self, record: &Record, body: &[u8]) -> Place {
        let trace = record.trace_id;
        if let Some(kept) = self.decided.of(&trace) {
            return if kept { Place::Export } else { self.left_out() };
        }
        let is_root = record.parent_id == [0; 8] || record.flags & flag::PARENT_REMOTE != 0;
        let is_last = is_root && self.held.get(&trace).is_none_or(|held| held.open <= 1);
        if self.speaks_for_itself(record, is_root) || is_last && self.is_drawn(record, body) {
            return self.keep_with(record, body);
        }
        if is_last {
            self.leave_out(trace);
            return self.left_out();
        }
        self.counts.held_in.add(1);
        let known = self.held.contains_key(&trace);
        self.change(trace, record.start, |held| {
            held.open -= u32::from(is_root);
            held.push(record, body);
        });
        if !known {
            self.unheard.push(trace);
        }
        self.make_room();
        Place::Gone
    }

    /// As [`place_foreign`](Self::place_foreign); without tail sampling every span is exported now.
    pub(crate) fn place_foreign_in(tail: Option<&mut Self>, foreign: Foreign) -> Option<Foreign> {
        match tail {
            Some(tail) => tail.place_foreign(foreign),
            None => Some(foreign),
        }
    }

    /// A span of another crate was taken; it is given back when it is to be exported now.
    fn place_foreign(&mut self, foreign: Foreign) -> Option<Foreign> {
        let trace = foreign.trace;
        match self.decided.of(&trace) {
            Some(true) => return Some(foreign),
            Some(false) => {
                self.left_out();
                return None;
            }
            None => {}
        }
        let speaks = foreign.failed && self.options.failed == Within::Trace;
        let known = self.held.contains_key(&trace);
        self.counts.held_in.add(1);
        self.change(trace, self.clock.ticks(), |held| held.push_foreign(foreign));
        if speaks {
            self.keep(trace);
        } else if !known {
            self.unheard.push(trace);
        }
        self.make_room();
        None
    }

    /// The next trace that is to be exported.
    pub(crate) fn released(&mut self) -> Option<Held> {
        let held = self.released.pop_front();
        self.waiting -= held.as_ref().map_or(0, Held::bytes);
        self.count_bytes();
        held
    }

    /// The same, with what is left of it: there was no room.
    pub(crate) fn put_back(&mut self, held: Held) {
        self.waiting += held.bytes();
        self.released.push_front(held);
        self.count_bytes();
    }

    /// Whether a span is a reason to keep its trace.
    fn speaks_for_itself(&self, record: &Record, is_root: bool) -> bool {
        let says = |fact: u32, within: Within| {
            record.flags & fact != 0
                && match within {
                    Within::Nothing => false,
                    Within::Root => is_root,
                    Within::Trace => true,
                }
        };
        let TailSampling { failed, cancelled, slower_than, .. } = self.options;
        says(flag::UPSTREAM, Within::Root)
            || says(flag::FAILED, *failed)
            || says(flag::CANCELLED, *cancelled)
            || slower_than
                .is_some_and(|slow| self.clock.nanos_between(record.start, record.end) >= nanos(slow))
    }

    /// Whether a trace is kept that nothing speaks for.
    fn is_drawn(&mut self, root: &Record, body: &[u8]) -> bool {
        match &self.options.otherwise {
            Otherwise::Ratio(bound) => Otherwise::draw(*bound, root.trace_id),
            Otherwise::Ask(sampler) => self.look.ask(sampler.as_ref(), &self.clock.anchor(), root, body),
        }
    }

    /// Changes what is held of a trace; the books on bytes are kept here.
    fn change(&mut self, trace: TraceId, start: u64, change: impl FnOnce(&mut Held)) {
        let (next_age, by_age) = (&mut self.next_age, &mut self.by_age);
        let mut before = 0;
        let held = self
            .held
            .entry(trace)
            .and_modify(|held| {
                before = held.bytes();
                held.began = held.began.min(start);
            })
            .or_insert_with(|| {
                let age = *next_age;
                *next_age += 1;
                by_age.insert(age, trace);
                Held::new(age, start)
            });
        change(held);
        self.bytes = self.bytes - before + held.bytes();
    }

    /// Keeps the oldest traces at once, as long as more is held than may be.
    fn make_room(&mut self) {
        while self.bytes > self.options.max_bytes {
            let Some((_, trace)) = self.by_age.first_key_value() else { break };
            let trace = *trace;
            self.counts.decided_early.add(1);
            self.keep(trace);
        }
        self.count_bytes();
    }

    fn count_bytes(&self) {
        self.counts.held_bytes.set((self.bytes + self.waiting) as u64);
    }

    /// Keeps a trace with a span that has ended now: it comes behind those that are held.
    fn keep_with(&mut self, record: &Record, body: &[u8]) -> Place {
        let trace = record.trace_id;
        let holds = self.held.get(&trace).is_some_and(Held::has_span);
        if holds {
            self.counts.held_in.add(1);
            self.change(trace, record.start, |held| held.push(record, body));
        }
        self.keep(trace);
        if holds { Place::Gone } else { Place::Export }
    }

    fn keep(&mut self, trace: TraceId) {
        self.decided.add(trace, true);
        let held = self.take(&trace).filter(Held::has_span);
        self.waiting += held.as_ref().map_or(0, Held::bytes);
        self.released.extend(held);
        self.count_bytes();
    }

    fn leave_out(&mut self, trace: TraceId) {
        self.decided.add(trace, false);
        if let Some(held) = self.take(&trace) {
            self.counts.sampled_out.add(held.len());
        }
        self.count_bytes();
    }

    /// Counts a span that is not held.
    fn left_out(&self) -> Place {
        self.counts.sampled_out.add(1);
        Place::Gone
    }

    fn take(&mut self, trace: &TraceId) -> Option<Held> {
        let held = self.held.remove(trace)?;
        self.by_age.remove(&held.age);
        self.bytes -= held.bytes();
        self.counts.held_out.add(held.len());
        Some(held)
    }
}

fn nanos(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
