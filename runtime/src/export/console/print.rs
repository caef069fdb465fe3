//! A trace as text: a header, then a line for each span with its columns.
//!
//! Name (with tree and mark) · duration · position in time · attributes. Columns are as wide as this trace needs them; the
//! position gives way first when the output is narrow. What stands below a span's line is written by `detail`.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use opentelemetry::Value;
use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;

use super::detail;
use super::forest::{self, Item, Row};
use super::hold::{Finished, State};
use super::line::{Line, Paper};
use super::style::Style;
use super::text;

/// Columns of one level of the tree.
const LEVEL: usize = 3;

/// Appends `finished` to `out`, with an empty line after it.
pub(super) fn print(out: &mut String, paper: Paper, finished: &Finished) {
    let rows = forest::rows(&finished.spans, forest::by_start);
    let sheet = Sheet::new(paper, &finished.spans, &rows);
    header(out, &sheet, finished);
    for row in &rows {
        match row.item {
            Item::Span(span) => {
                sheet.span(out, row, span);
                detail::print(out, &sheet, row, span);
            }
            Item::Missing(parent) => {
                let is = if finished.state == State::Late { "was printed before" } else { "not finished" };
                let mut line = Line::new(paper);
                line.push(Style::Faint, &format!("? (parent {parent} {is})"));
                line.end(out);
            }
        }
    }
    out.push('\n');
}

fn header(out: &mut String, sheet: &Sheet<'_>, finished: &Finished) {
    let count = |test: fn(&SpanData) -> bool| finished.spans.iter().filter(|span| test(span)).count();
    let (errors, cancelled) = (count(is_error), count(is_cancelled));
    let mut line = Line::new(sheet.paper);
    line.push(Style::Strong, if finished.state == State::Late { "late in trace " } else { "trace " });
    line.push(Style::Strong, &finished.trace.to_string());
    let facts = [
        (true, Style::Plain, text::duration(sheet.total)),
        (true, Style::Plain, counted(finished.spans.len(), "span")),
        (errors > 0, Style::Error, counted(errors, "error")),
        (cancelled > 0, Style::Warning, format!("{cancelled} cancelled")),
        (finished.state == State::Continued, Style::Plain, "continued".to_owned()),
    ];
    for (_, style, fact) in facts.iter().filter(|(said, ..)| *said) {
        if line.room() < text::width(fact) + 3 {
            std::mem::replace(&mut line, Line::new(sheet.paper)).end(out);
        }
        line.push(Style::Faint, " · ");
        line.push(*style, fact);
    }
    line.end(out);
    let note = match finished.state {
        State::Complete | State::Continued | State::Late => return,
        State::Unfinished => "incomplete: its root has not ended".to_owned(),
        State::Overflow(bytes) => {
            format!("incomplete: more than {} of spans wait for their roots", size(bytes))
        }
    };
    let mut line = Line::new(sheet.paper);
    line.push(Style::Warning, &note);
    line.end(out);
}

/// `1 span`, `2 spans`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn size(bytes: usize) -> String {
    match bytes {
        _ if bytes >= 1 << 20 => format!("{} MiB", bytes >> 20),
        _ if bytes >= 1 << 10 => format!("{} KiB", bytes >> 10),
        _ => format!("{bytes} bytes"),
    }
}

/// Whether the span's status is an error.
pub(super) fn is_error(span: &SpanData) -> bool {
    matches!(span.status, Status::Error { .. })
}

/// Whether the span's work was given up before it finished.
pub(super) fn is_cancelled(span: &SpanData) -> bool {
    span.attributes.iter().any(|pair| pair.key.as_str() == "cancelled" && pair.value == Value::Bool(true))
}

/// How the lines of one trace are laid out.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) paper: Paper,
    start: SystemTime,
    total: Duration,
    /// Columns of the tree and the names.
    names: usize,
    /// Columns of the durations.
    durations: usize,
    /// Columns of the position in time; 0 when there is no room for it.
    cells: usize,
    /// Levels of the tree that are drawn.
    levels: usize,
    /// The errors that went on to a parent: the parent, and what was said.
    passed_on: HashSet<(SpanId, &'a str)>,
}

impl<'a> Sheet<'a> {
    fn new(paper: Paper, spans: &'a [SpanData], rows: &[Row<'_>]) -> Self {
        let start = spans.iter().map(|span| span.start_time).min().unwrap_or(SystemTime::UNIX_EPOCH);
        let end = spans.iter().map(|span| span.end_time).max().unwrap_or(start);
        let widest = paper.width * 9 / 20;
        let levels = (widest / 2 / LEVEL).clamp(1, 60);
        let (mut names, mut durations) = (0, 6);
        for row in rows {
            if let Item::Span(span) = row.item {
                let kind = kind(span).map_or(0, |kind| kind.len() + 3);
                names = names.max(row.depth.min(levels) * LEVEL + 2 + text::width(&span.name) + kind);
                durations = durations.max(text::width(&text::duration(elapsed(span))));
            }
        }
        let names = names.min(widest);
        let rest = paper.width.saturating_sub(names + durations + 4);
        // A quarter of what is left; attributes say more.
        let cells = match rest / 4 {
            0..8 => 0,
            cells => cells.min(20),
        };
        let passed_on =
            spans.iter().filter_map(|span| Some((span.parent_span_id, description(span)?))).collect();
        Self { paper, start, total: text::between(start, end), names, durations, cells, levels, passed_on }
    }

    /// Whether the error of `span` is the one of a child, which shows it already.
    pub(super) fn repeats(&self, span: &SpanData) -> bool {
        description(span).is_some_and(|text| self.passed_on.contains(&(span.span_context.span_id(), text)))
    }

    /// The guides beside a row and, for its own line, the branch that leads to it.
    pub(super) fn tree(&self, row: &Row<'_>, own_line: bool) -> String {
        let depth = row.depth.min(self.levels);
        let mut tree = String::with_capacity(depth * LEVEL * 2);
        for level in (0..depth).rev() {
            let cut = row.depth > depth && level + 1 == depth;
            tree.push_str(match level.checked_sub(1) {
                _ if cut => "⋯  ",
                Some(bit) if row.guides >> bit & 1 == 1 => "│  ",
                Some(_) => "   ",
                None if own_line => {
                    if row.last {
                        "└─ "
                    } else {
                        "├─ "
                    }
                }
                None => {
                    if row.last {
                        "   "
                    } else {
                        "│  "
                    }
                }
            });
        }
        tree
    }

    fn span(&self, out: &mut String, row: &Row<'_>, span: &SpanData) {
        let mut line = Line::new(self.paper);
        let (mark, style) = match span.status {
            _ if is_cancelled(span) => ("⊘ ", Style::Warning),
            Status::Ok => ("✓ ", Style::Ok),
            Status::Error { .. } => ("✗ ", Style::Error),
            Status::Unset => ("· ", Style::Faint),
        };
        line.push(Style::Faint, &self.tree(row, true));
        line.push(style, mark);
        let kind = kind(span);
        let limit = self.names.saturating_sub(line.used() + kind.map_or(0, |kind| kind.len() + 3));
        let name = match row.depth {
            _ if is_error(span) => Style::Error,
            0 => Style::Strong,
            _ => Style::Plain,
        };
        line.push_within(name, &span.name, limit);
        if let Some(kind) = kind {
            line.skip(1);
            line.push(Style::Accent, &format!("[{kind}]"));
        }
        let duration = text::duration(elapsed(span));
        line.tab(self.names + 2 + self.durations.saturating_sub(text::width(&duration)));
        line.push(Style::Plain, &duration);
        line.tab(self.names + 2 + self.durations);
        if self.cells > 0 {
            line.skip(2);
            line.push(if style == Style::Ok { Style::Accent } else { style }, &self.bar(span));
            line.tab(self.names + 4 + self.durations + self.cells);
        }
        let shown = |key: &str| match key {
            "cancelled" => !is_cancelled(span),
            "error.type" => !is_error(span),
            _ => !key.starts_with("code."),
        };
        detail::attributes(&mut line, span.attributes.iter().filter(|pair| shown(pair.key.as_str())));
        line.end(out);
    }

    /// When the span ran within the trace, in halves of a cell.
    fn bar(&self, span: &SpanData) -> String {
        let halves = self.cells * 2;
        let at = |time: SystemTime| {
            let part = text::between(self.start, time).as_nanos() * halves as u128 * 2
                / self.total.as_nanos().max(1);
            usize::try_from(part.div_ceil(2)).unwrap_or(halves).min(halves)
        };
        let from = at(span.start_time).min(halves.saturating_sub(1));
        let to = at(span.end_time).max(from + 1);
        let covered = |half: usize| (from..to).contains(&half);
        let cells = (0..self.cells).map(|cell| match (covered(cell * 2), covered(cell * 2 + 1)) {
            (true, true) => '━',
            (true, false) => '╸',
            (false, true) => '╺',
            (false, false) => ' ',
        });
        cells.collect::<String>().trim_end().to_owned()
    }
}

fn elapsed(span: &SpanData) -> Duration {
    text::between(span.start_time, span.end_time)
}

fn description(span: &SpanData) -> Option<&str> {
    match &span.status {
        Status::Error { description } if !description.is_empty() => Some(description),
        _ => None,
    }
}

fn kind(span: &SpanData) -> Option<&'static str> {
    match span.span_kind {
        SpanKind::Internal => None,
        SpanKind::Server => Some("server"),
        SpanKind::Client => Some("client"),
        SpanKind::Producer => Some("producer"),
        SpanKind::Consumer => Some("consumer"),
    }
}
