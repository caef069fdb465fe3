//! The names of the system that this one succeeds, behind a switch: `WIRESPAN_COMPAT=letta`, or `Builder::compatibility`.
//!
//! They count behind OpenTelemetry's and ours. `docs/configuration.md` has the whole mapping. Names are read as they are written here;
//! the old system did not tell capital letters from small ones.

use opentelemetry::KeyValue;

use super::host;
use super::lookup::{Lookup, wrong};
use super::preset;
use super::settings::Settings;
use super::source::Set;
use crate::diagnose::Level;
use crate::setup::error::Error;
use crate::setup::resource::vcs::{Vcs, public_url};

/// A system whose variables are read, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compatibility {
    /// None.
    None,
    /// Letta's `LETTA_…`, and Datadog's `DD_…`.
    Letta,
}

impl Compatibility {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Letta => "letta",
        }
    }

    pub(super) fn read(lookup: &Lookup) -> Result<Option<Set<Self>>, Error> {
        const NAME: &str = "WIRESPAN_COMPAT";
        let Some(text) = lookup.text(NAME)? else { return Ok(None) };
        let found = [Self::None, Self::Letta].into_iter().find(|system| system.as_str() == text.value);
        match found {
            Some(system) => Ok(Some(text.map(|_| system))),
            None => Err(wrong(NAME, &text.value, "letta or none")),
        }
    }
}

/// Adds what the old variables say where nothing else said anything.
///
/// # Errors
///
/// One of them has a value that cannot be used.
pub(super) fn add(settings: &mut Settings, lookup: &Lookup) -> Result<(), Error> {
    if settings.disabled.as_ref().is_none_or(|set| !set.value) {
        settings.disabled = flag(lookup, "LETTA_DISABLE_TRACING")?.or(settings.disabled.take());
    }
    let datadog = flag(lookup, "LETTA_TELEMETRY_ENABLE_DATADOG")?.filter(|on| on.value);
    let agent = [AGENT_HOST, "DD_AGENT_HOST"];
    // Other programs' agents are theirs.
    let agent = if datadog.is_some() { host::read(lookup, &agent)? } else { None };
    if datadog.is_some() && lookup.text("LETTA_TELEMETRY_DATADOG_AGENT_PORT")?.is_some() {
        lookup.warn(
            "LETTA_TELEMETRY_DATADOG_AGENT_PORT has no effect: the agent takes OTLP on port 4317; expected LETTA_OTEL_EXPORTER_OTLP_ENDPOINT for another"
                .to_owned(),
        );
    }
    for name in PROFILING {
        if flag(lookup, name)?.is_some_and(|on| on.value) {
            lookup.warn(format!(
                "{name} has no effect: there is no profiler; expected Datadog's own, beside this"
            ));
        }
    }
    said_more(settings, lookup)?;
    let endpoint = lookup.text("LETTA_OTEL_EXPORTER_OTLP_ENDPOINT")?.or_else(|| {
        let host = agent.unwrap_or("localhost".to_owned());
        datadog.as_ref().map(|on| on.clone().map(|_| format!("http://{host}:4317")))
    });
    if let Some(endpoint) = endpoint {
        export(settings, lookup, &endpoint)?;
    }
    temporality(settings, lookup)?;
    if let Some(on) = &datadog {
        preset::as_datadog_reads(settings, on.source.clone());
    }
    resource(settings, lookup, datadog)
}

const AGENT_HOST: &str = "LETTA_TELEMETRY_DATADOG_AGENT_HOST";
/// Switches of a profiler.
const PROFILING: [&str; 3] = [
    "LETTA_TELEMETRY_DATADOG_PROFILING_ENABLED",
    "LETTA_TELEMETRY_DATADOG_PROFILING_MEMORY_ENABLED",
    "LETTA_TELEMETRY_DATADOG_PROFILING_HEAP_ENABLED",
];

/// What is said of telemetry itself, which events become log records, and the repository.
fn said_more(settings: &mut Settings, lookup: &Lookup) -> Result<(), Error> {
    let verbose = flag(lookup, "LETTA_LOGGING_VERBOSE_TELEMETRY_LOGGING")?.filter(|on| on.value);
    if settings.log_level.is_none() {
        settings.log_level = verbose.map(|on| on.map(|_| Level::Debug));
    }
    let debug = flag(lookup, "LETTA_DEBUG")?;
    #[cfg(feature = "logs")]
    settings.logs.listen_to_debug(debug.filter(|on| on.value));
    #[cfg(not(feature = "logs"))]
    let _ = debug;
    let url = lookup
        .text("DATADOG_GIT_REPOSITORY_URL")?
        .and_then(|text| Some(Set::new(public_url(&text.value)?, text.source)));
    settings.vcs = std::mem::take(&mut settings.vcs).or(Vcs { url, revision: None });
    Ok(())
}

/// `true` and `false` as the old system reads them.
fn flag(lookup: &Lookup, name: &'static str) -> Result<Option<Set<bool>>, Error> {
    let Some(text) = lookup.text(name)? else { return Ok(None) };
    match text.value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "on" | "t" => Ok(Some(text.map(|_| true))),
        "false" | "0" | "no" | "n" | "off" | "f" => Ok(Some(text.map(|_| false))),
        _ => Err(wrong(name, &text.value, "true or false")),
    }
}

/// Traces and metrics go there, by gRPC as they did.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn export(settings: &mut Settings, lookup: &Lookup, endpoint: &Set<String>) -> Result<(), Error> {
    use super::exporters::bounded;
    use super::source::Source;
    use crate::export::Chosen;
    use crate::export::otlp::{Otlp, Signal};

    let otlp = || match endpoint.source {
        Source::Variable(name) => Otlp::grpc().endpoint_of(name, endpoint.value.clone()),
        _ => Otlp::grpc().endpoint(endpoint.value.clone()),
    };
    let source = || endpoint.source.clone();
    let traces = bounded(lookup, Signal::Traces, otlp())?;
    settings.exporter.get_or_insert_with(|| Set::new(Chosen::Otlp(traces), source()));
    #[cfg(feature = "metrics")]
    {
        use crate::metrics::variables::Named;

        let metrics = bounded(lookup, Signal::Metrics, otlp())?;
        settings.metrics.exporter.get_or_insert_with(|| Set::new(Named::Otlp(metrics), source()));
    }
    Ok(())
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn export(_: &mut Settings, _: &Lookup, _: &Set<String>) -> Result<(), Error> {
    use crate::setup::error::Kind;

    Err(Error::new(Kind::MissingFeature { protocol: "grpc", feature: "otlp-grpc" }))
}

/// 0 is what the exporter prefers, 1 delta, 2 cumulative.
fn temporality(settings: &mut Settings, lookup: &Lookup) -> Result<(), Error> {
    const NAME: &str = "LETTA_OTEL_PREFERRED_TEMPORALITY";
    let Some(text) = lookup.text(NAME)? else { return Ok(()) };
    if !matches!(&*text.value, "0" | "1" | "2") {
        return Err(wrong(NAME, &text.value, "0 (unspecified), 1 (delta) or 2 (cumulative)"));
    }
    #[cfg(feature = "metrics")]
    {
        use opentelemetry_sdk::metrics::Temporality;

        let temporality = match &*text.value {
            "1" => Some(Temporality::Delta),
            "2" => Some(Temporality::Cumulative),
            _ => None,
        };
        if let (None, Some(temporality)) = (&settings.metrics.temporality, temporality) {
            settings.metrics.temporality = Some(text.map(|_| temporality));
        }
    }
    #[cfg(not(feature = "metrics"))]
    let _ = settings;
    Ok(())
}

fn resource(settings: &mut Settings, lookup: &Lookup, datadog: Option<Set<bool>>) -> Result<(), Error> {
    let mut attributes = Vec::new();
    let mut add = |key: &'static str, value: Option<(&'static str, Set<String>)>| {
        attributes.extend(value.map(|(_, set)| set.map(|value| KeyValue::new(key, value))));
    };
    let own: &[&str] = if datadog.is_some() {
        &["LETTA_TELEMETRY_DATADOG_SERVICE_NAME", "DD_SERVICE"]
    } else {
        &["DD_SERVICE"]
    };
    let service = lookup.first(own)?;
    // The old name, with the environment as a suffix.
    let named = lookup
        .text("ENV_NAME")?
        .map(|name| ("ENV_NAME", name.map(|name| format!("letta-server-{}", name.to_lowercase()))));
    add("service.name", service.or(named));
    add("service.version", lookup.first(&["DD_VERSION"])?);
    // There `STAGING` is `dev`, too; everything else gets its one spelling as usual.
    let environment = lookup.first(&["LETTA_ENVIRONMENT", "DD_ENV"])?.map(|(name, set)| {
        let is_dev = |value: &str| name == "LETTA_ENVIRONMENT" && value.eq_ignore_ascii_case("staging");
        (name, set.map(|value| if is_dev(&value) { "dev".to_owned() } else { value }))
    });
    // Datadog is never without one there.
    let none = datadog.map(|on| ("LETTA_TELEMETRY_ENABLE_DATADOG", on.map(|_| "development".to_owned())));
    add("deployment.environment.name", environment.or(none));
    // The last of a name counts.
    settings.resource.splice(0..0, attributes);
    Ok(())
}

#[cfg(test)]
#[cfg(all(feature = "otlp-grpc", feature = "metrics"))]
mod tests;
