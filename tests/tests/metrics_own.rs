//! What telemetry measures of itself, as a receiver gets it: the ledger's numbers under OpenTelemetry's names.
#![allow(
    clippy::expect_used,
    clippy::float_cmp,
    reason = "a test fails by panicking; counts are whole numbers"
)]

use std::time::Duration;

use wirespan::opentelemetry::global;
use wirespan::opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use wirespan::propagation::TraceContextPropagator;
use wirespan::{Secret, traced};
use wirespan_tests::delivery::{PROTOCOLS, otlp};
use wirespan_tests::receiver::metrics::{Measured, Points};
use wirespan_tests::receiver::{Answer, Protocol, Receiver, Script};
use wirespan_tests::{PATIENCE, turn};

#[traced]
fn plain(number: u64) -> u64 {
    number
}

#[traced(max_value = "32B")]
fn told(token: &str, text: &str, shown: Secret<u8>) -> usize {
    token.len() + text.len() + usize::from(*shown.expose())
}

/// Every metric of ours, its kind and its unit: the table in `wirespan::metrics`.
const OURS: [(&str, &str, &str); 17] = [
    ("otel.sdk.span.started", "counter", "{span}"),
    ("otel.sdk.span.live", "updowncounter", "{span}"),
    ("otel.sdk.processor.span.queue.size", "updowncounter", "{span}"),
    ("otel.sdk.processor.span.queue.capacity", "updowncounter", "{span}"),
    ("otel.sdk.processor.span.processed", "counter", "{span}"),
    ("otel.sdk.exporter.span.exported", "counter", "{span}"),
    ("otel.sdk.exporter.span.inflight", "updowncounter", "{span}"),
    ("otel.sdk.exporter.metric_data_point.exported", "counter", "{data_point}"),
    ("otel.sdk.exporter.operation.duration", "histogram", "s"),
    ("wirespan.span.sampled_out", "counter", "{span}"),
    ("wirespan.spool.bytes", "updowncounter", "By"),
    ("wirespan.spool.spans", "updowncounter", "{span}"),
    ("wirespan.value.truncated", "counter", "{value}"),
    ("wirespan.value.redacted", "counter", "{value}"),
    ("wirespan.propagation.rejected", "counter", "{header}"),
    ("wirespan.metric.dropped", "counter", "{measurement}"),
    ("wirespan.sampler.panicked", "counter", "{trace}"),
];

fn without_error(points: &Points, name: &str) -> f64 {
    let mut points = points.named(name);
    points.0.retain(|point| !point.attributes.contains_key("error.type"));
    points.value()
}

#[test]
fn each_metric_of_ours_has_a_data_point_in_its_unit_and_says_what_the_ledger_says() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start();
        let telemetry = wirespan::builder().otlp(otlp(protocol, &receiver)).install().expect("it installs");
        (0..100).for_each(|number| _ = plain(number));
        // The second flush says what the first one did.
        for _ in 0..2 {
            telemetry.flush(PATIENCE).expect("it is delivered");
        }
        let points = receiver.metrics();
        for (name, kind, unit) in OURS {
            let points = points.named(name);
            assert!(!points.0.is_empty(), "{name} has no data point");
            let point = points.last();
            assert_eq!((point.kind, &*point.unit, &*point.scope), (kind, unit, "wirespan"), "{name}");
            assert!(point.description.ends_with('.'), "{name}: {}", point.description);
        }
        assert_eq!(points.named("otel.sdk.span.started").value(), 100.0);
        assert_eq!(points.named("otel.sdk.span.live").value(), 0.0);
        assert_eq!(without_error(&points, "otel.sdk.processor.span.processed"), 100.0);
        assert_eq!(without_error(&points, "otel.sdk.exporter.span.exported"), 100.0);
        assert_eq!(points.named("otel.sdk.processor.span.queue.capacity").value(), 32.0 * 1024.0);
        let kind =
            if protocol == Protocol::Grpc { "otlp_grpc_span_exporter" } else { "otlp_http_span_exporter" };
        let attempts = points.named("otel.sdk.exporter.operation.duration").with("otel.component.type", kind);
        let Measured::Histogram(count, sum, bounds, _) = attempts.last().value.clone() else {
            panic!("a histogram: {attempts:?}")
        };
        assert!(count >= 1 && sum > 0.0 && sum < 60.0 && bounds.first() == Some(&0.0005), "{attempts:?}");
        telemetry.shutdown(PATIENCE).expect("nothing is lost");
    }
}

#[test]
fn what_is_lost_has_a_reason_and_an_attempt_that_failed_has_one_too() {
    let _turn = turn();
    let receiver = Receiver::with(Script::first([
        Answer::unavailable(),
        Answer::Partial(3, "three are too many".to_owned()),
        Answer::invalid(),
    ]));
    let telemetry = wirespan::builder()
        .otlp(otlp(Protocol::Grpc, &receiver))
        .flush_interval(Duration::from_secs(60))
        .install()
        .expect("it installs");
    (0..10).for_each(|number| _ = plain(number));
    let _ = telemetry.flush(PATIENCE).expect_err("three are rejected");
    (0..5).for_each(|number| _ = plain(number));
    let _ = telemetry.flush(PATIENCE).expect_err("five are refused");
    telemetry.shutdown(PATIENCE).expect("nothing more is lost");
    let points = receiver.metrics();
    let exported = "otel.sdk.exporter.span.exported";
    assert_eq!(without_error(&points, exported), 7.0);
    let lost = |error| points.named(exported).with("error.type", error).value();
    assert_eq!((lost("rejected"), lost("export_failed")), (3.0, 5.0));
    assert_eq!(without_error(&points, "otel.sdk.processor.span.processed"), 15.0);
    let attempts = points.named("otel.sdk.exporter.operation.duration");
    for error in ["unavailable", "refused"] {
        let attempts = attempts.with("error.type", error);
        assert!(matches!(attempts.last().value, Measured::Histogram(1, ..)), "{error}: {attempts:?}");
    }
}

struct Header(&'static str);

impl Extractor for Header {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

#[test]
fn values_that_are_cut_or_hidden_and_headers_that_are_left_out_are_counted() {
    let _turn = turn();
    let receiver = Receiver::start();
    let telemetry = wirespan::builder().otlp(otlp(Protocol::Http, &receiver)).install().expect("it installs");
    let counted = || {
        telemetry.flush(PATIENCE).expect("it is delivered");
        let points = receiver.metrics();
        let headers = points.named("wirespan.propagation.rejected");
        let headers = headers.with("wirespan.propagation.reason", "traceparent").value();
        [
            points.named("wirespan.value.truncated").value(),
            points.named("wirespan.value.redacted").value(),
            headers,
        ]
    };
    plain(1);
    let before = counted();
    for _ in 0..4 {
        told("hunter2", &"x".repeat(100), Secret::new(7));
    }
    TraceContextPropagator::new().extract(&Header("00-nonsense"));
    plain(1);
    let after = counted();
    let difference: Vec<f64> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(difference, [4.0, 8.0, 1.0]);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn measuring_ourselves_makes_no_spans_and_asks_for_no_exports() {
    let _turn = turn();
    let receiver = Receiver::start();
    let telemetry = wirespan::builder().otlp(otlp(Protocol::Grpc, &receiver)).install().expect("it installs");
    for _ in 0..3 {
        telemetry.flush(PATIENCE).expect("it is delivered");
    }
    assert_eq!(receiver.received_metrics().len(), 3, "one for each flush");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(receiver.received_metrics().len(), 3, "and none by themselves");
    assert!(receiver.received().is_empty(), "no span");
    assert_eq!(telemetry.shutdown(PATIENCE).expect("nothing is lost").delivered, 0);
    let _ = global::meter("after").u64_counter("after").build();
}
