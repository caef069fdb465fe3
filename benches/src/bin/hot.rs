//! One stack and one case, so many spans, and no timing: for counting instructions.
//!
//! Usage: `hot <stack> <case> <spans>`. Only the bursts are to be counted: process start calibrates clocks, which takes a
//! different number of instructions each time. Warm-up is in every count, so count twice and take the difference:
//!
//! ```text
//! cargo build --release -p wirespan-benches --bin hot
//! for n in 4000 12000; do
//!     valgrind --tool=callgrind --separate-threads=yes --toggle-collect='*stack::Stack>::burst' \
//!         --callgrind-out-file=hot.$n.out target/release/hot fastrace sync2 $n
//!     grep ^totals hot.$n.out-01
//! done
//! ```
//!
//! Thread 1 (`hot.<n>.out-01`) is the caller's; instructions per span are the difference of the two totals by 8,000.
#![expect(clippy::print_stderr, reason = "a program that people run")]

use std::env;
use std::process::ExitCode;

use wirespan_benches::Result;
use wirespan_benches::burst::CALLS;
use wirespan_benches::case::Case;
use wirespan_benches::exporter::Arrived;
use wirespan_benches::round::check_delivery;
use wirespan_benches::stack::Name;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hot: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let [stack, case, spans] = arguments else { return Err("usage: hot <stack> <case> <spans>".into()) };
    let (stack, case, spans): (Name, Case, u32) = (stack.parse()?, case.parse()?, spans.parse()?);
    let bursts = spans.div_ceil(CALLS);
    let arrived = Arrived::default();
    let running = stack.set_up(&arrived)?;
    for _ in 0..bursts {
        running.burst(case, CALLS);
        running.flush()?;
    }
    check_delivery(stack, &arrived, u64::from(bursts), CALLS)
}
