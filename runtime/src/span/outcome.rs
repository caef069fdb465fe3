//! Reading a return value: what is an error is decided by its type, at compile time.
//!
//! As with values (`capture::by_type`), the macro writes `Outcome { of: &result }.finish(span)` and method resolution takes the first
//! way that fits: a `Result` whose error is an `Error`, one whose error lends an `Error` (`anyhow::Error`, `Box<dyn Error>`),
//! one that only displays or debugs, any `Result`, anything at all.

use std::any::type_name;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::ops::Deref;

use opentelemetry::trace::Status;

use crate::capture::Attributes;
use crate::capture::by_type::{caught, ways};
use crate::thread::Busy;

ways! {
    /// A return value; here, a `Result` whose error is an `Error`.
    Outcome,
    /// A `Result` whose error lends an `Error` that may cross threads, such as `anyhow::Error`.
    SharedError,
    /// A `Result` whose error lends an `Error`, such as `Box<dyn Error>`.
    LentError,
    /// A `Result` whose error only displays.
    DisplayError,
    /// A `Result` whose error only debugs.
    DebugError,
    /// All other `Result`s.
    AnyResult,
    /// Whatever is not a `Result`.
    Anything
}

/// A span that ends with what a function returned.
pub trait EndSpan: Sized {
    /// The function did what it was asked to.
    fn returned(self);
    /// The function returned an error.
    fn failed(self, error: &ErrorView<'_>);
    /// The function returned, and the program says what that means.
    fn with_status(self, status: Status);
    /// Whether there is nothing to end, and so no matter what the function returned.
    #[cfg_attr(not(debug_assertions), inline)]
    fn is_off(&self) -> bool {
        false
    }
    /// Whether there is a span to end.
    fn is_recorded(&self) -> bool;
    /// Adds attributes at the end.
    fn attributes(&mut self, write: impl FnOnce(&mut Attributes<'_>));
}

/// What the function in `status` returns.
#[diagnostic::on_unimplemented(
    message = "`status` takes a function that returns OpenTelemetry's `Status`: this one returns `{Self}`",
    label = "returns `{Self}`",
    note = "help: return `opentelemetry::trace::Status` from it: `Status::Ok`, `Status::error(\"…\")` or `Status::Unset`"
)]
pub trait SaidStatus {
    /// The same.
    fn into_status(self) -> Status;
}

#[diagnostic::do_not_recommend]
impl SaidStatus for Status {
    fn into_status(self) -> Status {
        self
    }
}

/// What the function has returned, if that is a status.
pub fn said_status(said: impl SaidStatus) -> Status {
    said.into_status()
}

/// Ends `span` with what the program says of the return value. A panic in that stays here.
pub fn finish_with_status<S: EndSpan>(span: S, status: impl FnOnce() -> Status) {
    if !span.is_recorded() {
        return span.returned();
    }
    let said = {
        let _busy = Busy::begin();
        caught(status)
    };
    match said {
        Some(status) => span.with_status(status),
        None => span.with_status(Status::error("<the function in `status` panicked>")),
    }
}

ways! {
    /// A return value, as far as it is good; here, a `Result`.
    Good,
    /// Whatever is not a `Result`.
    GoodPlain
}

impl<'a, T, E> Good<'a, Result<T, E>> {
    /// What is in an `Ok`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn value(&self) -> Option<&'a T> {
        self.of.as_ref().ok()
    }
}

impl<'a, R: ?Sized> GoodPlain<'a, R> {
    /// The value.
    #[cfg_attr(not(debug_assertions), inline)]
    #[expect(clippy::unnecessary_wraps, reason = "the other way's method, for any type")]
    pub fn value(&self) -> Option<&'a R> {
        Some(self.of)
    }
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

/// Ends `span` with `result`; `show` says how its error is seen.
#[cfg_attr(not(debug_assertions), inline)]
fn end<'a, T, E, S: EndSpan>(result: &'a Result<T, E>, span: S, show: impl FnOnce(&'a E) -> Shown<'a>) {
    if span.is_off() {
        return span.returned();
    }
    match result {
        Ok(_) => span.returned(),
        Err(error) => span.failed(&ErrorView { type_name: type_name::<E>(), shown: show(error) }),
    }
}

/// Declares how a way reads the return value.
macro_rules! way {
    ([$($generics:tt)*] $way:ident<$type:ty>, |$result:ident, $span:ident| $end:expr) => {
        impl<$($generics)*> $way<'_, $type> {
            /// Ends the span with this value.
            #[cfg_attr(not(debug_assertions), inline)]
            pub fn finish<S: EndSpan>(&self, $span: S) {
                let $result = self.of;
                $end;
            }
        }
    };
}

way!([T, E: Error] Outcome<Result<T, E>>, |result, span| end(result, span, |error| Shown::Error(error)));
way!(['e, T, E: AsRef<dyn Error + Send + Sync + 'e>] SharedError<Result<T, E>>, |result, span| {
    end(result, span, |error| Shown::lent(|| error.as_ref()));
});
way!(['e, T, E: AsRef<dyn Error + 'e>] LentError<Result<T, E>>, |result, span| {
    end(result, span, |error| Shown::lent(|| error.as_ref()));
});
way!([T, E: Display] DisplayError<Result<T, E>>, |result, span| end(result, span, |error| Shown::Display(error)));
way!([T, E: Debug] DebugError<Result<T, E>>, |result, span| end(result, span, |error| Shown::Debug(error)));
way!([T, E] AnyResult<Result<T, E>>, |result, span| end(result, span, |_| Shown::Type));
way!([R: ?Sized] Anything<R>, |_result, span| span.returned());
