//! A program of many short threads, one after the other: what they leave behind in memory.
//!
//! `threads <endpoint> <threads>`: each thread records a marked span of the run `short`, every eighth one in the destructor of a
//! thread-local. Prints how many threads there were, and the resident KiB before and after the last nine tenths; before each look
//! everything is delivered. A busy machine may bring more spans together than ever before, for which memory grows once: after growth
//! of more than [`KIB`] as many threads come again, twice at most.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "the test that started it reads what it prints")]

use std::cell::OnceCell;
use std::fs;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use wirespan::Telemetry;
use wirespan::export::Otlp;
use wirespan_tests::oracle::Run;

/// Threads that live at the same time.
const AT_ONCE: u64 = 16;
/// What memory may differ by.
const KIB: u64 = 2 * 1024;
const PATIENCE: Duration = Duration::from_secs(60);

static RUN: LazyLock<Run> = LazyLock::new(|| Run::new("short"));

/// Records a span when its thread ends.
struct AtExit(u64);

impl Drop for AtExit {
    fn drop(&mut self) {
        RUN.record(0, self.0);
    }
}

thread_local! {
    static AT_EXIT: OnceCell<AtExit> = const { OnceCell::new() };
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("two arguments");
    let (endpoint, threads): (_, u64) = (next(), next().parse().expect("a number of threads"));
    let telemetry = wirespan::builder()
        .otlp(Otlp::grpc().endpoint(endpoint))
        .no_metrics()
        .no_logs()
        .install()
        .expect("telemetry");
    let mut done = threads / 10;
    let mut before = run(&telemetry, 0..done);
    let mut after = 0;
    for round in 1..=3 {
        after = run(&telemetry, done..round * threads);
        done = round * threads;
        if before.abs_diff(after) <= KIB || round == 3 {
            break;
        }
        before = after;
    }
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    println!("{done} {before} {after}");
}

/// Runs these threads; the resident KiB once everything is delivered.
fn run(telemetry: &Telemetry, threads: std::ops::Range<u64>) -> u64 {
    for first in threads.clone().step_by(usize::try_from(AT_ONCE).expect("it fits")) {
        let some: Vec<_> = (first..(first + AT_ONCE).min(threads.end))
            .map(|number| {
                thread::spawn(move || {
                    if number % 8 != 0 {
                        return RUN.record(0, number);
                    }
                    // First used behind another span, so that its destructor comes before the one of what that used.
                    drop(wirespan::span!("first"));
                    assert!(AT_EXIT.with(|at_exit| at_exit.set(AtExit(number)).is_ok()));
                })
            })
            .collect();
        for thread in some {
            thread.join().expect("no destructor panics");
        }
        if first % 5_000 < AT_ONCE {
            telemetry.flush(PATIENCE).expect("nothing is lost");
        }
    }
    telemetry.flush(PATIENCE).expect("nothing is lost");
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.started == threads.end + threads.end.div_ceil(8), "{stats:?}");
    assert_eq!((stats.acknowledged, stats.dropped(), stats.open), (stats.started, 0, 0), "{stats:?}");
    let text = fs::read_to_string("/proc/self/statm").expect("the system says it");
    let pages: u64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number of pages");
    pages * 4
}
