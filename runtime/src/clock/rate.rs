//! How long a tick lasts: what went by on the system's monotonic clock over what went by on the counter.
//!
//! Nobody waits for that. A *moment* is both clocks read at once, with a doubt of half the time between two readings of the counter:
//! tens of nanoseconds. The first is taken when the process makes its first clock, the next ones where a rate is asked for and the
//! time since the first has doubled, some forty times in a year. So whatever is converted lies within twice the time over which the
//! rate was measured, and is wrong by at most four times the doubt, however short that time or long the span.
//!
//! Each visit of the drain also compares what went by on both since the last look. Where that disagrees (one stood still while the
//! machine was suspended, another machine took this one over) measuring begins anew, and the last rate is good meanwhile.

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, TryLockError};

use super::counter::{Source, system_nanos};

/// Bits of a rate behind the point.
const POINT: u32 = 48;
/// What is rounded up.
const HALF: u128 = 1 << (POINT - 1);

/// The time over which a rate is measured first when measuring began anew: in nanoseconds.
const ANEW: u64 = 1_000_000;

/// Nanoseconds by which counters of two processors may differ.
const APART: u64 = 10_000;

/// The part by which two clocks that run may disagree: systems steer theirs by a thousandth at the utmost.
const STEERED: u64 = 500;

/// Nanoseconds in a tick, times 2^48: for counters of 16 kHz and more, and exact to a nanosecond in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate(u64);

impl Rate {
    /// A tick is a nanosecond.
    pub(super) const ONE: Self = Self(1 << POINT);

    /// Of ticks that took so long together; `None` when there are none.
    pub(super) fn of(nanos: u64, ticks: u64) -> Option<Self> {
        let rate = ((u128::from(nanos) << POINT) + u128::from(ticks / 2)).checked_div(u128::from(ticks))?;
        Some(Self(u64::try_from(rate).unwrap_or(u64::MAX)))
    }

    /// How long so many ticks take.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn nanos(self, ticks: u64) -> u64 {
        u64::try_from((u128::from(ticks) * u128::from(self.0) + HALF) >> POINT).unwrap_or(u64::MAX)
    }

    /// How many ticks that takes.
    fn ticks(self, nanos: u64) -> u64 {
        let ticks = (u128::from(nanos) << POINT).checked_div(u128::from(self.0)).unwrap_or_default();
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }
}

/// One moment on both clocks.
#[derive(Debug, Clone, Copy)]
struct Moment {
    ticks: u64,
    nanos: u64,
    /// By so many ticks it may be another moment on one than on the other.
    doubt: u64,
}

impl Moment {
    /// Now. Of a few looks the closest: a thread may be put aside in the middle of one.
    fn now(source: Source) -> Self {
        let look = || {
            let (before, nanos, after) = (source.read(), system_nanos(), source.read());
            Self { ticks: before.midpoint(after), nanos, doubt: after.saturating_sub(before) / 2 + 1 }
        };
        let first = look();
        (0..4).map(|_| look()).fold(first, |best, next| if next.doubt < best.doubt { next } else { best })
    }
}

/// What was seen so far.
#[derive(Debug)]
struct Seen {
    /// Where measuring began.
    first: Moment,
    last: Moment,
    /// By how much the rate may be wrong; `None` where it is of another time.
    doubt: Option<Rate>,
}

impl Seen {
    /// Measuring begins at that moment.
    fn from(first: Moment) -> Self {
        Self { first, last: first, doubt: None }
    }

    /// Whether as much went by on both clocks since the last look.
    fn agrees(&self, rate: Rate, now: Moment) -> bool {
        let Some(doubt) = self.doubt else { return now.ticks >= self.first.ticks };
        let ticks = now.ticks.abs_diff(self.last.ticks);
        let span = rate.nanos(ticks);
        let expected = if now.ticks < self.last.ticks { -i128::from(span) } else { i128::from(span) };
        let seen = i128::from(now.nanos) - i128::from(self.last.nanos);
        let doubts = rate.nanos(now.doubt.saturating_add(self.last.doubt));
        let allowed = u128::from(APART)
            + u128::from(doubts)
            + u128::from(span / STEERED)
            + u128::from(doubt.nanos(ticks));
        expected.abs_diff(seen) <= allowed
    }

    /// The rate since measuring began, and by how much it may be wrong.
    fn rate_to(&self, now: Moment) -> Option<(Rate, Rate)> {
        let ticks = now.ticks.checked_sub(self.first.ticks)?;
        let rate = Rate::of(now.nanos.checked_sub(self.first.nanos)?, ticks)?;
        // What was rounded counts, too.
        let doubt =
            Rate::of(rate.nanos(self.first.doubt.saturating_add(now.doubt)).saturating_add(1), ticks)?;
        Some((rate, doubt))
    }
}

/// Measures a source of ticks. Asking is two loads, and waits for nobody: where the process forked while a thread was looking, its child
/// goes on with the rate that there is.
#[derive(Debug)]
pub(super) struct Meter {
    rate: AtomicU64,
    /// The tick from which on another look is taken.
    due: AtomicU64,
    seen: Mutex<Option<Seen>>,
}

/// The process's.
pub(super) static METER: Meter = Meter::new();

impl Meter {
    const fn new() -> Self {
        Self { rate: AtomicU64::new(Rate::ONE.0), due: AtomicU64::new(u64::MAX), seen: Mutex::new(None) }
    }

    /// As far as it is known by now.
    pub(super) fn rate(&self) -> Rate {
        Rate(self.rate.load(Ordering::Relaxed))
    }

    /// For what has ended at the tick `end`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn rate_at(&self, source: Source, end: u64) -> Rate {
        if end >= self.due.load(Ordering::Relaxed) {
            self.look(source);
        }
        self.rate()
    }

    /// Compares the two clocks now, unless another thread is about it.
    #[cold]
    #[inline(never)]
    pub(super) fn look(&self, source: Source) {
        if !source.is_counter() {
            return;
        }
        let mut seen = match self.seen.try_lock() {
            Ok(seen) => seen,
            Err(TryLockError::Poisoned(seen)) => seen.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        self.learn(&mut seen, Moment::now(source));
    }

    fn learn(&self, seen: &mut Option<Seen>, now: Moment) {
        let rate = self.rate();
        let Some(so_far) = seen else {
            *seen = Some(Seen::from(now));
            return self.wait_until(now.ticks);
        };
        if !so_far.agrees(rate, now) {
            *so_far = Seen::from(now);
            return self.wait_until(now.ticks.saturating_add(rate.ticks(ANEW)));
        }
        so_far.last = now;
        if now.ticks < self.due.load(Ordering::Relaxed) {
            return;
        }
        let since = now.ticks.saturating_sub(so_far.first.ticks);
        match so_far.rate_to(now) {
            Some((rate, doubt)) if so_far.doubt.is_none_or(|before| doubt.0 <= before.0) => {
                so_far.doubt = Some(doubt);
                self.rate.store(rate.0, Ordering::Relaxed);
                self.wait_until(now.ticks.saturating_add(since));
            }
            // The thread was put aside at each look.
            _ => self.wait_until(now.ticks.saturating_add(since / 8)),
        }
    }

    fn wait_until(&self, ticks: u64) {
        self.due.store(ticks, Ordering::Relaxed);
    }
}
