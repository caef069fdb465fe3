//! Any `SpanExporter` of the OpenTelemetry SDK as an exit.
//!
//! Exporters may need a tokio reactor (tonic, async HTTP clients), so they run in a current-thread runtime of the worker's
//! own: the program needs no runtime, and its own is never blocked.

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::SpanExporter;
use tokio::runtime::{Builder, Runtime};

use super::Exit;
use crate::pipeline::batch::Batch;

/// See the module's documentation.
pub(crate) struct SdkExit<E> {
    exporter: E,
    runtime: Runtime,
}

impl<E: SpanExporter> SdkExit<E> {
    /// An exit for what `exporter` makes, inside the runtime that it will live in.
    ///
    /// # Errors
    ///
    /// What `exporter` says, or that the runtime cannot be made.
    pub(crate) fn new<X: From<std::io::Error>>(
        exporter: impl FnOnce() -> Result<E, X>,
        resource: &Resource,
    ) -> Result<Self, X> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut exporter = {
            let _inside = runtime.enter();
            exporter()?
        };
        exporter.set_resource(resource);
        Ok(Self { exporter, runtime })
    }
}

impl<E: SpanExporter> Exit for SdkExit<E> {
    fn export(&mut self, batch: &Batch) -> Result<(), ()> {
        // The exporter's own HTTP or gRPC client must make no spans.
        let _quiet = Context::enter_telemetry_suppressed_scope();
        self.runtime.block_on(self.exporter.export(batch.decode())).map_err(drop)
    }

    fn flush(&mut self) -> Result<(), ()> {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let _inside = self.runtime.enter();
        self.exporter.force_flush().map_err(drop)
    }

    fn shutdown(&mut self) -> Result<(), ()> {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let _inside = self.runtime.enter();
        match self.exporter.shutdown() {
            Ok(()) | Err(OTelSdkError::AlreadyShutdown) => Ok(()),
            Err(_) => Err(()),
        }
    }
}
