//! What wirespan promises of its overhead, and what was reached. All by the fastest burst of all rounds, the estimate that
//! other work on the machine disturbs least.

use std::fmt;

use crate::case::Case;
use crate::round::Results;
use crate::stack::Name;

/// Allocations per span that count as none: a new chunk of 64 KiB now and then is not one per span.
const NO_ALLOCATIONS: f64 = 0.001;

/// One promise.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    case: Case,
    stack: Name,
    bound: Bound,
}

#[derive(Debug, Clone, Copy)]
enum Bound {
    /// At most the cost of `of` divided by `divisor`.
    Share { of: Name, divisor: f64 },
    /// Faster than another stack.
    FasterThan(Name),
    /// At most so many nanoseconds above the bare call.
    AboveBare(f64),
    /// At most so many nanoseconds above another stack.
    Above(Name, f64),
    /// No allocations.
    NoAllocations,
}

/// Every promise.
pub fn targets() -> Vec<Target> {
    use Case::{Async2, Sync0, Sync2};
    use Name::{
        Fastrace, OtelSdk, Wirespan, WirespanMetrics, WirespanMetricsUnsampled, WirespanNoAttach,
        WirespanOff, WirespanUnsampled,
    };
    let target = |stack, case, bound| Target { case, stack, bound };
    let share = |divisor| Bound::Share { of: OtelSdk, divisor };
    let mut all = vec![
        target(Wirespan, Sync2, share(3.0)),
        target(WirespanNoAttach, Sync2, share(9.0)),
        target(Wirespan, Async2, share(2.0)),
        target(WirespanNoAttach, Async2, share(5.0)),
    ];
    let each = |stack, bound| Case::ALL.into_iter().map(move |case| target(stack, case, bound));
    all.extend(each(WirespanNoAttach, Bound::FasterThan(Fastrace)));
    all.extend(each(Wirespan, Bound::FasterThan(Fastrace)).filter(|target| target.case != Sync0));
    all.extend(each(WirespanUnsampled, Bound::AboveBare(5.0)));
    all.extend(each(WirespanOff, Bound::AboveBare(2.0)));
    all.extend(each(WirespanMetrics, Bound::Above(Wirespan, 40.0)));
    all.extend(each(WirespanMetricsUnsampled, Bound::Above(WirespanUnsampled, 40.0)));
    all.extend(each(WirespanNoAttach, Bound::NoAllocations));
    all
}

impl Target {
    /// A line that says what was promised, what was measured, and whether it was met.
    pub fn line(&self, results: &Results) -> String {
        let Self { case, stack, bound } = *self;
        match self.measure(results) {
            Some(Measured { figure, limit, met }) => {
                let met = if met { "met" } else { "missed" };
                format!("{met:<8}{case:<8}{stack:<20}{bound:<28}{figure} (limit {limit})")
            }
            None => format!("{:<8}{case:<8}{stack:<20}{bound}", "unknown"),
        }
    }

    fn measure(&self, results: &Results) -> Option<Measured> {
        let cost = results.cost(self.case, self.stack)?;
        let min = |stack| Some(results.cost(self.case, stack)?.min);
        Some(match self.bound {
            Bound::Share { of, divisor } => Measured::nanos(cost.min, min(of)? / divisor),
            Bound::FasterThan(other) => Measured::nanos(cost.min, min(other)?),
            Bound::Above(other, nanos) => Measured::nanos(cost.min, min(other)? + nanos),
            Bound::AboveBare(nanos) => Measured::nanos(cost.min, min(Name::Bare)? + nanos),
            Bound::NoAllocations => Measured {
                figure: format!("{:.4} per span", cost.allocations),
                limit: NO_ALLOCATIONS.to_string(),
                met: cost.allocations < NO_ALLOCATIONS,
            },
        })
    }
}

struct Measured {
    figure: String,
    limit: String,
    met: bool,
}

impl Measured {
    fn nanos(figure: f64, limit: f64) -> Self {
        Self { figure: format!("{figure:.1} ns"), limit: format!("{limit:.1} ns"), met: figure <= limit }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&match self {
            Self::Share { of, divisor } => format!("at most 1/{divisor} of {of}"),
            Self::FasterThan(other) => format!("faster than {other}"),
            Self::Above(other, nanos) => format!("within {nanos} ns of {other}"),
            Self::AboveBare(nanos) => format!("within {nanos} ns of bare"),
            Self::NoAllocations => "no allocations".to_owned(),
        })
    }
}
