//! What came, and what became of it.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;

use super::logs::ReceivedLogs;
use super::metrics::ReceivedMetrics;

/// Bytes of what came over the wire that are kept.
const RAW: usize = 1024 * 1024;

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// OTLP/gRPC.
    Grpc,
    /// OTLP/HTTP with a protobuf body.
    Http,
}

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    Traces,
    Metrics,
    Logs,
}

/// A request of spans that the receiver was sent.
#[derive(Debug, Clone)]
pub struct Received {
    /// How it came.
    pub protocol: Protocol,
    /// What it held.
    pub request: ExportTraceServiceRequest,
    /// Headers, or metadata.
    pub headers: BTreeMap<String, String>,
    /// Bytes of its body as it came.
    pub bytes: usize,
    /// How many of its spans, from the first, were taken.
    pub taken: usize,
}

impl Received {
    /// The request's spans that were taken; of one that was not, all of them.
    pub fn spans(&self) -> Vec<Span> {
        let scopes = self.request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
        let spans = scopes.flat_map(|scope| scope.spans.iter().cloned());
        spans.take(if self.taken == 0 { usize::MAX } else { self.taken }).collect()
    }

    /// Spans in it, taken or not.
    pub fn count(&self) -> usize {
        let scopes = self.request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
        scopes.map(|scope| scope.spans.len()).sum()
    }
}

/// Everything that came.
#[derive(Debug, Default)]
pub(super) struct Record {
    kept: Mutex<Kept>,
    pub(super) news: Condvar,
}

#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) received: Vec<Received>,
    pub(super) metrics: Vec<ReceivedMetrics>,
    pub(super) logs: Vec<ReceivedLogs>,
    pub(super) spans_taken: usize,
    pub(super) asked_at: Vec<Instant>,
    pub(super) connections: usize,
    pub(super) at_once: usize,
    pub(super) most_at_once: usize,
    pub(super) raw: Vec<u8>,
}

impl Kept {
    /// Requests of which something was taken.
    pub(super) fn taken(&self) -> impl Iterator<Item = &Received> {
        self.received.iter().filter(|received| received.taken > 0)
    }
}

impl Record {
    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keep(&self, received: Received) {
        let mut kept = self.lock();
        kept.spans_taken += received.taken;
        kept.received.push(received);
        self.news.notify_all();
    }

    pub(super) fn keep_logs(&self, received: ReceivedLogs) {
        self.lock().logs.push(received);
        self.news.notify_all();
    }

    pub(super) fn keep_metrics(&self, received: ReceivedMetrics) {
        self.lock().metrics.push(received);
        self.news.notify_all();
    }

    pub(super) fn connected(&self) {
        self.lock().connections += 1;
        self.news.notify_all();
    }

    pub(super) fn came(&self, bytes: &[u8]) {
        let raw = &mut self.lock().raw;
        let room = RAW.saturating_sub(raw.len()).min(bytes.len());
        raw.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }

    /// The head of a request of spans is there; the request is under way until what is returned is dropped.
    pub(super) fn asked(&self) -> UnderWay<'_> {
        let mut kept = self.lock();
        kept.asked_at.push(Instant::now());
        kept.at_once += 1;
        kept.most_at_once = kept.most_at_once.max(kept.at_once);
        self.news.notify_all();
        UnderWay(self)
    }
}

pub(super) struct UnderWay<'a>(&'a Record);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.lock().at_once -= 1;
    }
}
