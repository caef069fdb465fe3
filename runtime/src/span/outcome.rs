//! Reading a return value: what is an error is decided by its type, at compile time.
//!
//! As with values (`capture::by_type`), the macro writes `(&&&&&&&Outcome(&result)).finish(span)` and method resolution takes the
//! first trait that fits: a `Result` whose error is an `Error`, one whose error lends an `Error` (`anyhow::Error`,
//! `Box<dyn Error>`), one that only displays or debugs, any `Result`, anything at all.

use std::any::type_name;
use std::error::Error;
use std::fmt::{Debug, Display};

use crate::capture::by_type::caught;
use crate::thread::Busy;

/// A return value.
#[derive(Debug)]
pub struct Outcome<'a, R: ?Sized>(pub &'a R);

/// A span that ends with what a function returned.
pub trait EndSpan: Sized {
    /// The function did what it was asked to.
    fn returned(self);
    /// The function returned an error.
    fn failed(self, error: &ErrorView<'_>);
}

/// An error as far as its type lets it be seen.
pub struct ErrorView<'a> {
    pub(crate) type_name: &'static str,
    pub(crate) shown: Shown<'a>,
}

/// What can be said of an error.
pub(crate) enum Shown<'a> {
    /// Its text and its sources.
    Error(&'a (dyn Error + 'a)),
    /// Its text.
    Display(&'a dyn Display),
    /// What `{:?}` prints.
    Debug(&'a dyn Debug),
    /// Nothing but its type.
    Type,
}

impl<'a> Shown<'a> {
    /// What a user's `AsRef` lends; a panic in it stays here.
    fn lent(lend: impl FnOnce() -> &'a (dyn Error + 'a)) -> Self {
        let _busy = Busy::begin();
        caught(lend).map_or(Shown::Type, Shown::Error)
    }
}

/// Declares one way of reading a return value.
macro_rules! way {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub trait $name {
            /// Ends the span with this value.
            fn finish<S: EndSpan>(&self, span: S);
        }
    };
}

way! {
    /// `Result`s whose error is an `Error`.
    ViaError
}
way! {
    /// `Result`s whose error lends an `Error` that may cross threads, such as `anyhow::Error`.
    ViaSharedError
}
way! {
    /// `Result`s whose error lends an `Error`, such as `Box<dyn Error>`.
    ViaLentError
}
way! {
    /// `Result`s whose error only displays.
    ViaDisplayError
}
way! {
    /// `Result`s whose error only debugs.
    ViaDebugError
}
way! {
    /// All other `Result`s.
    ViaAnyResult
}
way! {
    /// Whatever is not a `Result`.
    ViaAnything
}

/// Ends `span` with `result`; `show` says how its error is seen.
#[inline]
fn end<'a, T, E, S: EndSpan>(result: &'a Result<T, E>, span: S, show: impl FnOnce(&'a E) -> Shown<'a>) {
    match result {
        Ok(_) => span.returned(),
        Err(error) => span.failed(&ErrorView { type_name: type_name::<E>(), shown: show(error) }),
    }
}

impl<T, E: Error> ViaError for &&&&&&Outcome<'_, Result<T, E>> {
    #[inline]
    fn finish<S: EndSpan>(&self, span: S) {
        end(self.0, span, |error| Shown::Error(error));
    }
}

impl<'e, T, E: AsRef<dyn Error + Send + Sync + 'e>> ViaSharedError for &&&&&Outcome<'_, Result<T, E>> {
    #[inline]
    fn finish<S: EndSpan>(&self, span: S) {
        end(self.0, span, |error| Shown::lent(|| error.as_ref()));
    }
}

impl<'e, T, E: AsRef<dyn Error + 'e>> ViaLentError for &&&&Outcome<'_, Result<T, E>> {
    #[inline]
    fn finish<S: EndSpan>(&self, span: S) {
        end(self.0, span, |error| Shown::lent(|| error.as_ref()));
    }
}

impl<T, E: Display> ViaDisplayError for &&&Outcome<'_, Result<T, E>> {
    #[inline]
    fn finish<S: EndSpan>(&self, span: S) {
        end(self.0, span, |error| Shown::Display(error));
    }
}

impl<T, E: Debug> ViaDebugError for &&Outcome<'_, Result<T, E>> {
    #[inline]
    fn finish<S: EndSpan>(&self, span: S) {
        end(self.0, span, |error| Shown::Debug(error));
    }
}

impl<T, E> ViaAnyResult for &Outcome<'_, Result<T, E>> {
    #[inline]
    fn finish<S: EndSpan>(&self, span: S) {
        end(self.0, span, |_| Shown::Type);
    }
}

impl<R: ?Sized> ViaAnything for Outcome<'_, R> {
    #[inline]
    fn finish<S: EndSpan>(&self, span: S) {
        span.returned();
    }
}
