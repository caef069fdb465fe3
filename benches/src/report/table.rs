//! The table: a block for each case, a line for each stack.

use crate::burst::Cost;
use crate::case::Case;
use crate::round::Results;
use crate::stack::Name;

/// The results, with each stack's fastest burst as a share of `otel_sdk`'s.
pub fn table(results: &Results) -> String {
    let mut lines = vec![format!(
        "{:<8}{:<28}{:>10}{:>12}{:>13}{:>12}",
        "case", "stack", "min ns", "median ns", "allocs/span", "of otel_sdk"
    )];
    for case in Case::ALL {
        let sdk = results.cost(case, Name::OtelSdk);
        let costs = Name::ALL.into_iter().filter_map(|stack| Some((stack, results.cost(case, stack)?)));
        lines.push(String::new());
        lines.extend(costs.map(|(stack, cost)| line(case, stack, cost, sdk)));
    }
    for (stack, failure) in &results.failures {
        lines.push(format!("\n{stack} is left out: {failure}"));
    }
    lines.join("\n") + "\n"
}

fn line(case: Case, stack: Name, cost: Cost, sdk: Option<Cost>) -> String {
    let share = sdk.map_or_else(String::new, |sdk| format!("{:.3}", cost.min / sdk.min));
    let Cost { min, median, allocations } = cost;
    format!("{case:<8}{stack:<28}{min:>10.1}{median:>12.1}{allocations:>13.3}{share:>12}")
}
