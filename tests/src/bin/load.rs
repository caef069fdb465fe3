//! Records spans of known contents on several threads and says which, for a comparison with what a receiver was sent.
//!
//! `load --run NAME --sent FILE [--threads N] [--calls N] [--bytes N] [--pace MICROSECONDS] [--patience MILLISECONDS]
//! [--until-spooled]`: each call is two spans. Without `--calls` it goes on until its standard input is closed; then it is
//! patient with the receiver. Where to send is said by the environment. On standard output it says `recording`, with
//! `--until-spooled` `spooled` when all spans are on disk, whereupon it waits, and at the end where its spans are: what flush
//! and shutdown report, and `ledger …`.
//!
//! `load --ports N` prints N ports of the loopback interface that are free, and ends.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the script that started it reads what it prints"
)]

use std::io::Read as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{io, thread};

use wirespan::Telemetry;
use wirespan_tests::load::functions::call;
use wirespan_tests::load::ledger::Ledger;
use wirespan_tests::load::sent::Log;

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Load {
    run: String,
    sent: PathBuf,
    threads: u64,
    calls: Option<u64>,
    bytes: usize,
    pace: Duration,
    patience: Duration,
    until_spooled: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut load = Load { threads: 4, bytes: 48, patience: Duration::from_secs(120), ..Load::default() };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--until-spooled" {
            load.until_spooled = true;
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--ports" => return print_ports(value.parse()?),
            "--run" => load.run = value,
            "--sent" => load.sent = value.into(),
            "--threads" => load.threads = value.parse()?,
            "--calls" => load.calls = Some(value.parse()?),
            "--bytes" => load.bytes = value.parse()?,
            "--pace" => load.pace = Duration::from_micros(value.parse()?),
            "--patience" => load.patience = Duration::from_millis(value.parse()?),
            _ => return Err(format!("{name} is no option").into()),
        }
    }
    if load.run.is_empty() || load.run.contains(char::is_whitespace) {
        return Err("--run needs a name without white space".into());
    }
    let log = Log::append(&load.sent)?;
    let telemetry = wirespan::init()?;
    println!("recording");
    record(&load, &log);
    if load.until_spooled {
        wait_until_spooled(&telemetry);
    }
    end(telemetry, load.patience)
}

fn print_ports(count: usize) -> Result<(), Failure> {
    // All of them are held until all are known, so that no two are the same.
    let held: Vec<TcpListener> =
        (0..count).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).collect::<Result<_, io::Error>>()?;
    for listener in &held {
        println!("{}", listener.local_addr()?.port());
    }
    Ok(())
}

/// Until every thread has made its calls, or standard input is closed.
fn record(load: &Load, log: &Log) {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for number in 0..load.threads {
            let stop = &stop;
            scope.spawn(move || {
                for sequence in 0..load.calls.unwrap_or(u64::MAX) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    call(log, &load.run, number, sequence, load.bytes);
                    if !load.pace.is_zero() {
                        thread::sleep(load.pace);
                    }
                }
            });
        }
        if load.calls.is_none() {
            let _ = io::stdin().read_to_end(&mut Vec::new());
            stop.store(true, Ordering::Relaxed);
        }
    });
}

/// Says when every span is on disk, and waits to be killed, or for the end of its standard input.
fn wait_until_spooled(telemetry: &Telemetry) {
    while telemetry.stats().spooled < telemetry.stats().started {
        thread::sleep(Duration::from_millis(10));
    }
    println!("spooled");
    let _ = io::stdin().read_to_end(&mut Vec::new());
}

/// Shuts down, and says where every span is.
fn end(telemetry: Telemetry, patience: Duration) -> Result<(), Failure> {
    // No span is open, and nothing was reported so far: the first report is about all of them. What is found on disk is
    // known to `stats` alone, and when all is delivered nothing is found any more.
    let flushed = match telemetry.flush(patience) {
        Ok(report) => Some(report),
        Err(error) => error.report().copied(),
    };
    let stats = telemetry.stats();
    let (text, report) = match telemetry.shutdown(patience) {
        Ok(report) => (report.to_string(), Some(report)),
        Err(error) => (error.to_string(), error.report().copied()),
    };
    let (Some(flushed), Some(report)) = (flushed, report) else { return Err("there is no report".into()) };
    println!("flush {flushed}");
    println!("shutdown {text}");
    let ledger = Ledger {
        started: stats.started,
        recovered: stats.recovered,
        delivered: flushed.delivered + report.delivered,
        dropped: flushed.lost() + report.lost(),
        spooled: report.spooled,
        left: report.pending + report.held + report.open,
    };
    println!("{ledger}");
    Ok(())
}
