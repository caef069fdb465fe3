//! Questions about types, asked of their tokens: there is no type information in a macro.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// Whether the word stands anywhere in the tokens.
pub(crate) fn mentions(tokens: &impl ToTokens, word: &str) -> bool {
    tokens.to_token_stream().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(&group.stream(), word),
        _ => false,
    })
}

/// The type with `_` for each `impl Trait`, which can stand in a return type and not in a `let`.
pub(crate) fn erase_impl(ty: &impl ToTokens) -> TokenStream {
    let mut out = Vec::new();
    let mut tokens = ty.to_token_stream().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "impl" => {
                out.push(TokenTree::Ident(Ident::new("_", word.span())));
                let (mut depth, mut arrow) = (0_usize, false);
                while let Some(next) = tokens.peek() {
                    if let TokenTree::Punct(punct) = next {
                        match punct.as_char() {
                            ',' | ';' if depth == 0 => break,
                            '>' if !arrow && depth == 0 => break,
                            '>' if !arrow => depth -= 1,
                            '<' => depth += 1,
                            _ => {}
                        }
                        arrow = punct.as_char() == '-';
                    } else {
                        arrow = false;
                    }
                    tokens.next();
                }
            }
            TokenTree::Group(group) => out.push(regroup(&group, erase_impl(&group.stream()))),
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// The type with `'_` for each lifetime that it does not declare itself: a constant cannot name those of its function.
pub(crate) fn erase_lifetimes(ty: &impl ToTokens) -> TokenStream {
    let declares = mentions(ty, "for");
    let mut out = Vec::new();
    let mut tokens = ty.to_token_stream().into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(quote) if quote.as_char() == '\'' => {
                let Some(TokenTree::Ident(name)) = tokens.next() else { continue };
                let keep = declares || name == "static";
                out.push(TokenTree::Punct(Punct::new('\'', Spacing::Joint)));
                let name = if keep { name } else { Ident::new("_", name.span()) };
                out.push(TokenTree::Ident(name));
            }
            TokenTree::Group(group) => out.push(regroup(&group, erase_lifetimes(&group.stream()))),
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

fn regroup(group: &Group, stream: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), stream);
    new.set_span(group.span());
    TokenTree::Group(new)
}

/// Names that are types wherever they stand, never a generic parameter of an `impl` block that cannot be seen from here.
const CONCRETE: &[&str] = &[
    "bool",
    "char",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "String",
    "Vec",
    "VecDeque",
    "Option",
    "Result",
    "Box",
    "Arc",
    "Rc",
    "Cow",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "Duration",
    "Instant",
    "SystemTime",
    "Path",
    "PathBuf",
    "IpAddr",
    "SocketAddr",
    "Uuid",
    "Bytes",
];

/// Whether the type is made of [`CONCRETE`] names only, so that a `const` item can name it.
pub(crate) fn known_concrete(ty: &impl ToTokens) -> bool {
    let mut after_quote = false;
    ty.to_token_stream().into_iter().all(|token| {
        let lifetime = after_quote;
        after_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        match token {
            TokenTree::Ident(word) => lifetime || CONCRETE.iter().any(|known| word == known),
            TokenTree::Group(group) => {
                group.delimiter() != Delimiter::Brace && known_concrete(&group.stream())
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => true,
        }
    })
}
