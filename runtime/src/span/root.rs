//! Starting a span whose parent is not in this process, or which has none: the sampler decides. So it does, but for a parent in
//! this process, where the program names the parent itself.

use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};
use opentelemetry::{Context, SpanId, TraceFlags};

use super::start::{Capture, Entered, OFF, begin_capture};
use super::{Core, Ids};
use crate::callsite::{Callsite, Subject};
use crate::capture::buffer;
use crate::capture::session::Parameters;
use crate::context;
use crate::propagation::{self, untrusted_parent};
use crate::recorder::Recorder;
use crate::recorder::record::flag;
use crate::sample::Sampled;
use crate::thread::{Busy, MAX_DEPTH, State};
use crate::wire::{decode, encode, tag};

/// Starts a span that has no parent in this process: the sampler decides. One that it does not keep is entered, too, so
/// that everything below it is off without asking again.
#[cold]
pub(super) fn enter_root(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
    capture: Capture,
) -> Entered {
    let current = recorder.attach.then(Context::current);
    let remote = current
        .as_ref()
        .map(|context| context.span().span_context().clone())
        .filter(|parent| parent.is_valid() && parent.is_remote());
    enter_under(recorder, (callsite, subject), capture, current, remote.as_ref())
}

/// Starts a span under a parent that the program names, or as a root.
#[cold]
pub(super) fn enter_given(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
    capture: Capture,
    parent: &SpanContext,
) -> Entered {
    if State::is_gone() || !recorder.gate.lets_pass(callsite) {
        return OFF;
    }
    let current = recorder.attach.then(Context::current);
    let parent = Some(parent).filter(|parent| parent.is_valid());
    let entered = enter_under(recorder, (callsite, subject), capture, current, parent);
    context::give_to_span(entered.0);
    entered
}

/// Starts a span where the sampler decides about all of them, also below a parent in this process.
#[cold]
pub(super) fn enter_asked(
    recorder: &'static Recorder,
    callsite: &'static Callsite,
    subject: Subject,
    capture: Capture,
) -> Entered {
    if State::is_gone() {
        return OFF;
    }
    let current = recorder.attach.then(Context::current);
    let around = State::with(|state| {
        let frame = state.current().filter(|_| current.is_none());
        (state.frames.len() >= MAX_DEPTH, frame.map(|frame| frame.core.context()))
    });
    let Some((too_deep, frame)) = around else { return OFF };
    let parent = current.as_ref().map(|context| context.span().span_context().clone()).or(frame);
    let parent = parent.filter(SpanContext::is_valid);
    if too_deep {
        if parent.is_some_and(|parent| parent.is_sampled()) {
            State::with(|state| state.recording.count_too_deep(recorder));
        }
        return OFF;
    }
    enter_under(recorder, (callsite, subject), capture, current, parent.as_ref())
}

/// Starts a span under `parent`: one in this process decides for it, otherwise the sampler does.
fn enter_under(
    recorder: &'static Recorder,
    what: (&'static Callsite, Subject),
    capture: Capture,
    current: Option<Context>,
    parent: Option<&SpanContext>,
) -> Entered {
    // With the attach off, too: what an exporter does must make no spans.
    if Context::map_current(Context::is_telemetry_suppressed) {
        return OFF;
    }
    let (callsite, subject) = what;
    let remote = parent.is_some_and(SpanContext::is_remote);
    let Some((span_id, new_trace_id)) = State::with(|state| (state.ids.span_id(), state.ids.trace_id()))
    else {
        return OFF;
    };
    let trace_id = parent.map_or(new_trace_id, SpanContext::trace_id);
    let decision = match parent {
        Some(parent) if !remote && !recorder.asks_for_all => parent
            .is_sampled()
            .then(|| Sampled { attributes: Vec::new(), trace_state: parent.trace_state().clone() }),
        _ => {
            // The sampler may be a user's: nothing is recorded while it runs.
            let Some(_busy) = Busy::begin() else { return OFF };
            let context = parent.map(|parent| Context::new().with_remote_span_context(parent.clone()));
            let parent = context
                .as_ref()
                .zip(parent)
                .map(|(context, parent)| (context, parent.is_sampled(), parent.trace_state()));
            recorder.sampler.decide(parent, trace_id, callsite, subject)
        }
    };
    let sampled = decision.is_some();
    let extra = decision.unwrap_or_default();
    let parent_id = parent.map_or(SpanId::INVALID, SpanContext::span_id);
    // A root stands for itself, but says who asked for it.
    let asked_by = current.as_ref().filter(|_| parent.is_none()).and_then(untrusted_parent).cloned();
    let random = parent.map_or(TraceFlags::default(), |parent| parent.trace_flags() & propagation::RANDOM);
    let mut attached = current.map(|context| {
        let flags = random.with_sampled(sampled);
        let own = SpanContext::new(trace_id, span_id, flags, false, extra.trace_state.clone());
        context.with_remote_span_context(own).attach()
    });
    #[cfg(feature = "testing")]
    if sampled {
        crate::testing::router::trace_begins(trace_id, span_id, parent.is_some(), (callsite, subject));
    }
    let entered = State::with(|state| {
        if sampled {
            state.recording.count_started(recorder);
        }
        let ids = Ids { trace: trace_id.to_bytes(), span: span_id.to_bytes(), parent: parent_id.to_bytes() };
        let mut core = Core::new(recorder, (callsite, subject), ids, recorder.clock.ticks());
        core.record.flags |= if remote { flag::PARENT_REMOTE } else { 0 };
        core.record.flags |=
            if remote && parent.is_some_and(SpanContext::is_sampled) { flag::UPSTREAM } else { 0 };
        if !sampled {
            core.record.flags |= flag::NOT_SAMPLED;
        }
        let base = buffer::filled().unwrap_or_default();
        let depth = state.enter(core, base, attached.take(), recorder.clock.is_counter());
        if !sampled {
            return (depth, Parameters::NONE);
        }
        if recorder.tail.is_some() && (remote || parent.is_none()) {
            if let Some(frame) = state.frames.last() {
                state.recording.publish_notice(&frame.core);
            }
        }
        buffer::with(|output| {
            encode_extra(&mut output.bytes, &extra);
            if let Some(asked_by) = &asked_by {
                encode::link(&mut output.bytes, asked_by, &asked_by.trace_state().header());
            }
        });
        (depth, begin_capture(callsite, capture, base))
    });
    entered.unwrap_or(OFF)
}

/// What few spans bring from their start: a trace state, attributes of the sampler.
fn encode_extra(out: &mut Vec<u8>, extra: &Sampled) {
    encode_trace_state(out, &extra.trace_state);
    for attribute in &extra.attributes {
        decode::encode_attribute(out, tag::SPAN_ATTRIBUTE, attribute);
    }
}

pub(super) fn encode_trace_state(out: &mut Vec<u8>, trace_state: &TraceState) {
    let header = trace_state.header();
    if !header.is_empty() {
        encode::bytes(out, tag::SPAN_TRACE_STATE, header.as_bytes());
    }
}
