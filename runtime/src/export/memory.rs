//! Keeps finished spans in memory, for tests.
//!
//! Every clone shows the same spans. The number of spans is bounded: above it new spans are not kept, but counted, so that a
//! test which forgets to `take` them fails by a number instead of by the machine's memory.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::Value;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// Spans that are kept unless a limit is given.
const CAPACITY: usize = 100_000;

/// Keeps finished spans in memory, for tests.
///
/// ```
/// # use wirespan::export::{MemoryExporter, attribute};
/// let memory = MemoryExporter::new();
/// // … hand a clone of it to the builder as the exporter, run what is tested, flush …
/// for span in memory.spans() {
///     assert_eq!(attribute(&span, "parameter.run_id"), Some(&7_i64.into()));
/// }
/// ```
///
/// `wirespan::testing` (feature `testing`) has finders, assertions and trees: `Spans::from(memory.spans())`.
#[derive(Clone)]
pub struct MemoryExporter {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    spans: Vec<SpanData>,
    capacity: usize,
    overflow: u64,
}

impl State {
    fn keep(&mut self, span: SpanData) {
        if self.spans.len() < self.capacity {
            self.spans.push(span);
        } else {
            self.overflow += 1;
        }
    }
}

impl MemoryExporter {
    /// Keeps at most 100,000 spans.
    pub fn new() -> Self {
        Self::with_capacity_limit(CAPACITY)
    }

    /// Keeps at most `spans` spans.
    pub fn with_capacity_limit(spans: usize) -> Self {
        Self { state: Arc::new(Mutex::new(State { capacity: spans, ..State::default() })) }
    }

    /// The spans, in the order in which they came: children mostly before their parents.
    pub fn spans(&self) -> Vec<SpanData> {
        self.lock().spans.clone()
    }

    /// The spans, which are then forgotten.
    pub fn take(&self) -> Vec<SpanData> {
        std::mem::take(&mut self.lock().spans)
    }

    /// Forgets the spans and the count of those that were not kept.
    pub fn clear(&self) {
        let mut state = self.lock();
        state.spans = Vec::new();
        state.overflow = 0;
    }

    /// How many spans are kept.
    pub fn len(&self) -> usize {
        self.lock().spans.len()
    }

    /// Whether no span is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many spans were not kept because the limit was reached.
    pub fn overflow(&self) -> u64 {
        self.lock().overflow
    }

    /// Keeps a span, or counts it where there is no room.
    #[cfg(feature = "testing")]
    pub(crate) fn keep(&self, span: SpanData) {
        self.lock().keep(span);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryExporter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("MemoryExporter")
            .field("spans", &state.spans.len())
            .field("capacity", &state.capacity)
            .field("overflow", &state.overflow)
            .finish()
    }
}

impl SpanExporter for MemoryExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut state = self.lock();
        for span in batch {
            state.keep(span);
        }
        Ok(())
    }
}

/// The value of the attribute `key` of `span`; of several, the last, which is the one that backends keep.
///
/// ```
/// # let memory = wirespan::export::MemoryExporter::new();
/// for span in memory.spans() {
///     assert!(wirespan::export::attribute(&span, "code.function.name").is_some());
/// }
/// ```
pub fn attribute<'a>(span: &'a SpanData, key: &str) -> Option<&'a Value> {
    span.attributes.iter().rev().find(|pair| pair.key.as_str() == key).map(|pair| &pair.value)
}

#[cfg(test)]
mod tests {
    use super::super::console::samples::{now, span};
    use super::*;

    #[test]
    fn above_the_limit_spans_are_counted_and_not_kept() {
        let memory = MemoryExporter::with_capacity_limit(3);
        now(memory.export(vec![span(1, 0, "a", 0, 1), span(2, 0, "b", 0, 1)])).unwrap();
        now(memory.export(vec![span(3, 0, "c", 0, 1), span(4, 0, "d", 0, 1)])).unwrap();
        assert_eq!((memory.len(), memory.overflow()), (3, 1));
        assert_eq!(memory.take().len(), 3);
        assert_eq!((memory.is_empty(), memory.overflow()), (true, 1));
        memory.clear();
        assert_eq!(memory.overflow(), 0);
        assert_eq!(format!("{memory:?}"), "MemoryExporter { spans: 0, capacity: 3, overflow: 0 }");
    }
}
