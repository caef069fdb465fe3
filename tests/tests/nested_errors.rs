//! An error that travels up through many spans is described once, where it arose; the spans around it get the status.

#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{fmt, io};

use anyhow::Context as _;
use wirespan::testing::{Recording, Span};
use wirespan::traced;
use wirespan_tests::look::{block_on, error_text};

const DEPTH: u32 = 10;

/// An error that says its cause itself, as `#[error("level failed: {0}")]` does.
#[derive(Debug)]
struct Prefixed(Box<dyn Error + Send + Sync>);

impl fmt::Display for Prefixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "level failed: {}", self.0)
    }
}

impl Error for Prefixed {}

/// An error that leaves its cause to `source`.
#[derive(Debug)]
struct Sourced(Box<dyn Error + Send + Sync>);

impl fmt::Display for Sourced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("level failed")
    }
}

impl Error for Sourced {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

#[traced]
fn passes(depth: u32) -> io::Result<u32> {
    if depth == 0 {
        return Err(io::Error::other("origin"));
    }
    let below = passes(depth - 1)?;
    Ok(below + 1)
}

#[traced]
fn adds_context(depth: u32) -> anyhow::Result<u32> {
    if depth == 0 {
        anyhow::bail!("origin");
    }
    let below = adds_context(depth - 1).with_context(|| format!("level {depth}"))?;
    Ok(below + 1)
}

#[traced]
fn prefixes(depth: u32) -> Result<u32, Prefixed> {
    if depth == 0 {
        return Err(Prefixed("origin".into()));
    }
    prefixes(depth - 1).map_err(|error| Prefixed(error.into()))
}

#[traced]
fn has_source(depth: u32) -> Result<u32, Sourced> {
    if depth == 0 {
        return Err(Sourced("origin".into()));
    }
    has_source(depth - 1).map_err(|error| Sourced(error.into()))
}

#[traced]
fn formats(depth: u32) -> Result<u32, String> {
    if depth == 0 {
        return Err("origin".to_owned());
    }
    formats(depth - 1).map_err(|error| format!("level {depth}: {error}"))
}

#[traced]
async fn asynchronous(depth: u32) -> Result<u32, Box<dyn Error + Send + Sync>> {
    tokio::task::yield_now().await;
    if depth == 0 {
        return Err("origin".into());
    }
    let below = Box::pin(asynchronous(depth - 1)).await?;
    tokio::task::yield_now().await;
    Ok(below + 1)
}

/// The depth at which the one event of all these spans stands.
fn origin(spans: &[Span]) -> String {
    assert_eq!(spans.len(), DEPTH as usize);
    assert!(spans.iter().all(|span| error_text(span).is_some()), "{spans:#?}");
    let events: usize = spans.iter().map(|span| span.events.len()).sum();
    assert_eq!(events, 1, "{spans:#?}");
    let origin = spans.iter().find(|span| !span.events.is_empty()).expect("just counted");
    origin.attribute("parameter.depth").expect("it is captured").to_string()
}

#[test]
fn at_depth_ten_there_is_one_event_at_the_origin() {
    type Call = fn(u32) -> bool;
    let calls: [(&str, Call); 6] = [
        ("passed on", |depth| passes(depth).is_err()),
        ("context", |depth| adds_context(depth).is_err()),
        ("prefix", |depth| prefixes(depth).is_err()),
        ("source", |depth| has_source(depth).is_err()),
        ("text", |depth| formats(depth).is_err()),
        ("async", |depth| block_on(asynchronous(depth)).is_err()),
    ];
    for (name, call) in calls {
        let recording = Recording::start();
        assert!(call(DEPTH - 1));
        assert_eq!(origin(&recording.spans()), "0", "{name}");
    }
}

#[test]
fn each_span_has_the_text_that_it_returned() {
    let recording = Recording::start();
    assert!(formats(2).is_err());
    recording.spans().tree().without("error.type").without("exception.type").assert_is(
        r#"
        formats error="level 2: level 1: origin" parameter.depth=2
          formats error="level 1: origin" parameter.depth=1
            formats error="origin" parameter.depth=0
              * exception exception.message="origin"
        "#,
    );
}

#[traced]
fn inner(message: &str) -> Result<(), String> {
    Err(message.to_owned())
}

#[test]
fn another_error_at_an_outer_level_has_its_own_event() {
    #[traced]
    fn outer() -> Result<(), String> {
        inner("first").map_err(|_| "second".to_owned())
    }
    let recording = Recording::start();
    assert!(outer().is_err());
    recording.spans().tree().without("error.type").without("exception.type").assert_is(
        r#"
        outer error="second"
          * exception exception.message="second"
          inner error="first" parameter.message="first"
            * exception exception.message="first"
        "#,
    );
}

#[test]
fn an_error_that_was_dealt_with_does_not_hide_a_later_one() {
    #[traced]
    fn retries() -> Result<(), String> {
        let _ = inner("the first try");
        inner("the second try").map_err(|_| "gave up".to_owned())
    }
    #[traced]
    async fn retries_async() -> Result<(), String> {
        let _ = inner("the first try");
        tokio::task::yield_now().await;
        Err("gave up".to_owned())
    }
    for retry in [retries, || block_on(retries_async())] {
        let recording = Recording::start();
        assert!(retry().is_err());
        let spans = recording.spans();
        assert!(spans.iter().all(|span| span.events.len() == 1), "{spans:#?}");
    }
}

#[test]
fn siblings_have_an_event_each() {
    #[traced]
    fn parent() -> Result<(), String> {
        let _ = (inner("one"), inner("two"));
        Ok(())
    }
    let recording = Recording::start();
    assert!(parent().is_ok());
    recording.spans().tree().without("error.type").without("exception.type").assert_is(
        r#"
        parent ok
          inner error="one" parameter.message="one"
            * exception exception.message="one"
          inner error="two" parameter.message="two"
            * exception exception.message="two"
        "#,
    );
}

#[test]
fn an_error_goes_up_through_a_span_between_threads() {
    #[traced]
    async fn waits_for_a_task() -> Result<u32, Box<dyn Error + Send + Sync>> {
        // The parent is polled again on whichever thread is free.
        asynchronous(1).await
    }
    let recording = Recording::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    recording.scope().claim_runtime(runtime.handle());
    let joined = runtime.block_on(async { tokio::spawn(waits_for_a_task()).await });
    assert!(joined.expect("it does not panic").is_err());
    let spans = recording.spans();
    assert_eq!(spans.len(), 3);
    assert_eq!(spans.iter().map(|span| span.events.len()).sum::<usize>(), 1, "{spans:#?}");
}

#[traced]
async fn waits_for_ever() {
    std::future::pending::<()>().await;
}

#[traced]
async fn fails_later() -> Result<(), String> {
    tokio::task::yield_now().await;
    Err("origin".to_owned())
}

#[traced]
async fn joins() -> Result<(), String> {
    let waits = async {
        waits_for_ever().await;
        Ok::<(), String>(())
    };
    tokio::try_join!(fails_later(), waits).map(|_| ())
}

#[traced]
async fn selects() -> Result<(), String> {
    tokio::select! {
        biased;
        () = waits_for_ever() => Ok(()),
        failed = fails_later() => failed,
    }
}

#[test]
fn a_sibling_that_the_error_cancels_does_not_hide_it() {
    let recording = Recording::start();
    assert!(block_on(joins()).is_err());
    assert!(block_on(selects()).is_err());
    recording.spans().tree().without("error.type").without("exception.type").assert_is(
        r#"
        joins error="origin"
          fails_later error="origin"
            * exception exception.message="origin"
          waits_for_ever unset cancelled=true
            * cancelled function.module="nested_errors" function.name="waits_for_ever"
        selects error="origin"
          waits_for_ever unset cancelled=true
            * cancelled function.module="nested_errors" function.name="waits_for_ever"
          fails_later error="origin"
            * exception exception.message="origin"
        "#,
    );
}

#[test]
fn a_sibling_that_the_panic_cancels_does_not_hide_it() {
    #[traced]
    async fn panics_later() {
        tokio::task::yield_now().await;
        panic!("origin");
    }
    #[traced]
    async fn joins_panic() {
        tokio::join!(panics_later(), waits_for_ever());
    }
    let recording = Recording::start();
    assert!(catch_unwind(AssertUnwindSafe(|| block_on(joins_panic()))).is_err());
    let spans = recording.spans();
    spans.one("joins_panic").assert_panicked("origin");
    let events = |name: &str| spans.one(name).events.len();
    assert_eq!((events("joins_panic"), events("panics_later"), events("waits_for_ever")), (0, 1, 1));
}
