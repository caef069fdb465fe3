//! The clock as a whole: what it says beside the system's clocks.

use std::time::{Duration, Instant};

use super::*;

#[test]
fn a_tick_has_the_wall_time_at_which_it_was_read() {
    let clock = Clock::new();
    let before = unix_nanos_now();
    let tick = clock.ticks();
    std::thread::sleep(Duration::from_millis(5));
    let seen = clock.anchor().unix_nanos(tick);
    assert!(seen.abs_diff(before) < 3_000_000, "{seen} against {before}");
}

#[test]
fn an_anchor_is_kept_while_it_agrees_with_the_wall_clock() {
    let clock = Clock::new();
    let first = clock.anchor_after(None);
    let tick = clock.ticks();
    let next = clock.anchor_after(Some(&first));
    assert_eq!(next.unix_nanos(tick), first.unix_nanos(tick));
    let now = clock.moment();
    let set = Moment { unix_nanos: now.unix_nanos - 3_600_000_000_000, ..now };
    let followed = clock.anchor_after(Some(&Anchor::new(set, METER.rate())));
    assert!(followed.unix_nanos(now.ticks).abs_diff(now.unix_nanos) < 1_000_000, "an hour was set back");
}

#[test]
fn the_order_of_ticks_is_kept() {
    let clock = Clock::new();
    let (a, anchor, b) = (clock.ticks(), clock.anchor(), clock.ticks());
    assert!(anchor.unix_nanos(a) <= anchor.unix_nanos(b));
}

/// By how much a duration of a span that ends now is wrong at most, where the system's clock is read within `gap` nanoseconds.
fn documented(gap: u64) -> u64 {
    4 * gap + 100
}

/// A span around `wait`: its length by ticks, by an anchor that was there before and one that came after, and the shortest and
/// longest that it can have been by the system's clock.
fn span(clock: Clock, wait: Duration) -> ([u64; 2], [u64; 2]) {
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap();
    let mut before = clock.anchor_after(None);
    clock.end_of_visit(&mut before);
    let outer = Instant::now();
    let start = clock.ticks();
    let inner = Instant::now();
    std::thread::sleep(wait);
    let least = inner.elapsed();
    let end = clock.ticks();
    let most = outer.elapsed();
    let after = clock.anchor_after(Some(&before));
    let by_anchor = after.unix_nanos(end) - after.unix_nanos(start);
    ([clock.nanos_between(start, end), by_anchor], [nanos(least), nanos(most)])
}

#[test]
fn durations_are_those_of_the_system_clock() {
    let clock = Clock::new();
    for millis in [1, 1, 10, 100, 1_000] {
        let (measured, [least, most]) = span(clock, Duration::from_millis(millis));
        // What the system steers its own clock by meanwhile is not the counter's error.
        let steered = least / 10_000;
        for nanos in measured {
            let allowed = documented(most - least) + steered;
            assert!(
                least.saturating_sub(allowed) <= nanos && nanos <= most + allowed,
                "{measured:?} is not in {least}..{most} by {allowed} for {millis} ms"
            );
        }
    }
}

#[test]
fn durations_are_never_negative() {
    let clock = Clock::new();
    let anchor = clock.anchor_after(None);
    let (early, late) = (clock.ticks(), clock.ticks() + 1_000);
    // A counter of another processor may be behind.
    assert_eq!(clock.nanos_between(late, early), 0);
    assert_eq!(clock.nanos_between(early, early), 0);
    assert!(anchor.unix_nanos(early) <= anchor.unix_nanos(late));
}

#[test]
fn clocks_of_one_process_have_the_same_ticks() {
    let (first, second) = (Clock::new(), Clock::new());
    let (a, b, c) = (first.ticks(), second.ticks(), first.ticks());
    assert!(a <= b && b <= c, "{a} {b} {c}");
}
