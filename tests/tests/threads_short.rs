//! P11: 100,000 short threads, each with a span in its buffer when it ends, every eighth with one in a destructor. All arrive, and memory is what it
//! was after the first tenth. On Linux, which says how much memory a process has.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]

use std::process::Command;

use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::Receiver;

const THREADS: u64 = 100_000;
/// What memory may differ by.
const KIB: u64 = 2 * 1024;

#[test]
fn a_hundred_thousand_short_threads_lose_nothing_and_leave_nothing_in_memory() {
    let receiver = Receiver::start();
    let output = Command::new(env!("CARGO_BIN_EXE_threads"))
        .args([receiver.endpoint(), THREADS.to_string()])
        .env_clear()
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let said: Vec<u64> = said.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    let [threads, before, after] = said.as_slice() else { panic!("{said:?}") };
    println!("{threads} threads: {before} KiB before the last nine tenths, {after} KiB after them");
    let mut spans = receiver.take_spans();
    spans.retain(|span| span.name != "first");
    Run::new("short").judge(1, *threads, &spans).is_perfect();
    assert!(*threads >= THREADS && before.abs_diff(*after) <= KIB, "{said:?}");
}
