//! Tail sampling: which traces are kept when they are over, and which spans go with them.

use std::future::pending;
use std::pin::Pin;
use std::task::{Context as TaskContext, Waker};
use std::thread;
use std::time::Duration;

use wirespan::opentelemetry::trace::{Link, SpanKind};
use wirespan::opentelemetry::{Context, KeyValue, TraceId};
use wirespan::opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};
use wirespan::sampling::{RateLimit, Rules, TailSampling, When, Within};
use wirespan::traced;
use wirespan_tests::look::block_on;
use wirespan_tests::tailed::{install, install_with};
use wirespan_tests::{PATIENCE, turn};

/// So long that nothing gets there.
const NEVER: Duration = Duration::from_secs(3600);

#[traced]
fn request(number: u32) -> u32 {
    step();
    number
}

#[traced]
fn step() {}

#[traced]
fn failing() -> Result<(), std::fmt::Error> {
    step();
    Err(std::fmt::Error)
}

#[traced]
fn recovers() {
    step();
    let _ = failing();
    step();
}

#[traced]
fn slow() {
    step();
    thread::sleep(Duration::from_millis(25));
}

#[traced]
async fn waits() {
    step();
    pending::<()>().await;
}

#[traced]
async fn races() {
    step();
    drop(polled_once(waits()));
}

fn polled_once<F: Future>(future: F) -> Pin<Box<F>> {
    let mut future = Box::pin(future);
    assert!(future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())).is_pending());
    future
}

#[test]
fn a_trace_that_nothing_speaks_for_is_left_out_and_is_no_loss() {
    let mut tailed = install(TailSampling::new());
    request(1);
    let report = tailed.telemetry().flush(PATIENCE).expect("being left out is no loss");
    assert_eq!((report.delivered, report.sampled_out, report.dropped.total()), (0, 2, 0), "{report}");
    assert!(report.to_string().contains("2 sampled out"), "{report}");
    let stats = tailed.stats();
    assert!(stats.is_balanced() && stats.sampled_out == 2, "{stats:?}");
    request(1);
    assert_eq!(tailed.shut_down().expect("nothing is lost").sampled_out, 2);
}

#[test]
fn a_trace_with_a_failure_is_kept_whole() {
    let tailed = install(TailSampling::new());
    recovers();
    request(1);
    assert_eq!(tailed.take(), ["failing", "recovers", "step", "step", "step"]);
    assert_eq!(tailed.stats().sampled_out, 2);
}

#[test]
fn where_a_failure_counts_can_be_said() {
    let tailed = install(TailSampling::new().failed(Within::Root));
    recovers();
    let _ = failing();
    assert_eq!(tailed.take(), ["failing", "step"]);
    drop(tailed);
    let tailed = install(TailSampling::new().failed(Within::Nothing));
    let _ = failing();
    assert_eq!(tailed.take(), Vec::<String>::new());
}

#[test]
fn a_panic_is_a_failure_and_so_is_a_status_by_hand() {
    #[traced]
    fn panics() {
        std::panic::resume_unwind(Box::new("as the test wants"));
    }
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the option wants a reference")]
    fn refused(_: &u32) -> wirespan::opentelemetry::trace::Status {
        wirespan::opentelemetry::trace::Status::error("refused")
    }
    #[traced(status = refused)]
    fn refuses() -> u32 {
        7
    }
    let tailed = install(TailSampling::new());
    assert!(std::panic::catch_unwind(panics).is_err());
    assert_eq!(refuses(), 7);
    assert_eq!(tailed.take(), ["panics", "refuses"]);
}

#[test]
fn a_cancelled_root_is_kept_and_a_lost_race_inside_is_not() {
    let tailed = install(TailSampling::new());
    drop(polled_once(waits()));
    block_on(races());
    assert_eq!(tailed.take(), ["step", "waits"]);
    drop(tailed);
    let tailed = install(TailSampling::new().cancelled(Within::Trace));
    block_on(races());
    assert_eq!(tailed.take(), ["races", "step", "step", "waits"]);
}

#[test]
fn a_slow_trace_is_kept_whole() {
    let tailed = install(TailSampling::new().slower_than(Duration::from_millis(20)));
    slow();
    assert_eq!(tailed.take(), ["slow", "step"]);
    drop(tailed);
    let tailed = install(TailSampling::new().slower_than(NEVER));
    slow();
    assert_eq!(tailed.take(), Vec::<String>::new());
}

#[test]
fn a_trace_is_known_to_be_slow_while_its_root_still_runs() {
    let tailed = install(TailSampling::new().slower_than(Duration::from_millis(30)));
    let open = polled_once(waits());
    // At some flush it is old enough, though nothing ends any more.
    let deadline = std::time::Instant::now() + PATIENCE;
    while tailed.take().is_empty() {
        assert!(std::time::Instant::now() < deadline, "it is never kept");
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(tailed.stats().decided_early, 0, "slow is a reason, no bound");
    drop(open);
    assert_eq!(tailed.take(), ["waits"]);
}

#[test]
fn the_ratio_keeps_whole_traces_by_their_ids() {
    const ROOTS: usize = 2_000;
    let tailed = install(TailSampling::new().ratio(0.25));
    (0..ROOTS).for_each(|_| assert_eq!(request(1), 1));
    tailed.telemetry().flush(PATIENCE).expect("nothing is lost");
    let spans = tailed.exported.take();
    let roots: Vec<_> = spans.iter().filter(|span| span.name == "request").collect();
    // Ten standard deviations on either side of 500.
    assert!((306..694).contains(&roots.len()), "{}", roots.len());
    assert_eq!(spans.len(), 2 * roots.len());
    for root in roots {
        let trace_id = root.span_context.trace_id();
        let head =
            Sampler::TraceIdRatioBased(0.25).should_sample(None, trace_id, "", &SpanKind::Internal, &[], &[]);
        assert_eq!(head.decision, wirespan::opentelemetry_sdk::trace::SamplingDecision::RecordAndSample);
    }
    let stats = tailed.stats();
    assert_eq!(stats.acknowledged + stats.sampled_out, 2 * ROOTS as u64);
}

#[test]
fn rules_at_the_tail_see_the_parameters_of_the_root() {
    #[traced(kind = "server", fields(http.route = route))]
    fn handle(route: &str, tenant: &str) {
        step();
        let _ = (route, tenant);
    }
    let rules = Rules::new()
        .drop(When::attribute("http.route", "/internal/*"))
        .sample(When::attribute("parameter.tenant", "acme"), RateLimit::per_second(0.001).burst(1))
        .keep(When::kind(SpanKind::Server).and(When::attribute("code.function.name", "*::handle")))
        .otherwise(Sampler::AlwaysOff);
    let tailed = install(TailSampling::new().otherwise(rules));
    handle("/internal/health", "other");
    handle("/orders", "acme");
    handle("/orders", "acme");
    request(1);
    assert_eq!(tailed.take(), ["handle", "step"]);
    handle("/orders", "other");
    assert_eq!(tailed.take(), ["handle", "step"]);
}

#[test]
fn a_sampler_that_panics_at_the_tail_keeps_the_trace() {
    #[derive(Debug, Clone)]
    struct Panics;
    impl ShouldSample for Panics {
        fn should_sample(
            &self,
            _: Option<&Context>,
            _: TraceId,
            _: &str,
            _: &SpanKind,
            _: &[KeyValue],
            _: &[Link],
        ) -> SamplingResult {
            std::panic::resume_unwind(Box::new("in a sampler"));
        }
    }
    let tailed = install(TailSampling::new().otherwise(Panics));
    request(1);
    request(2);
    assert_eq!(tailed.take(), ["request", "request", "step", "step"]);
}

#[test]
fn the_heads_sampler_comes_first() {
    let rules = Rules::new().drop(When::name("failing"));
    let tailed = install_with(TailSampling::new(), |builder| builder.sampler(rules));
    let _ = failing();
    recovers();
    assert_eq!(tailed.take().len(), 5);
    assert_eq!(tailed.stats().started, 5);
}

#[test]
fn held_spans_are_counted_where_nothing_is_exported() {
    let _turn = turn();
    let telemetry = wirespan::builder()
        .tail_sampling(TailSampling::new())
        .no_exporter()
        .install()
        .expect("telemetry installs");
    request(1);
    let _ = failing();
    let report = telemetry.flush(PATIENCE).expect("nothing is lost");
    assert_eq!((report.delivered, report.sampled_out), (2, 2), "{report}");
    assert!(telemetry.stats().is_balanced());
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}
