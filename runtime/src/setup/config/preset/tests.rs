//! Each preset's values over variables that are not the process's: with its key, without, and with a bad one.

use super::*;
use crate::export::Chosen;
use crate::export::otlp::{Otlp, Signal};
use crate::logs::variables::Named as Logs;
use crate::metrics::variables::Named as Metrics;

/// The lines of all three exporters, or the error.
fn shown(preset: &str, variables: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let lookup = Lookup::of(&[&[("WIRESPAN_PRESET", preset)], variables].concat());
    let text = |error: Error| error.to_string();
    let settings = Settings::read(&lookup).map_err(text)?;
    let Some(Set { value: Chosen::Otlp(traces), source }) = &settings.exporter else { return Ok(Vec::new()) };
    let Some(Set { value: Metrics::Otlp(metrics), .. }) = &settings.metrics.exporter else {
        panic!("metrics go elsewhere")
    };
    let Some(Set { value: Logs::Otlp(logs), .. }) = &settings.logs.exporter else {
        panic!("logs go elsewhere")
    };
    let mut lines = Vec::new();
    let of = |otlp: &Otlp, signal| {
        otlp.check(signal, &lookup)?;
        otlp.shown(signal, &lookup, source)
    };
    for (otlp, signal) in [(traces, Signal::Traces), (metrics, Signal::Metrics), (logs, Signal::Logs)] {
        let entries = of(otlp, signal).map_err(text)?;
        lines.extend(
            entries.iter().map(|entry| format!("{} = {} ({})", entry.key(), entry.value(), entry.source())),
        );
    }
    let temporality = settings.metrics.temporality.map(|set| format!("{:?} ({})", set.value, set.source));
    lines.extend(temporality.map(|shown| format!("temporality = {shown}")));
    Ok(lines)
}

fn has(lines: &[String], expected: &str) {
    assert!(lines.iter().any(|line| line == expected), "{expected}\n{}", lines.join("\n"));
}

/// A preset, variables, the endpoint of traces by HTTP, its headers, and the endpoint by gRPC.
type Case =
    (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str, Option<&'static str>);

const CASES: &[Case] = &[
    ("collector", &[], "http://localhost:4318/v1/traces", "none", Some("http://localhost:4317/")),
    ("signoz", &[], "http://localhost:4318/v1/traces", "none", Some("http://localhost:4317/")),
    ("clickhouse", &[], "http://localhost:4318/v1/traces", "none", Some("http://localhost:4317/")),
    (
        "clickhouse",
        &[("HYPERDX_API_KEY", "hunter2")],
        "http://localhost:4318/v1/traces",
        "authorization",
        Some("http://localhost:4317/"),
    ),
    ("datadog-agent", &[], "http://localhost:4318/v1/traces", "none", Some("http://localhost:4317/")),
    (
        "datadog-agent",
        &[("DD_AGENT_HOST", "fd00::1")],
        "http://[fd00::1]:4318/v1/traces",
        "none",
        Some("http://[fd00::1]:4317/"),
    ),
    (
        "datadog",
        &[("DD_API_KEY", "hunter2")],
        "https://otlp.datadoghq.com/v1/traces",
        "compute_stats,dd-api-key",
        None,
    ),
    (
        "datadog",
        &[("DD_API_KEY", "hunter2"), ("DD_SITE", "US5.datadoghq.com")],
        "https://otlp.us5.datadoghq.com/v1/traces",
        "compute_stats,dd-api-key",
        None,
    ),
    (
        "signoz-cloud",
        &[("SIGNOZ_INGESTION_KEY", "hunter2"), ("WIRESPAN_PRESET_REGION", "in")],
        "https://ingest.in.signoz.cloud:443/v1/traces",
        "signoz-ingestion-key",
        Some("https://ingest.in.signoz.cloud:443/"),
    ),
    (
        "logfire",
        &[("LOGFIRE_TOKEN", "pylf_v1_us_hunter2")],
        "https://logfire-us.pydantic.dev/v1/traces",
        "authorization",
        None,
    ),
    (
        "logfire",
        &[("LOGFIRE_TOKEN", "pylf_v1_eu_hunter2")],
        "https://logfire-eu.pydantic.dev/v1/traces",
        "authorization",
        None,
    ),
    (
        "logfire",
        &[("LOGFIRE_TOKEN", "pylf_v1_eu_hunter2"), ("WIRESPAN_PRESET_REGION", "US")],
        "https://logfire-us.pydantic.dev/v1/traces",
        "authorization",
        None,
    ),
    (
        "honeycomb",
        &[("HONEYCOMB_API_KEY", "hunter2"), ("WIRESPAN_PRESET_REGION", "eu")],
        "https://api.eu1.honeycomb.io/v1/traces",
        "x-honeycomb-team",
        Some("https://api.eu1.honeycomb.io/"),
    ),
    (
        "Honeycomb",
        &[("HONEYCOMB_API_KEY", "hunter2")],
        "https://api.honeycomb.io/v1/traces",
        "x-honeycomb-team",
        Some("https://api.honeycomb.io/"),
    ),
];

#[test]
fn each_preset_says_where_to_and_with_which_headers() {
    for (preset, variables, http, headers, grpc) in CASES {
        let name = preset.to_ascii_lowercase();
        let lines = shown(preset, variables).expect(preset);
        has(&lines, &format!("traces.otlp.endpoint = {http} (preset {name})"));
        has(&lines, &format!("traces.otlp.protocol = http/protobuf (preset {name})"));
        let logs = http.replace("traces", "logs");
        has(&lines, &format!("logs.otlp.endpoint = {logs} (preset {name})"));
        let hidden: Vec<String> = headers.split(',').map(|header| format!("{header}=<hidden>")).collect();
        let line = match *headers {
            "none" => "traces.otlp.headers = none (default)".to_owned(),
            _ => format!("traces.otlp.headers = {} (preset {name})", hidden.join(",")),
        };
        has(&lines, &line);
        let zipped = if http.starts_with("https") {
            format!("gzip (preset {name})")
        } else {
            "none (default)".to_owned()
        };
        has(&lines, &format!("metrics.otlp.compression = {zipped}"));
        let deltas = lines.iter().any(|line| *line == format!("temporality = Delta (preset {name})"));
        assert_eq!(deltas, name.starts_with("datadog"), "{name}");
        assert!(!lines.join("\n").contains("hunter2"), "{lines:?}");
        let by_grpc = shown(preset, &[variables, &[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")][..]].concat());
        match (grpc, by_grpc) {
            (Some(grpc), Ok(lines)) => {
                has(&lines, &format!("metrics.otlp.endpoint = {grpc} (preset {name})"));
                has(&lines, "metrics.otlp.protocol = grpc (OTEL_EXPORTER_OTLP_PROTOCOL)");
            }
            (None, Err(error)) => {
                let expected =
                    format!("`preset` is {name}, which takes no gRPC; expected OTLP by http/protobuf");
                assert!(error.starts_with(&expected), "{error}");
            }
            (_, other) => panic!("{preset}: {other:?}"),
        }
    }
    assert_eq!(shown("none", &[]), Ok(Vec::new()));
}

#[test]
fn honeycombs_metrics_have_a_dataset_and_other_signals_none() {
    let key = ("HONEYCOMB_API_KEY", "hunter2");
    let lines = shown("honeycomb", &[key, ("HONEYCOMB_METRICS_DATASET", "shop")]).expect("good");
    let both = "x-honeycomb-dataset=<hidden>,x-honeycomb-team=<hidden>";
    has(&lines, &format!("metrics.otlp.headers = {both} (preset honeycomb)"));
    has(&lines, "traces.otlp.headers = x-honeycomb-team=<hidden> (preset honeycomb)");
    let without = shown("honeycomb", &[key, ("HONEYCOMB_METRICS_DATASET", "")]).expect("good");
    has(&without, "metrics.otlp.headers = x-honeycomb-team=<hidden> (preset honeycomb)");
    let bad = shown("honeycomb", &[key, ("HONEYCOMB_METRICS_DATASET", "a\nb")]).expect_err("no header");
    assert!(
        bad.starts_with("HONEYCOMB_METRICS_DATASET is `<hidden>`; expected a value of visible ASCII"),
        "{bad}"
    );
}

#[test]
fn a_key_that_is_missing_is_named_and_one_that_cannot_be_sent_is_not_shown() {
    for (preset, name, what) in [
        ("datadog", "DD_API_KEY", "an API key of Datadog's"),
        ("signoz-cloud", "SIGNOZ_INGESTION_KEY", "an ingestion key of SigNoz's"),
        ("logfire", "LOGFIRE_TOKEN", "a write token of Logfire's"),
        ("honeycomb", "HONEYCOMB_API_KEY", "an ingest key of Honeycomb's"),
    ] {
        for variables in [&[][..], &[(name, "")], &[(name, " ")]] {
            let error = shown(preset, variables).expect_err(preset);
            assert_eq!(
                error,
                format!("{name} is not set; expected {what}, which the preset `{preset}` sends")
            );
        }
    }
    for (preset, name) in [
        ("datadog", "DD_API_KEY"),
        ("signoz-cloud", "SIGNOZ_INGESTION_KEY"),
        ("logfire", "LOGFIRE_TOKEN"),
        ("honeycomb", "HONEYCOMB_API_KEY"),
        ("clickhouse", "HYPERDX_API_KEY"),
    ] {
        let error = shown(preset, &[(name, "hunter\u{7f}2")]).expect_err(preset);
        assert!(error.starts_with(&format!("{name} is `<hidden>`; expected a value of visible")), "{error}");
        assert!(!error.contains("hunter"), "{error}");
    }
    // Its header may come from elsewhere.
    let lines = shown("datadog", &[("OTEL_EXPORTER_OTLP_HEADERS", "DD-API-Key=hunter2")]).expect("good");
    has(&lines, "logs.otlp.headers = dd-api-key=<hidden> (OTEL_EXPORTER_OTLP_HEADERS)");
}

#[test]
fn a_site_or_a_region_that_is_none_is_an_error() {
    for site in [
        "datadog.com",
        "evil.example",
        "evildatadoghq.com",
        "a/b.datadoghq.com",
        "a.b.datadoghq.com",
        ".datadoghq.com",
    ] {
        let error = shown("datadog", &[("DD_API_KEY", "hunter2"), ("DD_SITE", site)]).expect_err(site);
        assert_eq!(
            error,
            format!(
                "DD_SITE is `{site}`; expected a site of Datadog's, such as datadoghq.eu or us5.datadoghq.com"
            )
        );
    }
    let region = |preset, region| shown(preset, &[("WIRESPAN_PRESET_REGION", region)]).expect_err(preset);
    assert_eq!(region("honeycomb", "in"), "WIRESPAN_PRESET_REGION is `in`; expected one of us, eu");
    assert_eq!(
        region("signoz-cloud", "asia"),
        "WIRESPAN_PRESET_REGION is `asia`; expected one of us, eu, in"
    );
}

#[test]
fn what_the_environment_says_counts_before_it() {
    let lines = shown(
        "datadog",
        &[
            ("DD_API_KEY", "hunter2"),
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://a:1/m"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
            ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "cumulative"),
            ("WIRESPAN_QUEUE_BYTES", "5000000"),
        ],
    )
    .expect("good");
    has(&lines, "metrics.otlp.endpoint = http://a:1/m (OTEL_EXPORTER_OTLP_METRICS_ENDPOINT)");
    has(&lines, "traces.otlp.endpoint = https://otlp.datadoghq.com/v1/traces (preset datadog)");
    has(&lines, "traces.otlp.compression = none (OTEL_EXPORTER_OTLP_COMPRESSION)");
    has(&lines, "traces.otlp.queue_bytes = 5000000 (WIRESPAN_QUEUE_BYTES)");
    has(&lines, "temporality = Cumulative (OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE)");
}

#[test]
fn datadogs_tags_count_behind_opentelemetrys_and_only_with_its_presets() {
    let tags = [("DD_SERVICE", "shop"), ("DD_VERSION", "1.2"), ("DD_ENV", "prod")];
    let read = |preset, more: &[(&str, &str)]| {
        let lookup = Lookup::of(&[&[("WIRESPAN_PRESET", preset)], &tags[..], more].concat());
        let settings = Settings::read(&lookup).expect("good");
        let pairs = settings.resource.iter();
        let shown: Vec<String> =
            pairs.map(|set| format!("{}={} ({})", set.value.key, set.value.value, set.source)).collect();
        (shown.join(" "), settings.datadog)
    };
    let said = "service.name=shop (DD_SERVICE) service.version=1.2 (DD_VERSION) deployment.environment.name=prod (DD_ENV)";
    assert_eq!(read("datadog", &[]), (said.to_owned(), true));
    assert_eq!(
        read("datadog-agent", &[("OTEL_RESOURCE_ATTRIBUTES", "service.version=2")]),
        (format!("{said} service.version=2 (OTEL_RESOURCE_ATTRIBUTES)"), true),
        "the last counts"
    );
    assert_eq!(read("collector", &[]), (String::new(), false));
}
