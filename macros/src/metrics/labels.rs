//! `#[derive(MetricAttributes)]`: each field is a label.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote, quote_spanned};
use syn::DeriveInput;
use syn::ext::IdentExt as _;

use super::{Derive, Places, named_fields, options};
use crate::diag::Diags;
use crate::expand::{at, hidden};

/// The impl; its mistakes are in `diags`.
pub(super) fn expand(input: &DeriveInput, places: &mut Places, diags: &mut Diags) -> TokenStream {
    let fields = named_fields(Derive::Attributes, input, places, diags);
    let out = hidden("__out");
    let mut seen: Vec<String> = Vec::new();
    let mut writes = Vec::new();
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let spot = places.spot(ident.span());
        let options = options::read(&field.attrs, options::OF_LABEL, places, diags);
        let (key, spot) = match options.name {
            Some(name) => (name.value, name.spot),
            None => (ident.unraw().to_string(), spot),
        };
        if key.is_empty() {
            diags.report(spot, "a label's name cannot be empty", "write a name such as `shop.region`");
        } else if seen.contains(&key) {
            diags.report(
                spot,
                format!("two labels have the name `{key}`"),
                "give each one a name of its own",
            );
        }
        seen.push(key.clone());
        let cfgs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        let this = quote!(&self.#ident);
        let first = field.ty.to_token_stream().into_iter().next();
        let span = at(first.map_or_else(proc_macro2::Span::call_site, |token| token.span()));
        let write = quote_spanned!(span=> ::wirespan::__private::label(#out, #key, #this););
        writes.push(quote!(#(#cfgs)* #write));
    }
    let ident = &input.ident;
    quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
        impl ::wirespan::metrics::MetricAttributes for #ident {
            fn write(&self, #out: &mut ::wirespan::metrics::AttributeSet<'_>) {
                #(#writes)*
            }
        }
    }
}
