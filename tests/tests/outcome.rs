//! How a call ended, read from the type of what it returned: status, error type, and one exception event where it arose.

use std::error::Error;
use std::{fmt, io};

use wirespan::opentelemetry::trace::Status;
use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::traced;
use wirespan_tests::look::{block_on, error_text, event, event_text};
use wirespan_tests::{install, install_with, text};

/// Checks status, error type and the one exception event of a span.
fn assert_failed(span: &SpanData, type_name: &str, message: &str) {
    assert_eq!(error_text(span), Some(message), "{span:#?}");
    assert_eq!(text(span, "error.type").as_deref(), Some(type_name));
    let event = event(span, "exception");
    assert_eq!(event_text(event, "exception.type").as_deref(), Some(type_name));
    assert_eq!(event_text(event, "exception.message").as_deref(), Some(message));
    assert!(event.timestamp >= span.start_time && event.timestamp <= span.end_time, "{span:#?}");
    assert_eq!(span.events.len(), 1);
}

fn assert_ok(span: &SpanData) {
    assert_eq!(span.status, Status::Ok, "{span:#?}");
    assert!(span.events.is_empty() && text(span, "error.type").is_none(), "{span:#?}");
}

#[test]
fn what_is_not_an_error_is_ok() {
    #[traced]
    fn unit() {}
    #[traced]
    fn number() -> u64 {
        7
    }
    #[traced]
    fn fine() -> Result<u64, String> {
        Ok(7)
    }
    #[traced]
    fn none() -> Option<u64> {
        None
    }
    #[traced]
    async fn later() -> io::Result<()> {
        Ok(())
    }
    let telemetry = install();
    unit();
    let _ = (number(), fine(), none(), block_on(later()));
    for name in ["unit", "number", "fine", "none", "later"] {
        assert_ok(&telemetry.span(name));
    }
}

#[test]
fn an_error_is_recognised_behind_an_alias() {
    type Answer<T = ()> = Result<T, fmt::Error>;
    #[traced]
    fn aliased() -> Answer {
        Err(fmt::Error)
    }
    #[traced]
    fn io_result() -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::NotFound, "no such file"))
    }
    #[traced]
    async fn io_async() -> io::Result<()> {
        std::future::ready(()).await;
        Err(io::Error::other("broken"))
    }
    let telemetry = install();
    let _ = (aliased(), io_result(), block_on(io_async()));
    let message = fmt::Error.to_string();
    assert_failed(&telemetry.span("aliased"), "core::fmt::Error", &message);
    assert_failed(&telemetry.span("io_result"), "std::io::error::Error", "no such file");
    assert_failed(&telemetry.span("io_async"), "std::io::error::Error", "broken");
}

#[test]
fn an_error_that_is_held_by_another_type_is_recognised() {
    #[traced]
    fn any() -> anyhow::Result<()> {
        Err(anyhow::anyhow!("from {}", "anyhow"))
    }
    #[traced]
    fn boxed() -> Result<(), Box<dyn Error>> {
        Err("boxed".into())
    }
    #[traced]
    fn shared() -> Result<(), Box<dyn Error + Send + Sync>> {
        Err("shared".into())
    }
    let telemetry = install();
    let _ = (any(), boxed(), shared());
    assert_failed(&telemetry.span("any"), "anyhow::Error", "from anyhow");
    assert_failed(&telemetry.span("boxed"), "alloc::boxed::Box<dyn core::error::Error>", "boxed");
    let type_name = std::any::type_name::<Box<dyn Error + Send + Sync>>();
    assert_failed(&telemetry.span("shared"), type_name, "shared");
}

#[test]
fn an_error_of_any_type_is_recognised() {
    #[derive(Debug)]
    struct OnlyDebug(#[expect(dead_code, reason = "printed")] u8);
    struct Nothing;

    #[traced]
    fn displays() -> Result<(), String> {
        Err("a string".into())
    }
    #[traced]
    fn debugs() -> Result<(), OnlyDebug> {
        Err(OnlyDebug(7))
    }
    #[traced]
    fn silent() -> Result<u64, Nothing> {
        Err(Nothing)
    }
    #[traced]
    fn generic<E>(error: E) -> Result<(), E> {
        Err(error)
    }
    let telemetry = install();
    let _ = (displays(), debugs(), silent(), generic(5_u8));
    assert_failed(&telemetry.span("displays"), "alloc::string::String", "a string");
    assert_failed(&telemetry.span("debugs"), std::any::type_name::<OnlyDebug>(), "OnlyDebug(7)");
    assert_failed(&telemetry.span("silent"), std::any::type_name::<Nothing>(), "Nothing");
    assert_failed(&telemetry.span("generic"), "u8", "u8");
}

#[test]
fn an_ignored_error_is_a_return() {
    #[traced(err = "ignore")]
    fn lookup() -> Result<(), String> {
        Err("not found".into())
    }
    #[traced(err = "ignore")]
    async fn lookup_async() -> Result<(), String> {
        Err("not found".into())
    }
    #[traced]
    fn caller() -> Result<(), String> {
        let _ = block_on(lookup_async());
        lookup()
    }
    let telemetry = install();
    assert!(caller().is_err());
    assert_ok(&telemetry.span("lookup"));
    assert_ok(&telemetry.span("lookup_async"));
    // The first span for which it is an error.
    assert_failed(&telemetry.span("caller"), "alloc::string::String", "not found");
}

#[test]
fn a_status_of_ok_can_be_left_unset() {
    #[traced]
    fn returns() -> Result<(), String> {
        Ok(())
    }
    #[traced]
    async fn returns_async() {}
    #[traced]
    fn fails() -> Result<(), String> {
        Err("still an error".into())
    }
    let telemetry = install_with(|builder| builder.status_ok(false));
    let _ = (returns(), block_on(returns_async()), fails());
    assert_eq!(telemetry.span("returns").status, Status::Unset);
    assert_eq!(telemetry.span("returns_async").status, Status::Unset);
    assert_failed(&telemetry.span("fails"), "alloc::string::String", "still an error");
}

/// An error with a cause.
#[derive(Debug)]
struct Because(&'static str, Option<Box<dyn Error + Send + Sync>>);

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Because {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|error| error as _)
    }
}

#[test]
fn the_chain_of_sources_stands_in_the_event() {
    #[traced]
    fn chained() -> Result<(), Because> {
        let disk = Because("disk is full", None);
        let write = Because("write failed", Some(Box::new(disk)));
        Err(Because("not saved", Some(Box::new(write))))
    }
    #[traced]
    fn chained_any() -> anyhow::Result<()> {
        use anyhow::Context as _;
        Err(io::Error::other("disk is full")).context("write failed").context("not saved")
    }
    let telemetry = install();
    let _ = (chained(), chained_any());
    for name in ["chained", "chained_any"] {
        let span = telemetry.span(name);
        assert_eq!(error_text(&span), Some("not saved"));
        let chain = event_text(event(&span, "exception"), "exception.stacktrace");
        let chain = chain.expect("it has sources");
        let lines: Vec<&str> = chain.lines().map(str::trim).collect();
        assert_eq!(lines, ["Caused by:", "0: write failed", "1: disk is full"], "{name}");
    }
}

#[test]
fn an_endless_chain_of_sources_ends() {
    #[derive(Debug)]
    struct Endless;
    impl fmt::Display for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("endless")
        }
    }
    impl Error for Endless {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&Endless)
        }
    }
    #[traced]
    fn inner() -> Result<(), String> {
        Err("something else".into())
    }
    #[traced]
    fn circles() -> Result<(), Endless> {
        inner().map_err(|_| Endless)
    }
    let telemetry = install();
    assert!(circles().is_err());
    let span = telemetry.span("circles");
    let chain = event_text(event(&span, "exception"), "exception.stacktrace").expect("it has sources");
    assert!(chain.lines().count() < 100, "{chain}");
}

#[test]
fn an_error_that_cannot_be_displayed_is_an_error_all_the_same() {
    struct Refuses;
    impl fmt::Display for Refuses {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }
    #[traced]
    fn refuses() -> Result<(), Refuses> {
        Err(Refuses)
    }
    let telemetry = install();
    assert!(refuses().is_err());
    let span = telemetry.span("refuses");
    assert_failed(&span, std::any::type_name::<Refuses>(), "<error could not be displayed>");
}

#[test]
fn a_long_error_is_cut_at_the_limit_of_a_value() {
    #[traced(max_value = "30KB")]
    fn verbose() -> Result<(), String> {
        Err("é".repeat(1_000_000))
    }
    let telemetry = install();
    assert!(verbose().is_err());
    let span = telemetry.span("verbose");
    let shown = error_text(&span).expect("an error");
    assert!(!shown.is_empty() && shown.len() <= 30_000, "{}", shown.len());
    assert!(shown.starts_with("éé") && shown.ends_with(" bytes)"), "it says that it is cut: {shown}");
    let message = event_text(event(&span, "exception"), "exception.message").expect("it has a message");
    assert!(message.len() <= 30_000, "{}", message.len());
}

#[test]
fn a_long_panic_is_cut_and_says_so() {
    #[traced]
    fn bursts() {
        panic!("{}", "é".repeat(1_000_000));
    }
    let telemetry = install();
    assert!(std::panic::catch_unwind(bursts).is_err());
    let span = telemetry.span("bursts");
    let shown = error_text(&span).expect("an error");
    assert!(shown.len() < 9_000 && shown.starts_with("panicked: éé"), "{}", shown.len());
    assert!(shown.ends_with("... (truncated, original size: 2000000 bytes)"));
}
