//! Reads the annotated item as far as it matters: a function, or something else and its name for it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Signature, Token, Visibility};

use super::{Block, Func, params};

/// What the attribute stands on.
pub(crate) enum Item {
    Func(Box<Func>),
    Block(Block),
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
            Err(_) => match Block::read(tokens.clone()) {
                Some(block) => Self::Block(block),
                None => Self::Other(other(tokens)),
            },
        }
    }
}

pub(super) fn func(input: ParseStream<'_>) -> syn::Result<Func> {
    let attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    let sig: Signature = input.parse()?;
    let (inner_attrs, body) = if input.parse::<Token![;]>().is_ok() {
        (Vec::new(), None)
    } else {
        let (inner, body) = split_body(body(input.parse::<TokenTree>()?)?);
        (inner, Some(body))
    };
    let params = params::read(&sig);
    Ok(Func { attrs, vis, sig, inner_attrs, body, params, in_block: false, block_attrs: Vec::new() })
}

/// The body in braces. From a `$body:block` of a macro by example it comes in an invisible group.
fn body(token: TokenTree) -> syn::Result<Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Ok(group),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let inner = group.stream().into_iter().next();
            inner.map_or_else(|| Err(syn::Error::new(group.span(), "no body")), body)
        }
        other => Err(syn::Error::new(other.span(), "no body")),
    }
}

/// Takes `#![…]` off the start of a body: it belongs to the function, and cannot stand in the block that the body becomes. One
/// that is still being typed stays in the body.
fn split_body(body: Group) -> (Vec<Attribute>, Group) {
    let split = |input: ParseStream<'_>| {
        let inner = input.call(Attribute::parse_inner)?;
        Ok((inner, input.parse::<TokenStream>()?))
    };
    match split.parse2(body.stream()) {
        Ok((inner, rest)) if !inner.is_empty() => {
            let mut group = Group::new(body.delimiter(), rest);
            group.set_span(body.span());
            (inner, group)
        }
        _ => (Vec::new(), body),
    }
}

/// Finds the word that says what the item is.
fn other(tokens: TokenStream) -> Other {
    let first = tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    let mut span = first;
    let (mut constant, mut external) = (false, false);
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // An attribute's `#`, and what it stands before.
            TokenTree::Punct(punct) if matches!(punct.as_char(), '#' | '!') => {}
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {}
            // `pub(crate)`, `extern "C"`.
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {}
            TokenTree::Literal(_) => {}
            TokenTree::Ident(word) => {
                if let Some(what) = named(&word) {
                    return Other { span: word.span(), what };
                }
                if constant && !is_modifier(&word) {
                    return Other { span, what: "a constant" };
                }
                constant = word == "const";
                external |= word == "extern";
                if !is_modifier(&word) {
                    let called =
                        matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '!');
                    let what = if called { "a macro's call" } else { "an expression" };
                    return Other { span: word.span(), what };
                }
                span = word.span();
            }
            TokenTree::Punct(punct) if punct.as_char() == '|' => {
                return Other { span: punct.span(), what: "a closure" };
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let what = if external { "an `extern` block" } else { "an expression" };
                return Other { span, what };
            }
            _ => break,
        }
    }
    Other { span, what: "this item" }
}

fn is_modifier(word: &Ident) -> bool {
    ["pub", "unsafe", "async", "const", "extern", "default", "safe", "auto", "move"]
        .iter()
        .any(|known| word == known)
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
        "crate" => "an `extern crate`",
        "fn" => "a function of this form",
        _ => return None,
    };
    Some(what)
}
