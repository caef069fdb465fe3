//! The receiver of the benchmark `export`: an OTLP server on loopback that only counts spans.
#![expect(clippy::print_stderr, reason = "a program that people run")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match wirespan_benches::export::receiver::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("receiver: {error}");
            ExitCode::FAILURE
        }
    }
}
