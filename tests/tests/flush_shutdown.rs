//! Flush and shutdown say what was delivered, dropped and is pending, in time, wherever they are called, and are never `Ok`
//! on loss.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_for_each,
    clippy::flat_map_option,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use wirespan::{Error, Report, Telemetry, traced};
use wirespan_tests::exporter::{Answer, Gate, Scripted};
use wirespan_tests::{PATIENCE, turn};

#[traced]
fn work(number: u64) -> u64 {
    number
}

#[traced]
async fn waits() {
    std::future::pending::<()>().await;
}

type Open = Pin<Box<dyn Future<Output = ()> + Send>>;

fn open_span() -> Open {
    let mut future: Open = Box::pin(waits());
    assert_eq!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending);
    future
}

/// Telemetry that looks at its spans only when it is asked to.
fn install(exporter: &Scripted) -> Telemetry {
    let builder = wirespan::builder().exporter(exporter.clone()).flush_interval(Duration::from_secs(3600));
    builder.install().expect("telemetry installs")
}

fn accepting() -> Scripted {
    Scripted::new(|_| Answer::Accept)
}

fn report(error: &Error) -> Report {
    *error.report().expect("it says what it did")
}

/// Runs what must come back long before the tests' patience ends; the deadlines given to it are far shorter.
fn in_time<R>(run: impl FnOnce() -> R) -> R {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    result
}

#[test]
fn a_flush_delivers_everything_that_ended_before_it() {
    let _turn = turn();
    let exporter = accepting();
    let telemetry = install(&exporter);
    for round in 1..=50 {
        (0..round).for_each(|number| assert_eq!(work(number), number));
        let report = telemetry.flush(PATIENCE).expect("nothing is lost");
        assert_eq!((report.delivered, report.pending, report.open), (round, 0, 0), "{report}");
        assert_eq!(exporter.accepted(), round * (round + 1) / 2);
    }
    assert_eq!(telemetry.flush(PATIENCE).expect("nothing is lost").delivered, 0);
}

#[test]
fn spans_of_other_threads_that_still_run_are_delivered_by_a_flush() {
    let _turn = turn();
    let exporter = accepting();
    let telemetry = install(&exporter);
    let (recorded, waits) = std::sync::mpsc::channel();
    let gate = Gate::default();
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let (recorded, gate) = (recorded.clone(), gate.clone());
            std::thread::spawn(move || {
                work(number);
                recorded.send(()).expect("the test waits");
                gate.pass();
            })
        })
        .collect();
    (0..4).for_each(|_| waits.recv().expect("each thread says so"));
    assert_eq!(telemetry.flush(PATIENCE).expect("nothing is lost").delivered, 4);
    gate.open();
    threads.into_iter().for_each(|thread| thread.join().expect("nothing panics there"));
}

#[test]
fn a_hanging_exporter_holds_neither_flush_nor_shutdown() {
    let _turn = turn();
    let gate = Gate::default();
    let exporter = {
        let gate = gate.clone();
        Scripted::new(move |_| {
            gate.pass();
            Answer::Accept
        })
    };
    let telemetry = install(&exporter);
    (0..7).for_each(|number| assert_eq!(work(number), number));
    let error = in_time(|| telemetry.flush(Duration::from_millis(50))).expect_err("nothing is delivered");
    assert!(error.is_timeout() && !error.is_loss(), "{error}");
    assert_eq!((report(&error).delivered, report(&error).pending, report(&error).open), (0, 7, 0), "{error}");
    work(7);
    let stats = telemetry.stats();
    assert_eq!((stats.pending(), stats.queued, stats.in_flight), (8, 1, 7), "{stats:?}");
    assert!(stats.is_balanced(), "{stats:?}");

    let error = in_time(|| telemetry.shutdown(Duration::from_millis(50))).expect_err("nothing is delivered");
    assert!(error.is_timeout(), "{error}");
    // Nobody will say what becomes of them: they count as dropped.
    assert_eq!(
        (report(&error).delivered, report(&error).dropped.shutdown, report(&error).pending),
        (0, 8, 0),
        "{error}"
    );
    gate.open();
}

#[test]
fn a_failing_exporter_is_a_loss_with_a_reason() {
    let _turn = turn();
    let exporter = Scripted::new(|number| if number == 1 { Answer::Accept } else { Answer::Fail });
    let telemetry = install(&exporter);
    (0..3).for_each(|number| assert_eq!(work(number), number));
    let error = telemetry.flush(PATIENCE).expect_err("the batch is lost");
    assert!(error.is_loss() && !error.is_timeout() && !error.is_configuration(), "{error}");
    assert_eq!((report(&error).dropped.export_failed, report(&error).dropped.total()), (3, 3), "{error}");
    assert_eq!(
        error.to_string(),
        "spans were lost: 0 delivered, 3 dropped (export_failed: 3), 0 pending, 0 open"
    );
    // A loss is told once.
    work(1);
    assert_eq!(telemetry.flush(PATIENCE).expect("this batch is accepted").delivered, 1);
    work(1);
    let error = telemetry.shutdown(PATIENCE).expect_err("the batch is lost");
    assert_eq!((error.is_loss(), report(&error).dropped.export_failed), (true, 1), "{error}");
}

#[test]
fn open_spans_are_no_loss_for_a_flush_and_one_for_a_shutdown() {
    let _turn = turn();
    let exporter = accepting();
    let telemetry = install(&exporter);
    let open = [open_span(), open_span()];
    work(1);
    let flushed = telemetry.flush(PATIENCE).expect("no flush can deliver what has not ended");
    assert_eq!((flushed.delivered, flushed.pending, flushed.open), (1, 0, 2), "{flushed}");
    let error = telemetry.shutdown(PATIENCE).expect_err("two spans are lost");
    assert_eq!(
        (error.is_loss(), report(&error).dropped.shutdown, report(&error).open),
        (true, 2, 0),
        "{error}"
    );
    drop(open);
    assert_eq!((exporter.accepted(), exporter.named("work")), (1, 1), "what ends later is not delivered");
}

#[test]
fn spans_that_end_after_a_shutdown_touch_no_later_pipeline() {
    let _turn = turn();
    let first = accepting();
    let telemetry = install(&first);
    let open = open_span();
    assert!(telemetry.shutdown(PATIENCE).is_err());
    work(1);

    let second = accepting();
    let telemetry = install(&second);
    drop(open);
    work(2);
    let report = telemetry.flush(PATIENCE).expect("nothing is lost");
    assert_eq!((report.delivered, report.open), (1, 0), "{report}");
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.started == 1, "{stats:?}");
    assert_eq!((first.accepted(), second.accepted()), (0, 1));
}

#[test]
fn dropping_the_handle_delivers_and_switches_off() {
    let _turn = turn();
    let exporter = accepting();
    let telemetry = install(&exporter);
    work(1);
    drop(telemetry);
    work(2);
    assert_eq!(exporter.accepted(), 1);
}

#[test]
fn a_second_install_is_refused_and_the_first_goes_on() {
    let _turn = turn();
    let exporter = accepting();
    let telemetry = install(&exporter);
    work(1);
    let second = accepting();
    let error = wirespan::builder().exporter(second.clone()).install().expect_err("there is one already");
    assert!(error.is_already_installed() && !error.is_configuration(), "{error}");
    assert!(wirespan::init().is_err_and(|error| error.is_already_installed()));
    work(2);
    assert_eq!(telemetry.shutdown(PATIENCE).expect("nothing is lost").delivered, 2);
    assert_eq!((exporter.accepted(), second.accepted()), (2, 0));
}

#[test]
fn of_many_installs_at_once_one_wins() {
    let _turn = turn();
    for _ in 0..10 {
        let install = || wirespan::builder().no_exporter().install();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(install)).collect();
        let results: Vec<_> = threads.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert!(results.iter().flat_map(|result| result.as_ref().err()).all(Error::is_already_installed));
    }
}

#[test]
fn it_can_be_installed_again_after_a_shutdown() {
    let _turn = turn();
    for round in 0..5 {
        let exporter = accepting();
        let telemetry = install(&exporter);
        work(round);
        assert_eq!(telemetry.shutdown(PATIENCE).expect("nothing is lost").delivered, 1);
        assert_eq!(exporter.accepted(), 1);
    }
}

/// Installs, records, flushes and shuts down, as a program would, all in one place.
fn whole_life() {
    let exporter = accepting();
    let telemetry = install(&exporter);
    work(1);
    let flushed = in_time(|| telemetry.flush(PATIENCE)).expect("nothing is lost");
    work(2);
    let ended = in_time(|| telemetry.shutdown(PATIENCE)).expect("nothing is lost");
    assert_eq!((flushed.delivered, ended.delivered, exporter.accepted()), (1, 1, 2));
}

/// Flushes and shuts down when it is dropped.
struct AtDrop(Arc<Mutex<Option<Report>>>, Option<Telemetry>);

impl Drop for AtDrop {
    fn drop(&mut self) {
        let telemetry = self.1.take().expect("dropped once");
        work(1);
        let _ = telemetry.flush(PATIENCE);
        work(2);
        *self.0.lock().expect("no panic") = telemetry.shutdown(PATIENCE).ok();
    }
}

#[test]
fn flush_and_shutdown_work_in_every_surrounding() {
    let _turn = turn();
    whole_life();
    let current_thread =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    current_thread.block_on(async { whole_life() });
    let multi_thread =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    multi_thread.block_on(async { whole_life() });
    multi_thread.block_on(async { tokio::spawn(async { whole_life() }).await.expect("no panic") });

    for unwinding in [false, true] {
        let seen = Arc::default();
        let kept = AtDrop(Arc::clone(&seen), Some(install(&accepting())));
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _kept = kept;
            if unwinding {
                std::panic::resume_unwind(Box::new("as the test wants"));
            }
        }));
        assert_eq!(seen.lock().expect("no panic").map(|report| report.delivered), Some(1), "{unwinding}");
    }
}
