//! Sampling: decided where a trace enters the process, inherited by everything below.

use std::fmt;

use opentelemetry::trace::{SpanKind, TraceState};
use opentelemetry::{Context, KeyValue, TraceId};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, ShouldSample};

use crate::callsite::{Callsite, Kind, Subject};
use crate::capture::by_type::caught;

/// Decides for spans without a parent in this process.
pub(crate) enum RootSampler {
    /// Every trace, and of remote parents those that are sampled: the default, with nothing to ask.
    ParentBasedAlwaysOn,
    /// Whatever a sampler says.
    Ask(Box<dyn ShouldSample>),
}

/// What a sampler said about a trace that it keeps.
#[derive(Debug, Default)]
pub(crate) struct Sampled {
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) trace_state: TraceState,
}

impl RootSampler {
    pub(crate) fn new(sampler: Box<dyn ShouldSample>) -> Self {
        Self::Ask(sampler)
    }

    /// `None` when the trace is not to be recorded. A sampler that panics counts as one that says no.
    ///
    /// `parent` is the context that holds a remote parent. Samplers see no attributes: nothing is captured before the
    /// decision.
    pub(crate) fn decide(
        &self,
        parent: Option<(&Context, bool, &TraceState)>,
        trace_id: TraceId,
        callsite: &'static Callsite,
        subject: Subject,
    ) -> Option<Sampled> {
        match self {
            Self::ParentBasedAlwaysOn => match parent {
                None => Some(Sampled::default()),
                Some((_, sampled, state)) => {
                    sampled.then(|| Sampled { attributes: Vec::new(), trace_state: state.clone() })
                }
            },
            Self::Ask(sampler) => {
                let name = callsite.names(subject).span;
                let kind = span_kind(callsite.options.kind);
                let context = parent.map(|(context, _, _)| context);
                let result = caught(|| sampler.should_sample(context, trace_id, &name, &kind, &[], &[]))?;
                (result.decision == SamplingDecision::RecordAndSample)
                    .then_some(Sampled { attributes: result.attributes, trace_state: result.trace_state })
            }
        }
    }
}

impl fmt::Debug for RootSampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ParentBasedAlwaysOn => f.write_str("ParentBased(AlwaysOn)"),
            Self::Ask(sampler) => sampler.fmt(f),
        }
    }
}

/// The SDK's word for a kind.
pub(crate) fn span_kind(kind: Kind) -> SpanKind {
    match kind {
        Kind::Internal => SpanKind::Internal,
        Kind::Server => SpanKind::Server,
        Kind::Client => SpanKind::Client,
        Kind::Producer => SpanKind::Producer,
        Kind::Consumer => SpanKind::Consumer,
    }
}

/// What `OTEL_TRACES_SAMPLER` may be.
pub(crate) const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];

/// The sampler of that name; `None` when there is none.
pub(crate) fn by_name(name: &str, ratio: f64) -> Option<RootSampler> {
    let ask = |sampler: Sampler| Some(RootSampler::new(Box::new(sampler)));
    let based = |root: Sampler| ask(Sampler::ParentBased(Box::new(root)));
    match name {
        "always_on" => ask(Sampler::AlwaysOn),
        "always_off" => ask(Sampler::AlwaysOff),
        "traceidratio" => ask(Sampler::TraceIdRatioBased(ratio)),
        "parentbased_always_on" => Some(RootSampler::ParentBasedAlwaysOn),
        "parentbased_always_off" => based(Sampler::AlwaysOff),
        "parentbased_traceidratio" => based(Sampler::TraceIdRatioBased(ratio)),
        _ => None,
    }
}
