//! Both propagators as one: the default.

use std::sync::OnceLock;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};

use super::counts::{Counters, Rejected};
use super::text::{BAGGAGE, TRACEPARENT, TRACESTATE};
use super::{BaggagePropagator, TraceContextPropagator, TrustInbound};

/// [`TraceContextPropagator`] and [`BaggagePropagator`] together: what `install` makes the global propagator. Clones share their
/// counters.
///
/// ```
/// use wirespan::opentelemetry::global;
/// use wirespan::propagation::W3cPropagator;
///
/// let propagator = W3cPropagator::new();
/// global::set_text_map_propagator(propagator.clone());
/// assert_eq!(propagator.rejected().traceparent, 0);
/// ```
#[derive(Debug, Clone)]
pub struct W3cPropagator {
    trace_context: TraceContextPropagator,
    baggage: BaggagePropagator,
    counters: Counters,
}

impl W3cPropagator {
    /// A propagator that trusts every sender.
    pub fn new() -> Self {
        let counters = Counters::default();
        Self {
            trace_context: TraceContextPropagator::counted_by(counters.clone()),
            baggage: BaggagePropagator::counted_by(counters.clone()),
            counters,
        }
    }

    /// Says which senders may continue their trace here, and whose baggage is taken. Default: all.
    #[must_use = "it returns the propagator"]
    pub fn trust_inbound(mut self, trust: TrustInbound) -> Self {
        self.trace_context = self.trace_context.trust_inbound(trust.clone());
        self.baggage = self.baggage.trust_inbound(trust);
        self
    }

    /// What this propagator and its clones have left out.
    pub fn rejected(&self) -> Rejected {
        self.counters.read()
    }
}

impl Default for W3cPropagator {
    fn default() -> Self {
        Self::new()
    }
}

impl TextMapPropagator for W3cPropagator {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        self.trace_context.inject_context(context, injector);
        self.baggage.inject_context(context, injector);
    }

    fn extract_with_context(&self, context: &Context, headers: &dyn Extractor) -> Context {
        let context = self.trace_context.extract_with_context(context, headers);
        self.baggage.extract_with_context(&context, headers)
    }

    fn fields(&self) -> FieldIter<'_> {
        static FIELDS: OnceLock<[String; 3]> = OnceLock::new();
        FieldIter::new(FIELDS.get_or_init(|| [TRACEPARENT, TRACESTATE, BAGGAGE].map(str::to_owned)))
    }
}
