//! The handle of an installed pipeline: flush, shutdown, and what the ledger says.

use std::fmt;
use std::io::Write as _;
use std::mem::{self, ManuallyDrop};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry_sdk::trace::ShouldSample;

use super::config::Config;
use super::error::{Error, Kind};
use super::signals::{Signals, Undelivered};
use super::stats::{Report, Stats};
#[cfg(feature = "logs")]
use crate::logs::{LogStats, provider::Running as Logs};
use crate::recorder::control::End;
use crate::recorder::{self, Recorder};
use crate::sampling::SamplerHandle;

/// How long dropping the handle may take at most.
const DROP_TIMEOUT: Duration = Duration::from_secs(5);

/// Telemetry that is switched on. Dropping it delivers what is there (for at most 5 seconds) and switches it off, so keep
/// it until the end of `main`:
///
/// ```
/// # fn main() -> Result<(), wirespan::Error> {
/// let _telemetry = wirespan::init()?;
/// # Ok(()) }
/// ```
///
/// A program that ends without a drop (`process::exit`, a handle that was forgotten) delivers what it can in half a second. One that a
/// signal ends does not: no handler is installed, so catch `SIGTERM` and drop the handle, or set a [`Spool`](crate::Spool) that is
/// written through, from which the next process delivers.
///
/// A loss that a drop finds out is written to standard error, in one line; [`shutdown`](Self::shutdown) returns it instead.
#[must_use = "telemetry is switched off when this is dropped: `let _telemetry = wirespan::init()?;`"]
pub struct Telemetry {
    recorder: Option<&'static Recorder>,
    config: Config,
    signals: Signals,
    reported: Mutex<Reported>,
}

/// What the last report covered.
#[derive(Debug, Default)]
struct Reported {
    stats: Stats,
    exit_failures: u64,
}

impl Telemetry {
    pub(crate) fn new(recorder: &'static Recorder, config: Config, signals: Signals) -> Self {
        Self { recorder: Some(recorder), config, signals, reported: Mutex::default() }
    }

    /// The configuration that counts, with the source of every value; displayed, a line for each.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The recorder, where it was not a parent process that installed it.
    fn recorder(&self) -> Option<&'static Recorder> {
        self.recorder.filter(|recorder| recorder.is_ours())
    }

    /// The handle where the environment wants no telemetry.
    pub(crate) fn disabled(config: Config) -> Self {
        Self { recorder: None, config, signals: Signals::default(), reported: Mutex::default() }
    }

    /// Delivers every span that has ended before this call, and what is measured and logged by then, waiting for at most `timeout`.
    ///
    /// # Errors
    ///
    /// Spans were lost since the last report ([`Error::is_loss`]), or are still pending when the time is over
    /// ([`Error::is_timeout`]), or the exporter could not flush what it had acknowledged; [`Error::report`] says how many. A span that
    /// has not ended is neither: it is `open` in the report. Where nothing is wrong with spans: metrics or logs could not be delivered.
    pub fn flush(&self, timeout: Duration) -> Result<Report, Error> {
        let Some(recorder) = self.recorder() else { return Ok(Report::default()) };
        let until = Instant::now() + timeout;
        let number = recorder.control.request(None);
        recorder.wake();
        let in_time = recorder.control.wait(number, timeout / 2);
        let asked = self.signals.flush();
        let left = until.saturating_duration_since(Instant::now());
        let in_time = in_time || recorder.control.wait(number, left);
        let report = self.report(recorder, in_time)?;
        self.signals.wait(&asked, until).map_err(|undelivered| error_of(undelivered, report))?;
        Ok(report)
    }

    /// Delivers every span that has ended, waiting for at most `timeout`, and switches telemetry off. Spans that are still
    /// open, or not delivered in time, count as dropped.
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush); open spans count as lost.
    pub fn shutdown(mut self, timeout: Duration) -> Result<Report, Error> {
        self.end(timeout)
    }

    fn end(&mut self, timeout: Duration) -> Result<Report, Error> {
        let Some(recorder) = self.recorder.take().filter(|recorder| recorder.is_ours()) else {
            // The parent's threads may have held its locks when this process began: it is left as it is.
            let _ = ManuallyDrop::new(mem::take(&mut self.signals));
            return Ok(Report::default());
        };
        let until = Instant::now() + timeout;
        recorder::deactivate(recorder);
        let number = recorder.control.request(Some(End::within(timeout)));
        recorder.wake();
        let in_time = recorder.control.wait(number, timeout / 2);
        // What metrics say of spans is best said when those are delivered, but not so late that there is no time left for it.
        let signals = mem::take(&mut self.signals);
        let asked = signals.end(until);
        let left = until.saturating_duration_since(Instant::now());
        let in_time = in_time || recorder.control.wait(number, left);
        recorder.ledger.close();
        let report = self.report(recorder, in_time);
        let delivered = signals.wait(&asked, until);
        let report = report?;
        delivered.map_err(|undelivered| error_of(undelivered, report))?;
        Ok(report)
    }

    fn report(&self, recorder: &'static Recorder, in_time: bool) -> Result<Report, Error> {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        let now = recorder.stats();
        let exit_failures = recorder.ledger.exit_failures.get();
        let report = Report::between(&reported.stats, &now);
        let failed = exit_failures > reported.exit_failures;
        *reported = Reported { stats: now, exit_failures };
        if !in_time {
            Err(Error::new(Kind::TimedOut(report)))
        } else if report.lost() > 0 {
            Err(Error::new(Kind::Lost(report)))
        } else if failed {
            Err(Error::new(Kind::NotFlushed(report)))
        } else {
            Ok(report)
        }
    }

    /// Asks `sampler` about every trace that enters the process from now on: as
    /// [`SamplerHandle::set`](crate::sampling::SamplerHandle::set).
    pub fn set_sampler(&self, sampler: impl ShouldSample + 'static) {
        self.sampler().set(sampler);
    }

    /// Sets the sampler from elsewhere, while the telemetry itself stays where it is.
    pub fn sampler(&self) -> SamplerHandle {
        SamplerHandle { recorder: self.recorder() }
    }

    /// Where every span is, now. All zero when telemetry is disabled by the environment.
    pub fn stats(&self) -> Stats {
        self.recorder().map_or_else(Stats::default, |recorder| Stats {
            sampler_panicked: recorder.sampler.panicked(),
            #[cfg(feature = "logs")]
            logs: self.signals.logs.as_ref().map_or_else(LogStats::default, Logs::stats),
            ..recorder.stats()
        })
    }

    /// Whether spans are recorded: not so when `OTEL_SDK_DISABLED` is `true`, nor in the child of a process that forked.
    pub fn is_enabled(&self) -> bool {
        self.recorder().is_some()
    }
}

/// Spans are delivered, another signal is not.
fn error_of((name, cause): Undelivered, report: Report) -> Error {
    Error::new(Kind::Signal { name, cause, report })
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Err(error) = self.end(DROP_TIMEOUT) {
            // Nobody is left to return it to; a closed standard error is no reason to panic.
            let _ = writeln!(std::io::stderr(), "wirespan: {error}");
        }
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry")
            .field("enabled", &self.is_enabled())
            .field("stats", &self.stats())
            .finish()
    }
}
