//! How the innermost span of a thread is left: published the short way, or with all that there may be to it.
//!
//! Most spans return, and have nothing but their attributes: for these, [`publish_plain`](State::publish_plain) is the whole way.
//! It calls nothing, so that nothing has to be kept for after a call, and where it finds that there is more to do it has done
//! nothing yet, and the long way begins anew.

use std::num::NonZeroUsize;

use opentelemetry::ContextGuard;

use super::way::Way;
use super::{Frame, State, take_late};
use crate::capture::buffer;
use crate::measure;
use crate::measure_outcome::Outcome;
use crate::span::off;
use crate::wire::{encode, tag};

/// There is more to do for a span than to copy its record.
pub(crate) struct NotPlain;

impl State {
    /// Leaves the span that was entered as the `depth`th, which returned, and publishes it into a chunk of whole headers.
    ///
    /// # Errors
    ///
    /// Nothing is done with a span that is not [`Way::Plain`] or not the innermost one, or for which there is no room in such a chunk.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "the end of most spans, and called once")
    )]
    pub(crate) fn publish_plain(&mut self, depth: NonZeroUsize) -> Result<(), NotPlain> {
        let Self { frames, recording, .. } = self;
        let Some(frame) = innermost(frames, depth) else { return Err(NotPlain) };
        if frame.way != Way::Plain {
            return Err(NotPlain);
        }
        publish(frame.base, |body| recording.publish_plain(&frame.core, body))?;
        frames.pop();
        Ok(())
    }

    /// The same for one that may be attached, and into any chunk. What attached it is to be dropped outside of the borrow.
    ///
    /// # Errors
    ///
    /// The same but for that.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "the end of most spans, and called once")
    )]
    pub(crate) fn publish_attached(&mut self, depth: NonZeroUsize) -> Result<Option<ContextGuard>, NotPlain> {
        let Self { frames, recording, .. } = self;
        let Some(frame) = innermost(frames, depth) else { return Err(NotPlain) };
        if frame.way == Way::Long {
            return Err(NotPlain);
        }
        publish(frame.base, |body| {
            recording.publish_plain(&frame.core, body) || recording.publish_densely(&frame.core, body)
        })?;
        let attached = if frame.attached.is_some() { frame.attached.take() } else { None };
        frames.pop();
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
            let head = output.as_ref().and_then(|output| output.bytes.get(frame.base..)).unwrap_or_default();
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

/// The innermost span, if it is the one that was entered as the `depth`th.
#[cfg_attr(not(debug_assertions), inline)]
fn innermost(frames: &mut [Frame], depth: NonZeroUsize) -> Option<&mut Frame> {
    if frames.len() == depth.get() { frames.last_mut() } else { None }
}

/// Publishes what lies in the thread's buffer from `base` on, and forgets it.
#[cfg_attr(
    not(debug_assertions),
    inline(always),
    expect(clippy::inline_always, reason = "the end of most spans, in two places")
)]
fn publish(base: usize, publish: impl FnOnce(&[u8]) -> bool) -> Result<(), NotPlain> {
    let output = buffer::take().ok_or(NotPlain)?;
    // The memory of a large span is given back on the long way.
    let is_published = !output.is_large() && output.bytes.get(base..).is_some_and(publish);
    if is_published {
        output.bytes.truncate(base);
    }
    buffer::put_back(output);
    if is_published { Ok(()) } else { Err(NotPlain) }
}
