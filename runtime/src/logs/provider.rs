//! The SDK's logger provider with the exporter that was chosen: made by `install`, ended by its handle.

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::logs::LoggerProvider as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::SdkLoggerProvider;

use tracing_subscriber::filter::Targets;

use super::bridge::{self, Exported, quietly};
use super::counts::{Counts, LogStats};
use super::options::{MakeExit, Plan};
use crate::setup::error::Error;
use crate::setup::signals::Flushed;

/// Someone waits for the export under way.
pub(super) type Hurry = Box<dyn Fn() + Send + Sync>;

/// Logs that are switched on. Dropped, they are switched off without a last export.
pub(crate) struct Running {
    provider: SdkLoggerProvider,
    logger: Arc<Exported>,
    subscribes: Option<Targets>,
    hurry: Option<Hurry>,
    counts: Arc<Counts>,
    /// What the last flush has told.
    reported: Mutex<LogStats>,
}

/// What a flush waits for.
pub(crate) struct Asked(Receiver<OTelSdkResult>);

impl Running {
    /// Makes the provider; records find it once it is [published](Self::publish).
    ///
    /// # Errors
    ///
    /// The exporter cannot be made, or there can be no thread.
    pub(crate) fn start(plan: Plan, resource: &Resource) -> Result<Option<Self>, Error> {
        let MakeExit::To(_, make) = plan.exit else { return Ok(None) };
        // The SDK's processor panics where the system has no thread for it.
        let probe = thread::Builder::new().name("wirespan-logs".to_owned()).spawn(|| ())?;
        let _ = probe.join();
        let make = || {
            let builder = SdkLoggerProvider::builder().with_resource(resource.clone());
            let (builder, hurry) = make(builder, &plan.numbers, Arc::clone(&plan.counts))?;
            let provider = builder.build();
            // By its target each record has a scope of its own; this name is for those without one.
            let logger = Exported { logger: provider.logger("wirespan"), limits: plan.limits };
            Ok::<_, Error>((provider, Arc::new(logger), hurry))
        };
        let (provider, logger, hurry) = quietly(make)?;
        let (counts, reported) = (plan.counts, Mutex::default());
        Ok(Some(Self { provider, logger, subscribes: plan.subscribes, hurry, counts, reported }))
    }

    /// Records go to this provider from now on; those of `tracing` in a program that has no subscriber, too.
    pub(crate) fn publish(&self) {
        bridge::replace(Arc::clone(&self.logger));
        if let Some(which) = &self.subscribes {
            bridge::subscribe(which.clone());
        }
    }

    /// Asks for an export of what is recorded by now.
    pub(crate) fn flush(&self) -> Asked {
        self.ask(SdkLoggerProvider::force_flush)
    }

    /// Asks for the last export, which may take until then.
    pub(crate) fn end(&self, until: Instant) -> Asked {
        bridge::remove(&self.logger);
        self.ask(move |provider| {
            provider.shutdown_with_timeout(until.saturating_duration_since(Instant::now()))
        })
    }

    /// The SDK's calls block by a time of their own: they wait on a thread of theirs.
    fn ask(&self, call: impl FnOnce(&SdkLoggerProvider) -> OTelSdkResult + Send + 'static) -> Asked {
        let (done, asked) = sync_channel(1);
        let provider = self.provider.clone();
        let waiter = thread::Builder::new().name("wirespan-logs".to_owned());
        // Without a thread nobody answers, which is as good as no answer.
        let _ = waiter.spawn(move || {
            let _ = done.send(call(&provider));
        });
        if let Some(hurry) = &self.hurry {
            hurry();
        }
        Asked(asked)
    }

    /// Waits for it, until then at most.
    pub(crate) fn wait(&self, asked: &Asked, until: Instant) -> Flushed {
        let flushed = Self::answer(asked, until);
        let now = self.stats();
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = now.lost_since(&reported);
        *reported = now;
        match (flushed, lost) {
            (Flushed::Done, Some(lost)) => Flushed::Failed(lost),
            (Flushed::Failed(why), Some(lost)) => Flushed::Failed(format!("{lost}: {why}")),
            (flushed, _) => flushed,
        }
    }

    /// Where every record is.
    pub(crate) fn stats(&self) -> LogStats {
        self.counts.stats()
    }

    fn answer(asked: &Asked, until: Instant) -> Flushed {
        match asked
            .0
            .recv_timeout(until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1)))
        {
            Ok(Ok(())) => Flushed::Done,
            Ok(Err(opentelemetry_sdk::error::OTelSdkError::Timeout(_))) | Err(RecvTimeoutError::Timeout) => {
                Flushed::TimedOut
            }
            Ok(Err(error)) => Flushed::Failed(error.to_string()),
            Err(RecvTimeoutError::Disconnected) => {
                Flushed::Failed("there is no thread to flush them".to_owned())
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        bridge::remove(&self.logger);
        let _ = self.provider.shutdown_with_timeout(Duration::ZERO);
    }
}
