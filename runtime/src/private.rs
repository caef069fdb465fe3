//! What expansions of the macros call. Not a public API: it changes without notice.

pub use core;

use opentelemetry::trace::SpanContext;

use crate::by_hand::current::SpanHandle;
use crate::by_hand::parent::AsSpanContext;
use crate::capture::by_type::caught;
use crate::capture::session::Session;
use crate::capture::{Attributes, ValueWriter};

pub use crate::callsite::registry::CALLSITES;
pub use crate::callsite::{Callsite, Cancel, Kind, Options, Source, Subject};
pub use crate::capture::Key;
pub use crate::capture::bound::{
    Bound, UnknownBound, assert_budget, assert_future, attribute_bound, excluded_bound, fields_bound,
    redacted_bound,
};
pub use crate::capture::by_name::show_serde;
pub use crate::capture::by_type::{Excluded, Peek, Value};
pub use crate::capture::session::Parameters;
pub use crate::filter::Level;
pub use crate::measure::Site;
pub use crate::span::function::{traced, traced_method};
pub use crate::span::future::{cover, run};
pub use crate::span::measured::Measured;
pub use crate::span::outcome::{EndSpan, Good, Outcome, finish_with_status, said_status};
pub use crate::span::stream::cover_stream;
pub use crate::span::sync::{Guard, SyncSpan, in_method_span, in_span};

pub use crate::__wirespan_callsite as callsite;
pub use crate::__wirespan_site as site;

#[cfg(feature = "metrics")]
pub use crate::__wirespan_instrument as instrument_spec;
#[cfg(feature = "metrics")]
pub use crate::metrics::typed::registry::INSTRUMENTS;
#[cfg(feature = "metrics")]
pub use crate::metrics::typed::spec::{AliasSpec, InstrumentSpec};
#[cfg(feature = "metrics")]
pub use std::sync::OnceLock;

/// The instrument of a field.
#[cfg(feature = "metrics")]
pub fn instrument<I: crate::metrics::typed::instrument::Instrument>(spec: &'static InstrumentSpec) -> I {
    I::build(spec)
}

/// One label of a measurement.
#[cfg(feature = "metrics")]
#[cfg_attr(not(debug_assertions), inline)]
pub fn label<V: crate::metrics::MetricValue>(
    out: &mut crate::metrics::AttributeSet<'_>,
    key: &'static str,
    value: &V,
) {
    if let Some(value) = value.metric_value() {
        out.push(key, value);
    }
}

/// Calls a body once. The bound makes its closure an `FnOnce`, so that it may return what it borrows from its captures.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "it is the function's body; a call more would be a cost without a reason"
)]
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// A value for a place that is never reached, where only its type counts.
pub fn absurd<T>() -> T {
    std::process::abort()
}

/// A pinned box, which becomes that of a `dyn` type where it is given back.
#[cfg_attr(not(debug_assertions), inline)]
pub fn pinned<T>(value: T) -> std::pin::Pin<Box<T>> {
    Box::pin(value)
}

/// A box, which becomes that of a `dyn` type where it is given back.
#[cfg_attr(not(debug_assertions), inline)]
pub fn boxed<T>(value: T) -> Box<T> {
    Box::new(value)
}

/// The subject of a function without a receiver: the name of a closure in its body, which holds the path to the function.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in a debug build, a function more for each that is traced")]
pub fn name_of<F>(_: &F) -> Subject {
    std::any::type_name::<F>
}

/// The most bytes of a captured value of a type.
#[doc(hidden)]
#[macro_export]
macro_rules! __wirespan_bound_of {
    ($type:ty) => {{
        use $crate::__private::UnknownBound as _;
        $crate::__private::Bound::<$type>::MAX
    }};
}
pub use __wirespan_bound_of as bound_of;

/// Links of one span: OpenTelemetry's default limit, and the end of an iterator that has none.
const MAX_LINKS: usize = 128;

/// Evaluates what a span is linked to, and writes it. A panic in that stays here, and leaves the rest of the links out.
pub fn links<L: AsSpanContext, I: IntoIterator<Item = L>>(
    out: &mut Attributes<'_>,
    links: impl FnOnce() -> I,
) {
    let _ = caught(|| {
        for link in links().into_iter().take(MAX_LINKS) {
            let context = link.as_span_context();
            out.link(&context);
        }
    });
}

/// A parameter that is to be printed with `{:?}`.
#[cfg_attr(not(debug_assertions), inline)]
pub fn debug<T: ShownByDebug + ?Sized>(out: &mut Attributes<'_>, key: Key, value: &T) {
    out.attribute(key, |out| out.debug(value));
}

/// A parameter that is to be displayed.
#[cfg_attr(not(debug_assertions), inline)]
pub fn display<T: ShownByDisplay + ?Sized>(out: &mut Attributes<'_>, key: Key, value: &T) {
    out.attribute(key, |out| out.display(value));
}

/// The only field of a type, printed with `{:?}`.
pub fn value_debug<T: ShownByDebug + ?Sized>(out: &mut ValueWriter<'_>, value: &T) {
    out.debug(value);
}

/// The only field of a type, displayed.
pub fn value_display<T: ShownByDisplay + ?Sized>(out: &mut ValueWriter<'_>, value: &T) {
    out.display(value);
}

/// Types that `debug` can show, of a parameter or a field.
#[diagnostic::on_unimplemented(
    message = "`debug` cannot show a `{Self}`: it does not implement `Debug`",
    label = "has no `Debug`",
    note = "help: write `#[derive(Debug)]` on the type, or remove `debug` here"
)]
pub trait ShownByDebug: std::fmt::Debug {}

impl<T: std::fmt::Debug + ?Sized> ShownByDebug for T {}

/// Types that `display` can show.
#[diagnostic::on_unimplemented(
    message = "`display` cannot show a `{Self}`: it does not implement `Display`",
    label = "has no `Display`",
    note = "help: implement `Display` for the type, or write `debug` instead of `display`"
)]
pub trait ShownByDisplay: std::fmt::Display {}

impl<T: std::fmt::Display + ?Sized> ShownByDisplay for T {}

/// Attributes of the current span, if it is recorded.
pub fn record(write: impl FnOnce(&mut Attributes<'_>)) {
    Session::current().write(write);
}

/// An event of the current span, if it is recorded.
pub fn event(name: &str, write: impl FnOnce(&mut Attributes<'_>)) {
    Session::current().event(name, write);
}

/// What `#[capture(id)]` shows.
pub fn id<T: ShownAsId>(value: &T) -> Option<&dyn std::fmt::Display> {
    Some(value)
}

/// Types that `#[capture(id)]` can show.
#[diagnostic::on_unimplemented(
    message = "`#[capture(id)]` cannot show a `{Self}`: it does not implement `Display`",
    label = "has no `Display`",
    note = "help: implement `Display` for the type, or remove `#[capture(id)]`"
)]
pub trait ShownAsId: std::fmt::Display {}

impl<T: std::fmt::Display> ShownAsId for T {}

/// Attributes of the span that the program names.
pub fn record_on(on: &(impl AsSpanHandle + ?Sized), write: impl FnOnce(&mut Attributes<'_>)) {
    on.as_span_handle().add(write);
}

/// An event of the span that the program names.
pub fn event_on(on: &(impl AsSpanHandle + ?Sized), name: &str, write: impl FnOnce(&mut Attributes<'_>)) {
    on.as_span_handle().add_event(name, write);
}

/// What `on:` takes: a handle, or what leads to one.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is no handle of a span",
    label = "no handle",
    note = "help: write a `wirespan::SpanHandle`, which `wirespan::current().handle()` gives"
)]
pub trait AsSpanHandle {
    /// The handle.
    fn as_span_handle(&self) -> &SpanHandle;
}

impl AsSpanHandle for SpanHandle {
    fn as_span_handle(&self) -> &SpanHandle {
        self
    }
}

impl<T: std::ops::Deref<Target: AsSpanHandle> + ?Sized> AsSpanHandle for T {
    fn as_span_handle(&self) -> &SpanHandle {
        (**self).as_span_handle()
    }
}

/// The context of a parent that the program names.
pub fn parent_of(parent: &impl AsSpanContext) -> SpanContext {
    parent.as_span_context()
}

/// The context of a span without a parent.
pub fn no_parent() -> SpanContext {
    SpanContext::NONE
}
