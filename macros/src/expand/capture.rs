//! The block that turns parameters and fields into attributes.
//!
//! It runs before the parameters are rebound, on references to them: so a parameter that the body does not use is still
//! reported as unused. Only fields next to parameters with patterns need the names that those bind; then it runs after.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use super::{at, framed, hidden, params, recording};
use crate::plan::{CapturePlan, FieldPlan, Plan, Show};
use crate::sig::{Param, Shape};

/// Where the capture stands, relative to the rebinding of the parameters.
pub(super) struct Capture {
    pub(super) before: TokenStream,
    pub(super) after: TokenStream,
}

/// Whether anything is captured.
pub(super) fn is_needed(plan: &Plan) -> bool {
    !plan.captures.is_empty() || !plan.fields.is_empty() || plan.links.is_some()
}

/// Whether what is captured comes before a parameter that stands before it.
pub(super) fn is_out_of_order(plan: &Plan) -> bool {
    let in_order = plan.captures.iter().zip(0..).all(|(capture, index)| capture.param == index);
    let expressions = !plan.fields.is_empty() || plan.links.is_some();
    expressions || (is_needed(plan) && (plan.func.owns_receiver() || !in_order))
}

/// The capture, before or after the rebinding.
pub(super) fn expand(plan: &Plan, session: &TokenStream) -> Capture {
    let mut capture = Capture { before: TokenStream::new(), after: TokenStream::new() };
    if !is_needed(plan) {
        return capture;
    }
    let patterns = plan.func.params.iter().any(|param| matches!(param.shape, Shape::Pattern));
    let rebound = patterns && (!plan.fields.is_empty() || plan.links.is_some());
    let tokens = block(plan, rebound);
    let tokens = if session.is_empty() { tokens } else { quote!({ #session #tokens }) };
    *(if rebound { &mut capture.after } else { &mut capture.before }) = tokens;
    capture
}

fn block(plan: &Plan, rebound: bool) -> TokenStream {
    // What takes them is given back before anything of the user's runs.
    let (session, all, out) = (hidden("__session"), hidden("__all"), hidden("__out"));
    let params = plan.func.params.iter().enumerate().map(|(index, param)| {
        let captures: Vec<&CapturePlan> =
            plan.captures.iter().filter(|capture| capture.param == index).collect();
        of_param(param, &captures, rebound)
    });
    let fields = plan.fields.iter().map(of_field);
    let links = plan
        .links
        .as_ref()
        .map(|links| quote_spanned!(at(links.span())=> ::wirespan::__private::links(#out, || #links);));
    quote! {
        if let ::core::option::Option::Some(mut #all) = #session.attributes() {
            let #out = &mut #all;
            #links
            #(#params)*
            #(#fields)*
            #all.done();
        }
    }
}

fn of_param(param: &Param, captures: &[&CapturePlan], rebound: bool) -> TokenStream {
    if captures.is_empty() {
        return TokenStream::new();
    }
    let cfgs = params::cfgs(param);
    let by_reference = matches!(param.shape, Shape::Pattern) && !rebound;
    let records = captures.iter().map(|capture| record(capture, by_reference));
    if by_reference {
        let wanted: Vec<_> = captures.iter().map(|capture| &capture.ident).collect();
        let (pattern, outer) = (param.borrowed_pattern(&wanted), &param.outer);
        // Not `let`: a pattern that can fail is told of once, where the parameter is rebound.
        return quote! {
            #(#cfgs)*
            #[allow(
                unused_variables, irrefutable_let_patterns, non_shorthand_field_patterns, clippy::all, clippy::pedantic,
                clippy::restriction
            )]
            if let #pattern = &#outer { #(#records)* }
        };
    }
    if cfgs.is_empty() { quote!(#(#records)*) } else { quote!(#(#cfgs)* { #(#records)* }) }
}

fn record(capture: &CapturePlan, by_reference: bool) -> TokenStream {
    let (out, ident, key) = (hidden("__out"), &capture.ident, framed(&capture.key));
    let span = at(ident.span());
    let value = if by_reference { quote!(#ident) } else { quote_spanned!(span=> &#ident) };
    match capture.show {
        Show::Value | Show::Named => {
            let value = match look(capture.ty.as_ref()) {
                Look::Reference => quote_spanned!(span=> Value { of: #value }),
                Look::Copy => quote_spanned!(span=> Value { of: &{ #ident } }),
                Look::ByType => quote_spanned!(span=> Peek { of: #value }),
            };
            let record = recording(capture.show == Show::Named, span);
            quote_spanned!(span=> ::wirespan::__private::#value.#record(#out, #key);)
        }
        Show::Excluded => {
            quote_spanned!(span=> ::wirespan::__private::Excluded { of: #value }.record(#out, #key);)
        }
        Show::Debug => quote_spanned!(span=> ::wirespan::__private::debug(#out, #key, #value);),
        Show::Serde => quote_spanned!(span=> ::wirespan::__private::show_serde(#value, #out, #key);),
        Show::Display => quote_spanned!(span=> ::wirespan::__private::display(#out, #key, #value);),
    }
}

/// How a parameter is looked at: through a copy where its type has one, so that it may stay in a register where nothing is
/// recorded.
enum Look {
    Reference,
    Copy,
    /// The compiler knows.
    ByType,
}

fn look(ty: Option<&Type>) -> Look {
    match ty {
        Some(Type::Reference(reference)) if reference.mutability.is_none() => Look::Copy,
        // The only types with parameters that are copied are `Option`s, and what an alias may hide.
        Some(Type::Path(path)) => match path.path.segments.last() {
            Some(last) if !last.arguments.is_none() && last.ident != "Option" => Look::Reference,
            _ => Look::ByType,
        },
        _ => Look::ByType,
    }
}

fn of_field(field: &FieldPlan) -> TokenStream {
    let (out, name, expr, key) = (hidden("__out"), hidden("__key"), &field.expr, framed(&field.key));
    let record = recording(false, Span::mixed_site());
    quote! {
        #out.field(#key, |#out, #name| ::wirespan::__private::Value { of: &(#expr) }.#record(#out, #name));
    }
}
