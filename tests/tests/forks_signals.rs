//! A process forks while it measures and logs on other threads: nobody hangs, and each process exports what is its own, once.
//!
//! Twelve forks with each protocol; `WIRESPAN_FORKS=1000` says otherwise.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::resource::v1::Resource;
use wirespan_tests::receiver::logs::ReceivedLogs;
use wirespan_tests::receiver::metrics::{Measured, Points};
use wirespan_tests::receiver::{Protocol, Receiver};

/// How often each child acts, as `src/bin/fork_signals.rs` has it.
const OF_CHILD: u64 = 50;

/// What each act measures, by each way to measure.
const METRICS: [&str; 4] = ["forks.typed", "forks.bound", "forks.other", "wirespan.function.duration"];

fn service(resource: Option<&Resource>) -> String {
    let attributes = resource.map(|resource| &resource.attributes).expect("a resource");
    let name = attributes.iter().find(|pair| pair.key == "service.name").expect("a name");
    match name.value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(name)) => name.clone(),
        other => panic!("a text: {other:?}"),
    }
}

/// The last value of each metric, by service and name: the highest, since requests may overtake each other.
fn measured(receiver: &Receiver) -> BTreeMap<(String, String), u64> {
    let mut measured: BTreeMap<(String, String), u64> = BTreeMap::new();
    for request in receiver.received_metrics() {
        let resource = request.request.resource_metrics.first().and_then(|first| first.resource.as_ref());
        let service = service(resource);
        for point in Points::from_request(&request).0 {
            if !METRICS.contains(&point.name.as_str()) {
                continue;
            }
            let value = match point.value {
                Measured::Int(value) => u64::try_from(value).expect("it counts"),
                Measured::Histogram(count, ..) => count,
                other => panic!("a count: {other:?}"),
            };
            let of = measured.entry((service.clone(), point.name)).or_default();
            *of = value.max(*of);
        }
    }
    measured
}

fn logged(receiver: &Receiver) -> BTreeMap<String, u64> {
    let mut logged = BTreeMap::new();
    for request in receiver.received_logs() {
        let resource = request.request.resource_logs.first().and_then(|first| first.resource.as_ref());
        *logged.entry(service(resource)).or_default() += ReceivedLogs::records(&request).count() as u64;
    }
    logged
}

#[test]
fn parents_and_children_export_the_metrics_and_logs_that_are_theirs() {
    let forks = std::env::var("WIRESPAN_FORKS").unwrap_or_else(|_| "12".to_owned());
    let children: u64 = forks.parse().expect("a number");
    for protocol in [Protocol::Grpc, Protocol::Http] {
        let receiver = Receiver::start();
        let name = if protocol == Protocol::Grpc { "grpc" } else { "http" };
        let output = Command::new(env!("CARGO_BIN_EXE_fork_signals"))
            .args([name, &receiver.endpoint(), &forks])
            .env_clear()
            // Nothing is to be lost, however slow the machine is.
            .env("OTEL_BLRP_MAX_QUEUE_SIZE", "200000")
            .stderr(Stdio::inherit())
            .output()
            .expect("it starts");
        assert!(output.status.success(), "{name}: {}", output.status);
        let acts: u64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
        let mut expected: BTreeMap<String, u64> =
            (0..children).map(|number| (format!("child-{number}"), OF_CHILD)).collect();
        expected.insert("parent".to_owned(), acts);
        assert_eq!(logged(&receiver), expected, "{name}");
        let of_each = expected.iter().flat_map(|(service, acts)| {
            METRICS.iter().map(move |metric| ((service.clone(), (*metric).to_owned()), *acts))
        });
        assert_eq!(measured(&receiver), of_each.collect(), "{name}");
    }
}
