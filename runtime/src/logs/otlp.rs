//! Log records by OTLP: converted by `opentelemetry-proto`, cut to requests that receivers take, sent by our own client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry::InstrumentationScope;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::logs::tonic::group_logs_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter, SdkLogRecord};
use prost::Message as _;

use super::counts::Counts;
use crate::export::otlp::{Otlp, Signal, SignalClient};
use crate::pipeline::batch::MAX_BYTES;
use crate::setup::error::Error;
use crate::setup::pipe_signal;

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct OtlpExporter {
    client: Arc<SignalClient>,
    /// Of one batch.
    timeout: Duration,
    counts: Arc<Counts>,
    resource: ResourceAttributesWithSchema,
}

impl OtlpExporter {
    pub(super) fn new(otlp: &Otlp, timeout: Duration, counts: Arc<Counts>) -> Result<Self, Error> {
        let client = Arc::new(SignalClient::new(otlp, Signal::Logs)?);
        Ok(Self { client, timeout, counts, resource: ResourceAttributesWithSchema::default() })
    }

    /// For those who wait for an export.
    pub(super) fn client(&self) -> Arc<SignalClient> {
        Arc::clone(&self.client)
    }

    /// In as many requests as it takes. All are tried, also after one that failed.
    fn send(&self, records: &[(&SdkLogRecord, &InstrumentationScope)], until: Instant) -> Result<(), String> {
        let resource_logs = group_logs_by_resource_and_scope(&LogBatch::new(records), &self.resource);
        let request = ExportLogsServiceRequest { resource_logs };
        if request.encoded_len() > MAX_BYTES && records.len() > 1 {
            let (first, second) = records.split_at(records.len() / 2);
            let (first, second) = (self.send(first, until), self.send(second, until));
            return first.and(second);
        }
        let left = until.saturating_duration_since(Instant::now());
        let number = records.len() as u64;
        match self.client.send(&request.encode_to_vec().into(), number, left) {
            Ok(rejected) => {
                self.counts.delivered(number, rejected);
                Ok(())
            }
            Err(unsent) => {
                self.counts.failed(number);
                Err(unsent.to_string())
            }
        }
    }
}

impl LogExporter for OtlpExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        // This thread is the SDK's, for this alone.
        pipe_signal::block();
        let records: Vec<_> = batch.iter().collect();
        self.send(&records, Instant::now() + self.timeout).map_err(OTelSdkError::InternalFailure)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}
