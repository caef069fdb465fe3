//! How the innermost span of a thread is left: published the short way, or with all that there may be to it.
//!
//! Most spans return, and have nothing but their attributes: for these, [`publish_plain`](State::publish_plain) is the whole way.
//! It calls nothing, so that nothing has to be kept for after a call, and where it finds that there is more to do it has done
//! nothing yet, and the long way begins anew.

use std::num::NonZeroUsize;

use opentelemetry::ContextGuard;

use super::{State, take_late};
use crate::capture::buffer;
use crate::measure;
use crate::measure_outcome::Outcome;
use crate::span::off;
use crate::wire::{encode, tag};

/// There is more to do for a span than to copy its record.
pub(crate) struct NotPlain;

impl State {
    /// Leaves the span that was entered as the `depth`th, which returned, and publishes it, into a chunk that is `DENSE`
    /// (`recorder/record.rs`): each of the two has a function of its own. What attached it is to be dropped outside
    /// of the borrow.
    ///
    /// # Errors
    ///
    /// Nothing is done with a span that is not [`plain`](super::Frame::plain) or not the innermost one, or for which there is no room in such a chunk.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "the end of most spans, in two places")
    )]
    pub(crate) fn publish_plain<const DENSE: bool>(
        &mut self,
        depth: NonZeroUsize,
    ) -> Result<Option<ContextGuard>, NotPlain> {
        if self.frames.len() != depth.get() {
            return Err(NotPlain);
        }
        let frame = self.frames.last_mut().ok_or(NotPlain)?;
        if !frame.plain {
            return Err(NotPlain);
        }
        let output = buffer::take().ok_or(NotPlain)?;
        let body = output.bytes.get(frame.base.bytes..);
        let is_published = body.is_some_and(|body| self.recording.publish_plain::<DENSE>(&frame.core, body));
        if is_published {
            output.forget(frame.base);
        }
        buffer::put_back(output);
        if !is_published {
            return Err(NotPlain);
        }
        let attached = if frame.attached.is_some() { frame.attached.take() } else { None };
        self.frames.pop();
        Ok(attached)
    }

    /// Leaves the innermost span and publishes it, or counts it as dropped; its call is measured with the outcome, if it has one.
    /// Its attributes lie in the buffer, and are forgotten. What attached it is to be dropped outside of the borrow.
    #[cold]
    pub(crate) fn publish_innermost(
        &mut self,
        flags: u32,
        tail: &[u8],
        outcome: Option<Outcome>,
    ) -> Option<ContextGuard> {
        let Self { frames, recording, late, .. } = self;
        let frame = frames.last_mut()?;
        let output = buffer::take();
        if frame.core.is_sampled() && !frame.carried {
            let head =
                output.as_ref().and_then(|output| output.bytes.get(frame.base.bytes..)).unwrap_or_default();
            if frame.has_late {
                let late = take_late(late, frame.core.record.span_id);
                recording.publish_with(&mut frame.core, flags, [head, tail], late.as_deref());
            } else {
                recording.publish(&mut frame.core, flags, [head, tail]);
            }
        } else {
            off::left();
        }
        if let (Some(site), Some(outcome), false) =
            (frame.core.record.callsite.measured, outcome, frame.carried)
        {
            measure::ended(&frame.core, site, outcome, None);
        }
        if let Some(output) = output {
            output.forget(frame.base);
            buffer::put_back(output);
        }
        let attached = frame.attached.take();
        frames.pop();
        attached
    }

    /// Ends the innermost span as one whose guard was leaked, or outlived the span around it.
    pub(super) fn end_unfinished(&mut self) -> Option<ContextGuard> {
        let mut tail = Vec::new();
        encode::bool_attribute(&mut tail, tag::SPAN_ATTRIBUTE, "unfinished", true);
        self.publish_innermost(0, &tail, None)
    }
}
