//! How much memory a span takes: what bounds in bytes are counted in. An estimate, made without looking at allocators.

use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

/// About how many bytes of memory `span` takes.
pub(crate) fn weight(span: &SpanData) -> usize {
    let events: usize =
        span.events.iter().map(|event| 96 + event.name.len() + pairs(&event.attributes)).sum();
    let links: usize = span.links.iter().map(|link| 96 + pairs(&link.attributes)).sum();
    size_of::<SpanData>() + span.name.len() + pairs(&span.attributes) + events + links
}

fn pairs(attributes: &[KeyValue]) -> usize {
    let value = |value: &Value| match value {
        Value::String(text) => text.as_str().len(),
        Value::Array(Array::Bool(list)) => list.len(),
        Value::Array(Array::I64(list)) => list.len() * 8,
        Value::Array(Array::F64(list)) => list.len() * 8,
        Value::Array(Array::String(list)) => list.iter().map(|text| 24 + text.as_str().len()).sum(),
        _ => 0,
    };
    attributes.iter().map(|pair| size_of::<KeyValue>() + pair.key.as_str().len() + value(&pair.value)).sum()
}
