//! Fault C1: a panic anywhere in traced code, also in destructors and while another panic unwinds. The program sees what it
//! would have seen without us, every span is recorded once, and the thread's context is clean afterwards.
#![expect(clippy::panic, clippy::unwrap_used, reason = "the functions under test panic")]

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use wirespan::opentelemetry::trace::Status;
use wirespan::traced;
use wirespan_tests::look::{block_on, error_text, events};
use wirespan_tests::{Installed, install_with, text};

#[derive(Debug, PartialEq)]
struct Payload(u64);

#[traced]
fn deepest(payload: u64) {
    panic_any(Payload(payload));
}

/// Calls traced functions in its destructor: one that returns, and one whose panic is caught there.
struct Cleans;

impl Drop for Cleans {
    fn drop(&mut self) {
        clean_up(3);
        let caught = catch_unwind(|| deepest(13));
        assert_eq!(caught.unwrap_err().downcast_ref::<Payload>(), Some(&Payload(13)));
    }
}

#[traced]
fn clean_up(steps: u64) -> u64 {
    steps
}

#[traced]
fn holds_what_cleans() {
    let _cleans = Cleans;
    deepest(7);
}

#[traced]
async fn holds_what_cleans_and_waits() {
    let _cleans = Cleans;
    tokio::task::yield_now().await;
    deepest(7);
}

#[traced]
fn clean() {}

/// Every span of `run`, which panics with `Payload(7)`, and then one that must be a root again.
fn after(run: impl FnOnce(), attach: bool) -> Installed {
    let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
    let caught = catch_unwind(AssertUnwindSafe(run));
    assert_eq!(
        caught.unwrap_err().downcast_ref::<Payload>(),
        Some(&Payload(7)),
        "the payload is the program's"
    );
    clean();
    telemetry
}

fn assert_unwound(telemetry: &Installed, outer: &str) {
    let spans = telemetry.spans();
    let named = |name: &str| spans.iter().filter(move |span| span.name == name).collect::<Vec<_>>();
    assert_eq!(spans.len(), 5, "{spans:#?}");
    let outer = telemetry.span(outer);
    assert_eq!(error_text(&outer), Some("panicked"), "a payload that is no text");
    assert_eq!(text(&outer, "error.type").as_deref(), Some("panic"));

    // The destructor's own calls are children of the span that unwinds, and end as they would at any other time.
    let cleaned = telemetry.span("clean_up");
    assert_eq!((cleaned.parent_span_id, &cleaned.status), (outer.span_context.span_id(), &Status::Ok));
    for deepest in named("deepest") {
        assert_eq!(deepest.parent_span_id, outer.span_context.span_id());
        assert_eq!(error_text(deepest), Some("panicked"));
        assert_eq!(events(deepest, "exception").len(), 1, "{deepest:#?}");
    }
    assert_eq!(named("deepest").len(), 2);
    let clean = telemetry.span("clean");
    assert_eq!(clean.parent_span_id, wirespan::opentelemetry::SpanId::INVALID, "the thread is clean");
    assert_ne!(clean.span_context.trace_id(), outer.span_context.trace_id());
}

#[test]
fn destructors_that_are_traced_and_panic_while_a_panic_unwinds_are_recorded_like_any_other() {
    for attach in [true, false] {
        assert_unwound(&after(holds_what_cleans, attach), "holds_what_cleans");
    }
}

#[test]
fn the_same_holds_where_the_panic_unwinds_through_a_poll() {
    for attach in [true, false] {
        let telemetry = after(|| block_on(holds_what_cleans_and_waits()), attach);
        assert_unwound(&telemetry, "holds_what_cleans_and_waits");
    }
}

/// Panics when it is dropped.
struct Bursts;

impl Drop for Bursts {
    fn drop(&mut self) {
        panic_any(Payload(7));
    }
}

#[traced]
fn drops_what_bursts() {
    clean_up(1);
    let _bursts = Bursts;
}

#[traced]
fn drops_its_argument(bursts: Bursts) -> u64 {
    let _ = &bursts;
    1
}

#[test]
fn a_destructor_that_panics_as_the_body_ends_is_the_functions_own_panic() {
    for attach in [true, false] {
        let telemetry = after(drops_what_bursts, attach);
        let span = telemetry.span("drops_what_bursts");
        assert_eq!(error_text(&span), Some("panicked"));
        assert_eq!(events(&span, "exception").len(), 1);
        assert_eq!(telemetry.span("clean_up").parent_span_id, span.span_context.span_id());
        assert_eq!(telemetry.span("clean").parent_span_id, wirespan::opentelemetry::SpanId::INVALID);
        drop(telemetry);

        let telemetry = after(|| _ = drops_its_argument(Bursts), attach);
        let span = telemetry.span("drops_its_argument");
        assert_eq!(error_text(&span), Some("panicked"), "parameters drop inside the span");
    }
}
