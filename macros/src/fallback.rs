//! What is emitted when something is wrong: the errors, and the user's item unchanged.
//!
//! The item stays so that its name still resolves: one mistake is one error, not one and all its consequences.
//! A second `#[traced]` is taken off it, or it would run too and say the same again.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diags;
use crate::sig::is_traced;

/// All errors, then the item as it was written.
pub(crate) fn errors_and_item(diags: Diags, item: TokenStream) -> TokenStream {
    let errors = diags.into_tokens();
    let item = untraced(item);
    quote!(#errors #item)
}

/// The item without further `#[traced]` attributes.
fn untraced(item: TokenStream) -> TokenStream {
    use syn::parse::Parser as _;

    let parse = |input: syn::parse::ParseStream| {
        let attributes = syn::Attribute::parse_outer(input)?;
        let kept = attributes.into_iter().filter(|attribute| !is_traced(attribute));
        let rest: TokenStream = input.parse()?;
        Ok(quote!(#(#kept)* #rest))
    };
    parse.parse2(item.clone()).unwrap_or(item)
}
