//! An outage leaves many small requests on disk. They are delivered several at a time, and still none takes another with it where one
//! is refused, or where all of them are more than the receiver takes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::folder::Folder;
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Protocol, Receiver, Script};

/// Requests of an outage, of ten spans each.
const REQUESTS: u64 = 70;

/// Leaves them on disk, and brings the receiver up: in how many requests all of them arrived, or were lost.
fn outage(protocol: Protocol, script: Script, lost: u64) -> usize {
    let folder = Folder::new("joined");
    let (receiver, run) = (Receiver::down(), Run::new(format!("joined {protocol:?}")));
    let spool = folder.spool();
    let pipe = Pipe::with(otlp(protocol, &receiver).max_in_flight(1), |builder| builder.spool(spool));
    for number in 0..REQUESTS {
        run.record_range(10 * number..10 * (number + 1));
        pipe.flush(PATIENCE).expect("what is on disk is not lost");
    }
    assert_eq!(pipe.stats().spooled, 10 * REQUESTS, "{:?}", pipe.stats());
    receiver.answer_by(script);
    receiver.come_up();
    // Nobody waits for the next attempt; what is lost is looked at below.
    let _ = pipe.flush(PATIENCE);
    let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged + stats.dropped() == 10 * REQUESTS);
    assert_eq!((stats.dropped(), stats.dropped.export_failed), (lost, lost), "{stats:?}");
    let verdict = run.judge(1, 10 * REQUESTS, &receiver.spans());
    assert_eq!((verdict.lost, verdict.corrupted, verdict.duplicated), (lost, 0, 0), "{verdict:?}");
    receiver.asked_at().len()
}

#[test]
fn what_an_outage_left_in_many_requests_is_delivered_in_few() {
    for protocol in PROTOCOLS {
        let requests = outage(protocol, Script::always(Answer::Take), 0);
        assert!(requests < 20, "{protocol:?}: {REQUESTS} were sent as {requests}");
    }
}

#[test]
fn one_that_is_refused_takes_no_other_with_it() {
    // The first asks whether the receiver is there, the second is of many, of which the third is the first.
    let script =
        Script::by(|asked| if matches!(asked.number, 1 | 2) { Answer::invalid() } else { Answer::Take });
    let requests = outage(Protocol::Grpc, script, 10);
    assert!((66..75).contains(&requests), "{REQUESTS} were sent as {requests}");
}

#[test]
fn where_all_of_them_are_too_large_for_the_receiver_fewer_are_sent_at_a_time() {
    let requests = outage(Protocol::Http, Script::always(Answer::AtMost(20_000)), 0);
    assert!(requests < 40, "{REQUESTS} were sent as {requests}");
}
