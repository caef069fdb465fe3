//! The sender's side of the spool: requests that go to disk and come back, with the ledger kept true on the way.
//!
//! A span on disk is `spooled` while its request waits there, and in flight while the request is on its way, also where the bytes
//! stay on disk meanwhile.

use std::time::SystemTime;

use bytes::Bytes;

use crate::diagnose::Kind::Spooling;
use crate::diagnose::tell;
use crate::recorder::Recorder;
use crate::recorder::ledger::Delivery;
use crate::spool::{After, Mode, RealFs, Spool, Store, Ticket};

/// What a frame holds: an `ExportTraceServiceRequest`.
const TRACES: u8 = 1;

/// See the module's documentation.
pub(super) struct Disk {
    recorder: &'static Recorder,
    store: Store<RealFs>,
    mode: Mode,
}

/// A request that came from disk.
pub(super) struct Found {
    pub(super) ticket: Ticket,
    pub(super) bytes: Bytes,
    pub(super) spans: u64,
}

impl Disk {
    /// Opens the spool, and takes over what others have left there.
    pub(super) fn open(recorder: &'static Recorder, options: &Spool) -> Self {
        let store = Store::open(options, RealFs, SystemTime::now());
        let disk = Self { recorder, store, mode: options.mode() };
        disk.account(|_| ());
        disk.complain();
        disk
    }

    /// Whether each request is written before it is sent.
    pub(super) fn writes_through(&self) -> bool {
        self.mode == Mode::WriteThrough
    }

    /// Whether no request waits there.
    pub(super) fn is_empty(&self) -> bool {
        self.store.counts().frames == 0
    }

    /// Writes a request, and leaves it there.
    pub(super) fn leave(&mut self, bytes: &[u8], spans: u64) -> bool {
        self.append(bytes, spans, After::Waiting).is_some()
    }

    /// Writes a request that is sent from memory all the same.
    pub(super) fn write(&mut self, bytes: &[u8], spans: u64) -> Option<Ticket> {
        self.append(bytes, spans, After::Held)
    }

    fn append(&mut self, bytes: &[u8], spans: u64, after: After) -> Option<Ticket> {
        let spans = u32::try_from(spans).ok()?;
        let ticket = self.store.append(TRACES, spans, bytes, after).ok();
        self.account(|_| ());
        self.complain();
        ticket
    }

    /// The oldest request that waits.
    pub(super) fn next(&mut self) -> Option<Found> {
        // What another version has left of another kind stays with it: handed out and neither done nor put back.
        let entry = std::iter::from_fn(|| self.store.next()).find(|entry| entry.kind == TRACES);
        self.account(|_| ());
        let entry = entry?;
        Some(Found { ticket: entry.ticket, bytes: entry.bytes.into(), spans: u64::from(entry.spans) })
    }

    /// What lies there is where `change` says, and it is never to be sent again.
    pub(super) fn done(&mut self, tickets: &[Ticket], change: impl FnOnce(&mut Delivery)) {
        for ticket in tickets {
            self.store.done(*ticket);
        }
        // Written down at once: a process that is killed now sends no more twice than was under way.
        self.store.tick(SystemTime::now());
        self.account(change);
    }

    /// The request waits again.
    pub(super) fn put_back(&mut self, tickets: &[Ticket]) {
        for ticket in tickets {
            self.store.put_back(*ticket);
        }
        self.account(|_| ());
    }

    /// To be called about ten times a second.
    pub(super) fn tick(&mut self) {
        self.store.tick(SystemTime::now());
        self.account(|_| ());
        self.complain();
    }

    /// Writes down where the spans on disk are, together with `change`.
    fn account(&self, change: impl FnOnce(&mut Delivery)) {
        let on_disk = self.store.counts();
        self.recorder.ledger.deliver(|spans| {
            spans.recovered = on_disk.recovered;
            spans.spooled = on_disk.spans;
            spans.spool_full = on_disk.evicted;
            spans.spool_expired = on_disk.expired;
            spans.spool_corrupt = on_disk.corrupt;
            spans.spool_bytes = on_disk.bytes;
            change(spans);
        });
    }

    fn complain(&self) {
        if let Some(problem) = self.store.problem() {
            tell(Spooling, format_args!("the spool does not work, and spans are kept in memory: {problem}"));
        }
    }
}
