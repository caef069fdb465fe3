//! Export for as long as one likes, to a receiver that flaps and by an exporter that panics, with a ceiling on memory.
//!
//! `soak [seconds]` (60): a third of the time over gRPC, a third over HTTP, a third by an exporter that panics. Two threads record
//! all the while; the ledger has to balance whenever it is looked at, and at the end every span is either with the receiver, as it
//! was recorded, or counted as lost. Memory may grow by the pipeline's bounds and 16 MiB.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "who started it reads what it prints, and it fails by panicking"
)]

use std::fs;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wirespan::opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use wirespan::opentelemetry_sdk::trace::{SpanData, SpanExporter};
use wirespan::{Stats, Telemetry};
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::otlp;
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Protocol, Receiver, Script, Wait};

const THREADS: usize = 2;
/// Spans that each thread records in a second, about.
const RATE: u64 = 2_000;
/// Bytes of ended spans, and of requests, that may wait.
const BOUND: u64 = 8 * 1024 * 1024;
/// Resident memory, in bytes, may grow by the bounds, and by this.
const SLACK: u64 = 16 * 1024 * 1024;

fn main() {
    let seconds = std::env::args().nth(1).map_or(60, |text| text.parse().expect("a number of seconds"));
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
    let receiver = Receiver::down();
    let run = Run::new(format!("soak {protocol:?}"));
    let exporter = otlp(protocol, &receiver)
        .timeout(Duration::from_millis(300))
        .queue_bytes(usize::try_from(BOUND).expect("it fits"));
    let telemetry = wirespan::builder()
        .buffer_bytes(usize::try_from(BOUND).expect("it fits"))
        .otlp(exporter)
        .no_metrics()
        .no_logs()
        .install()
        .expect("telemetry installs");
    let (over, recorded) = (AtomicBool::new(false), counts());
    let mut seen = Seen::new(&run);
    let mut memory = Memory::default();
    thread::scope(|scope| {
        scope.spawn(|| record(&run, &over, &recorded));
        let start = Instant::now();
        let mut round = 0;
        while start.elapsed() < time {
            flap(&receiver, round);
            round += 1;
            thread::sleep(Duration::from_millis(300));
            seen.take(&receiver);
            assert!(telemetry.stats().is_balanced(), "{:?}", telemetry.stats());
            memory.look();
        }
        over.store(true, Ordering::Relaxed);
    });
    receiver.go_down();
    receiver.answer_by(Script::always(Answer::Take));
    receiver.come_up();
    // What was lost on the way makes it an error, which is looked at below.
    let _ = telemetry.flush(PATIENCE);
    seen.take(&receiver);
    let stats = end(telemetry);
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
    memory.check();
}

/// What goes wrong next: everything that may pass, and now and then nothing.
fn flap(receiver: &Receiver, round: u64) {
    let millis = Duration::from_millis;
    let answers = [
        Answer::Take,
        Answer::unavailable(),
        Answer::ResetRequest(500),
        Answer::ResetResponse(5),
        Answer::Take.after(millis(100)),
        Answer::HalfClose(5),
        Answer::Hang,
        Answer::GoAway,
        Answer::Take.after(millis(400)),
        Answer::Refuse(503, tonic::Code::Unavailable, Wait::Seconds(1)),
        Answer::TakeAndGoAway,
    ];
    match round % 4 {
        0 => receiver.go_down(),
        1 => receiver.come_up(),
        _ => {}
    }
    let index = usize::try_from(round).unwrap_or(0) % answers.len();
    let answer = answers.get(index).cloned().unwrap_or(Answer::Take);
    // Every third request comes through, so that there is always some progress.
    receiver.answer_by(Script::by(
        move |asked| {
            if asked.number % 3 == 2 { Answer::Take } else { answer.clone() }
        },
    ));
}

fn end(telemetry: Telemetry) -> Stats {
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.pending() == 0, "{stats:?}");
    let _ = telemetry.shutdown(PATIENCE);
    stats
}

/// Which spans of a run arrived: a bit for each.
struct Seen<'a> {
    run: &'a Run,
    bits: [Vec<u64>; THREADS],
    arrived: u64,
    twice: u64,
}

impl<'a> Seen<'a> {
    fn new(run: &'a Run) -> Self {
        Self { run, bits: Default::default(), arrived: 0, twice: 0 }
    }

    /// Looks at what arrived, and forgets it.
    fn take(&mut self, receiver: &Receiver) {
        for span in receiver.take_spans() {
            let (thread, sequence) = self.run.mark(&span).expect("a span is as it was recorded");
            let bits = usize::try_from(thread).ok().and_then(|thread| self.bits.get_mut(thread));
            let bits = bits.expect("there is such a thread");
            let word = usize::try_from(sequence / 64).expect("it fits");
            if bits.len() <= word {
                bits.resize(word + 1, 0);
            }
            let word = bits.get_mut(word).expect("it is there now");
            let bit = 1 << (sequence % 64);
            if *word & bit == 0 {
                self.arrived += 1;
            } else {
                self.twice += 1;
            }
            *word |= bit;
        }
    }
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

    fn check(&self) {
        assert!(self.grown() <= 2 * BOUND + SLACK, "memory grew by {} bytes", self.grown());
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
    memory.check();
}
