//! Programs that mount a file system of their own, in a namespace of their own; and what they say of each step.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::{Command, Stdio};

const OWN: [&str; 3] = ["--user", "--map-root-user", "--mount"];

/// The program, to be run in a namespace of its own. Nothing where a user may not have one, which is said past the harness: it
/// keeps what a test that passes prints to itself.
pub fn in_own_namespace(program: &str) -> Option<Command> {
    let can = Command::new("unshare").args(OWN).arg("true").stderr(Stdio::null()).status();
    if !can.is_ok_and(|status| status.success()) {
        not_run("no namespace of one's own is to be had here");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(OWN).arg(program);
    Some(command)
}

/// Says why a test has looked at nothing.
pub fn not_run(why: &str) {
    let _ = writeln!(io::stderr(), "not run: {why}");
}

/// What of a step's line is a number.
pub fn numbers(line: &str) -> BTreeMap<&str, u64> {
    let pairs = line.split_whitespace().filter_map(|field| field.split_once('='));
    pairs.map(|(name, number)| (name, number.parse().expect("a number"))).collect()
}
