//! Fault H13: items of every kind, huge functions. Malformed options and torn items are in `any_tokens`.

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

use crate::any_tokens::assert_errors_help;

/// Everything that an attribute can stand on and that is neither a function nor a block of them, with what messages call it.
const OTHERS: [(&str, &str); 29] = [
    ("struct Job;", "a struct"),
    ("pub struct Job(u64);", "a struct"),
    ("pub(crate) struct Job<T> { id: T }", "a struct"),
    ("#[repr(u8)] enum Job { A }", "an enum"),
    ("union Job { a: u8 }", "a union"),
    ("trait Job { fn run(&self); }", "a trait"),
    ("pub unsafe auto trait Job {}", "a trait"),
    ("mod job { fn run() {} }", "a module"),
    ("mod job;", "a module"),
    ("type Job = u64;", "a type alias"),
    ("static JOB: u64 = 1;", "a static"),
    ("static mut JOB: u64 = 1;", "a static"),
    ("const JOB: u64 = 1;", "a constant"),
    ("const _: () = ();", "a constant"),
    ("use job::Job;", "a `use`"),
    ("extern crate job;", "an `extern crate`"),
    ("extern \"C\" { fn job(); }", "an `extern` block"),
    ("unsafe extern \"C\" { safe fn job(); }", "an `extern` block"),
    ("macro_rules! job { () => {} }", "a macro"),
    ("job! { a }", "a macro's call"),
    ("let job = 1;", "a `let`"),
    ("let run = |job: u64| job;", "a `let`"),
    ("|job| job", "a closure"),
    ("move || 1", "a closure"),
    ("job(1)", "an expression"),
    ("{ job() }", "an expression"),
    ("unsafe { job() }", "an expression"),
    ("async move { job() }", "an expression"),
    ("", "this item"),
];

/// What each `compile_error!` of the tokens says.
fn said(tokens: TokenStream) -> Vec<String> {
    let mut said = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "compile_error" => {
                let message = tokens.by_ref().find_map(|token| match token {
                    TokenTree::Group(group) => syn::parse2::<LitStr>(group.stream()).ok(),
                    _ => None,
                });
                said.push(message.unwrap().value());
            }
            TokenTree::Group(group) => said.extend(self::said(group.stream())),
            _ => {}
        }
    }
    said
}

#[test]
fn every_other_item_is_one_error_by_its_name_and_stays() {
    for (item, what) in OTHERS {
        let tokens: TokenStream = item.parse().unwrap();
        let expanded = crate::traced_tokens("ret, skip_all".parse().unwrap(), tokens.clone());
        assert_errors_help(expanded.clone(), item);
        let said = said(expanded.clone());
        assert_eq!(said.len(), 1, "{item}: {said:?}");
        assert!(said[0].starts_with(&format!("`#[traced]` cannot wrap {what}\nhelp: ")), "{item}: {said:?}");
        assert!(expanded.to_string().ends_with(&tokens.to_string()), "{item}: {expanded}");
    }
}

/// Parentheses around a number, so many of them that a look into the body would be deep.
fn nested(depth: usize) -> String {
    format!("{}1{}", "(".repeat(depth), ")".repeat(depth))
}

#[test]
fn a_huge_function_is_traced_and_its_body_stays() {
    let params: Vec<_> = (0..400).map(|index| format!("p{index}: &Vec<[u64; {index}]>")).collect();
    let body = format!("{} {}", "let a = a + 1;".repeat(20_000), nested(100));
    for kind in ["fn", "async fn"] {
        let item = format!("{kind} huge({}) -> u64 {{ {body} }}", params.join(", "));
        let options = "fields(a = p399.len()), parent = p0, ret, skip(p7)";
        let expanded = crate::traced_tokens(options.parse().unwrap(), item.parse().unwrap()).to_string();
        assert!(!expanded.contains("compile_error"), "{kind}");
        assert_eq!(expanded.matches("let a = a + 1 ;").count(), 20_000, "{kind}");
        assert_eq!(
            expanded.matches(":: Value { of : & { p").count(),
            399,
            "{kind}: all but the one that is skipped"
        );
    }
}
