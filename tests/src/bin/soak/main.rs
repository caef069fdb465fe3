//! Export for as long as one likes, to a receiver that flaps and by an exporter that panics, with a ceiling on memory.
//!
//! `soak outage [seconds]`: see there. `soak [seconds]` (60): a third of the time over gRPC, a third over HTTP, a third by an exporter that panics. Two threads record
//! all the while; the ledger has to balance whenever it is looked at, and at the end every span is either with the receiver, as it
//! was recorded, or counted as lost. Memory may grow by the pipeline's bounds and 16 MiB; the receiver is a process of its own.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "who started it reads what it prints, and it fails by panicking"
)]

mod collector;
mod outage;

use std::fs;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wirespan::export::Otlp;
use wirespan::opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use wirespan::opentelemetry_sdk::trace::{SpanData, SpanExporter};
use wirespan::{Stats, Telemetry};
use wirespan_tests::PATIENCE;
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::Protocol;

use self::collector::Collector;

const THREADS: usize = 2;
/// Spans that each thread records in a second, about.
const RATE: u64 = 2_000;
/// Bytes of ended spans, and of requests, that may wait.
const BOUND: u64 = 8 * 1024 * 1024;
/// Resident memory, in bytes, may grow by the bounds, and by this.
const SLACK: u64 = 16 * 1024 * 1024;

fn main() {
    let mut words = std::env::args().skip(1);
    let first = words.next();
    if first.as_deref() == Some("receiver") {
        return collector::run(&words.next().expect("the name of a run"));
    }
    let mut number = |or| words.next().map_or(or, |text| text.parse().expect("a number"));
    if first.as_deref() == Some("outage") {
        return outage::run(number(60), number(1_000));
    }
    let seconds = first.map_or(60, |text| text.parse().expect("a number of seconds"));
    let part = Duration::from_secs(seconds) / 3;
    for protocol in [Protocol::Grpc, Protocol::Http] {
        flapping(protocol, part);
    }
    panicking(part);
}

/// Records until it is over; how many spans each thread recorded.
fn record(run: &Run, over: &AtomicBool, recorded: &[AtomicU64]) {
    thread::scope(|scope| {
        for (thread, count) in (0..).zip(recorded) {
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    for _ in 0..RATE / 100 {
                        run.record(thread, count.fetch_add(1, Ordering::Relaxed));
                    }
                    thread::sleep(Duration::from_millis(10));
                }
            });
        }
    });
}

fn counts() -> [AtomicU64; THREADS] {
    [const { AtomicU64::new(0) }; THREADS]
}

fn flapping(protocol: Protocol, time: Duration) {
    let run = Run::new(format!("soak {protocol:?}"));
    let mut collector = Collector::start(&run);
    let exporter = match protocol {
        Protocol::Grpc => Otlp::grpc(),
        Protocol::Http => Otlp::http(),
    };
    let exporter = exporter
        .endpoint(collector.endpoint())
        .timeout(Duration::from_millis(500))
        .queue_bytes(usize::try_from(BOUND).expect("it fits"));
    let telemetry = wirespan::builder()
        .buffer_bytes(usize::try_from(BOUND).expect("it fits"))
        // So that the receiver, which is not optimised, takes no request for longer than the timeout.
        .max_export_batch_size(1_000)
        .otlp(exporter)
        .no_metrics()
        .no_logs()
        .install()
        .expect("telemetry installs");
    let (over, recorded) = (AtomicBool::new(false), counts());
    let mut memory = Memory::default();
    thread::scope(|scope| {
        scope.spawn(|| record(&run, &over, &recorded));
        let start = Instant::now();
        let mut round = 0;
        while start.elapsed() < time {
            collector.flap(round);
            round += 1;
            thread::sleep(Duration::from_millis(300));
            assert!(telemetry.stats().is_balanced(), "{:?}", telemetry.stats());
            memory.look();
        }
        over.store(true, Ordering::Relaxed);
    });
    collector.steady();
    // What was lost on the way makes it an error, which is looked at below.
    let _ = telemetry.flush(PATIENCE);
    let stats = end(telemetry);
    let seen = collector.count();
    let all: u64 = recorded.iter().map(|count| count.load(Ordering::Relaxed)).sum();
    println!(
        "{protocol:?}: {all} recorded, {} arrived, {} twice, {} may have, {} lost; {} KiB more at most",
        seen.arrived,
        seen.twice,
        stats.maybe_duplicated,
        stats.dropped(),
        memory.grown() / 1024
    );
    assert_eq!(stats.started, all, "{stats:?}");
    assert_eq!(stats.acknowledged + stats.dropped(), all, "{stats:?}");
    assert!(seen.arrived >= stats.acknowledged, "{} arrived: {stats:?}", seen.arrived);
    assert!(seen.arrived + stats.dropped() >= all, "{} arrived: {stats:?}", seen.arrived);
    assert!(seen.twice <= stats.maybe_duplicated, "{} twice: {stats:?}", seen.twice);
    memory.check(2 * BOUND);
}

fn end(telemetry: Telemetry) -> Stats {
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.pending() == 0, "{stats:?}");
    let _ = telemetry.shutdown(PATIENCE);
    stats
}

/// Resident memory, from the first look on.
#[derive(Default)]
struct Memory {
    first: Option<u64>,
    most: u64,
}

impl Memory {
    fn look(&mut self) {
        let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages: u64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
        self.first.get_or_insert(pages * 4096);
        self.most = self.most.max(pages * 4096);
    }

    fn grown(&self) -> u64 {
        self.most.saturating_sub(self.first.unwrap_or(0))
    }

    fn check(&self, bounds: u64) {
        assert!(self.grown() <= bounds + SLACK, "memory grew by {} bytes", self.grown());
    }
}

/// An exporter that panics at every third batch, fails at every fifth, and counts.
#[derive(Debug, Default)]
struct Flaky;

static BATCHES: AtomicU64 = AtomicU64::new(0);
static TAKEN: AtomicU64 = AtomicU64::new(0);
static LAST: Mutex<Option<Instant>> = Mutex::new(None);

impl SpanExporter for Flaky {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let number = BATCHES.fetch_add(1, Ordering::SeqCst);
        if number % 3 == 1 {
            // Not `panic!`: the hook has nothing to say about it.
            std::panic::resume_unwind(Box::new("as it does"));
        }
        if number % 5 == 2 {
            return Err(OTelSdkError::InternalFailure("as it does".to_owned()));
        }
        TAKEN.fetch_add(batch.len() as u64, Ordering::SeqCst);
        Ok(())
    }
}

fn panicking(time: Duration) {
    let telemetry = wirespan::builder()
        .buffer_bytes(usize::try_from(BOUND).expect("it fits"))
        .exporter(Flaky)
        .install()
        .expect("telemetry installs");
    let run = Run::new("soak panicking");
    let (over, recorded) = (AtomicBool::new(false), counts());
    let mut memory = Memory::default();
    thread::scope(|scope| {
        scope.spawn(|| record(&run, &over, &recorded));
        let start = Instant::now();
        while start.elapsed() < time {
            thread::sleep(Duration::from_millis(300));
            assert!(telemetry.stats().is_balanced(), "{:?}", telemetry.stats());
            memory.look();
            let last = *LAST.lock().unwrap_or_else(PoisonError::into_inner);
            let rested = last.map_or(start.elapsed(), |last| last.elapsed());
            assert!(rested < Duration::from_secs(3), "the worker has rested for {rested:?}");
        }
        over.store(true, Ordering::Relaxed);
    });
    let _ = telemetry.flush(PATIENCE);
    let stats = end(telemetry);
    let (dropped, all) =
        (stats.dropped, recorded.iter().map(|count| count.load(Ordering::Relaxed)).sum::<u64>());
    println!(
        "panicking: {all} recorded in {} batches, {} taken, {} failed, {} with a panic; {} KiB more at most",
        BATCHES.load(Ordering::SeqCst),
        stats.acknowledged,
        dropped.export_failed,
        dropped.exporter_panicked,
        memory.grown() / 1024
    );
    assert_eq!(stats.acknowledged, TAKEN.load(Ordering::SeqCst), "{stats:?}");
    assert_eq!(stats.acknowledged + dropped.export_failed + dropped.exporter_panicked, all, "{stats:?}");
    assert!(
        dropped.exporter_panicked > 0 && dropped.export_failed > 0 && stats.acknowledged > 0,
        "{stats:?}"
    );
    memory.check(2 * BOUND);
}
