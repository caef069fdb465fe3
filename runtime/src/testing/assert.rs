//! How an assertion of the test kit fails: by a panic at the caller's place, with what it is about and the ledger.

use crate::setup::stats::{Report, Stats};

/// Fails the test.
#[track_caller]
#[expect(clippy::panic, reason = "assertions fail by panicking")]
pub(super) fn fail(message: &str) -> ! {
    panic!("{message}")
}

/// The ledger in one line.
pub(super) fn ledger(stats: &Stats) -> String {
    let now = Report::between(&Stats::default(), stats);
    format!("ledger of this process: {} started, {now}", stats.started)
}
