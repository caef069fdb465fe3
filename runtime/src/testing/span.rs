//! One finished span among the others of its test.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::Value;
use opentelemetry::trace::{Event, Status};
use opentelemetry_sdk::trace::SpanData;

use super::spans::All;
use crate::export::attribute;

/// A finished span: its [`SpanData`], what is around it, and assertions, which can be chained. What fails shows the tree with
/// a `>` at this span.
///
/// ```
/// # use wirespan::testing::Recording;
/// #[wirespan::traced]
/// fn half(n: u32) -> Result<u32, String> {
///     if n % 2 == 0 { Ok(n / 2) } else { Err(format!("{n} is odd")) }
/// }
///
/// let recording = Recording::start();
/// let _ = half(3);
/// let span = recording.span("half");
/// span.assert_failed("3 is odd").assert_attribute("parameter.n", 3);
/// assert_eq!(span.event("exception").attributes.len(), 2);
/// ```
#[derive(Clone)]
pub struct Span {
    all: Arc<All>,
    index: usize,
}

/// How a span ended.
#[derive(PartialEq, Eq)]
enum Ending<'a> {
    Returned,
    Failed(&'a str),
    Panicked(&'a str),
    Cancelled,
}

impl fmt::Display for Ending<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Returned => f.write_str("returned"),
            Self::Failed(error) => write!(f, "failed with {error:?}"),
            Self::Panicked(message) => write!(f, "panicked with {message:?}"),
            Self::Cancelled => f.write_str("was cancelled"),
        }
    }
}

impl Span {
    pub(super) fn new(all: Arc<All>, index: usize) -> Self {
        Self { all, index }
    }

    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// The value of an attribute; of several of the same key, the last, which is the one that backends keep.
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        attribute(self, key)
    }

    /// From its start to its end.
    pub fn duration(&self) -> Duration {
        self.end_time.duration_since(self.start_time).unwrap_or_default()
    }

    /// The span below which it stands; `None` when there is none, or it has not ended.
    pub fn parent(&self) -> Option<Self> {
        self.others(|span| is_child(self, span)).next()
    }

    /// The spans right below it, in the order of all spans.
    pub fn children(&self) -> Vec<Self> {
        self.others(|span| is_child(span, self)).collect()
    }

    fn others(&self, is_it: impl Fn(&SpanData) -> bool) -> impl Iterator<Item = Self> {
        let found = self.all.spans.iter().enumerate().filter(move |(_, span)| is_it(span));
        found.map(|(index, _)| Self::new(Arc::clone(&self.all), index))
    }

    /// The one span of that name right below it.
    ///
    /// # Panics
    ///
    /// When there is none, or more than one.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "asking is an assertion by itself")]
    pub fn child(&self, name: &str) -> Self {
        let mut named: Vec<Self> = self.children().into_iter().filter(|span| span.name == name).collect();
        match named.pop() {
            Some(span) if named.is_empty() => span,
            Some(_) => self.fail(&format!("has {} children named `{name}`, not one", named.len() + 1)),
            None => self.fail(&format!("has no child named `{name}`")),
        }
    }

    /// The one event of that name.
    ///
    /// # Panics
    ///
    /// When there is none, or more than one.
    #[track_caller]
    pub fn event(&self, name: &str) -> &Event {
        let mut named = self.events.iter().filter(|event| event.name == name);
        match (named.next(), named.count()) {
            (Some(event), 0) => event,
            (Some(_), more) => self.fail(&format!("has {} events named `{name}`, not one", more + 1)),
            (None, _) => self.fail(&format!("has no event named `{name}`")),
        }
    }

    /// Fails unless the attribute is there and has that value and type.
    ///
    /// # Panics
    ///
    /// When it is not so.
    #[track_caller]
    pub fn assert_attribute(&self, key: &str, value: impl Into<Value>) -> &Self {
        let value = value.into();
        match self.attribute(key) {
            Some(actual) if *actual == value => self,
            Some(actual) => self.fail(&format!("has `{key}` = {}, not {}", shown(actual), shown(&value))),
            None => self.fail(&format!("has no attribute `{key}`; it is to be {}", shown(&value))),
        }
    }

    /// Fails when the attribute is there.
    ///
    /// # Panics
    ///
    /// When it is not so.
    #[track_caller]
    pub fn assert_no_attribute(&self, key: &str) -> &Self {
        match self.attribute(key) {
            None => self,
            Some(value) => self.fail(&format!("has `{key}` = {}", shown(value))),
        }
    }

    /// Fails unless the function returned, and not an error.
    ///
    /// # Panics
    ///
    /// When it is not so.
    #[track_caller]
    pub fn assert_returned(&self) -> &Self {
        self.assert_ending(&Ending::Returned)
    }

    /// Fails unless the function returned an error with that text.
    ///
    /// # Panics
    ///
    /// When it is not so.
    #[track_caller]
    pub fn assert_failed(&self, error: &str) -> &Self {
        self.assert_ending(&Ending::Failed(error))
    }

    /// Fails unless the function panicked with that message.
    ///
    /// # Panics
    ///
    /// When it is not so.
    #[track_caller]
    pub fn assert_panicked(&self, message: &str) -> &Self {
        self.assert_ending(&Ending::Panicked(message))
    }

    /// Fails unless the future was dropped before it was ready.
    ///
    /// # Panics
    ///
    /// When it is not so.
    #[track_caller]
    pub fn assert_cancelled(&self) -> &Self {
        self.assert_ending(&Ending::Cancelled)
    }

    #[track_caller]
    fn assert_ending(&self, expected: &Ending<'_>) -> &Self {
        let actual = self.ending();
        if actual != *expected {
            self.fail(&format!("{actual}; expected that it {expected}"));
        }
        self
    }

    fn ending(&self) -> Ending<'_> {
        let error_type = self.attribute("error.type").map(Value::as_str);
        match &self.status {
            _ if self.attribute("cancelled") == Some(&Value::Bool(true)) => Ending::Cancelled,
            Status::Error { description } if error_type.as_deref() == Some("panic") => {
                Ending::Panicked(description.strip_prefix("panicked: ").unwrap_or_default())
            }
            Status::Error { description } => Ending::Failed(description),
            Status::Unset | Status::Ok => Ending::Returned,
        }
    }

    #[track_caller]
    fn fail(&self, problem: &str) -> ! {
        self.all.fail(&format!("span `{}` {problem}", self.name), Some(self.index))
    }
}

fn is_child(span: &SpanData, parent: &SpanData) -> bool {
    span.parent_span_id == parent.span_context.span_id()
        && span.span_context.trace_id() == parent.span_context.trace_id()
}

/// A string is in quotes, so that `"7"` and `7` differ.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.as_str()),
        value => value.to_string(),
    }
}

impl Deref for Span {
    type Target = SpanData;

    #[expect(
        clippy::indexing_slicing,
        reason = "made with the index of one of the spans, which never change"
    )]
    fn deref(&self) -> &SpanData {
        &self.all.spans[self.index]
    }
}

/// The span's data.
impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SpanData::fmt(self, f)
    }
}
