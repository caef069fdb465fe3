//! A future that is dropped before it finished is cancelled; one whose poll unwound has panicked. The six cases in which the
//! two are easily mistaken for each other, and what a cancelled span shows.

#![expect(clippy::panic, reason = "what is traced")]

use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::time::{SystemTime, UNIX_EPOCH};

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::Status;
use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::{cancel, traced};
use wirespan_tests::look::{error_text, event, event_text, events, poll_once, value, with_events};
use wirespan_tests::{install, install_with, text};

type Boxed = Pin<Box<dyn Future<Output = ()>>>;

#[traced]
async fn waits() {
    pending::<()>().await;
}

#[traced]
async fn panics_after(polls: u32) {
    for _ in 0..polls {
        tokio::task::yield_now().await;
    }
    panic!("poll {polls}");
}

/// Polled once and still pending.
fn started(future: impl Future<Output = ()> + 'static) -> Boxed {
    let mut future: Boxed = Box::pin(future);
    assert!(poll_once(future.as_mut()).is_pending());
    future
}

fn assert_cancelled(span: &SpanData) {
    assert_eq!(span.status, Status::Unset, "{span:#?}");
    assert_eq!(value(span, "cancelled"), Some(Value::Bool(true)), "{span:#?}");
    assert_eq!(value(span, "error.type"), None);
    assert!(events(span, "exception").is_empty(), "{span:#?}");
}

fn assert_panicked(span: &SpanData, message: &str) {
    assert_eq!(error_text(span), Some(&*format!("panicked: {message}")), "{span:#?}");
    assert_eq!(text(span, "error.type").as_deref(), Some("panic"));
    assert_eq!(value(span, "cancelled"), None);
    assert!(events(span, "cancelled").is_empty(), "{span:#?}");
}

fn quietly<R>(run: impl FnOnce() -> R) -> std::thread::Result<R> {
    catch_unwind(AssertUnwindSafe(run))
}

#[test]
fn a_poll_that_unwinds_has_panicked() {
    for polls in [0, 1] {
        let telemetry = install();
        let mut future = Box::pin(panics_after(polls));
        for _ in 0..polls {
            assert!(poll_once(future.as_mut()).is_pending());
        }
        quietly(|| poll_once(future.as_mut())).unwrap_err();
        drop(future);
        let span = telemetry.span("panics_after");
        assert_panicked(&span, &format!("poll {polls}"));
        assert_eq!(span.events.len(), 1);
    }
}

#[test]
fn a_pending_future_that_is_dropped_is_cancelled() {
    let telemetry = install();
    drop(started(waits()));
    let span = telemetry.span("waits");
    assert_cancelled(&span);
    assert_eq!(with_events(&[span]), [("waits".to_owned(), 1)]);
}

#[test]
fn a_future_dropped_while_a_neighbour_unwinds_is_cancelled() {
    let telemetry = install();
    let _ = quietly(|| {
        let _waiting = started(waits());
        panic!("neighbour");
    });
    let span = telemetry.span("waits");
    assert_cancelled(&span);
    event(&span, "cancelled");
}

#[test]
fn a_future_whose_poll_panicked_stays_panicked_when_it_is_dropped_later() {
    let telemetry = install();
    let mut future = Box::pin(panics_after(0));
    quietly(|| poll_once(future.as_mut())).unwrap_err();
    // It has ended with the panic, not with the drop.
    assert_panicked(&telemetry.span("panics_after"), "poll 0");
    let _reason = cancel::reason("too late");
    drop(future);
    let span = telemetry.span("panics_after");
    assert_panicked(&span, "poll 0");
    assert_eq!(with_events(&[span]), [("panics_after".to_owned(), 1)]);
}

#[test]
fn a_future_dropped_by_a_destructor_that_unwinding_runs_in_another_span_is_cancelled() {
    #[traced]
    fn holder() {
        let _waiting = Held(Some(started(waits())));
        panic!("outer");
    }

    let telemetry = install();
    let _ = quietly(holder);
    let (inner, outer) = (telemetry.span("waits"), telemetry.span("holder"));
    assert_cancelled(&inner);
    event(&inner, "cancelled");
    assert_eq!(inner.parent_span_id, outer.span_context.span_id());
    assert_panicked(&outer, "outer");
    event(&outer, "exception");
}

/// Drops what it holds in its own destructor.
struct Held(Option<Boxed>);

impl Drop for Held {
    fn drop(&mut self) {
        assert!(std::thread::panicking());
        drop(self.0.take());
    }
}

#[test]
fn a_cancelled_future_whose_own_destructor_panics_has_panicked() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("boom");
        }
    }
    #[traced]
    async fn armed() {
        let _bomb = Bomb;
        pending::<()>().await;
    }

    let telemetry = install();
    let future = started(armed());
    let payload = quietly(|| drop(future)).unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"boom"));
    let span = telemetry.span("armed");
    assert_panicked(&span, "boom");
    assert_eq!(with_events(&[span]), [("armed".to_owned(), 1)]);
}

#[test]
fn a_future_that_is_never_polled_makes_no_span() {
    let telemetry = install();
    drop(waits());
    assert_eq!(telemetry.spans().len(), 0);
    assert_eq!(telemetry.stats().started, 0);
}

#[test]
fn a_future_that_finished_is_not_cancelled_when_it_is_dropped() {
    #[traced]
    async fn quick() -> u32 {
        tokio::task::yield_now().await;
        7
    }
    let telemetry = install();
    let mut future = Box::pin(quick());
    while poll_once(future.as_mut()).is_pending() {}
    drop(future);
    let span = telemetry.span("quick");
    assert_eq!(span.status, Status::Ok);
    assert!(span.events.is_empty() && value(&span, "cancelled").is_none());
}

#[traced]
async fn level(depth: u32) {
    if depth == 0 {
        pending::<()>().await;
    } else {
        Box::pin(level(depth - 1)).await;
    }
}

#[test]
fn at_depth_ten_one_event_says_why() {
    let telemetry = install();
    let future = started(level(9));
    {
        let _scope = cancel::reason("client_disconnected");
        drop(future);
    }
    let spans = telemetry.spans();
    assert_eq!(spans.len(), 10);
    spans.iter().for_each(|span| assert_cancelled(span));
    let with_event: Vec<_> = spans.iter().filter(|span| !span.events.is_empty()).collect();
    assert_eq!(with_event.len(), 1);
    assert_eq!(value(with_event[0], "parameter.depth"), Some(Value::I64(0)));
    let reason = event_text(event(with_event[0], "cancelled"), "cancellation.reason");
    assert_eq!(reason.as_deref(), Some("client_disconnected"));
}

#[test]
fn the_event_has_the_attributes_of_the_reference() {
    let nanos = || i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos()).unwrap();
    let telemetry = install();
    let future = started(waits());
    let before = nanos();
    drop(future);
    let after = nanos();
    let span = telemetry.span("waits");
    let event = event(&span, "cancelled");
    let keys: Vec<&str> = event.attributes.iter().map(|pair| pair.key.as_str()).collect();
    assert_eq!(keys, ["task.name", "function.name", "function.module", "cancellation.timestamp"]);
    assert_eq!(event_text(event, "task.name").as_deref(), Some("unknown"));
    assert_eq!(event_text(event, "function.name").as_deref(), Some("waits"));
    assert_eq!(event_text(event, "function.module").as_deref(), Some(module_path!()));
    let Value::I64(timestamp) = event.attributes[3].value else { panic!("{event:#?}") };
    assert!((before..=after).contains(&timestamp), "{before} {timestamp} {after}");
    assert!(event.timestamp >= span.start_time && event.timestamp <= span.end_time, "{span:#?}");
}

#[test]
fn a_span_that_cancelled_its_child_earlier_has_its_own_event_when_it_is_cancelled() {
    #[traced]
    async fn gives_up() {
        drop(started(waits()));
        pending::<()>().await;
    }
    let telemetry = install();
    drop(started(gives_up()));
    for name in ["waits", "gives_up"] {
        let span = telemetry.span(name);
        assert_cancelled(&span);
        event(&span, "cancelled");
    }
}

#[test]
fn cancel_error_is_a_status_without_a_text() {
    #[traced(cancel = "error")]
    async fn strict() {
        waits().await;
    }
    let telemetry = install_with(|builder| builder.opentelemetry_context(false));
    drop(started(strict()));
    let strict = telemetry.span("strict");
    assert_eq!(strict.status, Status::error(""));
    assert_eq!(value(&strict, "cancelled"), Some(Value::Bool(true)));
    assert!(strict.events.is_empty());
    assert_cancelled(&telemetry.span("waits"));
}
