//! What becomes of a call site's parameters and fields.
//!
//! The macro writes them into one text, which costs the program one relocation and the compiler one literal for each
//! function: for each name a mark, the name and a zero byte. A field whose value stands in the source has a byte of one and that
//! value behind its name: a letter for its type, and its text. Samplers see those.

use opentelemetry::{KeyValue, Value};

/// A parameter of a traced function, or a field of its attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The parameter's name, or the field's key.
    pub name: &'static str,
    /// What is recorded of it.
    pub shown: Shown,
}

/// What is recorded of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shown {
    /// Its value.
    Value,
    /// Its type and the ids in it.
    Skipped,
    /// `<redacted>`.
    Redacted,
    /// Nothing.
    Nothing,
    /// The value of an expression: it is no parameter but a field of the attribute, or what is returned, as `return`.
    Field,
}

/// Reads what the macro wrote.
pub(super) fn read(text: &'static str) -> impl Iterator<Item = Parameter> {
    text.split_terminator('\0').filter_map(|entry| {
        let mut letters = entry.chars();
        let shown = match letters.next()? {
            '=' => Shown::Value,
            '-' => Shown::Skipped,
            '!' => Shown::Redacted,
            '.' => Shown::Field,
            _ => Shown::Nothing,
        };
        Some(Parameter { name: split(letters.as_str()).0, shown })
    })
}

/// The fields whose values stand in the source, as the attributes that they become.
pub(super) fn literals(text: &'static str) -> impl Iterator<Item = KeyValue> {
    text.split_terminator('\0').filter_map(|entry| {
        let (name, literal) = split(entry.strip_prefix('.')?);
        let mut letters = literal?.chars();
        let (letter, text) = (letters.next()?, letters.as_str());
        let value = match letter {
            's' => Value::from(text),
            'b' => Value::from(text.parse::<bool>().ok()?),
            'i' => Value::from(text.parse::<i64>().ok()?),
            'f' => Value::from(text.parse::<f64>().ok()?),
            _ => return None,
        };
        Some(KeyValue::new(name, value))
    })
}

fn split(entry: &'static str) -> (&'static str, Option<&'static str>) {
    entry.split_once('\u{1}').map_or((entry, None), |(name, literal)| (name, Some(literal)))
}
