//! The ledger is exact: at any moment every span is in exactly one place, and at the end each number is what the test
//! itself counted, whatever was lost, broken, cancelled or shut down.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_for_each,
    clippy::many_single_char_names,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use wirespan::{Report, Stats, Telemetry, traced};
use wirespan_tests::exporter::{Answer, Gate, Scripted};
use wirespan_tests::{PATIENCE, turn};

const THREADS: u64 = 8;
/// Chunks of the pool: fewer than it takes to keep what the threads record before the gate opens.
const BUFFER: usize = 12 * 64 * 1024;

type Open = Pin<Box<dyn Future<Output = ()> + Send>>;

#[traced]
fn leaf(text: &str) -> usize {
    text.len()
}

#[traced]
fn returns(text: &str) -> usize {
    leaf(text)
}

#[traced]
fn fails(text: &str) -> Result<usize, std::num::ParseIntError> {
    leaf(text);
    "no number".parse()
}

#[traced]
fn panics(text: &str) {
    leaf(text);
    std::panic::resume_unwind(Box::new("as the test wants"));
}

#[traced]
async fn waits() {
    waits_inside().await;
}

#[traced]
async fn waits_inside() {
    pending::<()>().await;
}

/// A future of two spans that are open.
fn open_two() -> Open {
    let mut future: Open = Box::pin(waits());
    assert_eq!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending);
    future
}

/// Everything that can happen to spans, once; returns how many started.
fn one_of_each(text: &str) -> u64 {
    returns(text);
    assert!(fails(text).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| panics(text))).is_err());
    drop(open_two());
    // Never polled: no span.
    drop(waits());
    // Started here, ended on a thread that ends at once, as does one of its own.
    let moved = open_two();
    thread::spawn(move || {
        leaf("short");
        drop(moved);
    })
    .join()
    .expect("nothing panics there");
    11
}

/// Watches the books until it is told to stop; returns how often it looked.
fn watch(telemetry: &Telemetry, stop: &AtomicBool) -> u64 {
    let mut last = Stats::default();
    let mut looks = 0;
    while !stop.load(Ordering::Relaxed) {
        let now = telemetry.stats();
        assert!(now.is_balanced(), "{now:?}");
        let growing = |stats: &Stats| {
            let mut growing = vec![stats.started, stats.acknowledged, stats.rejected];
            growing.extend(stats.dropped.by_reason().map(|(_, count)| count));
            growing
        };
        for (before, after) in growing(&last).into_iter().zip(growing(&now)) {
            assert!(before <= after, "{last:?} then {now:?}");
        }
        last = now;
        looks += 1;
    }
    looks
}

/// All that a report accounts for.
fn accounted(report: &Report) -> u64 {
    report.delivered + report.dropped.total() + report.pending + report.open
}

#[test]
fn everything_at_once_from_eight_threads_is_accounted_for() {
    let _turn = turn();
    let gate = Gate::default();
    let exporter = {
        let gate = gate.clone();
        Scripted::new(move |number| {
            gate.pass();
            match number % 8 {
                3 => Answer::Fail,
                5 => Answer::Panic,
                _ => Answer::Accept,
            }
        })
    };
    let telemetry = wirespan::builder()
        .exporter(exporter.clone())
        .buffer_bytes(BUFFER)
        .flush_interval(Duration::from_millis(5))
        .max_export_batch_size(64)
        .install()
        .expect("telemetry installs");

    let started = Arc::new(AtomicU64::new(0));
    // Full pool, then gate open, then spans left open, then shut down.
    let [full, opened, left_open, ended] =
        std::array::from_fn(|_| Arc::new(Barrier::new(usize::try_from(THREADS).expect("small") + 1)));
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let steps = [&full, &opened, &left_open, &ended].map(Arc::clone);
            let started = Arc::clone(&started);
            thread::spawn(move || {
                let [full, opened, left_open, ended] = steps;
                let count = |spans| started.fetch_add(spans, Ordering::SeqCst);
                let text = "x".repeat(4096);
                // 8 threads, 40 rounds and 7 spans of at least 4 KiB: 9 MB, while nothing leaves the pipeline.
                for _ in 0..40 {
                    count(one_of_each(&text));
                }
                full.wait();
                opened.wait();
                for _ in 0..40 {
                    count(one_of_each("small"));
                }
                let open: Vec<Open> = (0..10).map(|_| open_two()).collect();
                count(20);
                left_open.wait();
                ended.wait();
                // Recorded nowhere: telemetry is off, and these spans are counted as dropped already.
                drop(open);
                one_of_each("off");
            })
        })
        .collect();

    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(&telemetry, &stop));
        full.wait();
        let before = telemetry.stats();
        assert!(before.dropped.buffer_full > 0, "{before:?}");
        gate.open();
        // Others record while this waits, and some are lost on purpose: only the books count.
        opened.wait();
        let _ = telemetry.flush(PATIENCE);
        left_open.wait();
        stop.store(true, Ordering::Relaxed);
        assert!(watcher.join().expect("the books always balance") > 0);
    });

    let _ = telemetry.flush(PATIENCE);
    let stats = telemetry.stats();
    let started = started.load(Ordering::SeqCst);
    assert_eq!(stats.started, started, "{stats:?}");
    assert_eq!((stats.open, stats.queued, stats.in_flight), (THREADS * 20, 0, 0), "{stats:?}");
    let seen = (exporter.accepted(), exporter.failed(), exporter.panicked());
    assert_eq!(
        (stats.acknowledged, stats.dropped.export_failed, stats.dropped.exporter_panicked),
        seen,
        "{stats:?}"
    );
    assert!(seen.0 > 0 && seen.1 > 0 && seen.2 > 0, "{stats:?}");
    assert!(stats.is_balanced(), "{stats:?}");

    let error = telemetry.shutdown(PATIENCE).expect_err("spans are open");
    assert!(error.is_loss(), "{error}");
    let report = *error.report().expect("a loss has a report");
    assert_eq!((report.delivered, report.dropped.shutdown), (0, THREADS * 20), "{report}");
    assert_eq!(accounted(&report), report.dropped.shutdown, "{report}");
    ended.wait();
    threads.into_iter().for_each(|thread| thread.join().expect("the test's own threads do not panic"));
    assert_eq!(
        (exporter.accepted(), exporter.failed(), exporter.panicked()),
        seen,
        "nothing comes after the end"
    );
}

/// Says that a span was recorded: a capture happens for no other.
struct Probe<'a>(&'a AtomicU64);

impl wirespan::Capture for Probe<'_> {
    fn capture(&self, out: &mut wirespan::ValueWriter<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
        out.bool(true);
    }
}

#[traced]
fn probed(probe: Probe<'_>) {
    let _ = probe;
}

#[test]
fn a_shutdown_in_the_middle_of_everything_accounts_for_every_span() {
    let _turn = turn();
    for round in 0..8 {
        let exporter = Scripted::new(|_| Answer::Accept);
        let builder = wirespan::builder().exporter(exporter.clone()).buffer_bytes(BUFFER);
        let telemetry = builder.install().expect("telemetry installs");
        let (recorded, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let report = thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        probed(Probe(&recorded));
                        thread::yield_now();
                    }
                });
            }
            while recorded.load(Ordering::SeqCst) < 500 * (round + 1) {
                thread::yield_now();
            }
            let report = match telemetry.shutdown(PATIENCE) {
                Ok(report) => report,
                Err(error) => *error.report().expect("a loss has a report"),
            };
            stop.store(true, Ordering::Relaxed);
            report
        });
        assert_eq!(report.delivered, exporter.accepted(), "{report}");
        // Each thread may have been about to start one span when the report was made.
        let (recorded, accounted) = (recorded.load(Ordering::SeqCst), accounted(&report));
        assert!((accounted..=accounted + THREADS).contains(&recorded), "{recorded} recorded: {report}");
        let known = report.dropped.shutdown + report.dropped.buffer_full;
        assert_eq!(report.dropped.total(), known, "{report}");
    }
}

#[test]
fn a_panic_of_the_exporter_costs_only_its_batch() {
    let _turn = turn();
    let exporter = Scripted::new(|number| if number == 1 { Answer::Panic } else { Answer::Accept });
    let telemetry = wirespan::builder()
        .exporter(exporter.clone())
        .max_export_batch_size(10)
        .flush_interval(PATIENCE)
        .install()
        .expect("telemetry installs");
    for _ in 0..35 {
        leaf("text");
    }
    let error = telemetry.flush(PATIENCE).expect_err("a batch is lost");
    assert!(error.is_loss(), "{error}");
    let report = error.report().expect("a loss has a report");
    assert_eq!(
        (report.delivered, report.dropped.exporter_panicked, report.dropped.total()),
        (25, 10, 10),
        "{report}"
    );
    leaf("and on it goes");
    assert_eq!(telemetry.shutdown(PATIENCE).expect("nothing is lost any more").delivered, 1);
    assert_eq!(exporter.spans().len(), 26);
}
