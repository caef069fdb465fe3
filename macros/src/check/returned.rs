//! `ret` and secrets: a function's name says of what it returns what a parameter's name says of the parameter.
//!
//! `ret` asks for it by name, so it is an error and no redaction, as it is for a parameter in `record`.

use quote::ToTokens as _;
use syn::ReturnType;
use syn::ext::IdentExt as _;

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
