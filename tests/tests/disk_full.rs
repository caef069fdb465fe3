//! P4, P7 on a real file system: a disk of four MiB that may not be written to, that is full, and that works again. Linux, where a user
//! may mount one in a namespace of his own; elsewhere there are the spool's unit tests, on a simulated file system.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use wirespan_tests::folder::Folder;
use wirespan_tests::mounts::{in_own_namespace, numbers};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::Receiver;

#[test]
fn a_disk_that_is_read_only_or_full_leaves_memory_until_it_works_again() {
    let Some(mut program) = in_own_namespace(env!("CARGO_BIN_EXE_full")) else { return };
    let folder = Folder::created("full");
    let (receiver, run) = (Receiver::down(), Run::new("P4"));
    let mut child = program
        .args([receiver.endpoint().as_str(), folder.text()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut tell = child.stdin.take().expect("a pipe");
    let mut steps = BTreeMap::new();
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("text");
        if line == "waiting" {
            receiver.come_up();
            writeln!(tell).expect("it reads");
        }
        let step = line.split(' ').next().unwrap_or_default().to_owned();
        steps.insert(step, line);
    }
    assert!(child.wait().expect("it has run").success(), "{steps:?}");

    let expected = [
        ("read-only", [0, 100, 0]),
        ("writable-again", [0, 0, 100]),
        ("full", [0, 100, 100]),
        ("room-again", [0, 0, 200]),
        ("delivered", [200, 0, 0]),
    ];
    for (step, [acknowledged, memory, disk]) in expected {
        let line = steps.get(step).unwrap_or_else(|| panic!("{step} is missing: {steps:?}"));
        let found = numbers(line);
        let places = ["acknowledged", "memory", "disk", "dropped"].map(|place| found.get(place).copied());
        assert_eq!(places, [acknowledged, memory, disk, 0].map(Some), "{line}");
        // On memory within a second, on disk again within ten, as P4 has it; a busy machine has twice as long.
        let most = if step.ends_with("again") { 20_000 } else { 10_000 };
        assert!(found.get("ms").is_some_and(|took| *took < most), "{line}");
    }
    run.judge(1, 200, &receiver.spans()).is_complete();
}
