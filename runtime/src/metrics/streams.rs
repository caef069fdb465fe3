//! How measurements are kept: series, histograms, and what views of the declarative file say instead.

use opentelemetry_sdk::metrics::{
    Aggregation, Instrument, InstrumentKind, MeterProviderBuilder, Stream, StreamBuilder,
};

use super::options::Histograms;
#[cfg(feature = "config-file")]
use super::views::View;

/// See the module's documentation.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    /// Series that each stream may have.
    pub(super) series: usize,
    /// Before that, for instruments of a kind.
    pub(super) series_of: Vec<(InstrumentKind, usize)>,
    pub(super) histograms: Histograms,
    #[cfg(feature = "config-file")]
    pub(super) views: Vec<View>,
}

impl Streams {
    /// A page of text has no exponential histograms.
    #[cfg(feature = "prometheus")]
    pub(super) fn without_exponential(mut self) -> Self {
        self.histograms = Histograms::Explicit;
        #[cfg(feature = "config-file")]
        for view in &mut self.views {
            if view.is_exponential() {
                view.aggregation = None;
            }
        }
        self
    }

    /// A provider whose instruments are kept so.
    pub(super) fn of(self, provider: MeterProviderBuilder) -> MeterProviderBuilder {
        // Every view that is for an instrument makes a stream; where none is, this makes the one.
        #[cfg(feature = "config-file")]
        let provider = (0..self.views.len()).fold(provider, |provider, index| {
            let all = self.clone();
            provider.with_view(move |instrument: &Instrument| {
                let view = all.views.get(index).filter(|view| view.is_for(instrument))?;
                view.stream(all.builder(instrument))
            })
        });
        provider.with_view(move |instrument: &Instrument| self.stream(instrument))
    }

    fn stream(&self, instrument: &Instrument) -> Option<Stream> {
        #[cfg(feature = "config-file")]
        if self.views.iter().any(|view| view.is_for(instrument)) {
            return None;
        }
        self.builder(instrument).build().ok()
    }

    fn builder(&self, instrument: &Instrument) -> StreamBuilder {
        let kind = instrument.kind();
        let own = self.series_of.iter().find(|(of, _)| *of == kind);
        let series = own.map_or(self.series, |(_, series)| *series);
        let stream = Stream::builder().with_cardinality_limit(series);
        if kind != InstrumentKind::Histogram || self.histograms == Histograms::Explicit {
            return stream;
        }
        // The specification's defaults.
        let (max_size, max_scale) = (160, 20);
        stream.with_aggregation(Aggregation::Base2ExponentialHistogram {
            max_size,
            max_scale,
            record_min_max: true,
        })
    }
}
