//! Something that is made of the provider that is installed, and anew when there is another one.
//!
//! ```text
//! none ──first use, or another generation──▶ made for this generation ──▶ used while the generation is the same
//! ```
//!
//! Two threads that see a new generation at once both make it; what the SDK has under one name is one.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::current;

/// See the module's documentation.
pub(super) struct Renewed<T>(ArcSwapOption<(u32, T)>);

impl<T> Renewed<T> {
    pub(super) const fn new() -> Self {
        Self(ArcSwapOption::const_empty())
    }

    /// Runs `f` with what `make` has made for the provider of the moment.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn with<R>(&self, make: impl FnOnce() -> T, f: impl FnOnce(&T) -> R) -> R {
        let generation = current::generation();
        match &*self.0.load() {
            Some(old) if old.0 == generation => f(&old.1),
            _ => f(&self.renew(generation, make).1),
        }
    }

    #[cold]
    #[inline(never)]
    fn renew(&self, generation: u32, make: impl FnOnce() -> T) -> Arc<(u32, T)> {
        let new = Arc::new((generation, make()));
        self.0.store(Some(Arc::clone(&new)));
        new
    }
}
