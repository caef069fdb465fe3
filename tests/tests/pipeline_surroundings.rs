//! P8: with a healthy receiver everything is delivered, in time, from every surrounding: no runtime, each kind of tokio's, inside
//! `block_on` and inside `Drop`, by a flush, a shutdown and a drop of the handle, also when the program's runtime goes first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;
use wirespan::traced;
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Protocol, Receiver};

const SPANS: u64 = 100;
/// The budget of a shutdown, and 100 ms.
const BUDGET: Duration = Duration::from_millis(5_100);

#[derive(Debug, Clone, Copy)]
enum Ending {
    Flush,
    Shutdown,
    Drop,
}

/// Everything from installing to the end, in one place.
fn whole_life(protocol: Protocol, ending: Ending, surrounding: &str) {
    let receiver = Receiver::start();
    let run = Run::new(format!("P8 {protocol:?} {ending:?} {surrounding}"));
    let telemetry = wirespan::builder().otlp(otlp(protocol, &receiver)).install().unwrap();
    run.record_range(0..SPANS);
    let start = Instant::now();
    match ending {
        Ending::Flush => {
            assert_eq!(telemetry.flush(Duration::from_secs(5)).unwrap().delivered, SPANS);
            run.judge(1, SPANS, &receiver.spans()).is_perfect();
        }
        Ending::Shutdown => {
            assert_eq!(telemetry.shutdown(Duration::from_secs(5)).unwrap().delivered, SPANS);
        }
        Ending::Drop => drop(telemetry),
    }
    assert!(start.elapsed() < BUDGET, "{run:?}: {:?}", start.elapsed());
    run.judge(1, SPANS, &receiver.spans()).is_perfect();
}

fn multi(threads: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap()
}

fn current() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs it when it is dropped.
struct AtDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for AtDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn everything_is_delivered_from_every_surrounding_by_every_ending() {
    let _turn = wirespan_tests::turn();
    for protocol in PROTOCOLS {
        for ending in [Ending::Flush, Ending::Shutdown, Ending::Drop] {
            let life = |surrounding: &str| whole_life(protocol, ending, surrounding);
            life("no runtime");
            current().block_on(async { life("current_thread") });
            multi(1).block_on(async { life("multi 1, block_on") });
            for threads in [1, 4] {
                let life = move || whole_life(protocol, ending, "multi, a task");
                multi(threads).block_on(async move { tokio::spawn(async move { life() }).await.unwrap() });
            }
            let local = LocalSet::new();
            local.block_on(&current(), async move {
                let life = move || whole_life(protocol, ending, "a LocalSet");
                tokio::task::spawn_local(async move { life() }).await.unwrap();
            });
            drop(AtDrop(|| life("Drop")));
            current().block_on(async { drop(AtDrop(|| life("Drop, in block_on"))) });
        }
    }
}

#[traced(skip_all)]
async fn never_ends() {
    std::future::pending::<()>().await;
}

#[test]
fn a_runtime_that_goes_first_takes_no_span_with_it() {
    for protocol in PROTOCOLS {
        for how in ["dropped", "in the background", "aborted"] {
            let (receiver, run) = (Receiver::start(), Run::new(format!("P8 {protocol:?} {how}")));
            let pipe = Pipe::new(otlp(protocol, &receiver));
            let runtime = multi(2);
            let tasks: Vec<_> = (0..10)
                .map(|thread| {
                    let run = run.clone();
                    runtime.spawn(async move {
                        (0..10).for_each(|sequence| run.record(thread, sequence));
                        never_ends().await;
                    })
                })
                .collect();
            // All have begun to wait.
            pipe.stats_once(PATIENCE, |stats| stats.open == 10 && stats.started == 110);
            match how {
                "dropped" => drop(runtime),
                "in the background" => runtime.shutdown_background(),
                _ => {
                    tasks.iter().for_each(tokio::task::JoinHandle::abort);
                    drop(runtime);
                }
            }
            pipe.stats_once(PATIENCE, |stats| stats.open == 0);
            pipe.flush(PATIENCE).unwrap();
            let spans = receiver.spans();
            let (cancelled, rest): (Vec<_>, Vec<_>) =
                spans.iter().partition(|span| span.name == "never_ends");
            assert_eq!(cancelled.len(), 10, "{protocol:?} {how}");
            run.judge(10, 10, rest).is_perfect();
        }
    }
}
