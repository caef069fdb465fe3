//! Any bytes as tokens: each byte is a word, a sign, a literal or a piece of an item, or opens or closes a bracket.
//!
//! What a macro may be given, and mostly what it knows, so that a random row of bytes gets past the first word. For the tests
//! in `any_tokens` and, by its path, for the fuzz target in `fuzz/`; no part of the macros.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

/// Words, signs and brackets, ⟦ and ⟧ for the invisible ones around what a macro by example passes on. Brackets stand twice.
const WORDS: &str = r##"
( ) { } [ ] ⟦ ⟧ ( ) { } [ ] ⟦ ⟧
, = : :: . ; # ! ? % & ' -> => < > .. - | * @ $ + , = :
name name_prefix skip skip_all record fields kind max_value max_span budget err cancel returns off parent links on None
max_future unredacted serde level ret status root crate metrics traced capture id len redact display debug
"" "client" "64KiB" "99999999999999999999MiB" "a,r#b,," "future" "stream" "\u{0}ä" b"bytes" c"text" r#"raw"# 'x'
0 1_000u64 340282366920938463463374607431768211456 1.5e9 "suffix"suffixed true
fn async const unsafe extern pub impl dyn for where struct enum union trait mod use self Self super mut ref static let move
return _ a b r#type password messages T 'a u64 String Future Stream Pin Box BoxFuture Output Item Result macro_rules
"##;

/// Pieces of items, so that whole ones come about.
const PIECES: [&str; 10] = [
    "fn f(a: u64, b: &str) -> u64 { a }",
    "async fn f(&self, password: String) {}",
    "impl S { fn f(&self) {} }",
    "struct S { #[capture(id)] a: u64 }",
    "enum E { A, B(u64), C { a: u64 } }",
    "#[traced(off)]",
    "<'a, T: Debug, const N: usize>",
    "-> impl Future<Output = u64>",
    "(a, Some(b)): (u64, Option<u64>)",
    "#[cfg(unix)] a: u64",
];

/// The tokens that the bytes stand for. Brackets are closed at the end, and one that closes nothing is passed over.
pub(crate) fn from_bytes(bytes: &[u8]) -> TokenStream {
    let pieces: Vec<&str> = WORDS.split_whitespace().chain(PIECES).collect();
    let mut open: Vec<(Delimiter, TokenStream)> = Vec::new();
    let mut tokens = TokenStream::new();
    for byte in bytes {
        let piece = pieces.get(usize::from(*byte) % pieces.len()).copied().unwrap_or_default();
        match piece {
            "(" => open.push((Delimiter::Parenthesis, std::mem::take(&mut tokens))),
            "{" => open.push((Delimiter::Brace, std::mem::take(&mut tokens))),
            "[" => open.push((Delimiter::Bracket, std::mem::take(&mut tokens))),
            "⟦" => open.push((Delimiter::None, std::mem::take(&mut tokens))),
            ")" | "}" | "]" | "⟧" => close(&mut open, &mut tokens),
            // Alone it is no token for a lexer.
            "'" => tokens.extend([TokenTree::Punct(Punct::new('\'', Spacing::Joint))]),
            piece => tokens.extend(piece.parse::<TokenStream>().unwrap_or_default()),
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut tokens);
    }
    tokens
}

/// Closes the innermost bracket.
fn close(open: &mut Vec<(Delimiter, TokenStream)>, tokens: &mut TokenStream) {
    if let Some((delimiter, mut before)) = open.pop() {
        before.extend([TokenTree::Group(Group::new(delimiter, std::mem::take(tokens)))]);
        *tokens = before;
    }
}
