//! What a failed assertion of `wirespan::testing` says: what was expected, the tree, the ledger, and what to type.

#![expect(clippy::expect_used, reason = "what its tests share fails by panicking")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use wirespan::testing::{Recording, Spans};
use wirespan::traced;

#[traced]
fn run(n: u32) {
    for part in 0..n {
        let _ = step(part);
    }
}

#[traced]
fn step(part: u32) -> Result<(), String> {
    if part == 1 { Err("no \"1\"".to_owned()) } else { Ok(()) }
}

/// What the assertion says, and what it says of the ledger and after.
#[track_caller]
fn message<R>(assertion: impl FnOnce() -> R) -> (String, String) {
    let payload = catch_unwind(AssertUnwindSafe(assertion)).err().expect("it fails");
    let text = *payload.downcast::<String>().expect("a text");
    match text.split_once("ledger of this process: ") {
        Some((message, ledger)) => (message.to_owned(), ledger.to_owned()),
        None => (text, String::new()),
    }
}

#[track_caller]
fn says<R>(assertion: impl FnOnce() -> R, expected: &str) {
    let (message, ledger) = message(assertion);
    assert_eq!(message.trim_end(), expected);
    let started = ledger.split_once(" started, ").and_then(|(started, _)| started.parse::<u64>().ok());
    assert!(started.is_some_and(|started| started >= 3), "{ledger}");
}

const TREE: &str = r#"
  run ok parameter.n=2
    step ok parameter.part=0
    step error="no \"1\"" error.type="alloc::string::String" parameter.part=1
      * exception exception.message="no \"1\"" exception.type="alloc::string::String""#;

#[test]
fn a_span_that_is_not_there_is_named_with_those_that_are() {
    let recording = Recording::start();
    run(2);
    says(|| recording.span("walk"), &format!("no span is named `walk`; there are `run`, `step`{TREE}"));
    says(|| recording.span("step"), &format!("2 spans are named `step`, not one{TREE}"));
    let root = recording.span("run");
    let marked = TREE.replace("\n  run", "\n> run");
    says(|| root.child("run"), &format!("span `run` has no child named `run`{marked}"));
    says(|| root.child("step"), &format!("span `run` has 2 children named `step`, not one{marked}"));
    says(|| recording.spans().assert_none("run"), &format!("there is a span named `run`{marked}"));
}

#[test]
fn an_assertion_about_a_span_points_at_it() {
    let recording = Recording::start();
    run(2);
    let spans = recording.spans();
    let steps = spans.named("step");
    let first = TREE.replace("\n    step ok", "\n>   step ok");
    says(
        || steps[0].assert_attribute("parameter.part", "0"),
        &format!("span `step` has `parameter.part` = 0, not \"0\"{first}"),
    );
    says(
        || steps[0].assert_attribute("parameter.whole", 7),
        &format!("span `step` has no attribute `parameter.whole`; it is to be 7{first}"),
    );
    says(
        || steps[0].assert_no_attribute("parameter.part"),
        &format!("span `step` has `parameter.part` = 0{first}"),
    );
    says(|| steps[0].event("exception"), &format!("span `step` has no event named `exception`{first}"));
    says(
        || steps[0].assert_failed("no"),
        &format!("span `step` returned; expected that it failed with \"no\"{first}"),
    );
    let second = TREE.replace("\n    step error", "\n>   step error");
    says(
        || steps[1].assert_returned(),
        &format!("span `step` failed with \"no \\\"1\\\"\"; expected that it returned{second}"),
    );
    says(
        || steps[1].assert_panicked("no"),
        &format!("span `step` failed with \"no \\\"1\\\"\"; expected that it panicked with \"no\"{second}"),
    );
    says(
        || steps[1].assert_cancelled(),
        &format!("span `step` failed with \"no \\\"1\\\"\"; expected that it was cancelled{second}"),
    );
}

#[test]
fn the_endings_are_told_apart() {
    #[traced]
    fn panics() {
        panic!("boom");
    }
    #[traced(cancel = "error")]
    async fn cancelled() {
        std::future::pending::<()>().await;
    }
    let recording = Recording::start();
    let _ = catch_unwind(panics);
    let mut future = Box::pin(cancelled());
    assert!(wirespan_tests::look::poll_once(future.as_mut()).is_pending());
    drop(future);
    run(2);
    let spans = recording.spans();
    spans.one("panics").assert_panicked("boom");
    spans.one("cancelled").assert_cancelled();
    spans.one("run").assert_returned().assert_attribute("parameter.n", 2).assert_no_attribute("error.type");
    spans.named("step")[1].assert_failed("no \"1\"");
    assert_eq!(spans.named("step")[1].parent().expect("it is there").name, "run");
    assert!(spans.one("run").parent().is_none());
}

#[test]
fn a_tree_that_differs_shows_where_and_what_it_is() {
    let recording = Recording::start();
    run(2);
    let spans = recording.spans();
    says(
        || {
            spans.tree().names().assert_is(
                "
                run ok
                  step ok
                  step ok
                  pause ok
                ",
            );
        },
        r#"the tree is not as expected (- expected, + recorded)
  run ok
    step ok
-   step ok
-   pause ok
+   step error="no \"1\""
recorded:
run ok
  step ok
  step error="no \"1\"""#,
    );
}

#[test]
fn where_there_are_no_spans_the_message_says_so() {
    let recording = Recording::start();
    let (text, _) = message(|| recording.span("run"));
    assert_eq!(text.trim_end(), "no span is named `run`; there are no spans");
    // Without a recording there is no ledger.
    let (text, ledger) = message(|| Spans::from(Vec::new()).one("run"));
    assert_eq!((&*text, &*ledger), ("no span is named `run`; there are no spans", ""));
}

#[test]
fn what_began_outside_of_every_capture_is_named_with_what_to_type() {
    #[traced]
    fn stray() {}
    let recording = Recording::start();
    thread::Builder::new()
        .name("elsewhere".to_owned())
        .spawn(|| (0..3).for_each(|_| stray()))
        .expect("a thread")
        .join()
        .expect("it returns");
    let (_, note) = message(|| recording.span("stray"));
    let (_, note) = note.split_once('\n').expect("more than the ledger");
    assert_eq!(
        note,
        "3 traces began outside of every recording meanwhile:
  `stray` on thread `elsewhere`
  `stray` on thread `elsewhere`
  `stray` on thread `elsewhere`
help: if they are this test's, use `scope()`: `claim_runtime(handle)`, `around(future)`, or `enter()` on the thread"
    );
    // A recording that starts afterwards does not speak of them.
    let (_, note) = message(|| Recording::start().span("stray"));
    assert_eq!(note.lines().count(), 1, "{note}");
}

#[test]
fn a_capture_that_is_full_says_so() {
    #[traced]
    fn tick() {}
    let recording = Recording::start();
    (0..100_003).for_each(|_| tick());
    let (text, _) = message(|| recording.spans());
    assert_eq!(
        text,
        "the recording holds 100000 spans, and 3 more did not fit\nhelp: start a recording for each part of the test"
    );
}
