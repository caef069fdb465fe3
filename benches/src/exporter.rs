//! The exporter below every stack that ends in OpenTelemetry: it counts the spans and drops them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// Spans that have arrived. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Arrived(Arc<AtomicU64>);

impl Arrived {
    /// Counts a batch.
    pub fn add(&self, spans: &[impl Sized]) {
        // ORDERING: Relaxed; whoever reads has waited for a flush, which synchronises.
        self.0.fetch_add(u64::try_from(spans.len()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Spans so far.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// See the module's documentation.
#[derive(Debug, Clone, Default)]
pub struct CountingExporter(pub Arrived);

impl SpanExporter for CountingExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.add(&batch);
        Ok(())
    }
}

/// A metrics exporter that takes everything and keeps nothing.
#[derive(Debug)]
pub struct NoExporter;

impl PushMetricExporter for NoExporter {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}
