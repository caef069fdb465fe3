//! The builder's options about where spans go, and how many at once.

use std::time::Duration;

use opentelemetry_sdk::trace::SpanExporter;

use super::Builder;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::Otlp;
use crate::export::{Discard, sdk};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::spool::Spool;

impl Builder {
    /// Sends spans to `exporter`, whatever the environment says. The last exporter set counts.
    ///
    /// It runs on the drain thread, inside a tokio runtime of its own.
    pub fn exporter<E: SpanExporter + 'static>(mut self, exporter: E) -> Self {
        self.options.exporter = Some(std::any::type_name::<E>().to_owned());
        self.exit = Some(sdk::make(|| exporter));
        self.sets_otlp = false;
        self
    }

    /// Sends spans by OTLP, whatever `OTEL_TRACES_EXPORTER` says; the last exporter set counts. Metrics go there, too, unless
    /// `OTEL_METRICS_EXPORTER` says otherwise.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub fn otlp(mut self, otlp: Otlp) -> Self {
        self.options.exporter = Some("otlp".to_owned());
        self.exit = Some(otlp.clone().make());
        self.sets_otlp = true;
        self.otlp = Some(otlp);
        self
    }

    /// Keeps on disk what cannot be delivered now. For export by OTLP. Default: `WIRESPAN_SPOOL_DIR`, else memory alone.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), wirespan::Error> {
    /// use wirespan::Spool;
    /// use wirespan::export::Otlp;
    ///
    /// let _telemetry = wirespan::builder()
    ///     .otlp(Otlp::grpc().endpoint("http://collector:4317"))
    ///     .spool(Spool::new("/var/lib/shop/spans").write_through(true))
    ///     .install()?;
    /// # Ok(()) }
    /// ```
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub fn spool(mut self, spool: Spool) -> Self {
        self.options.spool = Some(spool.summary());
        self.spool = Some(spool);
        self
    }

    /// Counts spans and delivers none, as `OTEL_TRACES_EXPORTER=none` does.
    pub fn no_exporter(mut self) -> Self {
        self.options.exporter = Some("none".to_owned());
        self.exit = Some(Box::new(|_| Ok(Box::new(Discard))));
        self.sets_otlp = false;
        self
    }

    /// How long an ended span waits at most before it is handed to the exporter. Default: `OTEL_BSP_SCHEDULE_DELAY`, else
    /// 100 ms.
    pub fn flush_interval(mut self, interval: Duration) -> Self {
        self.options.interval = Some(interval);
        self
    }

    /// Spans that the exporter is given at once, or that stand in one request. Default: `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`, else 512;
    /// by OTLP as many as fit into 3 MiB.
    pub fn max_export_batch_size(mut self, spans: u64) -> Self {
        self.options.max_batch = Some(spans);
        self
    }

    /// Whether spans that other crates make through OpenTelemetry's global tracer provider are recorded, too, sampled, exported and
    /// accounted for like ours, and what they measure through its global meter provider. Each provider is set once in a process, and
    /// only where the program has set none itself; a tracer provider of its own may have a
    /// [`PipelineProcessor`](crate::PipelineProcessor). Default: `true`.
    pub fn global_providers(mut self, set: bool) -> Self {
        self.options.global_providers = Some(set);
        self
    }

    /// Lets a thread that ends a span wait for room in the buffer, so long at most, before the span is dropped and counted. For batch
    /// programs, which would rather be slower than lose a span; a service should not wait for its telemetry. In async code it
    /// blocks the runtime's thread. Spans of other crates never wait. Default: no waiting.
    pub fn wait_when_full(mut self, at_most: Duration) -> Self {
        self.options.patience = Some(at_most);
        self
    }
}
