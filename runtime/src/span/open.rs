//! The state of an async span between its polls, and how it becomes the current span of a thread for one more poll.
//!
//! A span whose first poll does not finish is moved from the thread's stack into a box, which the thread reuses. While the span
//! is entered again its attributes are swapped with the thread's buffer, so that whoever adds to them does not know whether the
//! span is sync or async.

use std::mem::{self, ManuallyDrop};
use std::sync::Arc;

use opentelemetry::Context;

use super::Core;
use super::ending::Tail;
use super::mark::Mark;
use super::off;
use crate::by_hand::late::Late;
use crate::capture::Attributes;
use crate::capture::buffer;
use crate::capture::output::Output;
use crate::measure;
use crate::measure_outcome::Outcome;
use crate::thread::way::Way;
use crate::thread::{Busy, Frame, KEPT_BUFFER, State};
use crate::wire::body::Body;

/// See the module's documentation.
pub(crate) struct OpenSpan {
    pub(super) core: Core,
    /// What is attached while the span is entered.
    context: Option<Context>,
    attributes: Body,
    late: Option<Arc<Late>>,
    pub(super) mark: Mark,
    /// The number of entered spans with this one while it is entered, else zero.
    depth: usize,
}

impl OpenSpan {
    /// Leaves the span with which there were `depth`; it goes on with the next poll.
    pub(super) fn suspend(depth: usize) -> Option<Box<Self>> {
        let suspended = State::with_innermost(depth, |state| {
            let frame = state.frames.pop()?;
            if !frame.core.is_sampled() {
                off::left();
            }
            let late = state.take_late(&frame);
            let Frame { core, base, mark, attached, .. } = frame;
            let attached = ManuallyDrop::into_inner(attached);
            let mut open = state.spare_span().unwrap_or_else(|| {
                Box::new(Self {
                    core,
                    context: None,
                    attributes: Body::default(),
                    late: None,
                    mark,
                    depth: 0,
                })
            });
            (open.core, open.late, open.mark, open.depth) = (core, late, mark, 0);
            open.attributes.clear();
            buffer::with(|output| {
                open.attributes.extend_from_slice(output.bytes.get(base..).unwrap_or_default());
                output.forget(base);
            });
            Some((open, attached))
        });
        let (mut open, attached) = suspended.flatten()?;
        // Still the current one, until `attached` is dropped.
        open.context = attached.is_some().then(Context::current);
        drop(attached);
        Some(open)
    }

    /// Makes the span current; its attributes become the thread's, and the thread's wait in their place. Not where the thread
    /// records nothing now.
    #[inline(never)]
    pub(super) fn enter(&mut self) {
        let depth = State::with(|state| {
            buffer::with(|output| self.swap(output))?;
            let (core, mark) = (self.core, self.mark);
            let has_late = state.bring_late(&core, self.late.take());
            let attached = self.context.clone().map(Context::attach);
            if !core.is_sampled() {
                off::entered(&core, attached.is_some());
            }
            state.frames.push(Frame {
                core,
                base: 0,
                mark,
                has_late,
                carried: false,
                way: Way::Long,
                attached: ManuallyDrop::new(attached),
            });
            Some(state.frames.len())
        });
        self.depth = depth.flatten().unwrap_or(0);
    }

    /// Its attributes become the thread's, or its own again.
    fn swap(&mut self, output: &mut Output) {
        mem::swap(&mut output.bytes, &mut self.attributes);
    }

    /// Leaves the span until the next poll, where it is entered.
    #[inline(never)]
    pub(super) fn leave(&mut self) {
        let depth = mem::take(&mut self.depth);
        if depth == 0 {
            return;
        }
        let attached = State::with_innermost(depth, |state| {
            let frame = state.frames.pop()?;
            if !frame.core.is_sampled() {
                off::left();
            }
            (self.core, self.mark, self.late) = (frame.core, frame.mark, state.take_late(&frame));
            buffer::with(|output| self.swap(output));
            ManuallyDrop::into_inner(frame.attached)
        });
        drop(attached);
    }

    /// Adds attributes to the span, which is not current any more.
    pub(super) fn attributes(&mut self, write: impl FnOnce(&mut Attributes<'_>)) {
        if !self.core.is_sampled() {
            return;
        }
        let callsite = self.core.record.callsite;
        let mut out = Output::of(mem::take(&mut self.attributes));
        let end = callsite.attribute_bytes.saturating_sub(out.bytes.more_from(0));
        out.begin_record(end, callsite.options.limits);
        {
            let _busy = Busy::begin();
            Attributes::write(&mut out, write);
        }
        self.core.record.flags |= out.remarks.take().map_or(0, |remarks| remarks.flags);
        self.attributes = out.bytes;
    }

    /// Ends the span, which is not current any more, as one that returned.
    pub(super) fn returned(self: Box<Self>) {
        let flags = self.core.returned();
        self.publish(flags, &[], None, Outcome::Ok);
    }

    /// Ends the span, which is not current any more. `tail` may run code of the user's.
    #[cold]
    pub(super) fn ended(self: Box<Self>, outcome: Outcome, tail: impl FnOnce(&Core, Mark, usize) -> Tail) {
        if !self.core.is_sampled() {
            self.measure(outcome, self.context.as_ref());
            return;
        }
        let tail = tail(&self.core, self.mark, self.attributes.len() + self.attributes.more_from(0));
        self.publish(tail.flags, &tail.bytes, tail.mark, outcome);
    }

    /// Measures the call, where its function is measured.
    #[cfg_attr(not(debug_assertions), inline)]
    fn measure(&self, outcome: Outcome, context: Option<&Context>) {
        if let Some(site) = self.core.record.callsite.measured {
            measure::ended(&self.core, site, outcome, context);
        }
    }

    fn publish(mut self: Box<Self>, flags: u32, tail: &[u8], mark: Option<Mark>, outcome: Outcome) {
        let (recorder, sampled) = (self.core.recorder, self.core.is_sampled());
        let context = self.context.take();
        let of_span = context.as_ref();
        let ended = State::with(move |state| {
            if sampled {
                let Self { core, attributes, late, .. } = &mut *self;
                match late.take() {
                    None => state.recording.publish(core, flags, [attributes, tail]),
                    Some(late) => state.recording.publish_with(core, flags, [attributes, tail], Some(&late)),
                }
                if let Some(mark) = mark {
                    state.mark_current(mark);
                }
            }
            self.measure(outcome, of_span);
            if self.attributes.capacity() <= KEPT_BUFFER {
                state.keep_span(self);
            }
        });
        drop(context);
        if ended.is_none() && sampled {
            recorder.ledger.dropped_on_exiting_thread();
        }
    }
}
