use super::super::Spans;
use crate::export::console::samples::{With as _, span, span_of};
use opentelemetry::KeyValue;

fn spans() -> Spans {
    let plan = span(3, 2, "plan", 20, 30)
        .with([KeyValue::new("error.type", "LlmError")])
        .failed("over\nloaded")
        .event("exception", [KeyValue::new("exception.type", "LlmError")])
        .event("cancelled", [KeyValue::new("cancellation.timestamp", 17)]);
    let call = span(4, 2, "call", 10, 15);
    let run = span(2, 0, "Agent::run", 0, 40).with([
        KeyValue::new("parameter.run_id", 7),
        KeyValue::new("code.line.number", 12),
        KeyValue::new("parameter.id", "7"),
    ]);
    Spans::from(vec![plan, call, run, span_of(1, 2, 9, "lost", 50, 60)])
}

#[test]
fn a_tree_is_a_stable_text() {
    spans().tree().assert_is(
        r#"
        Agent::run ok parameter.id="7" parameter.run_id=7
          call ok
          plan error="over\nloaded" error.type="LlmError"
            * exception exception.type="LlmError"
            * cancelled
        (parent not finished)
          lost ok
        "#,
    );
}

#[test]
fn a_tree_may_show_less_or_more() {
    spans().tree().names().assert_is(
        r#"
        Agent::run ok
          call ok
          plan error="over\nloaded"
        (parent not finished)
          lost ok
        "#,
    );
    spans().tree().times().without("parameter.id").without("error.type").assert_is(
        r#"
        Agent::run 0ns..40µs ok parameter.run_id=7
          call 10µs..15µs ok
          plan 20µs..30µs error="over\nloaded"
            * exception exception.type="LlmError"
            * cancelled
        (parent not finished)
          lost 0ns..10µs ok
        "#,
    );
}

#[test]
fn siblings_are_sorted_by_all_that_stands_below_them() {
    // Two subtrees that differ at their leaves only, and in one order or the other of starts.
    let forest = |first: &'static str, second: &'static str| {
        Spans::from(vec![
            span(1, 0, "run", 0, 90),
            span(2, 1, "job", 10, 20),
            span(3, 2, first, 11, 12),
            span(4, 1, "job", 30, 40),
            span(5, 4, second, 31, 32),
        ])
    };
    let text = forest("b", "a").tree().sorted().to_string();
    assert_eq!(text, "run ok\n  job ok\n    a ok\n  job ok\n    b ok\n");
    assert_eq!(text, forest("a", "b").tree().sorted().to_string());
    assert_ne!(forest("b", "a").tree().to_string(), text);
}

#[test]
fn spans_that_start_together_stand_as_they_ended() {
    let spans =
        Spans::from(vec![span(2, 1, "first", 5, 5), span(3, 1, "second", 5, 9), span(1, 0, "run", 5, 9)]);
    assert_eq!(spans.tree().to_string(), "run ok\n  first ok\n  second ok\n");
}
