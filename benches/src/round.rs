//! One stack in a process of its own (the child's side), and all stacks in random order, again and again (the parent's).
//!
//! The child runs every case and prints one line for each, `<case> <min> <median> <allocations>`; it fails when a sampled
//! stack has not exported every span. The parent starts the same binary with `--child` and the names of stack and sizes.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::process::Command;

use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use rand::seq::SliceRandom as _;

use crate::burst::{Burst, CALLS, Cost};
use crate::case::Case;
use crate::exporter::Arrived;
use crate::stack::Name;
use crate::{Error, Result};

/// The argument that makes the binary a child.
pub const CHILD: &str = "--child";

/// How much of everything is measured.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Rounds, each with every stack.
    pub rounds: u32,
    /// Bursts per case and round that only warm up.
    pub warm: u32,
    /// Bursts per case and round that are measured.
    pub measured: u32,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Results {
    /// What each stack cost in each case.
    pub costs: BTreeMap<(Case, Name), Cost>,
    /// Stacks that did not export everything, or failed otherwise, and how. They have no costs.
    pub failures: BTreeMap<Name, String>,
}

impl Results {
    /// What `stack` cost in `case`, unless it failed.
    pub fn cost(&self, case: Case, stack: Name) -> Option<Cost> {
        self.costs.get(&(case, stack)).copied()
    }
}

/// The child's side: `arguments` are those after [`CHILD`]. Returns what it has to print.
///
/// # Errors
/// When the stack cannot be set up, or has lost spans.
pub fn run_child(arguments: &[String]) -> Result<String> {
    let [stack, warm, measured] = arguments else { return Err("a child needs a stack and two sizes".into()) };
    let (stack, warm, measured): (Name, u32, u32) = (stack.parse()?, warm.parse()?, measured.parse()?);
    let arrived = Arrived::default();
    let running = stack.set_up(&arrived)?;
    let mut lines = Vec::new();
    let mut bursts_run = 0;
    for case in Case::ALL {
        let mut bursts: Vec<Burst> = Vec::new();
        for n in 0..warm + measured {
            let burst = running.burst(case, CALLS);
            running.flush()?;
            bursts_run += 1;
            if n >= warm {
                bursts.push(burst);
            }
        }
        let cost = Cost::of_bursts(&bursts).ok_or("no burst was measured")?;
        lines.push(format!("{case} {} {} {}", cost.min, cost.median, cost.allocations));
    }
    check_delivery(stack, &arrived, bursts_run, CALLS)?;
    Ok(lines.join("\n"))
}

/// Fails unless every span of `bursts` bursts, and nothing else, has arrived.
///
/// # Errors
/// With the two numbers.
pub fn check_delivery(stack: Name, arrived: &Arrived, bursts: u64, calls: u32) -> Result<()> {
    let expected = if stack.is_sampled() { bursts * (u64::from(calls) + 1) } else { 0 };
    match arrived.count() {
        count if count == expected => Ok(()),
        count => Err(format!("{count} spans were exported, {expected} were to be").into()),
    }
}

/// The parent's side: all rounds.
/// A stack that fails once is left out, and said to have failed.
pub fn run_all(size: Size, mut progress: impl FnMut(u32)) -> Results {
    let mut order = Name::available();
    let mut random = SmallRng::from_os_rng();
    let mut rounds: BTreeMap<(Case, Name), Vec<Cost>> = BTreeMap::new();
    let mut failures = BTreeMap::new();
    for round in 1..=size.rounds {
        progress(round);
        order.shuffle(&mut random);
        for &stack in &order {
            match start_child(stack, size) {
                Ok(costs) => {
                    for (case, cost) in costs {
                        rounds.entry((case, stack)).or_default().push(cost);
                    }
                }
                Err(failure) => {
                    failures.insert(stack, failure.to_string());
                }
            }
        }
    }
    let costs = rounds
        .iter()
        .filter(|((_, stack), _)| !failures.contains_key(stack))
        .filter_map(|(&key, rounds)| Some((key, Cost::of_rounds(rounds)?)))
        .collect();
    Results { costs, failures }
}

/// Runs one child to its end.
fn start_child(stack: Name, size: Size) -> Result<Vec<(Case, Cost)>> {
    let output = Command::new(env::current_exe()?)
        .args([CHILD, stack.as_str(), &size.warm.to_string(), &size.measured.to_string()])
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} ({})", said.trim(), output.status).into());
    }
    let costs: Vec<_> = String::from_utf8(output.stdout)?.lines().map(parse_line).collect::<Result<_>>()?;
    let cases: BTreeSet<Case> = costs.iter().map(|(case, _)| *case).collect();
    if cases.len() < Case::ALL.len() {
        return Err("not every case was measured".into());
    }
    Ok(costs)
}

fn parse_line(line: &str) -> Result<(Case, Cost)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [case, min, median, allocations] = fields.as_slice() else {
        return Err(Error::from(format!("a child printed `{line}`")));
    };
    Ok((
        case.parse()?,
        Cost { min: min.parse()?, median: median.parse()?, allocations: allocations.parse()? },
    ))
}
