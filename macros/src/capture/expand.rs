//! Writes `impl Capture`. Nothing here can fail.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{DeriveInput, Ident};

use super::attrs::Show;
use super::bounds;
use super::shape::{FieldShape, Shape, VariantShape};
use crate::expand::{at, framed, hidden, recording, recording_value};
use crate::key;

/// The whole impl.
pub(super) fn expand(input: &DeriveInput, shape: &Shape) -> TokenStream {
    let generics = bounds::generics(input, shape);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, type_generics, _) = input.generics.split_for_impl();
    let (ident, out) = (&input.ident, hidden("__out"));
    let max = bounds::max_encoded(input, shape);
    let body = match shape {
        Shape::Unit => {
            let name = ident.unraw().to_string();
            quote!(#out.str(#name);)
        }
        Shape::Newtype(field) => transparent(input, field),
        Shape::Struct(fields) => fields_of_struct(fields),
        Shape::Enum(variants) => {
            let arms = variants.iter().map(arm);
            quote!(match *self { #(#arms)* })
        }
    };
    let id = id(shape);
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
        impl #impl_generics ::wirespan::Capture for #ident #type_generics #where_clause {
            const MAX_ENCODED: ::core::primitive::usize = #max;

            fn capture(&self, #out: &mut ::wirespan::ValueWriter<'_>) {
                #body
            }

            #id
        }
    }
}

/// A newtype shows itself as its field does.
fn transparent(input: &DeriveInput, field: &FieldShape) -> TokenStream {
    let out = hidden("__out");
    let member = &field.member;
    // Outside of the spanned tokens below: their `self` would be another one.
    let this = quote!(self.#member);
    let span = at(field.span);
    match field.show {
        Show::Value | Show::Id => {
            let record = recording_value(span);
            quote_spanned!(span=> ::wirespan::__private::Value { of: &#this }.#record(#out);)
        }
        Show::Skip => {
            let name = input.ident.unraw().to_string();
            quote!(#out.str(#name);)
        }
        Show::Redact => quote!(#out.redacted();),
        Show::Len => len(field, &quote!(&#this), |len| quote!(#out.len(#len);)),
        Show::Display => quote_spanned!(span=> ::wirespan::__private::value_display(#out, &*(&#this));),
        Show::Debug => quote_spanned!(span=> ::wirespan::__private::value_debug(#out, &*(&#this));),
    }
}

fn fields_of_struct(fields: &[FieldShape]) -> TokenStream {
    let out = hidden("__out");
    let fields = fields.iter().map(|field| {
        let member = &field.member;
        record(field, &quote!(&self.#member))
    });
    quote!(#out.fields(|#out| { #(#fields)* });)
}

fn arm(variant: &VariantShape) -> TokenStream {
    let out = hidden("__out");
    let ident = &variant.ident;
    let name = ident.unraw().to_string();
    if variant.unit {
        return quote!(Self::#ident { .. } => #out.str(#name),);
    }
    let shown = variant
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| !matches!(field.show, Show::Skip | Show::Redact));
    let patterns = shown.map(|(index, field)| {
        let (member, binding) = (&field.member, binding(index));
        quote!(#member: ref #binding,)
    });
    let records = variant.fields.iter().enumerate().map(|(index, field)| {
        let binding = binding(index);
        record(field, &quote!(#binding))
    });
    let key = framed(&key::encode("variant"));
    quote! {
        Self::#ident { #(#patterns)* .. } => #out.fields(|#out| {
            ::wirespan::__private::Value { of: #name }.record(#out, #key);
            #(#records)*
        }),
    }
}

/// One field as an attribute; `value` is a reference to it.
fn record(field: &FieldShape, value: &TokenStream) -> TokenStream {
    let out = hidden("__out");
    let key = framed(&key::encode(&field.name));
    let span = at(field.span);
    match field.show {
        Show::Value | Show::Id => {
            let record = recording(false, span);
            quote_spanned!(span=> ::wirespan::__private::Value { of: #value }.#record(#out, #key);)
        }
        Show::Skip => TokenStream::new(),
        Show::Redact => quote!(#out.redacted(#key);),
        Show::Len => len(field, value, |len| quote!(#out.len(#key, #len);)),
        Show::Display => quote_spanned!(span=> ::wirespan::__private::display(#out, #key, &*(#value));),
        Show::Debug => quote_spanned!(span=> ::wirespan::__private::debug(#out, #key, &*(#value));),
    }
}

/// The length of what `value` refers to; of an `Option`, that of what is in it.
fn len(
    field: &FieldShape,
    value: &TokenStream,
    show: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let span = at(field.span);
    if !field.is_option() {
        return show(quote_spanned!(span=> (#value).len()));
    }
    let some = hidden("__some");
    let show = show(quote_spanned!(span=> #some.len()));
    quote!(if let ::core::option::Option::Some(#some) = #value { #show })
}

/// `capture_id`, where a field is the identifier.
fn id(shape: &Shape) -> Option<TokenStream> {
    let is_id = |field: &&FieldShape| field.show == Show::Id;
    let body = match shape {
        Shape::Unit => return None,
        Shape::Newtype(field) => some_member(Some(field.as_ref()).filter(is_id)?),
        Shape::Struct(fields) => some_member(fields.iter().find(is_id)?),
        Shape::Enum(variants) => {
            let arms = variants.iter().filter_map(|variant| {
                let (ident, field) = (&variant.ident, variant.fields.iter().find(is_id)?);
                let (member, binding) = (&field.member, binding(0));
                let some = some(field, &quote!(#binding));
                Some(quote!(Self::#ident { #member: ref #binding, .. } => #some,))
            });
            let arms: Vec<_> = arms.collect();
            if arms.is_empty() {
                return None;
            }
            quote!(#[allow(unreachable_patterns)] match *self { #(#arms)* _ => ::core::option::Option::None })
        }
    };
    Some(quote! {
        fn capture_id(&self) -> ::core::option::Option<&dyn ::core::fmt::Display> {
            #body
        }
    })
}

fn some_member(field: &FieldShape) -> TokenStream {
    let member = &field.member;
    let (this, and) = (quote!(self.#member), quote_spanned!(at(field.span)=> &));
    some(field, &quote!(#and #this))
}

fn some(field: &FieldShape, value: &TokenStream) -> TokenStream {
    quote_spanned!(at(field.span)=> ::wirespan::__private::id(#value))
}

fn binding(index: usize) -> Ident {
    format_ident!("__field{index}", span = proc_macro2::Span::mixed_site())
}
