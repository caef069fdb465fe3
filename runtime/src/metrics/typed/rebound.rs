//! An instrument of whatever provider is installed: made anew when the generation has changed.
//!
//! ```text
//! none ──first use, or another generation──▶ made for this generation ──▶ used while the generation is the same
//! ```
//!
//! Two threads that see a new generation at once both make the instrument; to the SDK they are one.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::number::Make;
use super::spec::{InstrumentSpec, MetricAliases};
use crate::metrics::current;

/// See the module's documentation.
pub(super) struct Rebound<I> {
    pub(super) spec: &'static InstrumentSpec,
    now: ArcSwapOption<Made<I>>,
}

/// The instruments of one generation; none without a provider.
pub(super) struct Made<I> {
    generation: u32,
    pub(super) own: Option<I>,
    pub(super) alias: Option<Aliased<I>>,
}

/// An instrument under its other name.
pub(super) struct Aliased<I> {
    pub(super) instrument: I,
    pub(super) scale: f64,
}

impl<I: Make> Rebound<I> {
    pub(super) const fn new(spec: &'static InstrumentSpec) -> Self {
        Self { spec, now: ArcSwapOption::const_empty() }
    }

    /// Runs `f` with the instruments of the current provider.
    #[inline]
    pub(super) fn with<R>(&self, f: impl FnOnce(&Made<I>) -> R) -> R {
        let generation = current::generation();
        match &*self.now.load() {
            Some(made) if made.generation == generation => f(made),
            _ => f(&self.remake(generation)),
        }
    }

    #[cold]
    #[inline(never)]
    fn remake(&self, generation: u32) -> Arc<Made<I>> {
        let made = Arc::new(self.make(generation));
        self.now.store(Some(Arc::clone(&made)));
        made
    }

    fn make(&self, generation: u32) -> Made<I> {
        let spec = self.spec;
        let Some(meter) = current::meter(spec.scope()) else {
            return Made { generation, own: None, alias: None };
        };
        let aliases = MetricAliases::current();
        let alias = spec.alias.as_ref().filter(|_| aliases != MetricAliases::Off).map(|alias| Aliased {
            instrument: I::make(&meter, alias.name, alias.unit, spec),
            scale: alias.scale,
        });
        let is_replaced = alias.is_some() && aliases == MetricAliases::Instead;
        let own = (!is_replaced).then(|| I::make(&meter, spec.name, spec.unit, spec));
        Made { generation, own, alias }
    }
}
