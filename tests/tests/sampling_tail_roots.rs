//! Tail sampling where the root is late, elsewhere, there twice, or never ends.

use std::future::pending;
use std::pin::Pin;
use std::sync::{Barrier, mpsc};
use std::task::{Context as TaskContext, Waker};
use std::thread;
use std::time::Duration;

use wirespan::opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use wirespan::opentelemetry::{Context, SpanId, TraceFlags, TraceId};
use wirespan::opentelemetry_sdk::trace::Sampler;
use wirespan::sampling::TailSampling;
use wirespan::traced;
use wirespan_tests::PATIENCE;
use wirespan_tests::tailed::{install, install_with};

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
async fn waits() {
    step();
    pending::<()>().await;
}

fn polled_once<F: Future>(future: F) -> Pin<Box<F>> {
    let mut future = Box::pin(future);
    assert!(future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())).is_pending());
    future
}

/// A context with a parent in another process.
fn remote(flags: TraceFlags) -> Context {
    let (trace_id, span_id) = (TraceId::from_bytes([7; 16]), SpanId::from_bytes([9; 8]));
    Context::new().with_remote_span_context(SpanContext::new(
        trace_id,
        span_id,
        flags,
        true,
        TraceState::NONE,
    ))
}

#[test]
fn what_another_process_has_sampled_is_always_kept_and_never_held() {
    #[traced]
    fn served(then: impl FnOnce()) {
        step();
        then();
    }
    let tailed = install(TailSampling::new());
    let _attached = remote(TraceFlags::SAMPLED).attach();
    served(|| {
        assert_eq!(tailed.take(), ["step"], "before its root has ended");
        assert_eq!(tailed.stats().held, 0);
    });
    assert_eq!(tailed.take(), ["served"]);
}

#[test]
fn what_another_process_has_not_sampled_is_a_trace_like_others() {
    let keeps_all =
        || Sampler::parent_based(Sampler::AlwaysOn).with_remote_parent_not_sampled(Sampler::AlwaysOn);
    let tailed = install_with(TailSampling::new(), |builder| builder.sampler(keeps_all()));
    let _attached = remote(TraceFlags::default()).attach();
    request(1);
    assert_eq!(tailed.take(), Vec::<String>::new());
    // Decided once for all of that trace.
    let _ = failing();
    assert_eq!(tailed.take(), Vec::<String>::new());
}

#[traced]
fn second(wait: impl FnOnce()) -> Result<(), std::fmt::Error> {
    wait();
    Err(std::fmt::Error)
}

#[test]
fn two_roots_of_one_trace_are_decided_when_the_last_one_ends() {
    let keeps_all =
        Sampler::parent_based(Sampler::AlwaysOn).with_remote_parent_not_sampled(Sampler::AlwaysOn);
    let tailed = install_with(TailSampling::new(), |builder| builder.sampler(keeps_all));
    let (first_ended, second_goes_on) = mpsc::sync_channel(0);
    let both = Barrier::new(2);
    thread::scope(|scope| {
        let both = &both;
        scope.spawn(move || {
            let _attached = remote(TraceFlags::default()).attach();
            let _ = second(|| {
                both.wait();
                second_goes_on.recv_timeout(PATIENCE).expect("the first one ends");
            });
        });
        both.wait();
        {
            let _attached = remote(TraceFlags::default()).attach();
            request(1);
        }
        assert_eq!(tailed.take(), Vec::<String>::new());
        assert_eq!(tailed.stats().held, 2);
        first_ended.send(()).expect("it waits");
    });
    assert_eq!(tailed.take(), ["request", "second", "step"]);
}

#[test]
fn a_span_below_a_root_of_another_library_is_kept() {
    let tailed = install(TailSampling::new());
    let (trace_id, span_id) = (TraceId::from_bytes([5; 16]), SpanId::from_bytes([6; 8]));
    let others = SpanContext::new(trace_id, span_id, TraceFlags::SAMPLED, false, TraceState::NONE);
    {
        let _attached = Context::new().with_remote_span_context(others).attach();
        step();
    }
    // One flush is enough to know that nothing is to be waited for.
    assert_eq!(tailed.take(), ["step"]);
}

/// A task that outlives the trace that it is a part of.
#[traced]
fn leaves_one_behind(fails: bool) -> Late {
    if fails {
        let _ = failing();
    }
    Late { _task: polled_once(waits()) }
}

struct Late {
    _task: Pin<Box<dyn Future<Output = ()>>>,
}

#[test]
fn spans_that_end_after_their_trace_was_decided_do_as_it_did() {
    let tailed = install(TailSampling::new().ratio(0.0));
    let late = leaves_one_behind(false);
    assert_eq!(tailed.take(), Vec::<String>::new());
    drop(late);
    assert_eq!(tailed.take(), Vec::<String>::new(), "cancelled, but of a trace that was left out");
    let late = leaves_one_behind(true);
    assert_eq!(tailed.take(), ["failing", "leaves_one_behind", "step", "step"]);
    drop(late);
    assert_eq!(tailed.take(), ["waits"]);
}

#[test]
fn a_flush_decides_nothing_and_says_what_is_held() {
    let mut tailed = install(TailSampling::new().ratio(1.0));
    let mut open = Some(polled_once(waits()));
    let report = tailed.telemetry().flush(PATIENCE).expect("what is held is no loss and no delay");
    assert_eq!((report.delivered, report.held, report.pending, report.open), (0, 1, 0, 1), "{report}");
    assert!(report.to_string().contains("1 held"), "{report}");
    let stats = tailed.stats();
    assert!(stats.is_balanced() && stats.held == 1 && stats.held_bytes > 0, "{stats:?}");
    open.take();
    assert_eq!(tailed.take(), ["step", "waits"]);
    assert_eq!(tailed.shut_down().expect("nothing is lost").delivered, 0);
}

#[test]
fn a_shutdown_decides_all_by_what_is_known() {
    for (ratio, kept) in [(0.0, 0), (1.0, 2)] {
        let mut tailed = install(TailSampling::new().ratio(ratio));
        let open = polled_once(races_and_waits());
        let error = tailed.shut_down().expect_err("the root is lost, since it is open");
        let report = *error.report().expect("a report");
        assert_eq!((report.delivered, report.sampled_out), (kept, 2 - kept), "{report}");
        assert_eq!((report.dropped.shutdown, report.dropped.total(), report.held), (1, 1, 0), "{report}");
        drop(open);
    }
}

#[traced]
async fn races_and_waits() {
    step();
    step();
    pending::<()>().await;
}

#[test]
fn a_root_that_never_ends_is_kept_after_a_while_and_counted() {
    let tailed = install(TailSampling::new().max_age(Duration::from_millis(30)));
    let open = polled_once(waits());
    let deadline = std::time::Instant::now() + PATIENCE;
    while tailed.take().is_empty() {
        assert!(std::time::Instant::now() < deadline, "it is never kept");
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(tailed.stats().decided_early, 1);
    drop(open);
    assert_eq!(tailed.take(), ["waits"]);
}
