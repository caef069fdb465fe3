//! Limits in bytes: `max_value` within `max_span`, `budget` instead of `max_span`, and `max_future` where the future's size is
//! that of something the function itself makes.

use crate::args::{Args, Given, show_size};
use crate::diag::Diags;
use crate::plan::{BudgetPlan, Limits, Mode};
use crate::policy;
use crate::sig::{Func, Held};

/// The most that one value takes, unless `max_value` says otherwise: 2 MiB.
const MAX_VALUE: u32 = 2 * 1024 * 1024;
/// The most that a span's attributes take, unless `max_span` or `budget` says otherwise: 4 MiB.
pub(crate) const MAX_SPAN: u32 = 4 * 1024 * 1024;

/// What the runtime takes for the limits of a call site that says none.
pub(crate) const STANDARD: Limits = Limits { max_value: MAX_VALUE, max_span: MAX_SPAN };

/// The limits where nothing says otherwise.
pub(crate) fn defaults() -> Limits {
    let policy = policy::current();
    let max_span = policy.max_span.unwrap_or(MAX_SPAN);
    Limits { max_value: policy.max_value.unwrap_or(MAX_VALUE).min(max_span), max_span }
}

/// The limits of a function.
pub(super) struct Bytes {
    pub(super) limits: Limits,
    pub(super) budget: Option<BudgetPlan>,
}

/// Applies defaults, and reports limits that contradict each other.
pub(super) fn resolve(args: &Args, diags: &mut Diags) -> Bytes {
    if let (Some(span), Some(budget)) = (&args.max_span, &args.budget) {
        diags.report(
            crate::diag::later(span.spot, budget.spot),
            "`budget` and `max_span` both limit the span",
            "keep `budget` for a proof at compile time, or `max_span` to cut at run time",
        );
    }
    let defaults = defaults();
    let (whole, option) = match (&args.budget, &args.max_span) {
        (Some(budget), _) => (budget.value, "budget"),
        (None, Some(span)) => (span.value, "max_span"),
        (None, None) => (defaults.max_span, "max_span"),
    };
    if let Some(value) = args.max_value.as_ref().filter(|value| value.value > whole) {
        reject_value(value, whole, option, args, diags);
    }
    let max_value = args.max_value.as_ref().map(|value| value.value);
    let budget = args.budget.as_ref().map(|budget| BudgetPlan {
        bytes: budget.value,
        max_value: max_value.unwrap_or(defaults.max_value),
        span: budget.spot.span,
    });
    Bytes {
        limits: Limits { max_value: max_value.unwrap_or(defaults.max_value.min(whole)), max_span: whole },
        budget,
    }
}

fn reject_value(value: &Given<u32>, whole: u32, option: &str, args: &Args, diags: &mut Diags) {
    let given = args.budget.is_some() || args.max_span.is_some();
    let default = if given { "" } else { ", its default" };
    let (size, limit) = (show_size(value.value), show_size(whole));
    let wrong = format!("`max_value` of {size} is over `{option}` of {limit}{default}");
    let help = if given {
        format!("lower `max_value` to at most {limit}, or raise `{option}`")
    } else {
        format!("lower `max_value`, or write `max_span = {:?}` too", size.replace(' ', ""))
    };
    diags.report(value.spot, wrong, help);
}

/// A size can be limited only of a future that the caller holds.
pub(super) fn reject_max_future(args: &Args, func: &Func, mode: Mode, diags: &mut Diags) {
    let Some(most) = &args.max_future else { return };
    let name = &func.sig.ident;
    let wrong = match mode {
        Mode::Async | Mode::Future(Held::Opaque) => return,
        Mode::Future(Held::Pinned | Held::Boxed) => {
            format!("`max_future` cannot limit the future of `{name}`: it is in a box")
        }
        Mode::Stream(_) => {
            format!("`max_future` needs a function that returns a future, and `{name}` returns a stream")
        }
        Mode::Sync => {
            format!("`max_future` needs a function that returns a future, and `{name}` returns none")
        }
    };
    diags.report(most.spot, wrong, "remove `max_future`");
}
