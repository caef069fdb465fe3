//! The state of an async span: what it keeps between polls, and how it becomes the current span of a thread for one poll.
//!
//! It lies in a box that the thread reuses. While the span is entered its attributes are swapped with the thread's buffer, so
//! capturing does not know whether the span is sync or async.

use std::mem;

use opentelemetry::{Context, ContextGuard};

use super::Core;
use super::ending::{self, Tail};
use super::mark::Mark;
use crate::recorder::record::flag;
use crate::sample::Sampled;
use crate::thread::{Frame, KEPT_BUFFER, State};

/// The state of an async span between its polls.
pub(crate) struct OpenSpan {
    pub(super) core: Core,
    pub(super) context: Option<Context>,
    attributes: Vec<u8>,
    structured: bool,
    pub(super) mark: Mark,
}

impl OpenSpan {
    #[inline]
    pub(super) fn new(state: &mut State, core: Core, extra: Option<Box<Sampled>>) -> Box<Self> {
        let mut open = match state.spare_span() {
            Some(mut spare) => {
                spare.core = core;
                spare.attributes.clear();
                spare.structured = false;
                spare.mark = Mark::None;
                spare
            }
            None => Box::new(Self {
                core,
                context: None,
                attributes: Vec::new(),
                structured: false,
                mark: Mark::None,
            }),
        };
        if let Some(extra) = extra {
            ending::encode_extra(&mut open.attributes, &extra);
        }
        open
    }

    /// Makes the span current; its attributes become the thread's, and the thread's wait in their place.
    #[inline(never)]
    pub(super) fn enter(&mut self) -> Option<Entered> {
        let depth = State::with(|state| {
            let output = state.output.as_mut()?;
            mem::swap(&mut output.bytes, &mut self.attributes);
            state.frames.push(Frame {
                core: self.core,
                base: 0,
                structured: self.structured,
                mark: self.mark,
            });
            Some(state.depth())
        });
        Some(Entered { depth: depth.flatten()?, attached: self.context.clone().map(Context::attach) })
    }

    #[inline(never)]
    pub(super) fn leave(&mut self, entered: Entered) {
        State::with(|state| {
            let Some(frame) = state.pop_frame(entered.depth) else { return };
            self.mark = frame.mark;
            self.structured = frame.structured;
            if let Some(output) = state.output.as_mut() {
                mem::swap(&mut output.bytes, &mut self.attributes);
            }
        });
        // Dropping it may run destructors of what others keep in the context: outside of the borrow.
        drop(entered.attached);
    }

    /// Ends the span, which is not current any more, as one that returned.
    #[inline]
    pub(super) fn returned(self: Box<Self>) {
        let core = self.core;
        let flags = core.returned();
        let structured = if self.structured { flag::STRUCTURED } else { 0 };
        self.publish(flags | structured, &[], None);
    }

    /// Ends the span, which is not current any more. `tail` may run code of the user's.
    #[cold]
    pub(super) fn ended(self: Box<Self>, tail: impl FnOnce(&Core, Mark, usize) -> Tail) {
        if !self.core.place.sampled {
            return;
        }
        let tail = tail(&self.core, self.mark, self.attributes.len());
        let structured = if self.structured { flag::STRUCTURED } else { 0 };
        self.publish(tail.flags | structured, &tail.bytes, Some(tail.mark));
    }

    #[inline]
    fn publish(mut self: Box<Self>, flags: u32, tail: &[u8], mark: Option<Mark>) {
        let core = self.core;
        let context = self.context.take();
        let ended = State::with(move |state| {
            if core.place.sampled {
                state.publish(core.recorder, core.record(flags), [&self.attributes, tail]);
                if let Some(mark) = mark {
                    state.mark_current(mark);
                }
            }
            if self.attributes.capacity() <= KEPT_BUFFER {
                state.keep_span(self);
            }
        });
        drop(context);
        if ended.is_none() && core.place.sampled {
            core.recorder.ledger.dropped_on_exiting_thread();
        }
    }
}

/// A span that is entered for one poll: how many frames there were with it.
pub(super) struct Entered {
    depth: usize,
    attached: Option<ContextGuard>,
}
