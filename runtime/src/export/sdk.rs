//! Any `SpanExporter` of the OpenTelemetry SDK as an exit.
//!
//! Exporters may need a tokio reactor (tonic, async HTTP clients), so they run in a current-thread runtime of the worker's
//! own: the program needs no runtime, and its own is never blocked.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::SpanExporter;
use tokio::runtime::{Builder, Runtime};

use super::{Exit, Fate, Flushed, MakeExit, Setting};
use crate::pipeline::batch::Batch;
use crate::recorder::control::{End, Request};

/// See the module's documentation.
pub(crate) struct SdkExit<E> {
    exporter: E,
    runtime: Runtime,
    /// How long an export may take.
    timeout: Option<Duration>,
}

impl<E: SpanExporter> SdkExit<E> {
    /// An exit for what `exporter` makes, inside the runtime that it will live in.
    ///
    /// # Errors
    ///
    /// The runtime cannot be made.
    fn new(exporter: impl FnOnce() -> E, setting: &Setting) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut exporter = {
            let _inside = runtime.enter();
            exporter()
        };
        exporter.set_resource(&setting.resource);
        Ok(Self { exporter, runtime, timeout: setting.export_timeout })
    }
}

/// What makes the exit for an exporter, on the drain thread.
pub(crate) fn make<E: SpanExporter + 'static>(exporter: impl FnOnce() -> E + Send + 'static) -> MakeExit {
    Box::new(|setting| Ok(Box::new(SdkExit::new(exporter, &setting)?)))
}

impl<E: SpanExporter> Exit for SdkExit<E> {
    fn export(&mut self, batch: &mut Batch) -> Fate {
        // The exporter's own HTTP or gRPC client must make no spans.
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let export = self.exporter.export(batch.decode());
        let result = self.runtime.block_on(async {
            match self.timeout {
                Some(timeout) => tokio::time::timeout(timeout, export).await.ok(),
                None => Some(export.await),
            }
        });
        match result {
            Some(Ok(())) => Fate::Delivered,
            _ => Fate::Failed,
        }
    }

    fn flush(&mut self, _: Request) -> Flushed {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let _inside = self.runtime.enter();
        match self.exporter.force_flush() {
            Ok(()) => Flushed::Done,
            Err(_) => Flushed::Failed,
        }
    }

    fn shutdown(&mut self, _: End) -> Result<(), ()> {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let _inside = self.runtime.enter();
        match self.exporter.shutdown() {
            Ok(()) | Err(OTelSdkError::AlreadyShutdown) => Ok(()),
            Err(_) => Err(()),
        }
    }
}
