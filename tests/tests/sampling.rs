//! Which traces are recorded: the sampler decides where a trace enters the process, everything below does as its parent.

#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use wirespan::opentelemetry::trace::{Link, SpanContext, SpanKind, TraceContextExt as _, TraceState};
use wirespan::opentelemetry::{Context, KeyValue, SpanId, TraceFlags, TraceId, Value};
use wirespan::opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};
use wirespan::traced;
use wirespan_tests::look::{block_on, value};
use wirespan_tests::{Installed, install, install_with};

#[traced]
fn root(number: u64) -> u64 {
    child(number)
}

#[traced(kind = "client")]
fn child(number: u64) -> u64 {
    number
}

#[traced]
async fn root_async(number: u64) -> u64 {
    tokio::task::yield_now().await;
    child(number)
}

fn sampled_by(sampler: impl ShouldSample + 'static) -> Installed {
    install_with(|builder| builder.sampler(sampler))
}

/// A context with a parent in another process.
fn remote(flags: TraceFlags, state: TraceState) -> Context {
    let (trace_id, span_id) = (TraceId::from_bytes([7; 16]), SpanId::from_bytes([9; 8]));
    Context::new().with_remote_span_context(SpanContext::new(trace_id, span_id, flags, true, state))
}

fn state() -> TraceState {
    "vendor=value,other=1".parse().expect("a trace state")
}

#[test]
fn a_root_that_is_not_sampled_records_nothing_below_it() {
    for attach in [true, false] {
        let telemetry =
            install_with(|builder| builder.sampler(Sampler::AlwaysOff).opentelemetry_context(attach));
        assert_eq!(root(7), 7);
        assert_eq!(block_on(root_async(7)), 7);
        assert_eq!(telemetry.spans().len(), 0);
        assert_eq!(telemetry.stats().started, 0);
    }
}

#[test]
fn a_root_that_is_not_sampled_is_the_parent_of_tasks_that_are_not() {
    use wirespan::opentelemetry::context::FutureExt as _;
    #[traced]
    async fn spawns() -> u64 {
        let context = Context::current();
        assert!(!context.span().span_context().is_sampled());
        assert!(context.span().span_context().is_valid());
        tokio::spawn(root_async(7).with_context(context)).await.expect("it does not panic")
    }
    let asked = Asked::default();
    let telemetry = sampled_by(asked.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    assert_eq!(runtime.block_on(spawns()), 7);
    assert_eq!(telemetry.spans().len(), 0);
    assert_eq!(asked.times.load(Ordering::Relaxed), 1);
}

/// Says no, and counts how often it was asked.
#[derive(Debug, Clone, Default)]
struct Asked {
    times: Arc<AtomicUsize>,
}

impl ShouldSample for Asked {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        self.times.fetch_add(1, Ordering::Relaxed);
        SamplingResult {
            decision: SamplingDecision::Drop,
            attributes: Vec::new(),
            trace_state: TraceState::NONE,
        }
    }
}

#[test]
fn a_ratio_keeps_whole_traces() {
    const ROOTS: usize = 2000;
    let telemetry = sampled_by(Sampler::TraceIdRatioBased(0.5));
    (0..ROOTS as u64).for_each(|number| assert_eq!(root(number), number));
    let spans = telemetry.spans();
    let roots: Vec<_> = spans.iter().filter(|span| span.name == "root").collect();
    // Ten standard deviations on either side.
    assert!((ROOTS / 2 - 224..ROOTS / 2 + 224).contains(&roots.len()), "{}", roots.len());
    assert_eq!(spans.len(), roots.len() * 2);
    for root in roots {
        assert_eq!(root.children().len(), 1);
        // The trace id is the one that the sampler was asked about.
        let trace_id = root.span_context.trace_id();
        let asked =
            Sampler::TraceIdRatioBased(0.5).should_sample(None, trace_id, "", &SpanKind::Internal, &[], &[]);
        assert_eq!(asked.decision, SamplingDecision::RecordAndSample);
    }
}

#[test]
fn the_parent_in_another_process_decides_by_default() {
    let telemetry = install();
    {
        let _attached = remote(TraceFlags::default(), TraceState::NONE).attach();
        root(1);
        block_on(root_async(1));
    }
    assert_eq!(telemetry.spans().len(), 0);
    {
        let _attached = remote(TraceFlags::SAMPLED, state()).attach();
        root(2);
    }
    let root = telemetry.span("root");
    assert_eq!(root.span_context.trace_id(), TraceId::from_bytes([7; 16]));
    assert_eq!(root.parent_span_id, SpanId::from_bytes([9; 8]));
    assert!(root.parent_span_is_remote);
    let child = telemetry.span("child");
    assert_eq!(child.parent_span_id, root.span_context.span_id());
    assert!(!child.parent_span_is_remote);
    for span in [&root, &child] {
        assert_eq!(span.span_context.trace_state(), &state());
        assert!(span.span_context.is_sampled());
    }
}

#[test]
fn a_sampler_may_overrule_a_parent_in_another_process() {
    let telemetry = sampled_by(Sampler::AlwaysOn);
    let _attached = remote(TraceFlags::default(), TraceState::NONE).attach();
    root(1);
    let root = telemetry.span("root");
    assert_eq!(root.span_context.trace_id(), TraceId::from_bytes([7; 16]));
    assert!(root.span_context.is_sampled());
    assert_eq!(telemetry.spans().len(), 2);
    let telemetry = {
        drop(telemetry);
        sampled_by(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
    };
    self::root(1);
    assert_eq!(telemetry.spans().len(), 0);
}

/// Keeps what is called `root`, with marks of its own, and records what it was asked.
#[derive(Debug, Clone, Default)]
struct Marks {
    asked: Arc<std::sync::Mutex<Vec<(String, SpanKind, bool)>>>,
}

impl ShouldSample for Marks {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        name: &str,
        kind: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        // A sampler that is itself traced must not ask itself.
        child(1);
        let has_parent = parent.is_some_and(|context| context.span().span_context().is_valid());
        self.asked.lock().expect("not poisoned").push((name.to_owned(), kind.clone(), has_parent));
        SamplingResult {
            decision: if name.starts_with("root") {
                SamplingDecision::RecordAndSample
            } else {
                SamplingDecision::Drop
            },
            attributes: vec![KeyValue::new("sampler.rule", "marks"), KeyValue::new("sampler.weight", 4_i64)],
            trace_state: state(),
        }
    }
}

#[test]
fn what_a_sampler_adds_is_recorded() {
    let sampler = Marks::default();
    let telemetry = sampled_by(sampler.clone());
    root(1);
    child(2);
    {
        let _attached = remote(TraceFlags::SAMPLED, TraceState::NONE).attach();
        block_on(root_async(3));
    }
    for name in ["root", "root_async"] {
        let span = telemetry.span(name);
        assert_eq!(value(&span, "sampler.rule"), Some(Value::from("marks")));
        assert_eq!(value(&span, "sampler.weight"), Some(Value::I64(4)));
        assert!(value(&span, "parameter.number").is_some());
        assert_eq!(span.span_context.trace_state(), &state());
        let children = span.children();
        assert_eq!(children.len(), 1);
        assert_eq!(children[0].span_context.trace_state(), &state());
        assert_eq!(value(&children[0], "sampler.rule"), None);
    }
    let asked = sampler.asked.lock().expect("not poisoned").clone();
    let expected = [
        ("root", SpanKind::Internal, false),
        ("child", SpanKind::Client, false),
        ("root_async", SpanKind::Internal, true),
    ];
    assert_eq!(asked, expected.map(|(name, kind, parent)| (name.to_owned(), kind, parent)));
    assert_eq!(telemetry.spans().len(), 4);
}

#[test]
fn a_sampler_that_panics_samples_nothing() {
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
            panic!("in a sampler");
        }
    }
    let telemetry = sampled_by(Panics);
    assert_eq!(root(7), 7);
    assert_eq!(block_on(root_async(7)), 7);
    assert_eq!(telemetry.spans().len(), 0);
    assert_eq!(telemetry.stats().started, 0);
    assert_eq!(
        telemetry.stats().sampler_panicked,
        2,
        "a panic costs the trace that it was asked about, and is counted"
    );
    telemetry.telemetry().set_sampler(Sampler::AlwaysOn);
    assert_eq!(root(7), 7);
    assert_eq!(telemetry.spans().len(), 2);
}

#[test]
fn a_sampler_that_only_records_samples_nothing() {
    #[derive(Debug, Clone)]
    struct RecordsOnly;
    impl ShouldSample for RecordsOnly {
        fn should_sample(
            &self,
            _: Option<&Context>,
            _: TraceId,
            _: &str,
            _: &SpanKind,
            _: &[KeyValue],
            _: &[Link],
        ) -> SamplingResult {
            SamplingResult {
                decision: SamplingDecision::RecordOnly,
                attributes: Vec::new(),
                trace_state: TraceState::NONE,
            }
        }
    }
    let telemetry = sampled_by(RecordsOnly);
    assert_eq!(root(7), 7);
    assert_eq!(telemetry.spans().len(), 0);
}
