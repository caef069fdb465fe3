//! `#[derive(Metrics)]`: each field's declaration becomes a `static`, and the struct is made of the instruments.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Attribute, DeriveInput, Expr, Field, GenericArgument, Lit, Meta, PathArguments, Type};

use super::options::{self, Options};
use super::{Derive, Places, buckets, named_fields, names};
use crate::diag::Diags;
use crate::expand::{at, hidden};

/// The impl; its mistakes are in `diags`.
pub(super) fn expand(input: &DeriveInput, places: &mut Places, diags: &mut Diags) -> TokenStream {
    let fields = named_fields(Derive::Metrics, input, places, diags);
    let mut seen: Vec<String> = Vec::new();
    let fields: Vec<_> = fields.into_iter().map(|field| one(field, &mut seen, places, diags)).collect();
    let (ident, vis) = (&input.ident, &input.vis);
    let shared = hidden("__SHARED");
    quote! {
        #[automatically_derived]
        #[allow(dead_code, clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
        impl #ident {
            /// The instruments. It does not matter whether telemetry is on yet.
            #vis fn new() -> Self {
                Self { #(#fields)* }
            }

            /// The ones that the whole program shares.
            #vis fn get() -> &'static Self {
                static #shared: ::wirespan::__private::OnceLock<#ident> = ::wirespan::__private::OnceLock::new();
                #shared.get_or_init(Self::new)
            }
        }
    }
}

/// One instrument: a field's initialiser.
fn one(field: &Field, seen: &mut Vec<String>, places: &mut Places, diags: &mut Diags) -> TokenStream {
    let Some(ident) = &field.ident else { return TokenStream::new() };
    let called = ident.unraw().to_string();
    let spot = places.spot(ident.span());
    let options = options::read(&field.attrs, options::OF_INSTRUMENT, places, diags);
    let description = description(&field.attrs);
    if description.is_empty() {
        let help = "write what it measures as a doc comment above it";
        diags.report(spot, format!("`{called}` has no description"), help);
    }
    match &options.name {
        None => {
            let help = format!("write `#[metric(name = \"shop.{called}\", …)]`, with your system for `shop`");
            diags.report(spot, format!("`{called}` has no name"), help);
        }
        Some(name) => {
            if names::check_instrument(name, diags) && seen.contains(&name.value) {
                let wrong = format!("two instruments have the name `{}`", name.value);
                diags.report(name.spot, wrong, "give each one a name of its own");
            }
            seen.push(name.value.clone());
        }
    }
    match &options.unit {
        None => {
            let help =
                "write `unit = \"s\"` for durations, `\"By\"` for bytes, `\"{item}\"` for what is counted";
            diags.report(spot, format!("`{called}` has no unit"), help);
        }
        Some(unit) => names::check_unit(unit, diags),
    }
    check_kind(field, &called, &options, places, diags);
    let alias = alias(&options, diags);
    let bounds = buckets::expand(&options, diags);
    let text =
        |text: &Option<options::Text>| text.as_ref().map_or_else(String::new, |text| text.value.clone());
    let (name, unit) = (text(&options.name), text(&options.unit));
    let spec = hidden("__SPEC");
    // At the type, so that one that is no instrument is told there.
    let first = field.ty.to_token_stream().into_iter().next();
    let span = at(first.map_or_else(proc_macro2::Span::call_site, |token| token.span()));
    let build = quote_spanned!(span=> ::wirespan::__private::instrument(&#spec));
    let cfgs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    quote! {
        #(#cfgs)*
        #ident: {
            ::wirespan::__private::instrument_spec!(#spec = ::wirespan::__private::InstrumentSpec {
                name: #name,
                unit: #unit,
                description: #description,
                bounds: #bounds,
                alias: #alias,
                package: ::core::option_env!("CARGO_PKG_NAME"),
                version: ::core::option_env!("CARGO_PKG_VERSION"),
            });
            #build
        },
    }
}

/// The rules that depend on the kind of instrument, as far as the type's name says it.
fn check_kind(field: &Field, called: &str, options: &Options, places: &mut Places, diags: &mut Diags) {
    let Type::Path(path) = &field.ty else { return };
    let Some(last) = path.path.segments.last() else { return };
    let unit = options.unit.as_ref();
    if last.ident != "Histogram" {
        if let Some((_, spot)) = &options.buckets {
            let known = ["Counter", "UpDownCounter", "Gauge"].iter().any(|kind| last.ident == kind);
            if known {
                let wrong = format!("a `{}` has no buckets", last.ident);
                diags.report(*spot, wrong, "remove `buckets`, or write `Histogram`");
            }
        }
        return;
    }
    let duration = match &last.arguments {
        PathArguments::AngleBracketed(given) => given.args.first().is_some_and(is_duration),
        _ => false,
    };
    match unit {
        Some(unit) if duration && unit.value != "s" => {
            diags.report(unit.spot, "a `Histogram<Duration>` is in seconds", "write `unit = \"s\"`");
        }
        Some(unit) if options.buckets.is_none() && buckets::are_needed(&unit.value) => {
            diags.report(
                places.spot(last.ident.span()),
                format!("`{called}` has no buckets, and no preset fits `{}`", unit.value),
                "write `buckets = [1, 10, 100]`, or one of `seconds`, `tokens`, `bytes`, `money`",
            );
        }
        _ => {}
    }
}

fn is_duration(argument: &GenericArgument) -> bool {
    match argument {
        GenericArgument::Type(Type::Path(path)) => {
            path.path.segments.last().is_some_and(|last| last.ident == "Duration")
        }
        _ => false,
    }
}

/// The instrument's other name.
fn alias(options: &Options, diags: &mut Diags) -> TokenStream {
    let Some(alias) = &options.alias else {
        if let Some(unit) = &options.alias_unit {
            diags.report(
                unit.spot,
                "`alias_unit` has no `alias` beside it",
                "write `alias = \"…\"`, or remove it",
            );
        }
        return quote!(::core::option::Option::None);
    };
    names::check_instrument(alias, diags);
    if options.name.as_ref().is_some_and(|name| name.value == alias.value) {
        diags.report(alias.spot, "the alias is the name itself", "remove `alias`");
    }
    let own = options.unit.as_ref().map_or("", |unit| unit.value.as_str());
    let unit = options.alias_unit.as_ref();
    let scale = match unit {
        None => 1.0,
        Some(unit) => names::scale(own, &unit.value).unwrap_or_else(|| {
            let wrong = format!("how many `{}` a `{own}` is, is not known", unit.value);
            diags.report(unit.spot, wrong, "write `ms`, `us` or `ns` for seconds, else the same unit");
            1.0
        }),
    };
    let (name, unit) = (&alias.value, unit.map_or(own, |unit| unit.value.as_str()));
    let scale = Literal::f64_unsuffixed(scale);
    quote! {
        ::core::option::Option::Some(::wirespan::__private::AliasSpec { name: #name, unit: #unit, scale: #scale })
    }
}

/// The documentation's first paragraph, on one line.
fn description(attributes: &[Attribute]) -> String {
    let mut words: Vec<String> = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(doc) = &attribute.meta else { continue };
        let Expr::Lit(literal) = &doc.value else { continue };
        let Lit::Str(text) = &literal.lit else { continue };
        let line = text.value();
        let line = line.trim();
        if line.is_empty() && !words.is_empty() {
            break;
        }
        words.extend((!line.is_empty()).then(|| line.to_owned()));
    }
    words.join(" ")
}
