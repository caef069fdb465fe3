//! Why a future was cancelled: reason scopes, the `timeout` helper, and how tokio drops futures.

use std::future::pending;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::Status;
use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::testing::Recording;
use wirespan::{cancel, traced};
use wirespan_tests::look::{event, event_text, poll_once, value};

#[traced]
async fn waits(number: u32) {
    let _ = number;
    pending::<()>().await;
}

/// Says when it has been polled.
#[traced]
async fn says(running: oneshot::Sender<()>) {
    // The test may have failed and gone away.
    let _ = running.send(());
    pending::<()>().await;
}

fn pending_one(number: u32) -> Pin<Box<dyn Future<Output = ()>>> {
    let mut future = Box::pin(waits(number));
    assert!(poll_once(future.as_mut()).is_pending());
    future
}

fn reason_of(span: &SpanData) -> Option<String> {
    assert_eq!(value(span, "cancelled"), Some(Value::Bool(true)), "{span:#?}");
    event_text(event(span, "cancelled"), "cancellation.reason")
}

/// The reasons of the spans of `waits`, by their number.
fn reasons(recording: &Recording) -> Vec<Option<String>> {
    let mut spans = recording.spans().named("waits");
    spans.sort_by_key(|span| match value(span, "parameter.number") {
        Some(Value::I64(number)) => number,
        _ => -1,
    });
    spans.iter().map(|span| reason_of(span)).collect()
}

#[test]
fn the_innermost_reason_counts_while_its_scope_lives() {
    let recording = Recording::start();
    let futures: Vec<_> = (0..5).map(pending_one).collect();
    let mut futures = futures.into_iter();
    drop(futures.next());
    {
        let _outer = cancel::reason("shutdown");
        drop(futures.next());
        {
            let _inner = cancel::reason(format!("request {}", 7));
            drop(futures.next());
        }
        drop(futures.next());
    }
    drop(futures.next());
    let expected = [None, Some("shutdown"), Some("request 7"), Some("shutdown"), None];
    assert_eq!(reasons(&recording), expected.map(|reason| reason.map(str::to_owned)));
}

#[test]
fn a_reason_is_in_force_on_its_own_thread_only() {
    let recording = Recording::start();
    let _scope = cancel::reason("mine");
    let scope = recording.scope();
    let drops = move || {
        let _inside = scope.enter();
        drop(pending_one(0));
    };
    std::thread::spawn(drops).join().expect("it does not panic");
    drop(pending_one(1));
    assert_eq!(reasons(&recording), [None, Some("mine".to_owned())]);
}

#[test]
fn a_scope_that_outlives_an_inner_one_takes_it_along() {
    let recording = Recording::start();
    let outer = cancel::reason("outer");
    let inner = cancel::reason("inner");
    drop(outer);
    drop(pending_one(0));
    drop(inner);
    drop(pending_one(1));
    assert_eq!(reasons(&recording), [None, None]);
}

#[tokio::test(start_paused = true)]
async fn timeout_gives_its_own_reason() {
    #[traced]
    async fn request() -> bool {
        cancel::timeout(Duration::from_secs(3), waits(0)).await.is_err()
    }
    let recording = Recording::start();
    assert!(request().await);
    let (request, inner) = (recording.span("request"), recording.span("waits"));
    assert_eq!(reason_of(&inner).as_deref(), Some("timeout"));
    assert_eq!(inner.parent_span_id, request.span_context.span_id());
    // Who waited goes on.
    assert_eq!(request.status, Status::Ok);
    assert_eq!(value(&request, "cancelled"), None);
}

#[tokio::test(start_paused = true)]
async fn timeout_leaves_what_is_in_time_alone() {
    #[traced]
    async fn quick() -> u32 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        7
    }
    let recording = Recording::start();
    assert_eq!(cancel::timeout(Duration::from_secs(2), quick()).await, Ok(7));
    let ready = cancel::timeout(Duration::ZERO, async { 8 }).await;
    assert_eq!(ready, Ok(8));
    let elapsed = cancel::timeout(Duration::ZERO, pending::<()>()).await.expect_err("it never ends");
    assert_eq!(elapsed.to_string(), "deadline has elapsed");
    let span = recording.span("quick");
    assert_eq!(span.status, Status::Ok);
    assert!(span.events.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_is_itself_dropped_gives_no_reason_of_its_own() {
    let recording = Recording::start();
    let mut limited = Box::pin(cancel::timeout(Duration::from_secs(3), waits(0)));
    assert!(poll_once(limited.as_mut()).is_pending());
    {
        let _scope = cancel::reason("superseded");
        drop(limited);
    }
    assert_eq!(reasons(&recording), [Some("superseded".to_owned())]);
}

#[test]
fn an_aborted_task_is_cancelled_under_its_own_name() {
    let recording = Recording::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    recording.scope().claim_runtime(runtime.handle());
    let name = runtime.block_on(async {
        let (running, is_running) = oneshot::channel();
        let task = tokio::spawn(says(running));
        is_running.await.expect("the task runs");
        let name = task.id().to_string();
        task.abort();
        assert!(task.await.expect_err("it was aborted").is_cancelled());
        name
    });
    let span = recording.span("says");
    let cancelled = event(&span, "cancelled");
    assert_eq!(event_text(cancelled, "task.name"), Some(name));
    assert_eq!(event_text(cancelled, "cancellation.reason"), None);
    assert_eq!(span.status, Status::Unset);
}

#[test]
fn a_dropped_join_set_cancels_each_of_its_tasks() {
    const TASKS: usize = 5;
    let recording = Recording::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    recording.scope().claim_runtime(runtime.handle());
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..TASKS {
            let (running, is_running) = oneshot::channel();
            tasks.spawn(says(running));
            is_running.await.expect("the task runs");
        }
    });
    // Shutting the runtime down waits until every task is dropped.
    drop(runtime);
    let spans = recording.spans();
    assert_eq!(spans.len(), TASKS);
    for span in &spans {
        assert_eq!(reason_of(span), None);
        assert_ne!(event_text(event(span, "cancelled"), "task.name").as_deref(), Some("unknown"));
    }
}

#[tokio::test]
async fn the_loser_of_a_select_is_cancelled() {
    #[traced]
    async fn race() -> u32 {
        tokio::select! {
            biased;
            () = waits(0) => 0,
            () = tokio::task::yield_now() => 1,
        }
    }
    let recording = Recording::start();
    assert_eq!(race().await, 1);
    let (race, loser) = (recording.span("race"), recording.span("waits"));
    assert_eq!(reason_of(&loser), None);
    assert_eq!(loser.parent_span_id, race.span_context.span_id());
    assert_eq!(race.status, Status::Ok);
    assert!(race.events.is_empty());
}

#[tokio::test]
async fn every_pending_branch_that_is_dropped_is_an_origin_of_its_own() {
    #[traced]
    async fn both() {
        tokio::join!(waits(0), waits(1));
    }
    let recording = Recording::start();
    let mut future = Box::pin(both());
    assert!(poll_once(future.as_mut()).is_pending());
    {
        let _scope = cancel::reason("shutdown");
        drop(future);
    }
    assert_eq!(reasons(&recording), [Some("shutdown".to_owned()), Some("shutdown".to_owned())]);
    let outer = recording.span("both");
    outer.assert_attribute("cancelled", true);
    assert!(outer.events.is_empty());
}
