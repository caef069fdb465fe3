//! The environment's variables about metrics, in a process of its own: what a receiver gets, and what is said.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

use wirespan_tests::receiver::metrics::Measured;
use wirespan_tests::receiver::{Protocol, Receiver};

const METRICS: &str = "OTEL_METRICS_EXPORTER";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const OWN_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

/// What the program of `src/bin/child.rs` said, with these variables and no others: standard output and standard error.
fn said(variables: &[(&str, &str)]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    let output = command.arg("3").env_clear().envs(variables.iter().copied()).output().expect("it starts");
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    assert!(output.status.success() && !error.contains("panicked at"), "{variables:?}: {out}{error}");
    (out, error)
}

#[test]
fn the_exporter_is_chosen_by_its_name_or_by_an_endpoint() {
    let receiver = Receiver::start();
    let endpoint = receiver.endpoint();
    let own = format!("{endpoint}/v1/metrics");
    for (variables, requests) in [
        (&[(ENDPOINT, &*endpoint)][..], 1),
        (&[(OWN_ENDPOINT, &*own), ("OTEL_TRACES_EXPORTER", "none")], 1),
        (&[(ENDPOINT, &*endpoint), (METRICS, "none")], 0),
        (&[("OTEL_TRACES_EXPORTER", "none")], 0),
    ] {
        let before = receiver.received_metrics().len();
        let (out, _) = said(variables);
        assert!(out.contains("delivered: "), "{variables:?}: {out}");
        assert_eq!(receiver.received_metrics().len() - before, requests, "{variables:?}");
    }
    let spans = receiver.spans().len();
    assert_eq!(spans, 12, "a metrics endpoint is for metrics alone");
    let (_, error) = said(&[("OTEL_TRACES_EXPORTER", "none"), (METRICS, "console")]);
    let line = "metric otel.sdk.span.started{otel.span.sampling_result=\"RECORD_AND_SAMPLE\"} 6 span\n";
    assert!(error.contains(line), "{error}");
    let (out, _) = said(&[(METRICS, "zipkin")]);
    let refused = "refused: configuration=true OTEL_METRICS_EXPORTER is `zipkin`; expected one of otlp, console, none, prometheus";
    assert!(out.starts_with(refused), "{out}");
}

#[test]
fn variables_of_metrics_count_before_the_general_ones() {
    let (general, own) = (Receiver::start(), Receiver::start());
    let (general_endpoint, own_endpoint) = (general.endpoint(), own.endpoint());
    said(&[
        (ENDPOINT, &*general_endpoint),
        (OWN_ENDPOINT, &*own_endpoint),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "team=a,tenant=a"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "team=b"),
        ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "none"),
    ]);
    assert_eq!((general.spans().len(), general.received_metrics().len()), (6, 0));
    assert!(own.spans().is_empty());
    let received = own.received_metrics().pop().expect("metrics");
    assert_eq!(received.protocol, Protocol::Grpc);
    let header = |name: &str| received.headers.get(name).map(String::as_str);
    assert_eq!(
        [header("team"), header("tenant"), header("grpc-encoding")],
        [Some("b"), Some("a"), Some("gzip")]
    );
}

#[test]
fn temporality_and_aggregation_are_what_the_variables_say() {
    const TEMPORALITY: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    const AGGREGATION: &str = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    for (temporality, counter, histogram) in
        [("cumulative", false, false), ("Delta", true, true), ("lowmemory", false, true)]
    {
        let receiver = Receiver::start();
        let endpoint = receiver.endpoint();
        said(&[
            (ENDPOINT, &*endpoint),
            (TEMPORALITY, temporality),
            (AGGREGATION, "base2_exponential_bucket_histogram"),
        ]);
        let points = receiver.metrics();
        assert_eq!(points.named("otel.sdk.span.started").last().is_delta, counter, "{temporality}");
        assert!(!points.named("otel.sdk.span.live").last().is_delta, "{temporality}: it goes up and down");
        let attempts = points.named("otel.sdk.exporter.operation.duration");
        assert_eq!(attempts.last().is_delta, histogram, "{temporality}");
        assert!(matches!(attempts.last().value, Measured::Exponential(1.., _)), "{attempts:?}");
    }
    for (name, value) in [(TEMPORALITY, "0"), (TEMPORALITY, "null"), (AGGREGATION, "linear")] {
        let (out, _) = said(&[(ENDPOINT, "http://127.0.0.1:1"), (name, value)]);
        assert!(
            out.starts_with(&format!("refused: configuration=true {name} is `{value}`; expected ")),
            "{out}"
        );
    }
}

#[test]
fn a_bad_number_is_a_warning_and_the_default() {
    for name in ["OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT"] {
        let (out, error) = said(&[("OTEL_TRACES_EXPORTER", "none"), (name, "0")]);
        assert!(
            out.contains("delivered: ") && error.contains(&format!("{name} is `0`, which is ignored")),
            "{error}"
        );
    }
}
