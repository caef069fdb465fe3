//! P7: a spool on a file system that does not answer, from the beginning and later. Whoever records, flushes or shuts down does not wait
//! for it; what was recorded is counted, and sent when the file system says anything at all. Linux, where a user may mount a file
//! system of his own in a namespace of his own.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs::OpenOptions;
use std::process::Stdio;

use wirespan_tests::folder::Folder;
use wirespan_tests::mounts::{in_own_namespace, not_run, numbers};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::Receiver;

#[test]
fn nobody_waits_for_a_file_system_that_does_not_answer() {
    let Some(mut program) = in_own_namespace(env!("CARGO_BIN_EXE_stalled")) else { return };
    if OpenOptions::new().read(true).write(true).open("/dev/fuse").is_err() {
        return not_run("no FUSE is to be had here");
    }
    let folder = Folder::created("stalled");
    let receiver = Receiver::start();
    let output = program
        .args([receiver.endpoint().as_str(), folder.text()])
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let steps: Vec<_> = said.lines().filter(|line| line.contains("ms=")).collect();
    let hangs = ("flush-hangs", [1, 0, 100, 0], 700);
    // A call that failed is tried again after a second, and a flush waits for none.
    let fails = ("flush-fails", [0, 100, 0, 0], 10_000);
    let expected = [hangs, fails, hangs, fails, ("shutdown-hangs", [1, 0, 0, 100], 700)];
    let ends = steps.iter().filter(|line| line.contains("timeout="));
    assert_eq!(ends.clone().count(), expected.len(), "{said}");
    for (line, (step, counts, most)) in ends.zip(expected) {
        let found = numbers(line);
        let places = ["timeout", "delivered", "pending", "dropped"].map(|place| found.get(place).copied());
        assert!(line.starts_with(step), "{line} is not {step}");
        assert_eq!(places, counts.map(Some), "{line}");
        assert!(found.get("ms").is_some_and(|took| *took < most), "{line}");
    }
    for line in steps.iter().filter(|line| line.starts_with("install") || line.starts_with("record")) {
        assert!(numbers(line).get("ms").is_some_and(|took| *took < 2_000), "{line}");
    }
    Run::new("P7").judge(1, 200, &receiver.spans()).is_perfect();
}
