//! `#[metric(…)]` on a field or a variant: `name`, `unit`, `buckets`, `alias`, `alias_unit`, of which each place knows some.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Ident, LitStr, Meta, Token};

use super::Places;
use crate::diag::{Diags, Spot};
use crate::suggest;

/// Text, and where it stands.
pub(super) struct Text {
    pub(super) value: String,
    pub(super) spot: Spot,
}

/// What was written.
#[derive(Default)]
pub(super) struct Options {
    pub(super) name: Option<Text>,
    pub(super) unit: Option<Text>,
    pub(super) alias: Option<Text>,
    pub(super) alias_unit: Option<Text>,
    /// What stands after `buckets =`, unread.
    pub(super) buckets: Option<(TokenStream, Spot)>,
}

/// The options of an instrument.
pub(super) const OF_INSTRUMENT: &[(&str, &str)] = &[
    ("name", r#"name = "shop.orders""#),
    ("unit", r#"unit = "s""#),
    ("buckets", "buckets = seconds"),
    ("alias", r#"alias = "count_orders""#),
    ("alias_unit", r#"alias_unit = "ms""#),
];

/// The options of a label and of its value.
pub(super) const OF_LABEL: &[(&str, &str)] = &[("name", r#"name = "shop.region""#)];

/// The attributes that are ours.
pub(super) fn those(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("metric"))
}

/// Where an attribute's name stands.
pub(super) fn place(attribute: &Attribute) -> Span {
    attribute.path().get_ident().map_or_else(Span::call_site, Ident::span)
}

/// Reads the options of one field or variant; `known` are those that there are.
pub(super) fn read(
    attributes: &[Attribute],
    known: &[(&str, &str)],
    places: &mut Places,
    diags: &mut Diags,
) -> Options {
    let mut options = Options::default();
    for attribute in those(attributes) {
        let tokens = match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => list.tokens.clone(),
            _ => {
                let example = known.first().map_or("", |(_, example)| example);
                let spot = places.spot(place(attribute));
                diags.report(spot, "`#[metric]` has no option", format!("write `#[metric({example})]`"));
                continue;
            }
        };
        let all = |input: ParseStream<'_>| {
            while !input.is_empty() {
                one(input, known, &mut options, places, diags);
            }
            Ok(())
        };
        // `all` reads everything and returns `Ok`; syn has nothing left to complain about.
        let _ = all.parse2(tokens);
    }
    options
}

/// One option, and the comma after it.
fn one(
    input: ParseStream<'_>,
    known: &[(&str, &str)],
    options: &mut Options,
    places: &mut Places,
    diags: &mut Diags,
) {
    let before = diags.count();
    let Ok(key) = input.call(Ident::parse_any) else {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let spot = places.spot(crate::args::next_span(input));
        diags.report(
            spot,
            "an option of `#[metric]` starts with its name",
            format!("write {}", suggest::list(&names)),
        );
        return pass_comma(input);
    };
    let written = key.unraw().to_string();
    let spot = places.spot(key.span());
    let Some((name, example)) = known.iter().find(|(name, _)| *name == written) else {
        let help = habit(&written)
            .map_or_else(|| suggest::help(&written, known.iter().map(|(name, _)| *name), ""), str::to_owned);
        diags.report(spot, format!("`{written}` is not an option of `#[metric]` here"), help);
        return pass_comma(input);
    };
    if !input.peek(Token![=]) || input.parse::<Token![=]>().is_err() || input.is_empty() {
        diags.report(spot, format!("`{name}` needs a value"), format!("write `{example}`"));
        return pass_comma(input);
    }
    let kept = match *name {
        "name" => &mut options.name,
        "unit" => &mut options.unit,
        "alias" => &mut options.alias,
        "alias_unit" => &mut options.alias_unit,
        _ => {
            let value = to_comma(input);
            if options.buckets.replace((value, spot)).is_some() {
                diags.report(spot, format!("option `{name}` is set twice"), "remove one of the two");
            }
            return pass_comma(input);
        }
    };
    let value_spot = places.spot(crate::args::next_span(input));
    match input.parse::<LitStr>() {
        Ok(text) => {
            if kept.replace(Text { value: text.value(), spot: value_spot }).is_some() {
                diags.report(spot, format!("option `{name}` is set twice"), "remove one of the two");
            }
        }
        Err(_) => {
            diags.report(value_spot, format!("`{name}` needs text in quotes"), format!("write `{example}`"));
        }
    }
    if !input.is_empty() && !input.peek(Token![,]) && diags.count() == before {
        let spot = places.spot(crate::args::next_span(input));
        diags.report(spot, "options are separated by commas", "write a `,` before this");
    }
    pass_comma(input);
}

fn to_comma(input: ParseStream<'_>) -> TokenStream {
    let mut value = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        match input.parse::<proc_macro2::TokenTree>() {
            Ok(token) => value.extend([token]),
            Err(_) => break,
        }
    }
    value
}

fn pass_comma(input: ParseStream<'_>) {
    to_comma(input);
    let _ = input.parse::<Token![,]>();
}

/// What other libraries call these options.
fn habit(written: &str) -> Option<&'static str> {
    Some(match written {
        "description" | "desc" | "help" => "write the description as a doc comment",
        "boundaries" | "bounds" => "write `buckets`",
        "rename" | "key" => "write `name`",
        _ => return None,
    })
}
