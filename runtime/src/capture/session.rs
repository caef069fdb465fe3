//! One capture: the thread's buffer, taken when a span starts, for the macro's code to write its parameters into.
//!
//! Until it is put back the thread is *busy*: a traced function that user code calls (a `Debug` that calls one, say) is not
//! recorded, so nothing recurses and nobody else touches the buffer.

use std::cell::Cell;

use super::attributes::Attributes;
use super::buffer::{self, Buffer};
use super::output::Output;
use crate::callsite::Callsite;
use crate::recorder::record::flag;
use crate::thread::State;
use crate::wire::{encode, tag};

thread_local! {
    /// The body that comes next captures first of all. Neither initialised nor destroyed: one load.
    static CAPTURES_NEXT: Cell<bool> = const { Cell::new(false) };
}

/// The buffer for the parameters of the span that has just started, which generated code gives back by [`Parameters::done`].
///
/// It has no destructor, so that the compiler needs no way out of the calls in between: what shows a parameter does not unwind,
/// whatever the user's code in it does. Were it to, the span that ends as panicked has a new buffer made.
#[derive(Debug)]
#[must_use = "the thread records nothing until they are done"]
pub struct Parameters(Option<Buffer>);

impl Parameters {
    /// No span is recorded.
    pub(crate) const NONE: Self = Self(None);

    /// Takes the buffer, in which the span's attributes begin at `base`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn begin(callsite: &'static Callsite, base: usize) -> Self {
        let mut buffer = buffer::take();
        if let Some(output) = &mut buffer {
            let end = (base + callsite.attribute_bytes).saturating_sub(output.bytes.more_from(base));
            output.begin_record(end, callsite.options.limits);
        }
        Self(buffer)
    }

    /// The same with the thread's buffer, where nothing of the span is in it yet.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn begin_first(output: Buffer, callsite: &'static Callsite) -> Self {
        let end = output.bytes.len() + callsite.attribute_bytes;
        output.begin_record(end, callsite.options.limits);
        Self(Some(output))
    }

    /// Puts the buffer back, for the body that comes next and begins with [`of_body`](Self::of_body).
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn for_body(self) {
        CAPTURES_NEXT.set(self.0.is_some());
        self.done();
    }

    /// Those of an async body, which asks for them before it does anything else.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn of_body() -> Self {
        if !CAPTURES_NEXT.get() {
            return Self::NONE;
        }
        CAPTURES_NEXT.set(false);
        Self(buffer::take())
    }

    /// Those that go into this buffer.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn of(buffer: Buffer) -> Self {
        Self(Some(buffer))
    }

    /// Where they go, if the span is recorded. To be [done](Attributes::done), and nothing else.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn attributes(self) -> Option<Attributes<'static>> {
        self.0.map(Attributes::of_parameters)
    }

    /// All of them are written.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn done(self) {
        if let Some(output) = self.0 {
            if output.unsettled {
                settle(output);
            }
            buffer::put_back(output);
        }
    }
}

/// The buffer for what the program adds to a span, where that is recorded.
#[derive(Debug)]
#[must_use = "the thread records nothing until this is dropped"]
pub(crate) struct Session(Parameters);

impl Session {
    /// For attributes and events of the innermost entered span, if it is recorded.
    pub(crate) fn current() -> Self {
        let parameters = State::with(|state| {
            let frame = state.frames.last().filter(|frame| frame.core.is_sampled() && !frame.carried)?;
            let callsite = frame.core.record.callsite;
            Some(state.begin_capture(callsite))
        });
        Self(parameters.flatten().unwrap_or(Parameters::NONE))
    }

    /// For attributes of another.
    pub(crate) fn of(parameters: Parameters) -> Self {
        Self(parameters)
    }

    /// Records an event that happens now.
    pub(crate) fn event(mut self, name: &str, write: impl FnOnce(&mut Attributes<'_>)) {
        let ticks = State::with(|state| {
            let core = &state.frames.last()?.core;
            Some(core.recorder.clock.ticks_after(core.record.start))
        });
        if let (Some(out), Some(Some(ticks))) = (self.0.0.as_deref_mut(), ticks) {
            event(out, ticks, name, write);
        }
    }

    /// Has `write` write attributes, if the span is recorded.
    pub(crate) fn write(mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        if let Some(out) = self.0.0.as_deref_mut() {
            Attributes::write(out, write);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        std::mem::replace(&mut self.0, Parameters::NONE).done();
    }
}

/// Bytes around an event's name and attributes.
const EVENT_FRAME: usize = 32;

/// Writes an event of the time `ticks`; a whole one, or none where the budget is spent.
pub(crate) fn event(out: &mut Output, ticks: u64, name: &str, write: impl FnOnce(&mut Attributes<'_>)) {
    out.at_top();
    if out.spent || !out.has_room(name.len() + EVENT_FRAME) {
        out.spend();
        return;
    }
    let field = encode::open(&mut out.bytes, tag::SPAN_EVENT);
    encode::fixed64(&mut out.bytes, tag::EVENT_TIME, ticks);
    encode::bytes(&mut out.bytes, tag::EVENT_NAME, name.as_bytes());
    write(&mut Attributes::new(out, tag::EVENT_ATTRIBUTE));
    encode::close(&mut out.bytes, field);
    out.remark().flags |= flag::EVENTS;
}

/// Says on the span itself that something was left out, and why.
#[cold]
fn settle(out: &mut Output) {
    out.unsettled = false;
    let (spent, remarks) = (std::mem::take(&mut out.spent), out.remarks.take().unwrap_or_default());
    let max_span = State::with(|state| {
        let frame = state.frames.last_mut()?;
        frame.core.record.flags |= remarks.flags;
        Some(frame.core.record.callsite.options.max_span)
    });
    let reason = match (remarks.cut_list, remarks.cut_fields) {
        _ if spent => format!("Total size exceeded {} bytes", max_span.flatten().unwrap_or_default()),
        (Some((key, kept, all)), _) => format!("{}: {kept} of {all} items kept", super::key::text(key)),
        (None, Some(key)) => format!("{}: fields left out", super::key::text(key)),
        (None, None) => return,
    };
    #[cfg(feature = "metrics")]
    out.count_truncated();
    encode::bool_attribute(&mut out.bytes, tag::SPAN_ATTRIBUTE, "parameters.truncated", true);
    encode::string_attribute(&mut out.bytes, tag::SPAN_ATTRIBUTE, "parameters.truncated_reason", &reason);
}
