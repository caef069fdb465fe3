//! What wirespan promises of its overhead, and what was reached: by the fastest burst of all rounds, which other work on the machine
//! disturbs least, and by the median one, in which a stack that allocates is not as fast as it once was by chance.

use std::fmt;

use crate::burst::Cost;
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
    /// What stands above the lines.
    pub fn heading() -> String {
        format!("{:<8}{:<28}{:<42}{:<34}median burst", "case", "stack", "target", "fastest burst")
    }

    /// A line that says what was promised, what was measured, and whether it was met.
    pub fn line(&self, results: &Results) -> String {
        let Self { case, stack, bound } = *self;
        let [fastest, median] = self.measure(results).unwrap_or(["unknown".to_owned(), String::new()]);
        let line = format!("{case:<8}{stack:<28}{bound:<42}{fastest:<34}{median}");
        line.trim_end().to_owned()
    }

    /// By the fastest burst and by the median one; what is no time is one figure.
    fn measure(&self, results: &Results) -> Option<[String; 2]> {
        let cost = results.cost(self.case, self.stack)?;
        let other = match self.bound {
            Bound::Share { of, .. } => of,
            Bound::FasterThan(other) | Bound::Above(other, _) => other,
            Bound::AboveBare(_) => Name::Bare,
            Bound::NoAllocations => {
                let met = met(cost.allocations < NO_ALLOCATIONS);
                let figure = format!("{met:<8}{:.4} a span, limit {NO_ALLOCATIONS}", cost.allocations);
                return Some([figure, String::new()]);
            }
        };
        let other = results.cost(self.case, other)?;
        Some(
            [|cost: Cost| cost.min, |cost: Cost| cost.median].map(|of| self.bound.judge(of(cost), of(other))),
        )
    }
}

impl Bound {
    /// Whether a time is within it, and what its limit was, where the other one took so long.
    fn judge(self, nanos: f64, other: f64) -> String {
        let limit = match self {
            Self::Share { divisor, .. } => other / divisor,
            Self::Above(_, more) | Self::AboveBare(more) => other + more,
            Self::FasterThan(_) | Self::NoAllocations => other,
        };
        format!("{:<8}{nanos:.1} ns, limit {limit:.1} ns", met(nanos <= limit))
    }
}

fn met(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
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
