//! Compares what a receiver wrote, span by span, with what `load` says it has sent and where it says its spans are.
//!
//! `compare --sent FILE... --received FILE... --said FILE... [--lost FEWEST:MOST] [--duplicates] [--torn] [--killed]`: each option
//! may be there several times. `--received` are OTLP-JSON lines, as the Collector's file exporter writes them; a file that is not there
//! holds nothing. `--said` is the standard output of `load`. `--lost` says how many are to be lost, and counted as lost. It
//! prints a line of numbers and one for each thing that does not hold, and fails when there is one.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the script that started it reads what it prints"
)]

use std::process::ExitCode;
use std::{fs, io};

use wirespan_tests::load::compare::{Account, Allowed};
use wirespan_tests::load::ledger::Ledger;
use wirespan_tests::load::sent::Sent;

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Told {
    sent: Vec<Sent>,
    received: Vec<String>,
    ledger: Ledger,
    lost: Option<(u64, u64)>,
    allowed: Allowed,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("compare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, Failure> {
    let told = read()?;
    let mut account = Account::new(told.sent);
    for file in told.received {
        account.add(&file);
    }
    println!("{account}");
    println!("{}", told.ledger);
    let mut problems = account.problems(told.ledger, told.allowed);
    if let Some((fewest, most)) = told.lost {
        for (lost, how) in [(account.lost(), "lost"), (told.ledger.undelivered(), "counted as lost")] {
            if !(fewest..=most).contains(&lost) {
                problems.push(format!("{lost} are {how}; expected are {fewest} to {most}"));
            }
        }
    }
    for problem in &problems {
        println!("PROBLEM: {problem}");
    }
    Ok(problems.is_empty())
}

fn read() -> Result<Told, Failure> {
    let mut told = Told::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--duplicates" => told.allowed.duplicates = true,
            "--killed" => told.allowed.killed = true,
            "--torn" => told.allowed.torn = true,
            _ => {
                let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
                take(&mut told, &name, &value).map_err(|error| format!("{name} {value}: {error}"))?;
            }
        }
    }
    Ok(told)
}

fn take(told: &mut Told, name: &str, value: &str) -> Result<(), Failure> {
    match name {
        "--sent" => {
            for line in fs::read_to_string(value)?.lines() {
                told.sent.push(line.parse()?);
            }
        }
        "--received" => match fs::read_to_string(value) {
            Ok(text) => told.received.push(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        },
        "--said" => {
            let text = fs::read_to_string(value)?;
            let line = text.lines().rfind(|line| line.starts_with("ledger ")).ok_or("it says no ledger")?;
            told.ledger = told.ledger + line.parse()?;
        }
        "--lost" => {
            let (fewest, most) = value.split_once(':').ok_or("expected FEWEST:MOST")?;
            told.lost = Some((fewest.parse()?, most.parse()?));
        }
        _ => return Err("that is no option".into()),
    }
    Ok(())
}
