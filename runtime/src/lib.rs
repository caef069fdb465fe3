//! **wirespan**: one attribute turns a function into a correct OpenTelemetry span, at a cost of tens of nanoseconds.
//!
//! ```
//! use wirespan::traced;
//!
//! #[traced(skip = "messages")]
//! fn step(run_id: u64, messages: Vec<String>) -> Result<usize, std::num::ParseIntError> {
//!     messages.first().map_or(Ok(0), |first| first.parse())
//! }
//!
//! # fn main() -> Result<(), wirespan::Error> {
//! let _telemetry = wirespan::init()?;
//! let _ = step(7, vec!["12".into()]);
//! # Ok(()) }
//! ```
//!
//! The span has the function's name, its parent, its parameters as typed attributes bounded in bytes (secrets redacted,
//! skipped values shown as type and identifiers), and an honest ending: returned, failed, panicked or cancelled.
//!
//! - [`traced`] is the attribute, [`Capture`](macro@Capture) the derive that says how a type shows itself.
//! - [`init`] switches telemetry on as the environment says (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_TRACES_SAMPLER`, …); without
//!   an endpoint it prints each finished trace as a tree. [`builder`] sets it up by hand.
//! - [`configuration`] tells every variable and the declarative file, [`Telemetry::config`] what counts and where it comes from.
//! - [`cancel`] says why futures were dropped.
//! - [`Builder::filter`] says which functions are recorded, [`callsites`] which ones the program has.
//! - [`context`] holds attributes of a request, which every span, metric and log below it has.
//! - [`propagation`] carries a trace and its baggage from process to process, and trusts no header.
//! - [`Telemetry::stats`] says where every span is: delivered, waiting, or dropped for which reason.

// What the attribute emits names the crate; our own unit tests use it, too.
#![cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    expect(dead_code, reason = "the drain's contract has parts that only OTLP needs")
)]

#[cfg(test)]
extern crate self as wirespan;

#[cfg(feature = "build")]
pub mod build;
mod by_hand;
mod callsite;
mod capture;
mod clock;
#[doc = include_str!("../docs/configuration.md")]
pub mod configuration {}
pub mod context;
mod diagnose;
pub mod export;
mod filter;
mod foreign;
mod id;
#[cfg(feature = "logs")]
pub mod logs;
#[cfg_attr(not(feature = "metrics"), path = "no_measure.rs")]
mod measure;
mod measure_outcome;
#[cfg(feature = "metrics")]
pub mod metrics;
mod pipeline;
pub mod propagation;
mod recorder;
mod sample;
pub mod sampling;
mod setup;
mod span;
#[cfg_attr(not(any(feature = "otlp-grpc", feature = "otlp-http")), path = "no_spool.rs")]
mod spool;
#[cfg(feature = "testing")]
pub mod testing;
mod thread;
mod wire;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use opentelemetry;
pub use opentelemetry_sdk;
#[cfg(feature = "metrics")]
pub use wirespan_macros::Metrics;
pub use wirespan_macros::{Capture, event, record, span, traced};

pub use by_hand::carry::Carried;
pub use by_hand::current::{Current, SpanHandle, current};
pub use by_hand::ext::{FutureExt, StreamExt};
pub use by_hand::guard::SpanGuard;
pub use by_hand::parent::AsSpanContext;
pub use callsite::{Callsite, Callsites, Parameter, Shown, callsites};
pub use capture::{Attributes, Capture, IdsWriter, ListWriter, Secret, ValueWriter};
#[cfg(feature = "file")]
pub use export::FileExporter;
pub use export::{ConsoleExporter, MemoryExporter};
pub use filter::Level;
pub use foreign::PipelineProcessor;
pub use setup::builder::Builder;
pub use setup::config::compat::Compatibility;
pub use setup::config::preset::Preset;
pub use setup::config::source::Source;
pub use setup::config::{Config, Entry};
pub use setup::error::Error;
pub use setup::resource::BuildInfo;
pub use setup::stats::{Dropped, Report, Stats};
pub use setup::telemetry::Telemetry;
pub use span::cancel;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub use spool::Spool;

/// Switches telemetry on as the environment says.
///
/// With `OTEL_EXPORTER_OTLP_ENDPOINT` it exports there over OTLP; without one, trees are printed. `OTEL_SDK_DISABLED=true` records nothing.
/// [`configuration`] tells all variables, and [`Telemetry::config`] what they come to.
///
/// It puts a panic hook in front of the program's, which says message and place of a panic. A hook that is set later is to call the one
/// before it (`std::panic::take_hook`): without that, a panic is recorded without them.
///
/// # Errors
///
/// As [`Builder::install`].
pub fn init() -> Result<Telemetry, Error> {
    builder().install()
}

/// A [`Builder`], for setting telemetry up by hand.
pub fn builder() -> Builder {
    Builder::default()
}
