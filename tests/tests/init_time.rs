//! T1: `wirespan::init()` returns in less than 50 ms, in a fresh process, whether or not anybody listens at its endpoints.
//!
//! Of several processes the fastest counts: what a busy machine adds is nothing that `init` waits for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::process::Command;
use std::time::Duration;

use wirespan_tests::receiver::Receiver;

const LIMIT: Duration = Duration::from_millis(50);
const PROCESSES: usize = 12;

/// The time that `init` takes in a process with these variables and no others.
fn time(variables: &[(&str, &str)]) -> Duration {
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .args(["0", "time", "0"])
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("it starts");
    let said = String::from_utf8(output.stdout).expect("text");
    let micros = said.lines().find_map(|line| line.strip_prefix("installed in: ")?.parse().ok());
    Duration::from_micros(micros.unwrap_or_else(|| panic!("{variables:?}: {said}")))
}

fn is_fast(variables: &[(&str, &str)]) {
    let mut fastest = Duration::MAX;
    for _ in 0..PROCESSES {
        fastest = fastest.min(time(variables));
        if fastest < LIMIT {
            return;
        }
    }
    panic!("{variables:?}: {fastest:?} at the least, of {PROCESSES} processes");
}

#[test]
fn init_returns_at_once_without_an_endpoint() {
    is_fast(&[]);
}

#[test]
fn init_returns_at_once_where_the_endpoint_is_down() {
    let receiver = Receiver::down();
    for protocol in ["grpc", "http/protobuf"] {
        is_fast(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.endpoint()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ]);
    }
}

#[test]
fn init_returns_at_once_where_the_endpoint_has_no_address() {
    for protocol in ["grpc", "http/protobuf"] {
        is_fast(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://nowhere.invalid:4317"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ]);
    }
}
