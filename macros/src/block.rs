//! `#[traced]` on an `impl` block: every function in it is traced, with the block's options under its own.

use proc_macro2::TokenStream;
use syn::ext::IdentExt as _;

use crate::args::{self, Args};
use crate::check;
use crate::diag::{Diags, Spot};
use crate::expand;
use crate::sig::{Block, Func, Member};
use crate::suggest;

/// The block with its functions traced; or all errors, and the block as it was.
pub(crate) fn trace(args: &Args, mut diags: Diags, block: Block) -> TokenStream {
    reject_for_one(args, &mut diags);
    reject_unbound(args, &block, &mut diags);
    let mut errors = if diags.is_empty() { TokenStream::new() } else { diags.into_tokens() };
    let mut members = Vec::new();
    let untraced: Vec<TokenStream> = block.members.iter().map(Member::untraced).collect();
    let shell = Block { head: block.head, body: block.body, members: Vec::new() };
    for member in block.members {
        members.push(match member {
            Member::Func(func, own) => match function(args, *func, own) {
                Ok(traced) => traced,
                Err(wrong) => {
                    errors.extend(wrong);
                    continue;
                }
            },
            Member::Other(tokens) => tokens,
        });
    }
    if errors.is_empty() {
        shell.with(members.into_iter())
    } else {
        errors.extend(shell.with(untraced.into_iter()));
        errors
    }
}

/// A prefix is for many names.
pub(crate) fn reject_prefix_alone(args: &Args, func: &Func, diags: &mut Diags) {
    if let Some(prefix) = &args.name_prefix {
        let name = format!("{}{}", prefix.value, func.sig.ident.unraw());
        diags.report(
            prefix.spot,
            "`name_prefix` is for the methods of an `impl` block",
            format!("write `name = {name:?}`, or put `#[traced]` on the block"),
        );
    }
}

/// One function of the block, traced.
fn function(block: &Args, func: Func, own: Option<TokenStream>) -> Result<TokenStream, TokenStream> {
    let mut diags = Diags::default();
    let own = own.map_or_else(Args::default, |tokens| args::parse(tokens, &mut diags));
    reject_prefix_alone(&own, &func, &mut diags);
    let args = if own.off.is_some() {
        own
    } else {
        let is_async = check::is_async(&own, &func);
        let binds = |name: &str| func.bindings().any(|binding| binding.name == name);
        own.over(block, binds, is_async)
    };
    match check::check_func(args, func, &mut diags) {
        Some(check::Checked::Traced(plan)) => Ok(expand::expand(&plan)),
        Some(check::Checked::Off(func)) => Ok(func.untraced()),
        None => Err(diags.into_tokens()),
    }
}

/// Options that make sense for one function only.
fn reject_for_one(args: &Args, diags: &mut Diags) {
    if let Some(name) = &args.name {
        let help =
            format!("write `name_prefix = {:?}`, or put `name` on one method", format!("{}.", name.value));
        diags.report(name.spot, "`name` would give every method of the block the same name", help);
    }
    if let Some(returns) = &args.returns {
        let help =
            format!("put `#[traced(returns = {:?})]` on the method that needs it", returns.value.word());
        diags.report(returns.spot, "`returns` cannot be told of a whole block", help);
    }
}

/// A name that no function of the block binds is a mistake.
fn reject_unbound(args: &Args, block: &Block, diags: &mut Diags) {
    let bound: Vec<&str> = block
        .members
        .iter()
        .filter_map(|member| match member {
            Member::Func(func, _) => Some(func),
            Member::Other(_) => None,
        })
        .flat_map(|func| func.bindings().map(|binding| binding.name.as_str()))
        .collect();
    let mut known = Vec::new();
    for name in bound {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    for (names, option) in [
        (&args.skip, "skip"),
        (&args.record, "record"),
        (&args.unredacted, "unredacted"),
        (&args.debug, "debug"),
        (&args.display, "display"),
        (&args.serde, "serde"),
    ] {
        for given in names.iter().flat_map(|names| &names.names) {
            if !known.contains(&given.value.as_str()) {
                let none = format!("remove `{option}`: no function here has parameters");
                diags.report(
                    given.spot,
                    format!("`{}` is not a parameter of any function in this block", given.value),
                    suggest::help(&given.value, known.iter().copied(), &none),
                );
            }
        }
    }
    if block.members.iter().all(|member| matches!(member, Member::Other(_))) {
        let span = block
            .head
            .clone()
            .into_iter()
            .next()
            .map_or_else(proc_macro2::Span::call_site, |token| token.span());
        diags.report(Spot::item(span, 0), "there is no function in this block", "remove `#[traced]`");
    }
}
