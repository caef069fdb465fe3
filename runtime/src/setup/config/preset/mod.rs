//! Presets: what a place that takes OTLP wants, as one layer of values between the environment and the defaults.
//!
//! A preset is read with the other settings and changes none that something else said: it fills what is empty. `places` holds what
//! is known of each place, `layer` what an exporter takes from it. Keys come from variables, and appear in no output.

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) mod layer;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod places;
#[cfg(test)]
#[cfg(all(feature = "otlp-grpc", feature = "otlp-http", feature = "metrics", feature = "logs"))]
mod tests;

use opentelemetry::KeyValue;

use super::lookup::{Lookup, wrong};
use super::near::nearest_of;
use super::settings::Settings;
use super::source::{Set, Source};
use crate::setup::error::Error;

/// Where telemetry goes, by name: one word for the endpoint, headers, compression and temporality that the place wants.
///
/// What the program or a variable of OpenTelemetry's says counts before it; [`Telemetry::config`](crate::Telemetry::config) shows
/// `preset datadog` as the source of what does come from it. Keys are read from the variables named here, and where one is missing
/// `install` says which. Endpoints that begin with `https` need the feature `tls`.
///
/// ```no_run
/// # fn main() -> Result<(), wirespan::Error> {
/// // With DD_API_KEY, DD_SITE, DD_SERVICE, DD_ENV and DD_VERSION in the environment.
/// let _telemetry = wirespan::builder().preset(wirespan::Preset::Datadog).install()?;
/// # Ok(()) }
/// ```
///
/// [`configuration`](crate::configuration) has the table of what each sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// None.
    None,
    /// A collector on this machine, on the ports of OTLP.
    Collector,
    /// Datadog's OTLP intake, without an agent: `https://otlp.<DD_SITE>`, key in `DD_API_KEY`. Metrics are deltas, requests below
    /// its 3.2 MB, and the resource has the tags that Datadog unifies services by.
    Datadog,
    /// Datadog's agent, or a collector with its exporter, on `DD_AGENT_HOST` or this machine: as [`Datadog`](Self::Datadog), without a key.
    DatadogAgent,
    /// ClickHouse through a collector on this machine: ClickStack's, whose key is in `HYPERDX_API_KEY`, or one of one's own, without.
    ClickHouse,
    /// SigNoz that one runs oneself, through its collector on this machine.
    SigNoz,
    /// SigNoz's cloud, key in `SIGNOZ_INGESTION_KEY`.
    SigNozCloud,
    /// Logfire, token in `LOGFIRE_TOKEN`, which also says the region.
    Logfire,
    /// Honeycomb, key in `HONEYCOMB_API_KEY`.
    Honeycomb,
}

const NAME: &str = "WIRESPAN_PRESET";
const ALL: [Preset; 9] = [
    Preset::Collector,
    Preset::Datadog,
    Preset::DatadogAgent,
    Preset::ClickHouse,
    Preset::SigNoz,
    Preset::SigNozCloud,
    Preset::Logfire,
    Preset::Honeycomb,
    Preset::None,
];

impl Preset {
    /// As `WIRESPAN_PRESET` names it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Collector => "collector",
            Self::Datadog => "datadog",
            Self::DatadogAgent => "datadog-agent",
            Self::ClickHouse => "clickhouse",
            Self::SigNoz => "signoz",
            Self::SigNozCloud => "signoz-cloud",
            Self::Logfire => "logfire",
            Self::Honeycomb => "honeycomb",
        }
    }

    pub(super) fn read(lookup: &Lookup) -> Result<Option<Set<Self>>, Error> {
        let Some(text) = lookup.text(NAME)? else { return Ok(None) };
        let written = text.value.to_ascii_lowercase();
        if let Some(preset) = ALL.into_iter().find(|preset| preset.as_str() == written) {
            return Ok(Some(text.map(|_| preset)));
        }
        let names = ALL.map(Self::as_str);
        let mut expected = format!("one of {}", names.join(", "));
        if let Some(near) = nearest_of(&written, names.into_iter()) {
            expected = format!("{expected}; did you mean {near}?");
        }
        Err(wrong(NAME, &text.value, &expected))
    }

    /// Whether the resource is to be as Datadog reads it.
    fn is_datadogs(self) -> bool {
        matches!(self, Self::Datadog | Self::DatadogAgent)
    }

    fn source(self) -> Source {
        Source::Preset(self.as_str())
    }
}

/// Fills what nothing else said. `by_file`: the declarative file says where signals go, also where it says nothing.
///
/// # Errors
///
/// A variable that the preset reads has a value that cannot be used.
pub(super) fn add(
    settings: &mut Settings,
    lookup: &Lookup,
    preset: Preset,
    by_file: bool,
) -> Result<(), Error> {
    if preset == Preset::None {
        return Ok(());
    }
    if by_file {
        lookup.warn(format!(
            "the preset `{}` has no effect: OTEL_CONFIG_FILE says where signals go; expected one of both",
            preset.as_str()
        ));
        return Ok(());
    }
    if preset.is_datadogs() {
        as_datadog_reads(settings, preset.source());
        let mut tags = Vec::new();
        for (key, name) in [
            ("service.name", "DD_SERVICE"),
            ("service.version", "DD_VERSION"),
            ("deployment.environment.name", "DD_ENV"),
        ] {
            tags.extend(lookup.text(name)?.map(|set| set.map(|value| KeyValue::new(key, value))));
        }
        // The last of a key counts.
        settings.resource.splice(0..0, tags);
    }
    exporters(settings, lookup, preset)
}

/// Datadog's names in the resource, and deltas where nothing else was said.
pub(super) fn as_datadog_reads(settings: &mut Settings, source: Source) {
    settings.datadog = true;
    #[cfg(feature = "metrics")]
    {
        use opentelemetry_sdk::metrics::Temporality;

        settings.metrics.temporality.get_or_insert_with(|| Set::new(Temporality::Delta, source));
    }
    #[cfg(not(feature = "metrics"))]
    drop(source);
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn exporters(settings: &mut Settings, lookup: &Lookup, preset: Preset) -> Result<(), Error> {
    use std::sync::Arc;

    use super::exporters::otlp_of;
    use crate::export::Chosen;
    use crate::export::otlp::Signal;

    let layer = Arc::new(places::layer(preset, lookup)?);
    let behind = |otlp: &mut crate::export::Otlp| otlp.put_before(&layer);
    match &mut settings.exporter {
        None => {
            let mut otlp = otlp_of(lookup, Signal::Traces)?;
            behind(&mut otlp);
            settings.exporter = Some(Set::new(Chosen::Otlp(otlp), preset.source()));
        }
        Some(Set { value: Chosen::Otlp(otlp), .. }) => behind(otlp),
        Some(_) => {}
    }
    #[cfg(feature = "metrics")]
    {
        use crate::metrics::variables::Named;

        match &mut settings.metrics.exporter {
            None => {
                let mut otlp = otlp_of(lookup, Signal::Metrics)?;
                behind(&mut otlp);
                settings.metrics.exporter = Some(Set::new(Named::Otlp(otlp), preset.source()));
            }
            Some(Set { value: Named::Otlp(otlp), .. }) => behind(otlp),
            Some(_) => {}
        }
    }
    #[cfg(feature = "logs")]
    {
        use crate::logs::variables::Named;

        match &mut settings.logs.exporter {
            None => {
                let mut otlp = otlp_of(lookup, Signal::Logs)?;
                behind(&mut otlp);
                settings.logs.exporter = Some(Set::new(Named::Otlp(otlp), preset.source()));
            }
            Some(Set { value: Named::Otlp(otlp), .. }) => behind(otlp),
            Some(_) => {}
        }
    }
    settings.layer = Some(layer);
    Ok(())
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn exporters(_: &mut Settings, _: &Lookup, _: Preset) -> Result<(), Error> {
    use crate::setup::error::Kind;

    Err(Error::new(Kind::MissingFeature { protocol: "http/protobuf", feature: "otlp-http" }))
}
