//! The sender: requests go out, are tried again, and are accounted for, on a thread of its own.
//!
//! ```text
//! drain thread ──outbox──▶ waiting ──▶ in flight ──▶ resolved: acknowledged, rejected, dropped
//!                             ▲             │
//!                             └── to be sent again
//! ```
//!
//! The thread has a tokio runtime of its own: the program needs none, and its own is never blocked. Nothing that the HTTP and
//! gRPC clients do there is traced.

pub(crate) mod answer;
pub(crate) mod backoff;
mod disk;
mod memory;
mod outbox;
mod request;
mod sender;
mod shrink;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use opentelemetry::Context;

use self::answer::Answer;
use self::disk::Disk;
use self::memory::Spare;
use self::outbox::{Outbox, Ready};
use self::request::Frame;
use self::sender::Sender;
use super::batch::{Batch, MAX_BYTES};
use crate::diagnose::{self, Kind::Panicked, tell};
use crate::export::{Exit, Fate, Flushed, Setting};
use crate::recorder::Recorder;
use crate::recorder::control::{End, Request};
use crate::setup::error::{Error, Kind};
use crate::setup::pipe_signal;

/// Sends one request and says what became of it. Dropping the future gives the attempt up.
pub(crate) trait Transport: Send + Sync + 'static {
    fn send(&self, request: Bytes) -> Pin<Box<dyn Future<Output = Answer> + Send>>;
}

/// Makes a transport, inside the runtime that it will live in.
pub(crate) type MakeTransport = Box<dyn FnOnce() -> Result<Box<dyn Transport>, Error> + Send>;

/// How requests are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Requests under way at the same time.
    pub(crate) in_flight: usize,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    /// Bytes of requests that may be held.
    pub(crate) queue_bytes: usize,
    /// Spans in a request at most.
    pub(crate) max_spans: u64,
}

/// How long the sender rests after a panic of its own.
const AFTER_PANIC: Duration = Duration::from_millis(100);

/// The drain thread's side of a sender.
pub(crate) struct SenderExit {
    frame: Frame,
    spare: Spare,
    outbox: Arc<Outbox>,
    recorder: &'static Recorder,
    spools: bool,
    thread: Option<JoinHandle<()>>,
}

impl SenderExit {
    /// Starts a sender.
    ///
    /// # Errors
    ///
    /// The transport cannot be made, or the thread or its runtime cannot be started.
    pub(crate) fn start(setting: &Setting, pace: Pace, make: MakeTransport) -> Result<Self, Error> {
        let recorder = setting.recorder;
        let outbox = Arc::new(Outbox::new(pace.queue_bytes, pace.in_flight));
        let (ready, outcome) = mpsc::sync_channel(1);
        let for_thread = Arc::clone(&outbox);
        let spool = setting.spool.clone();
        let spools = spool.is_some();
        let thread = thread::Builder::new().name("wirespan-export".to_owned()).spawn(move || {
            pipe_signal::block();
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error.into()))),
            };
            let _inside = runtime.enter();
            // The clients' own spans would be sent by them, which would make spans.
            let _quiet = Context::enter_telemetry_suppressed_scope();
            diagnose::hush();
            let transport = match make() {
                Ok(transport) => transport,
                Err(error) => return drop(ready.send(Err(error))),
            };
            let _ = ready.send(Ok(()));
            let disk = spool.map(|spool| Disk::open(recorder, &spool));
            let mut sender = Sender::new(recorder, for_thread, Arc::from(transport), pace, disk);
            while catch_unwind(AssertUnwindSafe(|| runtime.block_on(sender.run()))).is_err() {
                tell(Panicked, format_args!("the sender of spans panicked and goes on"));
                thread::sleep(AFTER_PANIC);
            }
            drop(sender);
            // A look-up of a name may hang in a thread of the runtime's; nobody waits for it.
            runtime.shutdown_background();
        })?;
        let result = outcome
            .recv()
            .unwrap_or_else(|_| Err(Error::new(Kind::Exporter("it panicked while it was made".into()))));
        let frame = Frame::new(&setting.resource);
        let spare = Spare::default();
        result.map(|()| Self { frame, spare, outbox, recorder, spools, thread: Some(thread) })
    }

    /// A request that holds the batch; nothing where its only span cannot be made small enough.
    fn request(&self, batch: &mut Batch) -> Option<Bytes> {
        if batch.bytes() <= MAX_BYTES {
            return Some(self.frame.request(batch, &self.spare));
        }
        let mut smaller = Batch::default();
        for (scope, span) in batch.messages() {
            smaller.put_in(scope.clone(), &shrink::shrink(span, MAX_BYTES)?);
        }
        Some(self.frame.request(&mut smaller, &self.spare))
    }
}

impl Exit for SenderExit {
    /// Requests are cut by bytes.
    fn max_spans(&self) -> u64 {
        u64::MAX
    }

    fn has_room(&self, spares: bool) -> bool {
        // What goes to disk is safe there, and not before.
        self.outbox.has_room() && !(spares && !self.spools && self.outbox.is_ahead())
    }

    fn export(&mut self, batch: &mut Batch) -> Fate {
        let spans = batch.len();
        match self.request(batch) {
            Some(request) => self.outbox.push(Ready { bytes: request, spans }),
            None => self.recorder.ledger.deliver(|counts| counts.too_large += spans),
        }
        Fate::HandedOver
    }

    fn rest(&mut self) {
        self.spare.give_back();
    }

    fn flush(&mut self, request: Request) -> Flushed {
        self.outbox.push_flush(request);
        Flushed::Later
    }

    fn shutdown(&mut self, end: End) -> Result<(), ()> {
        self.outbox.push_end(end);
        self.thread.take().map_or(Ok(()), |thread| thread.join().map_err(drop))
    }
}
