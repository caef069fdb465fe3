//! Which keys may go where: to metrics, into the baggage that is sent, out of the baggage that comes. By default none.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use arc_swap::ArcSwap;

use crate::propagation::is_token;

/// Keys that are allowed.
pub(crate) type Keys = BTreeSet<String>;

/// See the module's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    pub(crate) metrics: Keys,
    pub(crate) to_baggage: Keys,
    pub(crate) from_baggage: Keys,
}

static LISTS: LazyLock<ArcSwap<Lists>> = LazyLock::new(ArcSwap::default);
/// Changes with each change of the lists.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// Lets these count from now on, in the whole process.
pub(super) fn allow(lists: Lists) {
    LISTS.store(Arc::new(lists));
    // ORDERING: Release, partner of the load in `generation`: who sees the number finds the lists.
    GENERATION.fetch_add(1, Ordering::Release);
}

/// Whether metrics may have any key.
pub(super) fn metrics_have_keys() -> bool {
    !LISTS.load().metrics.is_empty()
}

pub(super) fn lists() -> Arc<Lists> {
    LISTS.load_full()
}

#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn generation() -> u32 {
    GENERATION.load(Ordering::Acquire)
}

/// Keys, as they stand between commas.
///
/// # Errors
///
/// What was expected, with the keys that cannot be keys of baggage.
pub(crate) fn parse(keys: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Keys, String> {
    let keys: Keys =
        keys.into_iter().map(|key| key.as_ref().trim().to_owned()).filter(|key| !key.is_empty()).collect();
    let wrong: Vec<_> = keys.iter().filter(|key| !is_token(key)).map(|key| format!("`{key}`")).collect();
    if wrong.is_empty() {
        Ok(keys)
    } else {
        Err(format!(
            "keys of letters, digits and !#$%&'*+-.^_`|~, with commas between; not {}",
            wrong.join(", ")
        ))
    }
}
