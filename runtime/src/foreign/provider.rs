//! The tracer provider that `install` offers to OpenTelemetry's `global`, and the sampler in it: ours.

use std::sync::Once;

use opentelemetry::trace::{
    Link, Span as _, SpanContext, SpanKind, TraceContextExt as _, TraceState, Tracer as _,
};
use opentelemetry::{Context, KeyValue, SpanId, TraceFlags, TraceId, global};
use opentelemetry_sdk::trace::{
    IdGenerator, RandomIdGenerator, SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample,
    SpanLimits,
};

use super::PipelineProcessor;
use crate::pipeline::limits::Numbers;
use crate::recorder;
use crate::sample::Panicked;
use crate::thread::State;

/// Makes a provider the global one, once in a process, unless the program has set one. It has these limits; what a later pipeline
/// limits further, its drain thread does.
pub(crate) fn offer_global(limits: Numbers) {
    static OFFERED: Once = Once::new();
    OFFERED.call_once(|| {
        if global_is_empty() {
            let provider = SdkTracerProvider::builder()
                .with_sampler(AsInstalled)
                .with_id_generator(OurIds::default())
                .with_span_processor(PipelineProcessor::new())
                .with_span_limits(span_limits(limits))
                .build();
            global::set_tracer_provider(provider);
        }
    });
}

/// The SDK's own, but for those that are set.
fn span_limits(limits: Numbers) -> SpanLimits {
    let default = SpanLimits::default();
    SpanLimits {
        max_attributes_per_span: limits.attributes.unwrap_or(default.max_attributes_per_span),
        max_events_per_span: limits.events.unwrap_or(default.max_events_per_span),
        max_links_per_span: limits.links.unwrap_or(default.max_links_per_span),
        max_attributes_per_event: limits.event_attributes.unwrap_or(default.max_attributes_per_event),
        max_attributes_per_link: limits.link_attributes.unwrap_or(default.max_attributes_per_link),
    }
}

/// Whether the global provider is the one that is there from the beginning: its spans are their parents. One of the SDK's makes
/// an empty span where telemetry is suppressed, and exports none.
fn global_is_empty() -> bool {
    let parent = SpanContext::new(
        TraceId::from_bytes([1; 16]),
        SpanId::from_bytes([1; 8]),
        TraceFlags::default(),
        false,
        TraceState::NONE,
    );
    let quiet = Context::enter_telemetry_suppressed_scope();
    let context = Context::map_current(|current| current.with_remote_span_context(parent.clone()));
    let tracer = global::tracer("wirespan");
    let span = tracer.build_with_context(tracer.span_builder("none"), &context);
    drop(quiet);
    span.span_context() == &parent
}

/// Those of the thread's state: a process that forks has others in its child, where the SDK's generator would go on with the same.
#[derive(Debug, Default)]
struct OurIds(RandomIdGenerator);

impl IdGenerator for OurIds {
    fn new_trace_id(&self) -> TraceId {
        State::with(|state| state.ids.trace_id()).unwrap_or_else(|| self.0.new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        State::with(|state| state.ids.span_id()).unwrap_or_else(|| self.0.new_span_id())
    }
}

/// Decides as the pipeline that is installed does: a parent in this process decides, otherwise the root sampler is asked.
#[derive(Debug, Clone, Copy)]
struct AsInstalled;

impl ShouldSample for AsInstalled {
    fn should_sample(
        &self,
        parent_context: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        span_kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let parent = parent_context.map(|context| context.span().span_context().clone());
        let parent = parent.filter(SpanContext::is_valid);
        let trace_state = parent.as_ref().map(|parent| parent.trace_state().clone()).unwrap_or_default();
        let decided = |keep| SamplingResult {
            decision: if keep { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop },
            attributes: Vec::new(),
            trace_state: trace_state.clone(),
        };
        let Some(recorder) = recorder::active() else { return decided(false) };
        match &parent {
            Some(parent) if !parent.is_remote() && !recorder.asks_for_all => decided(parent.is_sampled()),
            _ => {
                let ask = |sampler: &dyn ShouldSample| {
                    sampler.should_sample(parent_context, trace_id, name, span_kind, attributes, links)
                };
                match recorder.sampler.ask(ask) {
                    Ok(Some(result)) => result,
                    Ok(None) => decided(parent.as_ref().is_none_or(SpanContext::is_sampled)),
                    Err(Panicked) => decided(false),
                }
            }
        }
    }
}
