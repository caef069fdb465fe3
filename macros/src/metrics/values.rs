//! `#[derive(MetricValue)]`: an enum whose variants are the values of a label.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput};

use super::{Places, names, options};
use crate::diag::Diags;

/// The impl; its mistakes are in `diags`.
pub(super) fn expand(input: &DeriveInput, places: &mut Places, diags: &mut Diags) -> TokenStream {
    let ident = &input.ident;
    let Data::Enum(data) = &input.data else {
        let spot = places.spot(ident.span());
        diags.report(spot, "`MetricValue` needs an enum: its variants are the values", "write an enum");
        return TokenStream::new();
    };
    if data.variants.is_empty() {
        let spot = places.spot(ident.span());
        diags.report(spot, format!("`{ident}` has no variants, and so no value"), "write its variants");
    }
    let mut seen: Vec<String> = Vec::new();
    let mut arms = Vec::new();
    for variant in &data.variants {
        let spot = places.spot(variant.ident.span());
        let options = options::read(&variant.attrs, options::OF_LABEL, places, diags);
        if !variant.fields.is_empty() {
            let wrong = format!("`{}` has fields, and a label's value has none", variant.ident);
            diags.report(spot, wrong, "remove the fields, or write a label of its own for what they hold");
        }
        let (text, spot) = match options.name {
            Some(name) => (name.value, name.spot),
            None => (names::snake(&variant.ident.unraw().to_string()), spot),
        };
        if text.is_empty() {
            diags.report(
                spot,
                "a label's value cannot be empty",
                "write a name, or an `Option` to leave it out",
            );
        } else if seen.contains(&text) {
            diags.report(
                spot,
                format!("two variants have the name `{text}`"),
                "give each one a name of its own",
            );
        }
        seen.push(text.clone());
        let (cfgs, name) =
            (variant.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")), &variant.ident);
        arms.push(quote!(#(#cfgs)* Self::#name { .. } => #text,));
    }
    quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
        impl ::wirespan::metrics::MetricValue for #ident {
            fn metric_value(&self) -> ::core::option::Option<::wirespan::opentelemetry::Value> {
                let text: &'static ::core::primitive::str = match *self { #(#arms)* };
                ::core::option::Option::Some(::core::convert::Into::into(text))
            }
        }
    }
}
