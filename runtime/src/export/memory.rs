//! Keeps finished spans in memory, for tests.
//!
//! Every clone shows the same spans. The number of spans is bounded: above it new spans are not kept, but counted, so that a
//! test which forgets to `take` them fails by a number instead of by the machine's memory.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::trace::{Event, SpanKind, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::console::forest::{self, Item, by_start};

/// Spans that are kept unless a limit is given.
const CAPACITY: usize = 100_000;

/// Keeps finished spans in memory, for tests.
///
/// ```
/// # use wirespan::export::{MemoryExporter, attribute};
/// let memory = MemoryExporter::new();
/// // … hand a clone of it to the builder as the exporter, run what is tested, flush …
/// assert_eq!(memory.tree(), "");
/// if let Some(step) = memory.find("Agent::step") {
///     assert_eq!(attribute(&step, "parameter.run_id"), Some(&7_i64.into()));
/// }
/// ```
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

    /// The first span of that name that came.
    pub fn find(&self, name: &str) -> Option<SpanData> {
        self.lock().spans.iter().find(|span| span.name == name).cloned()
    }

    /// The spans whose parent is `parent`, in the order in which they started.
    pub fn children_of(&self, parent: &SpanData) -> Vec<SpanData> {
        let context = &parent.span_context;
        let is_child = |span: &&SpanData| {
            span.parent_span_id == context.span_id() && span.span_context.trace_id() == context.trace_id()
        };
        let mut children: Vec<SpanData> = self.lock().spans.iter().filter(is_child).cloned().collect();
        children.sort_by(by_start);
        children
    }

    /// All spans as text to compare with, siblings in the order in which they started.
    ///
    /// A line holds the span's name, its status (`ok`, `unset`, `error` with the description), its kind unless it is
    /// internal, and its attributes sorted by key. Events stand below with a `*`. Ids, times, stack traces and `code.…`
    /// attributes are left out, so that the text is the same in each run.
    ///
    /// ```text
    /// Agent::run ok parameter.run_id=7
    ///   plan error="overloaded" error.type="LlmError"
    ///     * exception exception.message="overloaded" exception.type="LlmError"
    /// ```
    pub fn tree(&self) -> String {
        outline(&self.spans(), by_start)
    }

    /// Like [`tree`](Self::tree), siblings sorted by what their line says: for work that runs concurrently.
    pub fn tree_sorted(&self) -> String {
        let mut spans: Vec<(String, SpanData)> =
            self.spans().into_iter().map(|span| (line_of(&span), span)).collect();
        spans.sort_by(|(a, _), (b, _)| a.cmp(b));
        let spans: Vec<SpanData> = spans.into_iter().map(|(_, span)| span).collect();
        // Sorting by an order in which all are equal keeps the one they have.
        outline(&spans, |_, _| Ordering::Equal)
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
        let room = state.capacity.saturating_sub(state.spans.len());
        state.overflow += batch.len().saturating_sub(room) as u64;
        state.spans.extend(batch.into_iter().take(room));
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

fn outline(spans: &[SpanData], order: impl Fn(&SpanData, &SpanData) -> Ordering) -> String {
    let mut text = String::new();
    for row in forest::rows(spans, order) {
        let indent = " ".repeat(row.depth * 2);
        match row.item {
            Item::Missing(_) => text.push_str("(parent not finished)\n"),
            Item::Span(span) => {
                // Writing to a `String` cannot fail.
                let _ = writeln!(text, "{indent}{}", line_of(span));
                for event in span.events.iter() {
                    let _ = writeln!(text, "{indent}  * {}", event_line(event));
                }
            }
        }
    }
    text
}

fn line_of(span: &SpanData) -> String {
    let mut line = one_line(&span.name);
    match &span.status {
        Status::Unset => line.push_str(" unset"),
        Status::Ok => line.push_str(" ok"),
        Status::Error { description } => {
            let _ = write!(line, " error={description:?}");
        }
    }
    if span.span_kind != SpanKind::Internal {
        let _ = write!(line, " kind={}", format!("{:?}", span.span_kind).to_lowercase());
    }
    push_pairs(&mut line, &span.attributes);
    line
}

fn event_line(event: &Event) -> String {
    let mut line = one_line(&event.name);
    push_pairs(&mut line, &event.attributes);
    line
}

/// The attributes that are the same in each run, sorted by key.
fn push_pairs(line: &mut String, attributes: &[KeyValue]) {
    let is_stable = |key: &str| {
        !key.starts_with("code.")
            && !matches!(key, "cancellation.timestamp" | "exception.stacktrace" | "task.name")
    };
    let mut pairs: Vec<&KeyValue> = attributes.iter().filter(|pair| is_stable(pair.key.as_str())).collect();
    pairs.sort_by(|a, b| a.key.as_str().cmp(b.key.as_str()));
    for pair in pairs {
        let _ = write!(line, " {}=", one_line(pair.key.as_str()));
        // A string is in quotes, so that `"7"` and `7` differ.
        let _ = match &pair.value {
            Value::String(text) => write!(line, "{:?}", text.as_str()),
            value => write!(line, "{}", one_line(&value.to_string())),
        };
    }
}

/// `text` without line breaks, which would look like another span.
fn one_line(text: &str) -> String {
    text.replace('\r', r"\r").replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::super::console::samples::{With as _, now, span, span_of};
    use super::*;

    fn filled() -> MemoryExporter {
        let memory = MemoryExporter::new();
        let plan = span(3, 2, "plan", 20, 30)
            .with([KeyValue::new("error.type", "LlmError")])
            .failed("over\nloaded")
            .event("exception", [KeyValue::new("exception.type", "LlmError")])
            .event("cancelled", [KeyValue::new("cancellation.timestamp", 17)]);
        let call = span(4, 2, "call", 10, 15);
        let run = span(2, 0, "Agent::run", 0, 40).with([
            KeyValue::new("parameter.run_id", 7),
            KeyValue::new("code.line.number", 12),
            KeyValue::new("parameter.id", "7"),
        ]);
        now(memory.clone().export(vec![plan, call])).unwrap();
        now(memory.export(vec![run, span_of(1, 2, 9, "lost", 50, 60)])).unwrap();
        memory
    }

    #[test]
    fn a_tree_is_a_stable_text() {
        let tree = "\
Agent::run ok parameter.id=\"7\" parameter.run_id=7
  call ok
  plan error=\"over\\nloaded\" error.type=\"LlmError\"
    * exception exception.type=\"LlmError\"
    * cancelled
(parent not finished)
  lost ok
";
        assert_eq!(filled().tree(), tree);
        let late = span(5, 2, "batch", 35, 36);
        let memory = filled();
        now(memory.export(vec![late])).unwrap();
        assert_eq!(memory.tree_sorted(), tree.replace("  call", "  batch ok\n  call"));
    }

    #[test]
    fn spans_are_found_by_name_and_parent() {
        let memory = filled();
        let run = memory.find("Agent::run").unwrap();
        assert_eq!(attribute(&run, "parameter.run_id"), Some(&Value::I64(7)));
        assert_eq!(attribute(&run, "absent"), None);
        let children = memory.children_of(&run);
        assert_eq!(children.iter().map(|span| &*span.name).collect::<Vec<_>>(), ["call", "plan"]);
        assert!(memory.find("nothing").is_none());
    }

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
