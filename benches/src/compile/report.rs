//! The costs as a table, as JSON, and against the target: ours adds at most half of what `tracing::instrument` adds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Cost, Stack};

/// The most that ours may add, as a part of what `tracing::instrument` adds.
const LIMIT: f64 = 0.5;

/// One part of a cost, as a number.
type Part = fn(&Cost) -> f64;

/// The three parts.
const PARTS: [(&str, Part); 3] = [
    ("check", |cost| cost.check_s),
    ("build", |cost| cost.build_s),
    ("rlib", |cost| {
        #[expect(clippy::cast_precision_loss, reason = "a library of 2^53 bytes is not to be expected")]
        let bytes = cost.rlib_bytes as f64;
        bytes
    }),
];

/// A table for people.
pub fn table(costs: &BTreeMap<Stack, Cost>, functions: u32) -> String {
    let mut text = format!(
        "{functions} functions, half of them async\n{:10} {:>9} {:>9} {:>11}   added to bare, of what tracing adds\n",
        "stack", "check s", "build s", "rlib KiB"
    );
    for (stack, cost) in costs {
        let _ = write!(
            text,
            "{:10} {:9.2} {:9.2} {:11}  ",
            stack.as_str(),
            cost.check_s,
            cost.build_s,
            cost.rlib_bytes / 1024
        );
        for (name, part) in PARTS {
            if let Some(ratio) = added(costs, *stack, part) {
                let _ = write!(text, " {name} {ratio:.2}");
            }
        }
        text.push('\n');
    }
    text
}

/// One line for each part: the target, and whether it is met.
pub fn targets(costs: &BTreeMap<Stack, Cost>) -> String {
    let mut text = String::new();
    for (name, part) in PARTS {
        if let Some(ratio) = added(costs, Stack::Wirespan, part) {
            let verdict = if ratio <= LIMIT { "met" } else { "missed" };
            let _ = writeln!(
                text,
                "{name:6} adds at most {LIMIT} of what tracing::instrument adds: {ratio:.2}  {verdict}"
            );
        }
    }
    text
}

/// What `stack` adds to the bare crate, as a part of what `tracing::instrument` adds.
fn added(costs: &BTreeMap<Stack, Cost>, stack: Stack, part: Part) -> Option<f64> {
    if stack == Stack::Bare {
        return None;
    }
    let bare = part(costs.get(&Stack::Bare)?);
    let tracing = part(costs.get(&Stack::Tracing)?) - bare;
    Some((part(costs.get(&stack)?) - bare) / tracing)
}

/// `{"<stack>": {"check_s", "build_s", "rlib_bytes"}}`.
pub fn json(costs: &BTreeMap<Stack, Cost>) -> String {
    let lines: Vec<String> = costs
        .iter()
        .map(|(stack, cost)| {
            format!(
                "  \"{}\": {{\"check_s\": {:.3}, \"build_s\": {:.3}, \"rlib_bytes\": {}}}",
                stack.as_str(),
                cost.check_s,
                cost.build_s,
                cost.rlib_bytes
            )
        })
        .collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}
