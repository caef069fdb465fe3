//! What may be a label: a type that has few values, and says so.

use opentelemetry::{StringValue, Value};

use super::names::Name;

/// A value of a metric's attribute: an enum with `#[derive(MetricValue)]`, `bool`, a [`Name`], or an `Option` of one, which is
/// left out where it is `None`.
///
/// A `String`, a `&str` or a number is none: each value of a label is a time series of its own, and those have no end.
///
/// ```
/// use wirespan::metrics::MetricValue;
///
/// #[derive(Clone, Copy, MetricValue)]
/// enum RouteClass {
///     Foreground,
///     #[metric(name = "bg")]
///     Background,
/// }
/// assert_eq!(RouteClass::Foreground.metric_value().map(|v| v.to_string()), Some("foreground".to_owned()));
/// assert_eq!(RouteClass::Background.metric_value().map(|v| v.to_string()), Some("bg".to_owned()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a metric's label: nothing says that its values are few",
    label = "no bound on its values",
    note = "help: write an enum with `#[derive(MetricValue)]`, `bool`, or `wirespan::metrics::Name` for text"
)]
pub trait MetricValue {
    /// The value; `None` leaves the attribute out.
    fn metric_value(&self) -> Option<Value>;
}

impl MetricValue for bool {
    #[cfg_attr(not(debug_assertions), inline)]
    fn metric_value(&self) -> Option<Value> {
        Some(Value::Bool(*self))
    }
}

impl MetricValue for Name {
    #[cfg_attr(not(debug_assertions), inline)]
    fn metric_value(&self) -> Option<Value> {
        Some(Value::String(StringValue::from(self.as_str())))
    }
}

impl<V: MetricValue> MetricValue for Option<V> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn metric_value(&self) -> Option<Value> {
        self.as_ref().and_then(V::metric_value)
    }
}
