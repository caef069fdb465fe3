//! Data points: how many there are, and which of them OTLP cannot say.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{
    ExponentialHistogram, Gauge, Histogram, Metric, NumberDataPoint, Sum, Summary,
};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics};
use prost::Message as _;

/// Data points in what was collected.
pub(super) fn count(metrics: &ResourceMetrics) -> u64 {
    fn of<T>(data: &MetricData<T>) -> usize {
        match data {
            MetricData::Gauge(gauge) => gauge.data_points().count(),
            MetricData::Sum(sum) => sum.data_points().count(),
            MetricData::Histogram(histogram) => histogram.data_points().count(),
            MetricData::ExponentialHistogram(histogram) => histogram.data_points().count(),
        }
    }
    let metrics = metrics.scope_metrics().flat_map(ScopeMetrics::metrics);
    let counts = metrics.map(|metric| match metric.data() {
        AggregatedMetrics::F64(data) => of(data),
        AggregatedMetrics::U64(data) => of(data),
        AggregatedMetrics::I64(data) => of(data),
    });
    counts.sum::<usize>() as u64
}

/// Data points in a metric of a request.
pub(super) fn in_metric(metric: &Metric) -> usize {
    match &metric.data {
        Some(Data::Gauge(gauge)) => gauge.data_points.len(),
        Some(Data::Sum(sum)) => sum.data_points.len(),
        Some(Data::Histogram(histogram)) => histogram.data_points.len(),
        Some(Data::ExponentialHistogram(histogram)) => histogram.data_points.len(),
        Some(Data::Summary(summary)) => summary.data_points.len(),
        None => 0,
    }
}

/// The metric in parts of at most so many bytes each, as far as whole data points allow.
pub(super) fn divided(mut metric: Metric, max_bytes: usize) -> Vec<Metric> {
    if metric.encoded_len() <= max_bytes {
        return vec![metric];
    }
    let data = metric.data.take();
    let head = metric;
    // What stands around the points: two messages' tags and lengths, temporality and monotonicity.
    let room = max_bytes.saturating_sub(head.encoded_len() + 32);
    let with = |data| Metric { data: Some(data), ..head.clone() };
    match data {
        None => vec![head],
        Some(Data::Gauge(all)) => {
            parts(all.data_points, room).map(|data_points| with(Data::Gauge(Gauge { data_points }))).collect()
        }
        Some(Data::Sum(mut all)) => parts(std::mem::take(&mut all.data_points), room)
            .map(|data_points| with(Data::Sum(Sum { data_points, ..all.clone() })))
            .collect(),
        Some(Data::Histogram(mut all)) => parts(std::mem::take(&mut all.data_points), room)
            .map(|data_points| with(Data::Histogram(Histogram { data_points, ..all.clone() })))
            .collect(),
        Some(Data::ExponentialHistogram(mut all)) => parts(std::mem::take(&mut all.data_points), room)
            .map(|data_points| {
                with(Data::ExponentialHistogram(ExponentialHistogram { data_points, ..all.clone() }))
            })
            .collect(),
        Some(Data::Summary(all)) => parts(all.data_points, room)
            .map(|data_points| with(Data::Summary(Summary { data_points })))
            .collect(),
    }
}

/// Data points in lists of at most so many bytes each; one that is larger is alone.
fn parts<P: prost::Message>(points: Vec<P>, max_bytes: usize) -> impl Iterator<Item = Vec<P>> {
    let mut points = points.into_iter().peekable();
    std::iter::from_fn(move || {
        let mut part = vec![points.next()?];
        let mut bytes = part.first().map_or(0, framed);
        while let Some(next) = points.next_if(|next| bytes + framed(next) <= max_bytes) {
            bytes += framed(&next);
            part.push(next);
        }
        Some(part)
    })
}

/// A message within another one, at most: its tag and length are less than ten bytes.
pub(super) fn framed(message: &impl prost::Message) -> usize {
    message.encoded_len() + 10
}

/// What was taken out of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TakenOut {
    pub(super) not_finite: u64,
    pub(super) too_large: u64,
}

/// Takes data points out that would be lies: sums that are no numbers or infinite (the measurements may all have been finite), and
/// counts over what OTLP's integers hold, which the conversion has made 0.
pub(super) fn take_out_unsound(
    request: &mut ExportMetricsServiceRequest,
    metrics: &ResourceMetrics,
) -> TakenOut {
    let mut taken = TakenOut::default();
    let scopes = request.resource_metrics.iter_mut().flat_map(|resource| &mut resource.scope_metrics);
    for (scope, from) in scopes.zip(metrics.scope_metrics()) {
        for (metric, from) in scope.metrics.iter_mut().zip(from.metrics()) {
            taken.too_large += take_out_too_large(metric, from.data());
            taken.not_finite += take_out_not_finite(metric);
        }
        scope.metrics.retain(|metric| in_metric(metric) > 0);
    }
    taken
}

fn take_out_too_large(metric: &mut Metric, from: &AggregatedMetrics) -> u64 {
    let AggregatedMetrics::U64(from) = from else { return 0 };
    let fits = |value: u64| i64::try_from(value).is_ok();
    match (&mut metric.data, from) {
        (Some(Data::Sum(sum)), MetricData::Sum(from)) => {
            retain(&mut sum.data_points, from.data_points().map(|point| fits(point.value())))
        }
        (Some(Data::Gauge(gauge)), MetricData::Gauge(from)) => {
            retain(&mut gauge.data_points, from.data_points().map(|point| fits(point.value())))
        }
        _ => 0,
    }
}

/// Keeps the points for which `keep` says so, in the same order, and says how many it did not keep.
fn retain<P>(points: &mut Vec<P>, mut keep: impl Iterator<Item = bool>) -> u64 {
    let before = points.len();
    points.retain(|_| keep.next().unwrap_or(true));
    (before - points.len()) as u64
}

fn take_out_not_finite(metric: &mut Metric) -> u64 {
    fn retain<P>(points: &mut Vec<P>, is_sound: impl Fn(&P) -> bool) -> u64 {
        let before = points.len();
        points.retain(is_sound);
        (before - points.len()) as u64
    }
    let finite = |value: Option<f64>| value.is_none_or(f64::is_finite);
    let number = |point: &NumberDataPoint| match point.value {
        Some(Value::AsDouble(value)) => value.is_finite(),
        _ => true,
    };
    match &mut metric.data {
        Some(Data::Gauge(gauge)) => retain(&mut gauge.data_points, number),
        Some(Data::Sum(sum)) => retain(&mut sum.data_points, number),
        Some(Data::Histogram(histogram)) => retain(&mut histogram.data_points, |point| {
            finite(point.sum) && finite(point.min) && finite(point.max)
        }),
        Some(Data::ExponentialHistogram(histogram)) => retain(&mut histogram.data_points, |point| {
            finite(point.sum) && finite(point.min) && finite(point.max)
        }),
        _ => 0,
    }
}
