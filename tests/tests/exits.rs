//! P9: however a program ends, what it recorded is delivered, or on disk for the next process.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::process::Command;

use wirespan_tests::PATIENCE;
use wirespan_tests::receiver::Receiver;

fn child(arguments: &[&str], variables: &[(&str, &str)]) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    let output = command.args(arguments).env_clear().envs(variables.iter().copied()).output();
    output.expect("it starts").status.code()
}

#[test]
fn every_way_to_end_in_an_orderly_manner_delivers() {
    for (ending, code) in [("exit", 0), ("forget", 0), ("drop", 0), ("panic", 101)] {
        for protocol in ["grpc", "http/protobuf"] {
            let receiver = Receiver::start();
            let endpoint = receiver.endpoint();
            let variables =
                [("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)];
            assert_eq!(child(&["10", ending], &variables), Some(code), "{ending}");
            assert_eq!(receiver.spans().len(), 20, "{ending} {protocol}");
        }
    }
}

#[test]
fn without_a_receiver_it_is_on_disk_for_the_next_process() {
    let folder = std::env::temp_dir().join(format!("wirespan-exits-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let receiver = Receiver::down();
    let endpoint = receiver.endpoint();
    let spool = folder.to_str().expect("a path");
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint), ("WIRESPAN_SPOOL_DIR", spool)];
    for ending in ["exit", "forget", "drop", "panic"] {
        let _ = child(&["10", ending], &variables);
    }
    receiver.come_up();
    assert_eq!(child(&["0", "end"], &variables), Some(0));
    assert_eq!(receiver.wait_for(80, PATIENCE).len(), 80, "those of the four before, and none twice");
    let _ = fs::remove_dir_all(&folder);
}
