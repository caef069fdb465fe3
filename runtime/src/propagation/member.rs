//! One member of baggage: `key = value ; property ; …`, read whole or not at all.

use std::borrow::Cow;

use super::percent::decode;
use super::text::{is_baggage_octet, is_token, is_token_byte, is_whitespace, trim};

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
        let good =
            is_token(key) && value.bytes().all(is_baggage_octet) && properties.is_none_or(are_properties);
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
        // Nowhere else may whitespace be.
        text.extend(properties.bytes().filter(|byte| !is_whitespace(*byte)).map(char::from));
        text
    }
}

/// Where in a list of properties one is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    BeforeKey,
    Key,
    AfterKey,
    BeforeValue,
    Value,
    AfterValue,
}

/// Whether this is `key = value` or `key`, and so on behind each `;`. One look at each byte: a member may have thousands of them.
fn are_properties(text: &str) -> bool {
    let next = |at: At, byte: u8| {
        Some(match (at, byte) {
            (At::BeforeKey | At::BeforeValue | At::AfterKey | At::AfterValue, b' ' | b'\t') => at,
            (At::Key, b' ' | b'\t') => At::AfterKey,
            (At::Value, b' ' | b'\t') => At::AfterValue,
            (At::Key | At::AfterKey, b'=') => At::BeforeValue,
            (At::Key | At::AfterKey | At::BeforeValue | At::Value | At::AfterValue, b';') => At::BeforeKey,
            (At::BeforeKey | At::Key, byte) if is_token_byte(byte) => At::Key,
            (At::BeforeValue | At::Value, byte) if is_baggage_octet(byte) => At::Value,
            _ => return None,
        })
    };
    text.bytes().try_fold(At::BeforeKey, next).is_some_and(|at| at != At::BeforeKey)
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
