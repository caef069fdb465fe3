//! Where metrics go: what the reader's thread hands them to. Any `PushMetricExporter` of the SDK is one.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use tokio::runtime::{Builder, Runtime};

use super::counts::Counts;
use super::points;
use crate::diagnose::{Kind, tell};
use crate::setup::error::Error;

/// Takes what was collected.
pub(super) trait Exit: Send {
    /// # Errors
    ///
    /// Why it was not delivered within that time, in words.
    fn export(&mut self, metrics: &ResourceMetrics, within: Duration) -> Result<(), String>;

    /// The last call.
    fn shutdown(&mut self, _: Duration) {}
}

/// Someone may want the export under way to hurry.
pub(super) type Hurry = Arc<dyn Fn() + Send + Sync>;

/// See the module's documentation.
pub(super) struct SdkExit<E> {
    exporter: E,
    /// Exporters may need a tokio reactor; the program needs none, and its own is never blocked.
    runtime: Runtime,
    counts: Arc<Counts>,
}

impl<E: PushMetricExporter> SdkExit<E> {
    pub(super) fn new(exporter: E, counts: Arc<Counts>) -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { exporter, runtime, counts })
    }
}

impl<E: PushMetricExporter> Exit for SdkExit<E> {
    fn export(&mut self, metrics: &ResourceMetrics, within: Duration) -> Result<(), String> {
        // The exporter's own client must make no spans.
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let points = points::count(metrics);
        let attempt = async { tokio::time::timeout(within, self.exporter.export(metrics)).await };
        let exported = match self.runtime.block_on(attempt) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("the exporter did not end within {within:?}")),
        };
        match &exported {
            Ok(()) => Counts::add(&self.counts.exported, points),
            Err(cause) => {
                Counts::add(&self.counts.failed, points);
                tell(Kind::Metrics, format_args!("{points} data points are lost: {cause}"));
            }
        }
        exported
    }

    fn shutdown(&mut self, within: Duration) {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let _inside = self.runtime.enter();
        let _ = self.exporter.force_flush();
        let _ = self.exporter.shutdown_with_timeout(within);
    }
}
