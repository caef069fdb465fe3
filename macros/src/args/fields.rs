//! Reads `fields(key.dotted = expr, "any key" = expr)`.
//!
//! The expression is the user's code and stays as it is. What `tracing` allows beyond that (`%x`, `?x`, `x` alone,
//! `field::Empty`) is told what to type here.

use proc_macro2::{Group, Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, ExprUnary, Lit, LitStr, Token, UnOp, token};

use super::parse::{Home, Reader, next_span, to_comma, within};
use super::shown::Shown;
use super::{Given, echo, habits};
use crate::diag::Spot;

/// One field: its key, and the expression that gives its value.
#[derive(Clone)]
pub(crate) struct FieldArgs {
    pub(crate) key: Given<String>,
    pub(crate) expr: Expr,
    /// What its value shows, if that has a name.
    pub(crate) shown: Option<Shown>,
}

impl FieldArgs {
    /// The variable whose value the field is, as it stands or borrowed.
    pub(crate) fn variable(&self) -> Option<&Ident> {
        as_variable(bare(&self.expr))
    }

    /// Whether the value is a string, a number or a truth value that stands in the source.
    pub(crate) fn is_literal(&self) -> bool {
        match bare(&self.expr) {
            Expr::Lit(value) => {
                matches!(value.lit, Lit::Str(_) | Lit::Int(_) | Lit::Float(_) | Lit::Bool(_))
            }
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => {
                matches!(bare(expr), Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Float(_), .. }))
            }
            _ => false,
        }
    }
}

/// A value that stands in the source, as a letter for its type and its text; for samplers, who are asked before anything is
/// evaluated. `None` for everything else, and for what is too long to be looked at there.
pub(crate) fn literal(expr: &Expr) -> Option<String> {
    const MAX: usize = 256;
    let (sign, expr) = match bare(expr) {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => ("-", bare(expr)),
        expr => ("", expr),
    };
    let Expr::Lit(ExprLit { lit, .. }) = expr else { return None };
    let text = match lit {
        Lit::Str(text) if sign.is_empty() => format!("s{}", text.value()),
        Lit::Bool(value) if sign.is_empty() => format!("b{}", value.value),
        Lit::Int(value) => format!("i{sign}{}", value.base10_digits()),
        Lit::Float(value) => format!("f{sign}{}", value.base10_digits()),
        _ => return None,
    };
    (text.len() <= MAX && !text.contains('\0')).then_some(text)
}

/// An expression without the borrows and brackets around it.
pub(super) fn bare(mut expr: &Expr) -> &Expr {
    loop {
        expr = match expr {
            Expr::Reference(reference) => &reference.expr,
            Expr::Paren(paren) => &paren.expr,
            Expr::Group(group) => &group.expr,
            _ => return expr,
        };
    }
}

pub(super) fn as_variable(expr: &Expr) -> Option<&Ident> {
    let Expr::Path(path) = expr else { return None };
    path.path.get_ident()
}

/// Reads the fields in brackets after `fields`.
pub(super) fn read(reader: &mut Reader<'_>, input: ParseStream<'_>, key: Spot) -> Vec<FieldArgs> {
    let mut fields = Vec::new();
    if !input.peek(token::Paren) {
        to_comma(input);
        reader.report(key, "`fields` takes its keys in brackets", "write `fields(key = value)`");
        return fields;
    }
    let Ok(group) = input.parse::<Group>() else {
        return fields;
    };
    if group.stream().is_empty() {
        reader.report(key, "`fields` has no field", "write `fields(key = value)`, or remove `fields`");
    }
    within(group.stream(), |input| {
        while !input.is_empty() {
            if let Some(field) = field(reader, input) {
                add(reader, &mut fields, field);
            }
            to_comma(input);
            let _ = input.parse::<Token![,]>();
        }
    });
    fields
}

pub(super) fn add(reader: &mut Reader<'_>, fields: &mut Vec<FieldArgs>, field: FieldArgs) {
    let key = &field.key;
    if fields.iter().any(|other| other.key.value == key.value) {
        reader.report(key.spot, format!("field `{}` is set twice", key.value), "remove one of the two");
    } else {
        fields.push(field);
    }
}

pub(super) fn field(reader: &mut Reader<'_>, input: ParseStream<'_>) -> Option<FieldArgs> {
    let spot = reader.spots.spot(next_span(input));
    if let Some(sigil) = sigil(input) {
        let rest = rest_of_field(input);
        let wrong = format!("`{sigil}` is not needed: a value is shown by its type");
        let help = match reader.home {
            Home::Attribute => format!("write `{}`; a parameter needs no field", assigned(&rest)),
            Home::ByHand if rest.chars().all(|letter| letter.is_alphanumeric() || letter == '_') => {
                format!("write `{rest}`")
            }
            Home::ByHand => format!("write `{}`", assigned(&rest)),
        };
        reader.report(spot, wrong, help);
        return None;
    }
    let key = key(reader, input, spot)?;
    if input.parse::<Token![=]>().is_err() || input.is_empty() || input.peek(Token![,]) {
        let (name, help) = (&key.value, without_value(reader.home, &key.value, input));
        reader.report(spot, format!("field `{name}` has no value"), help);
        return None;
    }
    let value = reader.spots.spot(next_span(input));
    if let Some(sigil) = sigil(input) {
        let help = format!("write `{} = {}`", as_written(&key.value), rest_of_field(input));
        reader.report(value, format!("`{sigil}` is not needed: a value is shown by its type"), help);
        return None;
    }
    let Ok(expr) = input.parse::<Expr>() else {
        let wrong = format!("field `{}` needs an expression after `=`", key.value);
        reader.report(value, wrong, format!("write `{} = value`", as_written(&key.value)));
        return None;
    };
    if is_empty_field(&expr) {
        let (wrong, help) = match reader.home {
            Home::Attribute => (
                "a field cannot be empty: its value is read when the span starts",
                format!("write `{} = value`, or remove the field", as_written(&key.value)),
            ),
            Home::ByHand => (
                "a field cannot be empty: its value is read at once",
                "remove the field, and write `record!(key = value)` where there is a value".to_owned(),
            ),
        };
        reader.report(value, wrong, help);
        return None;
    }
    if let Some(option) = habits::field(&key.value).filter(|_| reader.home == Home::Attribute) {
        reader.report(key.spot, format!("`{}` has an option of its own", key.value), option);
        return None;
    }
    if !input.is_empty() && !input.peek(Token![,]) {
        let spot = reader.spots.spot(next_span(input));
        reader.report(spot, "fields are separated by commas", "write a `,` before this");
    }
    let shown = Shown::of(&expr, reader);
    Some(FieldArgs { key, expr, shown })
}

/// What to type for a key that nothing follows, or something that is not `= value`.
fn without_value(home: Home, key: &str, input: ParseStream<'_>) -> String {
    let written = as_written(key);
    if let Some(help) = another_key(&written, input) {
        return help;
    }
    if home == Home::Attribute {
        return format!("write `{written} = value`; a parameter needs no field, it is recorded by itself");
    }
    let value = match key.rsplit_once('.') {
        Some((_, last)) if key.starts_with("self.") => return format!("write `{last} = {key}`"),
        Some(_) if written == key && input.peek(Token![,]) | input.is_empty() => key.to_owned(),
        // `record("key", 7)`, as a method of a span would have it.
        _ => value_behind_comma(input).unwrap_or_else(|| "value".to_owned()),
    };
    format!("write `{written} = {value}`")
}

/// What to type for `key: value`, `some-key = value` and `some::key = value`.
fn another_key(written: &str, input: ParseStream<'_>) -> Option<String> {
    let rest = echo::rest(&input.fork()).to_string();
    if let Some(value) = rest.strip_prefix(": ").filter(|value| !value.is_empty()) {
        return Some(format!("write `{written} = {value}`"));
    }
    let (key, value) = rest.split_once(" = ")?;
    let key = format!("{written}{}", key.replace(' ', ""));
    let help = if key.contains("::") {
        format!("write `{} = {value}`", key.replace("::", "."))
    } else {
        format!("write `{key:?} = {value}`")
    };
    Some(help)
}

/// Reads `, expr`, where that is no field.
fn value_behind_comma(input: ParseStream<'_>) -> Option<String> {
    let ahead = input.fork();
    ahead.parse::<Token![,]>().ok()?;
    let expr = ahead.parse::<Expr>().ok()?;
    let text = matches!(&expr, Expr::Lit(value) if matches!(value.lit, Lit::Str(_)));
    let field = text || matches!(expr, Expr::Path(_) | Expr::Field(_) | Expr::Assign(_));
    if field || !(ahead.is_empty() || ahead.peek(Token![,])) {
        return None;
    }
    let _ = (input.parse::<Token![,]>(), input.parse::<Expr>());
    Some(typed(&expr.into_token_stream()))
}

/// A key as it is typed: in quotes, where it is not made of words.
fn as_written(key: &str) -> String {
    let word = |word: &str| {
        let rest = |letter: char| letter.is_alphanumeric() || letter == '_';
        word.chars().all(rest) && !word.starts_with(|first: char| first.is_ascii_digit()) && !word.is_empty()
    };
    if key.split('.').all(word) { key.to_owned() } else { format!("{key:?}") }
}

/// A key: words joined by dots, or any text in quotes.
fn key(reader: &mut Reader<'_>, input: ParseStream<'_>, spot: Spot) -> Option<Given<String>> {
    if let Ok(text) = input.parse::<LitStr>() {
        if text.value().trim().is_empty() {
            reader.report(spot, "a field's key cannot be empty", "write a key, like `\"user.id\"`");
            return None;
        }
        return Some(Given { value: text.value(), spot });
    }
    let (mut value, mut dot) = (String::new(), spot);
    loop {
        let Ok(word) = input.call(Ident::parse_any) else {
            if value.is_empty() {
                let help = "write `key = value`, or `\"any key\" = value`";
                reader.report(spot, "a field starts with its key", help);
            } else {
                let wrong = format!("`{value}` is not a key: a dot stands between two words");
                reader.report(dot, wrong, "remove the dot, or write the word behind it");
            }
            return None;
        };
        value.push_str(&word.unraw().to_string());
        dot = reader.spots.spot(next_span(input));
        if input.parse::<Token![.]>().is_err() {
            return Some(Given { value, spot });
        }
        value.push('.');
    }
}

/// `%` or `?`, with which `tracing` chooses `Display` or `Debug`.
fn sigil(input: ParseStream<'_>) -> Option<char> {
    if input.parse::<Token![%]>().is_ok() {
        return Some('%');
    }
    input.parse::<Token![?]>().is_ok().then_some('?')
}

/// The tokens up to the next comma, as the user would type them.
pub(super) fn rest_of_field(input: ParseStream<'_>) -> String {
    let expr = input.parse::<Expr>().map_or_else(|_| quote!(value), Expr::into_token_stream);
    typed(&expr)
}

/// Tokens as text, without the blanks that a token stream prints around dots.
pub(super) fn typed(tokens: &TokenStream) -> String {
    tokens.to_string().replace(" . ", ".").replace("& ", "&").replace(" (", "(").replace(" :: ", "::")
}

/// `x = x` for a name, else `key = …`.
fn assigned(expr: &str) -> String {
    let last = expr.rsplit('.').next().filter(|_| !expr.contains('('));
    format!("{} = {expr}", last.unwrap_or("key"))
}

/// `field::Empty`, which `tracing` fills in later.
fn is_empty_field(expr: &Expr) -> bool {
    let Expr::Path(path) = expr else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Empty")
        && path.path.segments.iter().any(|segment| segment.ident == "field")
}
