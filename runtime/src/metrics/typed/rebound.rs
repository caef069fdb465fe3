//! A typed instrument of whatever provider is installed, under its own name, its alias's, or both.

use super::number::Make;
use super::spec::{InstrumentSpec, MetricAliases};
use crate::metrics::current;
use crate::metrics::renewed::Renewed;

/// See the module's documentation.
pub(super) struct Rebound<I> {
    pub(super) spec: &'static InstrumentSpec,
    now: Renewed<Made<I>>,
}

/// The instruments of one provider; none without a provider.
pub(super) struct Made<I> {
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
        Self { spec, now: Renewed::new() }
    }

    /// Runs `f` with the instruments of the current provider.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn with<R>(&self, f: impl FnOnce(&Made<I>) -> R) -> R {
        self.now.with(|| self.make(), f)
    }

    fn make(&self) -> Made<I> {
        let spec = self.spec;
        let Some(meter) = current::meter(spec.scope()) else { return Made { own: None, alias: None } };
        let aliases = MetricAliases::current();
        let alias = spec.alias.as_ref().filter(|_| aliases != MetricAliases::Off).map(|alias| Aliased {
            instrument: I::make(&meter, alias.name, alias.unit, spec),
            scale: alias.scale,
        });
        let is_replaced = alias.is_some() && aliases == MetricAliases::Instead;
        let own = (!is_replaced).then(|| I::make(&meter, spec.name, spec.unit, spec));
        Made { own, alias }
    }
}
