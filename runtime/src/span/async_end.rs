//! The end of an async span, which what the function returned is given to.

use opentelemetry::trace::Status;

use super::ending;
use super::open::OpenSpan;
use super::outcome::{EndSpan, ErrorView};
use super::sync::SyncSpan;
use crate::capture::Attributes;
use crate::measure::Kept;
use crate::measure_outcome::Outcome;

/// The end of an async span, to be given what the function returned.
#[must_use = "the span ends with what the function returned"]
pub struct AsyncEnd(pub(super) End);

pub(super) enum End {
    /// The body never waited: the span is still entered.
    Entered(SyncSpan),
    /// It did: the span is left already.
    Open(Box<OpenSpan>),
    /// There is no span.
    Timed(Kept),
}

impl AsyncEnd {
    /// The span, where it is left already.
    pub(super) fn into_open(self) -> Option<Box<OpenSpan>> {
        match self.0 {
            End::Open(open) => Some(open),
            End::Entered(_) | End::Timed(_) => None,
        }
    }

    /// The time of a call that is no span.
    pub(super) fn into_span_or_timer(self) -> Result<Option<Box<OpenSpan>>, Kept> {
        match self.0 {
            End::Open(open) => Ok(Some(open)),
            End::Entered(_) => Ok(None),
            End::Timed(timer) => Err(timer),
        }
    }
}

impl EndSpan for AsyncEnd {
    #[cfg_attr(not(debug_assertions), inline)]
    fn returned(self) {
        match self.0 {
            End::Entered(mut span) => (&mut span).returned(),
            End::Open(open) => open.returned(),
            End::Timed(timer) => timer.end(Outcome::Ok),
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn failed(self, error: &ErrorView<'_>) {
        match self.0 {
            End::Entered(mut span) => (&mut span).failed(error),
            End::Open(open) => {
                open.ended(Outcome::Error, |core, mark, used| ending::failed(core, mark, used, error));
            }
            End::Timed(timer) => timer.end(Outcome::Error),
        }
    }

    fn with_status(self, status: Status) {
        match self.0 {
            End::Entered(mut span) => (&mut span).with_status(status),
            End::Open(open) => open.ended(Outcome::of(&status), |_, _, _| ending::given(&status)),
            End::Timed(timer) => timer.end(Outcome::of(&status)),
        }
    }

    fn is_recorded(&self) -> bool {
        match &self.0 {
            End::Entered(span) => !span.is_off(),
            // What the program says of the return value is the call's outcome, too.
            End::Open(_) | End::Timed(_) => true,
        }
    }

    fn attributes(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        match &mut self.0 {
            End::Entered(span) => span.add(write),
            End::Open(open) => open.attributes(write),
            End::Timed(_) => {}
        }
    }
}
