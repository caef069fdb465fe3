//! Threads that end: what they recorded is delivered, what they cannot record any more is counted, and no destructor panics.

use std::cell::RefCell;
use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::thread;

use wirespan::traced;
use wirespan_tests::exporter::{Answer, Scripted};
use wirespan_tests::{PATIENCE, install, turn};

type Open = Pin<Box<dyn Future<Output = ()> + Send>>;

#[traced]
fn leaf(text: &str) -> usize {
    text.len()
}

#[traced]
async fn waits() {
    waits_inside().await;
}

#[traced]
async fn waits_inside() {
    pending::<()>().await;
}

/// A future of two spans that are open.
fn open_two() -> Open {
    let mut future: Open = Box::pin(waits());
    assert_eq!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending);
    future
}

/// Makes a span when its thread ends.
struct AtExit;

impl Drop for AtExit {
    fn drop(&mut self) {
        leaf("at exit");
    }
}

thread_local! {
    static AT_EXIT: AtExit = const { AtExit };
    static KEPT: RefCell<Vec<Open>> = const { RefCell::new(Vec::new()) };
}

fn first() {
    leaf("first");
}

#[test]
fn spans_in_destructors_of_thread_locals_are_recorded_or_counted() {
    for attach in [true, false] {
        let _turn = turn();
        let exporter = Scripted::new(|_| Answer::Accept);
        let builder = wirespan::builder().exporter(exporter.clone()).opentelemetry_context(attach);
        let telemetry = builder.install().expect("telemetry installs");
        let at_exit = |first: fn(), then: fn()| {
            thread::spawn(move || {
                first();
                then();
            })
            .join()
            .expect("a destructor does not panic");
        };
        // Destructors run in reverse order of first use.
        at_exit(first, || AT_EXIT.with(|_| ()));
        assert_eq!(telemetry.flush(PATIENCE).expect("nothing is lost").delivered, 2);
        // The state is gone by then: no span starts.
        at_exit(|| AT_EXIT.with(|_| ()), first);
        assert_eq!(telemetry.flush(PATIENCE).expect("nothing is lost").delivered, 1);
        at_exit(first, || KEPT.with_borrow_mut(|kept| kept.push(open_two())));
        assert_eq!(telemetry.flush(PATIENCE).expect("nothing is lost").delivered, 3);
        // Here they have started, and cannot be recorded any more.
        at_exit(|| KEPT.with_borrow_mut(Vec::clear), || KEPT.with_borrow_mut(|kept| kept.push(open_two())));
        let error = telemetry.flush(PATIENCE).expect_err("two spans are lost");
        assert_eq!(
            error.report().map(|report| (report.dropped.thread_gone, report.open)),
            Some((2, 0)),
            "{error}"
        );
        let stats = telemetry.stats();
        assert!(stats.is_balanced(), "{stats:?}");
        assert_eq!((stats.started, stats.acknowledged, stats.dropped()), (8, 6, 2), "{stats:?}");
    }
}

#[test]
fn ten_thousand_short_threads_lose_nothing() {
    let installed = install();
    for _ in 0..100 {
        // Each thread takes a chunk of 64 KiB, and a hundred of them are far below the bound.
        let threads: Vec<_> = (0..100).map(|_| thread::spawn(|| leaf("short"))).collect();
        for thread in threads {
            assert_eq!(thread.join().expect("it only counts"), 5);
        }
        installed.telemetry().flush(PATIENCE).expect("nothing is lost");
    }
    assert_eq!(installed.stats().acknowledged, 10_000);
    assert_eq!(installed.spans().len(), 10_000);
}
