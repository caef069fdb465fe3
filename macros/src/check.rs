//! Options and signature together: a [`Plan`], or every mistake at once.
//!
//! `item` has the rules about what can be traced, `names` those about parameters, `limits` those about bytes. A rule
//! reports and goes on; whether there is a plan is decided at the end.

mod item;
mod limits;
mod names;

use crate::args::{Args, Cancel, FieldArgs, Kind, OnErr};
use crate::diag::Diags;
use crate::key;
use crate::plan::{FieldPlan, Mode, Plan};
use crate::sig::{Func, Item};

/// The plan for `item`, if nothing is wrong with it or with the options.
pub(crate) fn check(args: Args, item: Item, diags: &mut Diags) -> Option<Plan> {
    let func = match item {
        Item::Func(func) => *func,
        Item::Other(other) => {
            item::reject_other(&other, diags);
            return None;
        }
    };
    item::reject_unsupported(&func, diags);
    let mode = if func.sig.asyncness.is_some() { Mode::Async } else { Mode::Sync };
    reject_cancel_without_async(&args, &func, mode, diags);
    let names = names::resolve(&args, &func, diags);
    let bytes = limits::resolve(&args, diags);
    if !diags.is_empty() {
        return None;
    }
    Some(Plan {
        mode,
        name: args.name.map(|name| name.value),
        kind: args.kind.unwrap_or(Kind::Internal),
        err: args.err.unwrap_or(OnErr::Record),
        cancel: args.cancel.map_or(Cancel::Unset, |cancel| cancel.value),
        limits: bytes.limits,
        redacted: names.redacted,
        captures: names.captures,
        fields: args.fields.into_iter().map(field).collect(),
        budget: bytes.budget,
        func,
    })
}

fn field(args: FieldArgs) -> FieldPlan {
    FieldPlan { key: key::encode(&args.key.value), expr: args.expr }
}

fn reject_cancel_without_async(args: &Args, func: &Func, mode: Mode, diags: &mut Diags) {
    let Some(cancel) = args.cancel.as_ref().filter(|_| mode == Mode::Sync) else { return };
    let wrong = format!("`cancel` needs an `async fn`, and `{}` cannot be cancelled", func.sig.ident);
    diags.report(cancel.spot, wrong, "remove `cancel`");
}
