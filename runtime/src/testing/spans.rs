//! Finished spans, and questions about them. A question that cannot be answered fails the test and shows the tree.

use std::fmt::{self, Write as _};
use std::ops::Deref;
use std::sync::Arc;

use opentelemetry_sdk::trace::SpanData;

use super::assert::fail;
use super::span::Span;
use super::tree::Tree;
use crate::export::console::forest::is_local_root;

/// Finished spans: a slice of [`Span`] with finders and assertions. What fails shows the tree. Those of a
/// [`Recording`](super::Recording) are in the order in which they started, others as they were given.
///
/// ```
/// use wirespan::testing::Spans;
///
/// let memory = wirespan::MemoryExporter::new();
/// // … installed by a test with a pipeline of its own …
/// let spans = Spans::from(memory.spans());
/// spans.assert_none("Agent::run");
/// assert_eq!(spans.len(), 0);
/// ```
#[derive(Clone)]
pub struct Spans {
    all: Arc<All>,
    spans: Vec<Span>,
}

/// What the spans of a test share.
pub(super) struct All {
    pub(super) spans: Vec<SpanData>,
    /// What a failed assertion says besides.
    note: String,
}

impl Spans {
    pub(super) fn new(spans: Vec<SpanData>, note: String) -> Self {
        let all = Arc::new(All { spans, note });
        let spans = (0..all.spans.len()).map(|index| Span::new(Arc::clone(&all), index)).collect();
        Self { all, spans }
    }

    /// The one span of that name.
    ///
    /// # Panics
    ///
    /// When there is none, or more than one.
    #[track_caller]
    pub fn one(&self, name: &str) -> Span {
        let mut named = self.named(name);
        match named.pop() {
            Some(span) if named.is_empty() => span,
            Some(_) => self.all.fail(&format!("{} spans are named `{name}`, not one", named.len() + 1), None),
            None => self.all.fail(&format!("no span is named `{name}`{}", self.other_names()), None),
        }
    }

    /// The spans of that name.
    pub fn named(&self, name: &str) -> Vec<Span> {
        self.iter().filter(|span| span.name == name).cloned().collect()
    }

    /// The spans that have no parent in this process.
    pub fn roots(&self) -> Vec<Span> {
        self.iter().filter(|span| is_local_root(span)).cloned().collect()
    }

    /// The spans as a tree, for comparisons.
    pub fn tree(&self) -> Tree<'_> {
        self.all.tree()
    }

    /// Fails when there is a span of that name.
    ///
    /// # Panics
    ///
    /// When there is one.
    #[track_caller]
    pub fn assert_none(&self, name: &str) {
        if let Some(span) = self.named(name).first() {
            self.all.fail(&format!("there is a span named `{name}`"), Some(span.index()));
        }
    }

    fn other_names(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for span in self {
            if !names.contains(&&*span.name) {
                names.push(&span.name);
            }
        }
        match names.as_slice() {
            [] => String::from("; there are no spans"),
            names => format!("; there are `{}`", names.join("`, `")),
        }
    }
}

impl All {
    fn tree(&self) -> Tree<'_> {
        Tree::new(&self.spans, &self.note)
    }

    /// Fails the test; the span at `marked` is pointed at.
    #[track_caller]
    pub(super) fn fail(&self, message: &str, marked: Option<usize>) -> ! {
        let mut text = message.to_owned();
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\n{}", self.tree().marking(marked));
        text.push_str(&self.note);
        fail(text.trim_end())
    }
}

impl From<Vec<SpanData>> for Spans {
    fn from(spans: Vec<SpanData>) -> Self {
        Self::new(spans, String::new())
    }
}

impl Deref for Spans {
    type Target = [Span];

    fn deref(&self) -> &[Span] {
        &self.spans
    }
}

impl IntoIterator for Spans {
    type Item = Span;
    type IntoIter = std::vec::IntoIter<Span>;

    fn into_iter(self) -> Self::IntoIter {
        self.spans.into_iter()
    }
}

impl<'a> IntoIterator for &'a Spans {
    type Item = &'a Span;
    type IntoIter = std::slice::Iter<'a, Span>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The tree.
impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} spans\n{}", self.len(), self.tree())
    }
}
