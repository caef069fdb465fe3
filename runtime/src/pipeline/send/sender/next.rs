//! What is sent next: from memory and from disk by turns, and several small requests as one.
//!
//! Requests one behind the other are a request. An outage leaves many small ones on disk, one for each flush interval; sent by
//! themselves they would cost the receiver, and us, far more than the spans in them.

use bytes::BytesMut;

use super::super::disk::{Disk, Found};
use super::{FROM_DISK, Held, Sender};

/// Requests from disk that are made one at most: each is read while nothing else happens on this thread.
const TOGETHER: usize = 64;

impl Sender {
    /// The next request, from memory or from disk.
    pub(super) fn next(&mut self) -> Option<Held> {
        self.disks_turn = !self.disks_turn && !self.is_disk_empty();
        if self.disks_turn || self.waiting.is_empty() {
            if let Some(held) = self.next_on_disk() {
                return Some(held);
            }
        }
        self.next_in_memory()
    }

    /// The next request on disk, with those behind it that fit into one. A receiver that may be down is asked by one alone.
    fn next_on_disk(&mut self) -> Option<Held> {
        let Found { ticket, bytes, spans } = self.disk.as_mut()?.next()?;
        let mut held = Held { number: FROM_DISK, bytes, spans, suspect: false, tickets: vec![ticket] };
        let together = if self.apart > 0 || self.backoff.is_down() { 1 } else { TOGETHER };
        self.apart = self.apart.saturating_sub(1);
        let (mut whole, mut last) = (None, held.bytes.len());
        while held.tickets.len() < together {
            let bytes = whole.as_ref().map_or(held.bytes.len(), BytesMut::len);
            // How long the next one is, is known when it was read; it is likely to be as long as the last.
            if bytes + last > self.joined {
                break;
            }
            let Some(next) = self.disk.as_mut().and_then(Disk::next) else { break };
            if bytes + next.bytes.len() > self.joined || held.spans + next.spans > self.pace.max_spans {
                self.disk.iter_mut().for_each(|disk| disk.put_back(&[next.ticket]));
                break;
            }
            last = next.bytes.len();
            whole
                .get_or_insert_with(|| BytesMut::from(std::mem::take(&mut held.bytes)))
                .extend_from_slice(&next.bytes);
            held.spans += next.spans;
            held.tickets.push(next.ticket);
        }
        if let Some(whole) = whole {
            held.bytes = whole.freeze();
        }
        self.outbox.grow(held.bytes.len());
        Some(held)
    }

    /// The next request in memory; where many wait, as many of them as fit into one.
    fn next_in_memory(&mut self) -> Option<Held> {
        let mut held = self.waiting.pop_front()?;
        if self.waiting.len() < self.pace.in_flight {
            return Some(held);
        }
        let mut whole = None;
        while self.waiting.front().is_some_and(|next| self.fits(&held, next, whole.as_ref())) {
            let Some(next) = self.waiting.pop_front() else { break };
            whole
                .get_or_insert_with(|| BytesMut::from(std::mem::take(&mut held.bytes)))
                .extend_from_slice(&next.bytes);
            held.spans += next.spans;
        }
        if let Some(whole) = whole {
            held.bytes = whole.freeze();
        }
        Some(held)
    }

    /// Whether `next` may be sent with `held`, or with what it became part of.
    fn fits(&self, held: &Held, next: &Held, whole: Option<&BytesMut>) -> bool {
        let bytes = whole.map_or(held.bytes.len(), BytesMut::len);
        !held.suspect
            && !next.suspect
            && held.tickets.is_empty()
            && next.tickets.is_empty()
            && bytes + next.bytes.len() <= self.joined
            && held.spans + next.spans <= self.pace.max_spans
    }
}
