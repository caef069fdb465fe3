//! Options about what a function returns: that it returns something, and that it is no secret.
//!
//! A function's name says of what it returns what a parameter's name says of the parameter. `ret` asks for it by name, so it is an error and no redaction, as it is for a parameter in `record`.

use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::{ReturnType, Type};

use super::names::named;
use crate::args::{Args, Given};
use crate::diag::Diags;
use crate::secret::looks_secret;
use crate::sig::Func;

/// `unredacted(return)`: what the function returns is no secret.
pub(super) fn is_returned(given: &Given<String>, option: &str) -> bool {
    option == "unredacted" && given.value == "return"
}

/// `ret` on a function whose name says that a secret comes back, as `fn api_key() -> String`. That it is there, as `fn has_token() ->
/// bool` says, is none.
pub(super) fn reject_returned_secret(args: &Args, func: &Func, diags: &mut Diags) {
    let name = func.sig.ident.unraw().to_string();
    let yes_or_no =
        matches!(&func.sig.output, ReturnType::Type(_, ty) if ty.to_token_stream().to_string() == "bool");
    let secret = looks_secret(&name) && !yes_or_no;
    match (args.ret, named(args.unredacted.as_ref(), "return")) {
        (Some(ret), None) if secret => {
            let wrong = format!("`{name}` looks like a secret, and `ret` would record what it returns");
            diags.report(ret, wrong, "remove `ret`, or write `unredacted(return)` if it is none");
        }
        (Some(_), Some(given)) if !secret => {
            let wrong = format!("`{name}` does not look like a secret, and what it returns is not redacted");
            diags.report(given.spot, wrong, "remove `return` from `unredacted`");
        }
        (None, Some(given)) => {
            let wrong = format!("what `{name}` returns is not recorded");
            diags.report(given.spot, wrong, "write `ret` too, or remove `return` from `unredacted`");
        }
        _ => {}
    }
}

/// `ret` or `err` on a function that returns nothing. In a block they hold for the functions that do.
pub(super) fn reject_of_nothing(args: &Args, func: &Func, diags: &mut Diags) {
    if !returns_nothing(func) || func.in_block {
        return;
    }
    let err = args.err.as_ref().map(|err| err.spot);
    for (option, needs, spot) in [("ret", "a return value", args.ret), ("err", "a `Result`", err)] {
        let Some(spot) = spot else { continue };
        let wrong = format!("`{option}` needs {needs}, and `{}` returns nothing", func.sig.ident);
        diags.report(spot, wrong, format!("remove `{option}`"));
    }
}

/// Whether a call gives `()`.
pub(super) fn returns_nothing(func: &Func) -> bool {
    match &func.sig.output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => matches!(ty.as_ref(), Type::Tuple(tuple) if tuple.elems.is_empty()),
    }
}
