//! `resource`: attributes as a list of names and values, or as text in the form of `OTEL_RESOURCE_ATTRIBUTES`.

use opentelemetry::{Array, KeyValue, StringValue, Value};

use super::at::At;
use crate::capture::secret_name::looks_secret;
use crate::setup::config::resource::{EXPECTED, attributes};
use crate::setup::config::source::Set;
use crate::setup::error::Error;

const TYPES: [(&str, Type); 8] = [
    ("string", Type::String),
    ("bool", Type::Bool),
    ("int", Type::Int),
    ("double", Type::Double),
    ("string_array", Type::StringArray),
    ("bool_array", Type::BoolArray),
    ("int_array", Type::IntArray),
    ("double_array", Type::DoubleArray),
];

#[derive(Debug, Clone, Copy)]
enum Type {
    String,
    Bool,
    Int,
    Double,
    StringArray,
    BoolArray,
    IntArray,
    DoubleArray,
}

/// The attributes; those of the list count before those of the text.
pub(super) fn read(at: &At<'_>) -> Result<Vec<Set<KeyValue>>, Error> {
    let fields = at.map(&["attributes", "attributes_list", "schema_url", "detection/development"])?;
    fields.no_effect(&["schema_url"], "the resource has the schema of its detectors");
    fields.no_effect(&["detection/development"], "expected the builder's detectors");
    let mut all: Vec<Set<KeyValue>> = Vec::new();
    if let Some(list) = fields.get("attributes_list") {
        let read = attributes(&list.any_text()?)
            .map_err(|problem| list.problem(&format!("is wrong: {problem}; expected {EXPECTED}")))?;
        all.extend(read.into_iter().map(|attribute| list.set(attribute)));
    }
    let Some(list) = fields.get("attributes") else { return Ok(all) };
    for entry in list.list()? {
        let fields = entry.map(&["name", "value", "type"])?;
        let name = fields.require("name")?.text()?;
        let kind = fields.get("type").map_or(Ok(Type::String), |at| at.one_of(&TYPES))?;
        fields.require("value")?;
        // Nothing means that the entry is left out.
        if let Some(value) = fields.get("value") {
            all.retain(|attribute| attribute.value.key.as_str() != name);
            let hidden = |error| {
                let problem = "is of another type than `type` says";
                if looks_secret(&name) { value.problem(problem) } else { error }
            };
            let read = read_value(&value, kind).map_err(hidden)?;
            all.push(value.set(KeyValue::new(name, read)));
        }
    }
    Ok(all)
}

fn read_value(at: &At<'_>, kind: Type) -> Result<Value, Error> {
    Ok(match kind {
        Type::String => at.any_text()?.into(),
        Type::Bool => at.flag()?.into(),
        Type::Int => at.integer()?.into(),
        Type::Double => at.decimal()?.into(),
        Type::StringArray => {
            Value::Array(Array::String(each(at, |at| at.any_text().map(StringValue::from))?))
        }
        Type::BoolArray => Value::Array(Array::Bool(each(at, At::flag)?)),
        Type::IntArray => Value::Array(Array::I64(each(at, At::integer)?)),
        Type::DoubleArray => Value::Array(Array::F64(each(at, At::decimal)?)),
    })
}

fn each<'a, T>(at: &At<'a>, one: impl Fn(&At<'a>) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    at.list()?.iter().map(one).collect()
}
