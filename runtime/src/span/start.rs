//! Whether a call becomes a span, and whose child it is.
//!
//! With the OpenTelemetry attach on, the parent is whatever span OpenTelemetry's current `Context` holds, ours or another
//! library's; with it off, the innermost span of ours on this thread. A parent in this process decides for its children; a
//! span without one asks the sampler.

use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};
use opentelemetry::{Context, SpanId, TraceFlags};

use super::Core;
use crate::callsite::{Callsite, Subject};
use crate::recorder::Recorder;
use crate::recorder::record::flag;
use crate::sample::Sampled;
use crate::thread::{Busy, Place, State};

/// A span that has started without a parent in this process.
pub(super) struct Root {
    pub(super) core: Core,
    /// The context to attach, where spans are attached.
    pub(super) context: Option<Context>,
    pub(super) extra: Option<Box<Sampled>>,
}

/// What the surroundings say of a call.
pub(super) enum Start<T> {
    /// Record nothing: the parent is not sampled, telemetry is suppressed, or the thread is busy.
    Off,
    /// A child of a span in this process, and the context to attach.
    Child(T, Option<Context>),
    /// There is no such parent: [`root`] decides, outside of every borrow.
    Root,
}

/// Starts a child of the current span, if there is one. `place_it` puts it where it belongs.
#[inline]
pub(super) fn child<T>(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
    place_it: impl FnOnce(&mut State, Core, Option<Box<Sampled>>) -> T,
) -> Start<T> {
    if recorder.attach {
        if is_off_in_context() {
            return Start::Off;
        }
        return child_in_context(recorder, callsite, subject, place_it);
    }
    let made = State::with(|state| {
        if state.output.is_none() {
            return Start::Off;
        }
        match child_of_frame(state, recorder, callsite, subject) {
            None => Start::Root,
            Some(None) => Start::Off,
            Some(Some(core)) => {
                state.count_started(recorder);
                Start::Child(place_it(state, core, None), None)
            }
        }
    });
    made.unwrap_or(Start::Off)
}

/// A child of the innermost entered span, not counted yet: `None` where there is none, `Some(None)` where it is not sampled.
#[inline]
#[expect(
    clippy::option_option,
    reason = "an enum here would go through memory; this is the hottest path there is"
)]
pub(super) fn child_of_frame(
    state: &mut State,
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
) -> Option<Option<Core>> {
    let parent = state.current()?.core.place;
    if !parent.sampled {
        return Some(None);
    }
    let place = Place { span_id: state.ids.span_id(), ..parent };
    let start = recorder.clock.ticks();
    Some(Some(Core { recorder, callsite, subject, place, parent_id: parent.span_id, start, flags: 0 }))
}

/// Whether the current span is one of this process that is not sampled, or the thread's state is gone: looked at first and by
/// itself, because an unsampled trace is to cost next to nothing.
#[inline]
pub(super) fn is_off_in_context() -> bool {
    State::is_gone()
        || Context::map_current(|current| {
            let span = current.span();
            let parent = span.span_context();
            !parent.is_sampled() && !parent.is_remote() && parent.is_valid()
        })
}

/// A child of the span in OpenTelemetry's current context, which [`is_off_in_context`] has let pass.
#[inline]
pub(super) fn child_in_context<T>(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
    place_it: impl FnOnce(&mut State, Core, Option<Box<Sampled>>) -> T,
) -> Start<T> {
    Context::map_current(|current| {
        if current.is_telemetry_suppressed() {
            return Start::Off;
        }
        let span = current.span();
        let parent = span.span_context();
        if !parent.is_valid() || parent.is_remote() {
            return Start::Root;
        }
        let trace_state = parent.trace_state();
        let placed = State::with(|state| {
            state.output.as_ref()?;
            let place = Place { trace_id: parent.trace_id(), span_id: state.ids.span_id(), sampled: true };
            state.count_started(recorder);
            let start = recorder.clock.ticks();
            let core =
                Core { recorder, callsite, subject, place, parent_id: parent.span_id(), start, flags: 0 };
            Some((place_it(state, core, inherited(trace_state)), place.span_id))
        });
        let Some(Some((placed, span_id))) = placed else { return Start::Off };
        let (trace_id, flags) = (parent.trace_id(), parent.trace_flags());
        let own = SpanContext::new(trace_id, span_id, flags, false, trace_state.clone());
        Start::Child(placed, Some(current.with_remote_span_context(own)))
    })
}

/// A trace state is recorded on every span of its trace.
#[inline]
fn inherited(trace_state: &TraceState) -> Option<Box<Sampled>> {
    (*trace_state != TraceState::NONE)
        .then(|| Box::new(Sampled { attributes: Vec::new(), trace_state: trace_state.clone() }))
}

/// Starts a span that has no parent in this process: the sampler decides.
#[cold]
pub(super) fn root(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
) -> Option<Root> {
    // With the attach off, too: what an exporter does must make no spans.
    if Context::map_current(Context::is_telemetry_suppressed) {
        return None;
    }
    let current = recorder.attach.then(Context::current);
    let remote = current
        .as_ref()
        .map(|context| context.span().span_context().clone())
        .filter(|parent| parent.is_valid() && parent.is_remote());
    let (span_id, new_trace_id) = State::with(|state| (state.ids.span_id(), state.ids.trace_id()))?;
    let trace_id = remote.as_ref().map_or(new_trace_id, SpanContext::trace_id);
    let decision = {
        // The sampler may be a user's: nothing is recorded while it runs.
        let _busy = Busy::begin()?;
        let parent = current
            .as_ref()
            .zip(remote.as_ref())
            .map(|(context, parent)| (context, parent.is_sampled(), parent.trace_state()));
        recorder.sampler.decide(parent, trace_id, callsite, subject)
    };
    let sampled = decision.is_some();
    let extra = decision.unwrap_or_default();
    let context = current.map(|context| {
        let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let trace_state = extra.trace_state.clone();
        context.with_remote_span_context(SpanContext::new(trace_id, span_id, flags, false, trace_state))
    });
    if sampled {
        State::with(|state| state.count_started(recorder))?;
    }
    let core = Core {
        recorder,
        callsite,
        subject,
        place: Place { trace_id, span_id, sampled },
        parent_id: remote.as_ref().map_or(SpanId::INVALID, SpanContext::span_id),
        start: recorder.clock.ticks(),
        flags: if remote.is_some() { flag::PARENT_REMOTE } else { 0 },
    };
    let has_extra = !extra.attributes.is_empty() || extra.trace_state != TraceState::NONE;
    Some(Root { core, context, extra: (sampled && has_extra).then(|| Box::new(extra)) })
}
