//! Wall-clock time of ticks, for the drain.
//!
//! An anchor is a line from visit to visit, with a bend where a visit knew a better rate of the ticks than the one before. It bends where
//! the visit before ended: what that one has converted would be the same now, so spans of two visits stay in the order of
//! their ticks, and what came since goes by a rate that was measured over that time. Only where the line has left the wall clock,
//! because that was set or runs at another speed, another one begins there.

use std::sync::Arc;

use super::rate::Rate;

/// Nanoseconds by which an anchor may differ from the wall clock before another one is taken.
const AGREES: u64 = 1_000_000;

/// Bends that are remembered. Rates change when the time over which they were measured has doubled.
const BENDS: usize = 64;

/// One moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) ticks: u64,
    pub(super) unix_nanos: u64,
}

/// A moment, and the rate from there on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bend {
    at: Moment,
    rate: Rate,
}

impl Bend {
    #[cfg_attr(not(debug_assertions), inline)]
    fn unix_nanos(&self, ticks: u64) -> u64 {
        let Moment { ticks: from, unix_nanos } = self.at;
        if ticks >= from {
            unix_nanos.saturating_add(self.rate.nanos(ticks - from))
        } else {
            unix_nanos.saturating_sub(self.rate.nanos(from - ticks))
        }
    }
}

/// See the module's documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    last: Bend,
    /// Oldest first.
    before: Arc<[Bend]>,
    /// No later tick has been converted; `None` while the visit goes on.
    ended: Option<u64>,
}

impl Anchor {
    pub(super) fn new(at: Moment, rate: Rate) -> Self {
        Self { last: Bend { at, rate }, before: Arc::default(), ended: None }
    }

    /// Nanoseconds since the Unix epoch at `ticks`, which before the first bend went by as after it.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn unix_nanos(&self, ticks: u64) -> u64 {
        #[cfg(feature = "testing")]
        if let Some(nanos) = crate::testing::clock::unix_nanos(ticks) {
            return nanos;
        }
        if ticks >= self.last.at.ticks {
            return self.last.unix_nanos(ticks);
        }
        self.unix_nanos_before(ticks)
    }

    #[cold]
    fn unix_nanos_before(&self, ticks: u64) -> u64 {
        let bend = self.before.iter().rev().find(|bend| bend.at.ticks <= ticks);
        bend.or(self.before.first()).unwrap_or(&self.last).unix_nanos(ticks)
    }

    /// Whether it says of that moment what the wall clock says.
    pub(super) fn agrees(&self, now: Moment) -> bool {
        self.unix_nanos(now.ticks).abs_diff(now.unix_nanos) < AGREES
    }

    /// The visit has ended.
    pub(super) fn end(&mut self, now: u64) {
        self.ended = Some(now);
    }

    /// For a visit that begins at the tick `now`, with that rate from the end of the one before.
    pub(super) fn bent(&self, now: u64, rate: Rate) -> Self {
        let from = self.ended.map_or(now, |ended| ended.min(now));
        if rate == self.last.rate || from <= self.last.at.ticks {
            return Self { ended: None, ..self.clone() };
        }
        let forgotten = (self.before.len() + 1).saturating_sub(BENDS);
        let at = Moment { ticks: from, unix_nanos: self.unix_nanos(from) };
        let before = self.before.iter().skip(forgotten).chain([&self.last]).copied().collect();
        Self { last: Bend { at, rate }, before, ended: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(nanos: u64, ticks: u64) -> Rate {
        Rate::of(nanos, ticks).unwrap()
    }

    #[test]
    fn what_a_visit_has_converted_the_next_one_converts_to_the_same() {
        let first = Anchor::new(Moment { ticks: 1_000, unix_nanos: 5_000_000 }, rate(1, 2));
        let second = first.bent(3_000, rate(3, 5));
        assert_eq!([0, 1_000, 3_000].map(|ticks| first.unix_nanos(ticks)), [4_999_500, 5_000_000, 5_001_000]);
        for ticks in [0, 998, 1_000, 1_001, 2_999, 3_000] {
            assert_eq!(second.unix_nanos(ticks), first.unix_nanos(ticks), "{ticks}");
        }
        assert_eq!(second.unix_nanos(3_005), 5_001_003, "and goes on by the new rate");
    }

    #[test]
    fn a_better_rate_counts_from_where_the_visit_before_has_ended() {
        let mut first = Anchor::new(Moment { ticks: 1_000, unix_nanos: 5_000_000 }, rate(1, 2));
        first.end(2_000);
        let second = first.bent(1_000_000, rate(1, 1));
        assert_eq!(
            [1_500, 2_000, 3_000].map(|ticks| second.unix_nanos(ticks)),
            [5_000_250, 5_000_500, 5_001_500]
        );
        // One that did not end (its exporter panicked) may have converted anything up to now.
        let first = Anchor::new(Moment { ticks: 1_000, unix_nanos: 5_000_000 }, rate(1, 2));
        assert_eq!(first.bent(3_000, rate(1, 1)).unix_nanos(3_000), first.unix_nanos(3_000));
    }

    #[test]
    fn a_visit_that_knows_nothing_new_or_reads_a_tick_of_before_bends_nothing() {
        let first = Anchor::new(Moment { ticks: 1_000, unix_nanos: 5_000_000 }, rate(1, 2));
        assert_eq!(first.bent(3_000, rate(1, 2)), first);
        assert_eq!(first.bent(1_000, rate(2, 3)), first);
        assert_eq!(first.bent(10, rate(2, 3)), first);
    }

    #[test]
    fn a_line_remembers_so_many_bends() {
        let mut anchor = Anchor::new(Moment { ticks: 0, unix_nanos: 0 }, Rate::ONE);
        for number in 1..1_000 {
            anchor = anchor.bent(number * 10, rate(100 + number % 7, 100));
        }
        assert_eq!(anchor.before.len(), BENDS);
    }

    proptest! {
        #[test]
        fn time_never_goes_back_and_stays_as_it_was_converted(
            start in (0..1u64 << 60, 0..1u64 << 60),
            visits in prop::collection::vec((1..1u64 << 40, 0..1u64 << 40, 1..1u64 << 30, 1..1u64 << 30), 1..40),
            pairs in prop::collection::vec((0.0..1.0f64, 0..1u64 << 45), 1..40),
        ) {
            let mut anchor = Anchor::new(Moment { ticks: start.0, unix_nanos: start.1 }, Rate::ONE);
            let mut now = start.0;
            for (later, long, nanos, ticks) in visits {
                let before = anchor.clone();
                anchor = anchor.bent(now + later, rate(nanos, ticks));
                for (place, apart) in &pairs {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "some tick")]
                    let tick = (*place * now as f64) as u64;
                    prop_assert!(tick > now || anchor.unix_nanos(tick) == before.unix_nanos(tick));
                    prop_assert!(anchor.unix_nanos(tick) <= anchor.unix_nanos(tick + apart));
                }
                now += later + long;
                anchor.end(now);
            }
        }
    }
}
