//! C16 and C17: a million sets of labels, numbers that are none, counts that are too large, callbacks that panic.
#![allow(
    clippy::expect_used,
    clippy::float_cmp,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking; counts are whole numbers"
)]

use wirespan::opentelemetry::metrics::Meter;
use wirespan::opentelemetry::{KeyValue, global};
use wirespan::{Builder, Telemetry};
use wirespan_tests::delivery::otlp;
use wirespan_tests::receiver::metrics::{Measured, Points};
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, turn};

fn installed(receiver: &Receiver, configure: impl FnOnce(Builder) -> Builder) -> (Telemetry, Meter) {
    let builder = wirespan::builder().otlp(otlp(Protocol::Http, receiver));
    (configure(builder).install().expect("telemetry installs"), global::meter("metrics_bounds"))
}

fn total(points: &Points) -> f64 {
    points.0.iter().map(|point| Points(vec![point.clone()]).value()).sum()
}

fn dropped(receiver: &Receiver, error: &str) -> f64 {
    receiver.metrics().named("wirespan.metric.dropped").with("error.type", error).value()
}

/// What the process holds in memory, in bytes.
#[cfg(target_os = "linux")]
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("so has this");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

#[cfg(target_os = "linux")]
#[test]
fn a_million_sets_of_labels_are_two_thousand_series_and_one_for_the_rest() {
    const SETS: u64 = 1_000_000;
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) = installed(&receiver, |builder| builder);
    let requests = meter.u64_counter("requests").build();
    let waits = meter.f64_histogram("waits").with_unit("s").build();
    requests.add(1, &[KeyValue::new("user", "first")]);
    waits.record(0.5, &[KeyValue::new("user", "first")]);
    telemetry.flush(PATIENCE).expect("it is delivered");
    let before = resident();
    for user in 1..SETS {
        let user = format!("a user with a name that is about as long as an address: {user}");
        let labels = [KeyValue::new("user", user)];
        requests.add(1, &labels);
        waits.record(0.5, &labels);
    }
    // With what the export keeps for the next one.
    telemetry.flush(PATIENCE).expect("it is delivered");
    let grown = resident().saturating_sub(before);
    assert!(grown <= 16 << 20, "{grown} bytes");
    let last = receiver.received_metrics().pop().expect("a request");
    let points = Points::from_request(&last);
    for name in ["requests", "waits"] {
        let points = points.named(name);
        // The overflow series is one more.
        assert_eq!(points.0.len(), 2_001, "{name}");
        let overflow = points.with("otel.metric.overflow", "true");
        assert_eq!(overflow.0.len(), 1, "{name}");
        assert_eq!(overflow.last().attributes.len(), 1, "{name}");
    }
    assert_eq!(total(&points.named("requests")), SETS as f64, "the sum is conserved");
    let counts = points.named("waits").0.into_iter().map(|point| match point.value {
        Measured::Histogram(count, ..) => count,
        _ => 0,
    });
    assert_eq!(counts.sum::<u64>(), SETS);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn the_cap_on_series_can_be_set() {
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) = installed(&receiver, |builder| builder.metric_series(10));
    let requests = meter.i64_up_down_counter("requests").build();
    (0..50).for_each(|user| requests.add(2, &[KeyValue::new("user", user)]));
    telemetry.shutdown(PATIENCE).expect("it is delivered");
    let points = receiver.metrics().named("requests");
    assert_eq!((points.0.len(), total(&points)), (11, 100.0));
    assert_eq!(points.with("otel.metric.overflow", "true").value(), 80.0);
}

#[test]
fn what_is_no_number_or_infinite_is_left_out_and_counted() {
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) = installed(&receiver, |builder| builder);
    let bad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let (counter, up_down) =
        (meter.f64_counter("counter").build(), meter.f64_up_down_counter("up_down").build());
    let (gauge, histogram) = (meter.f64_gauge("gauge").build(), meter.f64_histogram("histogram").build());
    let bound = histogram.bind(&[KeyValue::new("bound", true)]);
    for value in bad.into_iter().chain([1.5]) {
        counter.add(value, &[]);
        up_down.add(value, &[]);
        gauge.record(value, &[]);
        histogram.record(value, &[]);
        bound.record(value);
    }
    let observe = move |to: &dyn wirespan::opentelemetry::metrics::AsyncInstrument<f64>| {
        to.observe(f64::NAN, &[]);
        to.observe(1.5, &[]);
    };
    let _observed = meter.f64_observable_gauge("observed").with_callback(observe).build();
    for _ in 0..2 {
        telemetry.flush(PATIENCE).expect("it is delivered");
    }
    let points = receiver.metrics();
    for name in ["counter", "up_down", "gauge", "histogram", "observed"] {
        assert_eq!(points.named(name).value(), 1.5, "{name}");
    }
    // Five instruments, three bad values each; and the callback, in the first collection: ours were asked before it in the second.
    assert_eq!(dropped(&receiver, "not_finite"), 16.0);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn sums_that_overflow_are_left_out_and_counted_and_hurt_no_other_series() {
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) = installed(&receiver, |builder| builder);
    let (small, large) = ([KeyValue::new("size", "small")], [KeyValue::new("size", "large")]);
    let numbers = meter.f64_counter("numbers").build();
    let counts = meter.u64_counter("counts").build();
    let sizes = meter.f64_histogram("sizes").build();
    for _ in 0..2 {
        numbers.add(f64::MAX, &large);
        sizes.record(f64::MAX, &large);
        counts.add(u64::MAX / 2, &large);
        numbers.add(1.0, &small);
        sizes.record(1.0, &small);
        counts.add(1, &small);
    }
    for _ in 0..2 {
        telemetry.flush(PATIENCE).expect("it is delivered");
    }
    let points = receiver.metrics();
    for name in ["numbers", "counts", "sizes"] {
        assert_eq!(points.named(name).with("size", "small").value(), 2.0, "{name}");
        assert!(points.named(name).with("size", "large").0.is_empty(), "{name}");
    }
    assert_eq!((dropped(&receiver, "not_finite"), dropped(&receiver, "too_large")), (2.0, 1.0));
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn a_callback_that_panics_costs_its_own_observation_and_is_counted() {
    let _turn = turn();
    let receiver = Receiver::start();
    let (telemetry, meter) = installed(&receiver, |builder| builder);
    let _panics = meter
        .u64_observable_gauge("panics")
        .with_callback(|to| {
            to.observe(1, &[]);
            std::panic::resume_unwind(Box::new("a callback"));
        })
        .with_callback(|to| to.observe(2, &[KeyValue::new("second", true)]))
        .build();
    let _good = meter.u64_observable_gauge("good").with_callback(|to| to.observe(3, &[])).build();
    let counter = meter.u64_counter("counter").build();
    for round in 1..=3 {
        counter.add(1, &[]);
        telemetry.flush(PATIENCE).expect("it is delivered");
        let points = receiver.metrics();
        assert_eq!(points.named("counter").value(), f64::from(round));
        assert_eq!(points.named("good").0.len(), usize::try_from(round).expect("it fits"));
        assert_eq!(points.named("panics").with("second", "true").value(), 2.0);
    }
    assert_eq!(
        dropped(&receiver, "callback_panicked"),
        2.0,
        "ours were asked before it in the last collection"
    );
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}
