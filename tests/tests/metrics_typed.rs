//! Typed instruments, from their declaration to an OTLP receiver: what arrives, in which unit, and when instruments are made.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use wirespan::metrics::{
    Counter, Gauge, Histogram, MetricAliases, MetricAttributes, MetricValue, Metrics, Name, Names, Stopwatch,
    UpDownCounter, refused,
};
use wirespan::{Builder, Telemetry};
use wirespan_tests::delivery::otlp;
use wirespan_tests::receiver::metrics::Measured;
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, Turn, turn};

/// Telemetry with a receiver, installed for one test at a time.
struct Provider {
    telemetry: Telemetry,
    receiver: Receiver,
    _turn: Turn,
}

/// A point: its value, or the count and the sum of a histogram, by its labels.
type Points = BTreeMap<String, (u64, f64)>;

impl Provider {
    fn install() -> Self {
        Self::with(|builder| builder)
    }

    fn with(configure: impl FnOnce(Builder) -> Builder) -> Self {
        let turn = turn();
        let receiver = Receiver::start();
        let otlp = otlp(Protocol::Http, &receiver);
        let telemetry = configure(wirespan::builder().otlp(otlp)).install().expect("it installs");
        Self { telemetry, receiver, _turn: turn }
    }

    /// The last points of one instrument, its unit and description before them.
    #[expect(clippy::cast_precision_loss, reason = "the numbers of these tests are small")]
    fn points(&self, name: &str) -> Option<(String, String, Points)> {
        self.telemetry.flush(PATIENCE).expect("they are delivered");
        let all = self.receiver.metrics().named(name);
        let of = all.0.last()?;
        let points = all.0.iter().map(|point| {
            let labels: Vec<_> =
                point.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let value = match &point.value {
                Measured::Int(value) => (1, *value as f64),
                Measured::Double(value) => (1, *value),
                Measured::Histogram(count, sum, ..) | Measured::Exponential(count, sum) => (*count, *sum),
            };
            (labels.join(","), value)
        });
        Some((of.unit.clone(), of.description.clone(), points.collect()))
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let stats = self.telemetry.stats();
        assert!(stats.is_balanced(), "{stats:?}");
    }
}

#[derive(Clone, Copy, MetricValue)]
enum Region {
    Eu,
    #[metric(name = "us-east")]
    UsEast,
}

static MODELS: Names = Names::first(2, 8);

#[derive(Clone, Copy, MetricAttributes)]
struct Labels {
    region: Region,
    #[metric(name = "shop.model")]
    model: Option<Name>,
    cached: bool,
}

impl Labels {
    fn of(region: Region, model: Option<&str>) -> Self {
        Self { region, model: model.map(|model| MODELS.name(model)), cached: true }
    }
}

#[derive(Metrics)]
struct Shop {
    /// Orders that were placed.
    ///
    /// Not those that were only looked at.
    #[metric(name = "shop.orders", unit = "{order}", alias = "count_orders", alias_unit = "1")]
    orders: Counter<u64, Labels>,
    /// What was earned.
    #[metric(name = "shop.earned", unit = "{USD}")]
    earned: Counter<f64>,
    /// Carts that are open.
    #[metric(name = "shop.carts", unit = "{cart}")]
    carts: UpDownCounter<i64>,
    /// The temperature of the store.
    #[metric(name = "shop.temperature", unit = "Cel")]
    temperature: Gauge<f64>,
    /// How long a checkout takes.
    #[metric(name = "shop.checkout.duration", unit = "s", alias = "hist_checkout_ms", alias_unit = "ms")]
    checkout: Histogram<Duration>,
    /// The weight of a parcel.
    #[metric(name = "shop.parcel", unit = "g", buckets = [100, 1000])]
    parcel: Histogram<u64>,
}

static SHOP: LazyLock<Shop> = LazyLock::new(Shop::new);

#[test]
fn an_instrument_that_was_made_first_works_with_each_provider_that_comes_later() {
    let early = Shop::new();
    let bound = early.orders.bind(&Labels::of(Region::Eu, None));
    early.orders.add(7, &Labels::of(Region::Eu, None));
    bound.record(7);
    for _ in 0..2 {
        let provider = Provider::install();
        early.orders.add(1, &Labels::of(Region::Eu, None));
        bound.record(2);
        SHOP.orders.add(4, &Labels::of(Region::UsEast, None));
        let (unit, description, points) = provider.points("shop.orders").unwrap();
        assert_eq!((unit.as_str(), description.as_str()), ("{order}", "Orders that were placed."));
        let expected = [("cached=true,region=eu", 3.0), ("cached=true,region=us-east", 4.0)];
        assert_eq!(points, expected.map(|(labels, sum)| (labels.to_owned(), (1, sum))).into());
    }
    early.orders.add(1, &Labels::of(Region::Eu, None));
    bound.record(1);
}

#[test]
fn every_kind_of_instrument_records() {
    let provider = Provider::install();
    let shop = Shop::get();
    shop.earned.add(2.5, &());
    shop.carts.add(3, &());
    shop.carts.add(-1, &());
    shop.temperature.record(20.0, &());
    shop.temperature.record(-4.0, &());
    shop.parcel.record(500, &());
    shop.checkout.record(Duration::from_millis(1500), &());
    let value = |name| provider.points(name).unwrap().2.get("").copied().unwrap();
    assert_eq!(value("shop.earned"), (1, 2.5));
    assert_eq!(value("shop.carts"), (1, 2.0));
    assert_eq!(value("shop.temperature"), (1, -4.0));
    assert_eq!(value("shop.parcel"), (1, 500.0));
    assert_eq!(value("shop.checkout.duration"), (1, 1.5));
}

#[test]
fn what_is_no_measurement_is_dropped_and_counted_and_spoils_no_sum() {
    let provider = Provider::install();
    let shop = Shop::new();
    let before = refused();
    let bound = shop.earned.bind(&());
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
        shop.earned.add(wrong, &());
        bound.record(wrong);
    }
    shop.temperature.record(f64::NAN, &());
    shop.earned.add(1.0, &());
    assert_eq!(refused() - before, 9);
    assert_eq!(provider.points("shop.earned").unwrap().2.get("").copied(), Some((1, 1.0)));
    assert!(provider.points("shop.temperature").is_none(), "a gauge without a value has no point");
    let (_, _, counted) = provider.points("wirespan.metrics.refused").unwrap();
    let of = |labels: &str| counted.get(labels).map(|(_, sum)| *sum);
    assert_eq!(of("wirespan.instrument=shop.earned,wirespan.reason=infinite"), Some(4.0));
    assert_eq!(of("wirespan.instrument=shop.earned,wirespan.reason=negative"), Some(2.0));
    assert_eq!(of("wirespan.instrument=shop.temperature,wirespan.reason=not_a_number"), Some(1.0));
}

#[test]
fn an_alias_is_another_name_with_its_own_unit() {
    for (aliases, own, other) in [
        (MetricAliases::Off, true, false),
        (MetricAliases::Also, true, true),
        (MetricAliases::Instead, false, true),
    ] {
        let provider = Provider::with(|builder| builder.metric_aliases(aliases));
        let shop = Shop::new();
        shop.checkout.record(Duration::from_millis(20), &());
        shop.checkout.bind(&()).record(Duration::from_millis(30));
        shop.carts.add(1, &());
        assert_eq!(provider.points("shop.checkout.duration").is_some(), own, "{aliases:?}");
        assert!(provider.points("shop.carts").is_some(), "it has no alias: {aliases:?}");
        let alias = provider.points("hist_checkout_ms");
        assert_eq!(alias.is_some(), other, "{aliases:?}");
        if let Some((unit, description, points)) = alias {
            assert_eq!((unit.as_str(), description.as_str()), ("ms", "How long a checkout takes."));
            assert_eq!(points.get("").copied(), Some((2, 50.0)));
        }
    }
}

#[test]
fn a_timer_records_once_and_a_discarded_one_never() {
    let provider = Provider::install();
    let shop = Shop::new();
    let around = Instant::now();
    let since = Stopwatch::start();
    let timer = shop.checkout.start(());
    let finished = shop.checkout.start(());
    let discarded = shop.checkout.start(());
    // By the clock that never runs backwards, each is at least this, and at most what is around it.
    let inside = Instant::now();
    std::thread::sleep(Duration::from_millis(20));
    let least = inside.elapsed();
    let shown = timer.elapsed();
    assert!((least..=around.elapsed()).contains(&shown), "{shown:?}");
    drop(timer);
    finished.finish(());
    discarded.discard();
    shop.checkout.record_elapsed(&since, &());
    let most = around.elapsed();
    let (count, sum) = provider.points("shop.checkout.duration").unwrap().2[""];
    assert_eq!(count, 3);
    let bounds = least.as_secs_f64() * 3.0 - 1e-6..=most.as_secs_f64() * 3.0 + 1e-6;
    assert!(bounds.contains(&sum), "{sum} is not in {bounds:?}");
}

#[test]
fn text_is_bounded_in_number_and_in_bytes() {
    static LISTED: Names = Names::listed(&["openai", "anthropic"]);
    static FIRST: Names = Names::first(2, 5);
    assert_eq!(LISTED.name("anthropic").as_str(), "anthropic");
    assert_eq!(LISTED.name("other").as_str(), "_OTHER");
    // `é` takes two bytes, of which the fifth would be the first.
    let names = ["abcdéf", "b", "c", "b", "abcdxyz"].map(|name| FIRST.name(name).to_string());
    assert_eq!(names, ["abcd", "b", "_OTHER", "b", "_OTHER"]);
}

#[test]
fn labels_that_are_none_are_left_out() {
    let provider = Provider::install();
    let shop = Shop::new();
    shop.orders.add(1, &Labels::of(Region::Eu, Some("gpt-5-long-name")));
    shop.orders.add(1, &Labels::of(Region::Eu, None));
    let (_, _, points) = provider.points("shop.orders").unwrap();
    let labels: Vec<_> = points.keys().map(String::as_str).collect();
    assert_eq!(labels, ["cached=true,region=eu", "cached=true,region=eu,shop.model=gpt-5-lo"]);
}

#[test]
fn the_first_item_of_a_stream_is_timed_once() {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use futures_util::Stream;

    struct Three(u8);
    impl Stream for Three {
        type Item = u8;
        fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
            self.0 += 1;
            match self.0 {
                1 => Poll::Pending,
                2..5 => Poll::Ready(Some(self.0)),
                _ => Poll::Ready(None),
            }
        }
    }
    let provider = Provider::install();
    let shop = Shop::new();
    let mut cx = Context::from_waker(Waker::noop());
    let mut stream = pin!(shop.checkout.first_item(Three(0), ()));
    let mut empty = pin!(shop.checkout.first_item(Three(4), ()));
    assert_eq!(empty.as_mut().poll_next(&mut cx), Poll::Ready(None));
    assert_eq!(stream.as_mut().poll_next(&mut cx), Poll::Pending);
    assert!(provider.points("shop.checkout.duration").is_none());
    while stream.as_mut().poll_next(&mut cx) != Poll::Ready(None) {}
    assert_eq!(provider.points("shop.checkout.duration").unwrap().2[""].0, 1);
}

#[test]
fn attributes_of_a_request_are_labels_where_the_list_allows_it_and_a_label_of_ones_own_counts() {
    use wirespan::context;

    let provider = Provider::with(|builder| builder.context_to_metrics(["tenant", "region"]));
    let shop = Shop::new();
    let request = context::scope().with("tenant", "acme").with("region", "mars").with("user.id", 7).enter();
    let bound = shop.orders.bind(&Labels::of(Region::Eu, None));
    shop.orders.add(1, &Labels::of(Region::Eu, None));
    bound.record(2);
    drop(request);
    bound.record(4);
    let (_, _, points) = provider.points("shop.orders").unwrap();
    let expected = [("cached=true,region=eu", 4.0), ("cached=true,region=eu,tenant=acme", 3.0)];
    assert_eq!(points, expected.map(|(labels, sum)| (labels.to_owned(), (1, sum))).into());
}
