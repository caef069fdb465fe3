//! Code of the program's that runs while a value is recorded: it may fail, call traced functions, or call the very function
//! that is being recorded. Nothing of that changes the program or recurses.

use std::cell::Cell;
use std::fmt;

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::Status;
use wirespan::{Capture, ValueWriter, traced};
use wirespan_tests::look::{block_on, value};
use wirespan_tests::{install, text};

/// Says half of itself, then fails.
struct Fails;

impl fmt::Debug for Fails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half of it")?;
        Err(fmt::Error)
    }
}

struct FailsToDisplay<T>(T);

impl<T> fmt::Display for FailsToDisplay<T> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

#[test]
fn a_value_that_fails_to_format_is_a_placeholder() {
    #[traced]
    fn shows(debug: &Fails, display: FailsToDisplay<u64>, last: u64) -> u64 {
        let _ = (debug, display);
        last
    }
    let telemetry = install();
    shows(&Fails, FailsToDisplay(7), 7);
    let span = telemetry.span("shows");
    assert_eq!(text(&span, "parameter.debug").as_deref(), Some("<serialization failed: Fails>"));
    assert_eq!(
        text(&span, "parameter.display").as_deref(),
        Some("<serialization failed: FailsToDisplay<u64>>")
    );
    assert_eq!(value(&span, "parameter.last"), Some(Value::I64(7)));
    assert_eq!(span.status, Status::Ok);
}

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

/// Calls the traced function that it is a parameter of.
struct Recursive;

impl fmt::Debug for Recursive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "called {}", takes(Recursive, 0))
    }
}

#[traced]
fn takes(recursive: Recursive, more: u32) -> u32 {
    CALLS.set(CALLS.get() + 1);
    let _ = recursive;
    if more > 0 { takes(Recursive, more - 1) } else { CALLS.get() }
}

#[test]
fn a_debug_that_calls_its_own_function_does_not_recurse() {
    let telemetry = install();
    takes(Recursive, 0);
    let span = telemetry.span("takes");
    assert_eq!(text(&span, "parameter.recursive").as_deref(), Some("called 1"));
    assert_eq!(CALLS.get(), 2);
}

#[test]
fn calls_in_a_debug_leave_the_spans_around_them_whole() {
    let telemetry = install();
    takes(Recursive, 2);
    let spans = telemetry.spans();
    assert_eq!(spans.len(), 3);
    for (depth, span) in spans.iter().rev().enumerate() {
        assert_eq!(value(span, "parameter.more"), i64::try_from(2 - depth).ok().map(Value::I64));
        assert!(text(span, "parameter.recursive").is_some());
    }
    let [third, second, first] = &*spans else { unreachable!("three spans") };
    assert_eq!(third.parent_span_id, second.span_context.span_id());
    assert_eq!(second.parent_span_id, first.span_context.span_id());
}

/// Runs traced functions of both kinds, one of which fails, while it is recorded.
struct Busy;

#[traced]
fn fails() -> Result<(), String> {
    Err("inside".into())
}

#[traced]
async fn asynchronous() -> u64 {
    tokio::task::yield_now().await;
    9
}

impl Capture for Busy {
    fn capture(&self, out: &mut ValueWriter<'_>) {
        assert!(fails().is_err());
        out.u64(block_on(asynchronous()));
    }

    fn capture_id(&self) -> Option<&dyn fmt::Display> {
        let _ = fails();
        Some(&"busy")
    }
}

#[test]
fn traced_functions_called_while_a_value_is_recorded_are_not_recorded() {
    #[traced(fields(extra = fails().is_err()))]
    fn records(busy: Busy, messages: Busy) -> Result<(), String> {
        let _ = (busy, messages);
        Err("outside".into())
    }
    let telemetry = install();
    assert!(records(Busy, Busy).is_err());
    let span = telemetry.span("records");
    assert_eq!(value(&span, "parameter.busy"), Some(Value::I64(9)));
    assert_eq!(text(&span, "parameter.messages").as_deref(), Some("<Busy (excluded, id=busy)>"));
    assert_eq!(value(&span, "extra"), Some(Value::Bool(true)));
    assert_eq!(span.events.len(), 1);
    assert_eq!(telemetry.spans().len(), 1);
}

#[test]
fn an_error_whose_text_calls_a_traced_function_is_recorded() {
    struct Calls;
    impl fmt::Display for Calls {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{:?}", fails())
        }
    }
    #[traced]
    fn calls() -> Result<(), Calls> {
        Err(Calls)
    }
    let telemetry = install();
    assert!(calls().is_err());
    assert_eq!(telemetry.span("calls").status, Status::error("Err(\"inside\")"));
    assert_eq!(telemetry.spans().len(), 1);
}

/// A future that is polled while a value is recorded, and was started before.
#[test]
fn a_span_that_is_polled_while_a_value_is_recorded_is_kept() {
    struct Polls(std::cell::RefCell<std::pin::Pin<Box<dyn Future<Output = u64>>>>);
    impl Capture for Polls {
        fn capture(&self, out: &mut ValueWriter<'_>) {
            let mut future = self.0.borrow_mut();
            if let std::task::Poll::Ready(number) = wirespan_tests::look::poll_once(future.as_mut()) {
                out.u64(number);
            }
        }
    }
    #[traced]
    fn records(polls: &Polls) {
        let _ = polls;
    }
    let telemetry = install();
    let mut future: std::pin::Pin<Box<dyn Future<Output = u64>>> = Box::pin(asynchronous());
    assert!(wirespan_tests::look::poll_once(future.as_mut()).is_pending());
    records(&Polls(std::cell::RefCell::new(future)));
    assert_eq!(value(&telemetry.span("records"), "parameter.polls"), Some(Value::I64(9)));
    assert_eq!(telemetry.span("asynchronous").status, Status::Ok);
}
