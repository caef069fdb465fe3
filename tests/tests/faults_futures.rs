//! Faults C2 and C3: a future that is dropped before its first poll and at each await, that loses a `select!`, is aborted, or
//! goes with its runtime; one that moves between threads from poll to poll. And C4 for futures: leaked, in a cycle.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use wirespan::opentelemetry::{SpanId, Value};
use wirespan::testing::Span;
use wirespan::traced;
use wirespan_tests::look::{block_on, events, poll_once, value};
use wirespan_tests::{Installed, install, install_with, turn};

type Waiting = Pin<Box<dyn Future<Output = ()>>>;

const AWAITS: usize = 5;

#[traced]
async fn awaits(steps: usize) -> usize {
    for step in 0..steps {
        child(step).await;
    }
    steps
}

#[traced]
async fn child(step: usize) -> usize {
    tokio::task::yield_now().await;
    step
}

fn assert_cancelled_once(telemetry: &Installed, name: &str) {
    let span = telemetry.span(name);
    assert_eq!(value(&span, "cancelled"), Some(Value::Bool(true)), "{span:#?}");
    assert!(events(&span, "exception").is_empty(), "{span:#?}");
}

#[test]
fn a_future_dropped_at_each_await_makes_one_span_and_before_its_first_poll_none() {
    for attach in [true, false] {
        for polls in 0..=AWAITS {
            let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
            let mut future = Box::pin(awaits(AWAITS));
            for _ in 0..polls {
                assert!(poll_once(future.as_mut()).is_pending());
            }
            drop(future);
            if polls == 0 {
                assert!(telemetry.spans().is_empty());
                continue;
            }
            assert_cancelled_once(&telemetry, "awaits");
            let outer = telemetry.span("awaits").span_context.span_id();
            let children = telemetry.spans().named("child");
            assert_eq!(children.len(), polls);
            let cancelled = |span: &&Span| value(span, "cancelled") == Some(Value::Bool(true));
            assert_eq!(children.iter().filter(cancelled).count(), 1, "the one that waited");
            assert!(children.iter().all(|span| span.parent_span_id == outer));
        }
    }
}

#[traced]
async fn never() {
    std::future::pending::<()>().await;
}

#[traced]
async fn at_once() -> u64 {
    1
}

#[tokio::test]
async fn the_loser_of_a_select_a_timeout_and_an_aborted_task_are_cancelled() {
    let telemetry = install();
    tokio::select! {
        biased;
        () = never() => panic!("`never` has ended"),
        one = at_once() => assert_eq!(one, 1),
    }
    assert_cancelled_once(&telemetry, "never");
    drop(telemetry);

    let telemetry = install();
    tokio::time::timeout(Duration::from_millis(1), never()).await.unwrap_err();
    assert_cancelled_once(&telemetry, "never");
    drop(telemetry);

    let telemetry = install();
    let task = tokio::spawn(never());
    tokio::task::yield_now().await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_cancelled_once(&telemetry, "never");
}

#[test]
fn a_runtime_that_is_dropped_cancels_its_tasks() {
    let telemetry = install();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let (started, wait) = std::sync::mpsc::channel();
    runtime.spawn(async move {
        let mut future = std::pin::pin!(never());
        std::future::poll_fn(|cx| {
            let poll = future.as_mut().poll(cx);
            let _ = started.send(());
            poll
        })
        .await;
    });
    wait.recv().unwrap();
    drop(runtime);
    assert_cancelled_once(&telemetry, "never");
}

#[test]
fn a_future_that_moves_from_thread_to_thread_keeps_its_place_in_the_trace() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let mut future: Pin<Box<dyn Future<Output = usize> + Send>> = Box::pin(awaits(AWAITS));
        for _ in 0..AWAITS {
            future = thread::spawn(move || {
                assert!(poll_once(future.as_mut()).is_pending());
                // Between its polls the span is not the thread's: what runs here is a trace of its own.
                block_on(at_once());
                future
            })
            .join()
            .unwrap();
        }
        assert_eq!(block_on(future), AWAITS);
        let outer = telemetry.span("awaits");
        for span in telemetry.spans() {
            let parent = if span.name == "child" { outer.span_context.span_id() } else { SpanId::INVALID };
            assert_eq!(span.parent_span_id, parent, "{span:#?}");
        }
        assert_eq!(telemetry.spans().len(), 1 + 2 * AWAITS);
    }
}

#[test]
fn leaked_futures_and_cycles_cost_only_their_own_spans() {
    for attach in [true, false] {
        let _turn = turn();
        let exported = wirespan::MemoryExporter::new();
        let telemetry = wirespan::builder()
            .exporter(exported.clone())
            .opentelemetry_context(attach)
            .install()
            .expect("telemetry installs");
        for _ in 0..100 {
            let leaked = Box::leak(Box::new(Box::pin(awaits(2))));
            assert!(poll_once(leaked.as_mut()).is_pending());
            assert!(poll_once(leaked.as_mut()).is_pending());

            // A future that owns itself is never dropped either.
            let cycle: Rc<RefCell<Option<Waiting>>> = Rc::default();
            let own = Rc::clone(&cycle);
            let mut future: Waiting = Box::pin(async move {
                let _own = own;
                never().await;
            });
            assert!(poll_once(future.as_mut()).is_pending());
            *cycle.borrow_mut() = Some(future);
            block_on(at_once());
        }
        telemetry.flush(wirespan_tests::PATIENCE).expect("nothing is lost");
        let spans = exported.spans();
        let count = |name: &str| spans.iter().filter(|span| span.name == name).count();
        assert_eq!(
            (count("child"), count("at_once"), spans.len()),
            (100, 100, 200),
            "the children have ended"
        );
        let clean = spans.iter().filter(|span| span.name == "at_once");
        assert!(clean.into_iter().all(|span| span.parent_span_id == SpanId::INVALID));
        let stats = telemetry.stats();
        // Open: the leaked, the child that each of them waits for, and those in cycles.
        assert!(stats.is_balanced() && stats.open == 300, "{stats:?}");
    }
}
