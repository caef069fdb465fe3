//! Fault C14: a million spans open at once. The only test of its process, because it looks at that process's memory.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::future::Future;
use std::pin::Pin;

use wirespan::traced;
use wirespan_tests::look::poll_once;
use wirespan_tests::{PATIENCE, turn};

type Waiting = Pin<Box<dyn Future<Output = ()>>>;

const SPANS: usize = 1_000_000;

#[traced]
async fn waits() {
    std::future::pending::<()>().await;
}

async fn waits_bare() {
    std::future::pending::<()>().await;
}

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages: usize = pages.split_whitespace().nth(1).expect("the second number").parse().expect("a number");
    pages * 4096
}

/// `SPANS` futures that were polled once, and the memory that they took.
fn open(future: impl Fn() -> Waiting) -> (Vec<Waiting>, usize) {
    let mut futures = Vec::with_capacity(SPANS);
    let before = resident();
    for _ in 0..SPANS {
        let mut future = future();
        assert!(poll_once(future.as_mut()).is_pending());
        futures.push(future);
    }
    (futures, resident().saturating_sub(before))
}

#[test]
fn a_million_open_spans_take_256_bytes_each_and_the_ledger_counts_them() {
    let (bare, bytes_bare) = open(|| Box::pin(waits_bare()));
    drop(bare);
    let _turn = turn();
    let telemetry = wirespan::builder()
        .exporter(wirespan::MemoryExporter::new())
        .opentelemetry_context(false)
        .install()
        .expect("telemetry installs");
    let (futures, bytes) = open(|| Box::pin(waits()));
    assert_eq!(telemetry.stats().open, SPANS as u64);
    assert!(bytes < 300 << 20, "{} MiB", bytes >> 20);
    let each = bytes.saturating_sub(bytes_bare) / SPANS;
    println!("{each} bytes for each open span, {} MiB in all", bytes >> 20);
    assert!(each <= 256, "{each} bytes for each open span");
    drop(futures);
    // They all end in one burst, which is more than the buffer holds; what it does not take is counted.
    let _ = telemetry.flush(PATIENCE);
    let stats = telemetry.stats();
    assert_eq!(stats.acknowledged + stats.dropped.buffer_full, SPANS as u64, "{stats:?}");
    assert!(stats.is_balanced() && stats.open == 0 && stats.started == SPANS as u64, "{stats:?}");
}
