//! T6, T7, T8: what receivers say instead of yes. Waits are kept to, codes that may pass are tried again and others never, and what a
//! partial success rejects is counted and not sent again. A wait of one second stands for one of 15, which
//! it is with `WIRESPAN_WAITS=full`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::time::Duration;

use tonic::Code;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Protocol, Receiver, Script, Wait};
use wirespan_tests::{PATIENCE, waits_in_full};

/// How long after `answer` the next request came, while someone flushes all the time.
fn wait_after(protocol: Protocol, answer: &Answer) -> Duration {
    let receiver = Receiver::with(Script::first([answer.clone()]));
    let run = Run::new(format!("T6 {protocol:?} {answer:?}"));
    let pipe = Pipe::new(otlp(protocol, &receiver).max_in_flight(1));
    run.record_range(0..100);
    receiver.wait_for_requests(1, PATIENCE);
    // More is recorded meanwhile, and does not go either.
    run.record_range(100..200);
    pipe.flush(PATIENCE).unwrap();
    run.judge(1, 200, &receiver.spans()).is_perfect();
    assert_eq!(pipe.stats().acknowledged, 200);
    let asked = receiver.asked_at();
    asked[1] - asked[0]
}

/// A pipeline that sends when it is flushed: everything in one request.
fn whole(protocol: Protocol, receiver: &Receiver) -> Pipe {
    Pipe::with(otlp(protocol, receiver), |builder| builder.flush_interval(Duration::from_secs(3_600)))
}

#[test]
fn nothing_is_sent_before_the_receiver_said_so() {
    // A fifth more at most; of one second a busy machine takes more.
    let (seconds, most) = if waits_in_full() { (15, 18_000) } else { (1, 1_700) };
    for protocol in PROTOCOLS {
        for answer in [
            Answer::overloaded(Wait::Seconds(seconds)),
            Answer::Refuse(503, Code::Unavailable, Wait::Seconds(seconds)),
        ] {
            let wait = wait_after(protocol, &answer);
            assert!(
                wait >= Duration::from_secs(seconds) && wait.as_millis() < most,
                "{protocol:?} {answer:?}: {wait:?}"
            );
        }
    }
    // A date has whole seconds, so that up to one is lost.
    let wait = wait_after(Protocol::Http, &Answer::overloaded(Wait::Date(3)));
    assert!(wait.as_millis() >= 1_900 && wait.as_millis() < 3_600, "{wait:?}");
}

#[test]
fn a_wait_that_cannot_be_understood_is_our_own() {
    for wait in [Wait::Garbage, Wait::Negative, Wait::Unsaid] {
        let took = wait_after(Protocol::Http, &Answer::overloaded(wait));
        assert!(took < Duration::from_secs(1), "{wait:?}: {took:?}");
        let took = wait_after(Protocol::Grpc, &Answer::Refuse(503, Code::Unavailable, wait));
        assert!(took < Duration::from_secs(1), "{wait:?}: {took:?}");
    }
}

#[test]
fn codes_that_may_pass_are_tried_again() {
    for status in [429, 502, 503, 504] {
        wait_after(Protocol::Http, &Answer::Refuse(status, Code::Ok, Wait::Unsaid));
    }
    for code in [
        Code::Cancelled,
        Code::DeadlineExceeded,
        Code::Aborted,
        Code::OutOfRange,
        Code::Unavailable,
        Code::DataLoss,
    ] {
        wait_after(Protocol::Grpc, &Answer::Refuse(0, code, Wait::Unsaid));
    }
}

#[test]
fn codes_that_will_not_pass_cost_that_request_and_no_other() {
    let http = [400, 404, 408, 500, 501].map(|status| (Protocol::Http, status, Code::Ok));
    let grpc = [
        Code::InvalidArgument,
        Code::NotFound,
        Code::Internal,
        Code::Unimplemented,
        Code::Unknown,
        Code::FailedPrecondition,
        // Without a `RetryInfo`, so says the specification.
        Code::ResourceExhausted,
    ];
    for (protocol, status, code) in http.into_iter().chain(grpc.map(|code| (Protocol::Grpc, 0, code))) {
        let receiver = Receiver::with(Script::first([Answer::Refuse(status, code, Wait::Unsaid)]));
        let run = Run::new(format!("T7 {status} {code:?}"));
        let pipe = whole(protocol, &receiver);
        run.record_range(0..50);
        let error = pipe.flush(PATIENCE).unwrap_err();
        assert_eq!(error.report().unwrap().dropped.export_failed, 50, "{status} {code:?}: {error}");
        run.record_range(50..100);
        pipe.flush(PATIENCE).unwrap();
        assert_eq!(receiver.asked_at().len(), 2, "{status} {code:?} is not tried again");
        let verdict = run.judge(1, 100, &receiver.spans());
        assert_eq!((verdict.lost, verdict.arrived, verdict.corrupted), (50, 50, 0), "{verdict:?}");
    }
}

#[test]
fn who_may_not_send_does_not_storm_and_keeps_the_spans() {
    for (protocol, status, code) in [
        (Protocol::Http, 401, Code::Ok),
        (Protocol::Http, 403, Code::Ok),
        (Protocol::Grpc, 0, Code::Unauthenticated),
        (Protocol::Grpc, 0, Code::PermissionDenied),
    ] {
        let receiver = Receiver::with(Script::always(Answer::Refuse(status, code, Wait::Unsaid)));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        let run = Run::new("T7 denied");
        for batch in 0..10 {
            run.record_range(batch * 10..batch * 10 + 10);
            assert!(pipe.flush(Duration::from_millis(100)).unwrap_err().is_timeout());
        }
        assert_eq!(receiver.asked_at().len(), 1, "{status} {code:?}: at most one request a minute");
        let stats = pipe.stats();
        assert_eq!((stats.dropped(), stats.queued + stats.in_flight), (0, 100), "{stats:?}");
    }
}

#[test]
fn what_a_partial_success_rejects_is_counted_and_never_sent_again() {
    for protocol in PROTOCOLS {
        let message = "3 spans\u{1b}[31m are too old\n".repeat(100);
        let receiver = Receiver::with(Script::first([Answer::Partial(3, message)]));
        let run = Run::new(format!("T8 {protocol:?}"));
        let pipe = whole(protocol, &receiver);
        run.record_range(0..100);
        let error = pipe.flush(PATIENCE).unwrap_err();
        let report = error.report().unwrap();
        assert!(error.is_loss(), "{error}");
        assert_eq!((report.delivered, report.rejected, report.dropped.total()), (97, 3, 0), "{report}");
        run.record_range(100..200);
        assert_eq!(pipe.flush(PATIENCE).unwrap().delivered, 100);
        let verdict = run.judge(1, 200, &receiver.spans());
        assert_eq!((verdict.lost, verdict.duplicated, verdict.first_lost), (3, 0, Some((0, 97))));
    }
}

#[test]
fn a_receiver_that_rejects_more_spans_than_it_was_sent_does_not_upset_the_ledger() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::with(Script::always(Answer::Partial(1_000_000, String::new())));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        Run::new("T8").record_range(0..20);
        assert!(pipe.flush(PATIENCE).unwrap_err().is_loss());
        assert_eq!(pipe.stats().rejected, 20);
    }
}
