//! The generic bounds of a derived impl, and the most bytes its value can take.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Generics, WherePredicate, parse_quote};

use super::attrs::Show;
use super::shape::{FieldShape, Shape};
use crate::expand::{at, bytes};
use crate::key;
use crate::sig::mentions;

/// What the text `<redacted>` takes, with its tag and length.
const REDACTED: usize = 12;
/// What a number takes: a tag and a varint of ten bytes.
const NUMBER: usize = 11;
/// What text takes beside its bytes: a tag, and a length of up to five bytes.
const TEXT: usize = 6;

/// The type's generics with what the shown fields need of its parameters.
pub(super) fn generics(input: &DeriveInput, shape: &Shape) -> Generics {
    let mut generics = input.generics.clone();
    let params: Vec<_> = input.generics.type_params().map(|param| param.ident.clone()).collect();
    let mut predicates: Vec<WherePredicate> = Vec::new();
    for field in fields(shape) {
        let used: Vec<_> = params.iter().filter(|param| mentions(&field.ty, &param.to_string())).collect();
        let ty = &field.ty;
        match field.show {
            Show::Value | Show::Id if !used.is_empty() => {
                predicates.extend(used.iter().map(|param| parse_quote!(#param: ::wirespan::Capture)));
            }
            Show::Display if !used.is_empty() => predicates.push(parse_quote!(#ty: ::core::fmt::Display)),
            Show::Debug if !used.is_empty() => predicates.push(parse_quote!(#ty: ::core::fmt::Debug)),
            _ => {}
        }
        if field.show == Show::Id && !used.is_empty() {
            predicates.push(parse_quote!(#ty: ::core::fmt::Display));
        }
    }
    if !predicates.is_empty() {
        generics.make_where_clause().predicates.extend(predicates);
    }
    generics
}

fn fields(shape: &Shape) -> Vec<&FieldShape> {
    match shape {
        Shape::Unit => Vec::new(),
        Shape::Newtype(field) => vec![field],
        Shape::Struct(fields) => fields.iter().collect(),
        Shape::Enum(variants) => variants.iter().flat_map(|variant| &variant.fields).collect(),
    }
}

/// The value of `MAX_ENCODED`.
pub(super) fn max_encoded(input: &DeriveInput, shape: &Shape) -> TokenStream {
    match shape {
        Shape::Unit => text(&input.ident.to_string()),
        Shape::Newtype(field) => value(input, field),
        Shape::Struct(fields) => sum(input, fields, None),
        Shape::Enum(variants) => {
            let variants = variants.iter().map(|variant| {
                let name = variant.ident.to_string();
                if variant.unit { text(&name) } else { sum(input, &variant.fields, Some(&name)) }
            });
            quote! {{
                let mut __most = 0;
                #({
                    let __variant = #variants;
                    if __variant > __most { __most = __variant; }
                })*
                __most
            }}
        }
    }
}

/// The most that fields take together; for an enum, with the variant's name as the first of them.
fn sum(input: &DeriveInput, fields: &[FieldShape], variant: Option<&str>) -> TokenStream {
    let variant = variant.map(|name| {
        let (key, name) = (bytes(&key::encode("variant")), text(name));
        quote!(::wirespan::__private::attribute_bound(#key.len(), #name, ::core::primitive::usize::MAX),)
    });
    let fields = fields.iter().filter(|field| field.show != Show::Skip).map(|field| {
        let key = bytes(&key::encode(&field.name));
        if field.show == Show::Redact {
            return quote!(::wirespan::__private::redacted_bound(#key.len()));
        }
        let value = value(input, field);
        quote!(::wirespan::__private::attribute_bound(#key.len(), #value, ::core::primitive::usize::MAX))
    });
    quote!(::wirespan::__private::fields_bound(&[#variant #(#fields),*]))
}

/// The most that one field's value takes.
fn value(input: &DeriveInput, field: &FieldShape) -> TokenStream {
    let ty = &field.ty;
    let number = match field.show {
        Show::Skip => return text(&input.ident.to_string()),
        Show::Redact => REDACTED,
        Show::Len => NUMBER,
        Show::Display | Show::Debug => return quote!(::core::primitive::usize::MAX),
        // A type inside itself has no bound, and asking for one would go round in circles.
        Show::Value | Show::Id if mentions(ty, &input.ident.to_string()) || mentions(ty, "Self") => {
            return quote!(::core::primitive::usize::MAX);
        }
        Show::Value | Show::Id => {
            return quote_spanned!(at(field.span)=> ::wirespan::__private::bound_of!(#ty));
        }
    };
    let number = Literal::usize_unsuffixed(number);
    quote!(#number)
}

fn text(text: &str) -> TokenStream {
    let bytes = Literal::usize_unsuffixed(text.len().saturating_add(TEXT));
    quote!(#bytes)
}
