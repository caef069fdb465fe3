//! The loop of the sender thread: what is sent next, what becomes of each answer, and when a flush is complete.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use tokio::task::{Id, JoinError, JoinSet};

use super::answer::Answer;
use super::backoff::{Backoff, DENIED};
use super::outbox::{Item, Outbox};
use super::request::halves;
use super::{Pace, Transport};
use crate::diagnose::Kind::{Denied, Panicked, Refused, Rejected, Waiting};
use crate::diagnose::tell;
use crate::pipeline::batch::MAX_BYTES;
use crate::recorder::Recorder;
use crate::recorder::control::Request as Flush;
use crate::recorder::ledger::Delivery;

/// A request that is not resolved.
#[derive(Debug)]
struct Held {
    /// Where it stands in the order of requests; of one that was made of several, where the first stood.
    number: u64,
    bytes: Bytes,
    spans: u64,
    /// A transport panicked over it once.
    suspect: bool,
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
}

impl Sender {
    pub(super) fn new(
        recorder: &'static Recorder,
        outbox: Arc<Outbox>,
        transport: Arc<dyn Transport>,
        pace: Pace,
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
        }
    }

    /// Runs until it is asked to end, and everything is resolved or nobody waits for it any longer.
    pub(super) async fn run(&mut self) {
        loop {
            self.take_in();
            self.send_out();
            self.complete_flushes();
            let end = self.outbox.ending();
            let idle = self.waiting.is_empty() && self.in_flight.is_empty();
            let over = |deadline: Instant| deadline <= Instant::now();
            if end.is_some_and(|end| idle || end.deadline.is_some_and(over)) {
                return self.give_up();
            }
            let next_attempt =
                self.backoff.not_before().filter(|_| !self.waiting.is_empty() && self.in_flight.is_empty());
            let wake = next_attempt.into_iter().chain(end.and_then(|end| end.deadline)).min();
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
                Item::Request(ready) => {
                    let number = self.number();
                    self.waiting.push_back(Held {
                        number,
                        bytes: ready.bytes,
                        spans: ready.spans,
                        suspect: false,
                    });
                }
                Item::Flush(flush) => {
                    self.flushes.push((self.numbered, flush));
                    self.backoff.hurry(Instant::now());
                }
            }
        }
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
                tokio::time::timeout(timeout, attempt).await.unwrap_or_else(|_| Answer::Later {
                    after: None,
                    may_have_arrived: true,
                    cause: format!("no answer within {timeout:?}").into(),
                })
            };
            let id = self.attempts.spawn(attempt).id();
            self.in_flight.insert(id, held);
        }
    }

    /// The next request; where many wait, as many of them as fit into one: requests one behind the other are a request.
    fn next(&mut self) -> Option<Held> {
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
            && bytes + next.bytes.len() <= self.joined
            && held.spans + next.spans <= self.pace.max_spans
    }

    /// An attempt has ended.
    fn settle(&mut self, ended: Result<(Id, Answer), JoinError>) {
        let (id, answer) = match ended {
            Ok((id, answer)) => (id, Some(answer)),
            Err(error) => (error.id(), None),
        };
        let Some(held) = self.in_flight.remove(&id) else { return };
        let (now, spans) = (Instant::now(), held.spans);
        match answer {
            Some(Answer::Accepted { rejected, message }) => {
                self.backoff.succeeded();
                let rejected = rejected.min(spans);
                if rejected > 0 || message.is_some() {
                    let message = message.unwrap_or_default();
                    tell(
                        Rejected,
                        format_args!("the receiver rejected {rejected} of {spans} spans: {message}"),
                    );
                }
                self.resolve(&held, |counts| {
                    counts.rejected += rejected;
                    counts.acknowledged += spans - rejected;
                });
            }
            Some(Answer::Later { after, may_have_arrived, cause }) => {
                self.backoff.failed(now, after);
                tell(Waiting, format_args!("{spans} spans could not be sent and are kept: {cause}"));
                if may_have_arrived {
                    self.recorder.ledger.deliver(|counts| counts.maybe_duplicated += spans);
                }
                self.send_again(held);
            }
            Some(Answer::Denied { cause }) => {
                tell(
                    Denied,
                    format_args!("the receiver asks for other credentials ({cause}); spans are kept"),
                );
                self.backoff.failed(now, Some(DENIED));
                self.send_again(held);
            }
            Some(Answer::TooLarge { .. }) => {
                self.backoff.succeeded();
                self.split(&held);
            }
            Some(Answer::Refused { cause }) => {
                tell(Refused, format_args!("the receiver refused {spans} spans, which are lost: {cause}"));
                self.backoff.succeeded();
                self.resolve(&held, |counts| counts.export_failed += spans);
            }
            None if held.suspect => self.resolve(&held, |counts| counts.exporter_panicked += spans),
            None => {
                tell(Panicked, format_args!("sending {spans} spans panicked; they are sent once more"));
                self.backoff.failed(now, None);
                self.send_again(Held { suspect: true, ..held });
            }
        }
    }

    fn send_again(&mut self, held: Held) {
        let place = self.waiting.partition_point(|other| other.number < held.number);
        self.waiting.insert(place, held);
    }

    /// A request that is too large for the receiver becomes two; one span that is, is lost.
    fn split(&mut self, held: &Held) {
        self.joined = self.joined.min(held.bytes.len() / 2);
        let Some((parts, first)) = halves(&held.bytes) else {
            tell(Refused, format_args!("a span is larger than the receiver takes, and is lost"));
            return self.resolve(held, |counts| counts.too_large += held.spans);
        };
        for (bytes, spans) in parts.into_iter().zip([first, held.spans - first]).rev() {
            self.outbox.grow(bytes.len());
            self.send_again(Held { number: held.number, bytes: bytes.into(), spans, suspect: false });
        }
        self.release(held.bytes.len());
    }

    /// The request's spans are somewhere else now, and its memory is free.
    fn resolve(&self, held: &Held, change: impl FnOnce(&mut Delivery)) {
        self.recorder.ledger.deliver(change);
        self.release(held.bytes.len());
    }

    fn release(&self, bytes: usize) {
        if self.outbox.release(bytes) {
            self.recorder.wake();
        }
    }

    /// Completes each flush before whose end nothing is left.
    fn complete_flushes(&mut self) {
        let left =
            self.waiting.front().into_iter().chain(self.in_flight.values()).map(|held| held.number).min();
        let left = left.unwrap_or(u64::MAX);
        let recorder = self.recorder;
        self.flushes.retain(|(before, flush)| {
            let complete = left >= *before;
            if complete {
                recorder.control.complete(*flush);
            }
            !complete
        });
    }

    /// Nobody waits any longer. What is left is counted by the ledger as lost in the shutdown.
    fn give_up(&mut self) {
        self.attempts.abort_all();
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
