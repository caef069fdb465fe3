//! Rules, rate limits and the branches of the parent-based sampler, through the whole pipeline.

#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use wirespan::opentelemetry::trace::{Link, SpanContext, SpanKind, TraceContextExt as _, TraceState};
use wirespan::opentelemetry::{Context, KeyValue, SpanId, TraceFlags, TraceId};
use wirespan::opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};
use wirespan::sampling::{RateLimit, Rules, When};
use wirespan::traced;
use wirespan_tests::{Installed, install_with};

#[traced]
fn health() {
    step();
}

#[traced(kind = "server", name = "GET /orders")]
fn orders() {
    step();
}

#[traced]
fn step() {}

#[traced]
fn outer() {
    noisy_too::poll_too();
    noisy::poll();
}

mod noisy {
    #[wirespan::traced]
    pub(super) fn poll() {
        deeper::look();
    }

    pub(super) mod deeper {
        #[wirespan::traced]
        pub(in super::super) fn look() {}
    }
}

mod noisy_too {
    #[wirespan::traced]
    pub(super) fn poll_too() {}
}

fn sampled_by(sampler: impl ShouldSample + 'static) -> Installed {
    install_with(|builder| builder.sampler(sampler))
}

fn remote(flags: TraceFlags) -> Context {
    let (trace_id, span_id) = (TraceId::from_bytes([7; 16]), SpanId::from_bytes([9; 8]));
    let state = "vendor=value".parse().expect("a trace state");
    Context::new().with_remote_span_context(SpanContext::new(trace_id, span_id, flags, true, state))
}

/// How many spans of each name there are.
fn names(telemetry: &Installed) -> Vec<String> {
    let mut names: Vec<String> = telemetry.spans().iter().map(|span| span.name.to_string()).collect();
    names.sort();
    names
}

#[test]
fn the_first_rule_that_matches_a_root_decides_for_its_trace() {
    let rules = Rules::new()
        .drop(When::name("health").or_name("GET /metrics*"))
        .keep(When::name("poll"))
        .drop(When::module("sampling_rules::noisy"))
        .sample(When::kind(SpanKind::Server), Sampler::AlwaysOff);
    let telemetry = sampled_by(rules);
    health();
    orders();
    noisy::poll();
    noisy::deeper::look();
    noisy_too::poll_too();
    step();
    assert_eq!(names(&telemetry), ["look", "poll", "poll_too", "step"]);
}

#[test]
fn what_no_rule_names_goes_by_the_last_word() {
    let telemetry = sampled_by(
        Rules::new()
            .keep(When::attribute("code.file.path", "*sampling_rules.rs").and(When::name("step")))
            .otherwise(Sampler::AlwaysOff),
    );
    orders();
    step();
    assert_eq!(names(&telemetry), ["step"]);
}

#[test]
fn a_ratio_by_rule_thins_only_what_the_rule_is_for() {
    let telemetry = sampled_by(Rules::new().ratio(When::name("step"), 0.25));
    (0..2000).for_each(|_| step());
    (0..50).for_each(|_| orders());
    let spans = telemetry.spans();
    let thinned = spans.iter().filter(|span| span.name == "step" && span.parent_span_id == SpanId::INVALID);
    // Ten standard deviations on either side of 500.
    assert!((306..694).contains(&thinned.count()));
    assert_eq!(spans.iter().filter(|span| span.name == "GET /orders").count(), 50);
}

#[test]
fn a_rate_limit_holds_for_all_threads_together() {
    const RATE: f64 = 200.0;
    let telemetry = sampled_by(RateLimit::per_second(RATE).burst(20));
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    step();
                }
            });
        }
    });
    let spans = telemetry.spans().len();
    // The clock was read after the last root started, so at least as much time was there as is allowed for here.
    let allowed = 20.0 + began.elapsed().as_secs_f64() * RATE + 1.0;
    assert!(spans >= 20, "the saved ones are there at once: {spans}");
    assert!(f64::from(u32::try_from(spans).expect("few")) <= allowed, "{spans} of {allowed}");
}

#[test]
fn a_rate_limit_counts_only_what_its_sampler_keeps() {
    let limit = RateLimit::per_second(0.001).burst(3).of(Rules::new().drop(When::name("health")));
    // Clones share the limit.
    let telemetry = sampled_by(Rules::new().sample(When::name("step"), limit.clone()).otherwise(limit));
    (0..100).for_each(|_| health());
    (0..2).for_each(|_| step());
    (0..2).for_each(|_| orders());
    assert_eq!(names(&telemetry), ["GET /orders", "step", "step", "step"]);
}

#[test]
fn parents_in_other_processes_have_branches_of_their_own() {
    let telemetry = sampled_by(
        Sampler::parent_based(Rules::new().drop(When::name("step")))
            .with_remote_parent_sampled(RateLimit::per_second(0.001).burst(1))
            .with_remote_parent_not_sampled(Rules::new().drop(When::name("*")).keep(When::name("step"))),
    );
    step();
    orders();
    {
        let _attached = remote(TraceFlags::SAMPLED).attach();
        noisy_too::poll_too();
        noisy::deeper::look();
    }
    {
        let _attached = remote(TraceFlags::default()).attach();
        step();
    }
    assert_eq!(names(&telemetry), ["GET /orders", "poll_too", "step"]);
    // What a limit keeps goes on with the trace state that came in.
    assert_eq!(telemetry.span("poll_too").span_context.trace_state().get("vendor"), Some("value"));
}

#[test]
fn parents_in_this_process_have_branches_of_their_own_when_the_sampler_is_asked_about_every_span() {
    let sampler = || {
        Sampler::parent_based(Rules::new().drop(When::name("health")))
            .with_local_parent_sampled(Rules::new().drop(When::name("poll_too")))
            .with_local_parent_not_sampled(
                Rules::new().keep(When::name("step")).otherwise(Sampler::AlwaysOff),
            )
    };
    for attach in [true, false] {
        let telemetry = install_with(|builder| {
            builder.sampler(sampler()).sample_every_span(true).opentelemetry_context(attach)
        });
        outer();
        health();
        assert_eq!(names(&telemetry), ["look", "outer", "poll", "step"], "attach: {attach}");
        let (above, poll, step) = (telemetry.span("outer"), telemetry.span("poll"), telemetry.span("step"));
        assert_eq!(poll.parent_span_id, above.span_context.span_id());
        assert_eq!(poll.span_context.trace_id(), above.span_context.trace_id());
        // Its parent, which is not recorded, is known all the same.
        assert_ne!(step.parent_span_id, SpanId::INVALID);
        drop(telemetry);
        // Not asked, they do as their parent does.
        let telemetry = install_with(|builder| builder.sampler(sampler()).opentelemetry_context(attach));
        outer();
        health();
        assert_eq!(names(&telemetry), ["look", "outer", "poll", "poll_too"], "attach: {attach}");
    }
}

#[test]
fn a_recursion_is_bounded_where_the_sampler_is_asked_about_every_span() {
    #[traced]
    fn down(left: u32) {
        if left > 0 {
            down(left - 1);
        }
    }
    let exporter = wirespan::MemoryExporter::new();
    let _turn = wirespan_tests::turn();
    let builder = wirespan::builder().sampler(Sampler::parent_based(Sampler::AlwaysOn));
    let telemetry =
        builder.sample_every_span(true).exporter(exporter.clone()).install().expect("it installs");
    thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(|| down(5_000))
        .expect("a thread")
        .join()
        .expect("no overflow");
    let error = telemetry.flush(wirespan_tests::PATIENCE).expect_err("some are too deep");
    let report = *error.report().expect("a report");
    assert_eq!((report.delivered, report.dropped.depth_limit), (4_096, 5_001 - 4_096));
    assert!(telemetry.stats().is_balanced());
    let _ = telemetry.shutdown(wirespan_tests::PATIENCE);
}

/// Remembers the attributes that it was shown.
#[derive(Debug, Clone, Default)]
struct Shown(Arc<Mutex<Vec<Vec<KeyValue>>>>);

impl ShouldSample for Shown {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        self.0.lock().expect("not poisoned").push(attributes.to_vec());
        Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

#[test]
fn rules_go_by_fields_whose_values_stand_in_the_source() {
    #[traced(fields(http.route = "/internal/health", ready = true, weight = -3, share = 0.5, "late" = later()))]
    fn health_check() {}
    fn later() -> &'static str {
        "computed"
    }
    let shown = Shown::default();
    let rules = Rules::new()
        .drop(When::attribute("http.route", "/internal/*"))
        .drop(When::attribute("number", "7"))
        .otherwise(shown.clone());
    let telemetry = sampled_by(rules);
    health_check();
    drop(wirespan::span!("by hand", number = 7));
    drop(wirespan::span!("by hand", number = 8));
    assert_eq!(names(&telemetry), ["by hand"]);
    telemetry.telemetry().set_sampler(shown.clone());
    health_check();
    // As they are recorded, and nothing of what is evaluated later.
    let span = telemetry.span("health_check");
    let seen = shown.0.lock().expect("not poisoned").pop().expect("it was asked");
    let seen: Vec<_> = seen.iter().filter(|attribute| !attribute.key.as_str().contains('.')).collect();
    assert_eq!(seen.len(), 3);
    for attribute in seen {
        assert_eq!(wirespan::export::attribute(&span, attribute.key.as_str()), Some(&attribute.value));
    }
    assert_eq!(wirespan_tests::text(&span, "late").as_deref(), Some("computed"));
    let site = wirespan::callsites().find(|site| site.name() == "health_check").expect("it is listed");
    let fields: Vec<&str> = site.parameters().map(|parameter| parameter.name).collect();
    assert_eq!(fields, ["http.route", "ready", "weight", "share", "late"]);
}

#[test]
fn a_sampler_sees_what_is_known_of_the_code() {
    let shown = Shown::default();
    let telemetry = sampled_by(shown.clone());
    noisy::deeper::look();
    let seen = shown.0.lock().expect("not poisoned").concat();
    let text = |key: &str| {
        let found = seen.iter().find(|attribute| attribute.key.as_str() == key);
        found.map(|attribute| attribute.value.as_str().into_owned()).expect("it is there")
    };
    let span = telemetry.span("look");
    for key in ["code.function.name", "code.file.path", "code.line.number"] {
        assert_eq!(Some(text(key)), wirespan_tests::text(&span, key), "{key}");
    }
    assert_eq!(text("wirespan.module"), "sampling_rules::noisy::deeper");
    assert_eq!(wirespan_tests::text(&span, "wirespan.module"), None);
    assert_eq!(span.span_context.trace_state(), &TraceState::NONE);
}
