//! The limits of spans, as variables say them: the one for spans before the one for everything with attributes.

use super::lookup::Lookup;
use super::source::Set;
use crate::pipeline::limits::Limits;
use crate::setup::error::Error;

/// The limits that are set.
///
/// # Errors
///
/// A variable is not UTF-8.
pub(crate) fn read(lookup: &Lookup) -> Result<Limits<Option<Set<u32>>>, Error> {
    let limit = |name| {
        let number = lookup.number(name, 0..=i32::MAX as u64, "units")?;
        Ok::<_, Error>(number.map(|set| set.map(|number| u32::try_from(number).unwrap_or(u32::MAX))))
    };
    let value_length = limit("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT")?;
    let attributes = limit("OTEL_ATTRIBUTE_COUNT_LIMIT")?;
    Ok(Limits {
        value_length: limit("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT")?.or(value_length),
        attributes: limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT")?.or_else(|| attributes.clone()),
        events: limit("OTEL_SPAN_EVENT_COUNT_LIMIT")?,
        links: limit("OTEL_SPAN_LINK_COUNT_LIMIT")?,
        event_attributes: limit("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT")?.or_else(|| attributes.clone()),
        link_attributes: limit("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT")?.or(attributes),
    })
}
