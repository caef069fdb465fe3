//! A [`Plan`] becomes tokens. Nothing here can fail and nothing is decided here.
//!
//! The expansion is thin: everything that can be ordinary code is in `wirespan::__private`. Generated names are mixed-site
//! with two leading underscores, paths are absolute, and generated tokens never carry the user's spans, so that no lint of
//! the caller looks at them. The exception is the rebinding of parameters (see `params`): there the user's lints must fire.

mod body;
mod budget;
pub(crate) mod callsite;
mod capture;
mod max_future;
mod params;
mod signature;

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream};
use quote::quote;
use syn::Ident;

use crate::plan::{Mode, Plan};

/// The traced function.
pub(crate) fn expand(plan: &Plan) -> TokenStream {
    let func = &plan.func;
    let (attrs, inner_attrs, vis) = (&func.attrs, &func.inner_attrs, &func.vis);
    let mut signature = params::signature(func);
    let callsite = callsite::expand(plan);
    let budget = budget::expand(plan);
    let max_future = max_future::item(plan);
    let body = match plan.mode {
        Mode::Sync => body::sync(plan),
        Mode::Async if signature::hides_async(plan) => {
            signature::hide_async(&mut signature);
            body::future(plan)
        }
        Mode::Async => body::asynchronous(plan),
        Mode::Future(held) => body::covering(plan, "cover", held),
        Mode::Stream(held) => body::covering(plan, "cover_stream", held),
    };
    let mut block = Group::new(
        Delimiter::Brace,
        quote! {
            #(#inner_attrs)*
            #callsite
            #max_future
            #budget
            #body
        },
    );
    // The user's own braces: a function that ends in generated ones is generated to rustc, and never dead code.
    if let Some(body) = &func.body {
        block.set_span(body.span());
    }
    quote! {
        #(#attrs)*
        #vis #signature #block
    }
}

/// A generated name, which the user's code cannot see.
pub(crate) fn hidden(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// Generated tokens that stand where `span` does, so that errors about types point at the user's token.
pub(crate) fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// An encoded key as a byte string.
pub(crate) fn bytes(key: &[u8]) -> Literal {
    Literal::byte_string(key)
}

/// A key as recording takes it: in its frame, padded, so that it is copied as one piece of known size. A literal, not a call,
/// so that the compiler has little to evaluate.
pub(crate) fn framed(key: &[u8]) -> TokenStream {
    let (frame, len) = crate::key::frame(key);
    let (frame, encoded, len) = (Literal::byte_string(&frame), bytes(key), Literal::usize_unsuffixed(len));
    quote!(const { &::wirespan::__private::Key { framed: *#frame, len: #len, encoded: #encoded } })
}
