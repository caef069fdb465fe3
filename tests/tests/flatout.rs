//! Five million spans flat out from two threads, into a drain that only counts: none is lost, and the ledger says so.
//!
//! The callers never wait, so this holds only while the drain keeps up within the bound of 64 MiB. The number is the same in
//! debug and release builds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::thread;

use wirespan::traced;
use wirespan_tests::{PATIENCE, turn};

const THREADS: u64 = 2;
const SPANS: u64 = 5_000_000;

#[traced]
fn step(number: u64, text: &str) -> u64 {
    number + text.len() as u64
}

#[test]
fn five_million_spans_from_two_threads_are_all_counted() {
    let _turn = turn();
    let telemetry = wirespan::builder()
        .no_exporter()
        .buffer_bytes(64 << 20)
        .opentelemetry_context(false)
        .install()
        .expect("telemetry installs");
    let threads = [0; THREADS as usize].map(|_| {
        thread::spawn(|| {
            (0..SPANS / THREADS).map(|number| step(number, "sixteen bytes...")).fold(0_u64, u64::wrapping_add)
        })
    });
    for thread in threads {
        thread.join().expect("it only counts");
    }
    let report = telemetry.flush(PATIENCE).expect("nothing is lost");
    assert_eq!(report.delivered, SPANS, "{report}");
    let stats = telemetry.stats();
    assert!(stats.is_balanced(), "{stats:?}");
    assert_eq!((stats.started, stats.acknowledged, stats.dropped()), (SPANS, SPANS, 0), "{stats:?}");
    assert_eq!(telemetry.shutdown(PATIENCE).expect("nothing is left").delivered, 0);
}
