//! The samplers that `OTEL_TRACES_SAMPLER` names.

use std::fmt;

use opentelemetry_sdk::trace::{Sampler, ShouldSample};

/// What `OTEL_TRACES_SAMPLER` may be.
pub(crate) const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    DEFAULT,
    "parentbased_always_off",
    "parentbased_traceidratio",
];

const DEFAULT: &str = "parentbased_always_on";

/// A sampler that the environment chose.
#[derive(Debug)]
pub(crate) enum Named {
    /// The default, with nothing to ask.
    Default,
    Sampler(Sampler),
    /// One with branches of its own, of the declarative file.
    #[cfg(feature = "config-file")]
    Other(Box<dyn ShouldSample>),
}

impl Named {
    /// The sampler of that name; `None` when there is none.
    pub(crate) fn find(name: &str, ratio: f64) -> Option<Self> {
        let based = |root: Sampler| Sampler::ParentBased(Box::new(root));
        Some(Self::Sampler(match name {
            DEFAULT => return Some(Self::Default),
            "always_on" => Sampler::AlwaysOn,
            "always_off" => Sampler::AlwaysOff,
            "traceidratio" => Sampler::TraceIdRatioBased(ratio),
            "parentbased_always_off" => based(Sampler::AlwaysOff),
            "parentbased_traceidratio" => based(Sampler::TraceIdRatioBased(ratio)),
            _ => return None,
        }))
    }

    /// What is to be asked; `None` for the default.
    pub(crate) fn asked(self) -> Option<Box<dyn ShouldSample>> {
        match self {
            Self::Default => None,
            Self::Sampler(sampler) => Some(Box::new(sampler)),
            #[cfg(feature = "config-file")]
            Self::Other(sampler) => Some(sampler),
        }
    }
}

impl fmt::Display for Named {
    /// As `OTEL_TRACES_SAMPLER` names it, with the ratio.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str(DEFAULT),
            Self::Sampler(Sampler::AlwaysOn) => f.write_str("always_on"),
            Self::Sampler(Sampler::AlwaysOff) => f.write_str("always_off"),
            Self::Sampler(Sampler::TraceIdRatioBased(ratio)) => write!(f, "traceidratio {ratio}"),
            Self::Sampler(other) => write!(f, "{other:?}"),
            #[cfg(feature = "config-file")]
            Self::Other(other) => write!(f, "{other:?}"),
        }
    }
}
