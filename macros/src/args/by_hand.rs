//! Reads what stands in `span!(…)`, `event!(…)` and `record!(…)`: options of the form `word: value`, a name, fields.
//!
//! Fields are those of `fields(…)`; a name alone stands for itself, as in a struct.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, LitStr, Token, parse_quote};

use super::parse::{Home, Reader, next_span, to_comma, within};
use super::shown::Shown;
use super::{FieldArgs, Given, Kind, Level, fields, habits, spans, values};
use crate::diag::{Diags, Spot};
use crate::suggest;

/// Which of the three it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Macro {
    Span,
    Event,
    Record,
}

impl Macro {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Span => "span!",
            Self::Event => "event!",
            Self::Record => "record!",
        }
    }

    /// Its options, in the order in which messages list them.
    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Span => &OF_SPAN,
            Self::Event | Self::Record => &["on"],
        }
    }
}

/// The options of `span!`.
const OF_SPAN: [&str; 4] = ["parent", "links", "kind", "level"];

/// What was written.
#[derive(Default)]
pub(crate) struct ByHandArgs {
    pub(crate) name: Option<Given<String>>,
    pub(crate) parent: Option<Expr>,
    pub(crate) root: bool,
    pub(crate) links: Option<Expr>,
    pub(crate) kind: Option<Kind>,
    pub(crate) level: Option<Level>,
    pub(crate) on: Option<Expr>,
    pub(crate) fields: Vec<FieldArgs>,
}

/// Reads it all; what cannot be read is in `diags`.
pub(crate) fn parse(of: Macro, tokens: TokenStream, diags: &mut Diags) -> ByHandArgs {
    let mut args = ByHandArgs::default();
    let mut reader = Reader::new(Home::ByHand, diags);
    within(tokens, |input| {
        options(&mut reader, &mut args, of, input);
        if of != Macro::Record {
            name(&mut reader, &mut args, of, input);
        }
        fields(&mut reader, &mut args, of, input);
    });
    args
}

/// `parent: expr,` and the like, each followed by a comma.
fn options(reader: &mut Reader<'_>, args: &mut ByHandArgs, of: Macro, input: ParseStream<'_>) {
    let mut seen: Vec<String> = Vec::new();
    while input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let (Ok(word), Ok(_)) = (input.call(Ident::parse_any), input.parse::<Token![:]>()) else { return };
        let spot = reader.spots.spot(word.span());
        let word = word.to_string();
        if !of.options().contains(&word.as_str()) {
            let help = of_another(of, &word);
            reader.report(spot, format!("`{word}:` is not an option of `{}`", of.name()), help);
            if word == "name" && input.peek(LitStr) {
                return;
            }
        } else if seen.contains(&word) {
            reader.report(spot, format!("option `{word}` is set twice"), "remove one of the two");
        } else if let (at, Ok(value)) = (next_span(input), input.parse::<Expr>()) {
            let spot = reader.spots.spot(at);
            option(reader, args, &word, value, spot);
            if !input.is_empty() && !input.peek(Token![,]) {
                let spot = reader.spots.spot(next_span(input));
                reader.report(spot, "options are separated by commas", "write a `,` before this");
                seen.push(word);
                continue;
            }
        } else {
            let help = format!("write `{word}: value,`, or remove it");
            reader.report(spot, format!("`{word}:` needs a value"), help);
        }
        seen.push(word);
        to_comma(input);
        let _ = input.parse::<Token![,]>();
    }
}

/// What to type for an option that this macro does not have.
fn of_another(of: Macro, word: &str) -> String {
    match word {
        "name" => "write the name alone, in quotes".to_owned(),
        "target" => {
            "remove it: the module path is always recorded, as part of `code.function.name`".to_owned()
        }
        // As in `tracing::event!`. What is filtered is the span around it, and the event with that.
        "level" if of == Macro::Event => {
            "write it as a field behind the name: `level = \"debug\"`".to_owned()
        }
        _ if of != Macro::Span && OF_SPAN.contains(&word) => {
            format!("remove it, or write it in the `span!` that this is in: `span!({word}: …, \"name\")`")
        }
        _ => suggest::closest(word, of.options()).map_or_else(
            || format!("write `{word} = value` for a field"),
            |close| format!("did you mean `{close}`?"),
        ),
    }
}

fn option(reader: &mut Reader<'_>, args: &mut ByHandArgs, word: &str, value: Expr, spot: Spot) {
    match word {
        "parent" if spans::is_none(&value) => args.root = true,
        "parent" => args.parent = Some(value),
        "links" => args.links = Some(value),
        "on" => args.on = Some(value),
        "level" => args.level = word_of(reader, &value, &values::LEVELS, "level", spot),
        _ => args.kind = word_of(reader, &value, &values::KINDS, "span kind", spot),
    }
}

/// The value that one of a few words stands for.
fn word_of<T: Copy>(
    reader: &mut Reader<'_>,
    value: &Expr,
    words: &[(&'static str, T)],
    what: &str,
    spot: Spot,
) -> Option<T> {
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value else {
        let (first, _) = words.first()?;
        let help = format!("write one of its words in quotes, like `\"{first}\"`");
        reader.report(spot, format!("a {what} is a text"), help);
        return None;
    };
    let text = text.value();
    let found = words.iter().find(|(known, _)| *known == text).map(|(_, value)| *value);
    if found.is_none() {
        let help = suggest::help(&text, words.iter().map(|(word, _)| *word), "");
        reader.report(spot, format!("`{text}` is not a {what}"), help);
    }
    found
}

fn name(reader: &mut Reader<'_>, args: &mut ByHandArgs, of: Macro, input: ParseStream<'_>) {
    let (what, example) =
        if of == Macro::Span { ("a span", "load user") } else { ("an event", "cache miss") };
    let at = if input.is_empty() { Span::call_site() } else { next_span(input) };
    let spot = reader.spots.spot(at);
    let Ok(text) = input.parse::<LitStr>() else {
        let wrong = format!("`{}` starts with the name of {what}, in quotes", of.name());
        let before = before_name(input);
        let help = habits::before_name(&before, of == Macro::Span)
            .unwrap_or_else(|| format!("write `{}(\"{example}\", key = value)`", of.name()));
        reader.report(spot, wrong, help);
        return;
    };
    let help = format!("write a name, like `{}(\"{example}\")`", of.name());
    args.name =
        reader.checked_name(Given { value: text.value(), spot }, &format!("the name of {what}"), &help);
    if !input.is_empty() && input.parse::<Token![,]>().is_err() {
        let spot = reader.spots.spot(next_span(input));
        reader.report(spot, "fields are separated by commas", "write a `,` before this");
        to_comma(input);
        let _ = input.parse::<Token![,]>();
    }
}

/// Reads what stands where the name should, with its comma, and the name if that follows.
fn before_name(input: ParseStream<'_>) -> String {
    let mut tokens = TokenStream::new();
    while !input.peek(Token![,]) {
        let Ok(token) = input.parse::<TokenTree>() else { break };
        tokens.extend([token]);
    }
    let _ = input.parse::<Token![,]>();
    let ahead = input.fork();
    if ahead.parse::<LitStr>().is_ok() && (ahead.is_empty() || ahead.peek(Token![,])) {
        let _ = (input.parse::<LitStr>(), input.parse::<Token![,]>());
    }
    tokens.to_string()
}

fn fields(reader: &mut Reader<'_>, args: &mut ByHandArgs, of: Macro, input: ParseStream<'_>) {
    if input.is_empty() && of == Macro::Record && reader.diags.is_empty() {
        let spot = reader.spots.spot(Span::call_site());
        reader.report(spot, "`record!` has no field", "write `record!(key = value)`");
    }
    while !input.is_empty() {
        if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
            late_option(reader, of, input);
            continue;
        }
        let field = match alone(reader, input) {
            Some(field) => Some(field),
            None => fields::field(reader, input),
        };
        if let Some(field) = field {
            fields::add(reader, &mut args.fields, field);
        }
        to_comma(input);
        let _ = input.parse::<Token![,]>();
    }
}

/// `word: value` behind the name.
fn late_option(reader: &mut Reader<'_>, of: Macro, input: ParseStream<'_>) {
    let spot = reader.spots.spot(next_span(input));
    let word = input.call(Ident::parse_any).map_or_else(|_| String::new(), |word| word.to_string());
    let (wrong, help) = if of.options().contains(&word.as_str()) {
        let _ = input.parse::<Token![:]>();
        let value = fields::rest_of_field(input);
        let first = if of == Macro::Record { "fields" } else { "name" };
        let wrong = format!("the option `{word}:` stands behind the {first}");
        (wrong, format!("write `{word}: {value},` before the {first}"))
    } else {
        let wrong = format!("`{word}:` is not an option of `{}`", of.name());
        (wrong, format!("write `{word} = value` for a field"))
    };
    reader.report(spot, wrong, help);
    to_comma(input);
    let _ = input.parse::<Token![,]>();
}

/// `x` for `x = x`.
fn alone(reader: &mut Reader<'_>, input: ParseStream<'_>) -> Option<FieldArgs> {
    let ahead = input.fork();
    let word = ahead.parse::<Ident>().ok()?;
    if !ahead.is_empty() && !ahead.peek(Token![,]) {
        return None;
    }
    let ident = input.parse::<Ident>().ok()?;
    let spot = reader.spots.spot(word.span());
    let key = Given { value: word.unraw().to_string(), spot };
    let shown = Shown { name: key.clone(), path: key.value.clone() };
    Some(FieldArgs { key, expr: parse_quote!(#ident), shown: Some(shown) })
}
