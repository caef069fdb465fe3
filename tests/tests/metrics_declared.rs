//! Everything that is declared anywhere in this program is fed, and arrives in its declared unit: the list is the code's own
//! (`metrics::instruments`), so an instrument that is added later and never fed fails here.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use wirespan::metrics::{
    Counter, Declared, Gauge, Histogram, MetricAliases, MetricAttributes, MetricValue, Metrics, Names,
    UpDownCounter, instruments,
};
use wirespan::traced;
use wirespan_tests::delivery::{PROTOCOLS, otlp};
use wirespan_tests::receiver::Receiver;
use wirespan_tests::receiver::metrics::{Measured, Point};
use wirespan_tests::{PATIENCE, turn};

#[derive(MetricValue)]
enum Outcome {
    Paid,
}

static MODELS: Names = Names::first(4, 16);

#[derive(MetricAttributes)]
struct Labels {
    outcome: Outcome,
    model: wirespan::metrics::Name,
}

/// An instrument of each kind and number, with and without another name.
#[derive(Metrics)]
struct Program {
    /// Orders.
    #[metric(name = "program.orders", unit = "{order}", alias = "count_orders", alias_unit = "1")]
    orders: Counter<u64, Labels>,
    /// What was earned.
    #[metric(name = "program.earned", unit = "{USD}")]
    earned: Counter<f64>,
    /// Carts that are open.
    #[metric(name = "program.carts", unit = "{cart}")]
    carts: UpDownCounter<i64>,
    /// The load.
    #[metric(name = "program.load", unit = "1")]
    load: UpDownCounter<f64>,
    /// The stock.
    #[metric(name = "program.stock", unit = "{item}")]
    stock: Gauge<u64>,
    /// The temperature.
    #[metric(name = "program.temperature", unit = "Cel", alias = "gauge_temperature", alias_unit = "Cel")]
    temperature: Gauge<i64>,
    /// The price.
    #[metric(name = "program.price", unit = "{EUR}")]
    price: Gauge<f64>,
    /// Time to the first token.
    #[metric(name = "program.first_token", unit = "s", alias = "hist_ttft_ms", alias_unit = "ms")]
    first_token: Histogram<Duration>,
    /// Tokens of an answer.
    #[metric(name = "program.tokens", unit = "{token}")]
    tokens: Histogram<u64>,
    /// The size of a file.
    #[metric(name = "program.size", unit = "By")]
    size: Histogram<f64>,
    /// The cost of an answer.
    #[metric(name = "program.cost", unit = "{USD}")]
    cost: Histogram<f64>,
}

#[traced(metrics)]
fn called(number: u64, api_key: &str) -> usize {
    api_key.len() + usize::try_from(number).unwrap_or_default()
}

/// Feeds all that this program declares, and lets the crate measure itself.
fn run() {
    let program = Program::get();
    program.orders.add(1, &Labels { outcome: Outcome::Paid, model: MODELS.name("small") });
    program.earned.add(2.5, &());
    // Refused, and counted.
    program.earned.add(f64::NAN, &());
    program.carts.add(-1, &());
    program.load.add(0.5, &());
    program.stock.record(3, &());
    program.temperature.record(-4, &());
    program.price.record(9.99, &());
    program.first_token.record(Duration::from_millis(20), &());
    program.tokens.record(300, &());
    program.size.bind(&()).record(2048.0);
    program.cost.record(0.0125, &());
    called(7, "k-1");
    tracing::info!("a record");
}

/// Names that are to arrive, with what was declared.
fn expected(
    declared: &[Declared],
    aliases: MetricAliases,
) -> BTreeMap<&'static str, (&'static str, Declared)> {
    let mut names = BTreeMap::new();
    for instrument in declared {
        let alias = instrument.alias().filter(|_| aliases != MetricAliases::Off);
        if alias.is_none() || aliases == MetricAliases::Also {
            names.insert(instrument.name(), (instrument.unit(), *instrument));
        }
        names.extend(alias.map(|(name, unit)| (name, (unit, *instrument))));
    }
    names
}

fn is_sound(point: &Point) -> bool {
    match &point.value {
        Measured::Int(_) => true,
        Measured::Double(value) => value.is_finite(),
        Measured::Histogram(count, sum, bounds, counts) => {
            let fits = bounds.len() + 1 == counts.len() && counts.iter().sum::<u64>() == *count;
            *count > 0 && sum.is_finite() && !bounds.is_empty() && fits
        }
        Measured::Exponential(count, sum) => *count > 0 && sum.is_finite(),
    }
}

#[test]
fn everything_that_is_declared_arrives_in_its_unit_under_the_names_that_count() {
    let _turn = turn();
    let declared: Vec<Declared> = instruments().collect();
    assert!(instruments().is_complete());
    let names: BTreeSet<_> = declared.iter().map(Declared::name).collect();
    assert_eq!(names.len(), declared.len(), "two instruments have one name");
    for known in ["program.tokens", "otel.sdk.span.started", "otel.sdk.log.created", "process.cpu.time"] {
        assert!(names.contains(known), "{known} is not in the list");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    for protocol in PROTOCOLS {
        for aliases in [MetricAliases::Off, MetricAliases::Also, MetricAliases::Instead] {
            let receiver = Receiver::start();
            let telemetry = {
                let _inside = runtime.enter();
                let builder = wirespan::builder().otlp(otlp(protocol, &receiver)).metric_aliases(aliases);
                builder.tokio_metrics().process_metrics().install().expect("it installs")
            };
            run();
            // The second flush says what the first one did.
            telemetry.flush(PATIENCE).expect("it is delivered");
            telemetry.shutdown(PATIENCE).expect("it is delivered");
            let points = receiver.metrics();
            let expected = expected(&declared, aliases);
            for (name, (unit, declared)) in &expected {
                let of = points.named(name);
                assert!(!of.0.is_empty(), "{name} is declared and has no data point ({aliases:?})");
                for point in of.0 {
                    assert_eq!(
                        (&*point.unit, &*point.description),
                        (*unit, declared.description()),
                        "{name}"
                    );
                    assert_eq!(&*point.scope, declared.scope(), "{name}");
                    assert!(is_sound(&point), "{point:?}");
                }
            }
            let arrived: BTreeSet<_> = points.0.iter().map(|point| point.name.as_str()).collect();
            let unknown: Vec<_> = arrived.iter().filter(|name| !expected.contains_key(*name)).collect();
            assert!(unknown.is_empty(), "{unknown:?} arrive and are not declared ({aliases:?})");
        }
    }
}

#[test]
fn buckets_fit_what_is_measured_and_nothing_is_rounded_away() {
    let _turn = turn();
    let receiver = Receiver::start();
    let builder = wirespan::builder().otlp(otlp(PROTOCOLS[0], &receiver)).metric_aliases(MetricAliases::Also);
    let telemetry = builder.install().expect("it installs");
    let program = Program::get();
    for first in [Duration::from_micros(20), Duration::from_secs(45), Duration::from_secs(300)] {
        program.first_token.record(first, &());
    }
    for tokens in [3, 900, 2_000_000] {
        program.tokens.record(tokens, &());
    }
    for size in [100.0, 5e6, 1e9] {
        program.size.record(size, &());
    }
    for cost in [0.0003, 0.07, 20.0] {
        program.cost.record(cost, &());
    }
    telemetry.shutdown(PATIENCE).expect("it is delivered");
    let points = receiver.metrics();
    let sums = [
        ("program.first_token", 345.00002),
        ("hist_ttft_ms", 345_000.02),
        ("program.tokens", 2_000_903.0),
        ("program.size", 1_005_000_100.0),
        ("program.cost", 20.0703),
    ];
    for (name, expected) in sums {
        let Measured::Histogram(count, sum, _, counts) = points.named(name).last().value.clone() else {
            panic!("{name} is a histogram");
        };
        assert_eq!(count, 3);
        assert!((sum - expected).abs() < expected * 1e-9, "{name}: {sum}");
        // Three sizes of three kinds: none shares a bucket with another, and none is above the last bound.
        assert_eq!(counts.iter().filter(|count| **count == 1).count(), 3, "{name}: {counts:?}");
        assert_eq!(counts.last(), Some(&0), "{name}: {counts:?}");
    }
}
