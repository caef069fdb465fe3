//! Reading what `BaggageMetadata` holds.

use std::borrow::Cow;

use opentelemetry::baggage::BaggageMetadata;

use super::member::split_property;
use super::percent::decode;

/// The properties of a member of baggage: each key, and its value where it has one.
///
/// OpenTelemetry keeps them as one text. The propagators of this module leave it encoded, as it came, so that a `;` or `=`
/// inside a value stays inside it; here the values are decoded. What is no property is passed over.
///
/// ```
/// use wirespan::opentelemetry::baggage::BaggageMetadata;
/// use wirespan::propagation::properties;
///
/// let metadata = BaggageMetadata::from("internal;ttl=5%20s");
/// let all: Vec<_> = properties(&metadata).collect();
/// assert_eq!(all, [("internal", None), ("ttl", Some("5 s".into()))]);
/// ```
pub fn properties(metadata: &BaggageMetadata) -> impl Iterator<Item = (&str, Option<Cow<'_, str>>)> {
    metadata.as_str().split(';').filter_map(split_property).map(|(key, value)| (key, value.map(decode)))
}
