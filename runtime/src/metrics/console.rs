//! Metrics as text on standard error, a line for each data point: `OTEL_METRICS_EXPORTER=console`.

use std::fmt::{self, Display, Write as _};
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};

use super::counts::Counts;
use super::exit::Exit;
use super::points;

/// See the module's documentation.
pub(super) struct ConsoleExit {
    counts: Arc<Counts>,
}

impl ConsoleExit {
    pub(super) fn new(counts: Arc<Counts>) -> Self {
        Self { counts }
    }
}

impl Exit for ConsoleExit {
    fn export(&mut self, metrics: &ResourceMetrics, _: Duration) -> Result<(), String> {
        let points = points::count(metrics);
        match io::stderr().write_all(text(metrics).as_bytes()) {
            Ok(()) => Counts::add(&self.counts.exported, points),
            // A closed standard error: there is nobody to tell.
            Err(_) => Counts::add(&self.counts.failed, points),
        }
        Ok(())
    }
}

fn text(metrics: &ResourceMetrics) -> String {
    let mut out = String::new();
    for metric in metrics.scope_metrics().flat_map(ScopeMetrics::metrics) {
        // A string takes everything.
        let _ = match metric.data() {
            AggregatedMetrics::F64(data) => lines(&mut out, metric, data),
            AggregatedMetrics::U64(data) => lines(&mut out, metric, data),
            AggregatedMetrics::I64(data) => lines(&mut out, metric, data),
        };
    }
    out
}

fn lines<T: Display + Copy>(out: &mut String, metric: &Metric, data: &MetricData<T>) -> fmt::Result {
    let unit = Unit(metric.unit());
    match data {
        MetricData::Gauge(gauge) => {
            for point in gauge.data_points() {
                name(out, metric, point.attributes())?;
                writeln!(out, " {}{unit}", point.value())?;
            }
        }
        MetricData::Sum(sum) => {
            for point in sum.data_points() {
                name(out, metric, point.attributes())?;
                writeln!(out, " {}{unit}", point.value())?;
            }
        }
        MetricData::Histogram(histogram) => {
            for point in histogram.data_points() {
                name(out, metric, point.attributes())?;
                write!(out, " count={} sum={}{unit}", point.count(), point.sum())?;
                range(out, point.min(), point.max())?;
            }
        }
        MetricData::ExponentialHistogram(histogram) => {
            for point in histogram.data_points() {
                name(out, metric, point.attributes())?;
                write!(out, " count={} sum={}{unit}", point.count(), point.sum())?;
                range(out, point.min(), point.max())?;
            }
        }
    }
    Ok(())
}

fn name<'a>(
    out: &mut String,
    metric: &Metric,
    attributes: impl Iterator<Item = &'a KeyValue>,
) -> fmt::Result {
    write!(out, "metric {}", metric.name())?;
    let mut before = '{';
    for attribute in attributes {
        write!(out, "{before}{}={:?}", attribute.key, attribute.value.as_str())?;
        before = ',';
    }
    if before == ',' { out.write_char('}') } else { Ok(()) }
}

fn range<T: Display>(out: &mut String, min: Option<T>, max: Option<T>) -> fmt::Result {
    if let (Some(min), Some(max)) = (min, max) {
        write!(out, " min={min} max={max}")?;
    }
    writeln!(out)
}

/// A unit behind a value; annotations such as `{span}` count things, and say so without their braces.
struct Unit<'a>(&'a str);

impl Display for Unit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.trim_matches(['{', '}']) {
            "" | "1" => Ok(()),
            unit => write!(f, " {unit}"),
        }
    }
}
