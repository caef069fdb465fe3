//! The `static` of a call site is accepted where a program forbids unsafe code and every warning, in functions of every kind.

#![forbid(unsafe_code)]
#![deny(warnings, unused_qualifications, unreachable_pub, missing_docs, let_underscore_drop)]
#![no_implicit_prelude]
#![allow(dead_code)]

use ::wirespan::traced;

#[traced(level = "trace")]
fn generic<T, const N: usize>(value: [T; N]) -> usize {
    #[traced]
    async fn nested() {}
    ::std::mem::drop(nested());
    ::std::mem::drop(value);
    N
}

struct Store<T>(T);

#[traced]
impl<T> Store<T> {
    async fn get(&self) {
        #[traced]
        fn in_a_method() {}
        in_a_method();
    }
}

mod linkme {}
mod wirespan {}

fn main() {
    ::std::assert_eq!(generic([1, 2]), 2);
    let listed = ::std::iter::Iterator::count(::wirespan::callsites());
    ::std::assert_eq!(listed, 4);
}
