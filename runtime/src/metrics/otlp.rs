//! Metrics by OTLP: converted by `opentelemetry-proto`, cut to requests that receivers take, sent by our own client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics as Resource, ScopeMetrics};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use prost::Message as _;

use super::counts::Counts;
use super::exit::{Exit, Hurry};
use super::own;
use super::points::{self, divided, framed};
use crate::export::otlp::{Otlp, Signal, SignalClient, Unsent};
use crate::pipeline::batch::MAX_BYTES;
use crate::setup::error::Error;

/// See the module's documentation.
pub(super) struct OtlpExit {
    client: Arc<SignalClient>,
    counts: Arc<Counts>,
}

impl OtlpExit {
    pub(super) fn new(otlp: &Otlp, counts: Arc<Counts>) -> Result<Self, Error> {
        Ok(Self { client: Arc::new(SignalClient::new(otlp, Signal::Metrics)?), counts })
    }

    /// For those who wait for an export.
    pub(super) fn hurry(&self) -> Hurry {
        let client = Arc::clone(&self.client);
        Arc::new(move || client.hurry())
    }
}

impl Exit for OtlpExit {
    fn export(&mut self, metrics: &ResourceMetrics, within: Duration) -> Result<(), String> {
        let until = Instant::now() + within;
        let mut request = ExportMetricsServiceRequest::from(metrics);
        let taken = points::take_out_unsound(&mut request, metrics);
        Counts::add(&self.counts.not_finite, taken.not_finite);
        Counts::add(&self.counts.too_large, taken.too_large);
        let mut failure = None;
        for request in cut(request, MAX_BYTES) {
            let points = count(&request);
            let bytes = request.encode_to_vec().into();
            let start = Instant::now();
            let sent = self.client.send(&bytes, points, until.saturating_duration_since(start));
            own::attempted(own::Exporter::Metrics, start.elapsed(), sent.as_ref().err().map(Unsent::kind));
            match sent {
                Ok(rejected) => {
                    Counts::add(&self.counts.exported, points - rejected);
                    Counts::add(&self.counts.rejected, rejected);
                }
                Err(unsent) => {
                    Counts::add(&self.counts.failed, points);
                    failure = Some(unsent.to_string());
                }
            }
        }
        failure.map_or(Ok(()), Err)
    }
}

fn count(request: &ExportMetricsServiceRequest) -> u64 {
    let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
    scopes.flat_map(|scope| &scope.metrics).map(points::in_metric).sum::<usize>() as u64
}

/// Requests of at most so many bytes, as far as whole data points allow.
fn cut(request: ExportMetricsServiceRequest, max_bytes: usize) -> Vec<ExportMetricsServiceRequest> {
    if request.encoded_len() <= max_bytes {
        return if count(&request) == 0 { Vec::new() } else { vec![request] };
    }
    let mut requests = Vec::new();
    for resource in request.resource_metrics {
        let empty = Resource { scope_metrics: Vec::new(), ..resource.clone() };
        let mut part = empty.clone();
        let mut bytes = framed(&empty);
        for scope in resource.scope_metrics {
            let head = ScopeMetrics { metrics: Vec::new(), ..scope.clone() };
            let around = framed(&empty) + framed(&head);
            let room = max_bytes.saturating_sub(around + 10);
            let mut first = true;
            for metric in scope.metrics.into_iter().flat_map(|metric| divided(metric, room)) {
                let size = framed(&metric);
                let needed = size + if first { framed(&head) } else { 0 };
                if bytes + needed > max_bytes && !part.scope_metrics.is_empty() {
                    requests.push(std::mem::replace(&mut part, empty.clone()));
                    bytes = framed(&empty);
                    first = true;
                }
                if first {
                    part.scope_metrics.push(head.clone());
                    bytes += framed(&head);
                    first = false;
                }
                if let Some(last) = part.scope_metrics.last_mut() {
                    last.metrics.push(metric);
                }
                bytes += size;
            }
        }
        requests.push(part);
    }
    requests.into_iter().map(|part| ExportMetricsServiceRequest { resource_metrics: vec![part] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::metrics::v1::metric::Data;
    use opentelemetry_proto::tonic::metrics::v1::{Gauge, Metric, NumberDataPoint, Sum};

    fn metric(name: String) -> Metric {
        let data_points = vec![NumberDataPoint::default()];
        Metric { name, data: Some(Data::Gauge(Gauge { data_points })), ..Metric::default() }
    }

    #[test]
    fn what_is_over_the_limit_is_cut_between_metrics_and_nothing_is_lost() {
        let scope = |from: usize| ScopeMetrics {
            metrics: (from..from + 50).map(|number| metric(format!("{number:0>90}"))).collect(),
            schema_url: format!("scope {from}"),
            ..ScopeMetrics::default()
        };
        let resource = Resource { scope_metrics: vec![scope(0), scope(50)], ..Resource::default() };
        let request = ExportMetricsServiceRequest { resource_metrics: vec![resource] };
        let names = |requests: &[ExportMetricsServiceRequest]| -> Vec<(String, String)> {
            let resources = requests.iter().flat_map(|request| &request.resource_metrics);
            let scopes = resources.flat_map(|resource| &resource.scope_metrics);
            let named = scopes.flat_map(|scope| {
                scope.metrics.iter().map(|metric| (scope.schema_url.clone(), metric.name.clone()))
            });
            named.collect()
        };
        let whole = names(std::slice::from_ref(&request));
        let parts = cut(request.clone(), 1000);
        assert!(parts.len() > 9, "{}", parts.len());
        assert!(parts.iter().all(|part| part.encoded_len() <= 1000));
        assert_eq!(names(&parts), whole);
        assert_eq!(cut(request.clone(), 1_000_000), [request]);
    }

    #[test]
    fn a_metric_that_is_over_the_limit_alone_is_cut_between_its_data_points() {
        let point = |number: u64| NumberDataPoint { time_unix_nano: number, ..NumberDataPoint::default() };
        let sum = Sum {
            data_points: (1..=500).map(point).collect(),
            aggregation_temporality: 1,
            is_monotonic: true,
        };
        let large = Metric {
            name: "large".into(),
            unit: "s".into(),
            data: Some(Data::Sum(sum)),
            ..Metric::default()
        };
        let metrics = vec![metric("before".into()), large, metric("behind".into())];
        let scope = ScopeMetrics { metrics, ..ScopeMetrics::default() };
        let resource = Resource { scope_metrics: vec![scope], ..Resource::default() };
        let parts = cut(ExportMetricsServiceRequest { resource_metrics: vec![resource] }, 400);
        assert!(parts.len() > 9 && parts.iter().all(|part| part.encoded_len() <= 400), "{}", parts.len());
        let all = parts.iter().flat_map(|part| &part.resource_metrics).flat_map(|of| &of.scope_metrics);
        let mut times = Vec::new();
        for metric in all.flat_map(|scope| &scope.metrics).filter(|metric| metric.name == "large") {
            let Some(Data::Sum(sum)) = &metric.data else { panic!("{metric:?}") };
            assert_eq!((&*metric.unit, sum.aggregation_temporality, sum.is_monotonic), ("s", 1, true));
            times.extend(sum.data_points.iter().map(|point| point.time_unix_nano));
        }
        assert_eq!(times, (1..=500).collect::<Vec<_>>());
        assert_eq!(parts.iter().map(count).sum::<u64>(), 502);
    }
}
