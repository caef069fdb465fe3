//! Metrics from an instrument to a receiver: by both protocols, with headers and compression, tried again, cut off in time.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use wirespan::export::{Compression, Otlp};
use wirespan::opentelemetry::metrics::Meter;
use wirespan::opentelemetry::{KeyValue, global};
use wirespan::opentelemetry_sdk::metrics::Temporality;
use wirespan::{Builder, Telemetry};
use wirespan_tests::delivery::{PROTOCOLS, otlp};
use wirespan_tests::receiver::metrics::{Measured, Point};
use wirespan_tests::receiver::{Answer, Protocol, Receiver, Script, Wait};
use wirespan_tests::{PATIENCE, turn};

fn installed(otlp: Otlp, configure: impl FnOnce(Builder) -> Builder) -> (Telemetry, Meter) {
    let telemetry = configure(wirespan::builder().otlp(otlp)).install().expect("telemetry installs");
    (telemetry, global::meter("metrics_otlp"))
}

#[test]
fn what_is_measured_arrives_by_both_protocols_with_unit_and_description() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start();
        let otlp = otlp(protocol, &receiver).header("x-tenant", "blue").compression(Compression::Gzip);
        let (telemetry, meter) = installed(otlp, |builder| builder.service_name("shop"));
        let orders =
            meter.u64_counter("shop.orders").with_unit("{order}").with_description("Orders.").build();
        orders.add(2, &[KeyValue::new("channel", "web")]);
        orders.add(3, &[KeyValue::new("channel", "web")]);
        meter.f64_histogram("shop.wait").with_unit("s").build().record(0.3, &[]);
        meter.i64_up_down_counter("shop.carts").build().add(-4, &[]);
        telemetry.flush(PATIENCE).expect("they are delivered");
        let points = receiver.metrics();
        let Point { unit, description, kind, is_delta, value, scope, .. } =
            points.named("shop.orders").with("channel", "web").last().clone();
        assert_eq!((&*unit, &*description, kind, &*scope), ("{order}", "Orders.", "counter", "metrics_otlp"));
        assert_eq!((is_delta, value), (false, Measured::Int(5)), "{protocol:?}");
        let Measured::Histogram(count, sum, bounds, counts) = points.named("shop.wait").last().value.clone()
        else {
            panic!("a histogram: {points:?}")
        };
        assert_eq!((count, sum, bounds.len() + 1), (1, 0.3, counts.len()));
        assert!(bounds.starts_with(&[0.0005, 0.001]) && bounds.ends_with(&[300.0]), "seconds: {bounds:?}");
        assert_eq!(points.named("shop.carts").last().value, Measured::Int(-4));
        assert_eq!(points.named("shop.carts").last().kind, "updowncounter");
        let requests = receiver.received_metrics();
        let first = requests.first().expect("a request");
        assert_eq!(
            (first.protocol, first.headers.get("x-tenant").map(String::as_str)),
            (protocol, Some("blue"))
        );
        let resource = first.request.resource_metrics.first().and_then(|of| of.resource.as_ref());
        let resource = resource.expect("a resource");
        assert!(resource.attributes.iter().any(|pair| pair.key == "service.name"), "{resource:?}");
        telemetry.shutdown(PATIENCE).expect("nothing is lost");
    }
}

#[test]
fn an_instrument_that_declares_its_bounds_keeps_them() {
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) = installed(otlp(Protocol::Http, &receiver), |builder| builder);
    let own = meter.f64_histogram("own").with_unit("s").with_boundaries(vec![1.0, 2.0]).build();
    own.record(1.5, &[]);
    let sizes = meter.u64_histogram("sizes").with_unit("By").build();
    sizes.record(7, &[]);
    telemetry.shutdown(PATIENCE).expect("they are delivered");
    let points = receiver.metrics();
    let value = points.named("own").last().value.clone();
    assert_eq!(value, Measured::Histogram(1, 1.5, vec![1.0, 2.0], vec![0, 1, 0]));
    let Measured::Histogram(_, _, bounds, _) = points.named("sizes").last().value.clone() else {
        panic!("a histogram")
    };
    assert_eq!(bounds.last(), Some(&10_000.0), "the SDK's default");
}

#[test]
fn delta_says_what_came_since_the_last_export() {
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) =
        installed(otlp(Protocol::Grpc, &receiver), |builder| builder.temporality(Temporality::Delta));
    let orders = meter.u64_counter("orders").build();
    for count in [2, 3] {
        orders.add(count, &[]);
        telemetry.flush(PATIENCE).expect("they are delivered");
    }
    let points = receiver.metrics().named("orders");
    let values: Vec<_> = points.0.iter().map(|point| (point.is_delta, point.value.clone())).collect();
    assert_eq!(values, [(true, Measured::Int(2)), (true, Measured::Int(3))]);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn an_export_that_may_pass_is_tried_again_and_one_that_will_not_is_an_error() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start();
        receiver.answer_metrics_by(Script::first([
            Answer::unavailable(),
            Answer::overloaded(Wait::Seconds(0)),
            Answer::Partial(1, "one is enough".to_owned()),
            Answer::invalid(),
        ]));
        let (telemetry, meter) = installed(otlp(protocol, &receiver), |builder| builder);
        meter.u64_counter("orders").build().add(1, &[]);
        telemetry.flush(PATIENCE).expect("they are delivered at the third attempt");
        assert_eq!(receiver.received_metrics().len(), 3, "{protocol:?}");
        let error = telemetry.flush(PATIENCE).expect_err("they are refused");
        assert!(!error.is_loss() && !error.is_timeout(), "no span is lost: {error}");
        assert!(error.to_string().starts_with("metrics were not delivered: the receiver refused"), "{error}");
        assert_eq!(receiver.received_metrics().len(), 4);
        telemetry.shutdown(PATIENCE).expect("the next ones are taken");
    }
}

#[test]
fn a_receiver_that_hangs_costs_a_flush_and_a_shutdown_no_more_than_their_time() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start();
        receiver.answer_metrics_by(Script::always(Answer::Hang));
        let (telemetry, meter) = installed(otlp(protocol, &receiver), |builder| builder);
        meter.u64_counter("orders").build().add(1, &[]);
        let start = Instant::now();
        let error = telemetry.flush(Duration::from_millis(300)).expect_err("nobody answers");
        assert!(error.is_timeout() && !error.is_loss(), "{error}");
        let error = telemetry.shutdown(Duration::from_millis(300)).expect_err("nobody answers");
        assert!(error.is_timeout(), "{error}");
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}

#[test]
fn metrics_are_exported_at_their_interval_without_being_asked_to() {
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) = installed(otlp(Protocol::Http, &receiver), |builder| {
        builder.metric_interval(Duration::from_millis(20))
    });
    meter.u64_counter("orders").build().add(1, &[]);
    receiver
        .wait_until(PATIENCE, "three exports", |receiver| receiver.metrics().named("orders").0.len() >= 3);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn switched_off_nothing_is_sent_and_a_bad_option_is_an_error() {
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) = installed(otlp(Protocol::Http, &receiver), Builder::no_metrics);
    meter.u64_counter("orders").build().add(1, &[]);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    assert!(receiver.received_metrics().is_empty());
    for (builder, words) in [
        (wirespan::builder().metric_interval(Duration::ZERO), "`metric_interval` is zero"),
        (wirespan::builder().metric_series(0), "`metric_series` is 0; expected 1 to"),
    ] {
        let error = builder.install().expect_err("it cannot be used");
        assert!(error.is_configuration() && error.to_string().contains(words), "{error}");
    }
}
