//! The names of the system that this one succeeds, behind a switch: `WIRESPAN_COMPAT=letta`, or `Builder::compatibility`.
//!
//! They count behind OpenTelemetry's and ours. `docs/configuration.md` has the whole mapping. Names are read as they are written here;
//! the old system did not tell capital letters from small ones.

use opentelemetry::KeyValue;

use super::lookup::{Lookup, wrong};
use super::settings::Settings;
use super::source::Set;
use crate::setup::error::Error;

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
    let agent = lookup.first(&["LETTA_TELEMETRY_DATADOG_AGENT_HOST", "DD_AGENT_HOST"])?;
    if datadog.is_some() && lookup.text("LETTA_TELEMETRY_DATADOG_AGENT_PORT")?.is_some() {
        lookup.warn(
            "LETTA_TELEMETRY_DATADOG_AGENT_PORT has no effect: the agent takes OTLP on port 4317; expected LETTA_OTEL_EXPORTER_OTLP_ENDPOINT for another"
                .to_owned(),
        );
    }
    let endpoint = lookup.text("LETTA_OTEL_EXPORTER_OTLP_ENDPOINT")?.or_else(|| {
        let host = agent.map_or("localhost".to_owned(), |(_, host)| host.value);
        datadog.as_ref().map(|on| on.clone().map(|_| format!("http://{host}:4317")))
    });
    if let Some(endpoint) = endpoint {
        export(settings, &endpoint)?;
    }
    temporality(settings, lookup)?;
    resource(settings, lookup, datadog.is_some())
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
#[expect(clippy::unnecessary_wraps, reason = "the other one fails")]
fn export(settings: &mut Settings, endpoint: &Set<String>) -> Result<(), Error> {
    use crate::export::Chosen;
    use crate::export::otlp::Otlp;

    let otlp = || Otlp::grpc().endpoint(endpoint.value.clone());
    let source = || endpoint.source.clone();
    settings.exporter.get_or_insert_with(|| Set::new(Chosen::Otlp(otlp()), source()));
    #[cfg(feature = "metrics")]
    {
        use crate::metrics::variables::Named;

        settings.metrics.exporter.get_or_insert_with(|| Set::new(Named::Otlp(otlp()), source()));
    }
    Ok(())
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn export(_: &mut Settings, _: &Set<String>) -> Result<(), Error> {
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

fn resource(settings: &mut Settings, lookup: &Lookup, datadog: bool) -> Result<(), Error> {
    let mut attributes = Vec::new();
    let mut add = |key: &'static str, value: Option<(&'static str, Set<String>)>| {
        attributes.extend(value.map(|(_, set)| set.map(|value| KeyValue::new(key, value))));
    };
    let own: &[&str] =
        if datadog { &["LETTA_TELEMETRY_DATADOG_SERVICE_NAME", "DD_SERVICE"] } else { &["DD_SERVICE"] };
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
    add("deployment.environment.name", environment);
    // The last of a name counts.
    settings.resource.splice(0..0, attributes);
    Ok(())
}

#[cfg(test)]
#[cfg(all(feature = "otlp-grpc", feature = "metrics"))]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        let switch = [("WIRESPAN_COMPAT", "letta")];
        let lookup = Lookup::of(&[&switch, variables].concat());
        Settings::read(&lookup).unwrap_or_else(|error| panic!("{variables:?}: {error}"))
    }

    fn refused(name: &str, value: &str) {
        let lookup = Lookup::of(&[("WIRESPAN_COMPAT", "letta"), (name, value)]);
        let error = Settings::read(&lookup).expect_err(name).to_string();
        assert!(error.starts_with(&format!("{name} is `{value}`; expected ")), "{error}");
    }

    fn exporter(settings: &Settings) -> Option<(&'static str, String)> {
        settings.exporter.as_ref().map(|set| (set.value.name(), set.source.to_string()))
    }

    fn attributes(settings: &Settings) -> Vec<String> {
        let read = settings.resource.iter().map(|set| &set.value);
        read.map(|pair| format!("{}={}", pair.key, pair.value)).collect()
    }

    #[test]
    fn without_the_switch_no_old_name_counts() {
        for switch in [&[][..], &[("WIRESPAN_COMPAT", "none")], &[("WIRESPAN_COMPAT", "")]] {
            let old = [
                ("LETTA_OTEL_EXPORTER_OTLP_ENDPOINT", "http://old:4317"),
                ("LETTA_DISABLE_TRACING", "true"),
                ("DD_SERVICE", "old"),
                ("LETTA_OTEL_PREFERRED_TEMPORALITY", "no number"),
            ];
            let settings = Settings::read(&Lookup::of(&[switch, &old].concat())).expect("good");
            assert_eq!((exporter(&settings), settings.disabled.is_none()), (None, true));
            assert_eq!(attributes(&settings), [""; 0]);
        }
        let wrong =
            Settings::read(&Lookup::of(&[("WIRESPAN_COMPAT", "letter")])).expect_err("unknown").to_string();
        assert_eq!(wrong, "WIRESPAN_COMPAT is `letter`; expected letta or none");
    }

    #[test]
    fn the_old_endpoint_is_for_traces_and_metrics_and_opentelemetrys_counts_before() {
        let old = ("LETTA_OTEL_EXPORTER_OTLP_ENDPOINT", "http://old:4317");
        let one = settings(&[old]);
        assert_eq!(exporter(&one), Some(("otlp", old.0.to_owned())));
        assert_eq!(one.metrics.exporter.map(|set| set.source.to_string()), Some(old.0.to_owned()));
        let both = settings(&[old, ("OTEL_TRACES_EXPORTER", "console")]);
        assert_eq!(exporter(&both), Some(("console", "OTEL_TRACES_EXPORTER".to_owned())));
        assert_eq!(exporter(&settings(&[(old.0, "")])), None);
    }

    #[test]
    fn each_old_variable_has_a_good_a_bad_and_no_value() {
        for (on, off) in [("true", "false"), ("1", "0"), ("Yes", "No"), ("on", "off")] {
            let disabled =
                |value| settings(&[("LETTA_DISABLE_TRACING", value)]).disabled.map(|set| set.value);
            assert_eq!([disabled(on), disabled(off), disabled("")], [Some(true), Some(false), None]);
        }
        refused("LETTA_DISABLE_TRACING", "maybe");
        let temporality = |value| {
            let read = settings(&[("LETTA_OTEL_PREFERRED_TEMPORALITY", value)]).metrics.temporality;
            read.map(|set| format!("{:?}", set.value))
        };
        assert_eq!(temporality("1").as_deref(), Some("Delta"));
        assert_eq!(temporality("2").as_deref(), Some("Cumulative"));
        assert_eq!([temporality("0"), temporality("")], [None, None]);
        refused("LETTA_OTEL_PREFERRED_TEMPORALITY", "3");
        let datadog = "LETTA_TELEMETRY_ENABLE_DATADOG";
        assert_eq!(exporter(&settings(&[(datadog, "true")])), Some(("otlp", datadog.to_owned())));
        assert_eq!(exporter(&settings(&[(datadog, "false"), ("DD_AGENT_HOST", "agent")])), None);
        refused(datadog, "2");
        let port = settings(&[(datadog, "true"), ("LETTA_TELEMETRY_DATADOG_AGENT_PORT", "8126")]);
        assert!(port.warnings[0].starts_with("LETTA_TELEMETRY_DATADOG_AGENT_PORT has no effect"));
    }

    #[test]
    fn old_names_describe_the_service_behind_the_new_ones() {
        let all = [
            ("ENV_NAME", "Blue"),
            ("DD_VERSION", "1.2"),
            ("DD_ENV", "dev"),
            ("LETTA_ENVIRONMENT", "STAGING"),
        ];
        assert_eq!(
            attributes(&settings(&all)),
            ["service.name=letta-server-blue", "service.version=1.2", "deployment.environment.name=dev"]
        );
        let named = settings(&[
            ("DD_SERVICE", "shop"),
            ("ENV_NAME", "x"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=cart"),
        ]);
        assert_eq!(attributes(&named), ["service.name=shop", "service.name=cart"], "the last counts");
        assert_eq!(attributes(&settings(&[("ENV_NAME", ""), ("DD_ENV", " ")])), [""; 0]);
    }
}
