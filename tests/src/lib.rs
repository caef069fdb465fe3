//! The test kit: telemetry that is installed for one test at a time, and looked at afterwards.
//!
//! `wirespan::testing` is the kit for tests of traced functions. This one is for tests of the pipeline itself: there is one
//! active pipeline in a process, and tests run in parallel threads, so [`install`] waits for its turn. Every test that uses it
//! ends with the ledger checked: no span may be unaccounted for.
#![expect(clippy::missing_panics_doc, clippy::expect_used, reason = "a test kit fails by panicking")]

pub mod headers;
pub mod listed;
pub mod load;
pub mod look;

/// For tests that know the crate by another path.
pub use wirespan;

/// The programs of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

pub mod delivery;
pub mod exporter;
pub mod folder;
#[cfg(unix)]
pub mod forked;
#[cfg(target_os = "linux")]
pub mod mounts;
pub mod oracle;
pub mod receiver;
pub mod tailed;

use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::testing::{Span, Spans};
use wirespan::{Builder, MemoryExporter, Stats, Telemetry};

/// How long a test waits for the drain thread before it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Whether nothing is scaled down: waits take as long as in the wild (`WIRESPAN_WAITS=full`).
pub fn waits_in_full() -> bool {
    std::env::var("WIRESPAN_WAITS").is_ok_and(|waits| waits == "full")
}

static TURN: Mutex<()> = Mutex::new(());

thread_local! {
    /// Whether it is this thread's turn: it would wait for itself.
    static IS_MINE: Cell<bool> = const { Cell::new(false) };
}

/// This thread's turn to install telemetry, until it is dropped.
#[must_use = "the turn ends when this is dropped"]
pub struct Turn {
    _guard: MutexGuard<'static, ()>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        IS_MINE.set(false);
    }
}

/// Telemetry that is installed until this is dropped.
pub struct Installed {
    telemetry: Option<Telemetry>,
    exported: MemoryExporter,
    _turn: Turn,
}

/// Installs telemetry with the defaults and an exporter in memory.
///
/// # Panics
///
/// When this thread has telemetry installed, or has the [`turn`].
#[track_caller]
pub fn install() -> Installed {
    install_with(|builder| builder)
}

/// As [`install`], after `configure` has changed the builder. An exporter set there is replaced.
#[track_caller]
pub fn install_with(configure: impl FnOnce(Builder) -> Builder) -> Installed {
    let turn = turn();
    let exported = MemoryExporter::new();
    let telemetry =
        configure(wirespan::builder()).exporter(exported.clone()).install().expect("telemetry installs");
    Installed { telemetry: Some(telemetry), exported, _turn: turn }
}

/// Waits for this process's turn to install telemetry, for tests that do so themselves.
#[track_caller]
pub fn turn() -> Turn {
    assert!(!IS_MINE.get(), "this test has telemetry installed; drop it before the test installs it again");
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    IS_MINE.set(true);
    Turn { _guard: turn }
}

impl Installed {
    /// Every span that has ended so far.
    pub fn spans(&self) -> Spans {
        self.telemetry().flush(PATIENCE).expect("nothing is lost");
        self.exported.spans().into()
    }

    /// The one span of that name.
    #[track_caller]
    pub fn span(&self, name: &str) -> Span {
        self.spans().one(name)
    }

    /// As [`spans`](Self::spans), which are then forgotten: for a test that records many, one after the other.
    pub fn take(&self) -> Vec<SpanData> {
        let _ = self.spans();
        self.exported.take()
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
