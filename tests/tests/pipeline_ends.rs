//! P11, P14, P16: ends. Many flushes at once, recording after the shutdown, spans that are still open, threads that end with spans in
//! their buffers: a report never says that all is well when something is lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::thread;
use std::time::Duration;

use wirespan::span;
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Receiver, Script};

#[test]
fn a_hundred_flushes_at_once_all_return_and_everything_arrives_once() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::start(), Run::new(format!("P14 {protocol:?}")));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        thread::scope(|scope| {
            for number in 0..100 {
                let (run, pipe) = (&run, &pipe);
                scope.spawn(move || {
                    (0..20).for_each(|sequence| run.record(number, sequence));
                    pipe.flush(PATIENCE).unwrap();
                });
            }
        });
        // Each flush covers what its own thread had recorded.
        run.judge(100, 20, &receiver.spans()).is_perfect();
    }
}

#[test]
fn what_is_recorded_after_the_shutdown_is_not_and_the_next_pipeline_is_as_good_as_new() {
    for protocol in PROTOCOLS {
        for round in 0..3 {
            let (receiver, run) = (Receiver::start(), Run::new(format!("P14 {protocol:?} {round}")));
            let pipe = Pipe::new(otlp(protocol, &receiver));
            run.record_range(0..10);
            assert_eq!(pipe.shutdown(PATIENCE).unwrap().delivered, 10);
            run.record_range(10..20);
            let verdict = run.judge(1, 20, &receiver.spans());
            assert_eq!((verdict.arrived, verdict.duplicated, verdict.corrupted), (10, 0, 0), "{verdict:?}");
        }
    }
}

#[test]
fn a_report_says_where_each_span_is() {
    for protocol in PROTOCOLS {
        // Taken; refused for good; rejected in part; never answered.
        let answers = [Answer::Take, Answer::invalid(), Answer::Partial(4, String::new()), Answer::Hang];
        let receiver = Receiver::with(Script::first(answers));
        let run = Run::new("P14 report");
        let pipe = Pipe::with(otlp(protocol, &receiver).max_in_flight(1), |builder| {
            builder.flush_interval(Duration::from_secs(3_600))
        });
        run.record_range(0..10);
        let taken = pipe.flush(PATIENCE).unwrap();
        assert_eq!((taken.delivered, taken.lost(), taken.pending), (10, 0, 0), "{taken}");
        run.record_range(10..30);
        let error = pipe.flush(PATIENCE).unwrap_err();
        let report = error.report().unwrap();
        assert_eq!((report.delivered, report.dropped.export_failed, report.lost()), (0, 20, 20), "{report}");
        run.record_range(30..60);
        let error = pipe.flush(PATIENCE).unwrap_err();
        let report = error.report().unwrap();
        assert_eq!((report.delivered, report.rejected, report.lost()), (26, 4, 4), "{report}");
        run.record_range(60..100);
        let error = pipe.flush(Duration::from_millis(300)).unwrap_err();
        let report = error.report().unwrap();
        assert_eq!((report.delivered, report.pending, report.lost()), (0, 40, 0), "{report}");
        let error = pipe.shutdown(Duration::from_millis(300)).unwrap_err();
        let report = error.report().unwrap();
        assert_eq!((report.dropped.shutdown, report.pending), (40, 0), "{report}");
    }
}

#[test]
fn spans_that_are_open_at_the_shutdown_are_counted_and_no_success() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::start(), Run::new("P16"));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        let open: Vec<_> = (0..10).map(|_| span!("open")).collect();
        // Those around are open; these have ended.
        run.record_range(0..5);
        assert_eq!(pipe.flush(PATIENCE).unwrap().open, 10, "for a flush it is no loss");
        let error = pipe.shutdown(PATIENCE).unwrap_err();
        let report = error.report().unwrap();
        assert_eq!((report.dropped.shutdown, report.lost(), report.pending), (10, 10, 0), "{report}");
        drop(open);
        run.judge(1, 5, &receiver.spans()).is_perfect();
    }
}

#[test]
fn threads_that_end_with_spans_in_their_buffers_lose_none() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::start(), Run::new(format!("P11 {protocol:?}")));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        for hundred in 0..20 {
            thread::scope(|scope| {
                for number in hundred * 100..(hundred + 1) * 100 {
                    let run = &run;
                    scope.spawn(move || (0..3).for_each(|sequence| run.record(number, sequence)));
                }
            });
        }
        pipe.flush(PATIENCE).unwrap();
        assert_eq!(pipe.stats().dropped(), 0);
        run.judge(2_000, 3, &receiver.spans()).is_perfect();
    }
}
