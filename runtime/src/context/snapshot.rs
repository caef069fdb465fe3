//! A set of attributes that never changes, as each signal wants it: encoded for spans, as key-value pairs for logs, and those of
//! them that metrics may have. Made once for each change of a scope, within bounds of number and bytes.

use std::fmt;
use std::sync::Arc;

use opentelemetry::{Key, KeyValue};

use super::lists::{Lists, generation, lists};
use super::value::Value;
use crate::by_hand::late::Late;
use crate::capture::output::FloorCharBoundary as _;
use crate::capture::secret_name::looks_secret;
use crate::capture::value::REDACTED;
use crate::wire::{decode, encode, tag};

/// Attributes of a scope.
pub(super) const MAX_ATTRIBUTES: usize = 64;
/// Bytes of a key.
pub(super) const MAX_KEY: usize = 255;
/// Bytes of a text, with what says that it was cut.
pub(super) const MAX_TEXT: usize = 1024;
/// Bytes of all, encoded.
pub(super) const MAX_BYTES: usize = 8 * 1024;

/// What was set at one moment. Cloning it copies nothing.
///
/// ```
/// use wirespan::context;
///
/// let scope = context::scope().with("user.id", 7);
/// let before = scope.get();
/// scope.add("user.id", 8);
/// assert_eq!(before.get("user.id"), Some(7.into()), "what was got does not change");
/// ```
#[derive(Clone, Default)]
pub struct Snapshot(Option<Arc<Made>>);

struct Made {
    all: Vec<KeyValue>,
    /// Those that metrics may have, by the lists of that generation.
    metrics: Vec<KeyValue>,
    generation: u32,
    encoded: Arc<Late>,
}

impl Snapshot {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.all().iter().find(|pair| pair.key.as_str() == key).and_then(|pair| Value::of(&pair.value))
    }

    /// Keys and values, in the order in which the keys were first set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Value)> {
        self.all().iter().filter_map(|pair| Some((pair.key.as_str(), Value::of(&pair.value)?)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all().len()
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    pub(crate) fn all(&self) -> &[KeyValue] {
        self.0.as_ref().map_or(&[], |made| &made.all)
    }

    pub(super) fn for_metrics<R>(&self, f: impl FnOnce(&[KeyValue]) -> R) -> R {
        match &self.0 {
            None => f(&[]),
            Some(made) if made.generation == generation() => f(&made.metrics),
            // Other lists were installed since.
            Some(made) => f(&metrics_of(&made.all, &lists())),
        }
    }

    /// As spans take them along.
    pub(super) fn encoded(&self) -> Option<Arc<Late>> {
        self.0.as_ref().filter(|made| !made.all.is_empty()).map(|made| Arc::clone(&made.encoded))
    }

    /// The same with `changes`, as many as fit, and whether all did.
    pub(super) fn with(&self, changes: &[(Key, Value)]) -> (Self, bool) {
        let (mut all, mut complete) = (self.all().to_vec(), true);
        let mut bytes: usize = all.iter().map(size).sum();
        for (key, value) in changes {
            let Some(pair) = bounded(key, value) else {
                complete = false;
                continue;
            };
            let place = all.iter().position(|old| old.key == pair.key);
            let old = place.and_then(|place| all.get_mut(place));
            let grown = bytes - old.as_ref().map_or(0, |old| size(old)) + size(&pair);
            if grown > MAX_BYTES || (old.is_none() && all.len() >= MAX_ATTRIBUTES) {
                complete = false;
                continue;
            }
            bytes = grown;
            match place.and_then(|place| all.get_mut(place)) {
                Some(old) => *old = pair,
                None => all.push(pair),
            }
        }
        (Self::of(all), complete)
    }

    fn of(all: Vec<KeyValue>) -> Self {
        let mut attributes = Vec::new();
        for pair in &all {
            decode::encode_attribute(&mut attributes, tag::SPAN_ATTRIBUTE, pair);
        }
        let mut encoded = Vec::with_capacity(attributes.len() + 4);
        encode::bytes(&mut encoded, tag::RECORD_CONTEXT, &attributes);
        // Read first: where lists are installed meanwhile, they are asked again.
        let generation = generation();
        let metrics = metrics_of(&all, &lists());
        Self(Some(Arc::new(Made { all, metrics, generation, encoded: Arc::new(Late::of_context(encoded)) })))
    }
}

fn metrics_of(all: &[KeyValue], lists: &Lists) -> Vec<KeyValue> {
    let allowed = all.iter().filter(|pair| lists.metrics.contains(pair.key.as_str()));
    allowed.filter(|pair| !looks_secret(pair.key.as_str())).cloned().collect()
}

/// An attribute within its bounds, redacted where its name is a secret's; `None` where its key is none.
fn bounded(key: &Key, value: &Value) -> Option<KeyValue> {
    let name = key.as_str();
    if name.is_empty() || name.len() > MAX_KEY {
        return None;
    }
    let value: opentelemetry::Value = match value {
        _ if looks_secret(name) => REDACTED.into(),
        Value::Text(text) if text.as_str().len() > MAX_TEXT => cut(text.as_str()).into(),
        other => other.clone().into(),
    };
    Some(KeyValue::new(key.clone(), value))
}

fn cut(text: &str) -> String {
    let marker = format!("... (truncated, original size: {} bytes)", text.len());
    let kept = text.floor_char_boundary_compat(MAX_TEXT.saturating_sub(marker.len()));
    text.get(..kept).unwrap_or_default().to_owned() + &marker
}

/// Bytes of an attribute on the wire, or a few more.
fn size(pair: &KeyValue) -> usize {
    let value = match &pair.value {
        opentelemetry::Value::String(text) => text.as_str().len(),
        _ => 10,
    };
    12 + pair.key.as_str().len() + value
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.all().iter().map(|pair| (pair.key.as_str(), &pair.value))).finish()
    }
}
