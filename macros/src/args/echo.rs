//! What to type for a value that stands without its quotes, or in brackets: the user's own words, not those of an example.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Expr, Lit, Token};

use super::fields::typed;
use super::values::{CANCELS, ERRS, KINDS, LEVELS, RETURNS};
use super::{Key, Spec};

/// Reads up to the next comma outside any bracket.
pub(super) fn rest(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        let Ok(token) = input.parse::<TokenTree>() else { break };
        tokens.extend([token]);
    }
    tokens
}

/// The option with `written` as its value; the example, where that would be no value.
pub(super) fn option(spec: &Spec, written: &TokenStream) -> String {
    let value = match spec.key {
        Key::Parent | Key::Status | Key::Crate => Some(typed(written)).filter(|value| !value.is_empty()),
        _ => words(written).and_then(|words| fitting(spec.key, &words)).map(|text| format!("{text:?}")),
    };
    value.map_or_else(|| spec.example.to_owned(), |value| format!("{} = {value}", spec.name))
}

/// The words that were meant: a name, the last one of a path, a text, a letter, or a list of those.
fn words(written: &TokenStream) -> Option<Vec<String>> {
    let of = |expr: &Expr| match expr {
        Expr::Path(path) => path.path.segments.last().map(|last| last.ident.unraw().to_string()),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Char(letter) => Some(letter.value().to_string()),
            _ => None,
        },
        _ => None,
    };
    match syn::parse2::<Expr>(written.clone()).ok()? {
        Expr::Array(list) => list.elems.iter().map(of).collect(),
        expr => Some(vec![of(&expr)?]),
    }
}

/// The words as the text that the option takes, if it takes them.
fn fitting(key: Key, words: &[String]) -> Option<String> {
    let one = || if let [word] = words { Some(word.clone()) } else { None };
    let among =
        |known: &[&str]| one().map(|word| word.to_lowercase()).filter(|word| known.contains(&&**word));
    match key {
        Key::Kind => among(&KINDS.map(|(word, _)| word)),
        Key::Level => among(&LEVELS.map(|(word, _)| word)),
        Key::Err => among(&ERRS.map(|(word, _)| word)),
        Key::Cancel => among(&CANCELS.map(|(word, _)| word)),
        Key::Returns => among(&RETURNS.map(|(word, _)| word)),
        // The value of a constant is not known here.
        Key::Name | Key::NamePrefix => one().filter(|word| word.chars().any(char::is_lowercase)),
        Key::Skip | Key::Record | Key::Unredacted | Key::Debug | Key::Display | Key::Serde => {
            Some(words.join(", ")).filter(|words| !words.is_empty())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::option;

    #[test]
    fn a_value_without_quotes_is_given_back_in_them() {
        for (name, written, help) in [
            ("kind", "SpanKind::Server", r#"kind = "server""#),
            ("kind", "rpc", r#"kind = "client""#),
            ("level", "tracing::Level::INFO", r#"level = "info""#),
            ("name", "my_name", r#"name = "my_name""#),
            ("name", r#""my name""#, r#"name = "my name""#),
            ("name", "NAME", r#"name = "load user""#),
            ("name", r#"format!("{x}")"#, r#"name = "load user""#),
            ("skip", "messages", r#"skip = "messages""#),
            ("skip", r#"["a", b]"#, r#"skip = "a, b""#),
            ("skip", "a.b", r#"skip = "a, b""#),
            ("parent", "&self.span", "parent = &self.span"),
        ] {
            let tokens = written.parse().unwrap();
            assert_eq!(option(find(name).unwrap(), &tokens), help, "{name}: {written}");
        }
    }
}
