//! Which spans a recording of `wirespan::testing` sees: those of traces that begin inside it, on whatever threads.

#![expect(unused_variables, reason = "the parameters are there to be recorded")]
#![expect(clippy::expect_used, reason = "what its tests share fails by panicking")]

use std::process::Command;
use std::sync::Barrier;
use std::thread;

use tokio::runtime::{Builder, Runtime};
use wirespan::opentelemetry::context::FutureExt as _;
use wirespan::opentelemetry::trace::{
    SpanContext, TraceContextExt as _, TraceState, Tracer as _, TracerProvider as _,
};
use wirespan::opentelemetry::{Context, SpanId, TraceFlags, TraceId};
use wirespan::opentelemetry_sdk::trace::SdkTracerProvider;
use wirespan::testing::Recording;
use wirespan::{current, span, traced};

#[traced]
fn work(by: &str) {
    step();
}

#[traced]
fn step() {}

#[traced]
async fn task(by: &str) {
    tokio::task::yield_now().await;
    step();
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).build().expect("a runtime")
}

/// Asserts that the recording has seen `root` with one `step` in it, for each of `by`, and nothing else.
#[track_caller]
fn assert_saw(recording: &Recording, root: &str, by: &[&str]) {
    let mut expected: Vec<String> =
        by.iter().map(|by| format!("{root} ok parameter.by={by:?}\n  step ok\n")).collect();
    expected.sort();
    recording.spans().tree().sorted().assert_is(&expected.concat());
}

#[test]
fn the_thread_of_the_test_is_inside() {
    work("before");
    let recording = Recording::start();
    work("inside");
    assert_saw(&recording, "work", &["inside"]);
    work("again");
    assert_saw(&recording, "work", &["inside", "again"]);
    drop(recording);
    work("after");
    assert_eq!(Recording::start().spans().len(), 0);
}

#[tokio::test]
async fn what_a_test_spawns_on_its_own_thread_is_inside() {
    let recording = Recording::start();
    let spawned = tokio::spawn(task("spawned"));
    let nested = tokio::spawn(async { tokio::spawn(task("nested")).await });
    spawned.await.expect("it returns");
    nested.await.expect("it returns").expect("it returns");
    tokio::task::spawn_blocking(step).await.expect("it returns");
    let spans = recording.spans();
    assert_eq!((spans.named("task").len(), spans.named("step").len(), spans.roots().len()), (2, 3, 3));
}

#[tokio::test]
async fn what_a_test_spawns_in_a_local_set_is_inside() {
    let recording = Recording::start();
    let local = tokio::task::LocalSet::new();
    let spawned = local.spawn_local(task("local"));
    local.run_until(spawned).await.expect("it returns");
    assert_saw(&recording, "task", &["local"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn what_a_test_spawns_on_the_threads_of_its_runtime_is_inside() {
    let recording = Recording::start();
    let tasks = ["a", "b", "c", "d"].map(|by| tokio::spawn(task(by)));
    for task in tasks {
        task.await.expect("it returns");
    }
    tokio::task::spawn_blocking(|| work("blocking")).await.expect("it returns");
    let spans = recording.spans();
    assert_eq!((spans.named("task").len(), spans.named("work").len()), (4, 1), "{spans:?}");
}

#[test]
fn a_runtime_of_the_test_is_inside_when_it_is_claimed() {
    let recording = Recording::start();
    let (claimed, unclaimed) = (multi_thread(), multi_thread());
    recording.scope().claim_runtime(claimed.handle());
    let run = |runtime: &Runtime, by: &'static str| {
        runtime.block_on(async { tokio::spawn(task(by)).await }).expect("it returns");
    };
    run(&claimed, "claimed");
    run(&unclaimed, "unclaimed");
    assert_saw(&recording, "task", &["claimed"]);
}

#[test]
fn a_future_that_is_wrapped_or_carries_the_context_is_inside_wherever_it_runs() {
    let recording = Recording::start();
    let runtime = multi_thread();
    runtime.block_on(async {
        let wrapped = tokio::spawn(recording.scope().around(task("wrapped")));
        let carried = tokio::spawn(task("carried").with_current_context());
        let bare = tokio::spawn(task("bare"));
        wrapped.await.expect("it returns");
        carried.await.expect("it returns");
        bare.await.expect("it returns");
    });
    assert_saw(&recording, "task", &["wrapped", "carried"]);
}

#[test]
fn another_thread_is_inside_while_it_has_entered() {
    let recording = Recording::start();
    let scope = recording.scope();
    thread::spawn(move || {
        work("before");
        let inside = scope.enter();
        work("entered");
        let again = scope.enter();
        // Out of order, and still inside.
        drop(inside);
        work("still inside");
        drop(again);
        work("after");
        scope.claim_thread();
        work("claimed");
    })
    .join()
    .expect("it returns");
    assert_saw(&recording, "work", &["entered", "still inside", "claimed"]);
}

#[test]
fn a_thread_that_was_claimed_stays_inside_without_the_context() {
    let recording = Recording::start();
    let scope = recording.scope();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .on_thread_start(move || scope.claim_thread())
        .build()
        .expect("a runtime");
    runtime.block_on(async { tokio::spawn(task("worker")).await }).expect("it returns");
    // A context made anew holds nothing of the recording.
    let _bare = Context::new().attach();
    work("here");
    let spans = recording.spans();
    spans.tree().names().assert_is("task ok\n  step ok\nwork ok\n  step ok");
}

#[test]
fn a_trace_is_seen_whole_by_the_capture_in_which_it_begins() {
    #[traced]
    fn outer() {
        let inner = Recording::start();
        step();
        assert_eq!(inner.span("step").parent_span_id, SpanId::INVALID);
        drop(inner);
        work("below");
    }
    let recording = Recording::start();
    outer();
    let inner = Recording::start();
    work("inner");
    assert_saw(&inner, "work", &["inner"]);
    drop(inner);
    work("outer");
    recording.spans().tree().names().assert_is(
        "
        outer ok
          work ok
            step ok
        work ok
          step ok
        ",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn of_captures_inside_each_other_the_innermost_has_the_runtime() {
    let outer = Recording::start();
    let inner = Recording::start();
    tokio::spawn(task("inner")).await.expect("it returns");
    assert_saw(&inner, "task", &["inner"]);
    drop(inner);
    tokio::spawn(task("outer")).await.expect("it returns");
    assert_saw(&outer, "task", &["outer"]);
}

#[test]
fn a_runtime_that_two_tests_share_belongs_to_neither() {
    let runtime = multi_thread();
    let both = Barrier::new(2);
    let test = |by: &'static str| {
        let _in_runtime = runtime.enter();
        let recording = Recording::start();
        both.wait();
        runtime.block_on(async { tokio::spawn(task("nobody's")).await }).expect("it returns");
        runtime
            .block_on(async { tokio::spawn(recording.scope().around(task(by))).await })
            .expect("it returns");
        both.wait();
        assert_saw(&recording, "task", &[by]);
    };
    thread::scope(|threads| {
        let other = threads.spawn(|| test("other"));
        test("one");
        other.join().expect("it passes");
    });
}

#[test]
fn captures_below_the_same_remote_parent_see_their_own_spans() {
    let remote = SpanContext::new(
        TraceId::from(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736),
        SpanId::from(0x00f0_67aa_0ba9_02b7),
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    );
    let both = Barrier::new(2);
    let test = |by: &str| {
        let recording = Recording::start();
        both.wait();
        {
            let _remote = Context::current().with_remote_span_context(remote.clone()).attach();
            work(by);
            work(by);
        }
        work("root");
        both.wait();
        assert_saw(&recording, "work", &[by, by, "root"]);
    };
    thread::scope(|threads| {
        let other = threads.spawn(|| test("other"));
        test("one");
        other.join().expect("it passes");
    });
}

#[test]
fn a_span_with_a_parent_from_elsewhere_is_seen_where_its_trace_began_and_where_it_is() {
    let recording = Recording::start();
    let parent = span!("parent");
    let (handle, carried) = (current().handle(), current().carry());
    let other = || {
        let other = Recording::start();
        span!(parent: handle, "given").in_scope(step);
        span!(parent: None, "own").in_scope(|| ());
        other.spans().tree().sorted().assert_is("(parent not finished)\n  given ok\n    step ok\nown ok");
    };
    thread::scope(|threads| {
        threads.spawn(|| carried.in_scope(|| work("carried"))).join().expect("it returns");
        threads.spawn(|| span!(parent: handle, "outside").in_scope(step)).join().expect("it returns");
        threads.spawn(other).join().expect("it passes");
    });
    drop(parent);
    recording.spans().tree().names().assert_is(
        "
        parent ok
          work ok
            step ok
          outside ok
            step ok
          given ok
            step ok
        ",
    );
}

#[test]
fn a_trace_of_the_opentelemetry_api_is_adopted() {
    let provider = SdkTracerProvider::builder().build();
    let tracer = provider.tracer("foreign");
    let recording = Recording::start();
    tracer.in_span("foreign", |context| {
        work("before");
        assert_eq!(recording.spans().len(), 0);
        recording.adopt(context.span().span_context().trace_id());
        work("after");
    });
    tracer.in_span("another", |_| work("nobody's"));
    let works = recording.spans().named("work");
    assert_eq!((works.len(), recording.spans().len()), (2, 4));
    works[0].assert_attribute("parameter.by", "before");
    works[1].assert_attribute("parameter.by", "after");
}

#[test]
fn an_unsampled_remote_parent_is_not_recorded() {
    let recording = Recording::start();
    let remote =
        SpanContext::new(TraceId::from(7), SpanId::from(7), TraceFlags::default(), true, TraceState::NONE);
    let _remote = Context::current().with_remote_span_context(remote).attach();
    work("unsampled");
    assert_eq!(recording.spans().len(), 0);
}

#[test]
fn a_span_that_is_open_is_not_seen_and_those_below_it_are() {
    #[traced]
    fn outer(recording: &str, look: impl FnOnce()) {
        step();
        look();
    }
    let recording = Recording::start();
    outer("", || recording.spans().tree().assert_is("(parent not finished)\n  step ok"));
    assert_eq!(recording.span("outer").children().len(), 1);
}

#[test]
fn telemetry_cannot_be_installed_beside_the_tests_pipeline() {
    let recording = Recording::start();
    let error = wirespan::builder().no_exporter().install().expect_err("there is one pipeline in a process");
    assert!(error.is_already_installed());
    work("still there");
    assert_saw(&recording, "work", &["still there"]);
}

/// Runs a test of this file in a process of its own, where the environment says that telemetry is off.
#[test]
fn the_environment_does_not_count() {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .args(["--exact", "the_thread_of_the_test_is_inside"])
        .env("OTEL_SDK_DISABLED", "true")
        .env("OTEL_TRACES_SAMPLER", "always_off")
        .env("OTEL_BSP_SCHEDULE_DELAY", "not a number")
        .env("WIRESPAN_FILTER", "off")
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
