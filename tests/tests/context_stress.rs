//! Eight threads, many requests at once: no request ever sees another's attribute, wherever its work runs.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use tokio::sync::Barrier;
use wirespan::opentelemetry::context::FutureExt as _;
use wirespan::testing::Span;
use wirespan::{FutureExt as _, context, traced};
use wirespan_tests::{install_with, text};

const REQUESTS: i64 = 400;

/// What every part of a request looks at.
#[traced(fields(expected = request))]
fn check(request: i64) {
    assert_eq!(context::get().get("request.id"), Some(request.into()));
    context::for_metrics(|attributes| {
        assert_eq!(attributes.iter().map(|pair| pair.value.clone()).collect::<Vec<_>>(), [request.into()]);
    });
    context::for_logs(|attributes| assert!(attributes.iter().any(|pair| pair.value == request.into())));
}

#[traced(fields(expected = request))]
async fn step(request: i64) {
    check(request);
    tokio::task::yield_now().await;
    check(request);
}

#[traced(fields(expected = request))]
async fn handle(request: i64, both: Arc<Barrier>) {
    // Another request is at the same place, on the same runtime.
    both.wait().await;
    check(request);
    assert!(context::add("of.this.one", request));
    tokio::join!(step(request), step(request));
    let task = tokio::spawn(step(request).in_current_span());
    let context = tokio::spawn(step(request).with_current_context());
    let carried = wirespan::current().carry();
    let blocking = tokio::task::spawn_blocking(move || carried.in_scope(|| check(request)));
    let scope = context::Scope::current().expect("inside");
    let thread = thread::spawn(move || scope.in_scope(|| check(request)));
    tokio::task::yield_now().await;
    // A scope inside this one.
    let inner = context::scope().with("inner", request);
    step(request).in_context(inner).await;
    assert_eq!(context::get().get("inner"), None);
    task.await.expect("it ends");
    context.await.expect("it ends");
    blocking.await.expect("it ends");
    thread.join().expect("it ends");
    // On a worker of the runtime, which serves others, too: without a carrier there is nothing.
    tokio::spawn(async { assert!(context::get().is_empty()) }).await.expect("it ends");
    check(request);
}

fn is_of_one_request(span: &Span) {
    let expected = text(span, "expected").expect("each has one");
    assert_eq!(text(span, "request.id").as_deref(), Some(&*expected), "{}", span.name);
    for key in ["of.this.one", "inner"] {
        assert!(text(span, key).is_none_or(|value| value == expected), "{} {key}", span.name);
    }
}

#[test]
fn two_requests_at_once_never_share_an_attribute() {
    let telemetry = install_with(|builder| builder.context_to_metrics(["request.id"]));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(8).build().expect("a runtime");
    runtime.block_on(async {
        let mut all = Vec::new();
        for pair in 0..REQUESTS / 2 {
            let both = Arc::new(Barrier::new(2));
            for request in [2 * pair, 2 * pair + 1] {
                let scope = context::Scope::new().with("request.id", request);
                all.push(tokio::spawn(handle(request, Arc::clone(&both)).in_context(scope)));
            }
        }
        for request in all {
            request.await.expect("no request saw another's");
        }
    });
    drop(runtime);
    let spans = telemetry.spans();
    let mut of_name: HashMap<&str, i64> = HashMap::new();
    for span in &spans {
        is_of_one_request(span);
        *of_name.entry(&*span.name).or_default() += 1;
    }
    assert_eq!(of_name.get("handle").copied().unwrap_or_default(), REQUESTS);
    assert_eq!(of_name.get("step").copied().unwrap_or_default(), 5 * REQUESTS);
    assert_eq!(of_name.get("check").copied().unwrap_or_default(), (2 + 2 * 5 + 2) * REQUESTS);
}

#[test]
fn writers_and_readers_of_one_scope_see_whole_sets() {
    let _telemetry = install_with(|builder| builder);
    let scope = context::scope();
    assert!(scope.set([("a", 0.into()), ("b", 0.into())]));
    thread::scope(|threads| {
        for writer in 1..=4 {
            let scope = &scope;
            threads.spawn(move || {
                for round in 0..2_000_i64 {
                    let value = round * 4 + writer;
                    assert!(scope.set([("a", value.into()), ("b", value.into())]));
                    assert!(scope.add(format!("own.{writer}"), round));
                }
            });
        }
        for _ in 0..4 {
            let scope = &scope;
            threads.spawn(move || {
                for _ in 0..2_000 {
                    let seen = scope.get();
                    assert_eq!(seen.get("a"), seen.get("b"), "half of a change was seen");
                }
            });
        }
    });
    for writer in 1..=4 {
        assert_eq!(scope.get().get(&format!("own.{writer}")), Some(1_999.into()), "no change was lost");
    }
}
