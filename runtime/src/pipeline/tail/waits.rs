//! How long a trace is waited for: until a visit shows that its root is not ours, until it is slow or too old, until the end.

use super::{Tail, TraceId, nanos};

impl Tail {
    /// The traces of whose root nothing was heard so far: when everything has been read once more, something was, or they have none.
    pub(crate) fn take_unheard(&mut self) -> Vec<TraceId> {
        std::mem::take(&mut self.unheard)
    }

    /// Takes them back: not everything was read.
    pub(crate) fn put_back_unheard(&mut self, unheard: Vec<TraceId>) {
        self.unheard.extend(unheard);
    }

    /// Whether there are such traces.
    pub(crate) fn has_unheard(&self) -> bool {
        !self.unheard.is_empty()
    }

    /// The end of a visit: decides what is not to wait for longer.
    pub(crate) fn settle(&mut self, unheard: Vec<TraceId>) {
        for trace in unheard {
            if self.held.get(&trace).is_some_and(|held| held.root.is_none()) {
                self.keep(trace);
            }
        }
        let slow = self.options.slower_than.unwrap_or(self.options.max_age);
        let longest = nanos(slow.min(self.options.max_age));
        while let Some((_, trace)) = self.by_age.first_key_value() {
            let trace = *trace;
            let Some(held) = self.held.get(&trace) else { break };
            let now = self.clock.ticks_after(held.began);
            let age = self.clock.nanos_between(held.began, now);
            if age < longest {
                break;
            }
            if self.options.slower_than.is_none_or(|slow| age < nanos(slow)) {
                self.counts.decided_early.add(1);
            }
            self.keep(trace);
        }
    }

    /// The end of the pipeline: decides everything by what is known.
    pub(crate) fn decide_all(&mut self) {
        while let Some((_, trace)) = self.by_age.first_key_value() {
            let trace = *trace;
            let root = self.held.get(&trace).and_then(|held| held.root);
            // Without a word of a root it ran elsewhere.
            if root.is_none_or(|root| self.is_drawn(&root, &[])) {
                self.keep(trace);
            } else {
                self.leave_out(trace);
            }
        }
    }
}
