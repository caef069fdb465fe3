//! The field options of the derive: `#[capture(skip | id | redact | len | display | debug)]`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::{Attribute, Field, Meta};

use crate::diag::{Diags, Spot};
use crate::secret::looks_secret;
use crate::suggest;

/// How a field is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// By its type.
    Value,
    /// By its type, and it is what identifies the whole value.
    Id,
    /// Not at all.
    Skip,
    /// As `<redacted>`.
    Redact,
    /// As its length.
    Len,
    /// As it displays.
    Display,
    /// As it prints for `{:?}`.
    Debug,
}

/// The options, as written.
const OPTIONS: [(&str, Show); 6] = [
    ("skip", Show::Skip),
    ("id", Show::Id),
    ("redact", Show::Redact),
    ("len", Show::Len),
    ("display", Show::Display),
    ("debug", Show::Debug),
];

/// An option, where it stands, and its name.
pub(super) struct Chosen {
    pub(super) show: Show,
    pub(super) spot: Spot,
}

/// Numbers the places in the type, so that errors keep their order.
#[derive(Default)]
pub(super) struct Places(usize);

impl Places {
    fn spot(&mut self, span: Span) -> Spot {
        self.0 += 1;
        Spot::item(span, self.0)
    }
}

/// The option of a field that is called `name` and belongs to `owner`.
pub(super) fn read(field: &Field, name: &str, places: &mut Places, diags: &mut Diags) -> Option<Chosen> {
    let mut chosen: Option<Chosen> = None;
    for (word, rest) in field.attrs.iter().flat_map(words) {
        let spot = places.spot(word.span());
        let written = word.unraw().to_string();
        if written == "capture" {
            let all = OPTIONS.map(|(name, _)| name);
            diags.report(
                spot,
                "`#[capture]` has no option",
                format!("write {} in brackets", suggest::list(&all)),
            );
            continue;
        }
        if written == "_" {
            let all = OPTIONS.map(|(name, _)| name);
            let wrong = "`#[capture]` takes its option as a word";
            diags.report(spot, wrong, format!("write {} without quotes", suggest::list(&all)));
            continue;
        }
        let Some((_, show)) = OPTIONS.iter().find(|(option, _)| *option == written) else {
            let help = hint(&written)
                .map_or_else(|| suggest::help(&written, OPTIONS.map(|(name, _)| name), ""), str::to_owned);
            diags.report(spot, format!("`{written}` is not an option of `#[capture]`"), help);
            continue;
        };
        if let Some(value) = rest {
            diags.report(
                places.spot(value),
                format!("`{written}` takes no value"),
                format!("write `#[capture({written})]`"),
            );
        }
        if let Some(other) = &chosen {
            let other = OPTIONS.iter().find(|(_, show)| *show == other.show).map_or("", |(name, _)| *name);
            let wrong = if other == written {
                format!("option `{written}` is set twice")
            } else {
                format!("`{other}` and `{written}` cannot both say how a field is shown")
            };
            diags.report(spot, wrong, "remove one of the two");
            continue;
        }
        if matches!(show, Show::Id | Show::Display | Show::Debug) && looks_secret(name) {
            let wrong = format!("`{name}` looks like a secret and cannot be shown");
            diags.report(
                spot,
                wrong,
                format!("rename the field if it is none, or remove `{written}` to redact it"),
            );
        }
        chosen = Some(Chosen { show: *show, spot });
    }
    chosen
}

/// Reports `#[capture(…)]` where it has no meaning.
pub(super) fn reject(attributes: &[Attribute], what: &str, places: &mut Places, diags: &mut Diags) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("capture")) {
        let span = attribute.path().get_ident().map_or_else(Span::call_site, Ident::span);
        let wrong = format!("`#[capture]` cannot stand on {what}");
        diags.report(places.spot(span), wrong, "write it on a field");
    }
}

/// The words in a `#[capture(…)]`, each with the place of what stands where a comma should. Without words, `capture` itself.
fn words(attribute: &Attribute) -> Vec<(Ident, Option<Span>)> {
    if !attribute.path().is_ident("capture") {
        return Vec::new();
    }
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    let mut words: Vec<(Ident, Option<Span>)> = Vec::new();
    let mut at_start = true;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => at_start = true,
            TokenTree::Ident(word) if at_start => {
                words.push((word, None));
                at_start = false;
            }
            other => {
                match words.last_mut().filter(|_| !at_start) {
                    Some((_, rest @ None)) => *rest = Some(other.span()),
                    Some(_) => {}
                    None => words.push((Ident::new("_", other.span()), None)),
                }
                at_start = false;
            }
        }
    }
    if words.is_empty() {
        words.extend(attribute.path().get_ident().map(|ident| (ident.clone(), None)));
    }
    words
}

/// What other derives call these options.
fn hint(written: &str) -> Option<&'static str> {
    let hint = match written {
        "ignore" | "skip_serializing" | "hidden" => "write `skip`",
        "secret" | "sensitive" | "mask" => "write `redact`",
        "key" => "write `id`",
        "rename" | "name" => "rename the field: its name is the attribute's key",
        _ => return None,
    };
    Some(hint)
}
