//! Reads the annotated item as far as it matters: a function, or something else and its name for it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Signature, Token, Visibility};

use super::{Func, params};

/// What the attribute stands on.
pub(crate) enum Item {
    Func(Box<Func>),
    Other(Other),
}

/// Something that is no function: its keyword or first token, and what it is called.
pub(crate) struct Other {
    pub(crate) span: Span,
    pub(crate) what: &'static str,
}

/// Whether this is `#[traced]`, by any path.
pub(crate) fn is_traced(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "traced")
}

impl Item {
    /// Reads the item; whatever it is, this succeeds.
    pub(crate) fn read(tokens: TokenStream) -> Self {
        let func = |input: ParseStream<'_>| func(input);
        match func.parse2(tokens.clone()) {
            Ok(func) => Self::Func(Box::new(func)),
            Err(_) => Self::Other(other(tokens)),
        }
    }
}

fn func(input: ParseStream<'_>) -> syn::Result<Func> {
    let mut attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    let sig: Signature = input.parse()?;
    let body = if input.parse::<Token![;]>().is_ok() {
        None
    } else {
        let (inner, body) = split_body(&input.parse::<Group>()?)?;
        attrs.extend(inner);
        Some(body)
    };
    let params = params::read(&sig);
    Ok(Func { attrs, vis, sig, body, params })
}

/// Takes `#![…]` off the start of a body: it belongs to the function, and cannot stand in the block that the body becomes.
fn split_body(body: &Group) -> syn::Result<(Vec<Attribute>, Group)> {
    let split = |input: ParseStream<'_>| {
        let inner = input.call(Attribute::parse_inner)?;
        Ok((inner, input.parse::<TokenStream>()?))
    };
    let (mut inner, rest) = split.parse2(body.stream())?;
    if inner.is_empty() {
        return Ok((inner, body.clone()));
    }
    for attribute in &mut inner {
        attribute.style = syn::AttrStyle::Outer;
    }
    let mut group = Group::new(body.delimiter(), rest);
    group.set_span(body.span());
    Ok((inner, group))
}

/// Finds the word that says what the item is.
fn other(tokens: TokenStream) -> Other {
    let first = tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    let mut span = first;
    for token in tokens {
        match token {
            // An attribute's `#`, and what it stands before.
            TokenTree::Punct(punct) if matches!(punct.as_char(), '#' | '!') => {}
            TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Bracket => {}
            // `pub(crate)`, `extern "C"`.
            TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Parenthesis => {}
            TokenTree::Literal(_) => {}
            TokenTree::Ident(word) => {
                if let Some(what) = named(&word) {
                    return Other { span: word.span(), what };
                }
                if !is_modifier(&word) {
                    return Other { span: word.span(), what: "an expression" };
                }
                span = word.span();
            }
            TokenTree::Punct(punct) if punct.as_char() == '|' => {
                return Other { span: punct.span(), what: "a closure" };
            }
            TokenTree::Group(group) if span_is_extern(&group) => return Other { span, what: "an `extern` block" },
            _ => break,
        }
    }
    Other { span, what: "this item" }
}

fn span_is_extern(group: &Group) -> bool {
    group.delimiter() == proc_macro2::Delimiter::Brace
}

fn is_modifier(word: &Ident) -> bool {
    ["pub", "unsafe", "async", "const", "extern", "default", "safe", "auto", "move"].iter().any(|known| word == known)
}

fn named(word: &Ident) -> Option<&'static str> {
    let what = match word.to_string().as_str() {
        "struct" => "a struct",
        "enum" => "an enum",
        "union" => "a union",
        "trait" => "a trait",
        "impl" => "an `impl` block",
        "mod" => "a module",
        "type" => "a type alias",
        "static" => "a static",
        "use" => "a `use`",
        "macro_rules" => "a macro",
        "let" => "a `let`",
        "fn" => "a function of this form",
        _ => return None,
    };
    Some(what)
}
