//! Fault C4 for guards: a million that are leaked. The only tests of their process, because one looks at its memory.
#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::mem_forget,
    reason = "a test fails by panicking; what is leaked is the point"
)]

use std::mem;
use std::thread;

use wirespan::{span, traced};
use wirespan_tests::{PATIENCE, turn};

const LEAKS: usize = 1_000_000;
/// Spans that can be entered on one thread.
const DEPTH_LIMIT: u64 = 4_096;

#[traced(skip_all)]
fn request(number: usize) -> usize {
    mem::forget(span!("leaked"));
    child(number)
}

#[traced]
fn child(number: usize) -> usize {
    number
}

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages: usize = pages.split_whitespace().nth(1).expect("the second number").parse().expect("a number");
    pages * 4096
}

#[test]
fn a_million_leaked_guards_cost_no_memory_and_none_of_their_children() {
    const BATCH: usize = 5_000;
    let _turn = turn();
    let exported = wirespan::MemoryExporter::new();
    let telemetry = wirespan::builder().exporter(exported.clone()).install().expect("telemetry installs");
    let mut before = 0;
    for batch in 0..LEAKS / BATCH {
        for number in 0..BATCH {
            assert_eq!(request(number), number);
        }
        telemetry.flush(PATIENCE).expect("nothing is lost");
        let spans = exported.take();
        let named = |name: &str| spans.iter().filter(|span| span.name == name).count();
        assert_eq!((named("request"), named("leaked"), named("child")), (BATCH, BATCH, BATCH));
        // What the exporter holds of a batch is there from the first ones on.
        if batch == 9 {
            before = resident();
        }
    }
    let more = resident().saturating_sub(before);
    println!("{} KiB more after {LEAKS} leaks", more >> 10);
    assert!(more < 16 << 20, "{} KiB", more >> 10);
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.open == 0 && stats.acknowledged == 3 * LEAKS as u64, "{stats:?}");
}

#[test]
fn guards_leaked_outside_of_every_span_end_at_the_depth_limit_and_on_their_thread() {
    let _turn = turn();
    let exported = wirespan::MemoryExporter::new();
    let telemetry = wirespan::builder().exporter(exported.clone()).install().expect("telemetry installs");
    let leaks = DEPTH_LIMIT + 10;
    let leaking = thread::spawn(move || {
        for _ in 0..leaks {
            mem::forget(span!("leaked"));
        }
        child(1)
    });
    assert_eq!(leaking.join().ok(), Some(1));
    assert_eq!(child(2), 2, "another thread's");
    let _ = telemetry.flush(PATIENCE);
    let stats = telemetry.stats();
    assert_eq!(stats.dropped.depth_limit, 11, "the last ten, and the child below them: {stats:?}");
    assert_eq!(exported.spans().iter().filter(|span| span.name == "child").count(), 1);
    assert!(stats.is_balanced() && stats.started == leaks + 2, "{stats:?}");
}
