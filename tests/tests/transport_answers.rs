//! T11, T12: answers that are bombs, of another kind, or name another place. They are read to a bound, never followed, and never
//! make a request that arrived be made again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use wirespan::export::Compression;
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Receiver, Script};

const MIB: u64 = 1024 * 1024;
const ANSWERS: [Answer; 3] =
    [Answer::GiantBody(1024 * MIB), Answer::Bomb(64 * MIB), Answer::WrongType("text/html")];

#[test]
fn an_answer_without_an_end_is_read_to_a_bound_and_the_request_is_not_made_again() {
    for answer in ANSWERS {
        for protocol in PROTOCOLS {
            for compression in [Compression::None, Compression::Gzip] {
                let what = format!("{answer:?} {protocol:?} {compression:?}");
                let receiver = Receiver::with(Script::first([answer.clone()]));
                let run = Run::new(&what);
                let pipe = Pipe::with(otlp(protocol, &receiver).compression(compression), |builder| {
                    builder.flush_interval(PATIENCE)
                });
                run.record_range(0..10);
                let _ = pipe.flush(PATIENCE);
                let stats = pipe.stats();
                let settled = stats.acknowledged + stats.dropped.export_failed;
                assert_eq!((settled, stats.pending()), (10, 0), "{what}: {stats:?}");
                run.record_range(10..20);
                pipe.flush(PATIENCE).unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(receiver.asked_at().len(), 2, "{what}");
                run.judge(1, 20, &receiver.spans()).is_perfect();
            }
        }
    }
}

/// In a process of its own: the receiver takes memory, too.
#[test]
#[cfg(target_os = "linux")]
fn an_answer_without_an_end_takes_no_more_than_8_mib_of_memory() {
    use std::process::Command;

    for answer in ANSWERS {
        for protocol in ["grpc", "http/protobuf"] {
            for compression in ["none", "gzip"] {
                let what = format!("{answer:?} {protocol} {compression}");
                let receiver = Receiver::with(Script::first([Answer::Take, answer.clone()]));
                let output = Command::new(env!("CARGO_BIN_EXE_child"))
                    .args(["10", "peak"])
                    .env_clear()
                    .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
                    .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
                    .env("OTEL_EXPORTER_OTLP_COMPRESSION", compression)
                    .env("OTEL_BSP_SCHEDULE_DELAY", "60000")
                    .env("OTEL_METRICS_EXPORTER", "none")
                    .output()
                    .unwrap();
                let said = String::from_utf8(output.stdout).unwrap();
                let peaks = said.lines().find_map(|line| line.strip_prefix("peak: ")).unwrap();
                let peaks: Vec<u64> = peaks.split(' ').map(|peak| peak.parse().unwrap()).collect();
                assert_eq!(receiver.asked_at().len(), 2, "{what}");
                assert!(peaks[0] > 0 && peaks[1] - peaks[0] < 8 * 1024, "{what}: {peaks:?} KiB");
            }
        }
    }
}

#[test]
fn a_redirect_is_not_followed_and_the_other_place_hears_nothing() {
    for protocol in PROTOCOLS {
        for status in [301, 302, 303, 307, 308] {
            let elsewhere = Receiver::start();
            let to = format!("{}/v1/traces", elsewhere.endpoint());
            let receiver = Receiver::with(Script::always(Answer::Redirect(status, to)));
            let pipe = Pipe::with(otlp(protocol, &receiver).header("x-api-key", "canary"), |builder| {
                builder.flush_interval(PATIENCE)
            });
            Run::new("T12").record_range(0..10);
            let error = pipe.flush(PATIENCE).unwrap_err();
            assert_eq!(error.report().unwrap().dropped.export_failed, 10, "{protocol:?} {status}: {error}");
            assert_eq!((elsewhere.connections(), elsewhere.raw().len()), (0, 0), "{protocol:?} {status}");
            assert_eq!(receiver.asked_at().len(), 1, "{protocol:?} {status} is final");
        }
    }
}
