//! How a call ends, as metrics tell it.

use opentelemetry::trace::Status;

/// The values of `wirespan.outcome`, in the order of a function's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It returned, and not an error.
    Ok = 0,
    /// It returned an `Err`, or what the program says is an error.
    Error = 1,
    /// It panicked.
    Panic = 2,
    /// Its future was dropped before it was ready.
    Cancelled = 3,
}

impl Outcome {
    /// What the program says of the return value.
    pub(crate) fn of(status: &Status) -> Self {
        match status {
            Status::Error { .. } => Self::Error,
            Status::Unset | Status::Ok => Self::Ok,
        }
    }
}
