//! `OTEL_RESOURCE_ATTRIBUTES`: `key=value` pairs between commas, percent-encoded.

use opentelemetry::KeyValue;

use super::lookup::Lookup;
use super::source::Set;
use crate::setup::error::Error;

pub(super) const EXPECTED: &str = "`key=value` pairs between commas, percent-encoded";

/// What the variable says. What cannot be read is not used at all, as the specification says, with a warning, which repeats nothing
/// of it: any part may be a secret, or of one with a comma in it.
///
/// # Errors
///
/// It is not UTF-8.
pub(super) fn read(lookup: &Lookup) -> Result<Vec<Set<KeyValue>>, Error> {
    const NAME: &str = "OTEL_RESOURCE_ATTRIBUTES";
    let Some(text) = lookup.text(NAME)? else { return Ok(Vec::new()) };
    let attributes = attributes(&text.value).unwrap_or_else(|problem| {
        lookup.warn(format!("{NAME} is ignored: {problem}; expected {EXPECTED}"));
        Vec::new()
    });
    Ok(attributes.into_iter().map(|attribute| Set::new(attribute, text.source.clone())).collect())
}

/// The attributes in a text, or where it is wrong. A key that comes twice has its last value.
pub(super) fn attributes(text: &str) -> Result<Vec<KeyValue>, String> {
    let mut attributes: Vec<KeyValue> = Vec::new();
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    for (number, pair) in (1..).zip(pairs) {
        let (key, value) = pair.split_once('=').ok_or_else(|| format!("pair {number} has no `=`"))?;
        let encoded = |text: &str| {
            decode(text.trim()).ok_or_else(|| format!("pair {number} is not well percent-encoded"))
        };
        let (key, value) = (encoded(key)?, encoded(value)?);
        if key.is_empty() {
            return Err(format!("pair {number} has no key"));
        }
        attributes.retain(|attribute| attribute.key.as_str() != key);
        attributes.push(KeyValue::new(key, value));
    }
    Ok(attributes)
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
        assert_eq!(good, Ok(vec![KeyValue::new("a,b", "c=d"), KeyValue::new("team", "red")]));
        assert_eq!(attributes("team=%E2%9C%93"), Ok(vec![KeyValue::new("team", "✓")]));
        for (wrong, problem) in [
            ("team", "pair 1 has no `=`"),
            ("team=blue,,x", "pair 2 has no `=`"),
            ("=blue", "pair 1 has no key"),
            ("team=%4", "pair 1 is not well percent-encoded"),
            ("team=%zz", "pair 1 is not well percent-encoded"),
            ("%ff=team", "pair 1 is not well percent-encoded"),
            ("a=1,b=%", "pair 2 is not well percent-encoded"),
        ] {
            assert_eq!(attributes(wrong), Err(problem.to_owned()), "{wrong}");
        }
    }
}
