//! What it costs to deliver spans, beside the peers and their exporters.
//!
//! `cargo bench -p wirespan-benches --bench export` sends 1,000,000 spans in each case, with `-- --quick` 50,000; prints a
//! table and the targets; writes `target/export.json`. Ends with an error when a case failed, or when wirespan lost spans; any
//! other missed target is printed and is no error. Without `--bench` (`cargo test --benches`) it does nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people run")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use wirespan_benches::Result;
use wirespan_benches::export::case::{Case, Stack};
use wirespan_benches::export::load::{QUICK_SPANS, SPANS};
use wirespan_benches::export::run::{Binaries, Outcomes, case};
use wirespan_benches::export::{dead, report};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let given = |flag| arguments.iter().any(|argument| argument == flag);
    let (spans, rounds) = match (given("--bench"), given("--quick")) {
        (_, true) => (QUICK_SPANS, 1),
        (true, false) => (SPANS, 2),
        (false, false) => return ExitCode::SUCCESS,
    };
    match run(spans, rounds) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(spans: u32, rounds: u32) -> Result<()> {
    let binaries = Binaries {
        receiver: Path::new(env!("CARGO_BIN_EXE_export_receiver")),
        stack: Path::new(env!("CARGO_BIN_EXE_export_stack")),
    };
    let mut outcomes = Outcomes::new();
    for one in Case::all() {
        eprintln!("{one}");
        outcomes.insert(one, case(binaries, one, spans)?);
    }
    eprintln!("dead");
    let latency = dead::measure(binaries, spans, rounds)?;
    println!("{}\n{}", report::table(&outcomes), report::targets(&outcomes, latency));
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let path = workspace.join("target/export.json");
    fs::write(&path, report::json(&outcomes))?;
    println!("\nwritten to {}", path.display());
    let lost = outcomes.iter().find(|(case, outcome)| case.stack == Stack::Wirespan && outcome.lost() > 0);
    match lost {
        Some((case, outcome)) => Err(format!("{case} lost {} spans", outcome.lost()).into()),
        None => Ok(()),
    }
}
