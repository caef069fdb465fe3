//! What becomes of a request when an attempt has ended: resolved, sent again, kept on disk, divided.

use std::time::Instant;

use tokio::task::{Id, JoinError};

use super::super::answer::Answer;
use super::super::backoff::DENIED;
use super::super::request::halves;
use super::{Held, Sender};
use crate::diagnose::Kind::{Denied, Panicked, Refused, Rejected, Waiting};
use crate::diagnose::tell;
use crate::recorder::ledger::Delivery;

impl Sender {
    /// An attempt has ended.
    pub(super) fn settle(&mut self, ended: Result<(Id, Answer), JoinError>) {
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
                self.send_later(held);
            }
            Some(Answer::Denied { cause }) => {
                tell(
                    Denied,
                    format_args!("the receiver asks for other credentials ({cause}); spans are kept"),
                );
                self.backoff.failed(now, Some(DENIED));
                self.send_later(held);
            }
            Some(Answer::TooLarge { .. }) => {
                self.backoff.succeeded();
                self.split(&held);
            }
            // One of them is why, perhaps, and takes no other with it.
            Some(Answer::Refused { .. }) if held.tickets.len() > 1 => {
                self.backoff.succeeded();
                self.take_apart(&held);
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
                if held.tickets.len() > 1 {
                    self.take_apart(&held);
                } else {
                    self.send_again(Held { suspect: true, ..held });
                }
            }
        }
    }

    /// An attempt failed, and is to be made again: the disk keeps the request meanwhile, where there is one.
    fn send_later(&mut self, held: Held) {
        let Some(disk) = &mut self.disk else { return self.send_again(held) };
        if !held.tickets.is_empty() {
            return self.put_back(&held);
        }
        if !disk.leave(&held.bytes, held.spans) {
            return self.send_again(held);
        }
        self.release(held.bytes.len());
    }

    fn send_again(&mut self, held: Held) {
        let place = self.waiting.partition_point(|other| other.number < held.number);
        self.waiting.insert(place, held);
    }

    /// A request that is too large for the receiver becomes two; one span that is, is lost.
    fn split(&mut self, held: &Held) {
        self.joined = self.joined.min(held.bytes.len() / 2);
        if held.tickets.len() > 1 {
            // Fewer of them become one from now on.
            return self.put_back(held);
        }
        let Some((parts, first)) = halves(&held.bytes) else {
            tell(Refused, format_args!("a span is larger than the receiver takes, and is lost"));
            return self.resolve(held, |counts| counts.too_large += held.spans);
        };
        for (bytes, spans) in parts.into_iter().zip([first, held.spans - first]).rev() {
            self.outbox.grow(bytes.len());
            // On disk the parts are there before the whole is gone.
            let disk = self.disk.as_mut().filter(|_| !held.tickets.is_empty());
            let written = disk.and_then(|disk| disk.write(&bytes, spans));
            self.send_again(Held {
                number: held.number,
                bytes: bytes.into(),
                spans,
                suspect: false,
                tickets: written.into_iter().collect(),
            });
        }
        if let (Some(disk), false) = (&mut self.disk, held.tickets.is_empty()) {
            disk.done(&held.tickets, |_| ());
        }
        self.release(held.bytes.len());
    }

    /// A request that was made of several on disk is several again, and each is sent by itself.
    fn take_apart(&mut self, held: &Held) {
        self.apart = held.tickets.len();
        self.put_back(held);
    }

    /// What lies on disk waits there again.
    fn put_back(&mut self, held: &Held) {
        self.disk.iter_mut().for_each(|disk| disk.put_back(&held.tickets));
        self.release(held.bytes.len());
    }

    /// The request's spans are somewhere else now, and its memory is free.
    fn resolve(&mut self, held: &Held, change: impl FnOnce(&mut Delivery)) {
        match &mut self.disk {
            Some(disk) if !held.tickets.is_empty() => disk.done(&held.tickets, change),
            _ => self.recorder.ledger.deliver(change),
        }
        self.release(held.bytes.len());
    }

    pub(super) fn release(&self, bytes: usize) {
        if self.outbox.release(bytes) {
            self.recorder.wake();
        }
    }
}
