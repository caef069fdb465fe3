//! Has cargo check and build the crates. Each round takes every stack once, so that what disturbs the machine disturbs all.
//!
//! Only the crate itself is compiled within the time that is taken: its dependencies are built before, and its source file
//! is touched so that cargo takes it for changed. Cargo's own time is in every figure, also in that of the bare crate.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime};
use std::{env, fs};

use super::source::library;
use super::{Cost, Stack};
use crate::Result;

/// The lowest cost of each stack in so many rounds.
///
/// # Errors
/// When cargo fails; with what it printed.
pub fn run_all(folder: &Path, rounds: u32, mut progress: impl FnMut(&str)) -> Result<BTreeMap<Stack, Cost>> {
    progress("dependencies");
    for command in ["check", "build"] {
        for stack in Stack::ALL {
            // One by one as later, since features depend on what is built together.
            cargo(folder, &[command, "--package", &package(stack)])?;
        }
    }
    let mut costs: BTreeMap<Stack, Cost> = BTreeMap::new();
    for round in 1..=rounds {
        for stack in Stack::ALL {
            progress(&format!("round {round}, {}", stack.as_str()));
            let cost = Cost {
                check_s: seconds(folder, "check", stack)?,
                build_s: seconds(folder, "build", stack)?,
                rlib_bytes: fs::metadata(rlib(folder, stack))?.len(),
            };
            costs.entry(stack).and_modify(|best| *best = best.min(cost)).or_insert(cost);
        }
    }
    Ok(costs)
}

fn seconds(folder: &Path, command: &str, stack: Stack) -> Result<f64> {
    File::options().append(true).open(library(folder, stack))?.set_modified(SystemTime::now())?;
    let package = package(stack);
    let start = Instant::now();
    let said = cargo(folder, &[command, "--offline", "--package", &package])?;
    let seconds = start.elapsed().as_secs_f64();
    // A crate that was not compiled took no time, and would look like a good result.
    if !said.contains(&format!(" {package} ")) {
        return Err(format!("cargo {command} did not compile {package}:\n{said}").into());
    }
    Ok(seconds)
}

fn package(stack: Stack) -> String {
    format!("compile-{}", stack.as_str())
}

/// Runs cargo as a user would, and returns what it said.
fn cargo(folder: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        // What cargo tells the benchmark about itself is not meant for the crates.
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name == "CARGO_TARGET_DIR") {
            command.env_remove(name);
        }
    }
    let output = command
        .args(arguments)
        .arg("--target-dir")
        .arg(folder.join("target"))
        .current_dir(folder)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(format!("cargo {} ({})\n{said}", arguments.join(" "), output.status).into())
    }
}

fn rlib(folder: &Path, stack: Stack) -> PathBuf {
    folder.join(format!("target/debug/libcompile_{}.rlib", stack.as_str()))
}
