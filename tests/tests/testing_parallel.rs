//! Recordings of many tests at once, under load: each sees its own spans, all of them, and no other.

#![expect(unused_variables, reason = "the parameters are there to be recorded")]
#![expect(clippy::expect_used, reason = "what its tests share fails by panicking")]

use std::sync::Barrier;
use std::thread;

use tokio::runtime::Builder;
use wirespan::testing::Recording;
use wirespan::traced;

const TESTS: u64 = 12;
const ROUNDS: u64 = 8;
const SPANS: u64 = 200;

#[traced]
fn leaf(test: u64, number: u64) {}

#[traced]
fn branch(test: u64, number: u64) {
    leaf(test, number);
}

#[traced]
async fn job(test: u64, number: u64) {
    tokio::task::yield_now().await;
    branch(test, number);
    tokio::task::yield_now().await;
    leaf(test, number);
}

/// Of all spans of that name in the recording, each number once, and all of this test.
fn assert_own(recording: &Recording, name: &str, test: u64, per_number: usize) {
    let spans = recording.spans();
    let mut numbers: Vec<i64> = spans
        .named(name)
        .iter()
        .map(|span| {
            span.assert_returned().assert_attribute("parameter.test", i64::try_from(test).expect("small"));
            match span.attribute("parameter.number") {
                Some(wirespan::opentelemetry::Value::I64(number)) => *number,
                other => unreachable!("{other:?}"),
            }
        })
        .collect();
    numbers.sort_unstable();
    let expected: Vec<i64> =
        (0..i64::try_from(SPANS).expect("small")).flat_map(|number| vec![number; per_number]).collect();
    assert_eq!(numbers, expected, "{name} of {test}");
}

#[test]
fn tests_on_many_threads_see_their_own_spans() {
    let together = Barrier::new(usize::try_from(TESTS).expect("small"));
    thread::scope(|threads| {
        for test in 0..TESTS {
            let together = &together;
            threads.spawn(move || {
                for _ in 0..ROUNDS {
                    together.wait();
                    let recording = Recording::start();
                    for number in 0..SPANS {
                        branch(test, number);
                    }
                    assert_own(&recording, "branch", test, 1);
                    assert_own(&recording, "leaf", test, 1);
                    assert_eq!(recording.spans().roots().len() as u64, SPANS);
                }
            });
        }
    });
}

#[test]
fn tests_with_runtimes_of_their_own_see_what_they_spawned() {
    thread::scope(|threads| {
        for test in 0..TESTS / 2 {
            threads.spawn(move || {
                let runtime = Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
                runtime.block_on(async {
                    let recording = Recording::start();
                    let jobs: Vec<_> = (0..SPANS).map(|number| tokio::spawn(job(test, number))).collect();
                    for job in jobs {
                        job.await.expect("it returns");
                    }
                    assert_own(&recording, "job", test, 1);
                    assert_own(&recording, "leaf", test, 2);
                    for job in recording.spans().named("job") {
                        let branch = job.child("branch");
                        assert_eq!((branch.children().len(), job.children().len()), (1, 2));
                    }
                });
            });
        }
    });
}
