//! OpenTelemetry's limits on a span: how many attributes, events and links, and how long their texts.
//!
//! Applied by the drain thread to the completed message, and only where one is set: without, spans are bounded in bytes alone. What
//! comes first is kept, and what is left out is counted in the message's `dropped_*_count` fields.

#[cfg(test)]
mod tests;

use crate::wire::read::{Fields, Value};
use crate::wire::{encode, tag};

/// A limit of each kind, or what is known of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Limits<T> {
    /// Characters of a text, bytes of a value that is bytes.
    pub(crate) value_length: T,
    pub(crate) attributes: T,
    pub(crate) events: T,
    pub(crate) links: T,
    pub(crate) event_attributes: T,
    pub(crate) link_attributes: T,
}

/// Limits as numbers, where they are set.
pub(crate) type Numbers = Limits<Option<u32>>;

impl<T> Limits<T> {
    /// The same of another kind.
    pub(crate) fn map<U>(self, change: impl Fn(T) -> U) -> Limits<U> {
        Limits {
            value_length: change(self.value_length),
            attributes: change(self.attributes),
            events: change(self.events),
            links: change(self.links),
            event_attributes: change(self.event_attributes),
            link_attributes: change(self.link_attributes),
        }
    }
}

/// What applies them; keeps its memory from span to span.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: Numbers,
    limited: Vec<u8>,
}

/// Attributes, events or links of one message.
struct Part {
    limit: Option<u32>,
    kept: u32,
    dropped: u64,
}

impl Part {
    fn new(limit: Option<u32>) -> Self {
        Self { limit, kept: 0, dropped: 0 }
    }

    /// Whether there is room for one more.
    fn takes(&mut self) -> bool {
        if self.limit.is_some_and(|limit| self.kept >= limit) {
            self.dropped += 1;
            return false;
        }
        self.kept += 1;
        true
    }

    fn count(&self, out: &mut Vec<u8>, tag: u8) {
        if self.dropped > 0 {
            out.push(tag);
            encode::varint(out, self.dropped.min(u64::from(u32::MAX)));
        }
    }
}

impl Limiter {
    /// `None` where there is nothing to limit.
    pub(crate) fn new(limits: Numbers) -> Option<Self> {
        (limits != Numbers::default()).then(|| Self { limits, limited: Vec::new() })
    }

    /// The message of a span within the limits.
    pub(crate) fn limited(&mut self, span: &[u8]) -> &[u8] {
        self.limited.clear();
        self.limits.span(&mut self.limited, span);
        &self.limited
    }
}

impl Numbers {
    fn span(&self, out: &mut Vec<u8>, span: &[u8]) {
        let [mut attributes, mut events, mut links] =
            [self.attributes, self.events, self.links].map(Part::new);
        for (number, value, whole) in Fields::new(span) {
            match (number, value) {
                (9, Value::Bytes(attribute)) => {
                    if attributes.takes() {
                        self.attribute(out, tag::SPAN_ATTRIBUTE, attribute, whole);
                    }
                }
                (11, Value::Bytes(event)) => {
                    if events.takes() {
                        let limit = self.event_attributes;
                        let open = encode::open(out, tag::SPAN_EVENT);
                        self.inner(
                            out,
                            event,
                            (3, tag::EVENT_ATTRIBUTE),
                            (4, tag::EVENT_DROPPED_ATTRIBUTES),
                            limit,
                        );
                        encode::close(out, open);
                    }
                }
                (13, Value::Bytes(link)) => {
                    if links.takes() {
                        let limit = self.link_attributes;
                        let open = encode::open(out, tag::SPAN_LINK);
                        self.inner(
                            out,
                            link,
                            (4, tag::LINK_ATTRIBUTE),
                            (5, tag::LINK_DROPPED_ATTRIBUTES),
                            limit,
                        );
                        encode::close(out, open);
                    }
                }
                // What was left out before.
                (10, Value::Varint(count)) => attributes.dropped += count,
                (12, Value::Varint(count)) => events.dropped += count,
                (14, Value::Varint(count)) => links.dropped += count,
                _ => out.extend_from_slice(whole),
            }
        }
        attributes.count(out, tag::SPAN_DROPPED_ATTRIBUTES);
        events.count(out, tag::SPAN_DROPPED_EVENTS);
        links.count(out, tag::SPAN_DROPPED_LINKS);
    }

    /// The fields of an event or a link.
    fn inner(
        &self,
        out: &mut Vec<u8>,
        message: &[u8],
        (attribute_field, attribute_tag): (u64, u8),
        (count_field, count_tag): (u64, u8),
        limit: Option<u32>,
    ) {
        let mut attributes = Part::new(limit);
        for (number, value, whole) in Fields::new(message) {
            match value {
                Value::Bytes(attribute) if number == attribute_field => {
                    if attributes.takes() {
                        self.attribute(out, attribute_tag, attribute, whole);
                    }
                }
                Value::Varint(count) if number == count_field => attributes.dropped += count,
                _ => out.extend_from_slice(whole),
            }
        }
        attributes.count(out, count_tag);
    }

    fn attribute(&self, out: &mut Vec<u8>, tag: u8, attribute: &[u8], whole: &[u8]) {
        match self.value_length.and_then(|limit| usize::try_from(limit).ok()) {
            // No value is longer than what holds it.
            Some(limit) if attribute.len() > limit => {
                let open = encode::open(out, tag);
                pair(out, attribute, limit);
                encode::close(out, open);
            }
            _ => out.extend_from_slice(whole),
        }
    }
}

/// A `KeyValue`.
fn pair(out: &mut Vec<u8>, attribute: &[u8], limit: usize) {
    for (number, value, whole) in Fields::new(attribute) {
        match (number, value) {
            (2, Value::Bytes(any)) => {
                let open = encode::open(out, tag::VALUE);
                any_value(out, any, limit);
                encode::close(out, open);
            }
            _ => out.extend_from_slice(whole),
        }
    }
}

/// An `AnyValue`. They nest no deeper than they were recorded, which is bounded.
fn any_value(out: &mut Vec<u8>, any: &[u8], limit: usize) {
    for (number, value, whole) in Fields::new(any) {
        match (number, value) {
            (1, Value::Bytes(text)) => encode::bytes(out, tag::VALUE_STRING, characters(text, limit)),
            (5, Value::Bytes(list)) => {
                let open = encode::open(out, tag::VALUE_ARRAY);
                each(out, list, tag::ELEMENT, &|out, any| any_value(out, any, limit));
                encode::close(out, open);
            }
            (6, Value::Bytes(pairs)) => {
                let open = encode::open(out, tag::VALUE_KEYS);
                each(out, pairs, tag::ENTRY, &|out, entry| pair(out, entry, limit));
                encode::close(out, open);
            }
            (7, Value::Bytes(bytes)) => {
                encode::bytes(out, tag::VALUE_BYTES, bytes.get(..limit).unwrap_or(bytes));
            }
            _ => out.extend_from_slice(whole),
        }
    }
}

fn each(out: &mut Vec<u8>, list: &[u8], tag: u8, one: &dyn Fn(&mut Vec<u8>, &[u8])) {
    for (_, value, _) in Fields::new(list) {
        let Value::Bytes(element) = value else { continue };
        let open = encode::open(out, tag);
        one(out, element);
        encode::close(out, open);
    }
}

/// The text's first `limit` characters.
fn characters(text: &[u8], limit: usize) -> &[u8] {
    if text.len() <= limit {
        return text;
    }
    // A byte that continues no character begins one.
    let mut starts = (0..text.len()).filter(|at| text.get(*at).is_some_and(|byte| byte & 0xc0 != 0x80));
    starts.nth(limit).and_then(|end| text.get(..end)).unwrap_or(text)
}
