//! T1, T2: the receiver is down when the program starts, and goes down under load. Refused connections are tried again until they
//! are taken; what does not fit into memory meanwhile is counted. The times of reliability tests are scaled down: a second for a minute.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::thread;
use std::time::{Duration, Instant};

use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::Receiver;

#[test]
fn a_receiver_that_comes_up_after_the_start_gets_every_span_once() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::down(), Run::new(format!("T1 {protocol:?}")));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        assert!(pipe.installed_in < Duration::from_secs(1), "nobody waits for the receiver");
        run.record_on(4, 2_500);
        thread::sleep(Duration::from_secs(1));
        let down = pipe.stats();
        assert_eq!((down.acknowledged, down.dropped()), (0, 0), "{down:?}");
        receiver.come_up();
        let stats = pipe.stats_once(Duration::from_secs(10), |stats| stats.acknowledged == 10_000);
        assert_eq!((stats.dropped(), stats.maybe_duplicated), (0, 0), "refused connections are unambiguous");
        run.judge(4, 2_500, &receiver.spans()).is_perfect();
    }
}

#[test]
fn a_receiver_that_is_down_for_a_while_under_load_misses_nothing() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::start(), Run::new(format!("T2 {protocol:?}")));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        for sequence in 0..3_000 {
            match sequence {
                800 => receiver.go_down(),
                2_200 => receiver.come_up(),
                _ => {}
            }
            run.record(0, sequence);
            if sequence % 10 == 0 {
                thread::sleep(Duration::from_millis(10));
            }
        }
        let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged == 3_000);
        let verdict = run.judge(1, 3_000, &receiver.spans());
        verdict.is_complete();
        // A request that was under way when the connection broke may have been taken.
        assert!(verdict.duplicated <= stats.maybe_duplicated, "{verdict:?} {stats:?}");
    }
}

#[test]
fn what_does_not_fit_into_memory_while_the_receiver_is_down_is_lost_and_counted_exactly() {
    const ALL: u64 = 20_000;
    for protocol in PROTOCOLS {
        // 20,000 spans of 1 KB against the least memory that there can be: a request, and one chunk.
        let (receiver, run) = (Receiver::down(), Run::new(format!("T2 {protocol:?}")).of_bytes(1_000));
        let pipe =
            Pipe::with(otlp(protocol, &receiver).queue_bytes(1), |builder| builder.buffer_bytes(1024 * 1024));
        run.record_range(0..ALL);
        let full = pipe.stats();
        assert!(full.dropped.buffer_full > 0 && full.dropped() == full.dropped.buffer_full, "{full:?}");
        receiver.come_up();
        let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged + stats.dropped() == ALL);
        let verdict = run.judge(1, ALL, &receiver.spans());
        assert_eq!((verdict.corrupted, verdict.duplicated), (0, 0), "{verdict:?}");
        assert_eq!((verdict.lost, verdict.arrived), (stats.dropped.buffer_full, stats.acknowledged));
        // The newest are dropped: what came before the bound was reached is there.
        assert!(verdict.first_lost.unwrap().1 > 500, "{verdict:?}");
    }
}

#[test]
fn the_caller_does_not_wait_for_a_receiver_that_is_down() {
    let (receiver, run) = (Receiver::down(), Run::new("T2 calls"));
    let pipe =
        Pipe::with(otlp(PROTOCOLS[0], &receiver).queue_bytes(1), |builder| builder.buffer_bytes(64 * 1024));
    let start = Instant::now();
    run.record_range(0..10_000);
    // A tenth of the time that one attempt may take.
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(pipe.stats().dropped.buffer_full > 0);
}
