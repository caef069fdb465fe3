//! A value that telemetry never shows.

use super::{Capture, ValueWriter};
use std::fmt;

/// A value that no output of this crate shows: captured, displayed and debugged it is `<redacted>`.
///
/// ```
/// use wirespan::Secret;
///
/// let key = Secret::new(String::from("sk-123"));
/// assert_eq!(format!("{key:?} {key}"), "<redacted> <redacted>");
/// assert_eq!(key.expose(), "sk-123");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(super::value::REDACTED)
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(super::value::REDACTED)
    }
}

impl<T> Capture for Secret<T> {
    const MAX_ENCODED: usize = super::value::REDACTED.len() + 2;
    const TRUSTED: bool = true;

    fn capture(&self, out: &mut ValueWriter<'_>) {
        out.redacted();
    }
}
