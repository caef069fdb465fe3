//! One case of the benchmark `export`, in a process of its own, sent to where the environment says.
//!
//! Usage: `export_stack <stack> <grpc|http> <paced|burst|timed> <spans>`, with `OTEL_EXPORTER_OTLP_ENDPOINT` and
//! `OTEL_EXPORTER_OTLP_PROTOCOL`; it prints what it measured of itself. By itself it is what a profiler runs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people run")]

use std::env;
use std::process::ExitCode;

use wirespan_benches::Result;
use wirespan_benches::export::case::Case;
use wirespan_benches::export::run::{Load, arguments};
use wirespan_benches::export::{dead, run};

fn main() -> ExitCode {
    match measured() {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measured() -> Result<String> {
    let given: Vec<String> = env::args().skip(1).collect();
    match arguments(&given)? {
        (stack, protocol, Load::At(pace), spans) => run::in_child(Case { pace, protocol, stack }, spans),
        (_, _, Load::Timed, spans) => dead::in_child(spans),
    }
}
