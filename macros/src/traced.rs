//! The phases of `#[traced]`, one after the other.
//!
//! It takes and gives `proc_macro2`'s tokens, so that tests and the fuzz targets, which are no compiler, can call it.

use proc_macro2::TokenStream;

use crate::{args, block, check, diag, expand, fallback, sig};

/// `#[traced]` on any tokens: the traced function, or errors and the item as it was.
pub(crate) fn traced_tokens(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut diags = diag::Diags::default();
    let args = args::parse(options, &mut diags);
    let func = match sig::Item::read(item.clone()) {
        sig::Item::Func(func) => *func,
        sig::Item::Block(block) => return block::trace(&args, diags, block),
        sig::Item::Other(other) => {
            check::reject(&other, &mut diags);
            return fallback::errors_and_item(diags, item);
        }
    };
    block::reject_prefix_alone(&args, &func, &mut diags);
    match check::check_func(args, func, &mut diags) {
        Some(check::Checked::Traced(plan)) => expand::expand(&plan),
        Some(check::Checked::Off(_)) => item,
        None => fallback::errors_and_item(diags, item),
    }
}
