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
use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

use super::forest::{by_start, is_local_root};

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

/// About how many bytes of memory `span` takes.
pub(crate) fn weight(span: &SpanData) -> usize {
    let events: usize = span.events.iter().map(|event| 96 + event.name.len() + pairs(&event.attributes)).sum();
    let links: usize = span.links.iter().map(|link| 96 + pairs(&link.attributes)).sum();
    size_of::<SpanData>() + span.name.len() + pairs(&span.attributes) + events + links
}

fn pairs(attributes: &[KeyValue]) -> usize {
    let value = |value: &Value| match value {
        Value::String(text) => text.as_str().len(),
        Value::Array(Array::Bool(list)) => list.len(),
        Value::Array(Array::I64(list)) => list.len() * 8,
        Value::Array(Array::F64(list)) => list.len() * 8,
        Value::Array(Array::String(list)) => list.iter().map(|text| 24 + text.as_str().len()).sum(),
        _ => 0,
    };
    attributes.iter().map(|pair| size_of::<KeyValue>() + pair.key.as_str().len() + value(&pair.value)).sum()
}
