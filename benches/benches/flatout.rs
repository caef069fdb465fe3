//! Flat out: 5,000,000 spans from two threads, as fast as they can, at a bound of 64 MiB.
//!
//! `cargo bench -p wirespan-benches --bench flatout` runs it into a drain that only counts (no exporter: records are read and
//! not completed) and into an exporter that only counts (every span becomes a `SpanData`), each with the attach on and off
//! and in a process of its own. It prints spans per second, nanoseconds per span of each thread, and what the ledger says.
//! Ends with an error when the ledger is wrong, or when spans were lost on the way to the drain that only counts; an exporter
//! may be slower than two threads that do nothing else. With `-- --quick`, or without `--bench`, 200,000 spans.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people run")]

use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, thread};

use wirespan::{Stats, traced};
use wirespan_benches::Result;
use wirespan_benches::exporter::{Arrived, CountingExporter};

const SPANS: u32 = 5_000_000;
const QUICK_SPANS: u32 = 200_000;
const THREADS: u32 = 2;
/// Calls below one parent, which is a span too.
const CALLS: u32 = 999;
const BOUND: usize = 64 << 20;
const FLUSH: Duration = Duration::from_mins(2);

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    if let [first, exit, attach, spans] = arguments
        && first == "--child"
    {
        let exit = if exit == Exit::Drain.name() { Exit::Drain } else { Exit::Exporter };
        return flat_out(exit, attach.parse()?, spans.parse()?);
    }
    let given = |flag| arguments.iter().any(|argument| argument == flag);
    let spans = if given("--bench") && !given("--quick") { SPANS } else { QUICK_SPANS };
    let mut failed = false;
    for (exit, attach) in
        [(Exit::Drain, true), (Exit::Drain, false), (Exit::Exporter, true), (Exit::Exporter, false)]
    {
        let child = Command::new(env::current_exe()?)
            .args(["--child", exit.name(), &attach.to_string(), &spans.to_string()])
            .status()?;
        failed |= !child.success();
    }
    if failed { Err("a run failed".into()) } else { Ok(()) }
}

/// Where the spans go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Drain,
    Exporter,
}

impl Exit {
    fn name(self) -> &'static str {
        match self {
            Self::Drain => "drain",
            Self::Exporter => "exporter",
        }
    }
}

fn flat_out(exit: Exit, attach: bool, spans: u32) -> Result<()> {
    let arrived = Arrived::default();
    let builder = wirespan::builder().opentelemetry_context(attach).buffer_bytes(BOUND);
    let builder = match exit {
        Exit::Drain => builder.no_exporter(),
        Exit::Exporter => builder.exporter(CountingExporter(arrived.clone())),
    };
    let telemetry = builder.install()?;

    let start = Instant::now();
    let parents = spans / THREADS / (CALLS + 1);
    let producers: Vec<_> = (0..THREADS).map(|_| thread::spawn(move || produce(parents))).collect();
    let mut busy = Vec::new();
    for producer in producers {
        busy.push(producer.join().map_err(|_| "a thread panicked")?);
    }
    let produced = start.elapsed();
    // Its error is a loss, which the ledger says too.
    let _ = telemetry.flush(FLUSH);
    let settled = start.elapsed();
    let stats = telemetry.stats();
    // Nothing is left to deliver, and what was lost is in `stats`.
    let _ = telemetry.shutdown(FLUSH);

    let of_thread = parents * (CALLS + 1);
    let nanos = |busy: &Duration| format!("{:.1}", busy.as_secs_f64() * 1e9 / f64::from(of_thread));
    println!(
        "{:<9}attach {:<4}{:>11.0} spans/s made on {THREADS} threads, {} ns/span; all settled after {:.2} s",
        exit.name(),
        if attach { "on" } else { "off" },
        f64::from(of_thread * THREADS) / produced.as_secs_f64(),
        busy.iter().map(nanos).collect::<Vec<_>>().join(" and "),
        settled.as_secs_f64(),
    );
    println!(
        "{:<20}started {}, acknowledged {}, lost {}",
        "",
        stats.started,
        stats.acknowledged,
        stats.dropped()
    );
    check(exit, u64::from(of_thread * THREADS), &stats, &arrived)
}

fn check(exit: Exit, made: u64, stats: &Stats, arrived: &Arrived) -> Result<()> {
    if stats.started != made {
        return Err(format!("{made} spans were made, {} are in the ledger", stats.started).into());
    }
    if !stats.is_balanced() || stats.pending() > 0 {
        return Err(format!("the ledger does not balance: {stats:?}").into());
    }
    match exit {
        Exit::Drain if stats.dropped() > 0 => Err("spans were lost".into()),
        Exit::Exporter if stats.acknowledged != arrived.count() => {
            Err(format!("the exporter counted {}", arrived.count()).into())
        }
        _ => Ok(()),
    }
}

/// Makes so many parents, each with its calls, and says how long that took.
fn produce(parents: u32) -> Duration {
    let start = Instant::now();
    for id in 0..parents {
        parent(id);
    }
    start.elapsed()
}

#[inline(never)]
#[traced]
fn parent(id: u32) {
    for n in 0..CALLS {
        black_box(call(u64::from(black_box(id ^ n)), black_box("order-0123456789")));
    }
}

#[inline(never)]
#[traced]
fn call(id: u64, tag: &str) -> u64 {
    black_box(id ^ u64::try_from(tag.len()).unwrap_or(u64::MAX))
}
