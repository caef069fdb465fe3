//! The meter provider that is installed, for instruments of ours.
//!
//! An instrument may be made before telemetry is switched on, and outlive it. It keeps the [`generation`] that it was made in, and
//! is made anew where that has changed: `install`, the end of a pipeline and the beginning of a child process each begin a new one.
//!
//! No lock is taken, since a process may fork while another thread has it.

use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use arc_swap::ArcSwapOption;
use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::Meter;

use super::counts::Counts;
use super::guard::{Finite, Guarded};
use super::observables;
use super::provider::Shared;
use crate::measure::replay;

static GENERATION: AtomicU32 = AtomicU32::new(0);
static CURRENT: ArcSwapOption<Shared> = ArcSwapOption::const_empty();

/// Changes with each provider that is installed or shut down. An instrument asks for it before [`meter`], so that a change between
/// the two is seen the next time.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn generation() -> u32 {
    // ORDERING: pairs with `next`: who sees a number finds the provider that it is of, or a later one.
    GENERATION.load(Ordering::Acquire)
}

/// A meter of the provider that is installed. Its instruments of floating-point numbers must be given finite ones: who makes them
/// counts the others by [`count_not_finite`].
pub(crate) fn meter(scope: InstrumentationScope) -> Option<Meter> {
    guarded(scope, Finite::ByCaller)
}

/// The same, and `finite` says who sees to it.
pub(super) fn guarded(scope: InstrumentationScope, finite: Finite) -> Option<Meter> {
    current().map(|shared| Guarded::meter(&shared, scope, finite))
}

/// A measurement was left out because it is no number, or infinite.
pub(crate) fn count_not_finite() {
    if let Some(shared) = current() {
        Counts::add(&shared.counts.not_finite, 1);
    }
}

/// What is installed.
pub(crate) fn current() -> Option<Arc<Shared>> {
    CURRENT.load_full()
}

/// From now on there is this one.
pub(super) fn replace(by: &Arc<Shared>) {
    replay::begin(&Guarded::meter(by, replay::scope(), Finite::ByCaller));
    CURRENT.store(Some(Arc::clone(by)));
    settle();
    observables::register_all(by);
}

/// There is none any more, unless another one has been installed since.
pub(super) fn remove(shared: &Arc<Shared>) {
    let before = CURRENT.compare_and_swap(shared, None);
    if before.as_ref().is_some_and(|before| Arc::ptr_eq(before, shared)) {
        settle();
    }
}

/// In the child of a process that forks: what the parent has installed stays the parent's. Nothing of it is dropped, since that
/// would take locks that another thread of the parent's may have had.
#[cfg(unix)]
pub(crate) fn abandon() {
    let _parents = ManuallyDrop::new(CURRENT.swap(None));
    settle();
}

/// Functions are measured while there is a provider, whatever order two threads come here in.
fn settle() {
    loop {
        let is_on = CURRENT.load().is_some();
        replay::switch(is_on);
        if CURRENT.load().is_some() == is_on {
            break;
        }
    }
    // ORDERING: pairs with `generation`.
    GENERATION.fetch_add(1, Ordering::Release);
}
