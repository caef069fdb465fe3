//! Logs that came: always taken, kept to look at.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::LogsService;
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;

use super::Protocol;
use super::answer::{Answering, Decoding};

/// A request of logs that the receiver was sent.
#[derive(Debug, Clone)]
pub struct ReceivedLogs {
    /// How it came.
    pub protocol: Protocol,
    /// What it held.
    pub request: ExportLogsServiceRequest,
    /// Headers, or metadata.
    pub headers: BTreeMap<String, String>,
}

impl ReceivedLogs {
    /// The records in it, with the name of their scope.
    pub fn records(&self) -> impl Iterator<Item = (&str, &LogRecord)> {
        let scopes = self.request.resource_logs.iter().flat_map(|resource| &resource.scope_logs);
        scopes.flat_map(|scope| {
            let name = scope.scope.as_ref().map_or("", |scope| scope.name.as_str());
            scope.log_records.iter().map(move |record| (name, record))
        })
    }
}

/// The text of a record.
pub fn body(record: &LogRecord) -> &str {
    match record.body.as_ref().and_then(|body| body.value.as_ref()) {
        Some(Value::StringValue(text)) => text,
        _ => "",
    }
}

pub(super) fn keep(
    answering: &Answering,
    protocol: Protocol,
    request: ExportLogsServiceRequest,
    headers: BTreeMap<String, String>,
) -> ExportLogsServiceResponse {
    answering.record.keep_logs(ReceivedLogs { protocol, request, headers });
    ExportLogsServiceResponse::default()
}

#[tonic::async_trait]
impl LogsService for Decoding {
    async fn export(
        &self,
        request: tonic::Request<ExportLogsServiceRequest>,
    ) -> Result<tonic::Response<ExportLogsServiceResponse>, tonic::Status> {
        let (request, headers) = (request.into_inner(), self.headers.clone());
        Ok(tonic::Response::new(keep(&self.answering, Protocol::Grpc, request, headers)))
    }
}
