//! The bound of the queue, kept by us: the SDK's batch processor drops in silence what finds its queue full.
//!
//! Records are counted from where they are made until the exporter is done with them, and no more are handed to the processor than
//! its queue has room for. So it drops none, and everything that is lost is counted here.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::Severity;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord};

use super::counts::Counts;

/// A processor to which so many records are handed at most before they are exported.
#[derive(Debug)]
pub(super) struct Bounded<P> {
    pub(super) processor: P,
    pub(super) counts: Arc<Counts>,
    pub(super) most: u64,
}

impl<P: LogProcessor> LogProcessor for Bounded<P> {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        if self.counts.admit(self.most) {
            self.processor.emit(record, scope);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.processor.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.processor.shutdown_with_timeout(timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.processor.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.processor.set_resource(resource);
    }
}

/// An exporter that does not count by itself. One that panics costs its batch, and nothing else.
#[derive(Debug)]
pub(super) struct Counted<E> {
    pub(super) exporter: E,
    pub(super) counts: Arc<Counts>,
}

impl<E: LogExporter> LogExporter for Counted<E> {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let records = batch.iter().count() as u64;
        let mut export = pin!(async { self.exporter.export(batch).await });
        let exported = poll_fn(|cx| {
            catch_unwind(AssertUnwindSafe(|| export.as_mut().poll(cx))).unwrap_or_else(|_| {
                Poll::Ready(Err(OTelSdkError::InternalFailure("the exporter panicked".to_owned())))
            })
        })
        .await;
        match &exported {
            Ok(()) => self.counts.delivered(records, 0),
            Err(_) => self.counts.failed(records),
        }
        exported
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.exporter.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
