//! A program whose spool is to lie on a disk of four MiB, which may at first not be written to, and is full later.
//!
//! `full <endpoint> <folder>`: mounts the disk at the folder, in a mount namespace that is this program's own; nobody listens at the
//! endpoint before it says `waiting`, and somebody does when standard input has a line. Prints what became of the spans after each step, and how long it took.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "the test that started it reads what it prints")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use wirespan::export::Otlp;
use wirespan::{Spool, Stats, Telemetry};
use wirespan_tests::oracle::Run;

const PATIENCE: Duration = Duration::from_secs(30);
/// Spans of each step.
const STEP: u64 = 100;

fn mount(options: &str, folder: &str) -> bool {
    let done = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs", folder]).status();
    done.is_ok_and(|status| status.success())
}

/// Waits until the ledger is so, and says how long that took.
fn once(telemetry: &Telemetry, step: &str, is_so: impl Fn(&Stats) -> bool) {
    let start = Instant::now();
    let mut stats = telemetry.stats();
    while !is_so(&stats) && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
        stats = telemetry.stats();
    }
    assert!(stats.is_balanced(), "{stats:?}");
    let Stats { acknowledged, in_flight, spooled, .. } = stats;
    let (dropped, took) = (stats.dropped(), start.elapsed().as_millis());
    println!(
        "{step} acknowledged={acknowledged} memory={in_flight} disk={spooled} dropped={dropped} ms={took}"
    );
}

/// Takes every byte of the disk.
fn fill(folder: &Path) {
    let mut file = File::create(folder.join("filler")).expect("a file");
    for bytes in [1 << 16, 1 << 10, 1] {
        while file.write_all(&vec![7; bytes]).is_ok() {}
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("two arguments");
    let (endpoint, folder) = (next(), next());
    assert!(mount("size=4m,mode=755", &folder) && mount("remount,ro", &folder), "a disk");
    let path = Path::new(&folder);
    let spool = Spool::new(path.join("spool")).max_disk_use(100);
    let telemetry = wirespan::builder()
        .no_metrics()
        .no_logs()
        .flush_interval(Duration::from_millis(20))
        .otlp(Otlp::http().endpoint(endpoint))
        .spool(spool)
        .install()
        .expect("telemetry installs");
    let run = Run::new("P4");
    let record = |step: u64| (step * STEP..(step + 1) * STEP).for_each(|sequence| run.record(0, sequence));

    record(0);
    once(&telemetry, "read-only", |stats| stats.in_flight == STEP);
    assert!(mount("remount,rw", &folder), "it is mounted");
    once(&telemetry, "writable-again", |stats| stats.spooled == STEP);
    fill(path);
    record(1);
    once(&telemetry, "full", |stats| stats.in_flight == STEP);
    fs::remove_file(path.join("filler")).expect("it is there");
    once(&telemetry, "room-again", |stats| stats.spooled == 2 * STEP);
    println!("waiting");
    std::io::stdin().read_line(&mut String::new()).expect("a line");
    once(&telemetry, "delivered", |stats| stats.acknowledged == 2 * STEP);
    let _ = telemetry.shutdown(PATIENCE);
}
