//! Spans that other crates make through the OpenTelemetry API go with the trace that they are a part of.

use opentelemetry::global;
use opentelemetry::trace::{Span as _, Status, Tracer as _};
use wirespan::sampling::{TailSampling, Within};
use wirespan::traced;
use wirespan_tests::tailed::install;

#[traced]
fn ours(fails: bool) -> Result<(), std::fmt::Error> {
    global::tracer("library").in_span("theirs", |_| inner());
    if fails { Err(std::fmt::Error) } else { Ok(()) }
}

#[traced]
fn inner() {}

#[test]
fn a_span_of_another_crate_is_left_out_or_kept_with_the_trace_around_it() {
    let tailed = install(TailSampling::new());
    assert_eq!(ours(false), Ok(()));
    assert_eq!(tailed.take(), Vec::<String>::new());
    assert_eq!(tailed.stats().sampled_out, 3);
    assert!(ours(true).is_err());
    assert_eq!(tailed.take(), ["inner", "ours", "theirs"]);
}

#[test]
fn a_failure_in_another_crate_keeps_the_trace() {
    #[traced]
    fn calls() {
        let mut span = global::tracer("library").start("failing");
        span.set_status(Status::error("refused"));
        span.end();
    }
    let tailed = install(TailSampling::new());
    calls();
    assert_eq!(tailed.take(), ["calls", "failing"]);
    drop(tailed);
    let tailed = install(TailSampling::new().failed(Within::Root));
    calls();
    assert_eq!(tailed.take(), Vec::<String>::new());
}

#[test]
fn a_trace_whose_root_is_of_another_crate_is_kept() {
    let tailed = install(TailSampling::new());
    global::tracer("library").in_span("theirs", |_| ours(false).expect("it does not fail"));
    assert_eq!(tailed.take(), ["inner", "ours", "theirs", "theirs"]);
}

#[test]
fn what_another_crate_adds_later_does_as_its_trace_did() {
    #[traced]
    fn leaves() -> global::BoxedSpan {
        global::tracer("library").start("late")
    }
    let tailed = install(TailSampling::new());
    let mut late = leaves();
    assert_eq!(tailed.take(), Vec::<String>::new());
    late.end();
    assert_eq!(tailed.take(), Vec::<String>::new());
    drop(tailed);
    let tailed = install(TailSampling::new().ratio(1.0));
    let mut late = leaves();
    assert_eq!(tailed.take(), ["leaves"]);
    late.end();
    assert_eq!(tailed.take(), ["late"]);
}
