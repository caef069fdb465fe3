//! Spans as text that is the same in each run: no ids, and no times unless asked.

use std::fmt::{self, Write as _};
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{Event, SpanKind, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

use super::assert::fail;
use super::diff::{dedented, diff};
use crate::export::console::forest::{self, Item};

/// Attributes that are not the same in each run, besides the place in the source.
const UNSTABLE: [&str; 4] =
    ["cancellation.timestamp", "exception.stacktrace", "stream.time_to_first_item_ns", "task.name"];

/// Spans as text to compare with: by [`assert_is`](Self::assert_is), or by a snapshot of what it displays.
///
/// A line holds the span's name, its status (`ok`, `unset`, `error` with the description), its kind unless it is
/// internal, and its attributes sorted by key. Events stand below with a `*`. Siblings are in the order in which they
/// started. Ids, times, stack traces and `code.…` attributes are left out, so that the text is the same in each run.
///
/// ```text
/// Agent::run ok parameter.run_id=7
///   plan error="overloaded" error.type="LlmError"
///     * exception exception.message="overloaded" exception.type="LlmError"
/// ```
///
/// ```
/// # use wirespan::testing::Recording;
/// #[wirespan::traced]
/// fn add(a: u32, b: u32) -> u32 {
///     a + b
/// }
///
/// let recording = Recording::start();
/// add(1, 2);
/// let spans = recording.spans();
/// assert_eq!(spans.tree().to_string(), "add ok parameter.a=1 parameter.b=2\n");
/// assert_eq!(spans.tree().without("parameter.b").to_string(), "add ok parameter.a=1\n");
/// spans.tree().names().assert_is("add ok");
/// ```
#[derive(Clone)]
#[must_use = "a tree is to be compared: `tree.assert_is(…)`, or `tree.to_string()`"]
pub struct Tree<'a> {
    spans: &'a [SpanData],
    note: &'a str,
    sorted: bool,
    times: bool,
    names: bool,
    without: Vec<&'a str>,
    margin: Margin,
}

/// What stands before each line.
#[derive(Clone, Copy)]
enum Margin {
    None,
    /// Two columns, in which one span may be pointed at.
    Marking(Option<usize>),
}

impl<'a> Tree<'a> {
    pub(super) fn new(spans: &'a [SpanData], note: &'a str) -> Self {
        Self {
            spans,
            note,
            sorted: false,
            times: false,
            names: false,
            without: Vec::new(),
            margin: Margin::None,
        }
    }

    /// Siblings sorted by what their lines and those below them say: for work that runs concurrently.
    pub fn sorted(mut self) -> Self {
        self.sorted = true;
        self
    }

    /// Each span with its start and its end, counted from the start of its tree: `10ms..25ms`. For use with
    /// [`Recording::clock`](super::Recording::clock).
    pub fn times(mut self) -> Self {
        self.times = true;
        self
    }

    /// Names, kinds and statuses only: no attributes and no events.
    pub fn names(mut self) -> Self {
        self.names = true;
        self
    }

    /// Leaves out the attributes of that key.
    pub fn without(mut self, key: &'a str) -> Self {
        self.without.push(key);
        self
    }

    pub(super) fn marking(mut self, index: Option<usize>) -> Self {
        self.margin = Margin::Marking(index);
        self
    }

    /// Fails unless the text is `expected`, whose indentation as a whole, and empty lines before and after, do not count.
    ///
    /// # Panics
    ///
    /// When it is not so; the message shows the lines that differ, and the tree, to be pasted where it is right.
    #[track_caller]
    pub fn assert_is(&self, expected: &str) {
        let (expected, actual) = (dedented(expected), self.to_string());
        if expected != actual {
            let difference = diff(&expected, &actual);
            fail(
                format!(
                    "the tree is not as expected (- expected, + recorded)\n{difference}recorded:\n{actual}{}",
                    self.note
                )
                .trim_end(),
            );
        }
    }

    /// The lines of each row, with how deep it is.
    fn rows(&self) -> Vec<(usize, String)> {
        let mut top = None;
        let rows = forest::rows(self.spans, |a, b| a.start_time.cmp(&b.start_time));
        rows.into_iter()
            .map(|row| {
                let mut text = String::new();
                match row.item {
                    Item::Missing(_) => {
                        top = None;
                        self.line(&mut text, row.depth, false, "(parent not finished)");
                    }
                    Item::Span(span) => {
                        if row.depth == 0 {
                            top = None;
                        }
                        self.span(&mut text, row.depth, span, *top.get_or_insert(span.start_time));
                    }
                }
                (row.depth, text)
            })
            .collect()
    }

    fn span(&self, text: &mut String, depth: usize, span: &SpanData, top: SystemTime) {
        let is_marked = match self.margin {
            Margin::Marking(Some(index)) => {
                self.spans.get(index).is_some_and(|marked| std::ptr::eq(marked, span))
            }
            _ => false,
        };
        self.line(text, depth, is_marked, &self.line_of(span, top));
        if !self.names {
            for event in span.events.iter() {
                self.line(text, depth, false, &format!("  * {}", self.event_line(event)));
            }
        }
    }

    fn line(&self, text: &mut String, depth: usize, is_marked: bool, line: &str) {
        let margin = match (self.margin, is_marked) {
            (Margin::None, _) => "",
            (Margin::Marking(_), false) => "  ",
            (Margin::Marking(_), true) => "> ",
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{margin}{:1$}{line}", "", depth * 2);
    }

    fn line_of(&self, span: &SpanData, top: SystemTime) -> String {
        let mut line = one_line(&span.name);
        if self.times {
            let since = |time: SystemTime| time.duration_since(top).unwrap_or(Duration::ZERO);
            let _ = write!(line, " {:?}..{:?}", since(span.start_time), since(span.end_time));
        }
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
        if !self.names {
            self.push_pairs(&mut line, &span.attributes);
        }
        line
    }

    fn event_line(&self, event: &Event) -> String {
        let mut line = one_line(&event.name);
        self.push_pairs(&mut line, &event.attributes);
        line
    }

    /// The attributes that are the same in each run, sorted by key.
    fn push_pairs(&self, line: &mut String, attributes: &[KeyValue]) {
        let is_stable =
            |key: &str| !key.starts_with("code.") && !UNSTABLE.contains(&key) && !self.without.contains(&key);
        let mut pairs: Vec<&KeyValue> =
            attributes.iter().filter(|pair| is_stable(pair.key.as_str())).collect();
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
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        if self.sorted {
            return f.write_str(&sorted(rows));
        }
        rows.iter().try_for_each(|(_, text)| f.write_str(text))
    }
}

/// As `Display`.
impl fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Rows in the order of their tree, siblings sorted by the text of their subtrees.
fn sorted(rows: Vec<(usize, String)>) -> String {
    // From the last row to the first: of each depth, the subtrees whose parent is still to come.
    let mut waiting: Vec<Vec<String>> = Vec::new();
    for (depth, mut text) in rows.into_iter().rev() {
        if waiting.len() < depth + 2 {
            waiting.resize(depth + 2, Vec::new());
        }
        if let Some(children) = waiting.get_mut(depth + 1) {
            children.sort_unstable();
            children.drain(..).for_each(|child| text.push_str(&child));
        }
        if let Some(siblings) = waiting.get_mut(depth) {
            siblings.push(text);
        }
    }
    let mut tops = waiting.into_iter().next().unwrap_or_default();
    tops.sort_unstable();
    tops.concat()
}

/// `text` without line breaks, which would look like another span.
fn one_line(text: &str) -> String {
    text.replace('\r', r"\r").replace('\n', r"\n")
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
