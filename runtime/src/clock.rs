//! The clock: raw ticks on the caller's thread, wall-clock time on the drain thread.
//!
//! A tick is whatever the platform reads fastest (the time stamp counter where it is invariant), calibrated once by `quanta`
//! against the operating system's monotonic clock. Durations are differences of ticks, so they never run backwards; the
//! wall clock enters once for each drain, as an [`Anchor`], so a clock that is set does not bend the spans around it.
//! With the feature `testing`, a tick may be of a clock that a test has set (`testing/clock.rs`).

use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(feature = "testing")]
use crate::testing::clock as set;

/// See the module's documentation. Cheap to read: one counter read.
#[derive(Clone)]
pub(crate) struct Clock(#[cfg(not(miri))] quanta::Clock, #[cfg(miri)] std::time::Instant);

#[cfg(not(miri))]
impl Clock {
    /// Calibrates on first use in the process: 10 to 20 ms, 200 ms at most (`quanta`'s documentation).
    pub(crate) fn new() -> Self {
        Self(quanta::Clock::new())
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn raw(&self) -> u64 {
        self.0.raw()
    }

    fn raw_nanos_between(&self, start: u64, end: u64) -> u64 {
        self.0.delta_as_nanos(start, end)
    }
}

// Miri cannot read the time stamp counter.
#[cfg(miri)]
impl Clock {
    pub(crate) fn new() -> Self {
        Self(std::time::Instant::now())
    }

    fn raw(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    #[expect(clippy::unused_self, reason = "the real clock needs it")]
    fn raw_nanos_between(&self, start: u64, end: u64) -> u64 {
        end.saturating_sub(start)
    }
}

impl Clock {
    /// Now.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn ticks(&self) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(ticks) = set::now() {
            return ticks;
        }
        self.raw()
    }

    /// Now, in a span that started at `start`: by the same clock.
    #[cfg_attr(not(debug_assertions), inline)]
    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "there is one clock"))]
    pub(crate) fn ticks_after(&self, start: u64) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(ticks) = set::now_after(start) {
            return ticks;
        }
        self.raw()
    }

    /// Nanoseconds from one tick to a later one of the same clock.
    pub(crate) fn nanos_between(&self, start: u64, end: u64) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(nanos) = set::nanos_between(start, end) {
            return nanos;
        }
        self.raw_nanos_between(start, end)
    }

    /// Nanoseconds since the Unix epoch, now, in a span that started at `start`.
    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "there is one clock"))]
    pub(crate) fn unix_nanos_after(start: u64) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(nanos) = set::now_after(start).and_then(set::unix_nanos) {
            return nanos;
        }
        unix_nanos_now()
    }
}

/// Nanoseconds between the two ticks of an anchor that are close enough.
const CLOSE_ENOUGH: u64 = 5_000;

/// Nanoseconds by which an anchor may differ from the wall clock before another one is taken.
const AGREES: u64 = 1_000_000;

/// One moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Anchor {
    ticks: u64,
    unix_nanos: u64,
}

impl Clock {
    /// Now, on both clocks. A wall clock before 1970 counts as 1970.
    ///
    /// The wall clock is read between two ticks, a few times if need be: a thread that is put aside in between would shift
    /// every span of a drain.
    pub(crate) fn anchor(&self) -> Anchor {
        #[cfg(feature = "testing")]
        if crate::testing::router::is_installed() {
            // One for all drains: two would put spans that started right after each other in the wrong order.
            static FIRST: std::sync::OnceLock<Anchor> = std::sync::OnceLock::new();
            return *FIRST.get_or_init(|| self.read_anchor());
        }
        self.read_anchor()
    }

    /// The anchor for another drain: the one before, while it agrees with the wall clock, so that spans of two drains stay in the
    /// order of their ticks. A wall clock that was set, or that runs at another speed, is followed.
    pub(crate) fn anchor_after(&self, before: Option<Anchor>) -> Anchor {
        let now = self.anchor();
        match before {
            Some(before) if self.unix_nanos(now.ticks, &before).abs_diff(now.unix_nanos) < AGREES => before,
            _ => now,
        }
    }

    fn read_anchor(&self) -> Anchor {
        let read = || {
            let (before, unix_nanos, after) = (self.raw(), unix_nanos_now(), self.raw());
            (self.raw_nanos_between(before, after), Anchor { ticks: before.midpoint(after), unix_nanos })
        };
        let (mut gap, mut anchor) = read();
        for _ in 0..4 {
            if gap <= CLOSE_ENOUGH {
                break;
            }
            let again = read();
            if again.0 < gap {
                (gap, anchor) = again;
            }
        }
        anchor
    }

    /// Nanoseconds since the Unix epoch at `ticks`.
    pub(crate) fn unix_nanos(&self, ticks: u64, anchor: &Anchor) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(nanos) = set::unix_nanos(ticks) {
            return nanos;
        }
        if ticks >= anchor.ticks {
            anchor.unix_nanos.saturating_add(self.raw_nanos_between(anchor.ticks, ticks))
        } else {
            anchor.unix_nanos.saturating_sub(self.raw_nanos_between(ticks, anchor.ticks))
        }
    }
}

/// Nanoseconds since the Unix epoch, by the wall clock.
fn unix_nanos_now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_has_the_wall_time_at_which_it_was_read() {
        let clock = Clock::new();
        let before = unix_nanos_now();
        let tick = clock.ticks();
        std::thread::sleep(std::time::Duration::from_millis(5));
        let seen = clock.unix_nanos(tick, &clock.anchor());
        assert!(seen.abs_diff(before) < 3_000_000, "{seen} against {before}");
    }

    #[test]
    fn an_anchor_is_kept_while_it_agrees_with_the_wall_clock() {
        let clock = Clock::new();
        let first = clock.read_anchor();
        assert_eq!(clock.anchor_after(Some(first)), first);
        let set = Anchor { unix_nanos: first.unix_nanos - 3_600_000_000_000, ..first };
        assert!(clock.anchor_after(Some(set)).unix_nanos >= first.unix_nanos, "an hour was set back");
    }

    #[test]
    fn the_order_of_ticks_is_kept() {
        let clock = Clock::new();
        let (a, anchor, b) = (clock.ticks(), clock.anchor(), clock.ticks());
        assert!(clock.unix_nanos(a, &anchor) <= clock.unix_nanos(b, &anchor));
    }
}
