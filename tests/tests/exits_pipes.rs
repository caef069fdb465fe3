//! P9: signals. Telemetry installs no handler; and in a program in which a write to what nobody reads is a signal, as in C, our threads
//! do not end it.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

use wirespan_tests::receiver::Receiver;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ends"));
    command.env_clear();
    command
}

#[test]
fn what_is_written_to_a_pipe_that_nobody_reads_does_not_end_the_program() {
    let mut child = program().arg("console").stdout(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let status = child.wait().expect("it has run");
    assert!(status.success(), "{status}");
}

#[test]
fn no_signal_has_a_handler_of_ours_and_only_our_threads_have_one_blocked() {
    let receiver = Receiver::start();
    for (metrics, reader) in [("push", "wirespan-meter"), ("pull", "wirespan-scrape")] {
        let output = program().args(["signals", metrics, &receiver.endpoint()]).output().expect("it starts");
        let said = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let mut lines = said.lines();
        let (before, after) = (lines.next(), lines.next());
        assert_eq!(before, after, "signals that are caught: {said}");
        let blocked: Vec<_> = lines
            .filter_map(|line| line.split_once(' '))
            // One that has just ended.
            .filter(|(mask, _)| !mask.is_empty())
            .map(|(mask, name)| (name, u64::from_str_radix(mask, 16).expect("a mask")))
            .collect();
        let pipe = 1 << (libc::SIGPIPE - 1);
        for ours in ["wirespan-drain", "wirespan-export", reader, "OpenTelemetry.L"] {
            assert!(blocked.contains(&(ours, pipe)), "{ours}: {blocked:?}");
        }
        assert!(blocked.contains(&("ends", 0)), "the program's own: {blocked:?}");
    }
}
