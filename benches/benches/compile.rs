//! What `#[traced]` costs to compile, beside the peers' attributes.
//!
//! `cargo bench -p wirespan-benches --bench compile` writes crates with 1,000 functions into `target/compile`, checks and
//! builds each `BENCH_ROUNDS` times (5), prints a table and the targets, and writes `target/compile.json`; with `-- --quick`
//! it is 100 functions and one round, which proves that everything compiles and measures little. Ends with an error when a
//! crate does not compile; a missed target is printed and is no error. Without `--bench` it does nothing but write sources.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people run")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use wirespan_benches::Result;
use wirespan_benches::compile::{measure, report, source};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let given = |flag| arguments.iter().any(|argument| argument == flag);
    let (functions, rounds) = match env::var("BENCH_ROUNDS") {
        _ if given("--quick") => (100, 1),
        Ok(rounds) => {
            (1000, rounds.parse().map_err(|_| format!("BENCH_ROUNDS is not a number: `{rounds}`"))?)
        }
        Err(_) => (1000, 5),
    };
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let folder = source::write_all(&workspace, functions)?;
    if !given("--bench") && !given("--quick") {
        return Ok(());
    }
    let costs = measure::run_all(&folder, rounds, |what| eprintln!("{what}"))?;
    println!("{}\n{}", report::table(&costs, functions), report::targets(&costs));
    let path = workspace.join("target/compile.json");
    fs::write(&path, report::json(&costs))?;
    println!("written to {}", path.display());
    Ok(())
}
