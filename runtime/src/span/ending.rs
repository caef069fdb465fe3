//! What is recorded of a span's ending, beyond its times: status, error, panic, cancellation.
//!
//! Each function writes fields of an OTLP `Span` message. The event that describes a failure is written only where the
//! failure arose; see `mark`. Event times are ticks here and become nanoseconds since the epoch on the drain thread.

use std::error::Error;
use std::fmt::Write as _;

use opentelemetry::trace::Status;

use super::Core;
use super::cancel::current_reason;
use super::mark::{Fingerprint, Mark};
use super::outcome::{ErrorView, Shown};
use crate::callsite::Cancel;
use crate::capture::by_type::caught;
use crate::capture::output::{Bounded, FloorCharBoundary as _};
use crate::capture::type_name;
use crate::clock::Clock;
use crate::recorder::record::flag;
use crate::thread::{Busy, State};
use crate::wire::{encode, tag};

/// What an ending adds to a span.
#[derive(Default)]
pub(super) struct Tail {
    pub(super) bytes: Vec<u8>,
    pub(super) flags: u32,
    /// What the parent is told, if anything.
    pub(super) mark: Option<Mark>,
}

/// Bytes that the text of an error may always take, however much the parameters took.
const MIN_ROOM: usize = 1024;
/// Errors that are followed from source to source.
const MAX_SOURCES: usize = 32;

/// The function returned an error. `child` is how its innermost child ended, `used` the bytes that its attributes took.
#[cold]
pub(super) fn failed(core: &Core, child: Mark, used: usize, error: &ErrorView<'_>) -> Tail {
    // The text stands twice (status and event), the sources once.
    let room = (room(core, used) / 3).max(MIN_ROOM);
    // Displaying an error is the user's code.
    let _busy = Busy::begin();
    let text = match &error.shown {
        Shown::Error(error) => text(error, room, |error, out| write!(out, "{error}")),
        Shown::Display(error) => text(error, room, |error, out| write!(out, "{error}")),
        Shown::Debug(error) => text(error, room, |error, out| write!(out, "{error:?}")),
        Shown::Type => type_name::short(error.type_name),
    };
    let passed_on = child.error().is_some_and(|child| {
        child.is_in(&text) || matches!(&error.shown, Shown::Error(error) if is_in_sources(child, *error))
    });
    let mut bytes = Vec::new();
    status(&mut bytes, Some(&text));
    encode::string_attribute(&mut bytes, tag::SPAN_ATTRIBUTE, "error.type", error.type_name);
    let mut flags = flag::FAILED;
    if !passed_on {
        flags |= flag::EVENTS;
        let sources = match &error.shown {
            Shown::Error(error) => sources(*error, room),
            _ => None,
        };
        event(core, &mut bytes, "exception", |out| {
            encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "exception.type", error.type_name);
            encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "exception.message", &text);
            if let Some(sources) = sources {
                encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "exception.stacktrace", &sources);
            }
        });
    }
    Tail { bytes, flags, mark: Some(Mark::Error(Fingerprint::of(&text))) }
}

/// The function returned, and the program says what that means.
pub(super) fn given(given: &Status) -> Tail {
    let mut tail = Tail::default();
    match given {
        Status::Unset => {}
        Status::Ok => tail.flags = flag::STATUS_OK,
        Status::Error { description } => {
            tail.flags = flag::FAILED;
            status(&mut tail.bytes, Some(description));
        }
    }
    tail
}

/// The function panicked.
#[cold]
pub(super) fn panicked(core: &Core, child: Mark) -> Tail {
    let note = State::with(|state| state.panic.take()).flatten();
    let own = note.as_ref().is_some_and(|note| note.span_id == core.record.span_id);
    let passed_on = !own && child.is_panicked();
    // Any other note is of a panic that was caught long ago: `resume_unwind` runs no hook.
    let note = note.filter(|_| own || passed_on);
    let message = note.as_ref().and_then(|note| note.message.clone());
    let mut bytes = Vec::new();
    let status_text = match &message {
        Some(message) => format!("panicked: {message}"),
        None => String::from("panicked"),
    };
    status(&mut bytes, Some(&status_text));
    encode::string_attribute(&mut bytes, tag::SPAN_ATTRIBUTE, "error.type", "panic");
    let mut flags = flag::FAILED;
    if !passed_on {
        flags |= flag::EVENTS;
        event(core, &mut bytes, "exception", |out| {
            encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "exception.type", "panic");
            if let Some(message) = &message {
                encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "exception.message", message);
            }
            if let Some((file, line, column)) = note.as_ref().and_then(|note| note.location.as_ref()) {
                encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "code.file.path", file);
                encode::int_attribute(out, tag::EVENT_ATTRIBUTE, "code.line.number", i64::from(*line));
                encode::int_attribute(out, tag::EVENT_ATTRIBUTE, "code.column.number", i64::from(*column));
            }
        });
    }
    // The spans around this one give the message, too.
    State::with(|state| state.panic = note);
    Tail { bytes, flags, mark: Some(Mark::Panicked) }
}

/// The future was dropped before it finished.
#[cold]
pub(super) fn cancelled(core: &Core, child: Mark) -> Tail {
    let passed_on = child.is_cancelled();
    let mut bytes = Vec::new();
    let mut flags = flag::CANCELLED;
    if core.record.callsite.options.cancel == Cancel::Error {
        status(&mut bytes, None);
        flags |= flag::FAILED;
    }
    encode::bool_attribute(&mut bytes, tag::SPAN_ATTRIBUTE, "cancelled", true);
    if !passed_on {
        flags |= flag::EVENTS;
        let source = &core.record.callsite.source;
        event(core, &mut bytes, "cancelled", |out| {
            let task = tokio::task::try_id().map_or_else(|| String::from("unknown"), |id| id.to_string());
            encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "task.name", &task);
            // A span by hand has none: its name is the span's.
            if !source.function.is_empty() {
                encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "function.name", source.function);
            }
            encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "function.module", source.module);
            let now = i64::try_from(Clock::unix_nanos_after(core.record.start)).unwrap_or(i64::MAX);
            encode::int_attribute(out, tag::EVENT_ATTRIBUTE, "cancellation.timestamp", now);
            if let Some(reason) = current_reason() {
                encode::string_attribute(out, tag::EVENT_ATTRIBUTE, "cancellation.reason", &reason);
            }
        });
    }
    Tail { bytes, flags, mark: Some(Mark::Cancelled) }
}

fn room(core: &Core, used: usize) -> usize {
    let options = &core.record.callsite.options;
    (options.max_span as usize).saturating_sub(used).min(options.limits.value as usize)
}

/// `Status` with code `ERROR`.
fn status(out: &mut Vec<u8>, message: Option<&str>) {
    let field = encode::open(out, tag::SPAN_STATUS);
    if let Some(message) = message {
        encode::bytes(out, tag::STATUS_MESSAGE, message.as_bytes());
    }
    out.extend_from_slice(&[tag::STATUS_CODE, tag::STATUS_ERROR]);
    encode::close(out, field);
}

/// An event that happens now. The time comes first, where the drain finds it.
fn event(core: &Core, out: &mut Vec<u8>, name: &str, attributes: impl FnOnce(&mut Vec<u8>)) {
    let field = encode::open(out, tag::SPAN_EVENT);
    encode::fixed64(out, tag::EVENT_TIME, core.recorder.clock.ticks_after(core.record.start));
    encode::bytes(out, tag::EVENT_NAME, name.as_bytes());
    attributes(out);
    encode::close(out, field);
}

/// Bytes that tell a text that is too long from one that just fits, wherever a character ends.
const BEYOND: usize = 4;

/// The text of a value of the user's, in at most `room` bytes; a value that panics or fails gives a placeholder.
fn text<T: ?Sized>(value: &T, room: usize, write: fn(&T, &mut Bounded<'_>) -> std::fmt::Result) -> String {
    let mut bytes = Vec::new();
    let outcome = caught(|| write(value, &mut Bounded::new(&mut bytes, room + BEYOND)));
    match outcome {
        None => String::from("<error panicked while it was displayed>"),
        // An error of the writer itself means that it was full.
        Some(Err(_)) if bytes.is_empty() => String::from("<error could not be displayed>"),
        Some(_) => cut(bytes, room),
    }
}

/// What was written, cut to `room` bytes with the mark that it was where it is longer.
fn cut(bytes: Vec<u8>, room: usize) -> String {
    let mut text = String::from_utf8(bytes)
        .unwrap_or_else(|lossy| String::from_utf8_lossy(lossy.as_bytes()).into_owned());
    if text.len() > room {
        let marker = format!("... (truncated, original size: over {room} bytes)");
        text.truncate(text.floor_char_boundary_compat(room.saturating_sub(marker.len())));
        text.push_str(&marker);
    }
    text
}

/// The sources of an error, one a line, outermost first; `None` when it has none.
fn sources(error: &dyn Error, room: usize) -> Option<String> {
    caught(|| {
        let mut bytes = Vec::new();
        let mut out = Bounded::new(&mut bytes, room + BEYOND);
        let mut next = error.source()?;
        let mut written = write!(out, "Caused by:");
        for number in 0..MAX_SOURCES {
            written = written.and_then(|()| write!(out, "\n    {number}: {next}"));
            match next.source() {
                Some(source) if written.is_ok() => next = source,
                _ => break,
            }
        }
        Some(cut(bytes, room))
    })
    .flatten()
}

fn is_in_sources(child: Fingerprint, error: &dyn Error) -> bool {
    caught(|| {
        std::iter::successors(error.source(), |error: &&(dyn Error + 'static)| (*error).source())
            .take(MAX_SOURCES)
            .any(|source| {
                child.is_in(&text(source, usize::from(u16::MAX), |error, out| write!(out, "{error}")))
            })
    })
    .unwrap_or(false)
}
