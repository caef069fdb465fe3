//! `crate = path`: generated paths go through the user's path to the runtime crate.
//!
//! Everything generated begins `::wirespan::__private`, which no user writes, and only those tokens are replaced. What has none
//! of them inside is passed on as it was, so that the user's tokens keep their spans.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Path;

/// `tokens`, with `path` where they say `::wirespan`.
pub(crate) fn through(tokens: TokenStream, path: &Path) -> TokenStream {
    replaced(tokens.clone(), &path.to_token_stream()).unwrap_or(tokens)
}

/// `None` where there is nothing to replace.
fn replaced(tokens: TokenStream, path: &TokenStream) -> Option<TokenStream> {
    let mut rest: Vec<TokenTree> = tokens.into_iter().collect();
    let mut changed = false;
    let mut out = Vec::with_capacity(rest.len());
    rest.reverse();
    while let Some(token) = rest.pop() {
        match token {
            TokenTree::Punct(colon) if colon.as_char() == ':' && is_ours(&rest) => {
                // The second colon and the name.
                rest.truncate(rest.len().saturating_sub(2));
                out.extend(path.clone());
                changed = true;
            }
            TokenTree::Group(group) => match replaced(group.stream(), path) {
                Some(inner) => {
                    let mut new = Group::new(group.delimiter(), inner);
                    new.set_span(group.span());
                    out.push(new.into());
                    changed = true;
                }
                None => out.push(group.into()),
            },
            other => out.push(other),
        }
    }
    changed.then(|| out.into_iter().collect())
}

/// Whether what follows, last token first, is `:wirespan::__private`.
fn is_ours(rest: &[TokenTree]) -> bool {
    let is = |at: usize, text: &str| {
        rest.len().checked_sub(at).and_then(|index| rest.get(index)).is_some_and(|token| match token {
            TokenTree::Group(_) => false,
            other => other.to_string() == text,
        })
    };
    is(1, ":") && is(2, "wirespan") && is(3, ":") && is(4, ":") && is(5, "__private")
}
