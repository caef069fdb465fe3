//! T2 and T3: a receiver that is away for as long as one likes, an hour say, while a thousand spans a second are recorded.
//!
//! `soak outage [seconds] [spans a second]` (60, 1,000): the spool has its default bound. What fits is delivered when the receiver is
//! there again, each span once; beyond the bound the oldest spans give way, are counted, and no others. The bound on disk holds, old
//! spans leave it five times as fast as new ones are recorded, and new ones are not kept waiting behind them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wirespan::export::Otlp;
use wirespan::{Stats, Telemetry};
use wirespan_tests::PATIENCE;
use wirespan_tests::folder::Folder;
use wirespan_tests::oracle::Run;

use crate::Memory;
use crate::collector::Collector;

/// Of the spool, as it is by default.
const BOUND: u64 = 256 << 20;
/// A segment, which gives way as a whole, and the cursor and lock.
const OVER: u64 = (8 << 20) + (64 << 10);
/// Of ended spans and of requests, as they are by default.
const IN_MEMORY: u64 = 2 * (32 << 20);
/// What new spans may stay behind while old ones are delivered.
const BEHIND: Duration = Duration::from_secs(5);
/// How long the spool may take until it is empty.
const DRAIN: Duration = Duration::from_secs(1_800);

pub(crate) fn run(seconds: u64, rate: u64) {
    let folder = Folder::new("outage");
    let run = Run::new("outage");
    let mut collector = Collector::start(&run);
    let telemetry = wirespan::builder()
        .otlp(Otlp::grpc().endpoint(collector.endpoint()))
        .spool(folder.spool())
        .no_metrics()
        .no_logs()
        .install()
        .expect("telemetry installs");
    let (over, recorded) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut look = Look { folder: &folder, telemetry: &telemetry, memory: Memory::default(), most: 0 };
    thread::scope(|scope| {
        let _over = Over(&over);
        scope.spawn(|| record(&run, rate, &over, &recorded));
        away(&mut look, Duration::from_secs(seconds));
        let left = telemetry.stats();
        collector.steady();
        back(&mut look, &mut collector, &recorded, left.spooled);
        look.memory.check(IN_MEMORY);
        println!("memory: {} KiB more at most", look.memory.grown() / 1024);
    });
    let _ = telemetry.flush(PATIENCE);
    let (stats, all) = (crate::end(telemetry), recorded.load(Ordering::Relaxed));
    let (seen, lost) = (collector.count(), stats.dropped.spool_full);
    println!("end: {all} recorded, {} arrived, {} twice, {lost} gave way", seen.arrived, seen.twice);
    assert_eq!((stats.started, stats.dropped(), seen.twice), (all, lost, 0), "{stats:?}");
    assert_eq!(
        (seen.arrived, seen.first),
        (all - lost, lost),
        "the oldest are missing, no others: {stats:?}"
    );
}

/// Ends the recording also where something fails, so that it is not waited for.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Records at that rate until it is over.
fn record(run: &Run, rate: u64, over: &AtomicBool, recorded: &AtomicU64) {
    let start = Instant::now();
    while !over.load(Ordering::Relaxed) {
        let due = start.elapsed().as_millis() * u128::from(rate) / 1_000;
        while u128::from(recorded.load(Ordering::Relaxed)) < due {
            run.record(0, recorded.fetch_add(1, Ordering::Relaxed));
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// What is looked at all the while.
struct Look<'a> {
    folder: &'a Folder,
    telemetry: &'a Telemetry,
    memory: Memory,
    /// The most bytes that were on disk.
    most: u64,
}

impl Look<'_> {
    fn now(&mut self) -> Stats {
        let stats = self.telemetry.stats();
        assert!(stats.is_balanced(), "{stats:?}");
        self.memory.look();
        self.most = self.most.max(self.folder.bytes());
        assert!(self.most <= BOUND + OVER, "{} bytes on disk", self.most);
        stats
    }
}

fn away(look: &mut Look<'_>, time: Duration) {
    let start = Instant::now();
    let mut said = 0;
    while start.elapsed() < time {
        thread::sleep(Duration::from_millis(200));
        let stats = look.now();
        if start.elapsed().as_secs() / 60 > said {
            said += 1;
            println!(
                "away for {said} min: {} spooled, {} gave way, {} in memory; {} bytes on disk at most",
                stats.spooled,
                stats.dropped.spool_full,
                stats.queued + stats.in_flight,
                look.most
            );
        }
    }
}

/// Until the disk is empty: how fast, and how far behind what is new stays.
fn back(look: &mut Look<'_>, collector: &mut Collector, recorded: &AtomicU64, old: u64) {
    let (start, before) = (Instant::now(), recorded.load(Ordering::Relaxed));
    let (mut arrived, mut behind) = (Instant::now(), Duration::ZERO);
    while look.now().spooled > 0 {
        assert!(start.elapsed() < DRAIN, "{:?}", look.telemetry.stats());
        let (now, newest) = (Instant::now(), recorded.load(Ordering::Relaxed));
        // What was recorded by now has arrived once the receiver has seen a span that is as new.
        while collector.count().next < newest {
            assert!(now.elapsed() < PATIENCE, "new spans are kept waiting: {:?}", look.telemetry.stats());
            look.now();
            thread::sleep(Duration::from_millis(20));
        }
        arrived = Instant::now();
        // The first may wait for a connection.
        if start.elapsed() > BEHIND {
            behind = behind.max(now.elapsed());
        }
    }
    let took = arrived.duration_since(start);
    let new = recorded.load(Ordering::Relaxed) - before;
    println!(
        "back: {old} spans left the disk in {took:?} while {new} were recorded, which were {behind:?} behind at most; {} bytes on disk at most",
        look.most
    );
    assert!(old > 5 * new, "{old} spans left the disk while {new} were recorded");
    assert!(behind < BEHIND, "new spans were {behind:?} behind");
}
