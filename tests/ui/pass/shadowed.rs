//! Expansions name everything by its full path: nothing in the caller's scope matters to them.

#![deny(warnings)]
#![no_implicit_prelude]
#![allow(dead_code, non_camel_case_types)]

use ::wirespan::traced;

mod core {}
mod std {}
struct String;
struct Vec;
struct Option;
struct Result;
struct Some;
struct Box;
struct usize;
struct bool;
struct u32;

#[traced(name = "x", fields(a = true), budget = "9MiB")]
fn plain(a: u8, (b, c): (u8, u8), text: &str, password: u8) -> u8 {
    a + b + c + password + (text.len() as u8)
}

#[traced]
async fn asynchronous(a: u8, token: u8) -> ::core::result::Result<u8, ::std::string::String> {
    ::core::result::Result::Ok(a + token)
}

#[derive(::wirespan::Capture)]
struct Job<T> {
    #[capture(id)]
    id: u64,
    #[capture(len)]
    lines: ::std::vec::Vec<u8>,
    value: T,
}

#[derive(::wirespan::Capture)]
enum Choice {
    A,
    B { x: u8 },
    C(u8),
}

macro_rules! functions {
    ($type:ty, $name:ident, $body:block) => {
        #[traced]
        fn $name($name: $type) -> $type $body
    };
}

functions!(u64, from_a_macro, { from_a_macro + 1 });

fn main() {
    plain(1, (2, 3), "text", 4);
    from_a_macro(1);
}
