//! The proof that a span stays within its budget, as a constant assertion.
//!
//! A `const` item is evaluated by `cargo check`, but cannot name a generic parameter of the function or of a surrounding
//! `impl` block, which is not visible from here. So an item is used when every type in it is known to be a concrete one;
//! else an inline `const` block, which the compiler evaluates for each instance when it generates code.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Lit};

use super::{at, bytes};
use crate::key;
use crate::plan::{BudgetPlan, CapturePlan, FieldPlan, Plan, Show};
use crate::sig::{erase_lifetimes, known_concrete, mentions};

/// The most bytes that a number or a `bool` takes as an encoded value: a tag and a varint of ten bytes.
const NUMBER: usize = 11;
/// What text takes beside its bytes: a tag, and a length of up to five bytes.
const TEXT: usize = 6;

/// `const _: () = assert_budget(…);`, or nothing without a budget.
pub(super) fn expand(plan: &Plan) -> TokenStream {
    let Some(budget) = &plan.budget else {
        return TokenStream::new();
    };
    let span = at(budget.span);
    let function = plan.func.sig.ident.to_string();
    let bytes = Literal::u32_unsuffixed(budget.bytes);
    let captures = plan.captures.iter().map(|capture| of_capture(capture, budget));
    let redacted = plan.redacted.iter().map(|name| of_redacted(name));
    let fields = plan.fields.iter().map(|field| of_field(field, budget));
    let bounds = captures.chain(redacted).chain(fields);
    let assertion = quote_spanned! {span=>
        ::wirespan::__private::assert_budget(#function, #bytes, &[#(#bounds),*])
    };
    let concrete = plan.captures.iter().all(|capture| match &capture.ty {
        Some(ty) if capture.show.is_by_type() => known_concrete(ty),
        _ => true,
    });
    if concrete {
        quote_spanned!(span=> const _: () = #assertion;)
    } else {
        quote_spanned!(span=> const { #assertion };)
    }
}

fn of_capture(capture: &CapturePlan, budget: &BudgetPlan) -> TokenStream {
    let key = bytes(&capture.key);
    if capture.show == Show::Excluded {
        return quote!(::wirespan::__private::excluded_bound(#key.len()));
    }
    let max_value = Literal::u32_unsuffixed(budget.max_value);
    let bound = match capture.ty.as_ref().filter(|_| capture.show.is_by_type()) {
        // Whose lifetime a `for<'a>` type names cannot be told from its tokens, and such types have no bound anyway.
        Some(ty) if !mentions(ty, "for") => {
            let ty = erase_lifetimes(ty);
            quote_spanned!(at(capture.ident.span())=> ::wirespan::__private::bound_of!(#ty))
        }
        _ => quote!(::core::primitive::usize::MAX),
    };
    quote!(::wirespan::__private::attribute_bound(#key.len(), #bound, #max_value))
}

fn of_redacted(name: &str) -> TokenStream {
    let key = bytes(&key::encode(&format!("parameter.{name}")));
    quote!(::wirespan::__private::redacted_bound(#key.len()))
}

fn of_field(field: &FieldPlan, budget: &BudgetPlan) -> TokenStream {
    let (key, max_value) = (bytes(&field.key), Literal::u32_unsuffixed(budget.max_value));
    let bound = match &field.expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value().len().saturating_add(TEXT)),
            Lit::Int(_) | Lit::Float(_) | Lit::Bool(_) | Lit::Char(_) => Some(NUMBER),
            _ => None,
        },
        _ => None,
    };
    let bound = bound.map_or_else(
        || quote!(::core::primitive::usize::MAX),
        |bound| {
            let bound = Literal::usize_unsuffixed(bound);
            quote!(#bound)
        },
    );
    quote!(::wirespan::__private::attribute_bound(#key.len(), #bound, #max_value))
}
