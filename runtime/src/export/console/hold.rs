//! Keeps spans until their tree can be printed, within a bound.
//!
//! States of a trace: *held* (spans wait, none of them is anchored) → *printed* (its ids are remembered for a while). A span
//! is anchored when it is a local root, or when its parent has been printed; an anchored span leaves with every held span
//! below it, and the others stay. So a detached task that outlives its trace comes out as one tree too, when it ends.
//!
//! Over the bound the trace that has waited longest leaves as it is. Ids of printed spans are bounded by their number.
//! Nothing in here runs foreign code: the exporter calls it with its lock held.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;

use super::forest::{by_start, is_local_root};
use super::weight::weight;

/// Ids of printed spans that are remembered (about 1 MiB).
const REMEMBERED: usize = 32 * 1024;

/// Spans that are printed together.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) trace: TraceId,
    pub(super) spans: Vec<SpanData>,
    pub(super) state: State,
}

/// How the spans stand to their trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// A root and what is below it.
    Complete,
    /// The same, and other spans of the trace were printed before.
    Continued,
    /// What ended after its parent was printed.
    Late,
    /// What was left at a flush.
    Unfinished,
    /// What had to leave, at this bound in bytes.
    Overflow(usize),
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Hold {
    held: HashMap<TraceId, Trace>,
    /// Held traces by age.
    by_age: BTreeMap<u64, TraceId>,
    next_age: u64,
    bytes: usize,
    max_bytes: usize,
    printed: Printed,
}

#[derive(Debug, Default)]
struct Trace {
    age: u64,
    bytes: usize,
    spans: Vec<SpanData>,
}

impl Hold {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            held: HashMap::new(),
            by_age: BTreeMap::new(),
            next_age: 0,
            bytes: 0,
            max_bytes,
            printed: Printed::default(),
        }
    }

    /// Adds a batch; yields what can be printed now, and what must be.
    pub(super) fn add(&mut self, batch: Vec<SpanData>) -> Vec<Finished> {
        let mut touched: Vec<TraceId> = Vec::new();
        let mut anchored: HashSet<TraceId> = HashSet::new();
        for span in batch {
            let trace = span.span_context.trace_id();
            let anchor = is_local_root(&span) || self.printed.contains(trace, span.parent_span_id);
            if anchor && anchored.insert(trace) {
                touched.push(trace);
            }
            self.keep(trace, span);
        }
        let mut finished: Vec<Finished> = touched.into_iter().flat_map(|trace| self.settle(trace)).collect();
        while self.bytes > self.max_bytes {
            let Some((_, trace)) = self.by_age.pop_first() else { break };
            finished.extend(self.leave(trace, State::Overflow(self.max_bytes)));
        }
        finished
    }

    /// Everything that is held, the oldest first.
    pub(super) fn drain(&mut self) -> Vec<Finished> {
        let traces = std::mem::take(&mut self.by_age);
        traces.into_values().filter_map(|trace| self.leave(trace, State::Unfinished)).collect()
    }

    fn keep(&mut self, trace: TraceId, span: SpanData) {
        let bytes = weight(&span);
        self.bytes += bytes;
        let (next_age, by_age) = (&mut self.next_age, &mut self.by_age);
        let held = self.held.entry(trace).or_insert_with(|| {
            let age = *next_age;
            *next_age += 1;
            by_age.insert(age, trace);
            Trace { age, ..Trace::default() }
        });
        held.bytes += bytes;
        held.spans.push(span);
    }

    /// Takes a whole trace, which is no longer in `by_age`.
    fn leave(&mut self, trace: TraceId, state: State) -> Option<Finished> {
        let held = self.held.remove(&trace)?;
        self.bytes = self.bytes.saturating_sub(held.bytes);
        self.printed.add(trace, &held.spans);
        Some(Finished { trace, spans: held.spans, state })
    }

    /// Takes what is anchored in `trace`; the rest goes on waiting.
    fn settle(&mut self, trace: TraceId) -> Vec<Finished> {
        let Some(mut held) = self.held.remove(&trace) else { return Vec::new() };
        let known = self.printed.knows(trace);
        let groups = Groups::of(&mut held.spans, |parent| self.printed.contains(trace, parent));
        let state = if known { State::Continued } else { State::Complete };
        let mut finished: Vec<Finished> =
            groups.roots.into_iter().map(|spans| Finished { trace, spans, state }).collect();
        if !groups.late.is_empty() {
            finished.push(Finished { trace, spans: groups.late, state: State::Late });
        }
        for part in &finished {
            self.printed.add(trace, &part.spans);
        }
        let left: usize = held.spans.iter().map(weight).sum();
        self.bytes = self.bytes.saturating_sub(held.bytes.saturating_sub(left));
        held.bytes = left;
        if held.spans.is_empty() {
            self.by_age.remove(&held.age);
        } else {
            self.held.insert(trace, held);
        }
        finished
    }
}

/// The anchored spans of a trace.
#[derive(Debug, Default)]
struct Groups {
    roots: Vec<Vec<SpanData>>,
    late: Vec<SpanData>,
}

impl Groups {
    /// Moves them out of `spans`.
    fn of(spans: &mut Vec<SpanData>, printed: impl Fn(SpanId) -> bool) -> Self {
        spans.sort_by(by_start);
        let ids: HashSet<SpanId> = spans.iter().map(|span| span.span_context.span_id()).collect();
        let mut children: HashMap<SpanId, Vec<usize>> = HashMap::new();
        let mut tops: Vec<(usize, bool)> = Vec::new();
        for (index, span) in spans.iter().enumerate() {
            let parent = span.parent_span_id;
            let held = ids.contains(&parent) && parent != span.span_context.span_id();
            match is_local_root(span) {
                _ if held => children.entry(parent).or_default().push(index),
                true => tops.push((index, true)),
                false if printed(parent) => tops.push((index, false)),
                false => {}
            }
        }
        let mut taken: Vec<Option<SpanData>> = std::mem::take(spans).into_iter().map(Some).collect();
        let mut groups = Self::default();
        for (top, root) in tops {
            let mut group = Vec::new();
            let mut open = vec![top];
            while let Some(index) = open.pop() {
                let Some(span) = taken.get_mut(index).and_then(Option::take) else { continue };
                open.extend(children.remove(&span.span_context.span_id()).into_iter().flatten());
                group.push(span);
            }
            if root {
                groups.roots.push(group);
            } else {
                groups.late.append(&mut group);
            }
        }
        spans.extend(taken.into_iter().flatten());
        groups
    }
}

/// The ids of printed spans: of the traces that were printed last.
#[derive(Debug, Default)]
struct Printed {
    traces: HashMap<TraceId, HashSet<SpanId>>,
    by_age: VecDeque<TraceId>,
    ids: usize,
}

impl Printed {
    fn knows(&self, trace: TraceId) -> bool {
        self.traces.contains_key(&trace)
    }

    fn contains(&self, trace: TraceId, span: SpanId) -> bool {
        self.traces.get(&trace).is_some_and(|ids| ids.contains(&span))
    }

    fn add(&mut self, trace: TraceId, spans: &[SpanData]) {
        let ids = self.traces.entry(trace).or_insert_with(|| {
            self.by_age.push_back(trace);
            HashSet::new()
        });
        let before = ids.len();
        let room = REMEMBERED.saturating_sub(before);
        ids.extend(spans.iter().take(room).map(|span| span.span_context.span_id()));
        self.ids += ids.len() - before;
        while self.ids > REMEMBERED && self.by_age.len() > 1 {
            let oldest = self.by_age.pop_front().and_then(|trace| self.traces.remove(&trace));
            self.ids -= oldest.map_or(0, |ids| ids.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::forest;
    use super::super::samples::span_of;
    use super::*;

    #[test]
    fn whatever_comes_in_whatever_order_leaves_exactly_once() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for round in 0..300 {
            let mut hold = Hold::new(if round % 3 == 0 { 4_000 } else { usize::MAX });
            let (mut given, mut printed) = (0, 0);
            for _ in 0..random(20) {
                // Few ids: so parents come late or never, ids are given twice, and some are their own ancestors.
                let batch: Vec<SpanData> = (0..random(12))
                    .map(|_| {
                        let mut span = span_of(
                            random(3).into(),
                            random(15) + 1,
                            random(16),
                            "s",
                            random(50),
                            random(50),
                        );
                        span.parent_span_is_remote = random(8) == 0;
                        span
                    })
                    .collect();
                given += batch.len();
                for finished in hold.add(batch) {
                    assert_eq!(
                        forest::rows(&finished.spans, by_start).iter().filter(|row| is_span(row)).count(),
                        finished.spans.len()
                    );
                    printed += finished.spans.len();
                }
                let bytes: usize = hold.held.values().flat_map(|trace| &trace.spans).map(weight).sum();
                assert_eq!(hold.bytes, bytes);
                assert_eq!(hold.by_age.len(), hold.held.len());
            }
            printed += hold.drain().iter().map(|finished| finished.spans.len()).sum::<usize>();
            assert_eq!(printed, given);
            assert_eq!(hold.bytes, 0);
        }
    }

    #[test]
    fn remembered_ids_are_bounded() {
        let mut printed = Printed::default();
        for trace in 1..=40_u128 {
            let spans: Vec<SpanData> = (1..=2_000).map(|id| span_of(trace, id, 0, "s", 0, 1)).collect();
            printed.add(TraceId::from(trace), &spans);
            assert!(printed.ids <= REMEMBERED + 2_000);
        }
        assert!(printed.knows(TraceId::from(40)) && !printed.knows(TraceId::from(1)));
        assert_eq!(printed.ids, printed.traces.values().map(HashSet::len).sum::<usize>());
    }

    fn is_span(row: &forest::Row<'_>) -> bool {
        matches!(row.item, forest::Item::Span(_))
    }
}
