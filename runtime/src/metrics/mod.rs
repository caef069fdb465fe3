//! Metrics: OpenTelemetry's meter provider, switched on by the same [`init`](crate::init), exported by the same OTLP transport as
//! spans.
//!
//! Instruments are OpenTelemetry's: `install` sets the global meter provider where the program has set none.
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
//!   [`Builder::metric_exporter`](crate::Builder::metric_exporter) sets any other one.
//! - How often: every `OTEL_METRIC_EXPORT_INTERVAL` milliseconds (60,000), on a thread of its own; an export takes at most
//!   `OTEL_METRIC_EXPORT_TIMEOUT` (30,000). `Telemetry::flush` and `shutdown` export, too, within their own deadline.
//! - A stream has at most 2,000 series ([`Builder::metric_series`](crate::Builder::metric_series)); what comes beyond is one series
//!   with the attribute `otel.metric.overflow=true`, so that sums stay right and memory stays bounded.
//! - What is no number, or infinite, is left out and counted; a callback that panics costs its own observation and nothing else.
//! - A histogram in seconds that declares no bounds has bounds from 0.5 ms to 5 min.

mod bounds;
mod console;
mod counts;
pub(crate) mod current;
mod exit;
mod guard;
pub(crate) mod options;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod otlp;
mod points;
pub(crate) mod provider;
pub(crate) mod reader;
pub(crate) mod variables;
