//! P9: however a program ends, what it recorded is delivered, or on disk for the next process.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

use wirespan_tests::PATIENCE;
use wirespan_tests::folder::Folder;
use wirespan_tests::receiver::Receiver;

fn child(arguments: &[&str], variables: &[(&str, &str)]) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    let output = command.args(arguments).env_clear().envs(variables.iter().copied()).output();
    output.expect("it starts").status.code()
}

#[test]
fn every_way_to_end_in_an_orderly_manner_delivers() {
    for (ending, code) in [("exit", 0), ("forget", 0), ("drop", 0), ("panic", 101)] {
        for protocol in ["grpc", "http/protobuf"] {
            let receiver = Receiver::start();
            let endpoint = receiver.endpoint();
            let variables =
                [("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)];
            assert_eq!(child(&["10", ending], &variables), Some(code), "{ending}");
            assert_eq!(receiver.spans().len(), 20, "{ending} {protocol}");
        }
    }
}

#[test]
fn without_a_receiver_it_is_on_disk_for_the_next_process() {
    let folder = Folder::new("exits");
    let receiver = Receiver::down();
    let endpoint = receiver.endpoint();
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint), ("WIRESPAN_SPOOL_DIR", folder.text())];
    for ending in ["exit", "forget", "drop", "panic"] {
        let _ = child(&["10", ending], &variables);
    }
    receiver.come_up();
    assert_eq!(child(&["0", "end"], &variables), Some(0));
    assert_eq!(receiver.wait_for(80, PATIENCE).len(), 80, "those of the four before, and none twice");
}

#[test]
#[cfg(unix)]
fn a_signal_ends_it_as_it_ends_any_program_and_the_next_process_delivers() {
    use std::io::{BufRead as _, BufReader};
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Stdio;

    use rustix::process::{Pid, Signal, kill_process};

    let folder = Folder::new("signals");
    let receiver = Receiver::down();
    let endpoint = receiver.endpoint();
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("WIRESPAN_SPOOL_DIR", folder.text()),
    ];
    // What nobody catches: with a handler of ours the program would go on, or end in another way.
    let signals = [Signal::TERM, Signal::INT, Signal::HUP, Signal::ABORT, Signal::KILL];
    for signal in signals {
        let mut child = Command::new(env!("CARGO_BIN_EXE_child"))
            .args(["10", "flush"])
            .env_clear()
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut said = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        assert!(said.any(|line| line.starts_with("flushed: ")), "what ended before is on disk");
        kill_process(Pid::from_child(&child), signal).expect("it runs");
        let status = child.wait().expect("it has run");
        assert_eq!(status.signal(), Some(signal.as_raw()), "{status}");
    }
    receiver.come_up();
    assert_eq!(child(&["0", "end"], &variables), Some(0));
    let all = 20 * signals.len();
    assert_eq!(receiver.wait_for(all, PATIENCE).len(), all, "those of all before, and none twice");
}
