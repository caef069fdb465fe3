//! Names of what is compared: stacks, protocols, paces.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};

/// A stack with its exporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stack {
    /// wirespan as `init` leaves it; for the burst with 256 MiB of buffer.
    Wirespan,
    /// `opentelemetry_sdk` with its batch processor and `opentelemetry-otlp`, both as they come.
    OtelDefault,
    /// The same with room for every span in the processor's queue.
    OtelLossless,
    /// `tracing` with `tracing-opentelemetry` above `OtelLossless`.
    TracingOtel,
    /// `fastrace` with `fastrace-opentelemetry` above `opentelemetry-otlp`.
    FastraceOtel,
}

/// How spans reach the receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// OTLP over gRPC.
    Grpc,
    /// OTLP over HTTP, with protobuf bodies.
    Http,
}

/// How fast spans are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// 100,000 a second.
    Paced,
    /// As fast as the threads can.
    Burst,
}

/// One thing that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// How fast.
    pub pace: Pace,
    /// Over what.
    pub protocol: Protocol,
    /// With what.
    pub stack: Stack,
}

impl Stack {
    /// Every stack, in the order of the report.
    pub const ALL: [Self; 5] =
        [Self::Wirespan, Self::OtelDefault, Self::OtelLossless, Self::TracingOtel, Self::FastraceOtel];

    /// The name in the report and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wirespan => "wirespan",
            Self::OtelDefault => "otel_default",
            Self::OtelLossless => "otel_lossless",
            Self::TracingOtel => "tracing_otel",
            Self::FastraceOtel => "fastrace_otel",
        }
    }
}

impl Protocol {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Grpc, Self::Http];

    /// The name in the report and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Http => "http",
        }
    }

    /// Its value in `OTEL_EXPORTER_OTLP_PROTOCOL`.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Http => "http/protobuf",
        }
    }
}

impl Pace {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Paced, Self::Burst];

    /// The name in the report and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Paced => "paced",
            Self::Burst => "burst",
        }
    }
}

impl Case {
    /// A burst of one of the two stacks whose CPU time is compared.
    pub fn is_compared_burst(self) -> bool {
        self.pace == Pace::Burst && matches!(self.stack, Stack::Wirespan | Stack::OtelLossless)
    }

    /// Every case, in the order of the report.
    pub fn all() -> impl Iterator<Item = Self> {
        Pace::ALL.into_iter().flat_map(|pace| {
            Protocol::ALL.into_iter().flat_map(move |protocol| {
                Stack::ALL.into_iter().map(move |stack| Self { pace, protocol, stack })
            })
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}/{}", self.stack.name(), self.protocol.name(), self.pace.name()))
    }
}

impl FromStr for Stack {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|stack| stack.name() == name);
        found.ok_or_else(|| format!("there is no stack `{name}`").into())
    }
}

impl FromStr for Protocol {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|protocol| protocol.name() == name);
        found.ok_or_else(|| format!("there is no protocol `{name}`").into())
    }
}

impl FromStr for Pace {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|pace| pace.name() == name);
        found.ok_or_else(|| format!("there is no pace `{name}`").into())
    }
}
