//! Spans that other crates make through the OpenTelemetry API: into the same batches, ledger and exporter as ours.
//!
//! [`PipelineProcessor`] is a `SpanProcessor` of the SDK. It encodes a span on the thread that ends it and leaves it for the drain
//! thread; the bytes count towards the bound of the buffer. `install` makes a provider with it OpenTelemetry's global one, where
//! the program has set none: that provider is one for the process, and goes by whatever pipeline is installed.

mod encode;
mod provider;
mod queue;

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{Span as _, Status};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

pub(crate) use provider::offer_global;
pub(crate) use queue::{Foreign, Queue};

use crate::{context, recorder};

/// Hands spans of an `opentelemetry_sdk` provider to the pipeline that is installed. For programs that build their provider
/// themselves; otherwise the global one has it.
///
/// ```
/// use wirespan::opentelemetry_sdk::trace::SdkTracerProvider;
///
/// # fn main() -> Result<(), wirespan::Error> {
/// let _telemetry = wirespan::builder().no_exporter().install()?;
/// let provider =
///     SdkTracerProvider::builder().with_span_processor(wirespan::PipelineProcessor::new()).build();
/// # Ok(()) }
/// ```
///
/// A span that ends where the buffer is full is dropped and counted, as ours are; where nothing is installed it is gone. The
/// resource is the pipeline's.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct PipelineProcessor;

impl PipelineProcessor {
    /// The processor.
    pub fn new() -> Self {
        Self
    }
}

impl SpanProcessor for PipelineProcessor {
    /// What the request's attributes are, the span has, too; not where it has its own of that key.
    fn on_start(&self, span: &mut Span, context: &Context) {
        let Some(attributes) = context::for_foreign(context) else { return };
        let own = span.exported_data().map(|data| data.attributes).unwrap_or_default();
        for attribute in attributes.all() {
            if !own.iter().any(|own| own.key == attribute.key) {
                span.set_attribute(attribute.clone());
            }
        }
    }

    fn on_end(&self, span: SpanData) {
        let Some(recorder) = recorder::active() else { return };
        if !span.span_context.is_sampled() {
            return;
        }
        let mut bytes = Vec::with_capacity(256);
        encode::span(&mut bytes, &span);
        let foreign = Foreign {
            bytes,
            trace: span.span_context.trace_id().to_bytes(),
            failed: matches!(span.status, Status::Error { .. }),
            scope: span.instrumentation_scope,
        };
        recorder.foreign.push(recorder, foreign);
    }

    /// Delivers every span that has ended, for at most five seconds.
    fn force_flush(&self) -> OTelSdkResult {
        const TIMEOUT: Duration = Duration::from_secs(5);
        let Some(recorder) = recorder::active() else { return Ok(()) };
        let number = recorder.control.request(None);
        recorder.wake();
        if recorder.control.wait(number, TIMEOUT) { Ok(()) } else { Err(OTelSdkError::Timeout(TIMEOUT)) }
    }

    /// Nothing: the pipeline is shut down by its own handle.
    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
