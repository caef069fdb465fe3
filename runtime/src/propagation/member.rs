//! One member of baggage: `key = value ; property ; …`, read whole or not at all.

use std::borrow::Cow;

use super::percent::decode;
use super::text::{is_baggage_octet, is_token, trim};

/// A member that is of the format.
#[derive(Debug)]
pub(super) struct Member<'a> {
    key: &'a str,
    value: &'a str,
    properties: Option<&'a str>,
}

impl<'a> Member<'a> {
    /// `None` where something of it is not of the format. Allocates nothing.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (pair, properties) = match text.split_once(';') {
            Some((pair, properties)) => (pair, Some(properties)),
            None => (text, None),
        };
        let (key, value) = pair.split_once('=')?;
        let (key, value) = (trim(key), trim(value));
        let good = is_token(key)
            && value.bytes().all(is_baggage_octet)
            && properties.is_none_or(|all| all.split(';').all(|one| split_property(one).is_some()));
        good.then_some(Self { key, value, properties })
    }

    pub(super) fn key(&self) -> &'a str {
        self.key
    }

    /// Decoded.
    pub(super) fn value(&self) -> Cow<'a, str> {
        decode(self.value)
    }

    /// As they came, without the whitespace around them. They stay encoded: decoded, a `;` in one would end it.
    pub(super) fn properties(&self) -> String {
        let Some(properties) = self.properties else { return String::new() };
        let mut text = String::with_capacity(properties.len());
        for (key, value) in properties.split(';').filter_map(split_property) {
            if !text.is_empty() {
                text.push(';');
            }
            text.push_str(key);
            if let Some(value) = value {
                text.push('=');
                text.push_str(value);
            }
        }
        text
    }
}

/// The key of a property and its value, still encoded; `None` where it is not of the format.
pub(super) fn split_property(text: &str) -> Option<(&str, Option<&str>)> {
    let (key, value) = split_any_property(text);
    (is_token(key) && value.is_none_or(|value| value.bytes().all(is_baggage_octet))).then_some((key, value))
}

/// As [`split_property`], whatever stands there.
pub(super) fn split_any_property(text: &str) -> (&str, Option<&str>) {
    match text.split_once('=') {
        Some((key, value)) => (trim(key), Some(trim(value))),
        None => (trim(text), None),
    }
}
