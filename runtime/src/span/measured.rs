//! The guard of a call that is measured, whether it is a span or not.
//!
//! Where there is a span, that is measured when it is published, and this is the span's guard and no more. Where there is none, this has
//! the time.

use std::mem::{self, ManuallyDrop};

use opentelemetry::trace::Status;

use super::outcome::{EndSpan, ErrorView};
use super::sync::{Guard, SyncSpan};
use crate::callsite::{Callsite, Subject};
use crate::capture::Attributes;
use crate::capture::session::Parameters;
use crate::measure::Timer;
use crate::measure_outcome::Outcome;

/// See the module's documentation. Dropped without an end, the call has panicked.
#[must_use = "the call ends when this is dropped"]
pub struct Measured {
    span: SyncSpan,
    /// Ends in the destructor of this, not by its own: that one takes calls for cancelled.
    timer: Option<ManuallyDrop<Timer>>,
}

impl Measured {
    /// No call, and none that has begun.
    pub const OFF: Self = Self { span: SyncSpan::OFF, timer: None };

    /// A call that has just begun, with its span.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn begin(callsite: &'static Callsite, subject: Subject, span: SyncSpan) -> Self {
        let timer = if span.is_off() { Timer::start(callsite, subject) } else { None };
        Self { span, timer: timer.map(ManuallyDrop::new) }
    }

    /// Whether there is neither a span nor anything to measure.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn is_off(&self) -> bool {
        self.span.is_off() && self.timer.is_none()
    }

    /// The two, without an end.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn into_parts(mut self) -> (SyncSpan, Option<Timer>) {
        let timer = self.take_timer();
        (mem::replace(&mut self.span, SyncSpan::OFF), timer)
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn take_timer(&mut self) -> Option<Timer> {
        self.timer.take().map(ManuallyDrop::into_inner)
    }
}

impl Guard for Measured {
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a call that is not recorded is to be no call")
    )]
    fn begin(&mut self, callsite: &'static Callsite, subject: Subject, capture: bool) -> Parameters {
        let parameters = self.span.begin(callsite, subject, capture);
        if self.span.is_off() {
            self.timer = Timer::start(callsite, subject).map(ManuallyDrop::new);
        }
        parameters
    }
}

impl EndSpan for &mut Measured {
    #[cfg_attr(not(debug_assertions), inline)]
    fn returned(self) {
        match self.take_timer() {
            Some(timer) => timer.end(Outcome::Ok),
            None => (&mut self.span).returned(),
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn failed(self, error: &ErrorView<'_>) {
        match self.take_timer() {
            Some(timer) => timer.end(Outcome::Error),
            None => (&mut self.span).failed(error),
        }
    }

    fn with_status(self, status: Status) {
        match self.take_timer() {
            Some(timer) => timer.end(Outcome::of(&status)),
            None => (&mut self.span).with_status(status),
        }
    }

    fn is_recorded(&self) -> bool {
        // What the program says of the return value is the call's outcome, too.
        !self.is_off()
    }

    fn attributes(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        if self.timer.is_none() {
            (&mut self.span).attributes(write);
        }
    }
}

impl Drop for Measured {
    #[cfg_attr(not(debug_assertions), inline)]
    fn drop(&mut self) {
        if let Some(timer) = self.take_timer() {
            timer.end(Outcome::Panic);
        }
    }
}
