//! The propagator of `traceparent` and `tracestate`.

use std::sync::OnceLock;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};

use super::counts::{Counters, Kind, Rejected};
use super::text::{TRACEPARENT, TRACESTATE};
use super::traceparent::{self, Traceparent};
use super::tracestate::{self, Seen};
use super::trust::{TrustInbound, with_untrusted_parent};

/// Carries the current span to another process, as the headers `traceparent` and `tracestate`.
///
/// It is OpenTelemetry's propagator of the same name with every rule of the specification kept: what the header's grammar
/// does not allow is no parent, a `traceparent` that comes twice is none, and of a `tracestate` with one bad member nothing is
/// kept. A rejected `traceparent` costs no allocation, whatever its length. Clones share their counters.
#[derive(Debug, Clone, Default)]
pub struct TraceContextPropagator {
    trust: TrustInbound,
    counters: Counters,
}

impl TraceContextPropagator {
    /// A propagator that trusts every sender.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says which senders may continue their trace here. Default: all.
    #[must_use = "it returns the propagator"]
    pub fn trust_inbound(mut self, trust: TrustInbound) -> Self {
        self.trust = trust;
        self
    }

    /// What this propagator and its clones have left out.
    pub fn rejected(&self) -> Rejected {
        self.counters.read()
    }

    pub(super) fn counted_by(counters: Counters) -> Self {
        Self { counters, ..Self::default() }
    }

    /// The parent that the headers name.
    fn parent(&self, headers: &dyn Extractor) -> Option<Traceparent> {
        let header = headers.get(TRACEPARENT)?;
        let parent = traceparent::parse(header)
            .filter(|_| headers.get_all(TRACEPARENT).is_none_or(|all| all.len() <= 1));
        if parent.is_none() {
            self.counters.add(Kind::Traceparent, 1);
        }
        parent
    }

    /// What the headers say beside the parent; and a context that holds it, where OpenTelemetry's type does not.
    fn state(
        &self,
        parent: &Traceparent,
        context: &Context,
        headers: &dyn Extractor,
    ) -> (TraceState, Option<Context>) {
        let Some(first) = headers.get(TRACESTATE) else { return (TraceState::NONE, None) };
        if let Some(seen) = tracestate::check(first, Seen::default()) {
            let lines = headers.get_all(TRACESTATE).unwrap_or_else(|| vec![first]);
            if tracestate::check_rest(&lines, first, seen) {
                return tracestate::read(&lines, parent.trace_id, context);
            }
        }
        self.counters.add(Kind::Tracestate, 1);
        (TraceState::NONE, None)
    }
}

impl TextMapPropagator for TraceContextPropagator {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let span = context.span();
        let span = span.span_context();
        if !span.is_valid() {
            return;
        }
        let (trace_id, span_id, flags) = (span.trace_id(), span.span_id(), span.trace_flags());
        injector.set(TRACEPARENT, Traceparent { trace_id, span_id, flags }.header());
        let state = span.trace_state();
        let (header, left_out) = tracestate::header(state, trace_id, context)
            .unwrap_or_else(|| (String::new(), state.into_iter().len()));
        self.counters.add(Kind::NotSent, left_out);
        if !header.is_empty() {
            injector.set(TRACESTATE, header);
        }
    }

    fn extract_with_context(&self, context: &Context, headers: &dyn Extractor) -> Context {
        let Some(parent) = self.parent(headers) else { return context.clone() };
        let (state, carrying) = self.state(&parent, context, headers);
        let remote = SpanContext::new(parent.trace_id, parent.span_id, parent.flags, true, state);
        if self.trust.allows(context, headers) {
            carrying.as_ref().unwrap_or(context).with_remote_span_context(remote)
        } else {
            self.counters.add(Kind::Untrusted, 1);
            with_untrusted_parent(context, remote)
        }
    }

    fn fields(&self) -> FieldIter<'_> {
        static FIELDS: OnceLock<[String; 2]> = OnceLock::new();
        FieldIter::new(FIELDS.get_or_init(|| [TRACEPARENT.to_owned(), TRACESTATE.to_owned()]))
    }
}
