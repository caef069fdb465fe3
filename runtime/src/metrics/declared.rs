//! [`instruments`]: every instrument that a program declares, for people and for continuous integration.

use std::iter::FusedIterator;
use std::{fmt, vec};

use super::own::specs;
use super::typed::registry;
use super::typed::spec::InstrumentSpec;

/// Every instrument that this program declares, whether it was ever used or not, by package and name: those of structs with
/// `#[derive(Metrics)]` in every crate that is linked into it, and those of this crate itself.
///
/// It needs no telemetry to be switched on. A test that lets a program do all that it does, and compares this list with what
/// arrived, finds the instrument that nobody feeds.
///
/// ```
/// use wirespan::metrics::{Counter, Metrics, instruments};
///
/// #[derive(Metrics)]
/// struct Shop {
///     /// Orders that were placed.
///     #[metric(name = "shop.orders", unit = "{order}", alias = "count_orders", alias_unit = "1")]
///     orders: Counter<u64>,
/// }
///
/// # if instruments().is_complete() {
/// let orders = instruments().find(|instrument| instrument.name() == "shop.orders").unwrap();
/// assert_eq!((orders.unit(), orders.description()), ("{order}", "Orders that were placed."));
/// assert_eq!(orders.alias(), Some(("count_orders", "1")));
/// # }
/// ```
///
/// # Platforms
///
/// As for [`callsites`](crate::callsites): where the linker makes no list there are only the instruments of this crate.
pub fn instruments() -> Instruments {
    let mut all: Vec<_> = registry::all().iter().chain(specs::ALL.iter().copied()).map(Declared).collect();
    all.sort_by_key(|declared| (declared.scope(), declared.name()));
    Instruments(all.into_iter())
}

/// The instruments of a program: see [`instruments`].
#[derive(Debug, Clone)]
pub struct Instruments(vec::IntoIter<Declared>);

impl Instruments {
    /// Whether the platform has such a list; where it has none only the instruments of this crate are in it.
    pub fn is_complete(&self) -> bool {
        registry::IS_COMPLETE
    }
}

impl Iterator for Instruments {
    type Item = Declared;

    fn next(&mut self) -> Option<Declared> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Instruments {}
impl FusedIterator for Instruments {}

/// What the declaration of an instrument says.
#[derive(Clone, Copy)]
pub struct Declared(&'static InstrumentSpec);

impl Declared {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// Its unit, by UCUM.
    pub fn unit(&self) -> &'static str {
        self.0.unit
    }

    /// What it measures.
    pub fn description(&self) -> &'static str {
        self.0.description
    }

    /// The name and the unit that it has in another system: [`Builder::metric_aliases`](crate::Builder::metric_aliases).
    pub fn alias(&self) -> Option<(&'static str, &'static str)> {
        self.0.alias.as_ref().map(|alias| (alias.name, alias.unit))
    }

    /// The package that declares it, which is the scope it is exported under.
    pub fn scope(&self) -> &'static str {
        self.0.package.unwrap_or("wirespan")
    }
}

impl fmt::Debug for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declared")
            .field("name", &self.name())
            .field("unit", &self.unit())
            .finish_non_exhaustive()
    }
}
