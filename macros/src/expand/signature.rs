//! An `async fn` as what the compiler makes of it: a function that returns a future.
//!
//! So the traced future holds the body itself, and not an `async fn` that waits for it: one coroutine instead of two, which is
//! half of what the attribute costs to compile, and arguments that are stored once.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, ReturnType, Signature, Token, Type};

use super::at;
use crate::plan::{Parent, Plan};

/// Attributes that say the same of both forms. Any other may be a macro that wants to see `async`, or, as `must_use` does, mean
/// something else there.
const INDIFFERENT: [&str; 11] =
    ["doc", "allow", "warn", "deny", "forbid", "expect", "cfg", "inline", "cold", "deprecated", "clippy"];

/// Whether the function may become one that returns a future.
pub(super) fn hides_async(plan: &Plan) -> bool {
    let func = &plan.func;
    // Whose child the span is may be said in terms of parameters, and those are in the body.
    let current = matches!(plan.parent, Parent::Current);
    // `!` can be returned, but cannot be the output of a future.
    let never = matches!(&func.sig.output, ReturnType::Type(_, ty) if matches!(ty.as_ref(), Type::Never(_)));
    current && !never && func.attrs.iter().chain(&func.block_attrs).all(is_indifferent)
}

fn is_indifferent(attribute: &Attribute) -> bool {
    attribute
        .path()
        .segments
        .first()
        .is_some_and(|first| INDIFFERENT.iter().any(|known| first.ident == known))
}

/// `async fn f() -> T` becomes `fn f() -> impl Future<Output = T>`. Its tokens are this crate's, and so is their edition, 2024:
/// the future captures all that the function is generic over, as that of an `async fn` does, in every edition of the caller.
pub(super) fn hide_async(signature: &mut Signature) {
    signature.asyncness = None;
    let output: TokenStream = match &signature.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    let span = at(match &signature.output {
        ReturnType::Default => signature.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    });
    let ty = Type::Verbatim(quote_spanned!(span=> impl ::core::future::Future<Output = #output>));
    signature.output = ReturnType::Type(Token![->](span), Box::new(ty));
}
