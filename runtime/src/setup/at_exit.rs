//! A program that ends without a shutdown (`process::exit`, a handle that was forgotten) still delivers, or leaves on disk, what it
//! has recorded: for half a second at most.
//!
//! The handler runs in `exit`, before the process is gone; the other threads still run then. It is not called for a process that is
//! killed, aborts, or calls `_exit`: what was written through to the spool is all that is left of those.
#![expect(unsafe_code, reason = "`atexit` is C's; the handler is a plain function that cannot unwind")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::recorder;
use crate::recorder::control::End;

/// How long the end of the program waits at most.
const PATIENCE: Duration = Duration::from_millis(500);

/// Registers the handler, once in a process.
pub(super) fn register() {
    static REGISTERED: std::sync::Once = std::sync::Once::new();
    REGISTERED.call_once(|| {
        // SAFETY: the handler has the type that C wants, is there for the whole program, and does not unwind.
        let _ = unsafe { libc::atexit(at_exit) };
    });
}

extern "C" fn at_exit() {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let Some(recorder) = recorder::active() else { return };
        recorder::deactivate(recorder);
        #[cfg(feature = "metrics")]
        let until = std::time::Instant::now() + PATIENCE;
        let number = recorder.control.request(Some(End::within(PATIENCE)));
        recorder.wake();
        #[cfg(feature = "metrics")]
        let metrics = crate::metrics::current::current().map(|metrics| (metrics.flush(), metrics));
        let _ = recorder.control.wait(number, PATIENCE);
        #[cfg(feature = "metrics")]
        if let Some((asked, metrics)) = metrics {
            let _ = metrics.wait(asked, until);
        }
    }));
}
