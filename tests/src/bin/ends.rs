//! A program that ends at once, in one of the ways that give nobody time for anything; or that is to end in none of them.
//!
//! `ends <_exit|abort|panic|pipe> <endpoint> <spool> <run> <log>`: records marked spans, and appends to `<log>.0`, behind some of them,
//! how many have ended, and at which microsecond since 1970; a little later it ends, and says when. `panic` is what
//! `panic = "abort"` does: the hook, and the end. `pipe` is a write to a pipe that nobody reads, with the signal that C has for it.
//!
//! `ends console`: with that signal, writes spans to standard output, which nobody reads.
//!
//! `ends signals <push|pull> <endpoint>`: says which signals have handlers before telemetry is set up, and afterwards; then of each thread its name
//! and the signals that it has blocked.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "the test that started it reads what it prints")]
#![expect(unsafe_code, reason = "`_exit`, `signal`, `pipe` and `write` are C's")]

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use wirespan::Spool;
use wirespan::export::Otlp;
use wirespan_tests::oracle::Run;

const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["console"] => console(),
        ["signals", metrics, endpoint] => signals(metrics, endpoint),
        [ending, endpoint, spool, run, log] => {
            thread::scope(|scope| {
                let (records, recording) = mpsc::channel();
                scope.spawn(move || record(endpoint, spool, run, log, &records));
                recording.recv().expect("it begins");
                thread::sleep(Duration::from_millis(700));
                println!("{}", micros());
                end(ending);
            });
        }
        _ => println!("expected an ending, an endpoint, a spool, a run and a log"),
    }
}

fn micros() -> u128 {
    SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_micros()
}

fn record(endpoint: &str, spool: &str, run: &str, log: &str, records: &Sender<()>) {
    let _telemetry = wirespan::builder()
        .otlp(Otlp::grpc().endpoint(endpoint))
        .no_metrics()
        .no_logs()
        .spool(Spool::new(spool).write_through(true))
        .install()
        .expect("telemetry installs, whatever the last process has left");
    let run = Run::new(run);
    records.send(()).expect("it is waited for");
    let mut log = OpenOptions::new().create(true).append(true).open(format!("{log}.0")).expect("a file");
    for sequence in 0.. {
        run.record(0, sequence);
        if sequence % 10 == 9 {
            log.write_all(format!("{} {}\n", sequence + 1, micros()).as_bytes()).expect("it is written");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

fn end(ending: &str) {
    match ending {
        // SAFETY: the process ends here.
        "_exit" => unsafe { libc::_exit(7) },
        "abort" => std::process::abort(),
        "panic" => {
            std::panic::set_hook(Box::new(|_| std::process::abort()));
            // A panic like any other.
            std::env::var("WIRESPAN_IS_NOT_SET").expect("as with `panic = \"abort\"`");
        }
        _ => {
            default_pipe();
            let mut ends = [0; 2];
            // SAFETY: there is room for two descriptors, which nobody else has; a byte is read from the text.
            unsafe {
                libc::pipe(ends.as_mut_ptr());
                let [read, write] = ends;
                libc::close(read);
                libc::write(write, "x".as_ptr().cast(), 1);
            }
        }
    }
}

/// A write to a pipe or a connection that nobody reads ends the program, as in C; Rust's standard library ignores the signal.
fn default_pipe() {
    // SAFETY: the default has no handler.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
}

fn console() {
    default_pipe();
    let exporter = wirespan::export::ConsoleExporter::stdout();
    let telemetry = wirespan::builder().exporter(exporter).install().expect("telemetry installs");
    Run::new("console").record_range(0..10);
    // Whether it is an error is not what is asked here.
    let _ = telemetry.flush(PATIENCE);
    let _ = telemetry.shutdown(PATIENCE);
}

fn signals(metrics: &str, endpoint: &str) {
    let of = |status: &str, name: &str| {
        let text = fs::read_to_string(status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim_start_matches(':').trim().to_owned()
    };
    // With a process's first thread the C library has a signal of its own.
    thread::spawn(|| ()).join().expect("it does nothing");
    println!("{}", of("/proc/self/status", "SigCgt"));
    let builder = wirespan::builder().otlp(Otlp::grpc().endpoint(endpoint));
    let builder = if metrics == "pull" { builder.prometheus(([127, 0, 0, 1], 0)) } else { builder };
    let telemetry = builder.install().expect("telemetry installs");
    Run::new("signals").record(0, 0);
    tracing::info!("a record for the thread of the logs");
    telemetry.flush(PATIENCE).expect("it is delivered");
    println!("{}", of("/proc/self/status", "SigCgt"));
    for task in fs::read_dir("/proc/self/task").expect("the system says it").flatten() {
        let (name, status) = (task.path().join("comm"), task.path().join("status"));
        let name = fs::read_to_string(name).unwrap_or_default();
        println!("{} {}", of(status.to_str().expect("a path"), "SigBlk"), name.trim());
    }
}
