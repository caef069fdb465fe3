//! Parameters: plain names in the signature, the user's patterns at the start of the body.
//!
//! The body runs in a closure or an `async` block that owns the parameters, so each is moved into it, in order, as the
//! compiler does for an `async fn`; they drop in the same order as those of the bare function. The rebinding has the
//! user's spans, so that `unused_variables` and `unused_mut` fire on it as they would on the parameter.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::{Attribute, FnArg, Pat, Signature};

use super::{given, hidden};
use crate::plan::Plan;
use crate::sig::{Func, Param, Shape};

/// The signature with a plain name for each parameter.
pub(super) fn signature(func: &Func) -> Signature {
    let mut signature = func.sig.clone();
    let typed = signature.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    for (typed, param) in typed.zip(&func.params) {
        // An expectation is met where the lint fires: at the rebinding.
        typed.attrs.retain(|attribute| !attribute.path().is_ident("expect"));
        let outer = &param.outer;
        *typed.pat = Pat::Verbatim(outer.to_token_stream());
    }
    signature
}

/// Moves all parameters, `self` among them, into the block that these statements start.
pub(super) fn rebind(plan: &Plan) -> TokenStream {
    let (func, used) = (&plan.func, given::uses(plan));
    // A block captures only the used fields of an owned `self`; used as a whole it is moved as a whole, and drops as one.
    let receiver = func.owns_receiver().then(|| {
        let receiver = hidden("__receiver");
        let this = func.sig.receiver().map(|receiver| &receiver.self_token);
        quote!(let #receiver = &#this; let _ = #receiver;)
    });
    if !func.params.is_empty() && func.params.iter().all(is_simple) {
        let (pats, outers): (Vec<_>, Vec<_>) =
            func.params.iter().map(|param| (&param.pat, &param.outer)).unzip();
        // Each lint that is allowed costs the compiler time; of a tuple, this is the only one to look at it.
        return quote!(#receiver #[allow(clippy::shadow_reuse)] let (#(#pats,)*) = (#(#outers,)*); #used);
    }
    let params = func.params.iter().map(rebind_one);
    quote!(#receiver #(#params)* #used)
}

/// Whether a parameter is a name that nothing special is to be said of: such are rebound together.
fn is_simple(param: &Param) -> bool {
    matches!(param.shape, Shape::Plain) && param.attrs.is_empty() && !is_underscored(param)
}

fn is_underscored(param: &Param) -> bool {
    match param.shape {
        Shape::Plain => param.outer.unraw().to_string().starts_with('_'),
        Shape::Pattern => true,
    }
}

/// Each lint costs the compiler time, wherever it is allowed: those that look at names with a `_` only where there may be one.
fn allow(underscored: bool) -> TokenStream {
    let more = underscored.then(|| {
        quote! {
            , clippy::used_underscore_binding, clippy::no_effect_underscore_binding, clippy::let_underscore_untyped,
            clippy::let_underscore_must_use
        }
    });
    quote! {
        #[allow(
            clippy::redundant_locals, clippy::shadow_same, clippy::shadow_reuse, clippy::shadow_unrelated,
            clippy::let_unit_value #more
        )]
    }
}

/// Has an `async` block store its parameters in their order, however it uses them: in that order they drop in a future that is
/// never polled.
pub(super) fn order(func: &Func) -> TokenStream {
    let receiver = func.owns_receiver().then(|| func.sig.receiver().map(|receiver| &receiver.self_token));
    let params = func.params.iter().map(|param| {
        let (cfgs, outer) = (cfgs(param), &param.outer);
        quote!(#(#cfgs)* let _ = &#outer;)
    });
    let receiver = receiver.map(|this| quote!(let _ = &#this;));
    quote! {
        #[allow(clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
        if false { #receiver #(#params)* }
    }
}

fn rebind_one(param: &Param) -> TokenStream {
    let attrs = param.attrs.iter().filter(|attribute| is_about_code(attribute));
    let (pat, outer) = (&param.pat, &param.outer);
    let cfgs = cfgs(param);
    let allow = allow(is_underscored(param));
    match param.shape {
        Shape::Plain => quote!(#allow #(#attrs)* let #pat = #outer;),
        Shape::Pattern => {
            // `ref mut x` borrows it mutably; where that is behind a reference, it need not be mutable.
            let mutable = param.has_ref_mut().then(|| quote!(#[allow(unused_mut)] let mut));
            let bind = mutable.unwrap_or_else(|| quote!(let));
            quote!(#(#cfgs)* #bind #outer = #outer; #allow #(#attrs)* let #pat = #outer;)
        }
    }
}

/// Whether an attribute of a parameter also holds for its rebinding: conditions and lint levels.
fn is_about_code(attribute: &Attribute) -> bool {
    ["cfg", "cfg_attr", "allow", "expect", "warn", "deny", "forbid"]
        .iter()
        .any(|name| attribute.path().is_ident(name))
}

/// The conditions under which the parameter exists.
pub(super) fn cfgs(param: &Param) -> Vec<&Attribute> {
    param.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect()
}
