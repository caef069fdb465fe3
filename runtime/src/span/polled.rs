//! How far an async span has come, and the time of one poll, in which it is current.
//!
//! Where nothing is recorded the first poll finds that out in place, and from then on a poll looks at one word before the body and
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
use crate::measure::{Kept, Timer};
use crate::measure_outcome::Outcome;

/// How far the span has come. A kind and one word, which go from hand to hand in registers and never by reference to where they are
/// kept: so a future that is polled where it is made need not lie in memory, as it need not without a span.
#[derive(Default)]
pub(super) enum Stage {
    /// There is no span, or none any more.
    #[default]
    Off,
    /// Not started.
    New(&'static Callsite),
    /// Not started, and its parameters are captured by the body.
    Capturing(&'static Callsite),
    /// As `New`, and the call is measured.
    Measured(&'static Callsite),
    /// As `Capturing`, and the call is measured.
    MeasuredCapturing(&'static Callsite),
    /// Entered as the thread's innermost span of this depth; the body is polled for the first time.
    Entered(usize),
    /// The body has waited.
    Open(Box<OpenSpan>),
    /// There is no span, and the call is measured all the same. Dropped, it was cancelled.
    Timed(Kept),
    /// The body is being dropped.
    Ending(Box<OpenSpan>),
    /// The same while a panic is on its way through this thread, so that no other one can leave the body's destructor.
    Unwinding(Box<OpenSpan>),
}

impl Stage {
    /// Not started; with `capture`, its parameters are captured by the body.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "in a debug build, a call more for each that is traced")]
    pub(super) const fn new(callsite: &'static Callsite, capture: bool) -> Self {
        if capture { Self::Capturing(callsite) } else { Self::New(callsite) }
    }

    /// What has not started is measured, too.
    pub(super) fn measured(self) -> Self {
        match self {
            Self::New(callsite) => Self::Measured(callsite),
            Self::Capturing(callsite) => Self::MeasuredCapturing(callsite),
            stage => stage,
        }
    }

    /// Of a span that was entered as the `depth`th; zero where there is none.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn entered(depth: usize) -> Self {
        if depth == 0 { Self::Off } else { Self::Entered(depth) }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }
}

/// The time in which an async span is current. Dropped without `end` or `wait`, the body has unwound through it.
pub struct Polled(ManuallyDrop<Stage>);

impl Polled {
    const OFF: Self = Self(ManuallyDrop::new(Stage::Off));

    /// Enters the span; one that is new starts as that of `subject`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn enter(stage: Stage, subject: Subject) -> Self {
        // Where there is no span, nothing is dropped, and nothing is to be looked for that might be.
        let stage = ManuallyDrop::new(stage);
        let is_new = matches!(*stage, Stage::New(_) | Stage::Capturing(_));
        if stage.is_off() || (is_new && off::is_off()) {
            return Self::OFF;
        }
        Self(ManuallyDrop::new(enter(ManuallyDrop::into_inner(stage), subject)))
    }

    /// Enters a span that has started.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn enter_again(stage: Stage) -> Self {
        if stage.is_off() {
            let _off = ManuallyDrop::new(stage);
            return Self::OFF;
        }
        Self(ManuallyDrop::new(enter_again(stage)))
    }

    /// Whether there is nothing to end.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn is_off(&self) -> bool {
        self.0.is_off()
    }

    /// The span, where it is entered for this poll.
    pub(super) fn core(&self) -> Option<&Core> {
        match &*self.0 {
            Stage::Open(open) => Some(&open.core),
            _ => None,
        }
    }

    /// The body has finished.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn end(self) -> AsyncEnd {
        leave(self.into_stage())
    }

    /// The body waits. The stage of its next poll.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn wait(self) -> Stage {
        let stage = self.into_stage();
        if stage.is_off() {
            let _off = ManuallyDrop::new(stage);
            return Stage::Off;
        }
        suspend(stage)
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn into_stage(self) -> Stage {
        mem::take(&mut *ManuallyDrop::new(self).0)
    }
}

/// The span of a body that has finished, to be given what that returned.
impl EndSpan for Polled {
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
        match &mut *self.0 {
            Stage::Entered(depth) => ManuallyDrop::new(SyncSpan::of_depth(*depth)).add(write),
            Stage::Open(open) => {
                open.leave();
                open.attributes(write);
            }
            _ => {}
        }
    }
}

impl Drop for Polled {
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "a reference to the stage would keep it in memory")
    )]
    fn drop(&mut self) {
        unwound(mem::take(&mut *self.0));
    }
}

/// Enters the span; a new one starts.
#[inline(never)]
fn enter(stage: Stage, subject: Subject) -> Stage {
    match stage {
        Stage::New(callsite) => Stage::entered(start::enter_polled(callsite, subject, false)),
        Stage::Capturing(callsite) => Stage::entered(start::enter_polled(callsite, subject, true)),
        Stage::Measured(callsite) => enter_measured(callsite, subject, false),
        Stage::MeasuredCapturing(callsite) => enter_measured(callsite, subject, true),
        stage => enter_again(stage),
    }
}

fn enter_measured(callsite: &'static Callsite, subject: Subject, capture: bool) -> Stage {
    let depth = if off::is_off() { 0 } else { start::enter_polled(callsite, subject, capture) };
    if depth == 0 {
        return Timer::start(callsite, subject).map_or(Stage::Off, |timer| Stage::Timed(Kept::new(timer)));
    }
    Stage::Entered(depth)
}

#[inline(never)]
fn enter_again(mut stage: Stage) -> Stage {
    if let Stage::Open(open) = &mut stage {
        open.enter();
    }
    stage
}

/// Leaves the span for good.
#[cfg_attr(not(debug_assertions), inline)]
fn leave(stage: Stage) -> AsyncEnd {
    match stage {
        Stage::Entered(depth) => AsyncEnd(End::Entered(SyncSpan::of_depth(depth))),
        stage => leave_again(stage),
    }
}

/// The end of a span that was entered again for this poll, or of a call that is none.
#[inline(never)]
fn leave_again(stage: Stage) -> AsyncEnd {
    match stage {
        Stage::Open(mut open) => {
            open.leave();
            AsyncEnd(End::Open(open))
        }
        Stage::Timed(timer) => AsyncEnd(End::Timed(timer)),
        _ => AsyncEnd(End::Entered(SyncSpan::OFF)),
    }
}

/// A body has unwound.
#[cold]
#[inline(never)]
fn unwound(stage: Stage) {
    match leave(stage).0 {
        End::Open(open) => open.ended(Outcome::Panic, |core, mark, _| ending::panicked(core, mark)),
        End::Timed(timer) => timer.end(Outcome::Panic),
        // What a span that is dropped takes for its reason is a panic.
        End::Entered(span) => drop(span),
    }
}

/// Keeps the span until the next poll.
#[inline(never)]
pub(super) fn suspend(mut stage: Stage) -> Stage {
    match &mut stage {
        Stage::Open(open) => open.leave(),
        Stage::Entered(depth) => return OpenSpan::suspend(*depth).map_or(Stage::Off, Stage::Open),
        _ => {}
    }
    stage
}

/// Drops the body inside the span. Yields the span, to be ended as cancelled.
#[cold]
pub(super) fn cancelled(mut open: Box<OpenSpan>, drop_body: impl FnOnce()) -> Option<Box<OpenSpan>> {
    // Only a child that is cancelled from here on counts.
    open.mark = Mark::None;
    let polled = Polled::enter_again(Stage::Open(open));
    drop_body();
    polled.end().into_open()
}
