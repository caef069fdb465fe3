//! `meter_provider` and `logger_provider`.

use super::at::At;
use crate::setup::config::settings::Settings;
use crate::setup::error::Error;

/// Reads what is there. A signal that the file does not name is not exported, by the schema.
pub(super) fn read(
    settings: &mut Settings,
    root: &At<'_>,
    meter: Option<&At<'_>>,
    logger: Option<&At<'_>>,
) -> Result<(), Error> {
    #[cfg(feature = "metrics")]
    metrics::read(settings, root, meter)?;
    #[cfg(not(feature = "metrics"))]
    if let (_, _, Some(at)) = (settings, root, meter) {
        return Err(at.problem("needs the feature `metrics` of the crate `wirespan`"));
    }
    if let Some(at) = logger {
        at.warn("has no effect: logs are not set by a file yet; expected `Builder::log_exporter` or `Builder::otlp`");
    }
    Ok(())
}

#[cfg(feature = "metrics")]
mod metrics {
    use std::time::Duration;

    use opentelemetry_sdk::metrics::Temporality;

    use super::super::at::At;
    use super::super::exporter::{self, Exporter};
    use crate::metrics::options::Histograms;
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

    pub(super) fn read(settings: &mut Settings, root: &At<'_>, meter: Option<&At<'_>>) -> Result<(), Error> {
        settings.metrics = Variables { exporter: Some(root.set(Named::None)), ..Variables::default() };
        let Some(meter) = meter else { return Ok(()) };
        let fields = meter.map(&["readers", "views", "exemplar_filter", "meter_configurator/development"])?;
        fields.no_effect(&["views"], "expected the instruments' own buckets and names");
        if let Some(filter) = fields.get("exemplar_filter") {
            if filter.one_of(&[("trace_based", false), ("always_off", false), ("always_on", true)])? {
                filter.warn("has no effect: there are no exemplars");
            }
        }
        fields.no_effect(&["meter_configurator/development"], "every meter measures");
        let readers = fields.require("readers")?.list()?;
        let [reader] = &readers[..] else {
            return Err(
                meter.problem("has several `readers`; expected one, since metrics go to one exporter")
            );
        };
        let (name, periodic) = reader.one(&["periodic", "pull"])?;
        if name == "pull" {
            return Err(periodic.problem("is not supported here; expected `periodic`"));
        }
        let fields = periodic.map(&[
            "interval",
            "timeout",
            "exporter",
            "producers",
            "cardinality_limits",
            "max_export_batch_size/development",
        ])?;
        fields.no_effect(&["producers", "max_export_batch_size/development"], "it is not supported");
        fields.no_effect(&["cardinality_limits"], "expected `Builder::metric_series`");
        let variables = &mut settings.metrics;
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
}
