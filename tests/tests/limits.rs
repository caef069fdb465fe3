//! P12: the system has no more threads, descriptors or memory, from the beginning or for a while. Nobody panics, errors say what is
//! missing, and what the bounds allow is kept and delivered afterwards. On Linux, which says how much of its address space a
//! process uses.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use wirespan_tests::folder::Folder;
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::Receiver;

const SPANS: u64 = 100;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_limits"));
    command.env_clear();
    command
}

#[test]
fn without_threads_or_descriptors_setting_up_is_refused_and_works_when_there_are_some() {
    for (what, reason) in [("threads", "os error 11"), ("files", "Too many open files")] {
        for protocol in ["grpc", "http"] {
            let receiver = Receiver::start();
            let output = program().args(["start", what, protocol, &receiver.endpoint()]).output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(output.status.success(), "{what} {protocol}: {said}{}", output.status);
            let (refused, delivered) = said.split_once('\n').unwrap();
            assert!(refused.starts_with("refused: the ") && refused.contains(reason), "{refused}");
            assert!(delivered.starts_with("100 delivered"), "{said}");
            Run::new("limits").judge(1, SPANS, &receiver.spans()).is_perfect();
        }
    }
}

/// Records under a limit with the receiver down, if it is to be; says what became of the spans: delivered, dropped, dropped
/// because the buffer was full.
fn later(what: &str, protocol: &str, spool: &str, receiver: &Receiver, is_down: bool) -> [u64; 3] {
    // By its name, which has to be looked up.
    let endpoint = format!("http://localhost:{}", receiver.port());
    let mut child = program()
        .args(["later", what, protocol, &endpoint, spool])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(said.next().unwrap().unwrap(), "recorded", "{what} {protocol}");
    // Time for attempts that fail.
    thread::sleep(Duration::from_millis(700));
    if is_down {
        receiver.come_up();
    }
    drop(child.stdin.take());
    let line = said.next().unwrap().unwrap();
    assert!(child.wait().unwrap().success(), "{what} {protocol}");
    let counts: Vec<u64> = line.split(' ').map(|count| count.parse().unwrap()).collect();
    counts.try_into().unwrap()
}

#[test]
fn a_sender_that_gets_no_thread_or_descriptor_keeps_the_spans_until_it_does() {
    let folder = Folder::new("limits");
    for what in ["threads", "files"] {
        for protocol in ["grpc", "http"] {
            for spool in ["-", folder.text()] {
                let receiver = Receiver::start();
                let counts = later(what, protocol, spool, &receiver, false);
                assert_eq!(counts, [SPANS, 0, 0], "{what} {protocol} {spool}");
                Run::new("limits").judge(1, SPANS, &receiver.spans()).is_perfect();
            }
        }
    }
}

#[test]
fn with_memory_for_its_bounds_and_little_else_a_program_survives_an_outage_and_counts_what_did_not_fit() {
    for protocol in ["grpc", "http"] {
        let receiver = Receiver::down();
        let [delivered, dropped, full] = later("memory", protocol, "-", &receiver, true);
        assert_eq!((delivered + dropped, dropped), (200_000, full), "{protocol}");
        assert!(full > 0 && delivered > 10_000, "{protocol}: {delivered} delivered, {dropped} dropped");
        assert_eq!(receiver.spans().len() as u64, delivered, "{protocol}");
    }
}
