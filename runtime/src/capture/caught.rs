//! Running code of a user's so that a panic in it stays here.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs code of a user's; `None` when it panicked.
pub(crate) fn caught<R>(run: impl FnOnce() -> R) -> Option<R> {
    // What `run` borrows is only ever appended to, and its callers truncate what a panic left behind.
    catch_unwind(AssertUnwindSafe(run)).map_err(drop_payload).ok()
}

/// A panic's payload may panic when it is dropped; that must stay here, too.
fn drop_payload(payload: Box<dyn std::any::Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        #[expect(
            clippy::mem_forget,
            reason = "dropping the payload of a payload's panic could go on for ever"
        )]
        std::mem::forget(second);
    }
}
