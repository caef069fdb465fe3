//! Plain functions that return a future: the span covers the future, whatever the body looks like.

use std::future::{Future, ready};
use std::pin::Pin;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, LocalBoxFuture};
use wirespan::opentelemetry::trace::Status;
use wirespan::opentelemetry::{SpanId, Value};
use wirespan::traced;
use wirespan_tests::look::{block_on, error_text, events, poll_once, value};
use wirespan_tests::{Installed, install, install_with, text, turn};

/// Waits once, inside a span of its own.
#[traced]
async fn step(number: u64) -> u64 {
    tokio::task::yield_now().await;
    number
}

#[traced]
fn opaque(number: u64) -> impl Future<Output = u64> {
    async move { step(number).await }
}

#[traced]
fn opaque_with_bounds(text: &str) -> impl Future<Output = usize> + Send + Unpin + use<'_> {
    ready(text.len())
}

#[traced]
fn bound_by_let(number: u64) -> impl Future<Output = u64> {
    let future = step(number);
    drop(String::from("something in between"));
    future
}

#[traced]
fn of_another(number: u64) -> impl Future<Output = u64> {
    step(number)
}

#[traced]
fn pinned(number: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    Box::pin(async move { step(number).await })
}

#[traced]
fn pinned_with_paths<'a>(
    text: &'a str,
) -> ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = usize> + 'a>> {
    Box::pin(async move { usize::try_from(step(text.len() as u64).await).unwrap_or(0) })
}

#[traced]
fn boxed(number: u64) -> BoxFuture<'static, u64> {
    step(number).boxed()
}

#[traced]
fn boxed_local(number: u64) -> LocalBoxFuture<'static, u64> {
    if number == 0 {
        return ready(0).boxed_local();
    }
    step(number).boxed_local()
}

#[traced]
fn in_a_box(number: u64) -> Box<dyn Future<Output = u64> + Unpin> {
    Box::new(Box::pin(step(number)))
}

type Call = fn(u64) -> Hidden<u64>;
type Hidden<T> = Pin<Box<dyn Future<Output = T>>>;

#[traced(returns = "future")]
fn behind_an_alias(number: u64) -> Hidden<u64> {
    Box::pin(step(number))
}

#[traced(returns = "value")]
fn only_the_call(number: u64) -> BoxFuture<'static, u64> {
    step(number).boxed()
}

/// The span of that name covers `step`: it is its parent and ends after it.
fn assert_covers(telemetry: &Installed, name: &str) {
    let (outer, inner) = (telemetry.span(name), telemetry.span("step"));
    assert_eq!(inner.parent_span_id, outer.span_context.span_id(), "{name}");
    assert!(outer.start_time <= inner.start_time && outer.end_time >= inner.end_time, "{name}");
    assert_eq!(outer.status, Status::Ok, "{name}");
    assert_eq!(outer.parent_span_id, SpanId::INVALID);
}

#[test]
fn the_span_covers_the_future_whatever_the_body_looks_like() {
    let cases: [(&str, Call); 9] = [
        ("opaque", |number| Box::pin(opaque(number))),
        ("bound_by_let", |number| Box::pin(bound_by_let(number))),
        ("of_another", |number| Box::pin(of_another(number))),
        ("pinned", |number| pinned(number)),
        ("boxed", |number| boxed(number)),
        ("boxed_local", boxed_local),
        ("in_a_box", |number| Box::pin(in_a_box(number))),
        ("behind_an_alias", behind_an_alias),
        ("pinned_with_paths", |number| {
            Box::pin(
                async move { pinned_with_paths(&"x".repeat(usize::try_from(number).unwrap())).await as u64 },
            )
        }),
    ];
    for attach in [true, false] {
        for (name, call) in cases {
            let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
            assert_eq!(block_on(call(7)), 7, "{name}");
            assert_covers(&telemetry, name);
        }
    }
}

#[test]
fn parameters_are_recorded_and_bounds_are_kept() {
    let telemetry = install();
    let mut future = opaque_with_bounds("seven..");
    assert_eq!(poll_once(Pin::new(&mut future)), std::task::Poll::Ready(7));
    drop(future);
    let span = telemetry.span("opaque_with_bounds");
    assert_eq!(text(&span, "parameter.text").as_deref(), Some("seven.."));
    let telemetry = {
        drop(telemetry);
        install()
    };
    assert_eq!(block_on(in_a_box(3)), 3);
    assert_eq!(value(&telemetry.span("in_a_box"), "parameter.number"), Some(Value::I64(3)));
}

#[test]
fn returns_value_leaves_the_future_to_itself() {
    let telemetry = install();
    let future = only_the_call(7);
    assert_eq!(telemetry.span("only_the_call").status, Status::Ok, "it has ended");
    assert_eq!(block_on(future), 7);
    assert_eq!(telemetry.span("step").parent_span_id, SpanId::INVALID);
}

#[traced]
fn calls_first(number: u64) -> impl Future<Output = u64> {
    let doubled = double(number);
    async move { step(doubled).await }
}

#[traced]
fn double(number: u64) -> u64 {
    2 * number
}

#[test]
fn what_runs_before_the_future_is_there_is_inside_the_span() {
    let telemetry = install();
    assert_eq!(block_on(calls_first(2)), 4);
    assert_covers(&telemetry, "calls_first");
    let outer = telemetry.span("calls_first").span_context.span_id();
    assert_eq!(telemetry.span("double").parent_span_id, outer);
}

#[traced]
fn fails(number: u64) -> BoxFuture<'static, Result<u64, String>> {
    async move { Err(format!("no {}", step(number).await)) }.boxed()
}

#[traced]
fn panics_at_once(number: u64) -> BoxFuture<'static, u64> {
    assert!(number > 100, "{number} is too small");
    step(number).boxed()
}

#[test]
fn errors_panics_and_cancellation_are_those_of_the_future() {
    let telemetry = install();
    assert_eq!(block_on(fails(7)), Err(String::from("no 7")));
    assert_eq!(error_text(&telemetry.span("fails")), Some("no 7"));
    drop(telemetry);

    let telemetry = install();
    std::panic::catch_unwind(|| panics_at_once(7)).err().expect("it panics");
    assert_eq!(error_text(&telemetry.span("panics_at_once")), Some("panicked: 7 is too small"));
    drop(telemetry);

    for polls in [0, 1] {
        let telemetry = install();
        let mut future = boxed(7);
        for _ in 0..polls {
            assert!(poll_once(future.as_mut()).is_pending());
        }
        drop(future);
        let span = telemetry.span("boxed");
        assert_eq!(value(&span, "cancelled"), Some(Value::Bool(true)), "also where it was never polled");
        assert!(events(&span, "exception").is_empty());
    }
}

#[async_trait]
trait Store {
    async fn load(&self, key: &str) -> Result<u64, String>;
}

struct Memory;

#[async_trait]
impl Store for Memory {
    #[traced]
    async fn load(&self, key: &str) -> Result<u64, String> {
        Ok(step(key.len() as u64).await)
    }
}

struct Disk;

#[async_trait]
impl Store for Disk {
    #[traced(skip(key))]
    async fn load(&self, key: &str) -> Result<u64, String> {
        step(key.len() as u64).await;
        Err(String::from("no disk"))
    }
}

#[test]
fn async_trait_is_covered() {
    let telemetry = install();
    let store: &dyn Store = &Memory;
    assert_eq!(block_on(store.load("seven..")), Ok(7));
    assert_covers(&telemetry, "Memory::load");
    assert_eq!(text(&telemetry.span("Memory::load"), "parameter.key").as_deref(), Some("seven.."));
    drop(telemetry);

    let telemetry = install();
    let store: &dyn Store = &Disk;
    block_on(store.load("seven..")).unwrap_err();
    let span = telemetry.span("Disk::load");
    assert_eq!(error_text(&span), Some("no disk"));
    assert_eq!(text(&span, "parameter.key").as_deref(), Some("<str (excluded)>"));
}

#[test]
fn without_telemetry_a_box_is_given_back_as_it_is() {
    // Nothing is installed while this is held.
    let _turn = turn();
    assert_eq!(block_on(boxed(7)), 7);
    assert_eq!(block_on(opaque(7)), 7);
}

#[test]
fn send_is_what_it_was() {
    fn is_send<T: Send>(_: &T) {}
    let _turn = turn();
    is_send(&opaque(1));
    is_send(&pinned(1));
    is_send(&boxed(1));
}
