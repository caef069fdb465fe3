//! The allow-lists of attributes of requests: what the builder says, else a variable, else none.

use super::Entry;
use super::lookup::{Lookup, wrong};
use super::source::{Set, choose};
use crate::context::{Keys, Lists, parse};
use crate::setup::error::{Error, Kind};

/// One thing for each list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allowed<T> {
    pub(crate) metrics: T,
    pub(crate) to_baggage: T,
    pub(crate) from_baggage: T,
}

impl Allowed<Option<Set<Keys>>> {
    /// # Errors
    ///
    /// A key cannot be one of baggage.
    pub(crate) fn read(lookup: &Lookup) -> Result<Self, Error> {
        let keys = |name| {
            let Some(text) = lookup.text(name)? else { return Ok(None) };
            match parse(text.value.split(',')) {
                Ok(keys) => Ok(Some(text.map(|_| keys))),
                Err(expected) => Err(wrong(name, &text.value, &expected)),
            }
        };
        Ok(Self {
            metrics: keys("WIRESPAN_CONTEXT_METRICS")?,
            to_baggage: keys("WIRESPAN_CONTEXT_TO_BAGGAGE")?,
            from_baggage: keys("WIRESPAN_CONTEXT_FROM_BAGGAGE")?,
        })
    }
}

impl Allowed<Option<Vec<String>>> {
    /// What counts.
    ///
    /// # Errors
    ///
    /// As for what is read.
    pub(crate) fn or(&self, read: &Allowed<Option<Set<Keys>>>) -> Result<Allowed<Set<Keys>>, Error> {
        let list = |name, option: &Option<Vec<String>>, read: &Option<Set<Keys>>| {
            let parsed = option.as_ref().map(parse).transpose();
            let option = parsed.map_err(|expected| {
                let problem = format!("has a key that it cannot have; expected {expected}");
                Error::new(Kind::Option { name, problem })
            })?;
            Ok::<_, Error>(choose(option, read.clone(), Keys::new()))
        };
        Ok(Allowed {
            metrics: list("context_to_metrics", &self.metrics, &read.metrics)?,
            to_baggage: list("context_to_baggage", &self.to_baggage, &read.to_baggage)?,
            from_baggage: list("context_from_baggage", &self.from_baggage, &read.from_baggage)?,
        })
    }
}

impl Allowed<Set<Keys>> {
    /// As they are installed.
    pub(crate) fn lists(&self) -> Lists {
        let keys = |set: &Set<Keys>| set.value.clone();
        Lists {
            metrics: keys(&self.metrics),
            to_baggage: keys(&self.to_baggage),
            from_baggage: keys(&self.from_baggage),
        }
    }

    /// As they are shown.
    pub(crate) fn entries(&self) -> [Entry; 3] {
        let entry = |key, set: &Set<Keys>| {
            let keys: Vec<&str> = set.value.iter().map(String::as_str).collect();
            let shown = if keys.is_empty() { "none".to_owned() } else { keys.join(",") };
            Entry::new(key, &shown, &set.source)
        };
        [
            entry("context.to_metrics", &self.metrics),
            entry("context.to_baggage", &self.to_baggage),
            entry("context.from_baggage", &self.from_baggage),
        ]
    }
}
