//! Options and signature together: a [`Plan`], or every mistake at once.
//!
//! `item` has the rules about what can be traced, `names` those about parameters, `fields` those about secrets in fields,
//! `limits` those about bytes. A rule
//! reports and goes on; whether there is a plan is decided at the end.

mod fields;
mod item;
mod limits;
mod names;
mod returned;

use syn::ReturnType;
use syn::ext::IdentExt as _;

pub(crate) use self::fields::reject_secret_field;
pub(crate) use self::limits::{MAX_SPAN as DEFAULT_SPAN, STANDARD, defaults};
pub(crate) use self::names::SKIPPED;
use crate::args::{Args, Cancel, FieldArgs, Given, Kind, Level, OnErr, Returns};
use crate::diag::{Diags, Spot, later};
use crate::key;
use crate::plan::{Ending, FieldPlan, MaxFuturePlan, Mode, Parent, Plan};
use crate::sig::{Func, Held, Other, Returned, also, known_concrete};

/// A function, decided.
pub(crate) enum Checked {
    Traced(Box<Plan>),
    /// `off`: it stays what it is.
    Off(Box<Func>),
}

/// What becomes of something that is neither a function nor a block of them.
pub(crate) fn reject(other: &Other, diags: &mut Diags) {
    item::reject_other(other, diags);
}

/// The plan for a function, if nothing is wrong with it or with the options.
pub(crate) fn check_func(args: Args, func: Func, diags: &mut Diags) -> Option<Checked> {
    if let Some(off) = args.off {
        if let Some((other, spot)) = args.other_than_off() {
            let wrong = format!("`{other}` has no effect beside `off`");
            diags.report(later(off, spot), wrong, format!("remove `off`, or `{other}`"));
        }
        return diags.is_empty().then(|| Checked::Off(Box::new(func)));
    }
    item::reject_unsupported(&func, diags);
    let mode = mode(&args, &func, diags);
    reject_cancel_without_async(&args, &func, mode, diags);
    reject_further_traits(&func, mode, diags);
    reject_two_parents(&args, diags);
    reject_two_statuses(&args, diags);
    reject_on_stream(&args, &func, mode, diags);
    returned::reject_of_nothing(&args, &func, diags);
    limits::reject_max_future(&args, &func, mode, diags);
    let names = names::resolve(&args, &func, diags);
    let bytes = limits::resolve(&args, diags);
    if !diags.is_empty() {
        return None;
    }
    let prefix = args.name_prefix.map(|prefix| prefix.value);
    let prefixed = prefix.map(|prefix| format!("{prefix}{}", func.sig.ident.unraw()));
    Some(Checked::Traced(Box::new(Plan {
        mode,
        name: args.name.map(|name| name.value).or(prefixed),
        kind: args.kind.unwrap_or(Kind::Internal),
        level: args.level.map_or(Level::Info, |level| level.value),
        ending: match (args.status, args.err.map(|err| err.value)) {
            (Some(status), _) => Ending::Status(status.value),
            (None, Some(OnErr::Ignore)) => Ending::Returned,
            (None, None) => Ending::Outcome,
        },
        ret: args.ret.is_some() && !returned::returns_nothing(&func),
        parent: match args.parent {
            Some(parent) => Parent::Given(parent.value),
            None if args.root.is_some() => Parent::Nobody,
            None => Parent::Current,
        },
        links: args.links.map(|links| links.value),
        krate: args.krate.map(|path| path.value),
        metrics: args.metrics.map(|spot| spot.span),
        cancel: args.cancel.map_or(Cancel::Unset, |cancel| cancel.value),
        limits: bytes.limits,
        redacted: names.redacted,
        captures: names.captures,
        fields: args.fields.into_iter().map(field).collect(),
        budget: bytes.budget,
        max_future: args.max_future.map(|most| MaxFuturePlan { bytes: most.value, span: most.spot.span }),
        func,
    })))
}

/// Whether a call gives back something that goes on.
pub(crate) fn is_async(args: &Args, func: &Func) -> bool {
    mode(args, func, &mut Diags::default()) != Mode::Sync
}

/// What the span covers: the call, or what it returns.
fn mode(args: &Args, func: &Func, diags: &mut Diags) -> Mode {
    let read = Returned::read(&func.sig.output);
    let Some(told) = &args.returns else {
        return match read {
            _ if func.sig.asyncness.is_some() => Mode::Async,
            Returned::Value => Mode::Sync,
            Returned::Future(held) => Mode::Future(held),
            Returned::Stream(held) => Mode::Stream(held),
        };
    };
    let name = &func.sig.ident;
    if func.sig.asyncness.is_some() {
        let wrong =
            format!("`returns` has no effect on `{name}`: the span of an `async fn` covers its future");
        diags.report(told.spot, wrong, "remove `returns`");
    } else if matches!(func.sig.output, ReturnType::Default) && told.value != Returns::Value {
        diags.report(told.spot, format!("`{name}` returns nothing"), "remove `returns`");
    } else if told.value != Returns::Value && read == Returned::Value && known_concrete(&func.sig.output) {
        let what = if told.value == Returns::Future { "future" } else { "stream" };
        diags.report(told.spot, format!("what `{name}` returns is not a {what}"), "remove `returns`");
    }
    let held = match read {
        Returned::Future(held) | Returned::Stream(held) => held,
        Returned::Value => Held::Pinned,
    };
    match told.value {
        Returns::Value => Mode::Sync,
        Returns::Future => Mode::Future(held),
        Returns::Stream => Mode::Stream(held),
    }
}

fn field(args: FieldArgs) -> FieldPlan {
    FieldPlan { key: key::encode(&args.key.value), name: args.key.value, expr: args.expr }
}

fn reject_two_parents(args: &Args, diags: &mut Diags) {
    if let (Some(root), Some(parent)) = (args.root, &args.parent) {
        let help = "remove `parent` to start a trace, or `root` to be a child of it";
        diags.report(later(root, parent.spot), "`root` and `parent` exclude each other", help);
    }
}

fn reject_two_statuses(args: &Args, diags: &mut Diags) {
    if let (Some(Given { value: OnErr::Ignore, .. }), Some(status)) = (&args.err, &args.status) {
        let help = "remove `err`: the function in `status` decides about an `Err`, too";
        diags.report(status.spot, "`err = \"ignore\"` has no effect beside `status`", help);
    }
}

/// A stream yields many values, and none at its end.
fn reject_on_stream(args: &Args, func: &Func, mode: Mode, diags: &mut Diags) {
    if !matches!(mode, Mode::Stream(_)) {
        return;
    }
    let status = args.status.as_ref().map(|status| status.spot);
    for (option, spot) in [("ret", args.ret), ("status", status)] {
        let Some(spot) = spot else { continue };
        let wrong = format!("`{option}` needs one return value, and `{}` returns a stream", func.sig.ident);
        diags.report(
            spot,
            wrong,
            format!("remove `{option}`; the first item that is an `Err` is the status"),
        );
    }
}

/// What covers a future is a future, and nothing else that it was.
fn reject_further_traits(func: &Func, mode: Mode, diags: &mut Diags) {
    let what = match mode {
        Mode::Future(Held::Opaque) => "future",
        Mode::Stream(Held::Opaque) => "stream",
        _ => return,
    };
    if let Some(also) = also(&func.sig.output) {
        diags.report(
            Spot::item(also.span(), 1 << 11),
            format!("the {what} of `{}` is `{also}`, too, which a traced {what} is not", func.sig.ident),
            format!("remove `{also}`, or write `returns = \"value\"` to trace the call alone"),
        );
    }
}

fn reject_cancel_without_async(args: &Args, func: &Func, mode: Mode, diags: &mut Diags) {
    let Some(cancel) = args.cancel.as_ref().filter(|_| mode == Mode::Sync) else { return };
    let wrong = format!(
        "`cancel` needs a function that returns a future, and `{}` cannot be cancelled",
        func.sig.ident
    );
    diags.report(cancel.spot, wrong, "remove `cancel`");
}
