//! Reads an `impl` block as far as it matters: its functions, and everything else as it stands.
//!
//! What cannot be read as a function is passed on unchanged, to its end or, where it is unfinished, to the end of the block: so
//! the block stays completable in an editor.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Token};

use super::Func;
use super::item::{func, is_traced};

/// An `impl` block.
pub(crate) struct Block {
    /// Everything before its braces.
    pub(crate) head: TokenStream,
    /// Its braces, as they stand.
    pub(crate) body: Group,
    pub(crate) members: Vec<Member>,
}

/// One thing in the block.
pub(crate) enum Member {
    /// A function, and the options of its own `#[traced]`, if it has one. That attribute is taken off it.
    Func(Box<Func>, Option<TokenStream>),
    Other(TokenStream),
}

impl Block {
    /// The block, if the tokens are one.
    pub(crate) fn read(tokens: TokenStream) -> Option<Self> {
        let (mut head, mut is_impl, mut after_attribute) = (Vec::new(), false, false);
        for token in tokens {
            match &token {
                TokenTree::Group(group) if is_impl && group.delimiter() == Delimiter::Brace => {
                    let mut members = members.parse2(group.stream()).ok()?;
                    let head: TokenStream = head.into_iter().collect();
                    let attrs = attributes.parse2(head.clone()).unwrap_or_default();
                    for member in &mut members {
                        if let Member::Func(func, _) = member {
                            func.block_attrs.clone_from(&attrs);
                        }
                    }
                    return Some(Self { head, body: group.clone(), members });
                }
                TokenTree::Ident(word) if word == "impl" => is_impl = true,
                TokenTree::Ident(word) if is_impl || word == "unsafe" || word == "default" => {}
                TokenTree::Punct(punct) if is_impl || punct.as_char() == '#' => after_attribute = true,
                TokenTree::Group(_) if is_impl || after_attribute => after_attribute = false,
                _ if is_impl => {}
                _ => return None,
            }
            head.push(token);
        }
        None
    }

    /// The block with other members.
    pub(crate) fn with(&self, members: impl Iterator<Item = TokenStream>) -> TokenStream {
        let mut body = Group::new(Delimiter::Brace, members.collect());
        body.set_span(self.body.span());
        let head = &self.head;
        quote!(#head #body)
    }
}

impl Member {
    /// The member as it was written, without `#[traced]`.
    pub(crate) fn untraced(&self) -> TokenStream {
        match self {
            Self::Func(func, _) => func.untraced(),
            Self::Other(tokens) => tokens.clone(),
        }
    }
}

impl Func {
    /// The function as it was written.
    pub(crate) fn untraced(&self) -> TokenStream {
        let Self { attrs, vis, sig, inner_attrs, body, .. } = self;
        let body = body.as_ref().map_or_else(
            || quote!(;),
            |body| {
                let rest = body.stream();
                let mut body = Group::new(Delimiter::Brace, quote!(#(#inner_attrs)* #rest));
                body.set_span(self.body.as_ref().map_or_else(proc_macro2::Span::call_site, Group::span));
                body.into_token_stream()
            },
        );
        quote!(#(#attrs)* #vis #sig #body)
    }
}

/// The attributes of the block.
fn attributes(input: ParseStream<'_>) -> syn::Result<Vec<Attribute>> {
    let attributes = input.call(Attribute::parse_outer)?;
    let _rest: TokenStream = input.parse()?;
    Ok(attributes)
}

fn members(input: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    let mut members = Vec::new();
    while !input.is_empty() {
        let ahead = input.fork();
        match func(&ahead) {
            Ok(mut func) => {
                input.advance_to(&ahead);
                func.in_block = true;
                let own = take_traced(&mut func);
                members.push(Member::Func(Box::new(func), own));
            }
            Err(_) => members.push(Member::Other(other(input)?)),
        }
    }
    Ok(members)
}

/// Takes `#[traced]` off a function, and yields its options. A second one stays, to be reported.
fn take_traced(func: &mut Func) -> Option<TokenStream> {
    let index = func.attrs.iter().position(is_traced)?;
    let attribute: Attribute = func.attrs.remove(index);
    Some(match attribute.meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    })
}

/// A constant, a type, a macro, or something unfinished: to its semicolon or its braces.
fn other(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut ends_with_braces = true;
    while !input.is_empty() {
        // The braces in `const N: u8 = { 1 };` do not end it.
        ends_with_braces &= !input.peek(Token![=]);
        let token: TokenTree = input.parse()?;
        let braces = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let semicolon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
        tokens.extend([token]);
        if semicolon || braces && ends_with_braces {
            break;
        }
    }
    Ok(tokens)
}
