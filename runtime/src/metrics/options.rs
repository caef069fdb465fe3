//! What a program and the environment say about metrics, and what follows from both.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;

use super::console::ConsoleExit;
use super::counts::Counts;
use super::exit::{Exit, Hurry, SdkExit};
use super::extras::Extras;
use super::reader::Rhythm;
#[cfg(feature = "prometheus")]
use super::scrape::Place;
use super::streams::Streams;
use super::typed::spec::MetricAliases;
use super::variables::{Named, Variables};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::Otlp;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::otlp::Signal;
use crate::setup::config::Entry;
use crate::setup::config::source::{Set, Source, choose};
use crate::setup::error::{Error, Kind};

/// Series of a stream, unless set otherwise: the SDK's default.
const SERIES: usize = 2_000;
/// How often metrics are exported, unless set otherwise: the specification's default.
const INTERVAL: Duration = Duration::from_secs(60);
/// How long an export may take, unless set otherwise: the specification's default.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An exporter that is ready.
pub(super) struct Made {
    pub(super) exit: Box<dyn Exit>,
    pub(super) hurry: Option<Hurry>,
    /// What it is: a value of `otel.component.type`.
    pub(super) component: &'static str,
}

pub(super) type Make = Box<dyn FnOnce(Arc<Counts>) -> Result<Made, Error> + Send>;

/// Where metrics go.
pub(super) enum MakeExit {
    /// Nowhere: there is no provider then.
    Nowhere,
    To(Make),
    /// Whoever asks gets them.
    #[cfg(feature = "prometheus")]
    Scraped(Place),
}

impl MakeExit {
    fn console() -> Self {
        Self::To(Box::new(|counts| {
            let exit = Box::new(ConsoleExit::new(counts));
            Ok(Made { exit, hurry: None, component: "console_metric_exporter" })
        }))
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn otlp(otlp: Otlp) -> Self {
        Self::To(Box::new(move |counts| {
            let exit = super::otlp::OtlpExit::new(&otlp, counts)?;
            let hurry = Some(exit.hurry());
            Ok(Made { exit: Box::new(exit), hurry, component: otlp.component(Signal::Metrics) })
        }))
    }
}

/// How histograms are kept that no view says anything about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Histograms {
    /// By buckets with bounds.
    Explicit,
    /// By exponential buckets.
    Exponential,
}

/// What a program says; `None` where it says nothing.
#[derive(Default)]
pub(crate) struct Options {
    exit: Option<MakeExit>,
    pub(crate) extras: Extras,
    /// What the exporter that was set prefers.
    preferred: Option<Temporality>,
    pub(crate) interval: Option<Duration>,
    pub(crate) temporality: Option<Temporality>,
    pub(crate) series: Option<usize>,
    #[cfg(feature = "tokio-metrics")]
    wants_runtime: bool,
    pub(crate) aliases: Option<MetricAliases>,
}

impl Options {
    pub(crate) fn export_to(&mut self, exporter: impl PushMetricExporter) {
        self.preferred = Some(exporter.temporality());
        self.exit = Some(MakeExit::To(Box::new(move |counts| {
            let exit = Box::new(SdkExit::new(exporter, counts)?);
            Ok(Made { exit, hurry: None, component: "metric_exporter" })
        })));
    }

    #[cfg(feature = "prometheus")]
    pub(crate) fn scraped_at(&mut self, address: std::net::SocketAddr) {
        let place = Place {
            host: Set::new(address.ip().to_string(), Source::Builder),
            port: Set::new(address.port(), Source::Builder),
            ..Place::default()
        };
        self.exit = Some(MakeExit::Scraped(place));
    }

    /// Measures the runtime in which this is called.
    #[cfg(feature = "tokio-metrics")]
    pub(crate) fn measure_runtime(&mut self) {
        self.extras.runtime = tokio::runtime::Handle::try_current().ok();
        self.wants_runtime = true;
    }

    #[cfg(feature = "process-metrics")]
    pub(crate) fn measure_process(&mut self) {
        self.extras.process = true;
    }

    pub(crate) fn switch_off(&mut self) {
        self.exit = Some(MakeExit::Nowhere);
    }

    /// # Errors
    ///
    /// An option has a value that cannot be used.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |name, problem: String| Err(Error::new(Kind::Option { name, problem }));
        if self.interval == Some(Duration::ZERO) {
            return refuse("metric_interval", "is zero; expected at least a millisecond or so".to_owned());
        }
        #[cfg(feature = "tokio-metrics")]
        if self.wants_runtime && self.extras.runtime.is_none() {
            let problem = "is called outside of a tokio runtime; expected it inside of the one to measure";
            return refuse("tokio_metrics", problem.to_owned());
        }
        match self.series {
            Some(series) if !(1..=MAX_SERIES).contains(&series) => {
                refuse("metric_series", format!("is {series}; expected 1 to {MAX_SERIES}"))
            }
            _ => Ok(()),
        }
    }

    /// What is done. `otlp` is what the program says about OTLP.
    pub(crate) fn plan(
        self,
        environment: Variables,
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))] otlp: Option<&Otlp>,
    ) -> Plan {
        let numbers = self.numbers(&environment);
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        let otlp = otlp.cloned();
        let exit = self.exit.unwrap_or_else(|| match environment.exporter.map(|set| set.value) {
            Some(Named::None) => MakeExit::Nowhere,
            Some(Named::Console) => MakeExit::console(),
            #[cfg(feature = "prometheus")]
            Some(Named::Prometheus(place)) => MakeExit::Scraped(place),
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            Some(Named::Otlp(by_environment)) => MakeExit::otlp(otlp.unwrap_or(by_environment)),
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            None => otlp.map_or(MakeExit::Nowhere, MakeExit::otlp),
            #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
            None => MakeExit::Nowhere,
        });
        Plan {
            exit,
            extras: self.extras,
            temporality: numbers.temporality.value,
            streams: Streams {
                series: numbers.series.value,
                // What the program says is for all of them.
                series_of: if self.series.is_some() { Vec::new() } else { environment.series_of },
                histograms: numbers.histograms.value,
                #[cfg(feature = "config-file")]
                views: environment.views,
            },
            aliases: numbers.aliases.value,
            rhythm: Rhythm { interval: numbers.interval.value, timeout: numbers.timeout.value },
        }
    }

    fn numbers(&self, environment: &Variables) -> Numbers {
        Numbers {
            temporality: choose(
                self.temporality.or(self.preferred),
                environment.temporality.clone(),
                Temporality::Cumulative,
            ),
            histograms: choose(None, environment.histograms.clone(), Histograms::Explicit),
            series: choose(self.series, environment.series.clone(), SERIES),
            aliases: choose(self.aliases, environment.aliases.clone(), MetricAliases::Off),
            interval: choose(self.interval, environment.interval.clone(), INTERVAL),
            timeout: choose(None, environment.timeout.clone(), TIMEOUT),
        }
    }

    /// The OTLP exporter that metrics go to, and who says so.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(crate) fn otlp<'a>(
        &self,
        environment: &'a Variables,
        otlp: Option<&'a Otlp>,
    ) -> Option<(&'a Otlp, Source)> {
        match (&self.exit, &environment.exporter, otlp) {
            (None, Some(Set { value: Named::Otlp(_), .. }) | None, Some(otlp)) => {
                Some((otlp, Source::Builder))
            }
            (None, Some(Set { value: Named::Otlp(otlp), source }), None) => Some((otlp, source.clone())),
            _ => None,
        }
    }

    /// All of it, for people and programs.
    pub(crate) fn shown(&self, environment: &Variables, sets_otlp: bool) -> Vec<Entry> {
        let numbers = self.numbers(environment);
        let exporter = match (&self.exit, &environment.exporter) {
            (Some(MakeExit::Nowhere), _) => Set::new("none", Source::Builder),
            (Some(MakeExit::To(_)), _) => Set::new("custom", Source::Builder),
            #[cfg(feature = "prometheus")]
            (Some(MakeExit::Scraped(_)), _) => Set::new("prometheus", Source::Builder),
            (None, Some(named)) => Set::new(named.value.name(), named.source.clone()),
            (None, None) if sets_otlp => Set::new("otlp", Source::Builder),
            (None, None) => Set::by_default("none"),
        };
        let millis = |set: Set<Duration>| set.map(|time| format!("{time:?}"));
        let entries = vec![
            Entry::of("metrics.exporter", &exporter),
            Entry::of("metrics.interval", &millis(numbers.interval)),
            Entry::of("metrics.export_timeout", &millis(numbers.timeout)),
            Entry::of(
                "metrics.temporality",
                &numbers.temporality.map(|temporality| match temporality {
                    Temporality::Delta => "delta",
                    Temporality::LowMemory => "lowmemory",
                    _ => "cumulative",
                }),
            ),
            Entry::of("metrics.histograms", &numbers.histograms),
            Entry::of("metrics.series", &numbers.series),
            Entry::of("metrics.aliases", &numbers.aliases),
        ];
        #[cfg(feature = "prometheus")]
        let entries = {
            let place = match (&self.exit, &environment.exporter) {
                (Some(MakeExit::Scraped(place)), _)
                | (None, Some(Set { value: Named::Prometheus(place), .. })) => Some(place),
                _ => None,
            };
            let shown = place.into_iter().flat_map(|place| {
                [
                    Entry::of("metrics.prometheus.host", &place.host),
                    Entry::of("metrics.prometheus.port", &place.port),
                ]
            });
            entries.into_iter().chain(shown).collect()
        };
        entries
    }
}

/// What is no more than a value, each with its source.
struct Numbers {
    temporality: Set<Temporality>,
    histograms: Set<Histograms>,
    series: Set<usize>,
    aliases: Set<MetricAliases>,
    interval: Set<Duration>,
    timeout: Set<Duration>,
}

/// The SDK makes room for all series of a stream at once.
pub(crate) const MAX_SERIES: usize = 1_000_000;

/// Everything decided.
pub(crate) struct Plan {
    pub(super) extras: Extras,
    pub(super) exit: MakeExit,
    pub(super) temporality: Temporality,
    pub(super) streams: Streams,
    pub(super) aliases: MetricAliases,
    pub(super) rhythm: Rhythm,
}
