//! Whether the trace of whoever sends a message is continued.
//!
//! A propagator can do one thing about a sender that is not trusted: leave its span out of the `Context`. So that the span
//! is not forgotten it goes into the `Context` as a value of its own, where `span/root.rs` finds it and links the new root
//! to it.

use std::fmt;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::SpanContext;

/// Whose trace context and baggage are taken from inbound messages. Default: everybody's.
///
/// A sender that is not trusted cannot choose trace identifiers nor what is sampled, and its baggage is not read: the
/// program starts a trace of its own, whose first span is linked to the sender's.
///
/// ```
/// use wirespan::propagation::{TrustInbound, W3cPropagator};
///
/// // At an edge that anybody can reach:
/// let propagator = W3cPropagator::new().trust_inbound(TrustInbound::never());
///
/// // Behind a proxy that sets a header of its own, and removes it from what it is sent:
/// let propagator = W3cPropagator::new()
///     .trust_inbound(TrustInbound::when(|_, headers| headers.get("x-from-our-mesh").is_some()));
/// ```
#[derive(Clone, Default)]
pub struct TrustInbound(Rule);

type Decide = dyn Fn(&Context, &dyn Extractor) -> bool + Send + Sync;

#[derive(Clone, Default)]
enum Rule {
    #[default]
    Always,
    Never,
    When(Arc<Decide>),
}

impl TrustInbound {
    /// Every sender is trusted.
    pub fn always() -> Self {
        Self(Rule::Always)
    }

    /// No sender is trusted.
    pub fn never() -> Self {
        Self(Rule::Never)
    }

    /// Those for which `decide` returns `true`.
    ///
    /// It is given the context that the headers are extracted into, and the headers. A server that knows more of a sender,
    /// its address say, puts that into the context before it extracts. When `decide` panics, the sender is not trusted.
    pub fn when(decide: impl Fn(&Context, &dyn Extractor) -> bool + Send + Sync + 'static) -> Self {
        Self(Rule::When(Arc::new(decide)))
    }

    pub(super) fn allows(&self, context: &Context, headers: &dyn Extractor) -> bool {
        match &self.0 {
            Rule::Always => true,
            Rule::Never => false,
            Rule::When(decide) => match catch_unwind(AssertUnwindSafe(|| decide(context, headers))) {
                Ok(allowed) => allowed,
                Err(payload) => {
                    // It may panic again when it is dropped.
                    let _leaked = ManuallyDrop::new(payload);
                    false
                }
            },
        }
    }
}

impl fmt::Debug for TrustInbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Rule::Always => "always",
            Rule::Never => "never",
            Rule::When(_) => "when(…)",
        })
    }
}

/// The span of a sender that is not trusted.
struct Untrusted(SpanContext);

/// The sender's span, where a propagator of this module did not trust it: what spans without a parent are to be linked to. Those
/// of this crate are.
pub fn untrusted_parent(context: &Context) -> Option<&SpanContext> {
    context.get::<Untrusted>().map(|untrusted| &untrusted.0)
}

/// A context with that span as one that is not trusted.
pub(super) fn with_untrusted_parent(context: &Context, parent: SpanContext) -> Context {
    context.with_value(Untrusted(parent))
}
