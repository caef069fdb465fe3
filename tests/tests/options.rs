//! The options that say how a parameter is shown, what of the return value is recorded, and whose child a span is.

use std::fmt;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use wirespan::opentelemetry::trace::{SpanContext, Status, TraceState};
use wirespan::opentelemetry::{SpanId, TraceFlags, TraceId, Value};
use wirespan::{current, span, traced};
use wirespan_tests::look::{block_on, error_text, events, value};
use wirespan_tests::{install, install_with, text};

#[derive(Debug)]
struct Both(u64);

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "both {}", self.0)
    }
}

#[traced(debug(first, messages, key_token), display(second), unredacted(token, key_token))]
fn shows(first: &Both, second: &Both, messages: &[u8], token: u64, key_token: &str, password: &str) -> usize {
    messages.len()
        + key_token.len()
        + password.len()
        + usize::try_from(token + first.0 + second.0).unwrap_or(0)
}

#[test]
fn a_parameter_is_shown_as_the_option_says() {
    let telemetry = install();
    shows(&Both(1), &Both(2), &[3], 4, "five", "six");
    let span = telemetry.span("shows");
    for (key, shown) in [
        ("parameter.first", "Both(1)"),
        ("parameter.second", "both 2"),
        ("parameter.messages", "[3]"),
        ("parameter.key_token", "\"five\""),
        ("parameter.password", "<redacted>"),
    ] {
        assert_eq!(text(&span, key).as_deref(), Some(shown), "{key}");
    }
    assert_eq!(value(&span, "parameter.token"), Some(Value::I64(4)), "typed, and not redacted");
}

#[traced(skip_all, debug(first))]
fn shows_one(first: Both, second: u64) -> u64 {
    first.0 + second
}

#[test]
fn what_is_asked_for_by_name_is_recorded_also_beside_skip_all() {
    let telemetry = install();
    shows_one(Both(1), 2);
    let span = telemetry.span("shows_one");
    assert_eq!(text(&span, "parameter.first").as_deref(), Some("Both(1)"));
    assert_eq!(value(&span, "parameter.second"), None);
}

#[traced(ret)]
fn gives(number: u64) -> u64 {
    2 * number
}

#[traced(ret)]
fn may_fail(number: u64) -> Result<Vec<u64>, String> {
    if number == 0 { Err(String::from("zero")) } else { Ok(vec![number; 2]) }
}

#[traced(ret)]
async fn gives_later(waits: bool) -> Result<&'static str, String> {
    if waits {
        tokio::task::yield_now().await;
    }
    Ok("later")
}

#[traced(ret)]
fn gives_a_future(number: u64) -> BoxFuture<'static, Option<u64>> {
    async move { Some(number) }.boxed()
}

#[test]
fn what_is_returned_is_an_attribute_and_an_error_is_not() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        assert_eq!(gives(4), 8);
        assert_eq!(value(&telemetry.span("gives"), "return"), Some(Value::I64(8)));
        may_fail(0).unwrap_err();
        let failed = telemetry.span("may_fail");
        assert_eq!((value(&failed, "return"), error_text(&failed)), (None, Some("zero")));
        drop(telemetry);

        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        may_fail(3).unwrap();
        assert_eq!(text(&telemetry.span("may_fail"), "return").as_deref(), Some("[3,3]"));
        assert_eq!(block_on(gives_a_future(7)), Some(7));
        assert_eq!(value(&telemetry.span("gives_a_future"), "return"), Some(Value::I64(7)));
        drop(telemetry);

        for waits in [true, false] {
            let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
            block_on(gives_later(waits)).unwrap();
            let span = telemetry.span("gives_later");
            assert_eq!(text(&span, "return").as_deref(), Some("later"));
            assert_eq!(
                (value(&span, "parameter.waits"), &span.status),
                (Some(Value::Bool(waits)), &Status::Ok)
            );
        }
    }
}

/// What an HTTP server calls an error.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::panic,
    reason = "a status is decided about a reference; and this one fails"
)]
fn of_code(code: &u16) -> Status {
    match code {
        500.. => Status::error(format!("code {code}")),
        400.. => Status::Unset,
        0 => panic!("no code"),
        _ => Status::Ok,
    }
}

#[traced(status = of_code)]
fn answer(code: u16) -> u16 {
    code
}

#[traced(status = of_code)]
async fn answer_later(code: u16) -> u16 {
    tokio::task::yield_now().await;
    code
}

#[test]
fn a_function_of_the_program_decides_about_the_status() {
    let expected = [
        (200, Status::Ok),
        (404, Status::Unset),
        (503, Status::error("code 503")),
        (0, Status::error("<the function in `status` panicked>")),
    ];
    for (code, status) in expected {
        let telemetry = install();
        assert_eq!((answer(code), block_on(answer_later(code))), (code, code));
        for name in ["answer", "answer_later"] {
            let span = telemetry.span(name);
            assert_eq!(span.status, status, "{name} {code}");
            assert!(events(&span, "exception").is_empty());
        }
    }
}

#[traced(root)]
fn starts_a_trace() {}

#[traced(root, skip_all)]
async fn starts_a_trace_later(_number: u64) {
    tokio::task::yield_now().await;
}

#[traced(parent = from)]
fn comes_from(from: &SpanContext, number: u64) -> u64 {
    number + u64::from(from.is_valid())
}

#[traced(parent = from.clone(), skip(from))]
async fn comes_from_later(from: SpanContext) {
    tokio::task::yield_now().await;
    drop(from);
}

#[traced(links(jobs), skip(jobs))]
fn joins(jobs: &[SpanContext]) -> usize {
    jobs.len()
}

#[test]
fn a_span_is_whose_child_its_options_say() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        let flags = TraceFlags::SAMPLED;
        let far = SpanContext::new(TraceId::from(7_u128), SpanId::from(9_u64), flags, true, TraceState::NONE);
        let near = {
            let _outer = span!("outer");
            starts_a_trace();
            block_on(starts_a_trace_later(1));
            comes_from(&far, 1);
            current().context().clone()
        };
        block_on(comes_from_later(near.clone()));
        joins(&[far.clone(), near.clone()]);
        for name in ["starts_a_trace", "starts_a_trace_later"] {
            let root = telemetry.span(name);
            assert_eq!(root.parent_span_id, SpanId::INVALID, "{name}");
            assert_ne!(root.span_context.trace_id(), near.trace_id(), "{name}");
        }
        let remote = telemetry.span("comes_from");
        assert_eq!((remote.span_context.trace_id(), remote.parent_span_id), (far.trace_id(), far.span_id()));
        assert!(remote.parent_span_is_remote);
        assert_eq!(value(&remote, "parameter.number"), Some(Value::I64(1)));
        let later = telemetry.span("comes_from_later");
        assert_eq!((later.span_context.trace_id(), later.parent_span_id), (near.trace_id(), near.span_id()));
        let linked: Vec<_> =
            telemetry.span("joins").links.iter().map(|link| link.span_context.span_id()).collect();
        assert_eq!(linked, [far.span_id(), near.span_id()]);
    }
}

#[expect(clippy::panic, reason = "an expression of the program's may panic")]
fn no_span() -> SpanContext {
    panic!("no span")
}

#[traced(parent = no_span(), links([no_span()]))]
fn asks_in_vain() -> u64 {
    7
}

#[test]
fn a_panic_in_an_expression_that_names_a_span_does_not_reach_the_function() {
    let telemetry = install();
    assert_eq!(asks_in_vain(), 7);
    let span = telemetry.span("asks_in_vain");
    assert_eq!((span.parent_span_id, span.links.len()), (SpanId::INVALID, 0));
    assert_eq!(span.status, Status::Ok);
}
