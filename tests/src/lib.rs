//! The test kit: telemetry that is installed for one test at a time, and looked at afterwards.
//!
//! There is one active pipeline in a process, and tests run in parallel threads, so [`install`] waits for its turn. Every
//! test that uses it ends with the ledger checked: no span may be unaccounted for.
#![expect(clippy::missing_panics_doc, clippy::expect_used, reason = "a test kit fails by panicking")]

pub mod look;

pub mod exporter;
pub mod receiver;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::{Builder, MemoryExporter, Stats, Telemetry};

/// How long a test waits for the drain thread before it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

static TURN: Mutex<()> = Mutex::new(());

/// Telemetry that is installed until this is dropped.
pub struct Installed {
    telemetry: Option<Telemetry>,
    exported: MemoryExporter,
    _turn: MutexGuard<'static, ()>,
}

/// Installs telemetry with the defaults and an exporter in memory.
pub fn install() -> Installed {
    install_with(|builder| builder)
}

/// As [`install`], after `configure` has changed the builder. An exporter set there is replaced.
pub fn install_with(configure: impl FnOnce(Builder) -> Builder) -> Installed {
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let exported = MemoryExporter::new();
    let telemetry =
        configure(wirespan::builder()).exporter(exported.clone()).install().expect("telemetry installs");
    Installed { telemetry: Some(telemetry), exported, _turn: turn }
}

/// Waits for this process's turn to install telemetry, for tests that do so themselves.
pub fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Installed {
    /// Every span that has ended so far.
    pub fn spans(&self) -> Vec<SpanData> {
        self.telemetry().flush(PATIENCE).expect("nothing is lost");
        self.exported.spans()
    }

    /// The one span of that name.
    pub fn span(&self, name: &str) -> SpanData {
        let mut named: Vec<SpanData> = self.spans().into_iter().filter(|span| span.name == name).collect();
        assert_eq!(named.len(), 1, "spans named {name}: {named:#?}");
        named.remove(0)
    }

    /// The exporter, for its own questions (`tree`, `children_of`, …).
    pub fn exported(&self) -> &MemoryExporter {
        let _ = self.spans();
        &self.exported
    }

    /// The handle.
    pub fn telemetry(&self) -> &Telemetry {
        self.telemetry.as_ref().expect("installed until dropped")
    }

    /// What the ledger says, after a flush.
    pub fn stats(&self) -> Stats {
        let _ = self.telemetry().flush(PATIENCE);
        self.telemetry().stats()
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        let stats = self.stats();
        drop(self.telemetry.take());
        if !std::thread::panicking() {
            assert!(stats.is_balanced(), "{stats:?}");
            assert_eq!(stats.open, 0, "a span is still open: {stats:?}");
            assert_eq!(stats.acknowledged, stats.started, "{stats:?}");
        }
    }
}

/// An attribute as text, for comparisons: strings as they are, everything else as it displays.
pub fn text(span: &SpanData, key: &str) -> Option<String> {
    wirespan::export::attribute(span, key).map(|value| value.as_str().into_owned())
}
