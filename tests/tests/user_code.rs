//! Code of the program's that runs while a value is recorded: it may fail, call traced functions, or call the very function
//! that is being recorded. Nothing of that changes the program or recurses.

use std::cell::Cell;
use std::fmt;

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::Status;
use wirespan::testing::Recording;
use wirespan::{Capture, ValueWriter, traced};
use wirespan_tests::look::{block_on, value};
use wirespan_tests::text;

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
    let recording = Recording::start();
    shows(&Fails, FailsToDisplay(7), 7);
    let span = recording.span("shows");
    span.assert_attribute("parameter.debug", "<serialization failed: Fails>");
    span.assert_attribute("parameter.display", "<serialization failed: FailsToDisplay<u64>>");
    span.assert_attribute("parameter.last", 7);
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
    let recording = Recording::start();
    takes(Recursive, 0);
    let span = recording.span("takes");
    span.assert_attribute("parameter.recursive", "called 1");
    assert_eq!(CALLS.get(), 2);
}

#[test]
fn calls_in_a_debug_leave_the_spans_around_them_whole() {
    let recording = Recording::start();
    takes(Recursive, 2);
    let spans = recording.spans();
    assert_eq!(spans.len(), 3);
    for (depth, span) in spans.iter().enumerate() {
        assert_eq!(value(span, "parameter.more"), i64::try_from(2 - depth).ok().map(Value::I64));
        assert!(text(span, "parameter.recursive").is_some());
    }
    let [first, second, third] = &*spans else { unreachable!("three spans") };
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
    let recording = Recording::start();
    assert!(records(Busy, Busy).is_err());
    let span = recording.span("records");
    span.assert_attribute("parameter.busy", 9);
    span.assert_attribute("parameter.messages", "<Busy (excluded, id=busy)>");
    span.assert_attribute("extra", true);
    assert_eq!(span.events.len(), 1);
    assert_eq!(recording.spans().len(), 1);
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
    let recording = Recording::start();
    assert!(calls().is_err());
    assert_eq!(recording.span("calls").status, Status::error("Err(\"inside\")"));
    assert_eq!(recording.spans().len(), 1);
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
    let recording = Recording::start();
    let mut future: std::pin::Pin<Box<dyn Future<Output = u64>>> = Box::pin(asynchronous());
    assert!(wirespan_tests::look::poll_once(future.as_mut()).is_pending());
    records(&Polls(std::cell::RefCell::new(future)));
    assert_eq!(value(&recording.span("records"), "parameter.polls"), Some(Value::I64(9)));
    assert_eq!(recording.span("asynchronous").status, Status::Ok);
}

#[test]
fn what_names_the_parent_is_not_recorded_also_where_a_thread_records_for_the_first_time() {
    const HEADER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    #[traced]
    fn looked_up() -> &'static str {
        HEADER
    }
    #[traced(parent = looked_up())]
    fn received() {}
    let recording = Recording::start();
    let scope = recording.scope();
    let thread = std::thread::spawn(move || {
        scope.claim_thread();
        received();
    });
    thread.join().expect("no panic");
    recording.span("received");
    recording.spans().assert_none("looked_up");
}
