//! The whole way from a traced function to a receiver: installed for one test at a time, with its ledger checked at the end.

use std::time::{Duration, Instant};

use wirespan::export::Otlp;
use wirespan::{Builder, Error, Report, Stats, Telemetry};

use crate::receiver::{Protocol, Receiver};
use crate::{Turn, turn};

/// Both ways to send.
pub const PROTOCOLS: [Protocol; 2] = [Protocol::Grpc, Protocol::Http];

/// An exporter by this protocol to that receiver, with nothing else set.
pub fn otlp(protocol: Protocol, receiver: &Receiver) -> Otlp {
    let otlp = match protocol {
        Protocol::Grpc => Otlp::grpc(),
        Protocol::Http => Otlp::http(),
    };
    otlp.endpoint(receiver.endpoint())
}

/// A pipeline that is installed. Dropped, it is shut down at once and its ledger looked at.
#[must_use = "telemetry is switched off when this is dropped"]
pub struct Pipe {
    telemetry: Option<Telemetry>,
    /// How long installing it took.
    pub installed_in: Duration,
    _turn: Turn,
}

impl Pipe {
    /// Installs it.
    #[track_caller]
    pub fn new(otlp: Otlp) -> Self {
        Self::with(otlp, |builder| builder)
    }

    /// Installs it, after `configure` has changed the builder. It looks for spans every 20 ms unless told otherwise, and is for spans
    /// alone: requests and connections are counted.
    #[track_caller]
    pub fn with(otlp: Otlp, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let turn = turn();
        let start = Instant::now();
        let builder =
            wirespan::builder().flush_interval(Duration::from_millis(20)).otlp(otlp).no_metrics().no_logs();
        let telemetry = configure(builder).install().expect("telemetry installs");
        Self { telemetry: Some(telemetry), installed_in: start.elapsed(), _turn: turn }
    }

    /// The handle.
    pub fn telemetry(&self) -> &Telemetry {
        self.telemetry.as_ref().expect("installed until dropped")
    }

    /// Delivers what there is.
    ///
    /// # Errors
    ///
    /// As [`Telemetry::flush`].
    pub fn flush(&self, timeout: Duration) -> Result<Report, Error> {
        self.telemetry().flush(timeout)
    }

    /// The ledger, which balances.
    #[track_caller]
    pub fn stats(&self) -> Stats {
        let stats = self.telemetry().stats();
        assert!(stats.is_balanced(), "{stats:?}");
        stats
    }

    /// The ledger, once `is_so`; fails when that takes longer than `patience`.
    #[track_caller]
    pub fn stats_once(&self, patience: Duration, is_so: impl Fn(&Stats) -> bool) -> Stats {
        let deadline = Instant::now() + patience;
        loop {
            let stats = self.stats();
            if is_so(&stats) {
                return stats;
            }
            assert!(Instant::now() < deadline, "{stats:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Switches it off.
    ///
    /// # Errors
    ///
    /// As [`Telemetry::shutdown`].
    pub fn shutdown(mut self, timeout: Duration) -> Result<Report, Error> {
        self.telemetry.take().expect("installed until dropped").shutdown(timeout)
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let Some(telemetry) = self.telemetry.take() else { return };
        let stats = telemetry.stats();
        // What is not delivered by now is not waited for: the test is over.
        let ended = telemetry.shutdown(Duration::ZERO);
        if !std::thread::panicking() {
            assert!(stats.is_balanced(), "{stats:?}");
            let report = ended.as_ref().err().and_then(Error::report).or(ended.as_ref().ok());
            let report = report.expect("a shutdown has a report");
            assert_eq!((report.pending, report.open), (0, 0), "everything has a place: {report}");
        }
    }
}
