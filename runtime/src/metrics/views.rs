//! Views of the declarative file: which instruments, and how what they measure is kept instead.

use opentelemetry_sdk::metrics::{Aggregation, Instrument, InstrumentKind, Stream, StreamBuilder};

use crate::setup::config::pattern::matches;

/// What a view says; `None` where it says nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct View {
    /// A pattern.
    pub(crate) instrument: Option<String>,
    pub(crate) kind: Option<InstrumentKind>,
    pub(crate) unit: Option<String>,
    pub(crate) meter: Option<String>,
    pub(crate) meter_version: Option<String>,
    pub(crate) meter_schema_url: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) aggregation: Option<Aggregation>,
    pub(crate) series: Option<usize>,
    /// Keys that stay.
    pub(crate) keys: Option<Vec<String>>,
}

impl View {
    /// Whether it wants exponential buckets.
    pub(crate) fn is_exponential(&self) -> bool {
        matches!(self.aggregation, Some(Aggregation::Base2ExponentialHistogram { .. }))
    }

    /// Whether it is about that instrument.
    pub(super) fn is_for(&self, instrument: &Instrument) -> bool {
        let scope = instrument.scope();
        let is = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is == Some(wanted))
        };
        // Instruments are told apart without regard to case.
        let name = instrument.name().to_ascii_lowercase();
        self.instrument.as_deref().is_none_or(|pattern| matches(&pattern.to_ascii_lowercase(), &name))
            && self.kind.is_none_or(|kind| kind == instrument.kind())
            && is(&self.unit, Some(instrument.unit()))
            && is(&self.meter, Some(scope.name()))
            && is(&self.meter_version, scope.version())
            && is(&self.meter_schema_url, scope.schema_url())
    }

    /// The stream; `otherwise` is what counts where it says nothing.
    pub(super) fn stream(&self, otherwise: StreamBuilder) -> Option<Stream> {
        let mut stream = otherwise;
        if let Some(name) = &self.name {
            stream = stream.with_name(name.clone());
        }
        if let Some(description) = &self.description {
            stream = stream.with_description(description.clone());
        }
        if let Some(aggregation) = &self.aggregation {
            stream = stream.with_aggregation(aggregation.clone());
        }
        if let Some(series) = self.series {
            stream = stream.with_cardinality_limit(series);
        }
        if let Some(keys) = &self.keys {
            stream = stream.with_allowed_attribute_keys(keys.iter().cloned().map(Into::into));
        }
        stream.build().ok()
    }
}
