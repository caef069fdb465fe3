//! The outbox: requests on their way from the drain thread to the sender, bounded in bytes.
//!
//! The bound covers every byte from [`push`](Outbox::push) until [`release`](Outbox::release): requests that wait, that are on the
//! wire, and that wait to be sent again.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use crate::pipeline::batch::MAX_BYTES;
use crate::recorder::control::{End, Request as Flush};

/// A ready `ExportTraceServiceRequest`.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) bytes: Bytes,
    pub(crate) spans: u64,
}

/// What the sender finds.
#[derive(Debug)]
pub(crate) enum Item {
    Request(Ready),
    /// A flush covers the requests that were pushed before it.
    Flush(Flush),
    /// Nothing is pushed after it.
    End(End),
}

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct Outbox {
    items: Mutex<VecDeque<Item>>,
    /// Tells the sender that there is something new.
    news: Notify,
    held: AtomicUsize,
    limit: usize,
    /// Bytes that keep the sender busy.
    ahead: usize,
}

impl Outbox {
    /// An outbox of at most `limit` bytes, and of at least one request, for a sender that has `in_flight` under way at the same time.
    pub(crate) fn new(limit: usize, in_flight: usize) -> Self {
        let ahead = in_flight.saturating_mul(MAX_BYTES);
        Self { items: Mutex::default(), news: Notify::new(), held: AtomicUsize::new(0), limit, ahead }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Item>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, item: Item) {
        self.lock().push_back(item);
        self.news.notify_one();
    }

    /// Whether a request of the largest size may be pushed.
    pub(crate) fn has_room(&self) -> bool {
        let held = self.held.load(Ordering::Acquire);
        // The memory of a request is at most an eighth larger than its bytes (`Spans::take`).
        let memory = held.saturating_add(held / 7);
        held == 0 || memory.saturating_add(MAX_BYTES) <= self.limit
    }

    /// Whether the sender has as much as it sends at once, and a request more.
    pub(crate) fn is_ahead(&self) -> bool {
        self.held.load(Ordering::Acquire) > self.ahead
    }

    /// Adds a request; the drain thread asks for room first.
    pub(crate) fn push(&self, ready: Ready) {
        self.held.fetch_add(ready.bytes.len(), Ordering::AcqRel);
        self.add(Item::Request(ready));
    }

    /// Asks the sender to complete `flush` when everything that was pushed before is resolved.
    pub(crate) fn push_flush(&self, flush: Flush) {
        self.add(Item::Flush(flush));
    }

    /// Asks the sender to end when everything that was pushed before is resolved. It comes in its turn: a sender that could see it
    /// earlier would take itself to be done.
    pub(crate) fn push_end(&self, end: End) {
        self.add(Item::End(end));
    }

    /// The sender's side: what comes next.
    pub(crate) fn pop(&self) -> Option<Item> {
        self.lock().pop_front()
    }

    /// The sender's side: a request of that many bytes is resolved, or on disk. Whether that made room, or the drain has something to
    /// do again.
    pub(crate) fn release(&self, bytes: usize) -> bool {
        let before = (self.has_room(), self.is_ahead());
        self.held.fetch_sub(bytes, Ordering::AcqRel);
        !before.0 && self.has_room() || before.1 && !self.is_ahead()
    }

    /// The sender's side: a request became that much larger, or a part of it came.
    pub(crate) fn grow(&self, bytes: usize) {
        self.held.fetch_add(bytes, Ordering::AcqRel);
    }

    /// The sender's side: waits until something was pushed. Cancel safe.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(bytes: usize) -> Ready {
        Ready { bytes: vec![0; bytes].into(), spans: 1 }
    }

    #[test]
    fn there_is_room_until_a_largest_request_would_pass_the_bound() {
        let outbox = Outbox::new(MAX_BYTES + 80, 1);
        outbox.push(ready(70));
        assert!(outbox.has_room());
        outbox.push(ready(1));
        assert!(!outbox.has_room());
        assert!(outbox.release(1), "that made room");
        assert!(!outbox.release(70), "there was room before");
    }

    #[test]
    fn there_is_always_room_for_one_request() {
        assert!(Outbox::new(0, 1).has_room());
    }

    #[test]
    fn it_is_ahead_with_more_than_the_sender_sends_at_once() {
        let outbox = Outbox::new(9 * MAX_BYTES, 2);
        outbox.push(ready(2 * MAX_BYTES));
        assert!(!outbox.is_ahead());
        outbox.push(ready(1));
        assert!(outbox.is_ahead() && outbox.has_room());
        assert!(outbox.release(1), "the drain may go on");
    }

    #[test]
    fn what_was_pushed_comes_out_in_its_order() {
        let outbox = Outbox::new(1 << 20, 1);
        outbox.push(ready(3));
        outbox.push(ready(4));
        outbox.push_end(End { deadline: None });
        let lengths = std::iter::from_fn(|| outbox.pop()).map(|item| match item {
            Item::Request(ready) => ready.bytes.len(),
            Item::Flush(_) | Item::End(_) => 0,
        });
        assert_eq!(lengths.collect::<Vec<_>>(), [3, 4, 0]);
    }
}
