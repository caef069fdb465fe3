//! A span that is larger than a request may be: its largest attributes are cut, and marked; then events and links go.

use crate::wire::decode::key_and_value;
use crate::wire::read::{Fields, Value};
use crate::wire::{encode, tag};

/// Bytes that an attribute keeps at least: its key, the beginning of its value, and the marker.
const KEPT: usize = 512;

/// The span in at most `limit` bytes, or `None` where that cannot be.
pub(crate) fn shrink(span: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut excess = span.len().saturating_sub(limit);
    let fields: Vec<_> = Fields::new(span).collect();
    let mut by_size: Vec<usize> = fields
        .iter()
        .enumerate()
        .filter(|(_, (number, _, whole))| matches!(number, 9 | 11 | 13) && whole.len() > KEPT)
        .map(|(index, _)| index)
        .collect();
    // Attributes first, the largest first.
    by_size.sort_by_key(|index| {
        fields.get(*index).map_or((true, 0), |(number, _, whole)| (*number != 9, usize::MAX - whole.len()))
    });
    let mut cut: Vec<(usize, Vec<u8>)> = Vec::new();
    let (mut attributes, mut events, mut links) = (0, 0, 0);
    // What the counters of what was dropped may take themselves.
    excess += if excess > 0 { 32 } else { 0 };
    for index in by_size {
        if excess == 0 {
            break;
        }
        let Some((number, Value::Bytes(message), whole)) = fields.get(index).copied() else { continue };
        let replacement = if number == 9 { shorter(message, excess) } else { Vec::new() };
        match number {
            9 if replacement.is_empty() => attributes += 1,
            11 => events += 1,
            13 => links += 1,
            _ => {}
        }
        excess = excess.saturating_sub(whole.len().saturating_sub(replacement.len()));
        cut.push((index, replacement));
    }
    if excess > 0 {
        return None;
    }
    let mut out = Vec::with_capacity(limit);
    for (index, (_, _, whole)) in fields.iter().enumerate() {
        match cut.iter().find(|(of, _)| *of == index) {
            Some((_, replacement)) => out.extend_from_slice(replacement),
            None => out.extend_from_slice(whole),
        }
    }
    for (tag, dropped) in [
        (tag::SPAN_DROPPED_ATTRIBUTES, attributes),
        (tag::SPAN_DROPPED_EVENTS, events),
        (tag::SPAN_DROPPED_LINKS, links),
    ] {
        if dropped > 0 {
            out.push(tag);
            encode::varint(&mut out, dropped);
        }
    }
    Some(out)
}

/// The attribute as a field of a span, shorter by `excess` bytes where its text has as many; nothing for one that is no text.
fn shorter(attribute: &[u8], excess: usize) -> Vec<u8> {
    let (key, any) = key_and_value(attribute);
    let Some((1, Value::Bytes(text), _)) = Fields::new(any).last() else { return Vec::new() };
    let marker = format!("... (truncated, original size: {} bytes)", text.len());
    let Some(keep) = text.len().checked_sub(excess + marker.len() + 16) else { return Vec::new() };
    let text = String::from_utf8_lossy(text.get(..keep).unwrap_or_default());
    // Half a character at the end became a replacement character.
    let text = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
    let mut out = Vec::new();
    let field = encode::open(&mut out, tag::SPAN_ATTRIBUTE);
    encode::bytes(&mut out, tag::KEY, key);
    let value = encode::open(&mut out, tag::VALUE);
    encode::bytes(&mut out, tag::VALUE_STRING, [text.as_bytes(), marker.as_bytes()].concat().as_slice());
    encode::close(&mut out, value);
    encode::close(&mut out, field);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(attributes: &[(&str, usize)], event: usize) -> Vec<u8> {
        let mut span = Vec::new();
        encode::bytes(&mut span, tag::SPAN_NAME, b"large");
        for (key, len) in attributes {
            encode::string_attribute(&mut span, tag::SPAN_ATTRIBUTE, key, &"x".repeat(*len));
        }
        encode::bytes(&mut span, tag::SPAN_EVENT, &vec![0; event]);
        span
    }

    fn attribute_lengths(span: &[u8]) -> Vec<usize> {
        let attributes = Fields::new(span).filter(|(number, ..)| *number == 9);
        attributes.map(|(_, _, whole)| whole.len()).collect()
    }

    #[test]
    fn a_span_that_fits_stays_as_it_is() {
        let span = span(&[("a", 100)], 10);
        assert_eq!(shrink(&span, span.len()), Some(span));
    }

    #[test]
    fn the_largest_attribute_is_cut_and_says_so() {
        let span = span(&[("small", 1_000), ("large", 5_000)], 10);
        let shrunk = shrink(&span, 4_000).expect("it can be cut");
        assert!(shrunk.len() <= 4_000, "{}", shrunk.len());
        assert!(attribute_lengths(&shrunk).first().is_some_and(|len| *len > 1_000), "the small one is whole");
        assert!(String::from_utf8_lossy(&shrunk).contains("(truncated, original size: 5000 bytes)"));
    }

    #[test]
    fn events_go_when_attributes_are_not_enough() {
        let span = span(&[("a", 100)], 5_000);
        let shrunk = shrink(&span, 1_000).expect("it can be cut");
        let fields: Vec<_> = Fields::new(&shrunk).map(|(number, value, _)| (number, value)).collect();
        assert!(fields.contains(&(12, Value::Varint(1))), "one event was dropped: {fields:?}");
        assert!(!fields.iter().any(|(number, _)| *number == 11));
    }

    #[test]
    fn what_cannot_be_cut_is_given_up() {
        assert_eq!(shrink(&span(&[("a", 100)], 10), 50), None);
    }
}
