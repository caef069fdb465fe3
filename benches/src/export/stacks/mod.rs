//! The stacks, one module each, set up from the `OTEL_EXPORTER_OTLP_*` variables.

mod fastrace;
mod otel;
mod ours;
mod tracing_otel;

use super::case::{Case, Stack};
use crate::Result;

pub use ours::{Installed as Wirespan, timed_trace};

/// A stack, set up in this process.
pub trait Running {
    /// What makes one trace, on any thread.
    fn trace(&self) -> fn(u64);

    /// Returns when nothing is left to deliver.
    ///
    /// # Errors
    /// When the stack says so, and the loss is not one that the receiver's count shows.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// Sets the stack of `case` up, once in a process, for so many spans.
///
/// # Errors
/// When the stack refuses.
pub fn set_up(case: Case, spans: u32) -> Result<Box<dyn Running>> {
    let Case { pace, protocol, stack } = case;
    Ok(match stack {
        Stack::Wirespan => Box::new(ours::Installed::new(pace)?),
        Stack::OtelDefault => Box::new(otel::Otel::new(protocol, otel::Queue::Default)?),
        Stack::OtelLossless => Box::new(otel::Otel::new(protocol, otel::Queue::Lossless(spans))?),
        Stack::TracingOtel => Box::new(tracing_otel::TracingOtel::new(protocol, spans)?),
        Stack::FastraceOtel => Box::new(fastrace::Fastrace::new(protocol)?),
    })
}
