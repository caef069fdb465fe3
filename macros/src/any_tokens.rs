//! Any tokens, in the options and in the item: the macros answer with tokens or with errors, and never panic.
//!
//! `#[traced]` also says what to type in each of its errors. `fuzz/` does the same for as long as one likes.

use proc_macro2::{Group, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use syn::LitStr;

use crate::args::by_hand::Macro;
use crate::tokens::from_bytes;

/// Items that are read to their end, so that the options are looked at.
pub(crate) const ITEMS: [&str; 7] = [
    "fn f(a: u64, b: &str, messages: Vec<Message>, password: String) -> Result<u64, Error> { work(a, b) }",
    "async fn f(&self, (a, b): (u64, u64), r#type: T) { work(a, b).await }",
    "async fn f(a: u64, messages: &[u8]) -> Result<u64, Error> { work(a).await }",
    "fn f<'a, T: Debug>(a: &'a T) -> Pin<Box<dyn Future<Output = u64> + 'a>> { work(a) }",
    "fn f(a: u64) -> impl Stream<Item = u64> { work(a) }",
    "impl S { fn f(&self, a: u64) {} #[traced(off)] async fn g(b: u64) {} const N: usize = 1; }",
    "struct S { a: u64 }",
];

/// Whole options, right ones and wrong ones: what a random row of words does not become.
pub(crate) const OPTIONS: [&str; 58] = [
    "name = \"\"",
    "name = \" \"",
    "name = \"load user\"",
    "name = \"load {}\"",
    "name(\"load user\")",
    "name = b\"x\"",
    "name_prefix = \"\"",
    "name_prefix = \"s.\"",
    "skip = \"\"",
    "skip = \",\"",
    "skip = \"a, 1b, r#type, self, _\"",
    "skip()",
    "skip(a, messages)",
    "skip(a, a)",
    "skip(self, _, \"a\")",
    "skip_all",
    "skip_all = true",
    "record(a)",
    "record(r#a, r#type)",
    "unredacted(password)",
    "debug(a)",
    "display(b)",
    "serde(messages)",
    "fields()",
    "fields(\"\" = 1)",
    "fields(user.r#id = a, \"any key\" = { a })",
    "fields(.id = a, user. = b)",
    "fields(password = b)",
    "fields(user = &self.password, otel.kind = a)",
    "fields(user.id = a, user..id = b)",
    "fields(a, ?b, %c, d: 1)",
    "kind = \"\"",
    "kind = \"client\"",
    "level = \"trace\"",
    "level = \"\"",
    "max_value = \"\"",
    "max_value = \"B\"",
    "max_value = \"64KiB\"",
    "max_span = \"99999999999999999999MiB\"",
    "max_span = \"1.5ä\"",
    "max_span = \"1MiB\"",
    "budget = \"1KiB\"",
    "budget = 0",
    "max_future = \"2KiB\"",
    "err = \"ignore\"",
    "cancel = \"error\"",
    "returns = \"future\"",
    "ret",
    "status = a::b",
    "parent = &a",
    "parent = None",
    "root",
    "links(&a)",
    "links(a, b)",
    "metrics",
    "metrics = true",
    "crate = a::b",
    "off",
];

/// What may stand in the macros by hand.
pub(crate) const BY_HAND: [&str; 22] = [
    "parent: &a",
    "parent: None",
    "links: [a]",
    "kind: \"server\"",
    "kind: \"\"",
    "on: a",
    "on:",
    "\"\"",
    "\"load user\"",
    "a",
    "r#type",
    "a.b = 1",
    "a. = 1",
    "\"\" = 1",
    "\"any key\" = { a }",
    "password = a",
    "user = a.password",
    "target: \"t\"",
    "name: \"load user\"",
    "Level::INFO",
    "\"a {}\"",
    "self.a",
];

/// What may stand in the brackets of `#[capture(…)]`.
const CAPTURE: [&str; 14] = [
    "",
    "skip",
    "id",
    "redact",
    "len",
    "display",
    "debug",
    "r#id",
    "\"id\"",
    "= id",
    "id = 1",
    "(id)",
    ", id",
    "id, debug",
];

/// Each `compile_error!` of the tokens says on its second line what to type.
pub(crate) fn assert_errors_help(tokens: TokenStream, given: &str) {
    let mut is_error = false;
    for token in tokens {
        match &token {
            TokenTree::Group(group) if is_error => {
                let message: LitStr = syn::parse2(group.stream()).unwrap();
                assert!(message.value().contains("\nhelp: "), "{given}\n{}", message.value());
            }
            TokenTree::Group(group) => assert_errors_help(group.stream(), given),
            TokenTree::Punct(punct) if is_error && punct.as_char() == '!' => continue,
            _ => {}
        }
        is_error = matches!(&token, TokenTree::Ident(word) if word == "compile_error");
    }
}

/// The items' text as tokens, with some of them taken out, doubled, or replaced by others.
pub(crate) fn torn(item: &str, tears: &[(usize, u8, Vec<u8>)]) -> TokenStream {
    fn tear(tokens: TokenStream, at: &mut usize, tears: &[(usize, u8, Vec<u8>)]) -> TokenStream {
        let mut out = TokenStream::new();
        for token in tokens {
            *at += 1;
            let token = match token {
                TokenTree::Group(group) => {
                    let inner = tear(group.stream(), at, tears);
                    Group::new(group.delimiter(), inner).into()
                }
                token => token,
            };
            match tears.iter().find(|(place, _, _)| place == at) {
                None => out.extend([token]),
                Some((_, 0, _)) => {}
                Some((_, 1, _)) => out.extend([token.clone(), token]),
                Some((_, 2, bytes)) => out.extend(from_bytes(bytes)),
                Some((_, _, bytes)) => out.extend(from_bytes(bytes).into_iter().chain([token])),
            }
        }
        out
    }
    tear(item.parse().unwrap(), &mut 0, tears)
}

pub(crate) fn tears() -> impl Strategy<Value = Vec<(usize, u8, Vec<u8>)>> {
    vec((1_usize..60, 0_u8..4, vec(any::<u8>(), 0..6)), 0..5)
}

/// The modules that a file declares, without those above which `but` stands.
fn modules(file: &str, but: &str) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let declared = lines.windows(2).filter(|pair| !pair[0].contains(but));
    let mut names: Vec<_> = declared
        .filter_map(|pair| pair[1].strip_prefix("mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    names.sort();
    names
}

#[test]
fn the_fuzz_targets_have_all_modules() {
    let mut ours = modules("src/lib.rs", "#[cfg(test)]");
    ours.push("tokens".to_owned());
    ours.sort();
    assert!(ours.len() > 10, "{ours:?}");
    assert_eq!(modules("../fuzz/src/lib.rs", "no such line"), ours);
}

/// Some of the texts, with commas between them.
pub(crate) fn listed(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    vec(prop::sample::select(of), 0..5).prop_map(|some| some.join(", "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_options_are_read_or_answered(options in vec(any::<u8>(), 0..40), item in prop::sample::select(&ITEMS)) {
        let options = from_bytes(&options);
        let given = options.to_string();
        assert_errors_help(crate::traced_tokens(options, item.parse().unwrap()), &given);
    }

    #[test]
    fn any_item_is_traced_or_answered(options in vec(any::<u8>(), 0..8), item in vec(any::<u8>(), 0..80)) {
        let _ = crate::traced_tokens(from_bytes(&options), from_bytes(&item));
    }

    #[test]
    fn an_item_with_any_change_is_traced_or_answered(
        options in vec(any::<u8>(), 0..8),
        item in prop::sample::select(&ITEMS),
        tears in tears(),
    ) {
        let item = torn(item, &tears);
        let given = item.to_string();
        assert_errors_help(crate::traced_tokens(from_bytes(&options), item), &given);
    }

    #[test]
    fn any_words_by_hand_are_read_or_answered(
        words in vec(any::<u8>(), 0..40),
        of in 0_usize..3,
    ) {
        let of = [Macro::Span, Macro::Event, Macro::Record][of];
        let words = from_bytes(&words);
        let given = words.to_string();
        assert_errors_help(crate::by_hand::expand(of, words), &given);
    }

    #[test]
    fn any_type_is_derived_or_answered(item in vec(any::<u8>(), 0..60), tears in tears()) {
        let _ = crate::capture::derive(from_bytes(&item));
        let written = "#[capture(skip)] struct Job<T> { #[capture(id)] id: u64, #[capture(len)] lines: Vec<T>, password: String }";
        let _ = crate::capture::derive(torn(written, &tears));
    }

    #[test]
    fn whole_options_with_any_change_are_read_or_answered(
        options in listed(&OPTIONS),
        tears in tears(),
        item in prop::sample::select(&ITEMS),
    ) {
        for options in [torn(&options, &[]), torn(&options, &tears)] {
            let given = options.to_string();
            assert_errors_help(crate::traced_tokens(options, item.parse().unwrap()), &given);
        }
    }

    #[test]
    fn whole_fields_by_hand_with_any_change_are_read_or_answered(
        words in listed(&BY_HAND),
        tears in tears(),
        of in 0_usize..3,
    ) {
        let of = [Macro::Span, Macro::Event, Macro::Record][of];
        for words in [torn(&words, &[]), torn(&words, &tears)] {
            let given = words.to_string();
            assert_errors_help(crate::by_hand::expand(of, words), &given);
        }
    }

    #[test]
    fn whole_attributes_of_a_type_are_read_or_answered(
        chosen in vec(prop::sample::select(&CAPTURE), 4),
        tears in tears(),
    ) {
        let (on, a, b, c) = (chosen[0], chosen[1], chosen[2], chosen[3]);
        for item in [
            format!("struct S<T> {{ #[capture({a})] a: u64, #[capture({b})] b: Vec<T>, #[capture({c})] password: String }}"),
            format!("struct S(#[capture({a})] u64); "),
            format!("enum E {{ #[capture({on})] A, B(#[capture({a})] u64), C {{ #[capture({b})] r#type: u64 }} }}"),
            format!("#[capture({on})] struct S;"),
        ] {
            assert_errors_help(crate::capture::derive(torn(&item, &[])), &item);
            // What is no type any more is syn's to answer.
            let _ = crate::capture::derive(torn(&item, &tears));
        }
    }
}
