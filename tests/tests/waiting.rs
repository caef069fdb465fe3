//! `wait_when_full`: a thread that finds the buffer full waits for room, so long at most.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use wirespan::{Telemetry, traced};
use wirespan_tests::exporter::{Answer, Scripted};
use wirespan_tests::{PATIENCE, turn};

const SPANS: u64 = 20_000;

#[traced]
fn step(number: u64) -> u64 {
    number
}

/// A pipeline with the smallest buffer, in front of an exporter that takes a millisecond for a batch.
fn slow(patience: Duration) -> Telemetry {
    let exporter = Scripted::new(|_| {
        std::thread::sleep(Duration::from_millis(1));
        Answer::Accept
    });
    wirespan::builder()
        .exporter(exporter)
        .buffer_bytes(128 * 1024)
        .wait_when_full(patience)
        .install()
        .expect("telemetry installs")
}

#[test]
fn nothing_is_dropped_while_a_thread_may_wait() {
    let _turn = turn();
    let telemetry = slow(PATIENCE);
    assert_eq!((0..SPANS).map(step).max(), Some(SPANS - 1));
    let report = telemetry.shutdown(PATIENCE).expect("nothing is lost");
    assert_eq!(report.delivered, SPANS);
}

#[test]
fn without_it_the_newest_spans_are_dropped_and_counted() {
    let _turn = turn();
    let telemetry = slow(Duration::ZERO);
    assert_eq!((0..SPANS).map(step).max(), Some(SPANS - 1));
    let error = telemetry.shutdown(PATIENCE).expect_err("the buffer was too small");
    let report = error.report().expect("a report");
    assert!(report.dropped.buffer_full > 0, "{report}");
    assert_eq!(report.delivered + report.dropped.buffer_full, SPANS, "{report}");
}

#[test]
fn a_thread_waits_no_longer_than_it_was_told() {
    let _turn = turn();
    let (open, hold) = std::sync::mpsc::channel::<()>();
    let hold = std::sync::Mutex::new(hold);
    let exporter = Scripted::new(move |_| {
        // Until the other end is dropped.
        let _ = hold.lock().map(|hold| hold.recv());
        Answer::Accept
    });
    let telemetry = wirespan::builder()
        .exporter(exporter)
        .buffer_bytes(64 * 1024)
        .wait_when_full(Duration::from_millis(50))
        .install()
        .expect("telemetry installs");
    step(0);
    while telemetry.stats().in_flight == 0 {
        std::thread::yield_now();
    }
    let mut longest = Duration::ZERO;
    while telemetry.stats().dropped.buffer_full == 0 {
        let before = Instant::now();
        step(1);
        longest = longest.max(before.elapsed());
    }
    assert!(longest >= Duration::from_millis(50), "{longest:?}");
    drop(open);
    let stats = telemetry.stats();
    assert!(stats.is_balanced(), "{stats:?}");
    assert!(telemetry.shutdown(PATIENCE).is_err(), "a span was dropped");
}
