//! What can be named as the parent of a span, or linked to it.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};

use super::current::{Current, SpanHandle};

/// Something that says which span is meant: OpenTelemetry's `SpanContext` (one that came from another process, say), its
/// `Context`, [`Current`], a [`SpanHandle`], or an `Option` of these.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` does not say which span is meant",
    label = "names no span",
    note = "help: write a `wirespan::SpanHandle`, `wirespan::current()`, or OpenTelemetry's `SpanContext` or `Context`"
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
