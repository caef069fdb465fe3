//! What OTLP says differently for each signal: paths, and the variables that count before the general ones.

use crate::setup::config::lookup::Lookup;
use crate::setup::error::Error;

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Traces,
    Metrics,
    #[cfg_attr(not(feature = "logs"), expect(dead_code, reason = "made by logs alone"))]
    Logs,
}

impl Signal {
    /// Those that this build has.
    pub(super) const ALL: &[Self] = &[
        Self::Traces,
        #[cfg(feature = "metrics")]
        Self::Metrics,
        #[cfg(feature = "logs")]
        Self::Logs,
    ];

    /// The path of OTLP/HTTP.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Traces => "/v1/traces",
            Self::Metrics => "/v1/metrics",
            Self::Logs => "/v1/logs",
        }
    }

    /// The method of OTLP/gRPC.
    #[cfg(feature = "otlp-grpc")]
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            Self::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
            Self::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        }
    }

    /// What a request is made of, for people.
    #[cfg(any(feature = "metrics", feature = "logs"))]
    pub(super) fn items(self) -> &'static str {
        match self {
            Self::Traces => "spans",
            Self::Metrics => "data points",
            Self::Logs => "log records",
        }
    }
}

/// A variable: the one of each signal, and the general one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names {
    pub(crate) traces: &'static str,
    pub(crate) metrics: &'static str,
    pub(crate) logs: &'static str,
    pub(crate) general: &'static str,
}

/// The names of `OTEL_EXPORTER_OTLP_<suffix>`.
macro_rules! names {
    ($suffix:literal) => {
        $crate::export::otlp::signal::Names {
            traces: concat!("OTEL_EXPORTER_OTLP_TRACES_", $suffix),
            metrics: concat!("OTEL_EXPORTER_OTLP_METRICS_", $suffix),
            logs: concat!("OTEL_EXPORTER_OTLP_LOGS_", $suffix),
            general: concat!("OTEL_EXPORTER_OTLP_", $suffix),
        }
    };
}
pub(crate) use names;

impl Names {
    /// The name for this signal alone.
    pub(crate) fn of(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::Traces => self.traces,
            Signal::Metrics => self.metrics,
            Signal::Logs => self.logs,
        }
    }

    /// The signal's own one, else the general one, with the name of the one that has a value.
    pub(crate) fn read(
        &self,
        signal: Signal,
        lookup: &Lookup,
    ) -> Result<Option<(&'static str, String)>, Error> {
        Ok(lookup.first(&[self.of(signal), self.general])?.map(|(name, set)| (name, set.value)))
    }
}
