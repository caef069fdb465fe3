//! Attributes, and what stands below a span's line: its error, its events, its links.
//!
//! An error that a child passed on unchanged is not said again: the child's line says it, the marks show the way it took.

use opentelemetry::trace::{Event, Status};
use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

use super::forest::Row;
use super::line::Line;
use super::print::{Sheet, counted, is_error};
use super::style::Style;
use super::text;

/// Lines that one error message or stack trace may take.
const MAX_LINES: usize = 6;
/// Columns that one of several values may take.
const MAX_VALUE: usize = 40;

/// Appends `key=value` for each attribute, as far as there is room.
pub(super) fn attributes<'a>(line: &mut Line, attributes: impl Iterator<Item = &'a KeyValue>) {
    let attributes: Vec<&KeyValue> = attributes.collect();
    let limit = if attributes.len() > 1 { MAX_VALUE } else { usize::MAX };
    for (at, pair) in attributes.iter().enumerate() {
        line.skip(if at == 0 { 2 } else { 1 });
        let key = pair.key.as_str();
        let key =
            ["parameter.", "cancellation."].iter().find_map(|prefix| key.strip_prefix(prefix)).unwrap_or(key);
        let value = shown(&pair.value, line.room());
        let last = at + 1 == attributes.len();
        // What is not shown needs two columns for a mark of its own.
        let needed =
            text::width(key).saturating_add(1) + text::width(&value).min(limit) + if last { 0 } else { 2 };
        if needed > line.room() && at > 0 && line.room() < 16 {
            line.push(Style::Faint, "…");
            return;
        }
        line.push(Style::Faint, key);
        line.push(Style::Faint, "=");
        line.push_within(Style::Plain, &value, limit);
    }
}

/// A value, in quotes where it would otherwise run into its neighbours.
fn shown(value: &Value, room: usize) -> String {
    // A character takes four bytes at most; more than the room cannot be seen.
    let limit = room.saturating_mul(4).saturating_add(4);
    match value {
        Value::String(value) => {
            let value = text::prefix(&value.as_str(), limit);
            let plain = value.chars().all(|char| !char.is_whitespace() && char != '"');
            let placeholder = value.starts_with('<') && value.ends_with('>');
            if (plain && !value.is_empty()) || placeholder { value } else { format!("\"{value}\"") }
        }
        Value::Array(Array::String(values)) => {
            let mut list = String::from("[");
            for (at, value) in values.iter().enumerate().take_while(|(at, _)| *at <= room) {
                list.push_str(if at == 0 { "" } else { ", " });
                list.push_str(&text::prefix(&value.as_str(), limit));
            }
            list + "]"
        }
        value => text::prefix(value, limit),
    }
}

/// Writes what stands below the line of `span`.
pub(super) fn print(out: &mut String, sheet: &Sheet<'_>, row: &Row<'_>, span: &SpanData) {
    let mut below =
        Below { out, sheet, tree: sheet.tree(row, false) + if row.parent { "│ " } else { "  " } };
    let told = below.error(span);
    for (at, event) in span.events.iter().enumerate() {
        if told != Some(at) {
            below.event(span, event);
        }
    }
    for link in span.links.iter() {
        let context = &link.span_context;
        let target = format!("{} in trace {}", context.span_id(), context.trace_id());
        below.line("→ link to ", Style::Faint, |line| line.push(Style::Plain, &target));
    }
    below.dropped(span);
}

struct Below<'a> {
    out: &'a mut String,
    sheet: &'a Sheet<'a>,
    tree: String,
}

impl Below<'_> {
    fn line(&mut self, title: &str, style: Style, rest: impl FnOnce(&mut Line)) {
        let mut line = Line::new(self.sheet.paper);
        line.push(Style::Faint, &self.tree);
        line.push(style, title);
        rest(&mut line);
        line.end(self.out);
    }

    /// Writes the error, unless a child's line says it; yields the event that is said with it.
    fn error(&mut self, span: &SpanData) -> Option<usize> {
        let Status::Error { description } = &span.status else { return None };
        let same = |event: &Event| {
            let message = text_of(&event.attributes, "exception.message").unwrap_or_default();
            event.name == "exception" && description.ends_with(message)
        };
        let at = span.events.iter().position(same);
        if at.is_none() && (description.is_empty() || self.sheet.repeats(span)) {
            return None;
        }
        let event = at.and_then(|at| span.events.get(at));
        let kind = event
            .and_then(|event| text_of(&event.attributes, "exception.type"))
            .or_else(|| text_of(&span.attributes, "error.type"));
        let message = match kind {
            Some(kind) if description.is_empty() => kind.to_owned(),
            // `panicked: …` says already that it is a panic.
            Some(kind) if !description.starts_with(kind) => format!("{kind}: {description}"),
            _ => description.to_string(),
        };
        self.paragraph("error ", Style::Error, &message);
        if let Some(event) = event {
            self.rest(event);
        }
        at
    }

    fn event(&mut self, span: &SpanData, event: &Event) {
        let get = |key| text_of(&event.attributes, key);
        let when = format!("+{}", text::duration(text::between(span.start_time, event.timestamp)));
        match &*event.name {
            "exception" => {
                let message = [get("exception.type"), get("exception.message")];
                let message: Vec<&str> =
                    message.into_iter().flatten().filter(|text| !text.is_empty()).collect();
                let style = if is_error(span) { Style::Error } else { Style::Warning };
                self.paragraph("exception ", style, &message.join(": "));
                self.rest(event);
            }
            "cancelled" | "cancellation" => self.line("cancelled ", Style::Warning, |line| {
                line.push(Style::Faint, &when);
                let shown = |pair: &&KeyValue| match pair.key.as_str() {
                    "task.name" => pair.value != Value::from("unknown"),
                    key => !key.starts_with("function.") && is_news(pair),
                };
                attributes(line, event.attributes.iter().filter(shown));
            }),
            name => self.line("• ", Style::Accent, |line| {
                line.push(Style::Plain, name);
                line.skip(1);
                line.push(Style::Faint, &when);
                attributes(line, event.attributes.iter());
            }),
        }
    }

    /// What an exception's event says besides its type and message.
    fn rest(&mut self, event: &Event) {
        let get = |key| event.attributes.iter().find(|pair| pair.key.as_str() == key).map(|pair| &pair.value);
        if let Some(file) = get("code.file.path") {
            let numbers = [get("code.line.number"), get("code.column.number")];
            let place = numbers
                .into_iter()
                .flatten()
                .fold(file.to_string(), |place, number| format!("{place}:{number}"));
            self.line("  at ", Style::Faint, |line| line.push(Style::Plain, &place));
        }
        let is_rest = |pair: &&KeyValue| match pair.key.as_str() {
            "exception.type" | "exception.message" | "exception.stacktrace" => false,
            key => !key.starts_with("code.") && is_news(pair),
        };
        if event.attributes.iter().any(|pair| is_rest(&pair)) {
            self.line("", Style::Plain, |line| attributes(line, event.attributes.iter().filter(is_rest)));
        }
        let stack = text_of(&event.attributes, "exception.stacktrace");
        match stack.and_then(|stack| stack.strip_prefix("Caused by:")) {
            // Our own form of an error's sources: one numbered line for each.
            Some(sources) => {
                for source in
                    sources.lines().map(str::trim_start).filter(|line| !line.is_empty()).take(MAX_LINES)
                {
                    let digits = source.trim_start_matches(|char: char| char.is_ascii_digit());
                    self.paragraph("  caused by ", Style::Faint, digits.strip_prefix(": ").unwrap_or(source));
                }
            }
            None => stack.into_iter().for_each(|stack| self.paragraph("  ", Style::Faint, stack)),
        }
    }

    /// Text over several lines, each beginning below the first.
    fn paragraph(&mut self, title: &str, style: Style, message: &str) {
        let indent = " ".repeat(text::width(title));
        let width = self.sheet.paper.width.saturating_sub(text::width(&self.tree) + indent.len()).max(8);
        if message.is_empty() {
            return self.line(title, style, |_| {});
        }
        let mut lines = message
            .lines()
            .flat_map(|line| Wrapped { rest: Some(line), width })
            .take(MAX_LINES + 1)
            .peekable();
        let mut written = 0;
        while let Some(text) = lines.next() {
            let title = if written == 0 { title } else { &indent };
            written += 1;
            let cut = written == MAX_LINES && lines.peek().is_some();
            self.line(title, style, |line| {
                line.push_within(Style::Plain, text.trim_end(), width.saturating_sub(usize::from(cut)));
                line.push(Style::Faint, if cut { "…" } else { "" });
            });
            if cut {
                return;
            }
        }
    }

    fn dropped(&mut self, span: &SpanData) {
        let counts = [
            (span.dropped_attributes_count, "attribute"),
            (span.events.dropped_count, "event"),
            (span.links.dropped_count, "link"),
        ];
        let dropped: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(*count as usize, noun))
            .collect();
        if !dropped.is_empty() {
            self.line("", Style::Plain, |line| {
                line.push(Style::Faint, &format!("({} dropped)", dropped.join(", ")));
            });
        }
    }
}

/// Whether an event's attribute says what the line does not say already.
fn is_news(pair: &KeyValue) -> bool {
    !matches!(pair.key.as_str(), "cancellation.timestamp" | "exception.escaped")
}

fn text_of<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    attributes.iter().find(|pair| pair.key.as_str() == key).and_then(|pair| match &pair.value {
        Value::String(value) => Some(value.as_str()),
        _ => None,
    })
}

/// The lines that a line takes at a width.
struct Wrapped<'a> {
    rest: Option<&'a str>,
    width: usize,
}

impl<'a> Iterator for Wrapped<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (line, rest) = text::split(self.rest?, self.width);
        self.rest = Some(rest.trim_start_matches(' ')).filter(|rest| !rest.is_empty());
        Some(line)
    }
}
