//! The loop of the sender thread: what is sent next, what becomes of each answer, and when a flush is complete.

mod next;
mod settle;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use tokio::task::{Id, JoinSet};

use super::answer::Answer;
use super::backoff::Backoff;
use super::disk::Disk;
use super::outbox::{Item, Outbox, Ready};
use super::{Pace, Transport};
#[cfg(feature = "metrics")]
use crate::metrics::own::{Exporter, attempted};
use crate::pipeline::batch::MAX_BYTES;
use crate::recorder::Recorder;
use crate::recorder::control::{End, Request as Flush};
use crate::spool::Ticket;

/// A request that is not resolved.
#[derive(Debug)]
struct Held {
    /// Where it stands in the order of requests; of one that was made of several, where the first stood.
    number: u64,
    bytes: Bytes,
    spans: u64,
    /// A transport panicked over it once.
    suspect: bool,
    /// Where it lies on disk, too: in several places, where it was made of several requests.
    tickets: Vec<Ticket>,
}

pub(super) struct Sender {
    recorder: &'static Recorder,
    outbox: Arc<Outbox>,
    transport: Arc<dyn Transport>,
    pace: Pace,
    backoff: Backoff,
    /// To be sent, in order.
    waiting: VecDeque<Held>,
    attempts: JoinSet<Answer>,
    in_flight: HashMap<Id, Held>,
    /// Bytes up to which requests are made one: half of the smallest one that was too large for the receiver, or what was
    /// divided would be put together again. It never grows: that costs a little efficiency, where a receiver has changed.
    joined: usize,
    /// Requests so far.
    numbered: u64,
    /// Flushes, each with the number of the first request that it does not cover.
    flushes: Vec<(u64, Flush)>,
    /// Everything has been pushed, and the sender is to end.
    end: Option<End>,
    disk: Option<Disk>,
    /// Whether the disk's turn is next: what is old and what is new go out by turns.
    disks_turn: bool,
    next_tick: Instant,
    /// So many requests from disk are not to be made one with others.
    apart: usize,
}

/// How often the spool is looked after.
const TICK: Duration = Duration::from_millis(100);
/// Where in the order requests from disk stand: behind every flush.
const FROM_DISK: u64 = u64::MAX;

impl Sender {
    pub(super) fn new(
        recorder: &'static Recorder,
        outbox: Arc<Outbox>,
        transport: Arc<dyn Transport>,
        pace: Pace,
        disk: Option<Disk>,
    ) -> Self {
        Self {
            recorder,
            outbox,
            transport,
            pace,
            backoff: Backoff::new(SmallRng::from_os_rng()),
            waiting: VecDeque::new(),
            attempts: JoinSet::new(),
            in_flight: HashMap::new(),
            joined: MAX_BYTES,
            numbered: 0,
            flushes: Vec::new(),
            end: None,
            disk,
            disks_turn: false,
            next_tick: Instant::now(),
            apart: 0,
        }
    }

    /// Runs until it is asked to end, and everything is resolved or nobody waits for it any longer.
    pub(super) async fn run(&mut self) {
        loop {
            self.tick();
            self.take_in();
            self.send_out();
            self.complete_flushes();
            let end = self.end;
            let over = |deadline: Instant| deadline <= Instant::now();
            if end.is_some_and(|end| self.is_idle() || end.deadline.is_some_and(over)) {
                return self.give_up();
            }
            let next_attempt = self
                .backoff
                .not_before()
                .filter(|_| self.in_flight.is_empty() && !(self.waiting.is_empty() && self.is_disk_empty()));
            let tick = self.disk.as_ref().map(|_| self.next_tick);
            let wake = next_attempt.into_iter().chain(tick).chain(end.and_then(|end| end.deadline)).min();
            tokio::select! {
                Some(ended) = self.attempts.join_next_with_id() => self.settle(ended),
                () = self.outbox.news() => {}
                () = until(wake) => {}
            }
        }
    }

    /// What the drain thread has pushed.
    fn take_in(&mut self) {
        while let Some(item) = self.outbox.pop() {
            match item {
                Item::Request(Ready { bytes, spans }) => {
                    let number = self.number();
                    self.keep(Held { number, bytes, spans, suspect: false, tickets: Vec::new() });
                }
                Item::Flush(flush) => {
                    self.flushes.push((self.numbered, flush));
                    self.backoff.hurry(Instant::now());
                }
                Item::End(end) => self.end = Some(end),
            }
        }
    }

    /// A new request: to memory, or to disk, or to both.
    fn keep(&mut self, mut held: Held) {
        if let Some(disk) = &mut self.disk {
            let soon = !self.backoff.is_down() && self.waiting.len() < self.pace.in_flight;
            let leave = match (disk.writes_through(), soon) {
                (true, true) => {
                    held.tickets.extend(disk.write(&held.bytes, held.spans));
                    false
                }
                (true, false) => true,
                (false, _) => self.backoff.is_down() || !self.outbox.has_room(),
            };
            if leave && disk.leave(&held.bytes, held.spans) {
                return self.release(held.bytes.len());
            }
        }
        self.waiting.push_back(held);
    }

    fn tick(&mut self) {
        let now = Instant::now();
        if let Some(disk) = self.disk.as_mut().filter(|_| now >= self.next_tick) {
            disk.tick();
            self.next_tick = now + TICK;
        }
    }

    fn is_disk_empty(&self) -> bool {
        self.disk.as_ref().is_none_or(Disk::is_empty)
    }

    /// Whether nothing is left but what lies on disk and cannot be delivered now.
    fn is_idle(&self) -> bool {
        let delivers = self.backoff.not_before().is_none_or(|not_before| not_before <= Instant::now());
        self.waiting.is_empty() && self.in_flight.is_empty() && (!delivers || self.is_disk_empty())
    }

    fn number(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered - 1
    }

    /// Starts as many attempts as are allowed.
    fn send_out(&mut self) {
        let allowed = self.backoff.allowed(Instant::now(), self.pace.in_flight);
        while self.in_flight.len() < allowed {
            let Some(held) = self.next() else { break };
            let attempt = self.transport.send(held.bytes.clone());
            let timeout = self.pace.timeout;
            let attempt = async move {
                #[cfg(feature = "metrics")]
                let start = Instant::now();
                let answered = tokio::time::timeout(timeout, attempt).await;
                #[cfg(feature = "metrics")]
                attempted(
                    Exporter::Spans,
                    start.elapsed(),
                    answered.as_ref().map_or(Some("timeout"), Answer::kind),
                );
                answered.unwrap_or_else(|_| Answer::Later {
                    after: None,
                    may_have_arrived: true,
                    cause: format!("no answer within {timeout:?}").into(),
                })
            };
            let id = self.attempts.spawn(attempt).id();
            self.in_flight.insert(id, held);
        }
    }

    /// Completes each flush before whose end nothing is left.
    fn complete_flushes(&mut self) {
        let left =
            self.waiting.front().into_iter().chain(self.in_flight.values()).map(|held| held.number).min();
        let left = left.unwrap_or(u64::MAX);
        let recorder = self.recorder;
        // What lies on disk is waited for as long as it can be delivered.
        let idle_disk = self.disk.is_none() || self.is_idle();
        self.flushes.retain(|(before, flush)| {
            let complete = left >= *before && idle_disk;
            if complete {
                recorder.control.complete(*flush);
            }
            !complete
        });
    }

    /// Nobody waits any longer. What is left goes to disk, or is counted by the ledger as lost in the shutdown.
    fn give_up(&mut self) {
        self.attempts.abort_all();
        self.take_in();
        let Some(disk) = &mut self.disk else { return };
        let left = self.waiting.drain(..).chain(self.in_flight.drain().map(|(_, held)| held));
        for held in left {
            if held.tickets.is_empty() {
                disk.leave(&held.bytes, held.spans);
            } else {
                disk.put_back(&held.tickets);
            }
        }
        disk.tick();
    }
}

/// Waits until `wake`, or for ever.
async fn until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        // Never ready, and never woken for it.
        None => std::future::pending().await,
    }
}
