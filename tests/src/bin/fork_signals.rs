//! A program that forks while it measures and logs on other threads, and whose children do the same.
//!
//! `fork_signals <grpc|http> <endpoint> <forks>`: telemetry exports metrics every few milliseconds, so that a fork meets it in the
//! middle of everything. Each child measures and logs what nobody is to see, uses the handle that it has from its parent, installs
//! telemetry of its own, acts [`OF_CHILD`] times and shuts down. The services are called `parent` and `child-<number>`; at the end it
//! prints how often the parent has acted.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "the test that started it reads what it prints")]

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wirespan::export::Otlp;
use wirespan::logs::LogStats;
use wirespan::metrics::{Counter, MetricAttributes, Metrics, Name, Names};
use wirespan::opentelemetry::global;
use wirespan::opentelemetry::metrics::Counter as Other;
use wirespan::{Builder, Telemetry, traced};
use wirespan_tests::forked::in_child;

/// How often each child acts.
const OF_CHILD: u64 = 50;
const PATIENCE: Duration = Duration::from_secs(20);

static NAMES: Names = Names::first(4, 16);
static OTHER: LazyLock<Other<u64>> =
    LazyLock::new(|| global::meter("other").u64_counter("forks.other").build());

#[derive(MetricAttributes)]
struct Labels {
    name: Name,
}

#[derive(Metrics)]
struct Instruments {
    /// Acts.
    #[metric(name = "forks.typed", unit = "{act}")]
    acts: Counter<u64, Labels>,
    /// Acts, by an instrument that is bound.
    #[metric(name = "forks.bound", unit = "{act}")]
    bound: Counter<u64, Labels>,
}

/// One of everything.
#[traced(metrics)]
fn act() {
    static BOUND: LazyLock<wirespan::metrics::Bound<u64>> =
        LazyLock::new(|| Instruments::get().bound.bind(&Labels { name: NAMES.name("one") }));
    let labels = || Labels { name: NAMES.name("one") };
    Instruments::get().acts.add(1, &labels());
    BOUND.record(1);
    OTHER.add(1, &[]);
    tracing::info!("an act");
}

fn builder(protocol: &str, endpoint: &str, service: &str) -> Builder {
    let otlp = if protocol == "grpc" { Otlp::grpc() } else { Otlp::http() };
    let builder = wirespan::builder().otlp(otlp.endpoint(endpoint)).service_name(service.to_owned());
    builder.flush_interval(Duration::from_millis(5)).metric_interval(Duration::from_millis(3))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [protocol, endpoint, forks] = arguments.as_slice() else {
        println!("expected a protocol, an endpoint and a number of forks");
        return;
    };
    let forks: u32 = forks.parse().expect("a number of forks");
    let telemetry = builder(protocol, endpoint, "parent").install().expect("telemetry installs");
    let over = AtomicBool::new(false);
    let acts: u64 = thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut acts = 0;
                    while !over.load(Ordering::Relaxed) {
                        act();
                        acts += 1;
                        if acts % 20 == 0 {
                            thread::sleep(Duration::from_millis(1));
                        }
                    }
                    acts
                })
            })
            .collect();
        act();
        for number in 0..forks {
            in_child(|| {
                child(number, &telemetry, || builder(protocol, endpoint, &format!("child-{number}")));
            });
        }
        over.store(true, Ordering::Relaxed);
        1 + threads.into_iter().map(|thread| thread.join().expect("it does not panic")).sum::<u64>()
    });
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    println!("{acts}");
}

fn child(number: u32, inherited: &Telemetry, builder: impl Fn() -> Builder) {
    // Nobody is to see these: telemetry is the parent's.
    (0..10).for_each(|_| act());
    let start = Instant::now();
    inherited.flush(PATIENCE).expect("there is nothing of the child's to deliver");
    assert!(start.elapsed() < Duration::from_secs(1), "nobody is waited for");
    assert_eq!(inherited.stats().logs, LogStats::default());
    let own = builder().install().expect("telemetry installs in the child");
    (0..OF_CHILD).for_each(|_| act());
    assert_eq!(own.stats().logs.created, OF_CHILD, "child {number}");
    let report = own.shutdown(PATIENCE).expect("nothing is lost");
    assert_eq!(report.delivered, OF_CHILD, "{report}");
}
