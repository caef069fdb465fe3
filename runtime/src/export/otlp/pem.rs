//! The files that TLS is made of: who named each, so that an error says whose it is.

use std::fmt;
use std::path::PathBuf;

#[cfg(feature = "tls")]
use crate::setup::error::{Error, Kind};

/// A file in PEM, and who named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pem {
    pub(super) path: PathBuf,
    pub(super) by: By,
}

/// Who named a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Variable(&'static str),
    /// Of the builder, or of the declarative file.
    Option(&'static str),
}

/// What an exporter has of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Files {
    /// What the receiver's certificate is verified by.
    pub(super) roots: Option<Pem>,
    /// The client's certificates, and their private key.
    pub(super) client: Option<(Pem, Pem)>,
}

impl Pem {
    pub(super) fn of_variable(name: &'static str, path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), by: By::Variable(name) }
    }

    pub(super) fn of_option(name: &'static str, path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), by: By::Option(name) }
    }

    #[cfg(feature = "tls")]
    pub(super) fn wrong(&self, expected: &str) -> Error {
        let (value, expected) = (self.path.display().to_string(), expected.to_owned());
        Error::new(match self.by {
            By::Variable(name) => Kind::Variable { name, value, expected },
            By::Option(name) => Kind::Option { name, problem: format!("is `{value}`; expected {expected}") },
        })
    }
}

#[cfg(not(feature = "tls"))]
impl Files {
    /// Says of each that nobody reads it.
    pub(super) fn warn(&self, lookup: &crate::setup::config::lookup::Lookup) {
        let client = self.client.iter().flat_map(|(chain, key)| [chain, key]);
        for file in self.roots.iter().chain(client) {
            lookup.warn(format!(
                "{file}, which is ignored; expected the feature `tls` of the crate `wirespan` with it"
            ));
        }
    }
}

impl fmt::Display for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.by {
            By::Variable(name) => write!(f, "{name}")?,
            By::Option(name) => write!(f, "`{name}`")?,
        }
        write!(f, " is `{}`", self.path.display())
    }
}
