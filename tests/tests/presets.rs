//! Presets against a receiver: headers and temporality arrive, no request is over the limit, and what the program or a variable says
//! counts before them. A preset that lacks its key, or is none, is refused.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::process::Command;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message as _;
use wirespan::export::Otlp;
use wirespan::opentelemetry::{KeyValue, global};
use wirespan::opentelemetry_sdk::metrics::Temporality;
use wirespan::{Builder, Preset, Telemetry, traced};
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, turn};

/// Bytes that Datadog's intake takes.
const DATADOG_BYTES: usize = 3_200_000;

/// Standard output and error of the program in `src/bin/child.rs`, which says its configuration and makes two spans.
fn said(variables: &[(&str, &str)]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .args(["1", "config"])
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{output:?}");
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    assert!(!out.contains("hunter2") && !error.contains("hunter2"), "{out}{error}");
    (out, error)
}

/// Whether a line has this key, value and source.
fn has(text: &str, key: &str, value: &str, source: &str) -> bool {
    text.lines().any(|line| {
        line.split_once(" = ").is_some_and(|(name, rest)| {
            let rest = rest.trim_end().strip_suffix(&format!("({source})"));
            name.trim_end() == key && rest.is_some_and(|shown| shown.trim_end() == value)
        })
    })
}

fn installed(configure: impl FnOnce(Builder) -> Builder) -> Telemetry {
    configure(wirespan::builder()).install().expect("telemetry installs")
}

fn header<'a>(headers: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    headers.get(name).map(String::as_str)
}

/// The resource of the first request of spans.
fn resource(receiver: &Receiver) -> BTreeMap<String, String> {
    let first = receiver.received().remove(0);
    let resource = first.request.resource_spans[0].resource.clone().expect("there is one");
    let text = |value: Option<opentelemetry_proto::tonic::common::v1::AnyValue>| match value
        .and_then(|any| any.value)
    {
        Some(Value::StringValue(text)) => text,
        other => format!("{other:?}"),
    };
    resource.attributes.into_iter().map(|pair| (pair.key, text(pair.value))).collect()
}

#[traced(max_value = "200KiB")]
fn large(text: &str) -> usize {
    text.len()
}

#[traced]
fn leaf() {}

#[test]
fn datadogs_headers_tags_and_deltas_arrive_by_variables_alone() {
    let receiver = Receiver::start();
    let endpoint = receiver.endpoint();
    let (out, error) = said(&[
        ("WIRESPAN_PRESET", "datadog"),
        ("DD_API_KEY", "hunter2"),
        ("DD_SERVICE", "shop"),
        ("DD_ENV", "PROD"),
        ("DD_VERSION", "1.2.3"),
        ("DD_GIT_COMMIT_SHA", "0123abc"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
    ]);
    assert_eq!(error, "", "{out}");
    let spans = receiver.received().remove(0);
    assert_eq!(spans.protocol, Protocol::Http);
    assert_eq!(header(&spans.headers, "dd-api-key"), Some("hunter2"));
    assert_eq!(header(&spans.headers, "compute_stats"), Some("true"));
    assert_eq!(header(&spans.headers, "content-encoding"), Some("gzip"));
    let metrics = receiver.received_metrics().remove(0);
    assert_eq!(header(&metrics.headers, "dd-api-key"), Some("hunter2"));
    assert_eq!(header(&metrics.headers, "compute_stats"), None, "it is for traces");
    let sums = receiver.metrics();
    let sums = sums.0.iter().filter(|point| matches!(point.kind, "counter" | "histogram"));
    assert!(
        sums.clone().count() > 0 && sums.clone().all(|point| point.is_delta),
        "{:?}",
        sums.collect::<Vec<_>>()
    );
    let tags = resource(&receiver);
    for (key, value) in [
        ("service.name", "shop"),
        ("service.version", "1.2.3"),
        ("deployment.environment.name", "production"),
        ("deployment.environment", "production"),
        ("git.commit.sha", "0123abc"),
    ] {
        assert_eq!(tags.get(key).map(String::as_str), Some(value), "{key}");
    }
    for (key, value, source) in [
        ("preset", "datadog", "WIRESPAN_PRESET"),
        ("metrics.temporality", "delta", "preset datadog"),
        ("traces.otlp.headers", "compute_stats=<hidden>,dd-api-key=<hidden>", "preset datadog"),
        ("logs.otlp.headers", "dd-api-key=<hidden>", "preset datadog"),
        ("traces.otlp.compression", "gzip", "preset datadog"),
        ("traces.otlp.endpoint", &*endpoint, "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("resource.service.name", "shop", "DD_SERVICE"),
        ("resource.git.commit.sha", "0123abc", "DD_GIT_COMMIT_SHA"),
    ] {
        assert!(has(&out, key, value, source), "{key} = {value} ({source})\n{out}");
    }
}

#[test]
fn all_signals_go_where_a_preset_says_and_keep_its_headers_apart() {
    let _turn = turn();
    let receiver = Receiver::start();
    let otlp = Otlp::http().endpoint(receiver.endpoint()).header("X-Honeycomb-Team", "hunter2");
    let telemetry = installed(|builder| builder.preset(Preset::Honeycomb).otlp(otlp));
    leaf();
    tracing::info!("said");
    global::meter("presets").u64_counter("presets.calls").build().add(1, &[]);
    telemetry.flush(PATIENCE).expect("they are delivered");
    let shown = telemetry.config().to_string();
    let (spans, metrics, logs) = (
        receiver.received().remove(0),
        receiver.received_metrics().remove(0),
        receiver.received_logs().remove(0),
    );
    for headers in [&spans.headers, &metrics.headers, &logs.headers] {
        assert_eq!(header(headers, "x-honeycomb-team"), Some("hunter2"));
        assert_eq!(header(headers, "content-encoding"), Some("gzip"), "by the preset");
    }
    assert!(has(&shown, "preset", "honeycomb", "builder"), "{shown}");
    assert!(has(&shown, "traces.otlp.compression", "gzip", "preset honeycomb"), "{shown}");
    assert!(has(&shown, "logs.otlp.headers", "x-honeycomb-team=<hidden>", "builder"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.acknowledged == 1, "{stats:?}");
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn no_request_is_larger_than_datadog_takes_and_nothing_is_lost() {
    let _turn = turn();
    let receiver = Receiver::start();
    let otlp = Otlp::http().endpoint(receiver.endpoint()).header("dd-api-key", "hunter2");
    let telemetry = installed(|builder| builder.preset(Preset::Datadog).otlp(otlp).metric_series(20_000));
    let text = "x".repeat(150_000);
    for _ in 0..80 {
        large(&text);
    }
    let orders = global::meter("presets").u64_counter("presets.orders").build();
    for number in 0..8_000 {
        orders.add(1, &[KeyValue::new("label", format!("{number:0>500}"))]);
    }
    telemetry.flush(PATIENCE).expect("they are delivered");
    let spans: Vec<usize> =
        receiver.received().iter().map(|received| received.request.encoded_len()).collect();
    assert!(spans.iter().sum::<usize>() > 3 * DATADOG_BYTES, "{spans:?}");
    let metrics: Vec<usize> =
        receiver.received_metrics().iter().map(|received| received.request.encoded_len()).collect();
    assert!(metrics.iter().sum::<usize>() > DATADOG_BYTES, "{metrics:?}");
    assert!(spans.iter().chain(&metrics).all(|bytes| *bytes <= DATADOG_BYTES), "{spans:?} {metrics:?}");
    assert_eq!(receiver.spans().len(), 80);
    let points = receiver.metrics().named("presets.orders");
    assert_eq!(points.0.len(), 8_000);
    assert!(points.0.iter().all(|point| point.is_delta));
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.acknowledged == 80, "{stats:?}");
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn what_the_program_says_counts_before_the_preset() {
    let _turn = turn();
    let receiver = Receiver::start();
    let otlp = Otlp::grpc()
        .endpoint(receiver.endpoint())
        .header("dd-api-key", "own")
        .compression(wirespan::export::Compression::None);
    let telemetry = installed(|builder| {
        builder
            .preset(Preset::Datadog)
            .otlp(otlp)
            .temporality(Temporality::Cumulative)
            .service_name("cart")
            .deployment_environment("dev")
    });
    leaf();
    global::meter("presets").u64_counter("presets.calls").build().add(1, &[]);
    telemetry.flush(PATIENCE).expect("they are delivered");
    let spans = receiver.received().remove(0);
    assert_eq!(spans.protocol, Protocol::Grpc, "the endpoint is the program's, and takes it");
    assert_eq!(header(&spans.headers, "dd-api-key"), Some("own"));
    assert!(!receiver.metrics().named("presets.calls").last().is_delta);
    let tags = resource(&receiver);
    assert_eq!((&*tags["service.name"], &*tags["deployment.environment"]), ("cart", "dev"));
    let shown = telemetry.config().to_string();
    assert!(has(&shown, "metrics.temporality", "cumulative", "builder"), "{shown}");
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.acknowledged == 1, "{stats:?}");
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn variables_of_a_signal_count_before_the_preset_and_leave_the_others_to_it() {
    let (ours, agents) = (Receiver::start(), Receiver::start());
    let metrics = format!("{}/v1/metrics", ours.endpoint());
    let (out, error) = said(&[
        ("WIRESPAN_PRESET", "datadog-agent"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &format!("{}/v1/traces", agents.endpoint())),
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", &metrics),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "cumulative"),
        ("OTEL_LOGS_EXPORTER", "none"),
    ]);
    assert_eq!(error, "", "{out}");
    assert_eq!((agents.spans().len(), ours.spans().len()), (2, 0));
    let points = ours.metrics();
    assert!(!points.0.is_empty() && points.0.iter().all(|point| !point.is_delta), "{points:?}");
    for (key, value, source) in [
        ("traces.exporter", "otlp", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
        ("metrics.otlp.endpoint", &*metrics, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"),
        ("metrics.temporality", "cumulative", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"),
        ("logs.exporter", "none", "OTEL_LOGS_EXPORTER"),
    ] {
        assert!(has(&out, key, value, source), "{key} = {value} ({source})\n{out}");
    }
}

#[test]
fn a_preset_without_its_key_or_of_another_name_is_refused_before_anything_starts() {
    let refused = |variables: &[(&str, &str)], words: &str| {
        let (out, _) = said(variables);
        assert!(out.starts_with(&format!("refused: configuration=true {words}")), "{out}");
    };
    refused(
        &[("WIRESPAN_PRESET", "datadog")],
        "DD_API_KEY is not set; expected an API key of Datadog's, which the preset `datadog` sends |",
    );
    refused(
        &[("WIRESPAN_PRESET", "datadgo"), ("DD_API_KEY", "hunter2")],
        "WIRESPAN_PRESET is `datadgo`; expected one of collector, datadog, ",
    );
    let missing = wirespan::builder().preset(Preset::Logfire).config().expect_err("no token");
    assert!(missing.is_configuration(), "{missing}");
    assert!(missing.to_string().starts_with("LOGFIRE_TOKEN is not set; expected a write token"), "{missing}");
    // What sends nothing needs no key.
    let (out, _) = said(&[("WIRESPAN_PRESET", "datadog"), ("OTEL_SDK_DISABLED", "true")]);
    assert!(out.starts_with("enabled: false"), "{out}");
}

#[test]
fn a_preset_beside_the_declarative_file_has_no_effect_and_says_so() {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("presets.yaml");
    std::fs::write(&path, "file_format: \"1.0\"\n").expect("the folder is ours");
    let (out, error) =
        said(&[("WIRESPAN_PRESET", "datadog"), ("OTEL_CONFIG_FILE", &path.display().to_string())]);
    assert!(has(&out, "traces.exporter", "none", &format!("{}: ", path.display())), "{out}");
    assert!(error.contains("the preset `datadog` has no effect: OTEL_CONFIG_FILE says where"), "{error}");
}
