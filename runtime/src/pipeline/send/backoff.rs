//! When the next attempt may be made, after one that failed: exponential, with jitter, or when the receiver says.
//!
//! There is one receiver, so there is one such state: while it is down, one request asks whether it is up again.

use std::time::{Duration, Instant};

use rand::Rng as _;
use rand::rngs::SmallRng;

/// The first wait.
const FIRST: Duration = Duration::from_millis(100);
/// The longest wait, but for one that the receiver asks for.
const LONGEST: Duration = Duration::from_secs(5);
/// The wait where the receiver says that we may not send.
pub(crate) const DENIED: Duration = Duration::from_secs(60);

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct Backoff {
    failures: u32,
    not_before: Option<Instant>,
    /// The receiver's own wait is kept to also when someone is in a hurry.
    asked_for: bool,
    random: SmallRng,
}

impl Backoff {
    pub(crate) fn new(random: SmallRng) -> Self {
        Self { failures: 0, not_before: None, asked_for: false, random }
    }

    /// An attempt succeeded.
    pub(crate) fn succeeded(&mut self) {
        (self.failures, self.not_before, self.asked_for) = (0, None, false);
    }

    /// An attempt failed; `after` is the wait that the receiver asks for.
    pub(crate) fn failed(&mut self, now: Instant, after: Option<Duration>) {
        // Of requests that were under way together the first one counts.
        if self.not_before.is_some_and(|not_before| now < not_before) && after.is_none() {
            return;
        }
        let wait = after.unwrap_or_else(|| {
            let full = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
            // Half of it is left to chance, so that many processes do not come back at once.
            full.mul_f64(self.random.random_range(0.5..=1.0))
        });
        self.failures = self.failures.saturating_add(1);
        let until = now + wait;
        if self.not_before.is_none_or(|earlier| until > earlier) {
            (self.not_before, self.asked_for) = (Some(until), after.is_some());
        }
    }

    /// Someone waits: an attempt may be made at once, unless the receiver asked for more time.
    pub(crate) fn hurry(&mut self, now: Instant) {
        if !self.asked_for && self.not_before.is_some() {
            self.not_before = Some(now);
        }
    }

    /// Whether the last attempt failed.
    pub(crate) fn is_down(&self) -> bool {
        self.not_before.is_some()
    }

    /// When the next attempt may be made; `None` for at once.
    pub(crate) fn not_before(&self) -> Option<Instant> {
        self.not_before
    }

    /// Requests that may be under way now: `all` of them, one that asks whether the receiver is up again, or none.
    pub(crate) fn allowed(&self, now: Instant, all: usize) -> usize {
        match self.not_before {
            None => all,
            Some(not_before) if now >= not_before => 1,
            Some(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    fn backoff() -> Backoff {
        Backoff::new(SmallRng::seed_from_u64(7))
    }

    #[test]
    fn waits_grow_up_to_a_bound_and_are_never_shorter_than_half_of_it() {
        let (mut backoff, mut now) = (backoff(), Instant::now());
        let mut full = FIRST;
        for _ in 0..20 {
            backoff.failed(now, None);
            let wait = backoff.not_before().expect("a failure") - now;
            assert!(wait >= full / 2 && wait <= full, "{wait:?} of {full:?}");
            full = (full * 2).min(LONGEST);
            now += wait;
        }
    }

    #[test]
    fn failures_of_requests_that_were_under_way_together_count_once() {
        let (mut backoff, now) = (backoff(), Instant::now());
        backoff.failed(now, None);
        let first = backoff.not_before();
        backoff.failed(now, None);
        assert_eq!(backoff.not_before(), first);
    }

    #[test]
    fn a_wait_that_the_receiver_asks_for_is_kept_to_by_everyone() {
        let (mut backoff, now) = (backoff(), Instant::now());
        let asked = Duration::from_secs(15);
        backoff.failed(now, Some(asked));
        backoff.hurry(now);
        assert_eq!(backoff.allowed(now + Duration::from_millis(14_999), 4), 0);
        assert_eq!(backoff.allowed(now + asked, 4), 1, "one asks first");
        backoff.succeeded();
        assert_eq!(backoff.allowed(now, 4), 4);
    }

    #[test]
    fn who_waits_for_a_flush_need_not_wait_for_our_own_patience() {
        let (mut backoff, now) = (backoff(), Instant::now());
        backoff.failed(now, None);
        assert_eq!(backoff.allowed(now, 4), 0);
        backoff.hurry(now);
        assert_eq!(backoff.allowed(now, 4), 1);
    }
}
