//! `{"<case>": {"<stack>": {"min_ns": …, "median_ns": …, "allocs": …}}}`.

use crate::case::Case;
use crate::round::Results;
use crate::stack::Name;

/// The results as JSON: nanoseconds and allocations per span. Names need no escaping, and the figures are finite.
pub fn json(results: &Results) -> String {
    let cases: Vec<String> = Case::ALL.into_iter().map(|case| of_case(results, case)).collect();
    format!("{{\n{}\n}}\n", cases.join(",\n"))
}

fn of_case(results: &Results, case: Case) -> String {
    let stacks: Vec<String> = Name::ALL
        .into_iter()
        .filter_map(|stack| {
            let cost = results.cost(case, stack)?;
            Some(format!(
                r#"    "{stack}": {{"min_ns": {:.2}, "median_ns": {:.2}, "allocs": {:.4}}}"#,
                cost.min, cost.median, cost.allocations
            ))
        })
        .collect();
    format!("  \"{case}\": {{\n{}\n  }}", stacks.join(",\n"))
}
