//! T9: connections that break in the middle of a request or an answer. The request is made again; it arrives twice only where the
//! receiver had taken it, and that is counted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Line, Protocol, Receiver, Script};

const SPANS: u64 = 200;

/// Delivers through `fault`, which strikes the first two requests; how many spans arrived twice, and how many the ledger says
/// may have.
fn through(protocol: Protocol, fault: &Answer) -> (u64, u64) {
    let receiver = Receiver::with(Script::first([fault.clone(), fault.clone()]));
    let run = Run::new(format!("T9 {protocol:?} {fault:?}"));
    let pipe = Pipe::new(otlp(protocol, &receiver));
    run.record_range(0..SPANS);
    pipe.flush(PATIENCE).unwrap_or_else(|error| panic!("{protocol:?} {fault:?}: {error}"));
    let stats = pipe.stats();
    assert_eq!((stats.acknowledged, stats.dropped()), (SPANS, 0), "{protocol:?} {fault:?}: {stats:?}");
    let verdict = run.judge(1, SPANS, &receiver.spans());
    verdict.is_complete();
    (verdict.duplicated, stats.maybe_duplicated)
}

#[test]
fn a_request_that_is_cut_off_is_made_again_and_arrives_once() {
    for protocol in PROTOCOLS {
        for at in [0, 1, 1_000] {
            assert_eq!(through(protocol, &Answer::ResetRequest(at)).0, 0, "{protocol:?} {at}");
        }
    }
}

#[test]
fn an_answer_that_is_cut_off_costs_a_duplicate_that_is_counted() {
    for protocol in PROTOCOLS {
        for at in [0, 1, 20] {
            for fault in [Answer::ResetResponse(at), Answer::HalfClose(at)] {
                let (twice, counted) = through(protocol, &fault);
                assert!(twice <= counted, "{protocol:?} {fault:?}: {twice} of {counted}");
            }
        }
    }
}

#[test]
fn a_goaway_loses_nothing() {
    for protocol in PROTOCOLS {
        assert_eq!(through(protocol, &Answer::GoAway).0, 0, "{protocol:?}");
        assert_eq!(through(protocol, &Answer::TakeAndGoAway), (0, 0), "{protocol:?}: it was answered");
    }
}

#[test]
fn connections_that_are_reset_at_once_are_made_again() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::start();
        receiver.treat_connections(Line::Reset);
        let run = Run::new(format!("T9 {protocol:?}"));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        run.record_range(0..SPANS);
        receiver.wait_until(PATIENCE, "3 connections", |receiver| receiver.connections() >= 3);
        receiver.treat_connections(Line::Serve);
        pipe.flush(PATIENCE).unwrap();
        run.judge(1, SPANS, &receiver.spans()).is_perfect();
    }
}
