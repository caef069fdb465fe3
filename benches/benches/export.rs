//! What it costs to deliver spans, beside the peers and their exporters.
//!
//! `cargo bench -p wirespan-benches --bench export` sends 1,000,000 spans in each case, with `-- --quick` 50,000. A burst is over in less
//! than a second, so those of the two stacks that are compared are run five times, by turns; the median by CPU time counts. Prints a
//! table and the targets; writes `target/export.json`. Ends with an error when a case failed, or when wirespan lost spans; any
//! other missed target is printed and is no error. Without `--bench` (`cargo test --benches`) it does nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people run")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use wirespan_benches::Result;
use wirespan_benches::export::case::{Case, Stack};
use wirespan_benches::export::load::{QUICK_SPANS, SPANS};
use wirespan_benches::export::run::{Binaries, Outcome, Outcomes, case};
use wirespan_benches::export::{dead, report};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let given = |flag| arguments.iter().any(|argument| argument == flag);
    let (spans, rounds, bursts) = match (given("--bench"), given("--quick")) {
        (_, true) => (QUICK_SPANS, 1, 1),
        (true, false) => (SPANS, 2, 5),
        (false, false) => return ExitCode::SUCCESS,
    };
    match run(spans, rounds, bursts) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(spans: u32, rounds: u32, bursts: u32) -> Result<()> {
    let binaries = Binaries {
        receiver: Path::new(env!("CARGO_BIN_EXE_export_receiver")),
        stack: Path::new(env!("CARGO_BIN_EXE_export_stack")),
    };
    let mut all = BTreeMap::<Case, Vec<Outcome>>::new();
    for burst in 0..bursts {
        for one in Case::all().filter(|one| burst == 0 || one.is_compared_burst()) {
            eprintln!("{one}");
            all.entry(one).or_default().push(case(binaries, one, spans)?);
        }
    }
    let lost = all.iter().find(|(case, outcomes)| {
        case.stack == Stack::Wirespan && outcomes.iter().any(|outcome| outcome.lost() > 0)
    });
    let lost = lost.map(|(case, _)| format!("{case} lost spans"));
    let outcomes: Outcomes =
        all.into_iter().filter_map(|(case, outcomes)| Some((case, median(outcomes)?))).collect();
    eprintln!("dead");
    let latency = dead::measure(binaries, spans, rounds)?;
    println!("{}\n{}", report::table(&outcomes), report::targets(&outcomes, latency));
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let path = workspace.join("target/export.json");
    fs::write(&path, report::json(&outcomes))?;
    println!("\nwritten to {}", path.display());
    lost.map_or(Ok(()), |lost| Err(lost.into()))
}

/// The one in the middle by CPU time, with the most memory that any took.
fn median(mut outcomes: Vec<Outcome>) -> Option<Outcome> {
    outcomes.sort_by(|one, other| one.cpu_ns_per_delivered().total_cmp(&other.cpu_ns_per_delivered()));
    let peak_rss = outcomes.iter().map(|outcome| outcome.peak_rss).max()?;
    let middle = outcomes.get(outcomes.len() / 2)?;
    Some(Outcome { peak_rss, ..*middle })
}
