//! The meter provider that is installed, for instruments of ours.
//!
//! An instrument may be made before telemetry is switched on, and outlive it. It keeps the [`generation`] that it was made in, and
//! is made anew where that has changed: `install` and the end of a pipeline each begin a new one.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::Meter;

use super::counts::Counts;
use super::guard::{Finite, Guarded};
use super::provider::Shared;
use crate::measure::replay;

static GENERATION: AtomicU32 = AtomicU32::new(0);
static CURRENT: RwLock<Option<Arc<Shared>>> = RwLock::new(None);

/// Changes with each provider that is installed or shut down. An instrument asks for it before [`meter`], so that a change between
/// the two is seen the next time.
#[inline]
pub(crate) fn generation() -> u32 {
    // ORDERING: pairs with `next`: who sees a number finds the provider that it is of, or a later one.
    GENERATION.load(Ordering::Acquire)
}

/// A meter of the provider that is installed. Its instruments of floating-point numbers must be given finite ones: who makes them
/// counts the others by [`count_not_finite`].
pub(crate) fn meter(scope: InstrumentationScope) -> Option<Meter> {
    current().map(|shared| Guarded::meter(&shared, scope, Finite::ByCaller))
}

/// A measurement was left out because it is no number, or infinite.
pub(crate) fn count_not_finite() {
    if let Some(shared) = current() {
        Counts::add(&shared.counts.not_finite, 1);
    }
}

/// What is installed.
pub(crate) fn current() -> Option<Arc<Shared>> {
    CURRENT.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// From now on there is this one, or none.
pub(super) fn replace(by: Option<Arc<Shared>>) {
    match &by {
        Some(shared) => replay::begin(&Guarded::meter(shared, replay::scope(), Finite::ByCaller)),
        None => replay::end(),
    }
    *CURRENT.write().unwrap_or_else(PoisonError::into_inner) = by;
    next();
}

fn next() {
    // ORDERING: pairs with `generation`.
    GENERATION.fetch_add(1, Ordering::Release);
}

/// There is none any more, unless another one has been installed since.
pub(super) fn remove(shared: &Arc<Shared>) {
    let mut current = CURRENT.write().unwrap_or_else(PoisonError::into_inner);
    if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, shared)) {
        *current = None;
        replay::end();
        next();
    }
}
