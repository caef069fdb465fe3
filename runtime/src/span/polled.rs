//! How far an async span has come, and the time of one poll, in which it is current.
//!
//! Where nothing is recorded the first poll finds that out in place, and from then on a poll looks at one byte before the body and
//! after it.

use std::mem::{self, ManuallyDrop};

use opentelemetry::trace::Status;

use super::async_end::{AsyncEnd, End};
use super::mark::Mark;
use super::open::OpenSpan;
use super::outcome::{EndSpan, ErrorView};
use super::start;
use super::sync::SyncSpan;
use super::{Core, ending, off};
use crate::callsite::{Callsite, Subject};
use crate::capture::Attributes;
use crate::measure::Timer;
use crate::measure_outcome::Outcome;

/// How far the span has come.
pub(super) enum Stage {
    /// There is no span, or none any more.
    Off,
    /// Not started; `true`: its parameters are captured by the body.
    New(&'static Callsite, Subject, bool),
    /// The same, and the call is measured.
    Measured(&'static Callsite, Subject, bool),
    /// Entered as the thread's innermost span of this depth; the body is polled for the first time.
    Entered(usize),
    /// The body has waited.
    Open(Box<OpenSpan>),
    /// There is no span, and the call is measured all the same. Dropped, it was cancelled.
    Timed(Timer),
    /// The body is being dropped. `unwinding`: a panic is on its way through this thread already, so no other one can leave the
    /// body's destructor.
    Ending { open: Box<OpenSpan>, unwinding: bool },
}

impl Stage {
    /// Whether nothing is recorded, and from here on nothing will be.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn is_off_now(&mut self) -> bool {
        match self {
            Self::New(..) if off::is_off() => {
                self.turn_off();
                true
            }
            stage => matches!(stage, Self::Off),
        }
    }

    /// What has not started is measured, too.
    pub(super) fn measure(&mut self) {
        if let Self::New(callsite, subject, capture) = *self {
            *self = Self::Measured(callsite, subject, capture);
        }
    }

    /// Nothing from here on, where there was nothing before.
    #[cfg_attr(not(debug_assertions), inline)]
    fn turn_off(&mut self) {
        // Nothing is dropped, and nothing is to be looked for that might be.
        let _nothing = ManuallyDrop::new(mem::replace(self, Self::Off));
    }

    /// Of a span that was entered as the `depth`th; zero where there is none.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn entered(depth: usize) -> Self {
        if depth == 0 { Self::Off } else { Self::Entered(depth) }
    }
}

/// The time in which an async span is current. Dropped without `end` or `wait`, the body has unwound through it.
pub struct Polled<'a> {
    stage: &'a mut Stage,
}

impl<'a> Polled<'a> {
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn enter(stage: &'a mut Stage) -> Self {
        if !stage.is_off_now() {
            enter(stage);
        }
        Self { stage }
    }

    /// Whether there is nothing to end.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn is_off(&self) -> bool {
        matches!(self.stage, Stage::Off)
    }

    /// The span, where it is entered for this poll.
    pub(super) fn core(&self) -> Option<&Core> {
        match &self.stage {
            Stage::Open(open) => Some(&open.core),
            _ => None,
        }
    }

    /// The body has finished.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn end(self) -> AsyncEnd {
        leave(ManuallyDrop::new(self).stage)
    }

    /// The body waits.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn wait(self) {
        let mut this = ManuallyDrop::new(self);
        if !this.is_off() {
            suspend(this.stage);
        }
    }
}

/// The span of a body that has finished, to be given what that returned.
impl EndSpan for Polled<'_> {
    #[cfg_attr(not(debug_assertions), inline)]
    fn is_off(&self) -> bool {
        Self::is_off(self)
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn returned(self) {
        if Self::is_off(&self) {
            // Nothing is dropped, and nothing is to be looked for that might be.
            let _off = ManuallyDrop::new(self);
        } else {
            self.end().returned();
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn failed(self, error: &ErrorView<'_>) {
        self.end().failed(error);
    }

    fn with_status(self, status: Status) {
        self.end().with_status(status);
    }

    fn is_recorded(&self) -> bool {
        // Also where only the call is measured: what the program says of the return value is its outcome, too.
        !Self::is_off(self)
    }

    fn attributes(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        match &mut self.stage {
            Stage::Entered(depth) => ManuallyDrop::new(SyncSpan::of_depth(*depth)).add(write),
            Stage::Open(open) => {
                open.leave();
                open.attributes(write);
            }
            _ => {}
        }
    }
}

impl Drop for Polled<'_> {
    #[cold]
    fn drop(&mut self) {
        match leave(self.stage).0 {
            End::Open(open) => open.ended(Outcome::Panic, |core, mark, _| ending::panicked(core, mark)),
            End::Timed(timer) => timer.end(Outcome::Panic),
            // What a span that is dropped takes for its reason is a panic.
            End::Entered(span) => drop(span),
        }
    }
}

/// Enters the span; a new one starts.
#[inline(never)]
fn enter(stage: &mut Stage) {
    match *stage {
        Stage::New(callsite, subject, capture) => {
            *stage = Stage::entered(start::enter_polled(callsite, subject, capture));
        }
        Stage::Measured(callsite, subject, capture) => {
            let depth = if off::is_off() { 0 } else { start::enter_polled(callsite, subject, capture) };
            *stage = Stage::entered(depth);
            if depth == 0 {
                *stage = Timer::start(callsite, subject).map_or(Stage::Off, Stage::Timed);
            }
        }
        Stage::Open(ref mut open) => open.enter(),
        Stage::Off | Stage::Entered(_) | Stage::Timed(_) | Stage::Ending { .. } => {}
    }
}

/// Leaves the span for good. Nothing is left of the stage.
#[cfg_attr(not(debug_assertions), inline)]
fn leave(stage: &mut Stage) -> AsyncEnd {
    if let Stage::Entered(depth) = *stage {
        stage.turn_off();
        return AsyncEnd(End::Entered(SyncSpan::of_depth(depth)));
    }
    leave_again(stage)
}

/// The end of a span that was entered again for this poll, or of a call that is none.
#[inline(never)]
fn leave_again(stage: &mut Stage) -> AsyncEnd {
    match mem::replace(stage, Stage::Off) {
        Stage::Open(mut open) => {
            open.leave();
            AsyncEnd(End::Open(open))
        }
        Stage::Timed(timer) => AsyncEnd(End::Timed(timer)),
        _ => AsyncEnd(End::Entered(SyncSpan::of_depth(0))),
    }
}

/// Keeps the span until the next poll.
#[inline(never)]
pub(super) fn suspend(stage: &mut Stage) {
    match stage {
        Stage::Open(open) => open.leave(),
        Stage::Entered(depth) => *stage = OpenSpan::suspend(*depth).map_or(Stage::Off, Stage::Open),
        _ => {}
    }
}

/// Drops the body inside the span. Yields the span, to be ended as cancelled.
#[cold]
pub(super) fn cancelled(mut open: Box<OpenSpan>, drop_body: impl FnOnce()) -> Option<Box<OpenSpan>> {
    // Only a child that is cancelled from here on counts.
    open.mark = Mark::None;
    let mut stage = Stage::Open(open);
    let polled = Polled::enter(&mut stage);
    drop_body();
    polled.end().into_open()
}
