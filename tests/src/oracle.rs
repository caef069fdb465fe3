//! Spans that say what they have to be, and the count of what became of them: lost, duplicated, corrupted, out of order.
//!
//! A marked span carries its run, thread and sequence, a text that follows from these, and the text's checksum, as parameters of a
//! traced function. Whoever knows what was recorded finds out from the spans that arrived what happened in between.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use wirespan::traced;

use crate::load::{checksum, text_of};

/// Bytes of a marked span's text, unless said otherwise.
pub const TEXT: usize = 40;

/// Marked spans of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    name: String,
    bytes: usize,
}

#[traced(name = "marked")]
fn marked(run: &str, thread: u64, sequence: u64, text: &str, sum: i64) -> (usize, u64, i64) {
    (run.len() + text.len(), thread ^ sequence, sum)
}

impl Run {
    /// A run of that name, which no other has.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), bytes: TEXT }
    }

    /// The same with texts of so many bytes.
    #[must_use]
    pub fn of_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Records one span.
    pub fn record(&self, thread: u64, sequence: u64) {
        let text = text_of(&self.name, thread, sequence, self.bytes);
        marked(&self.name, thread, sequence, &text, checksum(&text));
    }

    /// Records the spans `from..to` of thread 0, here.
    pub fn record_range(&self, range: std::ops::Range<u64>) {
        for sequence in range {
            self.record(0, sequence);
        }
    }

    /// Records `each` spans on each of so many threads.
    pub fn record_on(&self, threads: u64, each: u64) {
        thread::scope(|scope| {
            for number in 0..threads {
                scope.spawn(move || (0..each).for_each(|sequence| self.record(number, sequence)));
            }
        });
    }

    /// What became of `each` spans on each of so many threads, now that these have arrived, in that order.
    pub fn judge<'a>(&self, threads: u64, each: u64, arrived: impl IntoIterator<Item = &'a Span>) -> Verdict {
        let mut verdict = Verdict::default();
        let (mut seen, mut latest) = (BTreeSet::new(), BTreeMap::new());
        for span in arrived {
            match self.mark(span) {
                Ok(mark) if mark.0 < threads && mark.1 < each => {
                    if !seen.insert(mark) {
                        verdict.duplicated += 1;
                        continue;
                    }
                    let latest = latest.entry(mark.0).or_insert(mark.1);
                    if mark.1 < *latest {
                        verdict.out_of_order += 1;
                    }
                    *latest = mark.1.max(*latest);
                }
                Ok(mark) => verdict.corrupt(format!("{mark:?} was never recorded")),
                Err(problem) => verdict.corrupt(problem),
            }
        }
        verdict.arrived = seen.len() as u64;
        verdict.lost = (threads * each).saturating_sub(verdict.arrived);
        verdict.first_lost = (0..threads)
            .flat_map(|thread| (0..each).map(move |sequence| (thread, sequence)))
            .find(|mark| !seen.contains(mark));
        verdict
    }

    /// Thread and sequence of a span of this run.
    ///
    /// # Errors
    ///
    /// It is none, or not as it was recorded.
    pub fn mark(&self, span: &Span) -> Result<(u64, u64), String> {
        let run = text(span, "run")?;
        let (thread, sequence) = (number(span, "thread")?, number(span, "sequence")?);
        let (thread, sequence) = (thread.unsigned_abs(), sequence.unsigned_abs());
        let what = format!("{run} {thread} {sequence}");
        if span.name != "marked" || run != self.name {
            return Err(format!("{what}: `{}` of another run", span.name));
        }
        let body = text(span, "text")?;
        if number(span, "sum")? != checksum(body) || body != text_of(run, thread, sequence, self.bytes) {
            return Err(format!("{what}: its text is another"));
        }
        if span.span_id.len() != 8 || span.trace_id.len() != 16 || span.span_id == [0; 8] {
            return Err(format!("{what}: its ids are none"));
        }
        if span.start_time_unix_nano == 0 || span.end_time_unix_nano < span.start_time_unix_nano {
            return Err(format!("{what}: it ends before it starts"));
        }
        Ok((thread, sequence))
    }
}

/// What became of a run's spans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Spans that arrived, each counted once.
    pub arrived: u64,
    /// Spans that did not.
    pub lost: u64,
    /// Arrivals of spans that had arrived before.
    pub duplicated: u64,
    /// Spans that are not as they were recorded, or were never.
    pub corrupted: u64,
    /// Spans that arrived behind a later one of their thread.
    pub out_of_order: u64,
    /// Thread and sequence of the first that is lost.
    pub first_lost: Option<(u64, u64)>,
    /// What is wrong with the first that is corrupted.
    pub first_corrupted: Option<String>,
}

impl Verdict {
    fn corrupt(&mut self, problem: String) {
        self.corrupted += 1;
        self.first_corrupted.get_or_insert(problem);
    }

    /// Fails unless every span arrived as it was recorded. Duplicates are another question.
    #[track_caller]
    pub fn is_complete(&self) {
        assert!(self.lost == 0 && self.corrupted == 0, "{self:?}");
    }

    /// Fails unless every span arrived exactly once, as it was recorded.
    #[track_caller]
    pub fn is_perfect(&self) {
        assert!(self.lost == 0 && self.corrupted == 0 && self.duplicated == 0, "{self:?}");
    }
}

/// The name of the run that a marked span is of.
///
/// # Errors
///
/// It is of none.
pub fn run_of(span: &Span) -> Result<&str, String> {
    text(span, "run")
}

fn value<'a>(span: &'a Span, key: &str) -> Result<&'a Value, String> {
    let is_it = |full: &str| full.strip_prefix("parameter.") == Some(key);
    let attribute = span.attributes.iter().find(|attribute| is_it(&attribute.key));
    let value = attribute.and_then(|attribute| attribute.value.as_ref()?.value.as_ref());
    value.ok_or_else(|| format!("`{}` has no {key}", span.name))
}

fn text<'a>(span: &'a Span, key: &str) -> Result<&'a str, String> {
    match value(span, key)? {
        Value::StringValue(text) => Ok(text),
        other => Err(format!("{key} is {other:?}")),
    }
}

fn number(span: &Span, key: &str) -> Result<i64, String> {
    match value(span, key)? {
        Value::IntValue(number) => Ok(*number),
        other => Err(format!("{key} is {other:?}")),
    }
}
