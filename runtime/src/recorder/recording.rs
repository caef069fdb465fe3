//! A recording thread's side of one recorder: its counters, and the chunk that it writes.
//!
//! It lies in the thread's state (`thread.rs`) and is used only while that is borrowed. A thread that exits seals its chunk and
//! hands its counters in.

use std::sync::Arc;

use super::Recorder;
use super::chunk::{Writer, record_size};
use super::copy;
use super::ledger::ThreadCounts;
use super::pool::CHUNK_BYTES;
use super::record::{Record, flag};
use crate::by_hand::late::Late;
use crate::clock::Clock;
use crate::span::Core;

/// See the module's documentation.
#[derive(Default)]
pub(crate) struct Recording {
    joined: Option<(&'static Recorder, Arc<ThreadCounts>)>,
    writer: Option<Writer>,
}

impl Recording {
    /// Counts a span that has started.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "part of the start of most spans")
    )]
    pub(crate) fn count_started(&mut self, recorder: &'static Recorder) {
        self.join(recorder);
        if let Some((_, counts)) = &self.joined {
            counts.started.add(1);
        }
    }

    /// Whether the thread takes part in `recorder`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_part_of(&self, recorder: &'static Recorder) -> bool {
        matches!(&self.joined, Some((joined, _)) if std::ptr::eq(*joined, recorder))
    }

    /// Counts a span that is not recorded because too many are entered.
    #[cold]
    pub(crate) fn count_too_deep(&mut self, recorder: &'static Recorder) {
        self.count_started(recorder);
        if let Some((_, counts)) = &self.joined {
            counts.depth_limit.add(1);
        }
    }

    /// Takes part in `recorder`, if it did not before.
    #[cfg_attr(not(debug_assertions), inline)]
    fn join(&mut self, recorder: &'static Recorder) {
        if !self.is_part_of(recorder) {
            self.join_anew(recorder);
        }
    }

    #[cold]
    fn join_anew(&mut self, recorder: &'static Recorder) {
        self.leave();
        self.joined = Some((recorder, recorder.ledger.register()));
    }

    /// Ends a span and publishes it, or counts it as dropped.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "the end of most spans, and once more where it is cold")
    )]
    pub(crate) fn publish(&mut self, core: &mut Core, flags: u32, body: [&[u8]; 2]) {
        let Core { recorder, record } = core;
        let ticks = recorder.clock.ticks_after(record.start);
        record.end = ticks;
        // A pipeline that has shut down has counted this span as dropped.
        if !recorder.is_active() {
            return;
        }
        if let (Some((joined, counts)), Some(writer)) = (&self.joined, &mut self.writer) {
            // Counted before it is published: the drain never takes more than was recorded.
            if std::ptr::eq(*joined, *recorder)
                && writer.append(body, || {
                    counts.recorded.add(1);
                    record.ended(ticks, flags, body)
                })
            {
                return;
            }
        }
        let [head, tail] = body;
        self.publish_in_new_chunk(recorder, record, flags, head, tail);
    }

    /// Ends a span that returned, of the processor's clock, and publishes it into a chunk of whole headers, where that is a matter of
    /// copying it. `false`, with nothing done, where it is not.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "the end of most spans, in two places")
    )]
    pub(crate) fn publish_plain(&mut self, core: &Core, body: &[u8]) -> bool {
        let Core { recorder, record } = core;
        if !self.is_part_of(recorder) || !recorder.is_active() || body.len() > copy::IN_PLACE {
            return false;
        }
        let (Some((_, counts)), Some(writer)) = (&self.joined, &mut self.writer) else { return false };
        writer.append_whole(body, || {
            let ticks = Clock::counted_after(record.start);
            // Counted before it is published: the drain never takes more than was recorded.
            counts.recorded.add(1);
            record.ending(ticks, core.returned(), body.len())
        })
    }

    /// The same into any chunk.
    pub(crate) fn publish_densely(&mut self, core: &Core, body: &[u8]) -> bool {
        let Core { recorder, record } = core;
        if !self.is_part_of(recorder) || !recorder.is_active() {
            return false;
        }
        let (Some((_, counts)), Some(writer)) = (&self.joined, &mut self.writer) else { return false };
        let body = [body, &[]];
        writer.append(body, || {
            let ticks = Clock::counted_after(record.start);
            counts.recorded.add(1);
            record.ended(ticks, core.returned(), body)
        })
    }

    /// As [`publish`](Self::publish), with what was added through a handle, and what the request's attributes are.
    #[cold]
    pub(crate) fn publish_with(
        &mut self,
        core: &mut Core,
        flags: u32,
        [head, tail]: [&[u8]; 2],
        late: Option<&Late>,
    ) {
        let added = late.map(Late::end).unwrap_or_default();
        let context = late.map(Late::context).unwrap_or_default();
        let flags = flags | flag::EVENTS | flag::STRUCTURED;
        if tail.is_empty() && added.is_empty() {
            self.publish(core, flags, [head, context]);
        } else {
            self.publish(core, flags, [head, &[tail, &added, context].concat()]);
        }
    }

    /// Says that a root has started. It is lost where there is no room; the trace is then kept.
    #[cold]
    pub(crate) fn publish_notice(&mut self, core: &Core) {
        let Core { recorder, mut record } = *core;
        record.end = record.start;
        let flags = flag::BEGINS;
        if !recorder.is_active() {
            return;
        }
        if let (Some((joined, _)), Some(writer)) = (&self.joined, &mut self.writer) {
            let body: [&[u8]; 2] = [&[], &[]];
            if std::ptr::eq(*joined, recorder)
                && writer.append(body, || record.ended(record.end, flags, body))
            {
                return;
            }
        }
        self.publish_in_new_chunk(recorder, &record, flags, &[], &[]);
    }

    // The body in two arguments: an array of them would be built where it is not needed.
    #[cold]
    #[inline(never)]
    fn publish_in_new_chunk(
        &mut self,
        recorder: &'static Recorder,
        record: &Record,
        flags: u32,
        head: &[u8],
        tail: &[u8],
    ) {
        let body = [head, tail];
        let record = record.ended(record.end, flags, body);
        let size = record_size::<Record>(head.len() + tail.len());
        self.join(recorder);
        // Sealed first: the drain may read it to the end and recycle it for someone else.
        self.writer = None;
        self.writer = recorder.take(size);
        if recorder.pool.is_under_pressure() {
            recorder.wake();
        }
        let Some((_, counts)) = &self.joined else { return };
        // A notice is no span.
        let spans = u64::from(record.flags & flag::BEGINS == 0);
        match &mut self.writer {
            Some(writer) => {
                writer.append(body, || {
                    counts.recorded.add(spans);
                    record
                });
            }
            None => counts.buffer_full.add(spans),
        }
        if size > CHUNK_BYTES {
            // A chunk of its own size holds this one record.
            self.writer = None;
        }
    }

    /// Seals the chunk and hands the counters in.
    fn leave(&mut self) {
        self.writer = None;
        if let Some((recorder, counts)) = self.joined.take().filter(|(recorder, _)| recorder.is_ours()) {
            recorder.ledger.retire(&counts);
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.leave();
    }
}
