//! Instruments of other crates, made once by OpenTelemetry's global provider: they measure for each pipeline that is installed, and
//! have the attributes of the request that metrics may have.
#![allow(
    clippy::expect_used,
    clippy::float_cmp,
    reason = "a test fails by panicking; counts are whole numbers"
)]

use std::sync::atomic::{AtomicU64, Ordering};

use wirespan::opentelemetry::{KeyValue, global};
use wirespan::{Telemetry, context};
use wirespan_tests::delivery::otlp;
use wirespan_tests::receiver::metrics::Measured;
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, turn};

fn install(receiver: &Receiver) -> Telemetry {
    let builder =
        wirespan::builder().otlp(otlp(Protocol::Http, receiver)).context_to_metrics(["tenant", "how"]);
    builder.install().expect("it installs")
}

#[test]
fn instruments_that_were_made_in_one_pipelines_time_go_on_in_the_next() {
    static OBSERVED: AtomicU64 = AtomicU64::new(0);
    let _turn = turn();
    let first = Receiver::start();
    let telemetry = install(&first);
    let meter = global::meter("metrics_again");
    let how = [KeyValue::new("how", "own")];
    let counter = meter.u64_counter("again.counter").with_unit("{thing}").with_description("Things.").build();
    let bound = counter.bind(&how);
    let up_down = meter.f64_up_down_counter("again.up_down").build();
    let gauge = meter.i64_gauge("again.gauge").build();
    let histogram = meter.f64_histogram("again.histogram").with_boundaries(vec![1.0, 2.0]).build();
    meter
        .u64_observable_counter("again.observed")
        .with_unit("{look}")
        .with_callback(|to| to.observe(OBSERVED.fetch_add(1, Ordering::Relaxed) + 1, &[]))
        .build();
    let measure = || {
        counter.add(1, &[]);
        bound.add(2);
        up_down.add(-1.5, &[]);
        up_down.add(f64::NAN, &[]);
        gauge.record(-7, &[]);
        histogram.record(1.5, &[]);
    };
    measure();
    telemetry.shutdown(PATIENCE).expect("it is delivered");
    // For nobody.
    measure();
    let second = Receiver::start();
    let telemetry = install(&second);
    measure();
    telemetry.flush(PATIENCE).expect("it is delivered");
    let looks = OBSERVED.load(Ordering::Relaxed);
    telemetry.shutdown(PATIENCE).expect("it is delivered");
    assert_eq!(OBSERVED.load(Ordering::Relaxed), looks + 1, "one look for each collection");
    for receiver in [first, second] {
        let points = receiver.metrics();
        let counter = points.named("again.counter");
        assert_eq!((&*counter.last().unit, &*counter.last().description), ("{thing}", "Things."));
        assert_eq!(&*counter.last().scope, "metrics_again");
        assert_eq!(counter.with("how", "own").value(), 2.0);
        let mut plain = counter;
        plain.0.retain(|point| point.attributes.is_empty());
        assert_eq!(plain.value(), 1.0);
        assert_eq!(points.named("again.up_down").value(), -1.5);
        assert_eq!(points.named("again.gauge").value(), -7.0);
        let histogram = points.named("again.histogram").last().value.clone();
        assert_eq!(histogram, Measured::Histogram(1, 1.5, vec![1.0, 2.0], vec![0, 1, 0]));
        assert_eq!(points.named("again.observed").last().unit, "{look}");
        let dropped = points.named("wirespan.metric.dropped").with("error.type", "not_finite");
        assert!(dropped.0.iter().any(|point| point.value == Measured::Int(1)), "{dropped:?}");
    }
}

#[test]
fn attributes_of_the_request_are_on_measurements_of_other_crates_where_metrics_may_have_them() {
    let _turn = turn();
    let receiver = Receiver::start();
    let telemetry = install(&receiver);
    let counter = global::meter("metrics_again").u64_counter("again.requests").build();
    let bound = counter.bind(&[KeyValue::new("how", "bound")]);
    {
        let _request =
            context::scope().with("tenant", "acme").with("how", "theirs").with("user.id", 7).enter();
        counter.add(1, &[]);
        bound.add(2);
    }
    counter.add(4, &[]);
    bound.add(8);
    telemetry.shutdown(PATIENCE).expect("it is delivered");
    let points = receiver.metrics().named("again.requests");
    let series: Vec<_> = points
        .0
        .iter()
        .map(|point| {
            let of = |key| point.attributes.get(key).cloned().unwrap_or_default();
            assert!(!point.attributes.contains_key("user.id"));
            (of("tenant"), of("how"), point.value.clone())
        })
        .collect();
    let expected = [("acme", "theirs", 1), ("acme", "bound", 2), ("", "", 4), ("", "bound", 8)];
    for (tenant, how, sum) in expected {
        let point = (tenant.to_owned(), how.to_owned(), Measured::Int(sum));
        assert!(series.contains(&point), "{point:?} in {series:?}");
    }
    assert_eq!(series.len(), expected.len(), "{series:?}");
}
