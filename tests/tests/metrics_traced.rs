//! `#[traced(metrics)]`: each call is one measurement with its outcome, whether it is a span or not, as an OTLP receiver decodes it.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(clippy::unused_self, clippy::trivially_copy_pass_by_ref, reason = "signatures are what is tested")]

use std::collections::BTreeMap;
use std::future::{Future, pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _, stream};
use wirespan::opentelemetry::trace::Status;
use wirespan::opentelemetry_sdk::trace::Sampler;
use wirespan::{Builder, MemoryExporter, Telemetry, traced};
use wirespan_tests::delivery::otlp;
use wirespan_tests::receiver::metrics::{Measured, Point};
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, Turn, turn};

const NAME: &str = "wirespan.function.duration";

/// Telemetry whose metrics go to a receiver.
struct Installed {
    telemetry: Telemetry,
    receiver: Receiver,
    spans: MemoryExporter,
    _turn: Turn,
}

/// All ways in which a call can be a span or none.
const WAYS: [(&str, Configure); 4] = [
    ("sampled", |builder| builder),
    ("sampled, without the context", |builder| builder.opentelemetry_context(false)),
    ("not sampled", |builder| builder.sampler(Sampler::AlwaysOff)),
    ("left out by the filter", |builder| builder.filter("metrics_traced=off")),
];

type Configure = fn(Builder) -> Builder;

impl Installed {
    fn new(configure: Configure) -> Self {
        let turn = turn();
        let (receiver, spans) = (Receiver::start(), MemoryExporter::new());
        let builder = wirespan::builder().otlp(otlp(Protocol::Http, &receiver)).exporter(spans.clone());
        let telemetry = configure(builder).install().expect("it installs");
        Self { telemetry, receiver, spans, _turn: turn }
    }

    /// How many calls of that function ended how.
    fn calls(&self, function: &str) -> BTreeMap<String, u64> {
        self.points(function)
            .into_iter()
            .map(|point| {
                let Measured::Histogram(count, ..) = point.value else { panic!("a histogram: {point:?}") };
                (point.attributes["wirespan.outcome"].clone(), count)
            })
            .collect()
    }

    fn points(&self, function: &str) -> Vec<Point> {
        self.telemetry.flush(PATIENCE).expect("they are delivered");
        let last = self.receiver.received_metrics().len();
        let mut points = self.receiver.metrics().named(NAME).0;
        // Each export says all of it again.
        let mut seen = BTreeMap::new();
        for point in points.drain(..) {
            if point.attributes["code.function.name"].ends_with(function) {
                seen.insert(point.attributes["wirespan.outcome"].clone(), point);
            }
        }
        assert!(last > 0);
        seen.into_values().collect()
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        let _ = self.telemetry.flush(PATIENCE);
        let stats = self.telemetry.stats();
        assert!(stats.is_balanced(), "{stats:?}");
    }
}

fn outcomes<const N: usize>(of: [(&str, u64); N]) -> BTreeMap<String, u64> {
    of.map(|(outcome, count)| (outcome.to_owned(), count)).into()
}

fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// `Ok`, an error, or a panic.
fn act(how: u8) -> Result<u8, std::fmt::Error> {
    match how {
        0 => Ok(how),
        1 => Err(std::fmt::Error),
        _ => panic!("as it was asked to"),
    }
}

#[test]
fn a_plain_function_is_measured_with_its_outcome_however_it_is_sampled() {
    #[traced(metrics)]
    fn plain(how: u8) -> Result<u8, std::fmt::Error> {
        act(how)
    }
    for (way, configure) in WAYS {
        let installed = Installed::new(configure);
        for how in [0, 0, 1, 2] {
            let _ = catch_unwind(|| plain(how));
        }
        assert_eq!(installed.calls("::plain"), outcomes([("error", 1), ("ok", 2), ("panic", 1)]), "{way}");
        let spans = installed.spans.spans().len();
        assert_eq!(spans, if way.starts_with("sampled") { 4 } else { 0 }, "{way}");
    }
}

#[test]
fn an_async_function_is_measured_from_its_first_poll_to_its_end() {
    #[traced(metrics)]
    async fn asynchronous(how: u8, waits: bool) -> Result<u8, std::fmt::Error> {
        if waits {
            tokio::task::yield_now().await;
        }
        if how == 3 {
            pending::<()>().await;
        }
        act(how)
    }
    for (way, configure) in WAYS {
        let installed = Installed::new(configure);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for waits in [false, true] {
            for how in 0..3 {
                let _ = catch_unwind(AssertUnwindSafe(|| runtime.block_on(asynchronous(how, waits))));
            }
        }
        let mut dropped = Box::pin(asynchronous(3, false));
        assert!(poll_once(dropped.as_mut()).is_pending());
        drop(dropped);
        drop(asynchronous(0, false));
        let expected = outcomes([("cancelled", 1), ("error", 2), ("ok", 2), ("panic", 2)]);
        assert_eq!(installed.calls("::asynchronous"), expected, "{way}");
    }
}

#[test]
fn an_async_function_that_stays_one_is_measured_too() {
    #[traced(metrics, root)]
    async fn rooted(how: u8) -> Result<u8, std::fmt::Error> {
        if how == 3 {
            pending::<()>().await;
        }
        act(how)
    }
    for (way, configure) in WAYS {
        let installed = Installed::new(configure);
        for how in 0..4 {
            let _ = catch_unwind(|| poll_once(pin!(rooted(how))));
        }
        let expected = outcomes([("cancelled", 1), ("error", 1), ("ok", 1), ("panic", 1)]);
        assert_eq!(installed.calls("::rooted"), expected, "{way}");
    }
}

#[test]
fn a_returned_future_is_measured_from_the_call_to_its_end() {
    #[traced(metrics)]
    fn opaque(how: u8) -> impl Future<Output = Result<u8, std::fmt::Error>> {
        async move { if how == 3 { pending().await } else { act(how) } }
    }
    #[traced(metrics)]
    fn boxed(how: u8) -> Pin<Box<dyn Future<Output = Result<u8, std::fmt::Error>> + Send>> {
        if how == 3 { Box::pin(pending()) } else { Box::pin(ready(act(how))) }
    }
    for (way, configure) in WAYS {
        let installed = Installed::new(configure);
        for how in 0..4 {
            let _ = catch_unwind(|| poll_once(pin!(opaque(how))));
            let _ = catch_unwind(|| poll_once(boxed(how).as_mut()));
        }
        let expected = outcomes([("cancelled", 1), ("error", 1), ("ok", 1), ("panic", 1)]);
        assert_eq!(installed.calls("::opaque"), expected, "{way}");
        // This one panics in the call.
        assert_eq!(installed.calls("::boxed"), expected, "{way}");
    }
}

#[test]
fn a_stream_is_measured_to_its_end_and_fails_with_its_first_err() {
    #[traced(metrics)]
    fn items(last: u8) -> impl Stream<Item = Result<u8, std::fmt::Error>> {
        stream::iter([0, last]).map(act)
    }
    for (way, configure) in WAYS {
        let installed = Installed::new(configure);
        for last in 0..3 {
            let _ = catch_unwind(|| {
                let mut items = pin!(items(last));
                while let Poll::Ready(Some(_)) = poll_once(pin!(items.next())) {}
            });
        }
        drop(items(0));
        let expected = outcomes([("cancelled", 1), ("error", 1), ("ok", 1), ("panic", 1)]);
        assert_eq!(installed.calls("::items"), expected, "{way}");
    }
}

#[test]
fn methods_of_a_block_and_generic_functions_have_names_of_their_own() {
    struct Store<T>(T);

    #[traced(metrics)]
    impl<T> Store<T> {
        fn get(&self) -> &T {
            &self.0
        }
        #[traced(off)]
        fn unmeasured(&self) {}
    }
    let installed = Installed::new(|builder| builder);
    Store(1_u8).get();
    Store(1_u16).get();
    Store(2_u16).get();
    Store(2_u16).unmeasured();
    assert_eq!(installed.calls("Store<u8>::get"), outcomes([("ok", 1)]));
    assert_eq!(installed.calls("Store<u16>::get"), outcomes([("ok", 2)]));
    assert_eq!(installed.calls("unmeasured"), outcomes([]));
}

#[test]
fn options_about_the_status_are_about_the_outcome_too() {
    #[traced(metrics, err = "ignore")]
    fn ignored() -> Result<u8, std::fmt::Error> {
        act(1)
    }
    #[traced(metrics, status = status)]
    fn told(bad: bool) -> bool {
        bad
    }
    #[traced(metrics, status = status)]
    async fn told_async(bad: bool) -> bool {
        bad
    }
    fn status(bad: &bool) -> Status {
        if *bad { Status::error("bad") } else { Status::Ok }
    }
    for (way, configure) in WAYS {
        let installed = Installed::new(configure);
        let _ = ignored();
        for bad in [true, false, true] {
            let _ = (told(bad), poll_once(pin!(told_async(bad))));
        }
        assert_eq!(installed.calls("::ignored"), outcomes([("ok", 1)]), "{way}");
        assert_eq!(installed.calls("::told"), outcomes([("error", 2), ("ok", 1)]), "{way}");
        assert_eq!(installed.calls("::told_async"), outcomes([("error", 2), ("ok", 1)]), "{way}");
    }
}

#[test]
fn a_point_says_seconds_that_were_really_spent_and_what_an_error_was() {
    #[traced(metrics)]
    fn slow(how: u8) -> Result<u8, std::fmt::Error> {
        std::thread::sleep(Duration::from_millis(20));
        act(how)
    }
    for (way, configure) in WAYS {
        let installed = Installed::new(configure);
        let before = std::time::Instant::now();
        let _ = (slow(0), slow(1), catch_unwind(|| slow(2)));
        let elapsed = before.elapsed().as_secs_f64();
        let points = installed.points("::slow");
        assert_eq!(points.len(), 3);
        let mut total = 0.0;
        for point in points {
            assert_eq!((&*point.unit, point.kind, &*point.scope), ("s", "histogram", "wirespan"));
            let Measured::Histogram(count, sum, bounds, counts) = &point.value else { panic!("{point:?}") };
            assert_eq!((*count, counts.iter().sum()), (1, 1));
            assert_eq!((bounds.first(), bounds.last()), (Some(&0.000_001), Some(&300.0)));
            let bucket = bounds.partition_point(|bound| bound < sum);
            assert_eq!(counts.get(bucket), Some(&1), "{way}: {point:?}");
            assert!(*sum >= 0.02, "{sum}");
            total += sum;
            let expected = match &*point.attributes["wirespan.outcome"] {
                "error" => Some("_OTHER"),
                "panic" => Some("panic"),
                _ => None,
            };
            assert_eq!(point.attributes.get("error.type").map(String::as_str), expected);
        }
        assert!(total <= elapsed, "{way}: {total} of {elapsed}");
    }
}

#[test]
fn nothing_is_measured_without_a_provider_and_each_provider_counts_anew() {
    #[traced(metrics)]
    fn counted() {}
    {
        let _turn = turn();
        let telemetry = wirespan::builder().exporter(MemoryExporter::new()).no_metrics().install().unwrap();
        counted();
        telemetry.shutdown(PATIENCE).unwrap();
        counted();
    }
    for calls in 1..4 {
        let installed = Installed::new(|builder| builder);
        (0..calls).for_each(|_| counted());
        assert_eq!(installed.calls("::counted"), outcomes([("ok", calls)]));
        // Collected once more, nothing is counted twice.
        assert_eq!(installed.calls("::counted"), outcomes([("ok", calls)]));
    }
}

#[test]
fn every_call_of_many_threads_is_counted_once() {
    #[traced(metrics)]
    fn shared() {}
    let installed = Installed::new(|builder| builder.sampler(Sampler::AlwaysOff));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..1_000).for_each(|_| shared()));
        }
        let _ = installed.telemetry.flush(PATIENCE);
    });
    assert_eq!(installed.calls("::shared"), outcomes([("ok", 8_000)]));
}
