//! Which recording a tokio runtime works for: known by the runtime's id, so that a task that was spawned without anything
//! carried to it still belongs to its test.
//!
//! Ids are unique among runtimes that exist at the same time only, so a claim ends with its recording.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Handle, Id};

use super::scope::Scope;

static CLAIMS: LazyLock<Mutex<HashMap<Id, Vec<Scope>>>> = LazyLock::new(Mutex::default);

fn claims() -> MutexGuard<'static, HashMap<Id, Vec<Scope>>> {
    CLAIMS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The runtime works for that recording, too.
pub(super) fn claim(runtime: Id, scope: &Scope) {
    let mut claims = claims();
    let owners = claims.entry(runtime).or_default();
    if !owners.iter().any(|owner| owner.is(scope)) {
        owners.push(scope.clone());
    }
}

/// Ends the claims of a recording.
pub(super) fn release(scope: &Scope) {
    claims().retain(|_, owners| {
        owners.retain(|owner| !owner.is(scope));
        !owners.is_empty()
    });
}

/// The recording for which this thread's runtime works: the innermost of several that started inside each other. Nobody can
/// say for which of several others.
pub(super) fn owner() -> Option<Scope> {
    let runtime = Handle::try_current().ok()?.id();
    let claims = claims();
    let owners = claims.get(&runtime)?;
    let nested = owners.windows(2).all(|pair| match pair {
        [outer, inner] => inner.is_inside(outer),
        _ => true,
    });
    owners.last().filter(|_| nested).cloned()
}
