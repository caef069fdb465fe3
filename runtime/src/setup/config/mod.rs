//! The configuration: what the builder, the environment and the defaults say together, and where each value comes from.
//!
//! `lookup` reads variables, `settings` is what they say, `plan` is what counts; [`Config`] shows that to people and programs. Here and
//! below nothing is switched on.

pub(crate) mod compat;
mod context;
pub(crate) mod exporters;
#[cfg(feature = "config-file")]
mod file;
pub(crate) mod host;
pub(crate) mod known;
mod limits;
pub(crate) mod lookup;
mod near;
#[cfg(all(feature = "config-file", feature = "metrics"))]
pub(crate) mod pattern;
pub(crate) mod plan;
pub(crate) mod preset;
mod resource;
pub(crate) mod settings;
pub(crate) mod source;
#[cfg(test)]
mod tests;
mod unsupported;

use std::borrow::Cow;
use std::fmt;

use self::source::{Set, Source};

/// The configuration that counts, with the source of every value.
///
/// Displayed, it is a line for each value:
///
/// ```
/// let config = wirespan::builder().status_ok(false).config()?;
/// for line in config.to_string().lines() {
///     // traces.status_ok             = false   (builder)
///     // traces.flush_interval        = 100ms   (default)
/// #   let _ = line;
/// }
/// assert_eq!(config.entry("traces.status_ok").map(|entry| entry.value()), Some("false"));
/// # Ok::<(), wirespan::Error>(())
/// ```
///
/// Values of headers, private keys, passwords and attributes of the resource whose key looks like a secret are not in it: it may be
/// logged.
#[derive(Clone)]
pub struct Config {
    entries: Vec<Entry>,
    warnings: Vec<String>,
}

/// One value of a [`Config`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    key: Cow<'static, str>,
    value: String,
    source: Source,
}

impl Config {
    pub(crate) fn new(entries: Vec<Entry>, warnings: Vec<String>) -> Self {
        Self { entries, warnings }
    }

    /// With more at the end.
    pub(crate) fn with(mut self, entries: impl IntoIterator<Item = Entry>) -> Self {
        self.entries.extend(entries);
        self
    }

    /// With more to be said.
    pub(crate) fn warning(mut self, warnings: Vec<String>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// Every value, in the order in which they are displayed.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The value of that key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// What was set and cannot be used as it is, in words: said once when telemetry is switched on.
    pub fn warnings(&self) -> impl Iterator<Item = &str> {
        self.warnings.iter().map(String::as_str)
    }
}

impl Entry {
    /// An entry. Control characters are shown as escapes, and long values cut.
    pub(crate) fn new(key: impl Into<Cow<'static, str>>, value: &str, source: &Source) -> Self {
        const LONGEST: usize = 500;
        let mut shown = String::with_capacity(value.len().min(LONGEST));
        for (count, letter) in value.chars().enumerate() {
            match letter {
                _ if count == LONGEST => {
                    shown.push('…');
                    break;
                }
                letter if letter.is_control() => shown.extend(letter.escape_default()),
                letter => shown.push(letter),
            }
        }
        Self { key: key.into(), value: shown, source: source.clone() }
    }

    pub(crate) fn of<T: fmt::Display>(key: &'static str, set: &Set<T>) -> Self {
        Self::new(key, &set.value.to_string(), &set.source)
    }

    /// The key: words between dots, the same in every version.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value as text, with `<hidden>` in the place of a secret.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Where the value comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&Entry) -> &str| {
            self.entries.iter().map(|entry| text(entry).chars().count()).max().unwrap_or_default()
        };
        // One long value does not push all sources out of sight.
        let (keys, values) = (width(Entry::key), width(Entry::value).min(40));
        for (line, entry) in self.entries.iter().enumerate() {
            if line > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{:keys$} = {:values$}  ({})", entry.key, entry.value, entry.source)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries.iter().map(|entry| (entry.key(), entry.value()))).finish()
    }
}
