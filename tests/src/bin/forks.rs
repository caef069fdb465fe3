//! A program that forks while it records, and whose children record, too.
//!
//! `forks <grpc|http> <endpoint> <spool or -> <forks>`: two threads record marked spans of the run `parent` all the while. Each child
//! records some that nobody is to see, uses the handle that it has from its parent, sets telemetry up anew, records [`OF_CHILD`] spans
//! of a run of its own, `child-<number>`, and shuts down. At the end it prints how many spans each thread of the parent recorded.
//!
//! `forks held <endpoint> <spool>`: prints `held` when a span lies in the spool and there is a child, which then lives until standard
//! input ends; the parent lives until it is killed.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "the test that started it reads what it prints")]
#![expect(unsafe_code, reason = "`fork` and `_exit` are C's")]

use std::io::Read as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wirespan::export::Otlp;
use wirespan::{Builder, Spool, Telemetry, traced};
use wirespan_tests::forked::in_child;
use wirespan_tests::oracle::Run;

/// Spans of each child.
const OF_CHILD: u64 = 50;
const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["held", endpoint, spool] => held(endpoint, spool),
        [protocol, endpoint, spool, forks] => {
            load(protocol, endpoint, spool, forks.parse().expect("a number of forks"));
        }
        _ => println!("expected a protocol, an endpoint, a spool and a number of forks"),
    }
}

fn builder(protocol: &str, endpoint: &str, spool: &str) -> Builder {
    let otlp = if protocol == "grpc" { Otlp::grpc() } else { Otlp::http() };
    let builder = wirespan::builder().flush_interval(Duration::from_millis(5)).otlp(otlp.endpoint(endpoint));
    match spool {
        "-" => builder,
        folder => builder.spool(Spool::new(folder).write_through(true)),
    }
}

fn load(protocol: &str, endpoint: &str, spool: &str, forks: u32) {
    let telemetry = builder(protocol, endpoint, spool).install().expect("telemetry installs");
    let (over, run) = (AtomicBool::new(false), Run::new("parent"));
    let counts: Vec<u64> = thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|number| {
                let (over, run) = (&over, &run);
                scope.spawn(move || {
                    let mut sequence = 0;
                    while !over.load(Ordering::Relaxed) {
                        run.record(number, sequence);
                        sequence += 1;
                        if sequence % 20 == 0 {
                            thread::sleep(Duration::from_millis(1));
                        }
                    }
                    sequence
                })
            })
            .collect();
        // The thread that forks has a chunk and ids of its own.
        for number in 0..forks {
            run.record(2, u64::from(number));
            forking(|| child(number, &telemetry, || builder(protocol, endpoint, spool)));
        }
        over.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
    });
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    println!("{} {forks}", counts.iter().map(u64::to_string).collect::<Vec<_>>().join(" "));
}

/// The span is open in both processes.
#[traced(skip(child))]
fn forking(child: impl FnOnce()) {
    in_child(child);
}

fn child(number: u32, inherited: &Telemetry, builder: impl Fn() -> Builder) {
    let run = Run::new(format!("child-{number}"));
    run.record_range(OF_CHILD..OF_CHILD + 10);
    let start = Instant::now();
    inherited.flush(PATIENCE).expect("there is nothing of the child's to deliver");
    assert!(start.elapsed() < Duration::from_secs(1), "nobody is waited for");
    assert!(!inherited.is_enabled());
    assert_eq!(inherited.stats(), wirespan::Stats::default());
    let own = builder().install().expect("telemetry installs in the child");
    run.record_range(0..OF_CHILD);
    let report = own.shutdown(PATIENCE).expect("nothing is lost");
    assert_eq!(report.delivered, OF_CHILD, "{report}");
}

fn held(endpoint: &str, spool: &str) {
    let telemetry = builder("http", endpoint, spool).install().expect("telemetry installs");
    Run::new("held").record(0, 0);
    while telemetry.stats().spooled == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    // SAFETY: as above.
    if unsafe { libc::fork() } == 0 {
        println!("held");
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        // SAFETY: as above.
        unsafe { libc::_exit(0) }
    }
    loop {
        thread::park();
    }
}
