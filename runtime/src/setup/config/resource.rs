//! `OTEL_RESOURCE_ATTRIBUTES`: `key=value` pairs between commas, percent-encoded.

use opentelemetry::KeyValue;

use super::lookup::Lookup;
use super::source::Set;
use crate::setup::error::Error;

pub(super) const EXPECTED: &str = "`key=value` pairs between commas, percent-encoded";

/// What the variable says. What cannot be read is not used at all, as the specification says, with a warning.
///
/// # Errors
///
/// It is not UTF-8.
pub(super) fn read(lookup: &Lookup) -> Result<Vec<Set<KeyValue>>, Error> {
    const NAME: &str = "OTEL_RESOURCE_ATTRIBUTES";
    let Some(text) = lookup.text(NAME)? else { return Ok(Vec::new()) };
    let read = attributes(&text.value);
    if read.is_none() {
        lookup.warn(format!("{NAME} is `{}`, which is ignored; expected {EXPECTED}", text.value));
    }
    let attributes = read.unwrap_or_default().into_iter();
    Ok(attributes.map(|attribute| Set::new(attribute, text.source.clone())).collect())
}

/// The attributes in a text. A key that comes twice has its last value.
pub(super) fn attributes(text: &str) -> Option<Vec<KeyValue>> {
    let mut attributes: Vec<KeyValue> = Vec::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=')?;
        let key = decode(key.trim())?;
        if key.is_empty() {
            return None;
        }
        attributes.retain(|attribute| attribute.key.as_str() != key);
        attributes.push(KeyValue::new(key, decode(value.trim())?));
    }
    Some(attributes)
}

/// `None` where a `%` is not followed by two digits, or what is meant is no UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = after else { return None };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_what_is_no_pair_spoils_all() {
        let good = attributes("team=blue%20%26%20green, a%2Cb = c=d ,,team=red");
        assert_eq!(good, Some(vec![KeyValue::new("a,b", "c=d"), KeyValue::new("team", "red")]));
        assert_eq!(attributes("team=%E2%9C%93"), Some(vec![KeyValue::new("team", "✓")]));
        for wrong in ["team", "team=blue,x", "=blue", "team=%4", "team=%zz", "team=%ff", "a=1,b=%"] {
            assert_eq!(attributes(wrong), None, "{wrong}");
        }
    }
}
