//! Whether a call becomes a span, and whose child it is.
//!
//! With the OpenTelemetry attach on, the parent is whatever span OpenTelemetry's current `Context` holds, ours or another
//! library's; with it off, the innermost span of ours on this thread. A parent in this process decides for its children; a
//! span without one asks the sampler.

use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};
use opentelemetry::{Context, ContextGuard};

use super::{Core, Ids, root};
use crate::callsite::{Callsite, Subject};
use crate::capture::buffer::{self, Buffer};
use crate::capture::session::Parameters;
use crate::clock::Clock;
use crate::context;
use crate::recorder::{self, Recorder};
use crate::thread::{MAX_DEPTH, State};

/// A span that was entered: the number of entered spans with it, zero where there is none; and where its parameters go.
pub(super) type Entered = (usize, Parameters);

/// When the parameters of a span are captured.
#[derive(Clone, Copy)]
pub(super) enum Capture {
    /// Not at all.
    None,
    /// As the span starts.
    Now,
    /// As the body starts, before it does anything else.
    Later,
}

impl Capture {
    /// As the span starts, if at all.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn first(is_needed: bool) -> Self {
        if is_needed { Self::Now } else { Self::None }
    }
}

/// Nothing is recorded.
pub(super) const OFF: Entered = (0, Parameters::NONE);

/// Starts a span and makes it the current one: the child of the span that is current now, or a root.
/// Where nothing may be recorded, [`off::is_off`] is asked before.
#[cold]
pub(super) fn enter(callsite: &'static Callsite, subject: Subject) -> Entered {
    let begin = |output| {
        buffer::put_back(output);
        Parameters::NONE
    };
    enter_plain(callsite, subject, begin).unwrap_or_else(|| enter_otherwise(callsite, subject, Capture::None))
}

/// The same, with its parameters.
#[cold]
pub(super) fn enter_capturing(callsite: &'static Callsite, subject: Subject) -> Entered {
    enter_plain(callsite, subject, |output| Parameters::begin_first(output, callsite))
        .unwrap_or_else(|| enter_otherwise(callsite, subject, Capture::Now))
}

/// The same, with the parameters of an async body; the number of entered spans alone.
#[cold]
pub(super) fn enter_polled(callsite: &'static Callsite, subject: Subject, capture: bool) -> usize {
    let begin = |output| {
        if capture {
            Parameters::begin_first(output, callsite).for_body();
        } else {
            buffer::put_back(output);
        }
        Parameters::NONE
    };
    let later = if capture { Capture::Later } else { Capture::None };
    enter_plain(callsite, subject, begin).unwrap_or_else(|| enter_otherwise(callsite, subject, later)).0
}

/// The short way to enter a child of the innermost entered span: where that is recorded, and there is room for one more. `None`,
/// with nothing entered or counted, for all others, which begin anew the long way. It calls nothing, so that nothing is kept for after a call.
///
/// `begin` takes the buffer: a closure of each caller's own, so that all of this is compiled into each.
#[cfg_attr(
    not(debug_assertions),
    inline(always),
    expect(clippy::inline_always, reason = "the start of most spans, in three places")
)]
fn enter_plain(
    callsite: &'static Callsite,
    subject: Subject,
    begin: impl FnOnce(Buffer) -> Parameters,
) -> Option<Entered> {
    let recorder = recorder::active().filter(|recorder| recorder.is_plain())?;
    State::with_plain(|state| {
        let State { frames, recording, ids, .. } = &mut *state;
        let depth = frames.len();
        let parent = &frames.last()?.core;
        let has_room = depth < frames.capacity() && depth < MAX_DEPTH;
        if !parent.is_sampled() || !has_room || !recording.is_part_of(recorder) {
            return None;
        }
        let output = buffer::take()?;
        let base = output.bytes.len();
        let span = ids.span_id().to_bytes();
        recording.count_started(recorder);
        let start = Clock::counted();
        // Behind the clock: else the trace's id is kept on the stack while that is read.
        let ids = Ids { trace: parent.record.trace_id, span, parent: parent.record.span_id };
        let depth = state.enter(Core::new(recorder, (callsite, subject), ids, start), base, None, true);
        Some((depth, begin(output)))
    })
    .flatten()
}

/// All other ways.
#[cold]
#[inline(never)]
fn enter_otherwise(callsite: &'static Callsite, subject: Subject, capture: Capture) -> Entered {
    match recorder::active() {
        None => OFF,
        Some(recorder) if !recorder.gate.is_open() => enter_gated(recorder, callsite, subject, capture),
        Some(recorder) if recorder.attach => enter_attached(recorder, callsite, subject, capture),
        Some(recorder) => enter_frame(recorder, callsite, subject, capture),
    }
}

/// Starts a span where there is a filter, the sampler is asked about all spans, or requests have attributes.
#[inline(never)]
fn enter_gated(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
    capture: Capture,
) -> Entered {
    if !recorder.gate.lets_pass(callsite) {
        return OFF;
    }
    let entered = if recorder.asks_for_all {
        root::enter_asked(recorder, callsite, subject, capture)
    } else if recorder.attach {
        enter_attached(recorder, callsite, subject, capture)
    } else {
        enter_frame(recorder, callsite, subject, capture)
    };
    context::give_to_span(entered.0);
    entered
}

/// A child of the innermost entered span, the long way.
#[inline(never)]
fn enter_frame(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
    capture: Capture,
) -> Entered {
    let entered = State::with(|state| {
        let Some(base) = buffer::filled() else { return Some(OFF) };
        let parent = match state.frames.last() {
            None => return None,
            Some(parent) if !parent.core.is_sampled() => return Some(OFF),
            Some(parent) => &parent.core.record,
        };
        let (trace_id, parent_id) = (parent.trace_id, parent.span_id);
        if state.frames.len() >= MAX_DEPTH {
            state.recording.count_too_deep(recorder);
            return Some(OFF);
        }
        let ids = Ids { trace: trace_id, span: state.ids.span_id().to_bytes(), parent: parent_id };
        let depth = enter_child(state, recorder, (callsite, subject), ids, base, None);
        Some((depth, begin_capture(callsite, capture, base)))
    });
    match entered {
        None => OFF,
        Some(Some(entered)) => entered,
        Some(None) => root::enter_root(recorder, callsite, subject, capture),
    }
}

#[cfg_attr(
    not(debug_assertions),
    inline(always),
    expect(clippy::inline_always, reason = "the start of most spans, in two places")
)]
fn enter_child(
    state: &mut State,
    recorder: &'static Recorder,
    what: (&'static Callsite, Subject),
    ids: Ids,
    base: usize,
    attached: Option<ContextGuard>,
) -> usize {
    state.recording.count_started(recorder);
    let core = Core::new(recorder, what, ids, recorder.clock.ticks());
    state.enter(core, base, attached, recorder.clock.is_counter())
}

#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn begin_capture(callsite: &'static Callsite, capture: Capture, base: usize) -> Parameters {
    match capture {
        Capture::None => Parameters::NONE,
        Capture::Now => Parameters::begin(callsite, base),
        Capture::Later => {
            Parameters::begin(callsite, base).for_body();
            Parameters::NONE
        }
    }
}

/// A child of the span in OpenTelemetry's current context, unless that is not sampled; without one, a root.
#[inline(never)]
fn enter_attached(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
    capture: Capture,
) -> Entered {
    // One borrow for all of it. Nothing is dropped in it, so no destructor of others runs.
    let entered = State::with(|state| {
        let Some(base) = buffer::filled() else { return Some(OFF) };
        if state.frames.len() >= MAX_DEPTH {
            state.recording.count_too_deep(recorder);
            return Some(OFF);
        }
        let child = Context::map_current(|current| {
            if current.is_telemetry_suppressed() {
                return Some(None);
            }
            let span = current.span();
            let parent = span.span_context();
            if !parent.is_valid() || parent.is_remote() {
                return None;
            }
            if !parent.is_sampled() {
                return Some(None);
            }
            let (trace_id, span_id, trace_state) =
                (parent.trace_id(), state.ids.span_id(), parent.trace_state());
            let inherits = *trace_state != TraceState::NONE;
            let own = SpanContext::new(trace_id, span_id, parent.trace_flags(), false, trace_state.clone());
            let ids = Ids {
                trace: trace_id.to_bytes(),
                span: span_id.to_bytes(),
                parent: parent.span_id().to_bytes(),
            };
            Some(Some((ids, inherits, current.with_remote_span_context(own))))
        });
        let Some((ids, inherits, context)) = child? else { return Some(OFF) };
        let depth = enter_child(state, recorder, (callsite, subject), ids, base, Some(context.attach()));
        if inherits {
            inherit_trace_state();
        }
        Some((depth, begin_capture(callsite, capture, base)))
    });
    match entered {
        None => OFF,
        Some(Some(entered)) => entered,
        Some(None) => root::enter_root(recorder, callsite, subject, capture),
    }
}

/// A trace state is recorded on every span of its trace.
#[cold]
fn inherit_trace_state() {
    Context::map_current(|current| {
        buffer::with(|output| {
            root::encode_trace_state(&mut output.bytes, current.span().span_context().trace_state());
        });
    });
}
