//! One request of a signal, sent by the thread that asks for it, and tried again as long as it is worth: for metrics and logs,
//! whose batches the SDK makes.
//!
//! It is the transport that spans have, in a tokio runtime of its own. Nothing that its clients do is traced or logged. What goes
//! wrong for good is said through `diagnose`; the caller counts it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use opentelemetry::Context;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Notify;
use tokio::time::{sleep_until, timeout, timeout_at};
use tracing::dispatcher::{self, Dispatch};

use super::{Otlp, Signal};
use crate::diagnose::{Kind, tell};
use crate::pipeline::send::Transport;
use crate::pipeline::send::answer::{Answer, Cause};
use crate::pipeline::send::backoff::Backoff;
use crate::setup::error::Error;

/// Why a request was not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// The receiver does not want it.
    Refused(Cause),
    /// The time was over. The cause is that of the last attempt that failed.
    TimedOut(Option<Cause>),
    /// The transport panicked.
    Panicked,
}

impl Unsent {
    /// A value for `error.type`.
    #[cfg(feature = "metrics")]
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::TimedOut(_) => "timeout",
            Self::Panicked => "panicked",
        }
    }
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(cause) => write!(f, "the receiver refused them: {cause}"),
            Self::TimedOut(None) => f.write_str("there was no answer in time"),
            Self::TimedOut(Some(cause)) => write!(f, "they could not be sent in time: {cause}"),
            Self::Panicked => f.write_str("sending them panicked"),
        }
    }
}

/// See the module's documentation.
pub(crate) struct SignalClient {
    signal: Signal,
    /// `None` while it is dropped.
    runtime: Option<Runtime>,
    transport: Arc<dyn Transport>,
    /// Of one attempt.
    timeout: Duration,
    /// Told when someone waits: then the next attempt is made at once.
    hurry: Notify,
}

impl SignalClient {
    /// # Errors
    ///
    /// An option or a variable has a value that cannot be used, or the transport or its runtime cannot be made.
    pub(crate) fn new(otlp: &Otlp, signal: Signal) -> Result<Self, Error> {
        let settings = otlp.settings_of_process(signal)?;
        let timeout = settings.timeout;
        let make = settings.transport()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let transport = {
            let _inside = runtime.enter();
            make()
        };
        match transport {
            Ok(transport) => Ok(Self {
                signal,
                runtime: Some(runtime),
                transport: Arc::from(transport),
                timeout,
                hurry: Notify::new(),
            }),
            Err(error) => {
                // Where the caller is inside a runtime of its own, dropping one would panic.
                runtime.shutdown_background();
                Err(error)
            }
        }
    }

    /// Sends the request, which holds so many items, within that time, and says how many of them the receiver rejected.
    pub(crate) fn send(&self, request: &Bytes, items: u64, within: Duration) -> Result<u64, Unsent> {
        let until = Instant::now() + within;
        let sent = if Handle::try_current().is_ok() {
            // A runtime must not wait for another one on its own thread.
            thread::scope(|scope| {
                scope.spawn(|| self.send_here(request, until)).join().unwrap_or(Err(Unsent::Panicked))
            })
        } else {
            self.send_here(request, until)
        };
        let (kind, name) = (self.kind(), self.signal.items());
        match &sent {
            Ok((0, None)) => {}
            Ok((rejected, message)) => {
                let message = message.as_deref().unwrap_or_default();
                tell(kind, format_args!("the receiver rejected {rejected} of {items} {name}: {message}"));
            }
            Err(unsent) => tell(kind, format_args!("{items} {name} are lost: {unsent}")),
        }
        sent.map(|(rejected, _)| rejected.min(items))
    }

    /// Someone waits for the request under way: its next attempt is made at once, unless the receiver asked for patience.
    pub(crate) fn hurry(&self) {
        self.hurry.notify_waiters();
    }

    fn kind(&self) -> Kind {
        match self.signal {
            Signal::Logs => Kind::Logs,
            _ => Kind::Metrics,
        }
    }

    fn send_here(&self, request: &Bytes, until: Instant) -> Result<(u64, Option<String>), Unsent> {
        let Some(runtime) = &self.runtime else { return Err(Unsent::Panicked) };
        // The clients' own spans and lines would be sent by them, which would make more.
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let send = || runtime.block_on(self.attempts(request, until));
        catch_unwind(AssertUnwindSafe(|| dispatcher::with_default(&Dispatch::none(), send)))
            .unwrap_or(Err(Unsent::Panicked))
    }

    async fn attempts(&self, request: &Bytes, until: Instant) -> Result<(u64, Option<String>), Unsent> {
        let mut backoff = Backoff::new(SmallRng::from_os_rng());
        let mut last = None;
        loop {
            let attempt = timeout(self.timeout, self.transport.send(request.clone()));
            let after = match timeout_at(until.into(), attempt).await {
                Err(_) => return Err(Unsent::TimedOut(last)),
                Ok(Err(_)) => {
                    last = Some(format!("no answer within {:?}", self.timeout).into());
                    None
                }
                Ok(Ok(Answer::Accepted { rejected, message })) => return Ok((rejected, message)),
                Ok(Ok(Answer::Later { after, cause, .. })) => {
                    last = Some(cause);
                    after
                }
                Ok(Ok(Answer::Denied { cause } | Answer::TooLarge { cause } | Answer::Refused { cause })) => {
                    return Err(Unsent::Refused(cause));
                }
            };
            backoff.failed(Instant::now(), after);
            if !self.rest(&mut backoff, until).await {
                return Err(Unsent::TimedOut(last));
            }
        }
    }

    /// Waits until the next attempt may be made; `false` where that is too late.
    async fn rest(&self, backoff: &mut Backoff, until: Instant) -> bool {
        let hurried = self.hurry.notified();
        let Some(not_before) = backoff.not_before() else { return true };
        if not_before >= until {
            return false;
        }
        tokio::select! {
            () = sleep_until(not_before.into()) => {}
            () = hurried => {
                backoff.hurry(Instant::now());
                if let Some(not_before) = backoff.not_before() {
                    sleep_until(not_before.into()).await;
                }
            }
        }
        true
    }
}

impl Drop for SignalClient {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A look-up of a name may hang in a thread of the runtime's; nobody waits for it.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for SignalClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignalClient").field("signal", &self.signal).finish_non_exhaustive()
    }
}
