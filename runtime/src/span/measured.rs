//! The guard of a call that is measured, whether it is a span or not.
//!
//! Where there is a span, that is measured when it is published, and this is the span's guard and no more. Where there is none, this has
//! the time.

use std::mem;

use opentelemetry::trace::Status;

use super::outcome::{EndSpan, ErrorView};
use super::sync::SyncSpan;
use crate::callsite::{Callsite, Subject};
use crate::capture::Attributes;
use crate::measure::Timer;
use crate::measure_outcome::Outcome;

/// See the module's documentation. Dropped without an end, the call has panicked.
#[must_use = "the call ends when this is dropped"]
pub struct Measured {
    span: SyncSpan,
    timer: Option<Timer>,
}

impl Measured {
    /// A call that has just begun, with its span.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn begin(callsite: &'static Callsite, subject: Subject, span: SyncSpan) -> Self {
        let timer = if span.is_off() { Timer::start(callsite, subject) } else { None };
        Self { span, timer }
    }

    /// Whether there is neither a span nor anything to measure.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn is_off(&self) -> bool {
        self.span.is_off() && self.timer.is_none()
    }

    /// The two, without an end.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn into_parts(mut self) -> (SyncSpan, Option<Timer>) {
        let off = SyncSpan::of_depth(0);
        (mem::replace(&mut self.span, off), self.timer.take())
    }
}

impl EndSpan for Measured {
    #[cfg_attr(not(debug_assertions), inline)]
    fn returned(self) {
        match self.into_parts() {
            (_, Some(timer)) => timer.end(Outcome::Ok),
            (span, None) => span.returned(),
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn failed(self, error: &ErrorView<'_>) {
        match self.into_parts() {
            (_, Some(timer)) => timer.end(Outcome::Error),
            (span, None) => span.failed(error),
        }
    }

    fn with_status(self, status: Status) {
        match self.into_parts() {
            (_, Some(timer)) => timer.end(Outcome::of(&status)),
            (span, None) => span.with_status(status),
        }
    }

    fn is_recorded(&self) -> bool {
        // What the program says of the return value is the call's outcome, too.
        !self.is_off()
    }

    fn attributes(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        if self.timer.is_none() {
            self.span.attributes(write);
        }
    }
}

impl Drop for Measured {
    #[cfg_attr(not(debug_assertions), inline)]
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.end(Outcome::Panic);
        }
    }
}
