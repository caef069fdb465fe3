//! The environment's variables about metrics.

use std::fmt;
use std::time::Duration;

use opentelemetry_sdk::metrics::{InstrumentKind, Temporality};

use super::options::Histograms;
#[cfg(feature = "prometheus")]
use super::scrape::Place;
use super::typed::spec::MetricAliases;
#[cfg(feature = "config-file")]
use super::views::View;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::otlp::{Otlp, Signal};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::setup::config::exporters::otlp_of;
use crate::setup::config::lookup::{Lookup, MAX_MILLIS, wrong};
use crate::setup::config::source::Set;
use crate::setup::error::Error;

/// An exporter that `OTEL_METRICS_EXPORTER` names.
#[derive(Debug)]
pub(crate) enum Named {
    None,
    Console,
    #[cfg(feature = "prometheus")]
    Prometheus(Place),
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    Otlp(Otlp),
}

impl Named {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Console => "console",
            #[cfg(feature = "prometheus")]
            Self::Prometheus(_) => "prometheus",
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            Self::Otlp(_) => "otlp",
        }
    }
}

/// What the variables say; `None` where they say nothing.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    /// By its name, or because there is an endpoint.
    pub(crate) exporter: Option<Set<Named>>,
    pub(crate) interval: Option<Set<Duration>>,
    pub(crate) timeout: Option<Set<Duration>>,
    pub(crate) temporality: Option<Set<Temporality>>,
    pub(crate) histograms: Option<Set<Histograms>>,
    pub(crate) aliases: Option<Set<MetricAliases>>,
    /// Series, and those of a kind; the file's.
    pub(crate) series: Option<Set<usize>>,
    pub(crate) series_of: Vec<(InstrumentKind, usize)>,
    #[cfg(feature = "config-file")]
    pub(crate) views: Vec<View>,
}

impl Variables {
    /// What counts beside the declarative file, which is not OpenTelemetry's.
    ///
    /// # Errors
    ///
    /// It has a value that cannot be used.
    #[cfg(feature = "config-file")]
    pub(crate) fn beside_file(lookup: &Lookup) -> Result<Self, Error> {
        Ok(Self { aliases: aliases(lookup)?, ..Self::default() })
    }

    /// # Errors
    ///
    /// One of them has a value that cannot be used.
    pub(crate) fn read(lookup: &Lookup) -> Result<Self, Error> {
        let millis = |name| {
            let number = lookup.number(name, 1..=MAX_MILLIS, "milliseconds")?;
            Ok::<_, Error>(number.map(|set| set.map(Duration::from_millis)))
        };
        Ok(Self {
            exporter: exporter(lookup)?,
            interval: millis("OTEL_METRIC_EXPORT_INTERVAL")?,
            timeout: millis("OTEL_METRIC_EXPORT_TIMEOUT")?,
            temporality: temporality(lookup)?,
            histograms: histograms(lookup)?,
            aliases: aliases(lookup)?,
            ..Self::default()
        })
    }
}

#[cfg(feature = "prometheus")]
fn place(lookup: &Lookup) -> Result<Place, Error> {
    let mut place = Place::default();
    if let Some(host) = lookup.text("OTEL_EXPORTER_PROMETHEUS_HOST")? {
        place.host = host;
    }
    if let Some(port) = lookup.number("OTEL_EXPORTER_PROMETHEUS_PORT", 1..=65_535, "a port")? {
        place.port = port.map(|port| u16::try_from(port).unwrap_or(u16::MAX));
    }
    Ok(place)
}

#[cfg(feature = "prometheus")]
const EXPECTED: &str = "one of otlp, console, none, prometheus";
#[cfg(not(feature = "prometheus"))]
const EXPECTED: &str =
    "one of otlp, console, none; prometheus needs the feature `prometheus` of the crate `wirespan`";

fn exporter(lookup: &Lookup) -> Result<Option<Set<Named>>, Error> {
    const NAME: &str = "OTEL_METRICS_EXPORTER";
    let endpoint = lookup.first(&["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"])?;
    match (lookup.text(NAME)?, endpoint) {
        (Some(name), _) => {
            let named = match name.value.to_ascii_lowercase().as_str() {
                "none" => Named::None,
                "console" => Named::Console,
                "otlp" => otlp(lookup)?,
                #[cfg(feature = "prometheus")]
                "prometheus" => Named::Prometheus(place(lookup)?),
                _ => return Err(wrong(NAME, &name.value, EXPECTED)),
            };
            Ok(Some(name.map(|_| named)))
        }
        (None, Some((_, endpoint))) => Ok(Some(Set::new(otlp(lookup)?, endpoint.source))),
        (None, None) => Ok(None),
    }
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn otlp(lookup: &Lookup) -> Result<Named, Error> {
    otlp_of(lookup, Signal::Metrics).map(Named::Otlp)
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn otlp(_: &Lookup) -> Result<Named, Error> {
    use crate::setup::error::Kind;

    Err(Error::new(Kind::MissingFeature { protocol: "http/protobuf", feature: "otlp-http" }))
}

fn temporality(lookup: &Lookup) -> Result<Option<Set<Temporality>>, Error> {
    const NAME: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    let Some(text) = lookup.text(NAME)? else { return Ok(None) };
    let temporality = match text.value.to_ascii_lowercase().as_str() {
        "cumulative" => Temporality::Cumulative,
        "delta" => Temporality::Delta,
        "lowmemory" => Temporality::LowMemory,
        _ => return Err(wrong(NAME, &text.value, "one of cumulative, delta, lowmemory")),
    };
    Ok(Some(text.map(|_| temporality)))
}

fn aliases(lookup: &Lookup) -> Result<Option<Set<MetricAliases>>, Error> {
    const NAME: &str = "WIRESPAN_METRIC_ALIASES";
    let Some(text) = lookup.text(NAME)? else { return Ok(None) };
    let aliases = match text.value.to_ascii_lowercase().as_str() {
        "true" => MetricAliases::Also,
        "false" => MetricAliases::Off,
        "instead" => MetricAliases::Instead,
        _ => return Err(wrong(NAME, &text.value, "true, false or instead")),
    };
    Ok(Some(text.map(|_| aliases)))
}

fn histograms(lookup: &Lookup) -> Result<Option<Set<Histograms>>, Error> {
    const NAME: &str = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    const EXPECTED: &str = "explicit_bucket_histogram or base2_exponential_bucket_histogram";
    let Some(text) = lookup.text(NAME)? else { return Ok(None) };
    let histograms = match text.value.to_ascii_lowercase().as_str() {
        "explicit_bucket_histogram" => Histograms::Explicit,
        "base2_exponential_bucket_histogram" => Histograms::Exponential,
        _ => return Err(wrong(NAME, &text.value, EXPECTED)),
    };
    Ok(Some(text.map(|_| histograms)))
}

impl fmt::Display for Histograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Explicit => "explicit_bucket_histogram",
            Self::Exponential => "base2_exponential_bucket_histogram",
        })
    }
}

#[cfg(test)]
#[cfg(feature = "otlp-http")]
mod tests {
    use super::super::options::Options;
    use super::*;
    use crate::setup::config::source::Source;

    /// What is shown with this variable: value, source, and how many warnings there are.
    fn shown(key: &str, name: &str, value: &str) -> Result<(String, Source, usize), String> {
        let lookup = Lookup::of(&[(name, value)]);
        let variables = Variables::read(&lookup).map_err(|error| error.to_string())?;
        let entries = Options::default().shown(&variables, false);
        let entry = entries.iter().find(|entry| entry.key() == key).expect(key);
        Ok((entry.value().to_owned(), entry.source().clone(), lookup.take_warnings().len()))
    }

    #[test]
    fn each_variable_has_a_good_a_bad_and_no_value() {
        /// A variable, the entry that shows it, a good value, how it is shown, what is shown without, a bad one, and what is
        /// said about that; nothing where it is ignored with a warning.
        type Case = (
            &'static str,
            &'static str,
            &'static str,
            &'static str,
            &'static str,
            &'static str,
            Option<&'static str>,
        );
        const CASES: [Case; 7] = [
            (
                "OTEL_METRICS_EXPORTER",
                "metrics.exporter",
                "Console",
                "console",
                "none",
                "zipkin",
                Some(EXPECTED),
            ),
            ("OTEL_METRIC_EXPORT_INTERVAL", "metrics.interval", "5000", "5s", "60s", "0", None),
            ("OTEL_METRIC_EXPORT_TIMEOUT", "metrics.export_timeout", "750", "750ms", "30s", "soon", None),
            (
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
                "metrics.temporality",
                "LowMemory",
                "lowmemory",
                "cumulative",
                "0",
                Some("one of cumulative, delta, lowmemory"),
            ),
            (
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                "metrics.histograms",
                "base2_exponential_bucket_histogram",
                "base2_exponential_bucket_histogram",
                "explicit_bucket_histogram",
                "null",
                Some("explicit_bucket_histogram or base2_exponential_bucket_histogram"),
            ),
            (
                "WIRESPAN_METRIC_ALIASES",
                "metrics.aliases",
                "Instead",
                "instead",
                "false",
                "both",
                Some("true, false or instead"),
            ),
            (
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
                "metrics.exporter",
                "http://collector:4318/v1/metrics",
                "otlp",
                "none",
                " ",
                None,
            ),
        ];
        for (name, key, good, as_shown, default, bad, said) in CASES {
            assert_eq!(
                shown(key, name, good),
                Ok((as_shown.to_owned(), Source::Variable(name), 0)),
                "{name}"
            );
            for absent in ["", "  "] {
                assert_eq!(shown(key, name, absent), Ok((default.to_owned(), Source::Default, 0)), "{name}");
            }
            match (shown(key, name, bad), said) {
                (Err(error), Some(expected)) => {
                    assert_eq!(error, format!("{name} is `{bad}`; expected {expected}"));
                }
                (Ok((value, Source::Default, warnings)), None) => {
                    assert_eq!((&*value, warnings), (default, usize::from(!bad.trim().is_empty())), "{name}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
