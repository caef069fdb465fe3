//! Expansions name everything by its full path: nothing that the caller's scope calls like the standard library, or like
//! this crate, matters to them.
#![deny(warnings)]
#![forbid(unsafe_code)]
#![no_implicit_prelude]
#![allow(dead_code, non_camel_case_types, unused_macros)]

use ::wirespan::traced;

mod core {}
mod std {}
mod alloc {}
mod wirespan {}
mod __private {}
struct String;
struct Vec;
struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct Box;
struct Send;
struct Drop;
struct Future;
struct Pin;
struct Infallible;
struct usize;
struct bool;
struct u32;
struct SyncSpan;
struct Callsite;

macro_rules! line { () => { ::std::compile_error!("the caller's `line!`") } }
macro_rules! file { () => { ::std::compile_error!("the caller's `file!`") } }
macro_rules! module_path { () => { ::std::compile_error!("the caller's `module_path!`") } }
macro_rules! option_env { ($($any:tt)*) => { ::std::compile_error!("the caller's `option_env!`") } }

#[traced(name = "x", kind = "client", fields(a = true, b = "text"), budget = "9MiB")]
fn plain(a: u8, (b, c): (u8, u8), text: &str, password: u8) -> u8 {
    a + b + c + password + (text.len() as u8)
}

#[traced]
fn of_a_shadowing_type(one: String, two: Option, three: usize, four: u32) -> Result {
    let (_, _, _, _) = (one, two, three, four);
    Result
}

#[traced]
async fn of_a_shadowing_type_later(one: String, two: Option, three: usize, four: u32) -> Result {
    let (_, _, _, _) = (one, two, three, four);
    Result
}

#[traced(err = "ignore", cancel = "error")]
async fn asynchronous(a: u8, token: u8) -> ::core::result::Result<u8, ::std::string::String> {
    ::core::result::Result::Ok(a + token)
}

#[traced]
async fn never(_a: u8) -> ! {
    loop {
        ::std::future::ready(()).await;
    }
}

#[traced]
fn opaque(a: u8) -> impl ::core::future::Future<Output = u8> {
    async move { a }
}

#[traced]
fn boxed(a: u8) -> ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = u8>>> {
    ::std::boxed::Box::pin(async move { a })
}

struct Store<T>(T);

impl<T: ::core::fmt::Debug> Store<T> {
    #[traced]
    fn get(&self, callsite: u8, __span: u8, result: T) -> T {
        let _ = (callsite, __span);
        result
    }

    #[traced]
    async fn wait(self, out: u8, __out: T, on: u8) -> T {
        let _ = (out, on);
        __out
    }
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

mod inner {
    //! A module in which the names of modules are those of crates.
    mod std {}
    mod core {}

    #[::wirespan::traced]
    pub(super) fn deep(n: u8) -> u8 {
        n
    }

    #[::wirespan::traced]
    pub(super) async fn deep_later(n: &u8) -> &u8 {
        n
    }
}
