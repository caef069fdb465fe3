//! Metrics that came: kept, answered, and laid out as data points to look at.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::MetricsService;
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{Metric, NumberDataPoint};

use super::answer::{Answering, Decoding};
use super::record::Protocol;
use super::script::Answer;
use super::wrong;

/// A request of metrics that the receiver was sent.
#[derive(Debug, Clone)]
pub struct ReceivedMetrics {
    /// How it came.
    pub protocol: Protocol,
    /// What it held.
    pub request: ExportMetricsServiceRequest,
    /// Headers, or metadata.
    pub headers: BTreeMap<String, String>,
    /// Whether it was taken, at least a part of it.
    pub taken: bool,
}

impl ReceivedMetrics {
    /// The metrics in it, with the name of their scope.
    pub fn metrics(&self) -> impl Iterator<Item = (&str, &Metric)> {
        let scopes = self.request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
        scopes.flat_map(|scope| {
            let name = scope.scope.as_ref().map_or("", |scope| &scope.name);
            scope.metrics.iter().map(move |metric| (name, metric))
        })
    }
}

/// A value that was measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    /// A whole number.
    Int(i64),
    /// Another number.
    Double(f64),
    /// How many, their sum, and how many up to each bound; one more is above the last.
    Histogram(u64, f64, Vec<f64>, Vec<u64>),
    /// How many, and their sum.
    Exponential(u64, f64),
}

/// One data point, with what its metric says.
#[derive(Debug, Clone)]
pub struct Point {
    /// The metric's name.
    pub name: String,
    /// Its scope's name.
    pub scope: String,
    /// Its unit.
    pub unit: String,
    /// Its description.
    pub description: String,
    /// What kind of data it is: `gauge`, `counter`, `updowncounter`, `histogram` or `exponential`.
    pub kind: &'static str,
    /// Whether it says what came since the last one.
    pub is_delta: bool,
    /// Attributes, as text.
    pub attributes: BTreeMap<String, String>,
    /// The value.
    pub value: Measured,
}

/// Data points, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Points(pub Vec<Point>);

impl Points {
    pub(super) fn of<'a>(requests: impl Iterator<Item = &'a ReceivedMetrics>) -> Self {
        let mut points = Vec::new();
        for (scope, metric) in requests.flat_map(ReceivedMetrics::metrics) {
            push(&mut points, scope, metric);
        }
        Self(points)
    }

    /// What one request says.
    #[must_use]
    pub fn from_request(request: &ReceivedMetrics) -> Self {
        Self::of(std::iter::once(request))
    }

    /// Those of that metric.
    #[must_use]
    pub fn named(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|point| point.name == name).cloned().collect())
    }

    /// Those with that attribute.
    #[must_use]
    pub fn with(&self, key: &str, value: &str) -> Self {
        let has = |point: &&Point| point.attributes.get(key).is_some_and(|is| is == value);
        Self(self.0.iter().filter(has).cloned().collect())
    }

    /// The last one.
    #[track_caller]
    pub fn last(&self) -> &Point {
        self.0.last().expect("there is a data point")
    }

    /// The last value, as a number.
    #[track_caller]
    #[expect(clippy::cast_precision_loss, reason = "tests count less than 2^53")]
    pub fn value(&self) -> f64 {
        match self.last().value {
            Measured::Int(value) => value as f64,
            Measured::Double(value) => value,
            Measured::Histogram(_, sum, ..) | Measured::Exponential(_, sum) => sum,
        }
    }
}

fn push(points: &mut Vec<Point>, scope: &str, metric: &Metric) {
    const DELTA: i32 = 1;
    let point = |kind, delta, attributes: &[KeyValue], value| Point {
        name: metric.name.clone(),
        scope: scope.to_owned(),
        unit: metric.unit.clone(),
        description: metric.description.clone(),
        kind,
        is_delta: delta == DELTA,
        attributes: attributes.iter().map(|pair| (pair.key.clone(), text(pair.value.as_ref()))).collect(),
        value,
    };
    let number = |of: &NumberDataPoint| match of.value {
        Some(Value::AsInt(value)) => Measured::Int(value),
        Some(Value::AsDouble(value)) => Measured::Double(value),
        None => Measured::Double(f64::NAN),
    };
    match metric.data.as_ref().expect("a metric has data") {
        Data::Gauge(gauge) => {
            points.extend(gauge.data_points.iter().map(|of| point("gauge", 0, &of.attributes, number(of))));
        }
        Data::Sum(sum) => {
            let kind = if sum.is_monotonic { "counter" } else { "updowncounter" };
            let delta = sum.aggregation_temporality;
            points.extend(sum.data_points.iter().map(|of| point(kind, delta, &of.attributes, number(of))));
        }
        Data::Histogram(histogram) => {
            let delta = histogram.aggregation_temporality;
            points.extend(histogram.data_points.iter().map(|of| {
                let sum = of.sum.unwrap_or(f64::NAN);
                let (bounds, counts) = (of.explicit_bounds.clone(), of.bucket_counts.clone());
                point("histogram", delta, &of.attributes, Measured::Histogram(of.count, sum, bounds, counts))
            }));
        }
        Data::ExponentialHistogram(histogram) => {
            let delta = histogram.aggregation_temporality;
            points.extend(histogram.data_points.iter().map(|of| {
                let value = Measured::Exponential(of.count, of.sum.unwrap_or(f64::NAN));
                point("exponential", delta, &of.attributes, value)
            }));
        }
        Data::Summary(_) => {}
    }
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::BoolValue(is)) => is.to_string(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::DoubleValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

pub(super) fn keep(
    answering: &Answering,
    protocol: Protocol,
    request: ExportMetricsServiceRequest,
    headers: BTreeMap<String, String>,
    answer: &Answer,
) -> ExportMetricsServiceResponse {
    let taken = answer.taken(1, 0) > 0 || matches!(answer, Answer::Partial(..));
    answering.record.keep_metrics(ReceivedMetrics { protocol, request, headers, taken });
    let Answer::Partial(rejected, message) = answer else { return ExportMetricsServiceResponse::default() };
    let rejected_data_points = i64::try_from(*rejected).unwrap_or(i64::MAX);
    let partial_success =
        ExportMetricsPartialSuccess { rejected_data_points, error_message: message.clone() };
    ExportMetricsServiceResponse { partial_success: Some(partial_success) }
}

#[tonic::async_trait]
impl MetricsService for Decoding {
    async fn export(
        &self,
        request: tonic::Request<ExportMetricsServiceRequest>,
    ) -> Result<tonic::Response<ExportMetricsServiceResponse>, tonic::Status> {
        let Self { answering, answer, headers, .. } = self;
        let response = keep(answering, Protocol::Grpc, request.into_inner(), headers.clone(), answer);
        match answer {
            Answer::Refuse(_, code, wait) => Err(wrong::status(*code, *wait)),
            _ => Ok(tonic::Response::new(response)),
        }
    }
}
