//! What became of measurements and data points: counted where it happens, observed by our own instruments.

use std::sync::atomic::{AtomicU64, Ordering};

/// Of one installed provider.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Measurements that were no numbers or infinite, and data points that came to be.
    pub(crate) not_finite: AtomicU64,
    /// Data points over what OTLP can say: 2^63 and more.
    pub(crate) too_large: AtomicU64,
    /// Calls of observable instruments' callbacks that panicked.
    pub(crate) callback_panicked: AtomicU64,
    /// Data points that were delivered.
    pub(crate) exported: AtomicU64,
    /// Data points that were refused or not delivered in time.
    pub(crate) failed: AtomicU64,
    /// Data points that the receiver rejected one by one.
    pub(crate) rejected: AtomicU64,
}

impl Counts {
    pub(crate) fn add(count: &AtomicU64, n: u64) {
        count.fetch_add(n, Ordering::Relaxed);
    }

    pub(crate) fn get(count: &AtomicU64) -> u64 {
        count.load(Ordering::Relaxed)
    }
}
