//! `#[traced(metrics)]` in a request: its attributes are on the calls' durations where metrics may have them, however the call is
//! recorded and ends, and nowhere else.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::panic::catch_unwind;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use wirespan::opentelemetry_sdk::trace::Sampler;
use wirespan::{Builder, FutureExt as _, MemoryExporter, context, traced};
use wirespan_tests::delivery::otlp;
use wirespan_tests::receiver::metrics::Measured;
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, turn};

type Configure = fn(Builder) -> Builder;

/// All ways in which a call can be a span or none.
const WAYS: [(&str, Configure); 4] = [
    ("sampled", |builder| builder),
    ("sampled, without the context", |builder| builder.opentelemetry_context(false)),
    ("not sampled", |builder| builder.sampler(Sampler::AlwaysOff)),
    ("left out by the filter", |builder| builder.filter("metrics_request=off")),
];

#[traced(metrics)]
fn plain(how: u8) -> Result<u8, std::fmt::Error> {
    match how {
        0 => Ok(how),
        1 => Err(std::fmt::Error),
        _ => panic!("as it was asked to"),
    }
}

#[traced(metrics)]
async fn waiting(ends: bool) {
    tokio::task::yield_now().await;
    if !ends {
        pending::<()>().await;
    }
}

fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Calls by function, outcome and tenant.
type Calls = BTreeMap<(String, String, String), u64>;

/// What arrives of `run` in telemetry that is configured so, with `tenant` allowed or not.
fn calls(configure: Configure, allowed: &[&str], run: impl FnOnce()) -> Calls {
    let receiver = Receiver::start();
    let builder = wirespan::builder().otlp(otlp(Protocol::Grpc, &receiver)).exporter(MemoryExporter::new());
    let builder = builder.context_to_metrics(allowed.iter().copied());
    let telemetry = configure(builder).install().expect("it installs");
    run();
    telemetry.shutdown(PATIENCE).expect("it is delivered");
    let mut calls = Calls::new();
    for point in receiver.metrics().named("wirespan.function.duration").0 {
        assert!(!point.attributes.contains_key("user.id"), "{point:?}");
        let of = |key: &str| point.attributes.get(key).cloned().unwrap_or_default();
        let function = of("code.function.name");
        let function = function.rsplit("::").next().unwrap_or_default().to_owned();
        let Measured::Histogram(count, sum, ..) = point.value else { panic!("a histogram: {point:?}") };
        assert!(sum > 0.0 && sum < 600.0, "{sum}");
        calls.insert((function, of("wirespan.outcome"), of("tenant")), count);
    }
    calls
}

fn expected<const N: usize>(of: [(&str, &str, &str, u64); N]) -> Calls {
    of.map(|(function, outcome, tenant, count)| {
        ((function.to_owned(), outcome.to_owned(), tenant.to_owned()), count)
    })
    .into()
}

#[test]
fn calls_of_a_request_have_its_attributes_however_they_are_recorded_and_end() {
    let _turn = turn();
    for (way, configure) in WAYS {
        let calls = calls(configure, &["tenant"], || {
            for how in [0, 0, 1] {
                let _ = plain(how);
            }
            let blue = context::scope().with("tenant", "blue").with("user.id", 7);
            blue.in_scope(|| {
                for how in [0, 1, 1, 2] {
                    let _ = catch_unwind(|| plain(how));
                }
            });
            let green = context::scope().with("tenant", "green");
            let mut ended = pin!(waiting(true).in_context(green.clone()));
            while poll_once(ended.as_mut()).is_pending() {}
            // Dropped in the middle.
            let mut dropped = Box::pin(waiting(false).in_context(green));
            for _ in 0..3 {
                assert!(poll_once(dropped.as_mut()).is_pending());
            }
        });
        let expected = expected([
            ("plain", "ok", "", 2),
            ("plain", "error", "", 1),
            ("plain", "ok", "blue", 1),
            ("plain", "error", "blue", 2),
            ("plain", "panic", "blue", 1),
            ("waiting", "ok", "green", 1),
            ("waiting", "cancelled", "green", 1),
        ]);
        assert_eq!(calls, expected, "{way}");
    }
}

#[test]
fn without_an_allowed_key_requests_add_no_series() {
    let _turn = turn();
    for (way, configure) in WAYS {
        for allowed in [&[][..], &["region"]] {
            let calls = calls(configure, allowed, || {
                let _request = context::scope().with("tenant", "blue").enter();
                let _ = plain(0);
            });
            assert_eq!(calls, expected([("plain", "ok", "", 1)]), "{way}, {allowed:?}");
        }
    }
}

#[test]
fn calls_of_two_requests_at_once_are_counted_for_each_of_them() {
    let _turn = turn();
    let calls = calls(
        |builder| builder,
        &["tenant"],
        || {
            std::thread::scope(|threads| {
                for thread in 0..8 {
                    threads.spawn(move || {
                        let tenant = format!("t{}", thread % 4);
                        let request = context::scope().with("tenant", tenant.as_str());
                        request.in_scope(|| (0..500).for_each(|_| _ = plain(0)));
                        (0..100).for_each(|_| _ = plain(0));
                    });
                }
            });
        },
    );
    let expected = expected([
        ("plain", "ok", "", 800),
        ("plain", "ok", "t0", 1_000),
        ("plain", "ok", "t1", 1_000),
        ("plain", "ok", "t2", 1_000),
        ("plain", "ok", "t3", 1_000),
    ]);
    assert_eq!(calls, expected);
}
