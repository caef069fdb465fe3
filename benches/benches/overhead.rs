//! What a span costs its caller, beside the peers.
//!
//! `cargo bench -p wirespan-benches --bench overhead` runs `BENCH_ROUNDS` rounds (12), with `-- --quick` two; prints a table
//! and the targets; writes `target/overhead.json`. Ends with an error when a stack failed or lost spans; a missed target is
//! printed and is no error. Without `--bench` (`cargo test --benches`) it only tries every stack once and writes nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people run")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use wirespan_benches::allocations::Counting;
use wirespan_benches::round::{CHILD, Results, Size, run_all, run_child};
use wirespan_benches::{Result, report};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    if let [first, child @ ..] = arguments
        && first == CHILD
    {
        println!("{}", run_child(child)?);
        return Ok(ExitCode::SUCCESS);
    }
    let size = size(arguments)?;
    let results = run_all(size.unwrap_or(SMOKE), |round| eprintln!("round {round}"));
    println!("{}", report::table(&results));
    if size.is_some() {
        print_targets(&results);
        let path = json_path();
        write(&path, &report::json(&results))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        println!("\nwritten to {}", path.display());
    }
    Ok(if results.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Proves that every stack runs and loses nothing.
const SMOKE: Size = Size { rounds: 1, warm: 1, measured: 1 };

/// What is to be measured; `None` when the program was not started by `cargo bench`.
fn size(arguments: &[String]) -> Result<Option<Size>> {
    let given = |flag| arguments.iter().any(|argument| argument == flag);
    let rounds = match env::var("BENCH_ROUNDS") {
        _ if given("--quick") => 2,
        Ok(rounds) => rounds.parse().map_err(|_| format!("BENCH_ROUNDS is not a number: `{rounds}`"))?,
        Err(_) => 12,
    };
    Ok((given("--bench") || given("--quick")).then_some(Size { rounds, warm: 3, measured: 12 }))
}

fn print_targets(results: &Results) {
    println!("{}\n", report::Target::heading());
    for target in report::targets() {
        println!("{}", target.line(results));
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// In the workspace's own target folder, wherever cargo puts what it builds.
fn json_path() -> PathBuf {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    workspace.canonicalize().unwrap_or(workspace).join("target/overhead.json")
}
