//! The stacks, one module each, and what a round needs of them.

mod bare;
mod clock;
mod fastrace;
#[cfg(feature = "ours")]
mod measured;
mod otel_sdk;
#[cfg(feature = "ours")]
mod ours;
mod tracing_otel;

use std::fmt;
use std::str::FromStr;

use crate::burst::Burst;
use crate::case::Case;
use crate::exporter::Arrived;
use crate::{Error, Result};

/// A way to trace a function, set up in this process.
pub trait Stack {
    /// Runs and times one burst, inside an active parent where the stack has such a thing.
    fn burst(&self, case: Case, calls: u32) -> Burst;

    /// Waits until every span that has ended was given to the exporter.
    ///
    /// # Errors
    /// When the stack says that some were not.
    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

/// The name of a stack, as in the report and on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// The functions alone.
    Bare,
    /// Two raw readings of the clock around each call: the floor for anything that times a call.
    Clock,
    /// wirespan as `init` leaves it: spans are attached to OpenTelemetry's context.
    Wirespan,
    /// wirespan with the attach off.
    WirespanNoAttach,
    /// wirespan below a parent that is not sampled.
    WirespanUnsampled,
    /// wirespan as `init` leaves it, of functions with `#[traced(metrics)]`.
    WirespanMetrics,
    /// The same below a parent that is not sampled.
    WirespanMetricsUnsampled,
    /// wirespan as `init` leaves it, in a request with two attributes.
    WirespanScope,
    /// The same in a request without, in a process where others have some.
    WirespanScopeElsewhere,
    /// Functions annotated for wirespan, which is not installed.
    WirespanOff,
    /// `opentelemetry_sdk` called directly: spans with the parameters as attributes, made current.
    OtelSdk,
    /// `#[tracing::instrument]`, with `tracing-opentelemetry` above the same SDK.
    TracingOtel,
    /// `#[fastrace::trace]` with the parameters as properties.
    Fastrace,
}

impl Name {
    /// Every stack, in the order of the report.
    pub const ALL: [Self; 13] = [
        Self::Bare,
        Self::Clock,
        Self::Wirespan,
        Self::WirespanNoAttach,
        Self::WirespanUnsampled,
        Self::WirespanMetrics,
        Self::WirespanMetricsUnsampled,
        Self::WirespanScope,
        Self::WirespanScopeElsewhere,
        Self::WirespanOff,
        Self::OtelSdk,
        Self::TracingOtel,
        Self::Fastrace,
    ];

    /// The stacks that this build has.
    pub fn available() -> Vec<Self> {
        Self::ALL.into_iter().filter(|name| cfg!(feature = "ours") || !name.is_ours()).collect()
    }

    /// The name in the report and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Clock => "clock",
            Self::Wirespan => "wirespan",
            Self::WirespanNoAttach => "wirespan_no_attach",
            Self::WirespanUnsampled => "wirespan_unsampled",
            Self::WirespanMetrics => "wirespan_metrics",
            Self::WirespanMetricsUnsampled => "wirespan_metrics_unsampled",
            Self::WirespanScope => "wirespan_scope",
            Self::WirespanScopeElsewhere => "wirespan_scope_elsewhere",
            Self::WirespanOff => "wirespan_off",
            Self::OtelSdk => "otel_sdk",
            Self::TracingOtel => "tracing_otel",
            Self::Fastrace => "fastrace",
        }
    }

    /// Whether each call, and the parent of each burst, arrives at the exporter.
    pub fn is_sampled(self) -> bool {
        match self {
            Self::Wirespan
            | Self::WirespanNoAttach
            | Self::WirespanMetrics
            | Self::WirespanScope
            | Self::WirespanScopeElsewhere
            | Self::OtelSdk
            | Self::TracingOtel
            | Self::Fastrace => true,
            Self::Bare
            | Self::Clock
            | Self::WirespanUnsampled
            | Self::WirespanMetricsUnsampled
            | Self::WirespanOff => false,
        }
    }

    fn is_ours(self) -> bool {
        matches!(
            self,
            Self::Wirespan
                | Self::WirespanNoAttach
                | Self::WirespanUnsampled
                | Self::WirespanMetrics
                | Self::WirespanMetricsUnsampled
                | Self::WirespanScope
                | Self::WirespanScopeElsewhere
                | Self::WirespanOff
        )
    }

    /// Sets the stack up, once in a process, with `arrived` counting what it exports.
    ///
    /// # Errors
    /// When the stack refuses, or this build has it not.
    pub fn set_up(self, arrived: &Arrived) -> Result<Box<dyn Stack>> {
        Ok(match self {
            Self::Bare => Box::new(bare::Bare),
            Self::Clock => Box::new(clock::ClockReads::new()),
            Self::OtelSdk => Box::new(otel_sdk::OtelSdk::new(arrived)?),
            Self::TracingOtel => Box::new(tracing_otel::TracingOtel::new(arrived)),
            Self::Fastrace => Box::new(fastrace::Fastrace::new(arrived)),
            #[cfg(feature = "ours")]
            Self::Wirespan => Box::new(ours::Installed::attached(arrived)?),
            #[cfg(feature = "ours")]
            Self::WirespanNoAttach => Box::new(ours::Installed::not_attached(arrived)?),
            #[cfg(feature = "ours")]
            Self::WirespanUnsampled => Box::new(ours::Installed::unsampled(arrived)?),
            #[cfg(feature = "ours")]
            Self::WirespanMetrics => Box::new(measured::Installed::sampled(arrived)?),
            #[cfg(feature = "ours")]
            Self::WirespanMetricsUnsampled => Box::new(measured::Installed::unsampled(arrived)?),
            #[cfg(feature = "ours")]
            Self::WirespanScope => Box::new(ours::Installed::in_scope(arrived)?),
            #[cfg(feature = "ours")]
            Self::WirespanScopeElsewhere => Box::new(ours::Installed::beside_scope(arrived)?),
            #[cfg(feature = "ours")]
            Self::WirespanOff => Box::new(ours::Off),
            #[cfg(not(feature = "ours"))]
            _ => return Err(format!("`{self}` needs the feature `ours`").into()),
        })
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Name {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|stack| stack.as_str() == name);
        found.ok_or_else(|| format!("there is no stack `{name}`").into())
    }
}
