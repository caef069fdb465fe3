//! What a span costs its caller: wirespan and its peers, doing the same work in the same run.
//!
//! A *stack* is one way to trace a function (`stack`), a *case* one shape of function (`case`), a *burst* a thousand calls
//! inside an active parent, timed as one block (`burst`). A *round* runs every stack once, each in a process of its own
//! because tracing libraries install themselves globally (`round`); `report` puts the rounds together. The binaries are
//! `benches/overhead.rs`, `benches/flatout.rs` and `src/bin/hot.rs`. What an attribute costs to compile is another matter:
//! `compile`, and `benches/compile.rs`; so is what it costs to deliver: `export`, and `benches/export.rs`.
//!
//! What favours the peers, so that a ratio in our favour is no artefact: `opentelemetry_sdk` gets the parameters as
//! attributes and nothing else (no code location, no status), and the exporters of all of them only count.

pub mod allocations;
pub mod burst;
pub mod case;
pub mod compile;
#[cfg(feature = "ours")]
pub mod export;
pub mod exporter;
pub mod report;
pub mod round;
pub mod stack;

/// What anything here fails with: its text is printed and the process ends.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// A result whose error is only printed.
pub type Result<T> = std::result::Result<T, Error>;
