//! The builder's options about metrics.

use std::time::Duration;

use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;

use super::Builder;
use crate::export::Chosen;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::otlp::Signal;
use crate::metrics::MetricAliases;

impl Builder {
    /// Sends metrics to `exporter`, whatever `OTEL_METRICS_EXPORTER` says. The last exporter set counts.
    ///
    /// It runs on a thread of its own, inside a tokio runtime of its own.
    pub fn metric_exporter(mut self, exporter: impl PushMetricExporter) -> Self {
        self.metrics.export_to(exporter);
        self
    }

    /// Hands metrics out as text at `http://<address>/metrics`, for Prometheus, whatever `OTEL_METRICS_EXPORTER` says. The last exporter
    /// set counts. Needs the feature `prometheus`.
    ///
    /// They are cumulative, and histograms have buckets with bounds. Whoever reaches the address reads them.
    #[cfg(feature = "prometheus")]
    pub fn prometheus(mut self, address: impl Into<std::net::SocketAddr>) -> Self {
        self.metrics.scraped_at(address.into());
        self
    }

    /// Measures the tokio runtime in which this is called: workers, tasks, the queue, and how busy each worker is, as `tokio.runtime.*`.
    /// Outside of one it is an error of `install`. Needs the feature `tokio-metrics`.
    #[cfg(feature = "tokio-metrics")]
    pub fn tokio_metrics(mut self) -> Self {
        self.metrics.measure_runtime();
        self
    }

    /// Measures the process under OpenTelemetry's names: `process.cpu.time`, `process.memory.usage`, `process.thread.count`,
    /// `process.unix.file_descriptor.count` and `process.uptime`. On Linux; elsewhere nothing. Needs the feature `process-metrics`.
    #[cfg(feature = "process-metrics")]
    pub fn process_metrics(mut self) -> Self {
        self.metrics.measure_process();
        self
    }

    /// Switches metrics off, as `OTEL_METRICS_EXPORTER=none` does: instruments cost next to nothing then.
    pub fn no_metrics(mut self) -> Self {
        self.metrics.switch_off();
        self
    }

    /// How often metrics are collected and exported. Default: `OTEL_METRIC_EXPORT_INTERVAL`, else 60 s.
    pub fn metric_interval(mut self, interval: Duration) -> Self {
        self.metrics.interval = Some(interval);
        self
    }

    /// Whether sums and histograms say what was measured since the start (cumulative) or since the last export (delta), or each by
    /// what costs least (low memory). Default: what the exporter prefers that was set here, else
    /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, else cumulative.
    pub fn temporality(mut self, temporality: Temporality) -> Self {
        self.metrics.temporality = Some(temporality);
        self
    }

    /// Series (sets of attributes) that each stream of metrics may have, 1 to 1,000,000. What comes beyond is one series with the
    /// attribute `otel.metric.overflow=true`. Default: 2,000.
    pub fn metric_series(mut self, series: usize) -> Self {
        self.metrics.series = Some(series);
        self
    }

    /// What spans are exported by: a value of `otel.component.type`.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) fn span_exporter(&self, by_environment: &Chosen) -> &'static str {
        match (&self.exit, &self.otlp, by_environment) {
            (Some(_), Some(otlp), _) if self.sets_otlp => otlp.component(Signal::Traces),
            (None, _, Chosen::Otlp(otlp)) => otlp.component(Signal::Traces),
            _ => "span_exporter",
        }
    }

    /// As the other one, where there is no OTLP.
    #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
    #[expect(clippy::unused_self, reason = "the other one looks")]
    pub(super) fn span_exporter(&self, _: &Chosen) -> &'static str {
        "span_exporter"
    }

    /// Whether typed instruments are registered under their alias, too (`true` or [`MetricAliases::Also`]), or in place of their own
    /// name ([`MetricAliases::Instead`]). Default: `WIRESPAN_METRIC_ALIASES` (`true`, `false` or `instead`), else not.
    pub fn metric_aliases(mut self, aliases: impl Into<MetricAliases>) -> Self {
        self.metrics.aliases = Some(aliases.into());
        self
    }
}
