//! A program to which the system gives nothing more for a while: no memory for the stack of a thread, no descriptors, little memory.
//!
//! `limits start <what> <grpc|http> <endpoint>`: the limit is there before telemetry is set up; says why it is refused, records spans
//! that nobody is to see, and sets it up once more without the limit. `limits later <what> <grpc|http> <endpoint> <spool or ->`:
//! the limit comes afterwards, and goes when standard input ends. What: `threads`, `files`, `memory`, or a number of MiB of memory.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "the test that started it reads what it prints")]

use std::error::Error;
use std::fs;
use std::io::Read as _;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use wirespan::export::Otlp;
use wirespan::{Builder, Spool};
use wirespan_tests::oracle::Run;

const MIB: u64 = 1 << 20;
/// Of the buffer and of the queue, where memory is short.
const BOUND: usize = 8 << 20;
/// Spans under the limit.
const SPANS: u64 = 100;
/// Where memory is short: several times what it holds.
const MANY: u64 = 200_000;
const PATIENCE: Duration = Duration::from_secs(30);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["start", what, protocol, endpoint] => start(what, &|| builder(protocol, endpoint)),
        ["later", what, protocol, endpoint, "-"] => later(what, builder(protocol, endpoint)),
        ["later", what, protocol, endpoint, folder] => {
            later(what, builder(protocol, endpoint).spool(Spool::new(*folder).write_through(true)));
        }
        _ => println!("expected `start` or `later`, what is short, a protocol and an endpoint"),
    }
}

fn builder(protocol: &str, endpoint: &str) -> Builder {
    let otlp = if protocol == "grpc" { Otlp::grpc() } else { Otlp::http() };
    // Spans alone: the SDK's providers take memory before anything needs a thread.
    wirespan::builder()
        .no_metrics()
        .no_logs()
        .flush_interval(Duration::from_millis(20))
        .buffer_bytes(BOUND)
        .otlp(otlp.endpoint(endpoint).queue_bytes(BOUND))
}

/// A limit of the system's, until it is dropped.
struct Limit {
    resource: Resource,
    before: Rlimit,
}

impl Limit {
    fn new(what: &str) -> Self {
        let (resource, limit) = match what {
            "files" => (Resource::Nofile, open_files()),
            // The stack of a thread is 2 MiB.
            "threads" => (Resource::As, address_space() + MIB),
            // The two bounds, a batch that is made and one that is put together, and what else a program needs.
            "memory" => (Resource::As, address_space() + 2 * BOUND as u64 + 24 * MIB),
            mib => (Resource::As, address_space() + mib.parse::<u64>().expect("a number of MiB") * MIB),
        };
        let before = getrlimit(resource);
        setrlimit(resource, Rlimit { current: Some(limit), ..before }).expect("it can be lowered");
        Self { resource, before }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        setrlimit(self.resource, self.before).expect("it can be raised again");
    }
}

/// The lowest number that no open file has.
fn open_files() -> u64 {
    let null = fs::File::open("/dev/null").expect("a descriptor");
    u64::try_from(std::os::fd::AsRawFd::as_raw_fd(&null)).expect("a number")
}

/// Bytes of it that are in use.
fn address_space() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").expect("Linux says");
    let pages: u64 = statm.split(' ').next().and_then(|pages| pages.parse().ok()).expect("pages");
    pages * rustix::param::page_size() as u64
}

fn start(what: &str, builder: &dyn Fn() -> Builder) {
    let run = Run::new("limits");
    let limit = Limit::new(what);
    let refused = builder().install();
    match &refused {
        Err(error) => {
            let causes = std::iter::successors(error.source(), |&cause| cause.source());
            let causes: Vec<String> = causes.map(ToString::to_string).collect();
            println!("refused: {error}: {}", causes.join(": "));
            run.record_range(SPANS..2 * SPANS);
        }
        Ok(_) => println!("installed"),
    }
    drop(limit);
    drop(refused);
    let telemetry = builder().install().expect("telemetry installs without the limit");
    run.record_range(0..SPANS);
    println!("{}", telemetry.shutdown(PATIENCE).expect("nothing is lost"));
}

fn later(what: &str, builder: Builder) {
    let telemetry = builder.install().expect("telemetry installs");
    let run = Run::new("limits");
    // The thread that records has what it needs.
    run.record(0, 0);
    let limit = Limit::new(what);
    run.record_range(1..if what == "memory" { MANY } else { SPANS });
    println!("recorded");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    let under = telemetry.stats();
    drop(limit);
    let _ = telemetry.flush(PATIENCE);
    let stats = telemetry.stats();
    assert!(under.is_balanced() && stats.is_balanced(), "{under:?} {stats:?}");
    println!("{} {} {}", stats.acknowledged, stats.dropped(), stats.dropped.buffer_full);
}
