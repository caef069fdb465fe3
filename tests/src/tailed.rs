//! Telemetry with tail sampling, for tests of what is kept; in the end every span is delivered or sampled out.

use std::thread;

use wirespan::sampling::TailSampling;
use wirespan::{Error, MemoryExporter, Report, Stats, Telemetry};

use crate::{PATIENCE, Turn, turn};

/// Telemetry with tail sampling, whose books are looked at in the end.
pub struct Tailed {
    telemetry: Option<Telemetry>,
    /// What was exported and not taken.
    pub exported: MemoryExporter,
    _turn: Turn,
}

/// Installs it.
pub fn install(tail: TailSampling) -> Tailed {
    install_with(tail, |builder| builder)
}

/// As [`install`], after `configure` has changed the builder.
pub fn install_with(
    tail: TailSampling,
    configure: impl FnOnce(wirespan::Builder) -> wirespan::Builder,
) -> Tailed {
    let (turn, exported) = (turn(), MemoryExporter::new());
    let builder = configure(wirespan::builder().tail_sampling(tail)).exporter(exported.clone());
    let telemetry = Some(builder.install().expect("telemetry installs"));
    Tailed { telemetry, exported, _turn: turn }
}

impl Tailed {
    /// The handle.
    pub fn telemetry(&self) -> &Telemetry {
        self.telemetry.as_ref().expect("installed until it is shut down")
    }

    /// The names of what is exported after a flush, sorted; it is forgotten then.
    pub fn take(&self) -> Vec<String> {
        let report = self.telemetry().flush(PATIENCE).expect("nothing is lost");
        assert_eq!(report.pending, 0, "{report}");
        self.exported_names()
    }

    fn exported_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.exported.take().iter().map(|span| span.name.to_string()).collect();
        names.sort();
        names
    }

    /// What the ledger says now.
    pub fn stats(&self) -> Stats {
        self.telemetry().stats()
    }

    /// Shuts down.
    ///
    /// # Errors
    ///
    /// Spans were lost.
    pub fn shut_down(&mut self) -> Result<Report, Error> {
        self.telemetry.take().expect("installed").shutdown(PATIENCE)
    }
}

impl Drop for Tailed {
    fn drop(&mut self) {
        let Some(telemetry) = self.telemetry.take() else { return };
        if !thread::panicking() {
            let _ = telemetry.flush(PATIENCE);
            let stats = telemetry.stats();
            assert!(stats.is_balanced(), "{stats:?}");
            assert_eq!((stats.open, stats.held, stats.held_bytes), (0, 0, 0), "{stats:?}");
            assert_eq!(stats.acknowledged + stats.sampled_out, stats.started, "{stats:?}");
        }
    }
}
