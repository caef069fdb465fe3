//! Every variable that is known, with a good value, a bad one and none, over the whole configuration: the list is the table, so a
//! variable without a row fails the test. What a good value does in detail is tested where it is read.

mod numbers;

use std::collections::BTreeSet;

use super::*;
use crate::Builder;

/// Something is sent.
const BESIDE: &[(&str, &str)] = &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")];

/// What there is to say of a variable.
struct Row {
    name: String,
    /// What else is set: for variables that count beside others alone.
    beside: &'static [(&'static str, &'static str)],
    good: &'static str,
    bad: Wrong,
}

/// What a bad value does.
#[derive(Clone, Copy)]
enum Wrong {
    /// It is refused: the error begins with the variable's name.
    Refused(&'static str),
    /// The default counts, and a warning begins with the name.
    Warned(&'static str),
    /// The first is as good as any; there is only text that is none.
    Nothing,
}
use Wrong::{Nothing, Refused, Warned};

type Beside = &'static [(&'static str, &'static str)];

const OTLP: Beside = &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")];
const LETTA: Beside = &[("WIRESPAN_COMPAT", "letta")];
const AGENT: Beside = &[("WIRESPAN_COMPAT", "letta"), ("LETTA_TELEMETRY_ENABLE_DATADOG", "true")];
const SPOOL: Beside = &[("WIRESPAN_SPOOL_DIR", "/var/lib/spans")];
const DATADOG: Beside = &[("WIRESPAN_PRESET", "datadog"), ("DD_API_KEY", "hunter2")];

const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/export/otlp/tls/testdata/client.pem");

/// Names that do not end in one of OTLP's.
const ROWS: &[(&str, Beside, &str, Wrong)] = &[
    ("OTEL_SDK_DISABLED", &[], "true", Warned("1")),
    ("OTEL_CONFIG_FILE", &[], "", Refused("/nowhere/otel.yaml")),
    ("OTEL_EXPERIMENTAL_CONFIG_FILE", &[], "", Refused("/nowhere/otel.yaml")),
    ("OTEL_SERVICE_NAME", &[], "shop", Nothing),
    ("OTEL_RESOURCE_ATTRIBUTES", &[], "team=blue", Warned("team")),
    ("OTEL_ENTITIES", &[], "", Warned("service{service.name=a}")),
    ("OTEL_SEMCONV_STABILITY_OPT_IN", &[], "", Warned("http/dup")),
    ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", &[], "", Warned("logs")),
    ("OTEL_LOG_LEVEL", &[], "warn", Refused("loud")),
    ("OTEL_PROPAGATORS", &[], "baggage", Refused("b3")),
    ("OTEL_TRACES_EXPORTER", &[], "none", Refused("zipkin")),
    ("OTEL_TRACES_SAMPLER", &[], "always_off", Refused("sometimes")),
    ("OTEL_TRACES_SAMPLER_ARG", &[("OTEL_TRACES_SAMPLER", "traceidratio")], "0.25", Refused("2")),
    ("OTEL_BSP_SCHEDULE_DELAY", &[], "700", Warned("0")),
    ("OTEL_BSP_EXPORT_TIMEOUT", &[], "700", Warned("-1")),
    ("OTEL_BSP_MAX_QUEUE_SIZE", &[], "70000", Warned("0")),
    ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", &[], "7", Warned("0")),
    ("OTEL_BSP_MAX_CONCURRENT_EXPORTS", OTLP, "7", Warned("0")),
    ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", &[], "7", Warned("x")),
    ("OTEL_ATTRIBUTE_COUNT_LIMIT", &[], "7", Warned("x")),
    ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", &[], "7", Warned("x")),
    ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", &[], "7", Warned("x")),
    ("OTEL_SPAN_EVENT_COUNT_LIMIT", &[], "7", Warned("x")),
    ("OTEL_SPAN_LINK_COUNT_LIMIT", &[], "7", Warned("x")),
    ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", &[], "7", Warned("x")),
    ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", &[], "7", Warned("x")),
    ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", &[], "7", Warned("x")),
    ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", &[], "7", Warned("x")),
    ("OTEL_METRICS_EXPORTER", &[], "console", Refused("zipkin")),
    ("OTEL_METRICS_EXEMPLAR_FILTER", &[], "", Warned("trace_based")),
    ("OTEL_METRIC_EXPORT_INTERVAL", &[], "700", Warned("0")),
    ("OTEL_METRIC_EXPORT_TIMEOUT", &[], "700", Warned("soon")),
    ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", &[], "delta", Refused("0")),
    (
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
        &[],
        "base2_exponential_bucket_histogram",
        Refused("log"),
    ),
    ("OTEL_EXPORTER_PROMETHEUS_HOST", &[("OTEL_METRICS_EXPORTER", "prometheus")], "0.0.0.0", Nothing),
    ("OTEL_EXPORTER_PROMETHEUS_PORT", &[("OTEL_METRICS_EXPORTER", "prometheus")], "7", Warned("0")),
    ("OTEL_LOGS_EXPORTER", &[], "none", Refused("zipkin")),
    ("OTEL_BLRP_SCHEDULE_DELAY", &[], "700", Warned("0")),
    ("OTEL_BLRP_EXPORT_TIMEOUT", &[], "700", Warned("0")),
    ("OTEL_BLRP_MAX_QUEUE_SIZE", &[], "700", Warned("0")),
    ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", &[], "7", Warned("0")),
    ("RUST_LOG", &[], "shop=debug", Warned("shop[span]=debug=x")),
    ("WIRESPAN_FILTER", &[], "info", Refused("a-b")),
    ("WIRESPAN_METRIC_ALIASES", &[], "instead", Refused("both")),
    ("WIRESPAN_STATUS_OK", &[], "false", Refused("no")),
    ("WIRESPAN_OPENTELEMETRY_CONTEXT", &[], "false", Refused("no")),
    ("WIRESPAN_GLOBAL_PROVIDERS", &[], "false", Refused("no")),
    ("WIRESPAN_SAMPLE_EVERY_SPAN", &[], "true", Refused("no")),
    ("WIRESPAN_FLUSH_INTERVAL", &[], "700", Refused("0")),
    ("WIRESPAN_BUFFER_BYTES", &[], "700000", Refused("0")),
    ("WIRESPAN_QUEUE_BYTES", OTLP, "700000", Refused("0")),
    ("WIRESPAN_WAIT_WHEN_FULL", &[], "7", Refused("-1")),
    ("WIRESPAN_CONTEXT_METRICS", &[], "tenant", Refused("a b")),
    ("WIRESPAN_CONTEXT_TO_BAGGAGE", &[], "tenant", Refused("a b")),
    ("WIRESPAN_CONTEXT_FROM_BAGGAGE", &[], "tenant", Refused("a b")),
    ("WIRESPAN_SPOOL_DIR", &[], "/var/lib/spans", Refused("/tmp")),
    ("WIRESPAN_SPOOL_MODE", SPOOL, "write-through", Refused("always")),
    ("WIRESPAN_SPOOL_MAX_BYTES", SPOOL, "20000000", Refused("1")),
    ("WIRESPAN_PRESET", &[], "collector", Refused("datadgo")),
    (
        "WIRESPAN_PRESET_REGION",
        &[("WIRESPAN_PRESET", "honeycomb"), ("HONEYCOMB_API_KEY", "a")],
        "eu",
        Refused("asia"),
    ),
    ("WIRESPAN_COMPAT", &[], "letta", Refused("letter")),
    ("DD_API_KEY", &[("WIRESPAN_PRESET", "datadog")], "hunter2", Refused("hunter\n2")),
    ("DD_SITE", DATADOG, "datadoghq.eu", Refused("evil.example")),
    ("SIGNOZ_INGESTION_KEY", &[("WIRESPAN_PRESET", "signoz-cloud")], "hunter2", Refused("hunter\n2")),
    ("HYPERDX_API_KEY", &[("WIRESPAN_PRESET", "clickhouse")], "hunter2", Refused("hunter\n2")),
    ("LOGFIRE_TOKEN", &[("WIRESPAN_PRESET", "logfire")], "hunter2", Refused("hunter\n2")),
    ("HONEYCOMB_API_KEY", &[("WIRESPAN_PRESET", "honeycomb")], "hunter2", Refused("hunter\n2")),
    (
        "HONEYCOMB_METRICS_DATASET",
        &[("WIRESPAN_PRESET", "honeycomb"), ("HONEYCOMB_API_KEY", "a")],
        "shop",
        Refused("a\nb"),
    ),
    ("LETTA_OTEL_EXPORTER_OTLP_ENDPOINT", LETTA, "http://old:4317", Refused("old port")),
    ("LETTA_DISABLE_TRACING", LETTA, "true", Refused("maybe")),
    ("LETTA_OTEL_PREFERRED_TEMPORALITY", LETTA, "1", Refused("3")),
    ("LETTA_TELEMETRY_ENABLE_DATADOG", LETTA, "true", Refused("maybe")),
    ("LETTA_TELEMETRY_DATADOG_AGENT_HOST", AGENT, "agent", Refused("http://agent")),
    ("LETTA_TELEMETRY_DATADOG_AGENT_PORT", AGENT, "", Warned("8126")),
    ("LETTA_TELEMETRY_DATADOG_SERVICE_NAME", AGENT, "shop", Nothing),
    ("LETTA_TELEMETRY_DATADOG_PROFILING_ENABLED", LETTA, "", Refused("maybe")),
    ("LETTA_TELEMETRY_DATADOG_PROFILING_MEMORY_ENABLED", LETTA, "", Refused("maybe")),
    ("LETTA_TELEMETRY_DATADOG_PROFILING_HEAP_ENABLED", LETTA, "", Refused("maybe")),
    ("LETTA_LOGGING_VERBOSE_TELEMETRY_LOGGING", LETTA, "true", Refused("maybe")),
    ("LETTA_DEBUG", LETTA, "true", Refused("maybe")),
    ("DATADOG_GIT_REPOSITORY_URL", LETTA, "https://example.com/a/b", Nothing),
    ("DD_AGENT_HOST", AGENT, "agent", Refused("agent:8126")),
    ("DD_SERVICE", LETTA, "shop", Nothing),
    ("DD_VERSION", LETTA, "1.2", Nothing),
    ("DD_ENV", LETTA, "qa", Nothing),
    ("ENV_NAME", LETTA, "blue", Nothing),
    ("LETTA_ENVIRONMENT", LETTA, "qa", Nothing),
];

/// Ends of `OTEL_EXPORTER_OTLP_…`, of all signals and of each.
const ENDS: &[(&str, Beside, &str, Wrong)] = &[
    ("PROTOCOL", OTLP, "grpc", Refused("http/json")),
    ("ENDPOINT", &[], "http://collector:4318", Refused("collector port")),
    ("INSECURE", &[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), OTLP[0]], "", Warned("1")),
    ("HEADERS", OTLP, "a=hunter2", Refused("hunter2")),
    ("TIMEOUT", OTLP, "700", Warned("soon")),
    ("COMPRESSION", OTLP, "gzip", Refused("lz4")),
    ("CERTIFICATE", OTLP, CERTIFICATE, Refused("/nowhere.pem")),
    ("CLIENT_CERTIFICATE", OTLP, "", Refused("/a.pem")),
    ("CLIENT_KEY", OTLP, "", Refused("/a.pem")),
];

fn rows() -> Vec<Row> {
    let of = |name: String, (_, beside, good, bad): &(_, Beside, &'static str, Wrong)| Row {
        name,
        beside,
        good,
        bad: *bad,
    };
    let mut rows: Vec<Row> = ROWS.iter().map(|row| of(row.0.to_owned(), row)).collect();
    for end in ENDS {
        for signal in ["", "TRACES_", "METRICS_", "LOGS_"] {
            rows.push(of(format!("OTEL_EXPORTER_OTLP_{signal}{}", end.0), end));
        }
    }
    rows
}

/// The whole configuration, and what is warned of; or the error.
pub(super) fn whole(variables: &[(&str, &str)]) -> Result<(Vec<Entry>, Vec<String>), String> {
    let lookup = Lookup::of(variables);
    let config =
        Builder::default().detect_resource(false).config_of(&lookup).map_err(|error| error.to_string())?;
    assert_eq!(lookup.take_warnings(), [""; 0], "the configuration has all of them");
    Ok((config.entries, config.warnings))
}

#[test]
fn there_is_a_row_for_every_variable_and_no_other() {
    let rows = rows();
    let named: BTreeSet<&str> = rows.iter().map(|row| &*row.name).collect();
    assert_eq!(named.len(), rows.len(), "a name has two rows");
    assert_eq!(named, known::known().collect());
}

#[test]
fn every_variable_does_something_good_something_bad_and_nothing() {
    for Row { name, beside, good, bad } in rows() {
        let with = |value| whole(&[beside, &[(&*name, value)][..]].concat());
        let without = whole(beside);
        for absent in ["", " \t"] {
            assert_eq!(with(absent), without, "{name} with nothing in it");
        }
        if !good.is_empty() {
            let (shown, warnings) = with(good).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(warnings, [""; 0], "{name}");
            let before = without.clone().map(|(shown, _)| shown);
            assert_ne!(Ok(&shown), before.as_ref(), "{name} changes something");
            assert!(shown.iter().all(|entry| !entry.value.contains("hunter2")), "{name}: {shown:?}");
        }
        match bad {
            Refused(value) => {
                let error = with(value).expect_err(&name);
                assert!(error.starts_with(&format!("{name} is `")) && error.contains("expected "), "{error}");
                assert!(!error.contains("hunter"), "{error}");
            }
            Warned(value) => {
                let (shown, warnings) = with(value).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert!(warnings.iter().any(|warning| warning.starts_with(&*name)), "{name}: {warnings:?}");
                // A flag that is none counts as false, and is its source.
                let values = |shown: &[Entry]| {
                    shown.iter().map(|entry| format!("{} = {}", entry.key, entry.value)).collect::<Vec<_>>()
                };
                let without = without.unwrap_or_else(|error| panic!("{name}: {error}")).0;
                assert_eq!(values(&shown), values(&without), "{name} counts as unset");
            }
            Nothing => {}
        }
    }
}

#[test]
fn what_is_ours_or_says_how_to_send_is_refused_where_nothing_is_sent_too() {
    for (name, bad) in [
        ("WIRESPAN_SPOOL_MODE", "always"),
        ("WIRESPAN_SPOOL_MAX_BYTES", "1"),
        ("WIRESPAN_QUEUE_BYTES", "0"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/json"),
    ] {
        for beside in [&[][..], &[("OTEL_TRACES_EXPORTER", "none")]] {
            let error = whole(&[beside, &[(name, bad)]].concat()).expect_err(name);
            assert!(error.starts_with(&format!("{name} is `{bad}`; expected ")), "{error}");
        }
    }
}

#[test]
fn what_is_sent_and_how_long_is_looked_at_where_nothing_is_sent_too() {
    for name in ["COMPRESSION", "HEADERS", "TIMEOUT"] {
        for signal in ["", "TRACES_", "METRICS_", "LOGS_"] {
            let name = format!("OTEL_EXPORTER_OTLP_{signal}{name}");
            for beside in [&[][..], &[("OTEL_TRACES_EXPORTER", "none")], BESIDE] {
                let said = whole(&[beside, &[(&*name, "hunter2")]].concat());
                match said {
                    Err(error) => assert!(error.starts_with(&format!("{name} is `")), "{error}"),
                    Ok((_, warnings)) => {
                        assert!(name.ends_with("TIMEOUT"), "{name} is taken");
                        // However many signals read it.
                        let expected = format!("{name} is `hunter2`, which is ignored; ");
                        assert_eq!(warnings.len(), 1, "{warnings:?}");
                        assert!(warnings[0].starts_with(&expected), "{warnings:?}");
                    }
                }
            }
            let disabled = whole(&[("OTEL_SDK_DISABLED", "true"), (&name, "hunter2")]);
            assert!(disabled.is_ok(), "{disabled:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn no_variable_is_taken_that_is_no_text() {
    for Row { name, beside, .. } in rows() {
        let lookup = Lookup::of(beside).and_bytes(&name, b"hunter2\xff");
        let error = Builder::default().detect_resource(false).config_of(&lookup);
        let error = error.map(drop).expect_err(&name).to_string();
        assert_eq!(error, format!("{name} is `not UTF-8`; expected UTF-8 text"));
    }
}
