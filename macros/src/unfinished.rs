//! A function whose body is still being typed: the macro must pass it on as it stands, or an editor has nothing to complete.
//!
//! A body is opaque tokens for the macro, so whatever a lexer accepts stays as it is, in its place, and is no error of ours.

use proc_macro2::TokenStream;

/// Bodies that do not parse, as they look in the middle of typing.
const UNFINISHED: [&str; 14] = [
    "value.",
    "self.rows.iter().",
    "let",
    "let x =",
    "let x = value. ; done()",
    "if value",
    "match value { Some(",
    "for row in",
    "value as",
    "Row { name: , ..",
    "call(value, )(",
    "#![",
    "#!",
    "fn nested(",
];

fn parsed(text: &str) -> TokenStream {
    text.parse().unwrap()
}

/// `body` with the brackets closed that it leaves open, as an editor closes them.
fn closed(body: &str) -> String {
    let mut open = Vec::new();
    for letter in body.chars() {
        match letter {
            '(' => open.push(')'),
            '{' => open.push('}'),
            '[' => open.push(']'),
            ')' | '}' | ']' => drop(open.pop()),
            _ => {}
        }
    }
    body.chars().chain(open.into_iter().rev()).collect()
}

fn assert_kept(options: &str, item: &str, body: &str) {
    let traced = crate::traced_tokens(parsed(options), parsed(item)).to_string();
    assert!(!traced.contains("compile_error"), "{item}: {traced}");
    assert!(traced.contains(&parsed(body).to_string()), "{item}: {traced}");
    assert!(traced.contains("__CALLSITE"), "{item} is not traced: {traced}");
}

#[test]
fn a_body_that_does_not_parse_is_passed_on_as_it_stands() {
    for body in UNFINISHED.map(closed) {
        for head in [
            "fn load(&self, value: Row) -> u64",
            "async fn load(value: Row)",
            "fn load(value: Row) -> impl Future<Output = u64>",
            "fn load(value: Row) -> BoxStream<'static, u64>",
        ] {
            assert_kept("", &format!("{head} {{ {body} }}"), &body);
        }
    }
}

#[test]
fn the_bodies_of_a_block_are_passed_on_as_they_stand() {
    for body in UNFINISHED.map(closed) {
        let block = format!("impl Store {{ fn load(&self) {{ {body} }} async fn save(&self) {{ done() }} }}");
        assert_kept("name_prefix = \"store.\"", &block, &body);
    }
}

#[test]
fn what_is_unfinished_beside_functions_stays_in_the_block() {
    for member in ["fn", "pub fn load", "async", "fn load(&self", "const SIZE: usize =", "type Row"] {
        let member = closed(member);
        let block = format!("impl Store {{ fn save(&self) {{ done() }} {member} }}");
        assert_kept("", &block, &member);
    }
}

#[test]
fn with_a_mistake_in_the_options_the_body_stays_too() {
    for body in UNFINISHED.map(closed) {
        let item = format!("fn load(value: Row) {{ {body} }}");
        let traced = crate::traced_tokens(parsed("skip = \"vlaue\""), parsed(&item)).to_string();
        assert!(traced.contains("did you mean `value`?"), "{traced}");
        assert!(traced.contains(&parsed(&body).to_string()), "{traced}");
    }
}
