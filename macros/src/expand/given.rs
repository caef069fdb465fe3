//! The expressions of the attribute (`parent`, `links`, `fields`), and the parameters that they speak of.
//!
//! A parameter that only the attribute uses is used: the user's expression is code. One that is only recorded is not, as in
//! the bare function. There is no name resolution in a macro, so what counts is the word: also one in a format string, and
//! none behind a dot, which is a field's or a method's.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Expr;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use super::{at, params};
use crate::plan::{Parent, Plan};
use crate::sig::{Binding, Func, Shape};

/// Says of each parameter that an expression of the attribute speaks of that it is used. Comes after the rebinding.
pub(super) fn uses(plan: &Plan) -> TokenStream {
    let mut words = BTreeSet::new();
    let parent = if let Parent::Given(parent) = &plan.parent { Some(parent) } else { None };
    let fields = plan.fields.iter().map(|field| &field.expr);
    for expr in fields.chain(&plan.links).chain(parent) {
        collect(expr.to_token_stream(), &mut words);
    }
    let used = plan.func.params.iter().map(|param| {
        let (cfgs, names) = (params::cfgs(param), spoken_of(&param.bindings, &words));
        let cfgs = quote!(#(#cfgs)*);
        quote!(#(#cfgs let _ = &#names;)*)
    });
    if words.is_empty() { TokenStream::new() } else { quote!(#(#used)*) }
}

/// The span that `parent` names. It is asked for before the parameters are rebound: what their patterns bind is seen there by
/// reference.
pub(super) fn parent(func: &Func, parent: &Expr) -> TokenStream {
    let mut words = BTreeSet::new();
    collect(parent.to_token_stream(), &mut words);
    let patterns = func.params.iter().filter(|param| matches!(param.shape, Shape::Pattern)).map(|param| {
        let names = spoken_of(&param.bindings, &words);
        let (cfgs, pattern, outer) = (params::cfgs(param), param.borrowed_pattern(&names), &param.outer);
        let bind = quote! {
            #(#cfgs)*
            #[allow(non_shorthand_field_patterns, clippy::all, clippy::pedantic, clippy::restriction)]
            let #pattern = &#outer;
        };
        (!names.is_empty()).then_some(bind)
    });
    let patterns: TokenStream = patterns.flatten().collect();
    let context = quote_spanned!(at(parent.span())=> ::wirespan::__private::parent_of(&(#parent)));
    if patterns.is_empty() { context } else { quote!({ #patterns #context }) }
}

fn spoken_of<'a>(bindings: &'a [Binding], words: &BTreeSet<String>) -> Vec<&'a syn::Ident> {
    bindings.iter().filter(|binding| words.contains(&binding.name)).map(|binding| &binding.ident).collect()
}

/// The words in `tokens` that may name a variable.
fn collect(tokens: TokenStream, words: &mut BTreeSet<String>) {
    let mut behind_dot = false;
    for token in tokens {
        // A range has two dots: the second one is followed by an expression.
        let dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.') && !behind_dot;
        match token {
            TokenTree::Ident(word) if !behind_dot => {
                words.insert(word.unraw().to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Literal(literal) => in_format(&literal.to_string(), words),
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
        behind_dot = dot;
    }
}

/// The words behind an opening brace of a text, and before what ends a name there: `{a}`, `{a:?}`, `{:a$}` is left alone.
fn in_format(text: &str, words: &mut BTreeSet<String>) {
    for hole in text.split('{').skip(1) {
        let name: String =
            hole.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        words.insert(name);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::collect;

    fn words(tokens: &str) -> Vec<String> {
        let mut words = BTreeSet::new();
        collect(tokens.parse().unwrap(), &mut words);
        words.retain(|word| !word.is_empty());
        words.into_iter().collect()
    }

    #[test]
    fn words_behind_a_dot_name_no_variable() {
        assert_eq!(words("a.b().c + d[e.f] + &r#type"), ["a", "d", "e", "type"]);
        assert_eq!(words("&a[b..c]"), ["a", "b", "c"]);
    }

    #[test]
    fn words_in_a_format_string_do() {
        assert_eq!(words(r#"format!("{a} {b:?} {{ {}", c)"#), ["a", "b", "c", "format"]);
    }
}
