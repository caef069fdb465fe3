//! What a declaration says of an instrument, as a `static`: everything that is said once.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};

use opentelemetry::InstrumentationScope;

/// What `#[derive(Metrics)]` makes of one field.
#[derive(Debug)]
pub struct InstrumentSpec {
    /// The name, as the back end sees it.
    pub name: &'static str,
    /// By UCUM; empty where there is none.
    pub unit: &'static str,
    /// The field's documentation.
    pub description: &'static str,
    /// The bounds of a histogram's buckets; empty: those that fit the unit.
    pub bounds: &'static [f64],
    /// The same instrument under another system's name.
    pub alias: Option<AliasSpec>,
    /// The package that declares it.
    pub package: Option<&'static str>,
    /// That package's version.
    pub version: Option<&'static str>,
}

/// The name that another system gave the instrument.
#[derive(Debug)]
pub struct AliasSpec {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// How many of its units one of ours is.
    pub scale: f64,
}

impl InstrumentSpec {
    /// The scope under which the instrument is exported.
    pub(super) fn scope(&self) -> InstrumentationScope {
        let scope = InstrumentationScope::builder(self.package.unwrap_or("wirespan"));
        match self.version {
            Some(version) => scope.with_version(version).build(),
            None => scope.build(),
        }
    }

    /// The names that count, with their units.
    pub(in crate::metrics) fn names(
        &self,
        aliases: MetricAliases,
    ) -> impl Iterator<Item = (&'static str, &'static str)> {
        let alias = self.alias.as_ref().filter(|_| aliases != MetricAliases::Off);
        let own = (alias.is_none() || aliases == MetricAliases::Also).then_some((self.name, self.unit));
        own.into_iter().chain(alias.map(|alias| (alias.name, alias.unit)))
    }
}

/// Under which of their names instruments are registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum MetricAliases {
    /// Their own.
    #[default]
    Off = 0,
    /// Both; each measurement is made twice.
    Also = 1,
    /// The alias, where there is one.
    Instead = 2,
}

/// `true` is [`MetricAliases::Also`].
impl From<bool> for MetricAliases {
    fn from(also: bool) -> Self {
        if also { Self::Also } else { Self::Off }
    }
}

impl fmt::Display for MetricAliases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Off => "false",
            Self::Also => "true",
            Self::Instead => "instead",
        })
    }
}

static ALIASES: AtomicU8 = AtomicU8::new(0);

impl MetricAliases {
    /// Says so for the instruments of the next provider.
    pub(crate) fn set(self) {
        ALIASES.store(self as u8, Ordering::Relaxed);
    }

    pub(in crate::metrics) fn current() -> Self {
        match ALIASES.load(Ordering::Relaxed) {
            1 => Self::Also,
            2 => Self::Instead,
            _ => Self::Off,
        }
    }
}
