//! A small program that the tests start with an environment of their choice. It says on standard output what happened.
//!
//! `child <calls> [drop|linger|flush|headers|config|time|limits|context|measure|peak|exit|forget|panic|end] [seconds]`: each call makes a span with one child. At the end the handle is shut down,
//! which may take so many seconds (30), or dropped; with `linger` it takes its time, 10 ms a call, and waits before the end until
//! its standard input is closed, with `flush` it flushes first, with `peak` it flushes twice and says how much memory it had before and behind the second time; with `headers` it says which headers OpenTelemetry's global propagator is for, and gives it a bad one,
//! with `time` how long `init` took, with `measure` it also measures and logs, with `context` which of a request's attributes go where, with `config` what its configuration is; with `limits` it makes two large
//! spans.
#![allow(clippy::print_stdout, reason = "the test that started it reads what it prints")]

use std::collections::HashMap;
use std::io::Read as _;
use std::time::{Duration, Instant};

use wirespan::opentelemetry::KeyValue;
use wirespan::opentelemetry::global::{self, get_text_map_propagator};
use wirespan::opentelemetry::trace::{Span as _, Tracer as _};
use wirespan::{context, traced};

#[traced]
fn outer(number: u64) -> u64 {
    inner(number) + 1
}

#[traced]
fn inner(number: u64) -> u64 {
    number * 2
}

/// The most memory that this process had so far, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

/// Which keys metrics have, and the baggage that goes out where `c` came in.
fn say_context() {
    let came = HashMap::from([("baggage".to_owned(), "c=3".to_owned())]);
    let mut goes = HashMap::new();
    let _came = get_text_map_propagator(|propagator| propagator.extract(&came)).attach();
    let _request = context::scope().with("a", 1).with("b", 2).enter();
    get_text_map_propagator(|propagator| propagator.inject(&mut goes));
    let keys = |pairs: &[KeyValue]| pairs.iter().map(|pair| pair.key.to_string()).collect::<Vec<_>>();
    let (metrics, all) = (context::for_metrics(keys), context::for_logs(keys));
    println!("context: {all:?} metrics: {metrics:?} baggage: {:?}.", goes.get("baggage"));
}

/// Measurements, and an event that becomes a log record.
fn measure() {
    let meter = global::meter("shop");
    let orders = meter.u64_counter("shop.orders").build();
    for number in 0..6 {
        let labels = [KeyValue::new("channel", "web"), KeyValue::new("user", i64::from(number))];
        orders.add(1, &labels);
    }
    let wait = meter.f64_histogram("shop.wait").with_unit("s").build();
    for time in [0.3, 30.0] {
        wait.record(time, &[]);
    }
    meter.u64_counter("shop.noise").build().add(1, &[]);
    tracing::info!(first = "abcdefgh", second = 2, third = 3, "placed");
}

/// A span with more than limits let through, and one that another crate might make.
fn many() {
    #[traced]
    fn ours(first: &str, second: u8, third: u8) -> u8 {
        for _ in 0..3 {
            wirespan::event!("step", first = first, second = second);
        }
        second + third
    }

    ours("abcdefgh", 2, 3);
    let mut theirs = global::tracer("other").start("theirs");
    for number in 0..6 {
        theirs.set_attribute(KeyValue::new(format!("key.{number}"), "abcdefgh"));
    }
    theirs.add_event("step", vec![KeyValue::new("a", "abcdefgh"), KeyValue::new("b", 1)]);
    theirs.add_event("step", Vec::new());
    theirs.end();
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let calls = arguments.next().and_then(|calls| calls.parse().ok()).unwrap_or(1);
    let ending = arguments.next().unwrap_or_default();
    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(30);
    let began = Instant::now();
    let telemetry = match wirespan::init() {
        Ok(telemetry) => telemetry,
        Err(error) => {
            println!("refused: configuration={} {error} | {error:?}", error.is_configuration());
            return;
        }
    };
    let took = began.elapsed();
    println!("enabled: {}", telemetry.is_enabled());
    if ending == "time" {
        println!("installed in: {}", took.as_micros());
    }
    if ending == "limits" {
        many();
    }
    if ending == "measure" {
        measure();
    }
    if ending == "config" {
        println!("{}", telemetry.config());
    }
    if ending == "headers" {
        let headers = get_text_map_propagator(|propagator| propagator.fields().collect::<Vec<_>>().join(" "));
        println!("headers: {headers}.");
        let bad = HashMap::from([("traceparent".to_owned(), "00-canary-canary-01".to_owned())]);
        get_text_map_propagator(|propagator| drop(propagator.extract(&bad)));
    }
    if ending == "context" {
        say_context();
    }
    for number in 0..calls {
        outer(number);
        if ending == "linger" {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    if ending == "linger" {
        println!("recorded");
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
    }
    if ending == "flush" {
        println!("flushed: {:?}", telemetry.flush(Duration::from_secs(seconds)));
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
    }
    if ending == "peak" {
        let _ = telemetry.flush(Duration::from_secs(seconds));
        let before = peak();
        outer(calls);
        let _ = telemetry.flush(Duration::from_secs(seconds));
        println!("peak: {before} {}", peak());
    }
    if ending == "exit" {
        std::process::exit(0);
    }
    if ending == "forget" {
        Box::leak(Box::new(telemetry));
        return;
    }
    if ending == "panic" {
        let _telemetry = telemetry;
        std::panic::resume_unwind(Box::new("in main"));
    }
    if ending == "drop" {
        drop(telemetry);
        println!("dropped");
        return;
    }
    match telemetry.shutdown(Duration::from_secs(seconds)) {
        Ok(report) => println!("delivered: {report}"),
        Err(error) => println!("lost: loss={} {error}", error.is_loss()),
    }
}
