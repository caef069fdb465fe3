//! The clock that a test sets: spans take exactly the time that the test lets go by.

#![allow(dead_code, clippy::items_after_statements, reason = "functions that are there to be traced")]
#![expect(unused_variables, reason = "the parameters are there to be recorded")]

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, SystemTime};

use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::time::sleep;
use wirespan::testing::{Clock, Recording};
use wirespan::{current, event, span, traced};
use wirespan_tests::look::{block_on, event_text, poll_once};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[traced(skip_all)]
fn wait(clock: &Clock, time: Duration) {
    clock.advance(time);
}

#[traced(skip_all)]
fn run(clock: &Clock) {
    wait(clock, ms(5));
    clock.advance(ms(1));
    wait(clock, ms(20));
    wait(clock, ms(0));
}

#[test]
fn spans_take_the_time_that_the_test_lets_go_by() {
    let recording = Recording::start();
    let clock = recording.clock();
    clock.advance(ms(100));
    run(&clock);
    recording.spans().tree().times().assert_is(
        "
        run 0ns..26ms ok
          wait 0ns..5ms ok
          wait 6ms..26ms ok
          wait 26ms..26ms ok
        ",
    );
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_800);
    assert_eq!(recording.span("run").start_time, start + ms(100));
    assert_eq!(clock.now(), start + ms(126));
    assert_eq!(recording.clock().now(), clock.now());
}

#[test]
fn each_capture_has_its_own_clock() {
    let both = Barrier::new(2);
    let test = |time: Duration| {
        let recording = Recording::start();
        let clock = recording.clock();
        both.wait();
        for _ in 0..100 {
            wait(&clock, time);
        }
        both.wait();
        assert!(recording.spans().iter().all(|span| span.duration() == time));
        assert_eq!(recording.spans().len(), 100);
    };
    thread::scope(|threads| {
        let other = threads.spawn(|| test(ms(3)));
        test(ms(7));
        other.join().expect("it passes");
    });
}

#[test]
fn without_a_set_clock_time_is_real() {
    #[traced]
    fn nap() {
        thread::sleep(ms(2));
    }
    let stopped = Recording::start();
    let _clock = stopped.clock();
    let recording = Recording::start();
    let before = SystemTime::now();
    nap();
    let span = recording.span("nap");
    assert!(span.duration() >= ms(2), "{:?}", span.duration());
    assert!(span.start_time + Duration::from_secs(1) > before, "{:?}", span.start_time);
}

#[test]
fn a_span_ends_by_the_clock_by_which_it_started() {
    #[traced(skip_all)]
    fn stops(recording: &Recording) {
        wait(&recording.clock(), ms(5));
    }
    let recording = Recording::start();
    stops(&recording);
    assert_eq!(recording.span("wait").duration(), ms(5));
    // The real clock: a hang of the machine apart, far from a minute, and not a quarter of a century.
    assert!(recording.span("stops").duration() < Duration::from_secs(60));

    #[traced(skip_all)]
    fn moves(clock: &Clock) {
        clock.advance(ms(1));
    }
    // It ends where the recording is not entered.
    let clock = recording.clock();
    let mut future = Box::pin(async {
        #[traced(skip_all)]
        async fn wanders(clock: &Clock) {
            std::future::pending::<()>().await;
        }
        wanders(&clock).await;
    });
    assert!(poll_once(future.as_mut()).is_pending());
    clock.advance(ms(40));
    thread::scope(|threads| {
        threads.spawn(move || drop(future)).join().expect("it is dropped");
    });
    let span = recording.span("wanders");
    span.assert_cancelled();
    assert_eq!(span.duration(), ms(40));
    let event = span.event("cancelled");
    assert_eq!(event.timestamp, span.end_time);
    let nanos = span.end_time.duration_since(SystemTime::UNIX_EPOCH).map(|since| since.as_nanos());
    assert_eq!(event_text(event, "cancellation.timestamp"), nanos.ok().map(|nanos| nanos.to_string()));
}

#[test]
fn a_stream_has_the_set_time() {
    #[traced(skip_all)]
    fn items(clock: Clock) -> impl Stream<Item = u32> {
        stream::iter(0..3).inspect(move |_| clock.advance(ms(4)))
    }
    let recording = Recording::start();
    let items: Vec<u32> = block_on(items(recording.clock()).collect());
    assert_eq!(items, [0, 1, 2]);
    let spans = recording.spans();
    spans.one("items").assert_attribute("stream.time_to_first_item_ns", 4_000_000);
    spans.tree().times().assert_is("items 0ns..12ms ok stream.items=3");
}

#[test]
fn events_have_the_set_time() {
    #[traced(skip_all)]
    fn fails(clock: &Clock) -> Result<(), String> {
        clock.advance(ms(15));
        Err("no".to_owned())
    }
    let recording = Recording::start();
    let _ = fails(&recording.clock());
    let span = recording.span("fails");
    assert_eq!(span.event("exception").timestamp, span.start_time + ms(15));
    assert_eq!(span.duration(), ms(15));

    let clock = recording.clock();
    span!("by hand").in_scope(|| {
        clock.advance(ms(1));
        event!("here");
        clock.advance(ms(1));
        let handle = current().handle();
        // Where nothing of the recording is known.
        thread::scope(|threads| {
            threads.spawn(|| event!(on: handle, "there")).join().expect("it returns");
        });
        clock.advance(ms(1));
    });
    let span = recording.span("by hand");
    assert_eq!(span.event("here").timestamp, span.start_time + ms(1));
    assert_eq!(span.event("there").timestamp, span.start_time + ms(2));
    assert_eq!(span.duration(), ms(3));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_follows_tokio_takes_exactly_the_sleeps() {
    #[traced]
    async fn nap(millis: u64) {
        sleep(ms(millis)).await;
    }
    #[traced]
    async fn day() {
        nap(1_000).await;
        tokio::join!(nap(30_000), nap(20_000));
        std::hint::black_box((0..10_000).sum::<u64>());
    }
    let recording = Recording::start();
    let clock = recording.clock();
    clock.advance(ms(10));
    clock.follow_tokio();
    day().await;
    tokio::spawn(nap(5)).await.expect("it returns");
    recording.spans().tree().times().assert_is(
        "
        day 0ns..31s ok
          nap 0ns..1s ok parameter.millis=1000
          nap 1s..21s ok parameter.millis=20000
          nap 1s..31s ok parameter.millis=30000
        nap 0ns..5ms ok parameter.millis=5
        ",
    );
}

#[test]
fn many_clocks_are_given_back() {
    // More than there can be at once.
    for round in 0..600 {
        let recording = Recording::start();
        wait(&recording.clock(), ms(round));
        assert_eq!(recording.span("wait").duration(), ms(round));
    }
}
