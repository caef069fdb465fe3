//! Metrics: OpenTelemetry's meter provider, switched on by the same [`init`](crate::init), exported by the same OTLP transport as
//! spans.
//!
//! Instruments are typed (see [`Metrics`](macro@Metrics)), or OpenTelemetry's: `install` sets the global meter provider where the
//! program has set none.
//!
//! ```
//! use wirespan::opentelemetry::{KeyValue, global};
//!
//! # fn main() -> Result<(), wirespan::Error> {
//! let _telemetry = wirespan::init()?;
//! let orders = global::meter("shop").u64_counter("shop.orders").with_unit("{order}").build();
//! orders.add(1, &[KeyValue::new("shop.channel", "web")]);
//! # Ok(()) }
//! ```
//!
//! - Where they go: `OTEL_METRICS_EXPORTER` (`otlp`, `console`, `none`), by default OTLP where there is an endpoint, else nowhere.
//!   [`Builder::metric_exporter`](crate::Builder::metric_exporter) sets any other one. With the feature `prometheus`, the name
//!   `prometheus` makes a page of text at `http://localhost:9464/metrics` (`OTEL_EXPORTER_PROMETHEUS_HOST`, `_PORT`).
//! - How often: every `OTEL_METRIC_EXPORT_INTERVAL` milliseconds (60,000), on a thread of its own; an export takes at most
//!   `OTEL_METRIC_EXPORT_TIMEOUT` (30,000). `Telemetry::flush` and `shutdown` export, too, within their own deadline.
//! - A stream has at most 2,000 series ([`Builder::metric_series`](crate::Builder::metric_series)); what comes beyond is one series
//!   with the attribute `otel.metric.overflow=true`, so that sums stay right and memory stays bounded.
//! - What is no number, or infinite, is left out and counted; a callback that panics costs its own observation and nothing else.
//! - In the child of a process that forks nothing is measured until it calls `init` itself; what the parent measured stays the parent's.
//! - A histogram in seconds that declares no bounds has bounds from 0.5 ms to 5 min.
//!
//! # What telemetry measures of itself
//!
//! Read from the ledger ([`Stats`](crate::Stats)) when metrics are collected, under OpenTelemetry's names for an SDK where there are any:
//!
//! | metric | unit | what |
//! |---|---|---|
//! | `otel.sdk.span.started`, `otel.sdk.span.live` | `{span}` | sampled spans that were started; that have not ended |
//! | `otel.sdk.processor.span.queue.size`, `otel.sdk.processor.span.queue.capacity` | `{span}` | spans that wait; spans of 1 KiB that may wait |
//! | `otel.sdk.processor.span.processed` | `{span}` | handed to the exporter, or dropped before: `error.type` `queue_full`, `depth_limit`, `thread_gone`, `shutdown` |
//! | `otel.sdk.exporter.span.exported` | `{span}` | delivered, or lost: `error.type` `rejected`, `export_failed`, `exporter_panicked`, `too_large`, `spool_full`, `spool_expired`, `spool_corrupt` |
//! | `otel.sdk.exporter.span.inflight` | `{span}` | being sent, or held until that can be tried again |
//! | `otel.sdk.exporter.operation.duration` | `s` | each attempt to send: `error.type` `unavailable`, `denied`, `too_large`, `refused`, `timeout` |
//! | `otel.sdk.exporter.metric_data_point.exported` | `{data_point}` | data points, delivered or not |
//! | `wirespan.span.sampled_out` | `{span}` | not kept by tail sampling |
//! | `wirespan.spool.bytes`, `wirespan.spool.spans` | `By`, `{span}` | what lies on disk |
//! | `wirespan.value.truncated`, `wirespan.value.redacted` | `{value}` | values of spans that were cut at a limit, or hidden; of the whole process |
//! | `wirespan.propagation.rejected` | `{header}` | [what propagators left out](crate::propagation::rejected), by `wirespan.propagation.reason`; of the whole process |
//! | `wirespan.metric.dropped` | `{measurement}` | `error.type` `not_finite`, `too_large` (over 2^63), `callback_panicked` |
//! | `wirespan.metrics.refused` | `{measurement}` | of typed instruments: by `wirespan.instrument` and `wirespan.reason` (`not_a_number`, `infinite`, `negative`) |
//! | `wirespan.sampler.panicked` | `{trace}` | traces that were not recorded because the sampler panicked |
//! | `wirespan.function.duration` | `s` | calls of functions with `#[traced(metrics)]`: `code.function.name`, `wirespan.outcome`, `error.type` |
//! | `otel.sdk.log.created` | `{log_record}` | log records that were made |
//! | `otel.sdk.processor.log.queue.size`, `otel.sdk.processor.log.queue.capacity` | `{log_record}` | records that wait or are being sent; that may wait |
//! | `otel.sdk.processor.log.processed` | `{log_record}` | handed to the exporter, or `error.type` `queue_full` |
//! | `otel.sdk.exporter.log.exported` | `{log_record}` | delivered, or `error.type` `rejected`, `export_failed` |
//! | `tokio.runtime.worker.count`, `tokio.runtime.worker.busy_time` | `{worker}`, `s` | with `Builder::tokio_metrics` |
//! | `tokio.runtime.task.alive`, `tokio.runtime.queue.depth` | `{task}` | tasks that have not ended; that wait for a worker. Aliases `asyncio_task_count`, `executor_backlog` |
//! | `process.cpu.time`, `process.uptime` | `s` | with `Builder::process_metrics` |
//! | `process.memory.usage`, `process.thread.count`, `process.unix.file_descriptor.count` | `By`, `{thread}`, `{file_descriptor}` | the same |
//!
//! [`instruments`] has them all, with those that the program declares itself.

mod bounds;
mod console;
mod counts;
pub(crate) mod current;
mod declared;
mod exit;
mod extras;
mod forward;
mod guard;
mod observables;
pub(crate) mod options;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod otlp;
pub(crate) mod own;
mod points;
pub(crate) mod provider;
pub(crate) mod reader;
mod renewed;
#[cfg(feature = "prometheus")]
pub(crate) mod scrape;
mod streams;
pub(crate) mod typed;
pub(crate) mod variables;
#[cfg(feature = "config-file")]
pub(crate) mod views;

pub use declared::{Declared, Instruments, instruments};
pub use typed::attributes::{AttributeSet, MetricAttributes};
pub use typed::bound::Bound;
pub use typed::buckets;
pub use typed::instrument::{Counter, Gauge, Histogram, UpDownCounter};
pub use typed::names::{Name, Names};
pub use typed::refused::refused;
pub use typed::spec::MetricAliases;
pub use typed::timer::{FirstItem, Stopwatch, Timer};
pub use typed::value::MetricValue;
pub use wirespan_macros::{MetricAttributes, MetricValue, Metrics};
