//! What can be named as the parent of a span, or linked to it.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};

use super::current::{Current, SpanHandle};
use crate::propagation::remote_parent;

/// Something that says which span is meant: OpenTelemetry's `SpanContext` (one that came from another process, say), its
/// `Context`, [`Current`], a [`SpanHandle`], the text of a W3C `traceparent` header, or an `Option` of these.
///
/// A text that is no `traceparent` names no span: as a parent it makes a root, as a link none. For `tracestate` and baggage, and for
/// headers of senders that are not trusted, there is [`propagation`](crate::propagation).
///
/// ```
/// # let headers = std::collections::HashMap::from([("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]);
/// let _span = wirespan::span!(parent: headers.get("traceparent"), kind: "consumer", "take from queue");
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{Self}` does not say which span is meant",
    label = "names no span",
    note = "help: write a `wirespan::SpanHandle`, `wirespan::current()`, a `traceparent` text, or OpenTelemetry's `SpanContext` or `Context`"
)]
pub trait AsSpanContext {
    /// The span's identity; an invalid one where there is no span.
    fn as_span_context(&self) -> SpanContext;
}

impl AsSpanContext for SpanContext {
    fn as_span_context(&self) -> SpanContext {
        self.clone()
    }
}

impl AsSpanContext for Context {
    fn as_span_context(&self) -> SpanContext {
        self.span().span_context().clone()
    }
}

impl AsSpanContext for Current {
    fn as_span_context(&self) -> SpanContext {
        self.context().clone()
    }
}

impl AsSpanContext for SpanHandle {
    fn as_span_context(&self) -> SpanContext {
        self.context().clone()
    }
}

impl AsSpanContext for str {
    fn as_span_context(&self) -> SpanContext {
        remote_parent(self)
    }
}

impl AsSpanContext for String {
    fn as_span_context(&self) -> SpanContext {
        remote_parent(self)
    }
}

impl<T: AsSpanContext + ?Sized> AsSpanContext for &T {
    fn as_span_context(&self) -> SpanContext {
        (**self).as_span_context()
    }
}

impl<T: AsSpanContext> AsSpanContext for Option<T> {
    fn as_span_context(&self) -> SpanContext {
        self.as_ref().map_or(SpanContext::NONE, AsSpanContext::as_span_context)
    }
}
