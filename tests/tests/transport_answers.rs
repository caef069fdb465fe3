//! T11, T12: answers that are bombs, of another kind, or name another place. They are read to a bound, never followed, and never
//! make a request that arrived be made again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::fs;

use wirespan::export::Compression;
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Receiver, Script};

const MIB: u64 = 1024 * 1024;

/// The most memory that this process had so far, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn an_answer_without_an_end_is_read_to_a_bound_and_the_request_is_not_made_again() {
    for (answer, allowed) in [
        (Answer::GiantBody(1024 * MIB), 24 * 1024),
        (Answer::Bomb(64 * MIB), 24 * 1024),
        (Answer::WrongType("text/html"), 8 * 1024),
    ] {
        for protocol in PROTOCOLS {
            for compression in [Compression::None, Compression::Gzip] {
                let what = format!("{answer:?} {protocol:?} {compression:?}");
                let receiver = Receiver::with(Script::first([answer.clone()]));
                let run = Run::new(&what);
                let pipe = Pipe::with(otlp(protocol, &receiver).compression(compression), |builder| {
                    builder.flush_interval(PATIENCE)
                });
                // Warm: what the clients need anyway is there.
                run.record_range(0..10);
                let before = peak();
                let _ = pipe.flush(PATIENCE);
                let stats = pipe.stats();
                let settled = stats.acknowledged + stats.dropped.export_failed;
                assert_eq!((settled, stats.pending()), (10, 0), "{what}: {stats:?}");
                assert!(peak() - before < allowed, "{what}: {} KiB", peak() - before);
                run.record_range(10..20);
                pipe.flush(PATIENCE).unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(receiver.asked_at().len(), 2, "{what}");
                run.judge(1, 20, &receiver.spans()).is_perfect();
            }
        }
    }
}

#[test]
fn a_redirect_is_not_followed_and_the_other_place_hears_nothing() {
    for protocol in PROTOCOLS {
        for status in [301, 302, 303, 307, 308] {
            let elsewhere = Receiver::start();
            let to = format!("{}/v1/traces", elsewhere.endpoint());
            let receiver = Receiver::with(Script::always(Answer::Redirect(status, to)));
            let pipe = Pipe::with(otlp(protocol, &receiver).header("x-api-key", "canary"), |builder| {
                builder.flush_interval(PATIENCE)
            });
            Run::new("T12").record_range(0..10);
            let error = pipe.flush(PATIENCE).unwrap_err();
            assert_eq!(error.report().unwrap().dropped.export_failed, 10, "{protocol:?} {status}: {error}");
            assert_eq!((elsewhere.connections(), elsewhere.raw().len()), (0, 0), "{protocol:?} {status}");
            assert_eq!(receiver.asked_at().len(), 1, "{protocol:?} {status} is final");
        }
    }
}
