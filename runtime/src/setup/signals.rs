//! What is switched on beside spans, each with a provider of its own: flushed and ended with them, within the same time.

use std::time::Instant;

#[cfg(feature = "logs")]
use crate::logs::provider::{Asked as AskedLogs, Running as Logs};
#[cfg(feature = "metrics")]
use crate::metrics::provider::Running as Metrics;
#[cfg(feature = "metrics")]
use crate::metrics::reader::Asked as AskedMetrics;

/// See the module's documentation. Dropped, they are switched off without a last export.
#[derive(Default)]
pub(crate) struct Signals {
    #[cfg(feature = "metrics")]
    pub(crate) metrics: Option<Metrics>,
    #[cfg(feature = "logs")]
    pub(crate) logs: Option<Logs>,
}

/// What became of what was waited for.
#[cfg(any(feature = "metrics", feature = "logs"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flushed {
    Done,
    Failed(String),
    TimedOut,
}

/// A signal that was not delivered, and why; `None` where the time was over.
pub(crate) type Undelivered = (&'static str, Option<String>);

/// An export that was asked for.
#[derive(Default)]
pub(crate) struct Asked {
    #[cfg(feature = "metrics")]
    metrics: Option<AskedMetrics>,
    #[cfg(feature = "logs")]
    logs: Option<AskedLogs>,
}

#[cfg_attr(
    not(any(feature = "metrics", feature = "logs")),
    expect(clippy::unused_self, unused_variables, reason = "there are only spans")
)]
impl Signals {
    /// Asks for an export of what is there by now.
    pub(crate) fn flush(&self) -> Asked {
        Asked {
            #[cfg(feature = "metrics")]
            metrics: self.metrics.as_ref().map(|metrics| metrics.shared().flush()),
            #[cfg(feature = "logs")]
            logs: self.logs.as_ref().map(Logs::flush),
        }
    }

    /// Asks for the last export, which may take until then.
    pub(crate) fn end(&self, until: Instant) -> Asked {
        Asked {
            #[cfg(feature = "metrics")]
            metrics: self.metrics.as_ref().map(|metrics| metrics.shared().end(until)),
            #[cfg(feature = "logs")]
            logs: self.logs.as_ref().map(|logs| logs.end(until)),
        }
    }

    /// Waits for what was asked for, until then at most.
    ///
    /// # Errors
    ///
    /// The first signal that was not delivered.
    pub(crate) fn wait(&self, asked: &Asked, until: Instant) -> Result<(), Undelivered> {
        #[cfg(feature = "metrics")]
        let metrics = match (&self.metrics, &asked.metrics) {
            (Some(metrics), Some(asked)) => of("metrics", metrics.shared().wait(*asked, until)),
            _ => Ok(()),
        };
        #[cfg(not(feature = "metrics"))]
        let metrics = Ok(());
        #[cfg(feature = "logs")]
        let logs = match (&self.logs, &asked.logs) {
            (Some(logs), Some(asked)) => of("logs", logs.wait(asked, until)),
            _ => Ok(()),
        };
        #[cfg(not(feature = "logs"))]
        let logs = Ok(());
        metrics.and(logs)
    }
}

#[cfg(any(feature = "metrics", feature = "logs"))]
fn of(name: &'static str, flushed: Flushed) -> Result<(), Undelivered> {
    match flushed {
        Flushed::Done => Ok(()),
        Flushed::TimedOut => Err((name, None)),
        Flushed::Failed(cause) => Err((name, Some(cause))),
    }
}
