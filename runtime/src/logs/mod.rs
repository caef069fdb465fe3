//! Logs: events of `tracing` become OpenTelemetry log records, switched on by the same [`init`](crate::init), exported by the same
//! OTLP transport as spans. A record carries the trace and span that it was made in, and the attributes of the
//! [request](crate::context).
//!
//! ```
//! # fn main() -> Result<(), wirespan::Error> {
//! let _telemetry = wirespan::init()?;
//! tracing::info!(order.id = 7, "order placed");
//! # Ok(()) }
//! ```
//!
//! - Where they go: `OTEL_LOGS_EXPORTER` (`otlp`, `console`, `none`), by default OTLP where there is an endpoint; else to standard
//!   error where spans go to the console by default, else nowhere. [`Builder::log_exporter`](crate::Builder::log_exporter) sets any
//!   other one.
//! - How often: a batch every `OTEL_BLRP_SCHEDULE_DELAY` milliseconds (1,000) or when it is full, by the SDK's batch processor.
//!   `Telemetry::flush` and `shutdown` export, too, within their own deadline.
//! - Which: `RUST_LOG`, by default `info`: `level` and `module=level` between commas.
//! - `install` sets `tracing`'s global subscriber where there is none. A program with a subscriber of its own sets that first, with
//!   [`layer`] in it; a program that sets one later says [`Builder::no_subscriber`](crate::Builder::no_subscriber).
//! - In the child of a process that forks records go nowhere until it calls `init` itself.
//!
//! At most `OTEL_BLRP_MAX_QUEUE_SIZE` records (2,048) wait; what finds the queue full is dropped. [`Stats::logs`](crate::Stats::logs)
//! says where every record is, `flush` and `shutdown` are an error where some were lost, and metrics say the same. What telemetry says about itself stays on standard
//! error where the subscriber is ours: an outage is not to be told by what is out.

mod bounded;
mod bridge;
mod console;
mod counts;
mod filter;
mod limits;
pub(crate) mod options;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod otlp;
pub(crate) mod provider;
pub(crate) mod variables;

#[cfg(unix)]
pub(crate) use bridge::abandon;
pub use bridge::layer;
#[cfg(feature = "_otlp")]
pub(crate) use bridge::subscriber_is_ours;
#[cfg(feature = "metrics")]
pub(crate) use counts::Counts;
pub use counts::LogStats;
