//! A program that records until it is killed, and leaves behind what it had recorded and when.
//!
//! `killed <grpc|http> <endpoint> <spool> <run> <log>`: two threads record marked spans; each appends to `<log>.<thread>`, behind some
//! of its spans, how many have ended, and at which microsecond since 1970. What a process has written, the system keeps.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "the test that started it reads what it prints")]

use std::fs::OpenOptions;
use std::io::Write as _;
use std::thread;
use std::time::{Duration, SystemTime};

use wirespan::Spool;
use wirespan::export::Otlp;
use wirespan_tests::oracle::Run;

/// Spans between two lines of the log, and between two rests of 1 ms.
const STEP: u64 = 10;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("five arguments");
    let otlp = if next() == "grpc" { Otlp::grpc() } else { Otlp::http() };
    let (endpoint, spool, run, log) = (next(), next(), Run::new(next()), next());
    let _telemetry = wirespan::builder()
        .flush_interval(Duration::from_millis(100))
        .otlp(otlp.endpoint(endpoint))
        .no_metrics()
        .no_logs()
        .spool(Spool::new(spool).write_through(true))
        .install()
        .expect("telemetry installs, whatever the last process has left");
    println!("recording");
    thread::scope(|scope| {
        for number in 0..2 {
            let (run, path) = (&run, format!("{log}.{number}"));
            scope.spawn(move || {
                let mut log = OpenOptions::new().create(true).append(true).open(path).expect("a file");
                for sequence in 0.. {
                    run.record(number, sequence);
                    if sequence % STEP == STEP - 1 {
                        let now = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_micros();
                        log.write_all(format!("{} {now}\n", sequence + 1).as_bytes()).expect("it is written");
                        thread::sleep(Duration::from_millis(1));
                    }
                }
            });
        }
    });
}
