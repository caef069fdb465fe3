//! `meter_provider`: one reader, which sends or is read, and series.

use std::time::Duration;

use opentelemetry_sdk::metrics::{InstrumentKind, Temporality};

use super::at::At;
use super::exporter::{self, Exporter};
use super::views;
use crate::metrics::options::{Histograms, MAX_SERIES};
use crate::metrics::variables::{Named, Variables};
use crate::setup::config::lookup::MAX_MILLIS;
use crate::setup::config::settings::Settings;
use crate::setup::error::Error;

const TEMPORALITIES: [(&str, Temporality); 3] = [
    ("cumulative", Temporality::Cumulative),
    ("delta", Temporality::Delta),
    ("low_memory", Temporality::LowMemory),
];
const HISTOGRAMS: [(&str, Histograms); 2] = [
    ("explicit_bucket_histogram", Histograms::Explicit),
    ("base2_exponential_bucket_histogram", Histograms::Exponential),
];
/// Kinds of instruments, by the schema's names.
pub(super) const KINDS: [(&str, InstrumentKind); 7] = [
    ("counter", InstrumentKind::Counter),
    ("gauge", InstrumentKind::Gauge),
    ("histogram", InstrumentKind::Histogram),
    ("observable_counter", InstrumentKind::ObservableCounter),
    ("observable_gauge", InstrumentKind::ObservableGauge),
    ("observable_up_down_counter", InstrumentKind::ObservableUpDownCounter),
    ("up_down_counter", InstrumentKind::UpDownCounter),
];

pub(super) fn read(settings: &mut Settings, root: &At<'_>, meter: Option<&At<'_>>) -> Result<(), Error> {
    let beside = Variables::beside_file(root.file.lookup)?;
    settings.metrics = Variables { exporter: Some(root.set(Named::None)), ..beside };
    let Some(meter) = meter else { return Ok(()) };
    let fields = meter.map(&["readers", "views", "exemplar_filter", "meter_configurator/development"])?;
    if let Some(filter) = fields.get("exemplar_filter") {
        if filter.one_of(&[("trace_based", false), ("always_off", false), ("always_on", true)])? {
            filter.warn("has no effect: there are no exemplars");
        }
    }
    fields.no_effect(
        &["meter_configurator/development"],
        "every meter measures; expected a view with the aggregation `drop`",
    );
    let readers = fields.require("readers")?.list()?;
    let [reader] = &readers[..] else {
        return Err(meter.problem("has several `readers`; expected one, since metrics go to one exporter"));
    };
    let variables = &mut settings.metrics;
    if let Some(list) = fields.get("views") {
        variables.views = list.list()?.iter().map(views::read).collect::<Result<_, _>>()?;
    }
    match reader.one(&["periodic", "pull"])? {
        ("periodic", periodic) => periodic_reader(variables, &periodic),
        (_, pull) => {
            for view in variables.views.iter().filter(|view| view.is_exponential()) {
                let name = view.instrument.as_deref().unwrap_or("*");
                pull.warn(&format!(
                    "has buckets with bounds: the view of `{name}` says exponential ones, which has no effect"
                ));
            }
            pull_reader(variables, &pull)
        }
    }
}

fn periodic_reader(variables: &mut Variables, at: &At<'_>) -> Result<(), Error> {
    let fields = at.map(&[
        "interval",
        "timeout",
        "exporter",
        "producers",
        "cardinality_limits",
        "max_export_batch_size/development",
    ])?;
    fields.no_effect(&["producers", "max_export_batch_size/development"], "it is not supported");
    if let Some(limits) = fields.get("cardinality_limits") {
        cardinality_limits(variables, &limits)?;
    }
    variables.interval =
        fields.set("interval", |at| Ok(Duration::from_millis(at.number(1..=MAX_MILLIS)?)))?;
    // Zero is no limit: the longest time.
    variables.timeout = fields.set("timeout", |at| {
        let millis = at.number(0..=MAX_MILLIS)?;
        Ok(Duration::from_millis(if millis == 0 { MAX_MILLIS } else { millis }))
    })?;
    let (exporter, place) = exporter::read(&fields.require("exporter")?, true)?;
    let options = place.any_map()?;
    variables.temporality = options.set("temporality_preference", |at| at.one_of(&TEMPORALITIES))?;
    variables.histograms = options.set("default_histogram_aggregation", |at| at.one_of(&HISTOGRAMS))?;
    variables.exporter = Some(place.set(match exporter {
        Exporter::Console => Named::Console,
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        Exporter::Otlp(otlp) => Named::Otlp(*otlp),
    }));
    Ok(())
}

fn pull_reader(variables: &mut Variables, at: &At<'_>) -> Result<(), Error> {
    let fields = at.map(&["exporter", "producers", "cardinality_limits"])?;
    fields.no_effect(&["producers"], "it is not supported");
    if let Some(limits) = fields.get("cardinality_limits") {
        cardinality_limits(variables, &limits)?;
    }
    let (_, place) = fields.require("exporter")?.one(&["prometheus/development"])?;
    variables.exporter = Some(place.set(page(&place)?));
    Ok(())
}

/// The limits of series: of all, and of a kind.
fn cardinality_limits(variables: &mut Variables, at: &At<'_>) -> Result<(), Error> {
    let kinds = KINDS.map(|(name, _)| name);
    let known: Vec<&str> = std::iter::once("default").chain(kinds).collect();
    let fields = at.map(&known)?;
    variables.series = fields.set("default", series)?;
    for (name, kind) in KINDS {
        if let Some(limit) = fields.get(name) {
            variables.series_of.push((kind, series(&limit)?));
        }
    }
    Ok(())
}

/// A number of series. More than the SDK can make room for is no number here.
pub(super) fn series(at: &At<'_>) -> Result<usize, Error> {
    let number = at.number(1..=MAX_SERIES as u64)?;
    Ok(usize::try_from(number).unwrap_or(MAX_SERIES))
}

#[cfg(feature = "prometheus")]
fn page(at: &At<'_>) -> Result<Named, Error> {
    use super::names;
    use crate::metrics::scrape::Place;

    const STRATEGIES: [(&str, Option<bool>); 8] = [
        ("underscore_escaping_with_suffixes", Some(false)),
        ("underscore_escaping_without_suffixes", Some(true)),
        ("no_utf8_escaping_with_suffixes", None),
        ("no_translation", None),
        // As they were written before version 1.
        ("UnderscoreEscapingWithSuffixes", Some(false)),
        ("UnderscoreEscapingWithoutSuffixes", Some(true)),
        ("NoUTF8EscapingWithSuffixes", None),
        ("NoTranslation", None),
    ];
    let fields = at.map(&[
        "host",
        "port",
        "without_scope_info",
        "without_target_info",
        "with_resource_constant_labels",
        "translation_strategy",
    ])?;
    let mut place = Place::default();
    if let Some(host) = fields.set("host", At::text)? {
        place.host = host;
    }
    let port = |at: &At<'_>| Ok(u16::try_from(at.number(1..=65_535)?).unwrap_or(u16::MAX));
    if let Some(port) = fields.set("port", port)? {
        place.port = port;
    }
    let flag = |key| fields.get(key).map_or(Ok(false), |at| at.flag());
    place.page.without_scope = flag("without_scope_info")?;
    place.page.without_target = flag("without_target_info")?;
    place.page.labels = fields.get("with_resource_constant_labels").map(|at| names(&at)).transpose()?;
    if let Some(strategy) = fields.get("translation_strategy") {
        match strategy.one_of(&STRATEGIES)? {
            Some(without) => place.page.without_suffixes = without,
            None => {
                strategy.warn("has no effect: names are of letters, digits and underscores, with suffixes");
            }
        }
    }
    Ok(Named::Prometheus(place))
}

#[cfg(not(feature = "prometheus"))]
fn page(at: &At<'_>) -> Result<Named, Error> {
    Err(at.problem("needs the feature `prometheus` of the crate `wirespan`"))
}
