//! P2: a process under load, with the spool in write-through mode, is killed at random moments, with a receiver that is up or down.
//! What had ended longer before than the flush interval is delivered by those that come after, nothing is corrupt, and each starts.
//!
//! P9: so is what had ended before a program ends at once by itself: `_exit`, `abort`, a panic that aborts, `SIGPIPE`.
//!
//! Twenty-four times; `WIRESPAN_KILLS=500` says otherwise. Another 250 ms are allowed for machines that have more to do than this.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, SystemTime};
use std::{fs, thread};

use wirespan::Spool;
use wirespan_tests::delivery::{Pipe, otlp};
use wirespan_tests::folder::Folder;
use wirespan_tests::oracle::{Run, run_of};
use wirespan_tests::receiver::{Protocol, Receiver};

const FLUSH: Duration = Duration::from_millis(100);
const BUSY: Duration = Duration::from_millis(250);
const THREADS: usize = 2;

/// What of a round has to arrive.
struct Round {
    run: Run,
    /// Of each thread, how many spans had ended long enough before the kill.
    safe: Vec<u64>,
    log: PathBuf,
    /// The microsecond since 1970 at which it ended.
    ended: u128,
}

/// Something between 0 and 1, another for each round.
fn random(round: u64) -> f64 {
    let seed = u64::from(std::process::id()).wrapping_mul(0x9e37_79b9) ^ round;
    let mixed = seed.wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(31).wrapping_mul(0x94d0_49bb_1331_11eb);
    f64::from(u32::try_from(mixed >> 32).unwrap()) / f64::from(u32::MAX)
}

/// A program that ends at once by itself.
fn end_one(ending: &str, receiver: &Receiver, folder: &Path) -> (Round, ExitStatus) {
    let run = Run::new(format!("P9-{ending}"));
    let log = folder.join(run.name());
    let output = Command::new(env!("CARGO_BIN_EXE_ends"))
        .args([ending, &receiver.endpoint(), folder.join("spool").to_str().unwrap(), run.name()])
        .arg(&log)
        .env_clear()
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let ended: u128 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    let safe = vec![safe(&log, 0, ended - (FLUSH + BUSY).as_micros())];
    (Round { run, safe, log, ended }, output.status)
}

fn kill_one(round: u64, receiver: &Receiver, folder: &Path) -> Round {
    let run = Run::new(format!("P2-{round}"));
    let log = folder.join(run.name());
    let protocol = if round % 4 < 2 { "grpc" } else { "http" };
    let mut child = Command::new(env!("CARGO_BIN_EXE_killed"))
        .args([protocol, &receiver.endpoint(), folder.join("spool").to_str().unwrap(), run.name()])
        .arg(&log)
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "recording\n", "round {round} started");
    thread::sleep(Duration::from_millis(400) + Duration::from_millis(700).mul_f64(random(round)));
    let killed = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let before = killed.saturating_sub(FLUSH + BUSY).as_micros();
    let safe = (0..THREADS).map(|thread| safe(&log, thread, before)).collect();
    Round { run, safe, log, ended: killed.as_micros() }
}

/// How many spans the thread had said were over before that microsecond.
fn safe(log: &Path, thread: usize, before: u128) -> u64 {
    let said = said(log, thread);
    said.into_iter().filter(|(_, micros)| *micros <= before).map(|(count, _)| count).max().unwrap_or(0)
}

/// What the thread said: how many spans were over, and at which microsecond.
fn said(log: &Path, thread: usize) -> Vec<(u64, u128)> {
    let text = fs::read_to_string(format!("{}.{thread}", log.display())).unwrap_or_default();
    // The last line may have no end.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = whole.lines().filter_map(|line| {
        let (count, micros) = line.split_once(' ')?;
        Some((count.parse().ok()?, micros.parse().ok()?))
    });
    lines.collect()
}

#[test]
fn what_had_ended_before_the_last_flush_interval_survives_every_kill() {
    let kills = std::env::var("WIRESPAN_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(24);
    let folder = Folder::created("kill");
    let receiver = Receiver::start();
    let mut rounds = Vec::new();
    for round in 0..kills {
        // Also at the last, so that something is left for whoever comes then.
        if (kills - round) % 3 == 1 {
            receiver.go_down();
        } else {
            receiver.come_up();
        }
        rounds.push(kill_one(round, &receiver, folder.as_ref()));
    }
    let (safe, arrived, twice) = check(&rounds, &receiver, folder.as_ref(), THREADS);
    // What was under way when a process was killed, and no more: four requests at the same time.
    let largest = receiver.received().iter().map(|received| received.spans().len()).max().unwrap_or(0);
    assert!(
        twice <= usize::try_from(kills).unwrap() * 4 * largest,
        "{twice} twice, at most {largest} at once"
    );
    println!("{kills} kills: {arrived} spans arrived, {safe} of them had to, {twice} twice");
    assert!(safe > 500 * kills, "there was a load: {safe}");
}

#[test]
fn what_had_ended_before_the_last_flush_interval_survives_every_end_at_once() {
    let folder = Folder::created("ends");
    let receiver = Receiver::down();
    let mut rounds = Vec::new();
    for (ending, code, signal) in [
        ("_exit", Some(7), None),
        ("abort", None, Some(libc::SIGABRT)),
        ("panic", None, Some(libc::SIGABRT)),
        ("pipe", None, Some(libc::SIGPIPE)),
    ] {
        let (round, status) = end_one(ending, &receiver, folder.as_ref());
        assert_eq!((status.code(), status.signal()), (code, signal), "{ending}: {status}");
        assert!(round.safe[0] > 100, "{ending}: there was a load: {:?}", round.safe);
        rounds.push(round);
    }
    let (safe, arrived, twice) = check(&rounds, &receiver, folder.as_ref(), 1);
    assert_eq!(twice, 0, "nobody was there who could have had any before");
    println!("{arrived} spans arrived, {safe} of them had to");
}

/// What came back when the receiver is up again: all that had to; how many those are, how many arrived in all, and how many twice.
fn check(rounds: &[Round], receiver: &Receiver, folder: &Path, threads: usize) -> (u64, usize, usize) {
    receiver.come_up();
    // The next process: this one. Nobody holds what the others have left.
    let spool = Spool::new(folder.join("spool")).write_through(true);
    let pipe = Pipe::with(otlp(Protocol::Grpc, receiver), |builder| builder.spool(spool));
    let patience = Duration::from_secs(60);
    let last = std::cell::Cell::new(0);
    receiver.wait_until(patience, "an end of what was left", |receiver| {
        thread::sleep(Duration::from_millis(500));
        let now = receiver.spans().len();
        let stats = pipe.stats();
        last.replace(now) == now && stats.spooled == 0 && stats.recovered > 0
    });
    let stats = pipe.stats();
    assert_eq!(stats.dropped(), 0, "{stats:?}");
    let spans = receiver.spans();
    let mut by_run: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for span in &spans {
        by_run.entry(run_of(span).unwrap()).or_default().push(span);
    }
    let (mut safe, mut twice) = (0, 0);
    let mut window = 0;
    for Round { run, safe: of_threads, log, ended } in rounds {
        let mut seen = vec![BTreeSet::new(); threads];
        for span in by_run.remove(run.name()).unwrap_or_default() {
            let (thread, sequence) = run.mark(span).expect("nothing is corrupt");
            twice += usize::from(!seen[usize::try_from(thread).unwrap()].insert(sequence));
        }
        for (thread, count) in of_threads.iter().enumerate() {
            let missing = (0..*count).filter(|sequence| !seen[thread].contains(sequence)).count();
            assert_eq!(missing, 0, "{}, thread {thread}: of {count} that had to arrive", run.name());
            safe += count;
            // The oldest that is lost had ended before this was said.
            let first = (0..u64::MAX).find(|sequence| !seen[thread].contains(sequence));
            let line = said(log, thread).into_iter().find(|(count, _)| Some(*count) > first);
            window = line.map_or(0, |(_, micros)| ended.saturating_sub(micros)).max(window);
        }
    }
    assert!(by_run.is_empty(), "nobody recorded {:?}", by_run.keys());
    println!("the oldest that was lost had ended {} ms before its process", window / 1_000);
    (safe, spans.len() - twice, twice)
}
