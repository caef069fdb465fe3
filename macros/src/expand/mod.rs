//! A [`Plan`] becomes tokens. Nothing here can fail and nothing is decided here.
//!
//! The expansion is thin: everything that can be ordinary code is in `wirespan::__private`. Generated names are mixed-site
//! with two leading underscores, paths are absolute, and generated tokens never carry the user's spans, so that no lint of
//! the caller looks at them. The exception is the rebinding of parameters (see `params`): there the user's lints must fire.

mod body;
mod budget;
pub(crate) mod callsite;
mod capture;
mod given;
mod krate;
mod max_future;
mod params;
mod signature;

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream};
use quote::quote;
use syn::Ident;

use crate::plan::{Mode, Plan};
use crate::policy::{self, DebugOnly};

/// The traced function.
pub(crate) fn expand(plan: &Plan) -> TokenStream {
    let func = &plan.func;
    let (attrs, inner_attrs, vis) = (&func.attrs, &func.inner_attrs, &func.vis);
    let mut signature = params::signature(func);
    let (tracking, callsite) = (policy::tracking(), callsite::expand(plan));
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
            #tracking
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
    let expanded = quote! {
        #(#attrs)*
        #vis #signature #block
    };
    match &plan.krate {
        Some(path) => krate::through(expanded, path),
        None => expanded,
    }
}

/// The method that records a value by its type: what it does with one that has only `Debug` is the workspace's policy.
pub(crate) fn recording(named: bool, span: Span) -> Ident {
    let method = match policy::current().debug_only {
        DebugOnly::Show if named => "record_named",
        DebugOnly::Show => "record",
        DebugOnly::TypeName => "record_or_name",
        DebugOnly::Error => "record_or_refuse",
    };
    Ident::new(method, span)
}

/// The same for a value that is no attribute of its own.
pub(crate) fn recording_value(span: Span) -> Ident {
    let method = match policy::current().debug_only {
        DebugOnly::Show => "record_value",
        DebugOnly::TypeName => "record_value_or_name",
        DebugOnly::Error => "record_value_or_refuse",
    };
    Ident::new(method, span)
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

/// A key as recording takes it. A literal and nothing else, so that the compiler has nothing to evaluate.
pub(crate) fn framed(key: &[u8]) -> Literal {
    Literal::byte_string(&crate::key::frame(key))
}
