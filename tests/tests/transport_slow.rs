//! T4, T5: a receiver that is slow, and ones that accept and never answer. Attempts end at their time, as many as are allowed are
//! under way, and a flush returns at its deadline and says what is pending. Attempts may take 300 ms here, and answers 100 ms;
//! with `WIRESPAN_WAITS=full` 10 s and 5 s, as in the wild.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::time::{Duration, Instant};

use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Line, Receiver, Script};
use wirespan_tests::{PATIENCE, waits_in_full};

/// How long an attempt may take, and how much longer it may take to notice that.
fn attempt() -> (Duration, Duration) {
    if waits_in_full() {
        (Duration::from_secs(10), Duration::from_millis(500))
    } else {
        (Duration::from_millis(300), Duration::from_millis(900))
    }
}

#[test]
fn no_more_requests_are_under_way_than_are_allowed_and_a_slow_receiver_misses_nothing() {
    for protocol in PROTOCOLS {
        for allowed in [1, 3] {
            let (answer, batch) = if waits_in_full() { (5_000, 500) } else { (100, 100) };
            let receiver = Receiver::with(Script::always(Answer::Take.after(Duration::from_millis(answer))));
            let run = Run::new(format!("T4 {protocol:?} {allowed}"));
            let pipe = Pipe::with(otlp(protocol, &receiver).max_in_flight(allowed), |builder| {
                builder.max_export_batch_size(batch)
            });
            run.record_range(0..2_000);
            pipe.flush(2 * PATIENCE).unwrap();
            assert_eq!(receiver.most_at_once(), allowed, "{protocol:?}");
            run.judge(1, 2_000, &receiver.spans()).is_perfect();
        }
    }
}

#[test]
fn an_attempt_ends_at_its_time_and_is_made_again() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::with(Script::first([Answer::Hang]));
        let run = Run::new(format!("T4 {protocol:?}"));
        let pipe = Pipe::new(otlp(protocol, &receiver).timeout(attempt().0));
        run.record_range(0..10);
        let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged == 10);
        let asked = receiver.asked_at();
        let between = asked[1] - asked[0];
        let (attempt, noticed) = attempt();
        assert!(between >= attempt && between < attempt + noticed, "{between:?}");
        assert_eq!(stats.maybe_duplicated, 10, "nobody knows what became of the first");
        run.judge(1, 10, &receiver.spans()).is_perfect();
    }
}

#[test]
fn a_flush_returns_at_its_deadline_when_nobody_answers_and_says_what_is_pending() {
    for protocol in PROTOCOLS {
        for line in [Line::Serve, Line::Hang] {
            let receiver = Receiver::with(Script::always(Answer::Hang));
            receiver.treat_connections(line);
            let run = Run::new(format!("T5 {protocol:?} {line:?}"));
            let pipe = Pipe::new(otlp(protocol, &receiver).timeout(attempt().0));
            run.record_range(0..50);
            for deadline in [0, 500] {
                let deadline = Duration::from_millis(deadline);
                let start = Instant::now();
                let error = pipe.flush(deadline).unwrap_err();
                let took = start.elapsed();
                let late = Duration::from_millis(if waits_in_full() { 100 } else { 400 });
                assert!(took >= deadline && took < deadline + late, "{took:?}");
                assert!(error.is_timeout(), "{error}");
                let report = error.report().unwrap();
                assert_eq!((report.pending, report.delivered, report.lost()), (50, 0, 0), "{report}");
            }
            // It answers again: the worker is free.
            receiver.treat_connections(Line::Serve);
            receiver.answer_by(Script::always(Answer::Take));
            let flushed = pipe.flush(PATIENCE);
            flushed.unwrap_or_else(|error| panic!("{protocol:?} {line:?}: {error}"));
            run.judge(1, 50, &receiver.spans()).is_perfect();
        }
    }
}

#[test]
fn a_shutdown_returns_at_its_deadline_when_nobody_answers_and_counts_the_rest() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::with(Script::always(Answer::Hang));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        Run::new("T5").record_range(0..50);
        let start = Instant::now();
        let error = pipe.shutdown(Duration::from_millis(500)).unwrap_err();
        assert!(start.elapsed() < Duration::from_millis(900), "{:?}", start.elapsed());
        let report = error.report().unwrap();
        assert_eq!((report.delivered, report.dropped.shutdown, report.pending), (0, 50, 0), "{report}");
    }
}
