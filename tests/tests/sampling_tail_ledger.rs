//! Under tail sampling the ledger is exact and memory bounded, whatever else is lost, refused or shut down meanwhile.

#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use wirespan::opentelemetry::TraceId;
use wirespan::sampling::TailSampling;
use wirespan::{Report, Stats, Telemetry, traced};
use wirespan_tests::exporter::{Answer, Gate, Scripted};
use wirespan_tests::{PATIENCE, turn};

const THREADS: u64 = 8;
/// Spans of one trace of [`work`].
const SPANS: u64 = 4;

#[traced]
fn work(number: usize, text: &str) -> Result<usize, std::fmt::Error> {
    part(text);
    elsewhere(text);
    if number % 16 == 0 { Err(std::fmt::Error) } else { Ok(number) }
}

#[traced]
fn part(text: &str) -> usize {
    text.len()
}

/// A part of the trace on another thread now and then, so that chunks are read in another order.
#[traced]
fn elsewhere(text: &str) {
    let carried = wirespan::current().carry();
    if text.len() % 7 == 0 {
        thread::scope(|scope| scope.spawn(|| carried.in_scope(|| part(text))).join()).expect("no panic");
    } else {
        part(text);
    }
}

/// What the span in hand may take beyond the bound: the block that it is put in.
const IN_HAND: u64 = 64 * 1024;

/// Watches the books until it is told to stop; what is held never goes over `max_bytes`.
fn watch(telemetry: &Telemetry, stop: &AtomicBool, max_bytes: u64) {
    let mut last = Stats::default();
    while !stop.load(Ordering::Relaxed) {
        let now = telemetry.stats();
        assert!(now.is_balanced(), "{now:?}");
        assert!(now.held_bytes <= max_bytes + IN_HAND, "{now:?}");
        for (before, after) in [
            (last.started, now.started),
            (last.acknowledged, now.acknowledged),
            (last.sampled_out, now.sampled_out),
            (last.decided_early, now.decided_early),
        ] {
            assert!(before <= after, "{last:?} then {now:?}");
        }
        last = now;
    }
}

#[test]
fn the_books_balance_at_every_moment_with_losses_of_every_kind() {
    const MAX_BYTES: u64 = 256 * 1024;
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
        .tail_sampling(TailSampling::new().ratio(0.3).max_bytes(usize::try_from(MAX_BYTES).expect("small")))
        .buffer_bytes(12 * 64 * 1024)
        .flush_interval(Duration::from_millis(2))
        .max_export_batch_size(64)
        .install()
        .expect("telemetry installs");
    let (stop, started) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(&telemetry, &stop, MAX_BYTES));
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    for number in 0..1_500 {
                        let text = "x".repeat(number % 100);
                        let _ = work(number, &text);
                        started.fetch_add(SPANS, Ordering::Relaxed);
                        if number == 700 {
                            gate.open();
                        }
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
        stop.store(true, Ordering::Relaxed);
        watcher.join().expect("the books balance");
    });
    let error = telemetry.flush(PATIENCE).expect_err("spans were lost");
    let first = *error.report().expect("a loss has a report");
    let stats = telemetry.stats();
    assert_eq!((stats.open, stats.queued, stats.in_flight), (0, 0, 0), "{stats:?}");
    // What waits for a root that was lost is decided now.
    let last = match telemetry.shutdown(PATIENCE) {
        Ok(report) => report,
        Err(error) => *error.report().expect("a loss has a report"),
    };
    let of = |count: fn(&Report) -> u64| count(&first) + count(&last);
    assert_eq!(of(|report| report.delivered), exporter.accepted());
    assert_eq!(of(|report| report.dropped.export_failed), exporter.failed());
    assert_eq!(of(|report| report.dropped.exporter_panicked), exporter.panicked());
    assert!(of(|report| report.dropped.buffer_full) > 0 && of(|report| report.sampled_out) > 0);
    assert_eq!((last.held, last.pending, last.open, last.dropped.shutdown), (0, 0, 0, 0), "{last}");
    assert_eq!(
        started.load(Ordering::Relaxed),
        of(|report| report.delivered + report.sampled_out + report.dropped.total()),
        "{first} {last}"
    );
}

/// Traces of each thread.
const ROUNDS: u64 = 1_000;

#[test]
fn eight_threads_lose_nothing_and_every_trace_is_whole() {
    let _turn = turn();
    let exporter = Scripted::new(|_| Answer::Accept);
    let telemetry = wirespan::builder()
        .exporter(exporter.clone())
        .tail_sampling(TailSampling::new().ratio(0.25))
        // Each thread that ends leaves a chunk of 64 KiB behind, until the drain comes.
        .buffer_bytes(512 << 20)
        .flush_interval(Duration::from_millis(2))
        .install()
        .expect("telemetry installs");
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for number in 0..usize::try_from(ROUNDS).expect("few") {
                    let _ = work(number, &"x".repeat(number % 50));
                }
            });
        }
    });
    let report = telemetry.flush(PATIENCE).expect("nothing is lost");
    assert_eq!(report.delivered + report.sampled_out, THREADS * ROUNDS * SPANS, "{report}");
    let mut traces: HashMap<TraceId, (u64, bool)> = HashMap::new();
    for span in exporter.spans() {
        let trace = traces.entry(span.span_context.trace_id()).or_default();
        trace.0 += 1;
        let failed = matches!(span.status, wirespan::opentelemetry::trace::Status::Error { .. });
        trace.1 |= failed && span.name == "work";
    }
    assert!(traces.values().all(|(spans, _)| *spans == SPANS));
    let failed = traces.values().filter(|(_, failed)| *failed).count() as u64;
    // Each 16th, from 0 on.
    assert_eq!(failed, THREADS * ROUNDS.div_ceil(16), "every trace that failed is there");
    assert!(report.delivered < THREADS * ROUNDS * SPANS / 2, "{report}");
    assert_eq!(telemetry.stats().decided_early, 0);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn what_is_held_is_bounded_and_what_goes_over_is_kept() {
    #[traced]
    fn root(then: impl FnOnce()) {
        for _ in 0..200 {
            large(&"y".repeat(8_000));
        }
        then();
    }
    #[traced]
    fn large(text: &str) -> usize {
        text.len()
    }
    const MAX_BYTES: u64 = 512 * 1024;
    let _turn = turn();
    let exporter = Scripted::new(|_| Answer::Accept);
    let telemetry = wirespan::builder()
        .exporter(exporter.clone())
        .tail_sampling(TailSampling::new().max_bytes(usize::try_from(MAX_BYTES).expect("small")))
        .install()
        .expect("telemetry installs");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(&telemetry, &stop, MAX_BYTES));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    root(|| {
                        // Nothing has ended that says what to do with it, and it is there all the same.
                        telemetry.flush(PATIENCE).expect("nothing is lost");
                        assert!(telemetry.stats().decided_early > 0);
                    });
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
        stop.store(true, Ordering::Relaxed);
        watcher.join().expect("the bound holds");
    });
    let _ = telemetry.flush(PATIENCE).expect("nothing is lost");
    let stats = telemetry.stats();
    // Each trace has three times what may be held: none could be waited for.
    assert_eq!((stats.decided_early, stats.acknowledged, stats.sampled_out), (4, 4 * 201, 0), "{stats:?}");
    assert_eq!(exporter.named("root"), 4);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}

#[test]
fn a_shutdown_in_the_middle_accounts_for_every_span() {
    let _turn = turn();
    for round in 0..6 {
        let exporter = Scripted::new(|_| Answer::Accept);
        let telemetry = wirespan::builder()
            .exporter(exporter.clone())
            .tail_sampling(TailSampling::new().ratio(0.5))
            .flush_interval(Duration::from_millis(1))
            .install()
            .expect("telemetry installs");
        let (stop, roots) = (AtomicBool::new(false), AtomicUsize::new(0));
        let report = thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let _ = work(roots.fetch_add(1, Ordering::Relaxed), "text");
                        thread::yield_now();
                    }
                });
            }
            while roots.load(Ordering::Relaxed) < 200 * (round + 1) {
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
        assert_eq!((report.held, report.pending, report.open), (0, 0, 0), "{report}");
        assert_eq!(report.dropped.total(), report.dropped.shutdown + report.dropped.buffer_full, "{report}");
        // What was open at that moment, at most: a stack of three spans on each thread, and one on another.
        assert!(report.dropped.shutdown <= THREADS * SPANS, "{report}");
        assert!(report.delivered + report.sampled_out > 0, "{report}");
    }
}
