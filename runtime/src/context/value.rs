//! What an attribute of a request may be: a text, a number or a boolean. Lists are not: baggage and metrics have none.

use opentelemetry::StringValue;

/// A value with its type.
///
/// ```
/// use wirespan::context::Value;
///
/// assert_eq!(Value::from(7_u32), Value::Int(7));
/// assert_eq!(Value::from("acme"), Value::Text("acme".into()));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// OpenTelemetry's string.
    Text(StringValue),
    /// OpenTelemetry's integer.
    Int(i64),
    /// OpenTelemetry's floating-point number.
    Double(f64),
    /// A boolean.
    Bool(bool),
}

impl Value {
    /// Of one of OpenTelemetry's values; `None` for a list.
    pub(super) fn of(value: &opentelemetry::Value) -> Option<Self> {
        match value {
            opentelemetry::Value::String(text) => Some(Self::Text(text.clone())),
            opentelemetry::Value::I64(number) => Some(Self::Int(*number)),
            opentelemetry::Value::F64(number) => Some(Self::Double(*number)),
            opentelemetry::Value::Bool(value) => Some(Self::Bool(*value)),
            _ => None,
        }
    }
}

impl From<Value> for opentelemetry::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Self::String(text),
            Value::Int(number) => Self::I64(number),
            Value::Double(number) => Self::F64(number),
            Value::Bool(value) => Self::Bool(value),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned().into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

macro_rules! from_numbers {
    ($variant:ident($of:ty): $($type:ty),*) => {$(
        impl From<$type> for Value {
            fn from(number: $type) -> Self {
                Self::$variant(<$of>::from(number))
            }
        }
    )*};
}

from_numbers!(Int(i64): i8, i16, i32, i64, u8, u16, u32);
from_numbers!(Double(f64): f32, f64);

/// A text where it is above `i64::MAX`: OTLP has no unsigned integer.
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        i64::try_from(number).map_or_else(|_| Self::from(number.to_string()), Self::Int)
    }
}

/// As of a `u64`.
impl From<usize> for Value {
    fn from(number: usize) -> Self {
        i64::try_from(number).map_or_else(|_| Self::from(number.to_string()), Self::Int)
    }
}
