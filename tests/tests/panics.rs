//! A panic is the program's: it goes on unchanged, its hook is called once, and the spans that it unwinds say so. A panic in
//! code of the program's that runs on our behalf (a `Debug`, a `Capture`, an expression of `fields`) stays with us.
//!
//! The program's own panic hook is set here before telemetry is installed for the first time, and counts.

#![allow(clippy::similar_names, reason = "functions that are there to be traced")]
#![expect(clippy::panic, clippy::expect_used, reason = "the functions under test panic")]

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind, set_hook};
use std::sync::Once;
use std::{error, fmt};

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::Status;
use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::{Capture, ValueWriter, traced};
use wirespan_tests::look::{block_on, error_text, event, event_text, value, with_events};
use wirespan_tests::{Installed, install, text};

thread_local! {
    static HOOKED: Cell<u32> = const { Cell::new(0) };
}

/// Telemetry, installed in a program that has a panic hook.
fn install_behind_a_hook() -> Installed {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_hook(Box::new(|_| HOOKED.set(HOOKED.get() + 1))));
    HOOKED.set(0);
    install()
}

/// What the call panicked with; the hook was told of it once.
fn payload_of<R>(call: impl FnOnce() -> R) -> Box<dyn Any + Send> {
    HOOKED.set(0);
    let payload = catch_unwind(AssertUnwindSafe(call)).err().expect("it panics");
    assert_eq!(HOOKED.get(), 1, "calls of the program's panic hook");
    payload
}

fn assert_panicked(span: &SpanData, message: &str) {
    assert_eq!(error_text(span), Some(&*format!("panicked: {message}")), "{span:#?}");
    assert_eq!(text(span, "error.type").as_deref(), Some("panic"));
    assert_eq!(value(span, "cancelled"), None);
}

const LINE: u32 = line!() + 3;
#[traced]
fn explodes(number: u32) -> u32 {
    panic!("number {number}");
}

#[test]
fn a_panic_is_recorded_with_message_and_place() {
    let telemetry = install_behind_a_hook();
    let payload = payload_of(|| explodes(7));
    assert_eq!(payload.downcast_ref::<String>().map(String::as_str), Some("number 7"));
    let span = telemetry.span("explodes");
    assert_panicked(&span, "number 7");
    assert_eq!(value(&span, "parameter.number"), Some(Value::I64(7)));
    let event = event(&span, "exception");
    assert_eq!(event_text(event, "exception.type").as_deref(), Some("panic"));
    assert_eq!(event_text(event, "exception.message").as_deref(), Some("number 7"));
    assert_eq!(event_text(event, "code.file.path").as_deref(), Some(file!()));
    assert_eq!(event_text(event, "code.line.number"), Some(LINE.to_string()));
    assert!(event_text(event, "code.column.number").is_some());
}

#[test]
fn a_panic_in_an_async_function_is_recorded_in_the_same_way() {
    #[traced]
    async fn explodes_later() -> u32 {
        tokio::task::yield_now().await;
        panic!("later");
    }
    let telemetry = install_behind_a_hook();
    let payload = payload_of(|| block_on(explodes_later()));
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"later"));
    let span = telemetry.span("explodes_later");
    assert_panicked(&span, "later");
    assert_eq!(event_text(event(&span, "exception"), "exception.message").as_deref(), Some("later"));
}

#[test]
fn a_panic_through_many_spans_has_one_event() {
    #[traced]
    fn down(depth: u32) -> u32 {
        if depth == 0 { panic!("deep") } else { down(depth - 1) + 1 }
    }
    #[traced]
    async fn outermost() -> u32 {
        down(8)
    }
    let telemetry = install_behind_a_hook();
    payload_of(|| block_on(outermost()));
    let spans = telemetry.spans();
    assert_eq!(spans.len(), 10);
    for span in &spans {
        assert_panicked(span, "deep");
    }
    assert_eq!(with_events(&spans), [("down".to_owned(), 1)]);
    let origin = spans.iter().find(|span| !span.events.is_empty()).expect("just counted");
    assert_eq!(value(origin, "parameter.depth"), Some(Value::I64(0)));
}

#[test]
fn a_payload_of_any_type_goes_on_unchanged() {
    #[derive(Debug, PartialEq)]
    struct Payload(u32);
    #[traced]
    fn throws() {
        panic_any(Payload(7));
    }
    let telemetry = install_behind_a_hook();
    let payload = payload_of(throws);
    assert_eq!(payload.downcast_ref::<Payload>(), Some(&Payload(7)));
    let span = telemetry.span("throws");
    assert_eq!(error_text(&span), Some("panicked"));
    let event = event(&span, "exception");
    assert_eq!(event_text(event, "exception.message"), None);
    assert_eq!(event_text(event, "code.file.path").as_deref(), Some(file!()));
}

#[test]
fn a_panic_that_was_caught_leaves_the_caller_alone() {
    #[traced]
    fn catches() -> bool {
        catch_unwind(|| explodes(1)).is_err()
    }
    let telemetry = install_behind_a_hook();
    assert!(catches());
    assert_panicked(&telemetry.span("explodes"), "number 1");
    let span = telemetry.span("catches");
    assert_eq!(span.status, Status::Ok);
    assert!(span.events.is_empty());
}

#[test]
fn a_second_panic_after_a_caught_one_has_its_own_event() {
    #[traced]
    fn catches_and_panics() {
        let _ = catch_unwind(|| explodes(1));
        HOOKED.set(0);
        panic!("second");
    }
    let telemetry = install_behind_a_hook();
    payload_of(catches_and_panics);
    let span = telemetry.span("catches_and_panics");
    assert_panicked(&span, "second");
    assert_eq!(event_text(event(&span, "exception"), "exception.message").as_deref(), Some("second"));
}

#[test]
fn a_panic_that_is_resumed_is_still_the_one_of_below() {
    #[traced]
    fn resumes() {
        if let Err(payload) = catch_unwind(|| explodes(1)) {
            resume_unwind(payload);
        }
    }
    let telemetry = install_behind_a_hook();
    payload_of(resumes);
    assert_panicked(&telemetry.span("resumes"), "number 1");
    assert_eq!(with_events(&telemetry.spans()), [("explodes".to_owned(), 1)]);
}

/// Panics in every way in which it can show itself.
struct Broken;

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half of it")?;
        panic!("in a Debug");
    }
}

/// As [`Broken`], with a `Display` and as an error.
#[derive(Debug)]
struct BrokenText;

impl fmt::Display for BrokenText {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("in a Display");
    }
}

impl error::Error for BrokenText {}

struct BrokenCapture;

impl Capture for BrokenCapture {
    fn capture(&self, out: &mut ValueWriter<'_>) {
        out.list(|list| {
            list.push(&7_u64);
            panic!("in a Capture");
        });
    }

    fn capture_id(&self) -> Option<&dyn fmt::Display> {
        panic!("in an identifier");
    }
}

#[derive(Capture)]
struct Holder {
    before: u64,
    broken: BrokenCapture,
    #[capture(debug)]
    debug: Broken,
    after: u64,
}

#[test]
fn a_panic_in_a_value_is_a_placeholder_and_nothing_else() {
    #[traced]
    fn shows(
        first: u64,
        debug: &Broken,
        display: BrokenText,
        capture: BrokenCapture,
        list: [BrokenCapture; 1],
        last: u64,
    ) -> u64 {
        let _ = (debug, display, capture, list);
        first + last
    }
    let telemetry = install_behind_a_hook();
    assert_eq!(shows(1, &Broken, BrokenText, BrokenCapture, [BrokenCapture], 2), 3);
    assert_eq!(HOOKED.get(), 0, "the program's panic hook was called");
    let span = telemetry.span("shows");
    assert_eq!(span.status, Status::Ok);
    assert_eq!(value(&span, "parameter.first"), Some(Value::I64(1)));
    assert_eq!(text(&span, "parameter.debug").as_deref(), Some("<debug panicked: Broken>"));
    assert_eq!(text(&span, "parameter.display").as_deref(), Some("<debug panicked: BrokenText>"));
    assert_eq!(text(&span, "parameter.capture").as_deref(), Some("<capture panicked: BrokenCapture>"));
    assert_eq!(text(&span, "parameter.list").as_deref(), Some("<capture panicked: [BrokenCapture; 1]>"));
    assert_eq!(value(&span, "parameter.last"), Some(Value::I64(2)));
}

#[test]
fn a_panic_in_a_field_leaves_the_other_fields() {
    #[traced]
    fn holds(holder: &Holder) -> u64 {
        holder.before + holder.after
    }
    let telemetry = install_behind_a_hook();
    let holder = Holder { before: 1, broken: BrokenCapture, debug: Broken, after: 2 };
    assert_eq!(holds(&holder), 3);
    assert_eq!(HOOKED.get(), 0, "the program's panic hook was called");
    let span = telemetry.span("holds");
    assert_eq!(value(&span, "parameter.holder.before"), Some(Value::I64(1)));
    assert_eq!(text(&span, "parameter.holder.broken").as_deref(), Some("<capture panicked: BrokenCapture>"));
    assert_eq!(text(&span, "parameter.holder.debug").as_deref(), Some("<debug panicked: Broken>"));
    assert_eq!(value(&span, "parameter.holder.after"), Some(Value::I64(2)));
}

#[test]
fn a_panic_in_an_identifier_leaves_it_out() {
    #[traced(skip(broken))]
    fn skips(broken: &BrokenCapture, last: u64) -> u64 {
        let _ = broken;
        last
    }
    let telemetry = install_behind_a_hook();
    skips(&BrokenCapture, 7);
    assert_eq!(HOOKED.get(), 0, "the program's panic hook was called");
    let span = telemetry.span("skips");
    assert_eq!(text(&span, "parameter.broken").as_deref(), Some("<BrokenCapture (excluded)>"));
    assert_eq!(value(&span, "parameter.last"), Some(Value::I64(7)));
}

#[test]
fn a_panic_in_an_expression_of_fields_stays_there() {
    #[traced(fields(first = numbers[0], missing = numbers[5], last = numbers.len()))]
    fn indexes(numbers: &[u64]) -> u64 {
        numbers.iter().sum()
    }
    let telemetry = install_behind_a_hook();
    assert_eq!(indexes(&[1, 2]), 3);
    assert_eq!(HOOKED.get(), 0, "the program's panic hook was called");
    let span = telemetry.span("indexes");
    assert_eq!(span.status, Status::Ok);
    assert_eq!(value(&span, "first"), Some(Value::I64(1)));
    assert_eq!(text(&span, "missing").as_deref(), Some("<field panicked>"));
    assert_eq!(value(&span, "last"), Some(Value::I64(2)));
}

#[test]
fn a_panic_in_the_text_of_an_error_does_not_replace_the_error() {
    #[traced]
    fn fails() -> Result<u64, BrokenText> {
        Err(BrokenText)
    }
    let telemetry = install_behind_a_hook();
    assert!(fails().is_err());
    assert_eq!(HOOKED.get(), 0, "the program's panic hook was called");
    let span = telemetry.span("fails");
    assert_eq!(error_text(&span), Some("<error panicked while it was displayed>"));
    assert_eq!(text(&span, "error.type").as_deref(), Some("panics::BrokenText"));
}

#[traced]
fn raises_first() {
    panic!("first");
}

#[traced]
fn resumes_another() {
    std::panic::resume_unwind(Box::new("second"));
}

#[test]
fn a_panic_that_was_caught_is_not_told_of_a_later_one() {
    let installed = install();
    assert!(std::panic::catch_unwind(raises_first).is_err());
    assert!(std::panic::catch_unwind(resumes_another).is_err());
    let later = installed.span("resumes_another");
    assert_eq!(later.status, Status::error("panicked"));
    assert_eq!(later.events.len(), 1);
}
