//! The child of a process that forks: it has one thread, and a copy of everything that the others were in the middle of.
//!
//! So what the parent has installed ends there at once, with one store: nothing is recorded, none of the parent's locks is waited
//! for, and what was recorded stays the parent's to send. The parent goes on as if nothing had happened. A child that wants
//! telemetry calls `wirespan::init()` as its parent did.
#![expect(
    unsafe_code,
    reason = "`pthread_atfork` and `close` are C's; the handler is a plain function that cannot unwind"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::id::Ids;
use crate::recorder;
use crate::thread::State;

/// Registers the handler, once in a process and those that it forks.
pub(super) fn register() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        // SAFETY: the handler has the type that C wants, is there for the whole program, and does not unwind.
        let _ = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

extern "C" fn in_child() {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        recorder::abandon();
        #[cfg(feature = "metrics")]
        crate::metrics::current::abandon();
        #[cfg(feature = "logs")]
        crate::logs::abandon();
        // It has the parent's, and would go on with the same.
        State::with(|state| state.ids = Ids::new());
        #[cfg(feature = "_otlp")]
        for lock in crate::spool::inherited_locks() {
            // SAFETY: the number is of a file that only the parent's sender has, whose thread is not here.
            let _ = unsafe { libc::close(lock) };
        }
    }));
}
