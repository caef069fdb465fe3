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
use crate::thread::{Place, Thread};

/// A span that has started.
pub(super) struct Started {
    pub(super) core: Core,
    /// The context to attach, where spans are attached.
    pub(super) context: Option<Context>,
    /// What only few spans have: a trace state, attributes of the sampler.
    pub(super) extra: Option<Box<Sampled>>,
}

/// What the current context says.
enum Parent {
    /// Record nothing: the parent is not sampled, or telemetry is suppressed.
    Off,
    Local {
        parent_id: SpanId,
        place: Place,
        context: Context,
        state: Option<TraceState>,
    },
    /// There is none in this process.
    Outside,
}

/// Starts a span, or says that nothing is to be recorded.
#[inline]
pub(super) fn start(
    thread: &Thread,
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
) -> Option<Started> {
    if thread.is_busy() {
        return None;
    }
    let (place, parent_id, context, extra) = if recorder.attach {
        match parent_in_context(thread)? {
            Parent::Off => return None,
            Parent::Local { parent_id, place, context, state } => {
                let extra =
                    state.map(|trace_state| Box::new(Sampled { attributes: Vec::new(), trace_state }));
                (place, parent_id, Some(context), extra)
            }
            Parent::Outside => return root(thread, recorder, callsite, subject),
        }
    } else {
        let parent = thread.current.get();
        if parent == Place::NONE {
            return root(thread, recorder, callsite, subject);
        }
        if !parent.sampled {
            return None;
        }
        let span_id = thread.ids.try_borrow_mut().ok()?.span_id();
        (Place { span_id, ..parent }, parent.span_id, None, None)
    };
    if !thread.count_started(recorder) {
        return None;
    }
    let core =
        Core { recorder, callsite, subject, place, parent_id, start: recorder.clock.ticks(), flags: 0 };
    Some(Started { core, context, extra })
}

#[inline]
fn parent_in_context(thread: &Thread) -> Option<Parent> {
    Context::map_current(|current| {
        if current.is_telemetry_suppressed() {
            return Some(Parent::Off);
        }
        let span = current.span();
        let parent = span.span_context();
        if !parent.is_valid() || parent.is_remote() {
            return Some(Parent::Outside);
        }
        if !parent.is_sampled() {
            return Some(Parent::Off);
        }
        let span_id = thread.ids.try_borrow_mut().ok()?.span_id();
        let place = Place { trace_id: parent.trace_id(), span_id, sampled: true };
        let state = parent.trace_state();
        let own = SpanContext::new(place.trace_id, span_id, parent.trace_flags(), false, state.clone());
        Some(Parent::Local {
            parent_id: parent.span_id(),
            place,
            context: current.with_remote_span_context(own),
            state: (*state != TraceState::NONE).then(|| state.clone()),
        })
    })
}

/// A span that has no parent in this process: the sampler decides.
#[cold]
fn root(
    thread: &Thread,
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
) -> Option<Started> {
    let current = recorder.attach.then(Context::current);
    let remote = current
        .as_ref()
        .map(|context| context.span().span_context().clone())
        .filter(|parent| parent.is_valid() && parent.is_remote());
    let (span_id, new_trace_id) = {
        let mut ids = thread.ids.try_borrow_mut().ok()?;
        (ids.span_id(), ids.trace_id())
    };
    let trace_id = remote.as_ref().map_or(new_trace_id, SpanContext::trace_id);
    let decision = {
        // The sampler may be a user's: nothing is recorded while it runs.
        let _busy = thread.become_busy()?;
        let parent = current.as_ref().zip(remote.as_ref()).map(|(context, parent)| {
            (context, parent.is_sampled(), parent.trace_state())
        });
        recorder.sampler.decide(parent, trace_id, callsite, subject)
    };
    let sampled = decision.is_some();
    let extra = decision.unwrap_or_default();
    let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let context = current.map(|context| {
        context.with_remote_span_context(SpanContext::new(
            trace_id,
            span_id,
            flags,
            false,
            extra.trace_state.clone(),
        ))
    });
    if sampled && !thread.count_started(recorder) {
        return None;
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
    Some(Started { core, context, extra: (sampled && has_extra).then(|| Box::new(extra)) })
}
