//! The clock: raw ticks on the caller's thread, wall-clock time on the drain thread.
//!
//! A tick is whatever the platform reads fastest (`counter`), and what it lasts is measured while the program runs (`rate`), so that
//! nobody waits for a calibration. Durations are differences of ticks, so they never run backwards; the wall clock enters once for
//! each drain, as an [`Anchor`], so a clock that is set does not bend the spans around it.
//! With the feature `testing`, a tick may be of a clock that a test has set (`testing/clock.rs`).

mod anchor;
mod counter;
mod rate;
#[cfg(test)]
mod tests;

use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(feature = "testing")]
use crate::testing::clock as set;

pub(crate) use anchor::Anchor;
use anchor::Moment;
use counter::Source;
use rate::METER;

/// See the module's documentation. Cheap to read: one counter read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock(Source);

impl Clock {
    /// The process's: all are the same. What ticks last is measured from the first one on.
    pub(crate) fn new() -> Self {
        let clock = Self(Source::of_process());
        clock.look();
        clock
    }

    /// Measures what ticks last, over the time since the first clock was made: when a pipeline is set up, before anything asks.
    pub(crate) fn look(self) {
        METER.look(self.0);
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn raw(self) -> u64 {
        self.0.read()
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn raw_nanos_between(self, start: u64, end: u64) -> u64 {
        METER.rate_at(self.0, end).nanos(end.saturating_sub(start))
    }
}

impl Clock {
    /// Whether a tick is read in place. Where the system is asked, that is a call; Miri is to see what is done where it is none.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_counter(self) -> bool {
        self.0.is_counter() || cfg!(miri)
    }

    /// Now.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn ticks(self) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(ticks) = set::now() {
            return ticks;
        }
        self.raw()
    }

    /// The same where a tick [is read in place](Self::is_counter), without asking again.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn counted() -> u64 {
        #[cfg(feature = "testing")]
        if let Some(ticks) = set::now() {
            return ticks;
        }
        counter::count()
    }

    /// The same, in a span that started at `start`: by the same clock.
    #[cfg_attr(not(debug_assertions), inline)]
    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "there is one clock"))]
    pub(crate) fn counted_after(start: u64) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(ticks) = set::now_after(start) {
            return ticks;
        }
        counter::count()
    }

    /// Now, in a span that started at `start`: by the same clock.
    #[cfg_attr(not(debug_assertions), inline)]
    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "there is one clock"))]
    pub(crate) fn ticks_after(self, start: u64) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(ticks) = set::now_after(start) {
            return ticks;
        }
        self.raw()
    }

    /// Nanoseconds from one tick to a later one of the same clock.
    pub(crate) fn nanos_between(self, start: u64, end: u64) -> u64 {
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

impl Clock {
    /// Now, on both clocks. A wall clock before 1970 counts as 1970.
    pub(crate) fn anchor(self) -> Anchor {
        Anchor::new(self.moment(), METER.rate_at(self.0, self.raw()))
    }

    /// The anchor for another drain: the one before, while it agrees with the wall clock, so that spans of two drains stay in the
    /// order of their ticks. A wall clock that was set, or that runs at another speed, is followed; not by a pipeline of tests, which
    /// compare spans.
    pub(crate) fn anchor_after(self, before: Option<&Anchor>) -> Anchor {
        self.look();
        let (now, rate) = (self.moment(), METER.rate());
        #[cfg(feature = "testing")]
        let follows = !crate::testing::router::is_installed();
        #[cfg(not(feature = "testing"))]
        let follows = true;
        match before {
            Some(before) if !follows || before.agrees(now) => before.bent(now.ticks, rate),
            _ => Anchor::new(now, rate),
        }
    }

    /// The visit for which it was made has ended: what comes later, another one converts.
    pub(crate) fn end_of_visit(self, anchor: &mut Anchor) {
        anchor.end(self.raw());
    }

    /// Now, on both clocks.
    ///
    /// The wall clock is read between two ticks, a few times if need be: a thread that is put aside in between would shift
    /// every span of a drain.
    fn moment(self) -> Moment {
        let read = || {
            let (before, unix_nanos, after) = (self.raw(), unix_nanos_now(), self.raw());
            (
                METER.rate().nanos(after.saturating_sub(before)),
                Moment { ticks: before.midpoint(after), unix_nanos },
            )
        };
        let (mut gap, mut moment) = read();
        for _ in 0..4 {
            if gap <= CLOSE_ENOUGH {
                break;
            }
            let again = read();
            if again.0 < gap {
                (gap, moment) = again;
            }
        }
        moment
    }
}

/// Nanoseconds since the Unix epoch, by the wall clock.
fn unix_nanos_now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}
