//! The name of every variable that is read.
//!
//! A slip of the pen is compared with these. `docs/configuration.md` says what each does; tests compare that page with this list, and
//! this list with the source. Whoever reads another variable adds it to both.

/// The four variables of the OTLP exporter with this end: for all signals, and for each.
macro_rules! otlp {
    ($($end:literal),* $(,)?) => {
        [$(
            concat!("OTEL_EXPORTER_OTLP_", $end),
            concat!("OTEL_EXPORTER_OTLP_TRACES_", $end),
            concat!("OTEL_EXPORTER_OTLP_METRICS_", $end),
            concat!("OTEL_EXPORTER_OTLP_LOGS_", $end),
        )*]
    };
}

/// OpenTelemetry's, and ours.
const GENERAL: &[&str] = &[
    "OTEL_SDK_DISABLED",
    "OTEL_CONFIG_FILE",
    "OTEL_EXPERIMENTAL_CONFIG_FILE",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_ENTITIES",
    "OTEL_SEMCONV_STABILITY_OPT_IN",
    "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN",
    "OTEL_LOG_LEVEL",
    "OTEL_PROPAGATORS",
    "OTEL_TRACES_EXPORTER",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_BSP_MAX_CONCURRENT_EXPORTS",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_METRICS_EXPORTER",
    "OTEL_METRICS_EXEMPLAR_FILTER",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_METRIC_EXPORT_TIMEOUT",
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
    "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
    "OTEL_EXPORTER_PROMETHEUS_HOST",
    "OTEL_EXPORTER_PROMETHEUS_PORT",
    "OTEL_LOGS_EXPORTER",
    "OTEL_BLRP_SCHEDULE_DELAY",
    "OTEL_BLRP_EXPORT_TIMEOUT",
    "OTEL_BLRP_MAX_QUEUE_SIZE",
    "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
    "RUST_LOG",
    "WIRESPAN_FILTER",
    "WIRESPAN_METRIC_ALIASES",
    "WIRESPAN_STATUS_OK",
    "WIRESPAN_OPENTELEMETRY_CONTEXT",
    "WIRESPAN_GLOBAL_PROVIDERS",
    "WIRESPAN_SAMPLE_EVERY_SPAN",
    "WIRESPAN_FLUSH_INTERVAL",
    "WIRESPAN_BUFFER_BYTES",
    "WIRESPAN_QUEUE_BYTES",
    "WIRESPAN_WAIT_WHEN_FULL",
    "WIRESPAN_CONTEXT_METRICS",
    "WIRESPAN_CONTEXT_TO_BAGGAGE",
    "WIRESPAN_CONTEXT_FROM_BAGGAGE",
    "WIRESPAN_SPOOL_DIR",
    "WIRESPAN_SPOOL_MODE",
    "WIRESPAN_SPOOL_MAX_BYTES",
    "WIRESPAN_PRESET",
    "WIRESPAN_PRESET_REGION",
    "WIRESPAN_COMPAT",
];

/// What presets read of the places that they are for.
const PLACES: &[&str] = &[
    "DD_API_KEY",
    "DD_SITE",
    "SIGNOZ_INGESTION_KEY",
    "HYPERDX_API_KEY",
    "LOGFIRE_TOKEN",
    "HONEYCOMB_API_KEY",
    "HONEYCOMB_METRICS_DATASET",
];

/// Another system's, read where the switch is on.
const COMPATIBLE: &[&str] = &[
    "LETTA_OTEL_EXPORTER_OTLP_ENDPOINT",
    "LETTA_DISABLE_TRACING",
    "LETTA_OTEL_PREFERRED_TEMPORALITY",
    "LETTA_TELEMETRY_ENABLE_DATADOG",
    "LETTA_TELEMETRY_DATADOG_AGENT_HOST",
    "LETTA_TELEMETRY_DATADOG_AGENT_PORT",
    "LETTA_TELEMETRY_DATADOG_SERVICE_NAME",
    "LETTA_TELEMETRY_DATADOG_PROFILING_ENABLED",
    "LETTA_TELEMETRY_DATADOG_PROFILING_MEMORY_ENABLED",
    "LETTA_TELEMETRY_DATADOG_PROFILING_HEAP_ENABLED",
    "LETTA_LOGGING_VERBOSE_TELEMETRY_LOGGING",
    "LETTA_DEBUG",
    "DATADOG_GIT_REPOSITORY_URL",
    "DD_AGENT_HOST",
    "DD_SERVICE",
    "DD_VERSION",
    "DD_ENV",
    "ENV_NAME",
    "LETTA_ENVIRONMENT",
];

/// The OTLP exporter's.
const OTLP: &[&str] = &otlp![
    "PROTOCOL",
    "ENDPOINT",
    "INSECURE",
    "HEADERS",
    "TIMEOUT",
    "COMPRESSION",
    "CERTIFICATE",
    "CLIENT_CERTIFICATE",
    "CLIENT_KEY",
];

/// Every name that is read.
pub(crate) fn known() -> impl Iterator<Item = &'static str> {
    GENERAL.iter().chain(OTLP).chain(PLACES).chain(COMPATIBLE).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    const PAGE: &str = include_str!("../../../docs/configuration.md");
    const SIGNALS: [&str; 3] = ["TRACES_", "METRICS_", "LOGS_"];

    /// The columns of each row of the page's tables.
    fn rows() -> impl Iterator<Item = Vec<&'static str>> {
        let lines = PAGE.lines().filter(|line| line.starts_with("| `"));
        lines.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
    }

    #[test]
    fn the_page_has_a_row_for_each_name_and_no_others() {
        let mut told = BTreeSet::new();
        for columns in rows() {
            assert!(columns.len() >= 3 && columns.iter().all(|column| !column.is_empty()), "{columns:?}");
            let name = columns[0].trim_matches('`');
            assert!(told.insert(name.to_owned()), "{name} has two rows");
            let general = name.strip_prefix("OTEL_EXPORTER_OTLP_").filter(|end| !end.starts_with("METRICS_"));
            for signal in general.map_or(&[][..], |_| &SIGNALS) {
                told.insert(format!("OTEL_EXPORTER_OTLP_{signal}{}", general.unwrap_or_default()));
            }
        }
        let read: BTreeSet<String> = known().map(str::to_owned).collect();
        assert_eq!(told, read);
    }

    /// Texts in the source that are names of variables.
    fn named(folder: &Path, names: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("it is the source") {
            let path = entry.expect("it is there").path();
            if path.is_dir() {
                named(&path, names);
            } else if !path.ends_with("setup/config/known.rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let is_name = |part: &&str| {
                    let begins = [
                        "ENV_NAME",
                        "DATADOG_",
                        "OTEL_",
                        "WIRESPAN_",
                        "LETTA_",
                        "RUST_",
                        "DD_",
                        "SIGNOZ_",
                        "HYPERDX_",
                        "LOGFIRE_",
                        "HONEYCOMB_",
                    ]
                    .iter()
                    .any(|prefix| part.starts_with(prefix));
                    begins
                        && part
                            .bytes()
                            .all(|byte| byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit())
                };
                names.extend(code.split('"').filter(is_name).map(str::to_owned));
            }
        }
    }

    #[test]
    fn each_name_in_the_source_is_in_the_list_and_the_other_way_round() {
        let mut names = BTreeSet::new();
        named(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
        // Those of a build script are read by the compiler.
        // Those of the repository are others', with a paragraph of their own.
        let elsewhere = |name: &str| {
            name.ends_with('_') || name.starts_with("WIRESPAN_VCS_") || name.starts_with("DD_GIT_")
        };
        for name in names.iter().filter(|name| !elsewhere(name)) {
            assert!(known().any(|known| known == name), "{name} is read and not in the list");
        }
        for name in GENERAL.iter().chain(PLACES).chain(COMPATIBLE) {
            assert!(names.contains(*name), "{name} is in the list and read by nobody");
        }
    }
}
