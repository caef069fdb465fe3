//! Attributes of a measurement: a struct of bounded values, never a list that a program fills as it likes.

use std::cell::Cell;

use opentelemetry::{KeyValue, Value};

use crate::context;

/// The attributes of an instrument, as a type. `#[derive(MetricAttributes)]` implements it for a struct whose fields are
/// [`MetricValue`](super::value::MetricValue)s; `()` is no attributes.
///
/// ```
/// use wirespan::metrics::{MetricAttributes, MetricValue};
///
/// #[derive(MetricValue)]
/// enum Outcome { Paid, Declined }
///
/// #[derive(MetricAttributes)]
/// struct Checkout {
///     outcome: Outcome,
///     #[metric(name = "shop.returning")]
///     returning: bool,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the attributes of an instrument",
    label = "no struct of bounded labels",
    note = "help: write a struct with `#[derive(MetricAttributes)]`, or `()` for none"
)]
pub trait MetricAttributes {
    /// Writes the attributes.
    fn write(&self, out: &mut AttributeSet<'_>);
}

impl MetricAttributes for () {
    #[cfg_attr(not(debug_assertions), inline)]
    fn write(&self, _: &mut AttributeSet<'_>) {}
}

impl<A: MetricAttributes> MetricAttributes for &A {
    #[cfg_attr(not(debug_assertions), inline)]
    fn write(&self, out: &mut AttributeSet<'_>) {
        A::write(self, out);
    }
}

/// The attributes of one measurement, while they are written.
#[derive(Debug)]
pub struct AttributeSet<'a>(&'a mut Vec<KeyValue>);

impl AttributeSet<'_> {
    /// Adds one attribute. What implements [`MetricAttributes`] by hand answers for its values being few.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn push(&mut self, key: &'static str, value: Value) {
        self.0.push(KeyValue::new(key, value));
    }
}

thread_local! {
    /// Memory for the next measurement's attributes.
    static SPARE: Cell<Vec<KeyValue>> = const { Cell::new(Vec::new()) };
}

/// These attributes, as the SDK takes them.
pub(super) fn list<A: MetricAttributes + ?Sized>(attributes: &A) -> Vec<KeyValue> {
    let mut list = Vec::new();
    attributes.write(&mut AttributeSet(&mut list));
    list
}

/// Runs `f` with these attributes, and with those of the request that may reach metrics.
#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn with<A: MetricAttributes + ?Sized, R>(attributes: &A, f: impl FnOnce(&[KeyValue]) -> R) -> R {
    with_spare(|list| {
        attributes.write(&mut AttributeSet(list));
        if context::reaches_metrics() {
            context::for_metrics(|more| merge(list, more));
        }
        f(list)
    })
}

/// Runs `f` with these attributes and those of the request that may reach metrics; `None` where it has none.
pub(in crate::metrics) fn in_request<R>(own: &[KeyValue], f: impl FnOnce(Option<&[KeyValue]>) -> R) -> R {
    context::for_metrics(|more| {
        if more.is_empty() {
            return f(None);
        }
        with_spare(|list| {
            list.extend_from_slice(own);
            merge(list, more);
            f(Some(list))
        })
    })
}

/// Adds attributes of a request. The measurement's own label counts.
fn merge(list: &mut Vec<KeyValue>, more: &[KeyValue]) {
    let own = list.len();
    for attribute in more {
        if list.iter().take(own).all(|own| own.key != attribute.key) {
            list.push(attribute.clone());
        }
    }
}

#[cfg_attr(not(debug_assertions), inline)]
fn with_spare<R>(f: impl FnOnce(&mut Vec<KeyValue>) -> R) -> R {
    let mut list = SPARE.try_with(Cell::take).unwrap_or_default();
    list.clear();
    let result = f(&mut list);
    list.clear();
    let _ = SPARE.try_with(|spare| spare.set(list));
    result
}
