//! Measuring, by moments that a test has made up; the clock as a whole is in `clock/tests.rs`.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// A counter of 2.5 GHz, read within 50 ns.
const DOUBT: u64 = 63;

/// So many nanoseconds after the beginning.
fn moment(nanos: u64) -> Moment {
    Moment { ticks: 1_000_000 + nanos * 5 / 2, nanos: 700 + nanos, doubt: DOUBT }
}

/// A meter that has seen these moments.
fn measured(moments: impl IntoIterator<Item = Moment>) -> (Meter, Option<Seen>) {
    let (meter, mut seen) = (Meter::new(), None);
    for moment in moments {
        meter.learn(&mut seen, moment);
    }
    (meter, seen)
}

/// What it says of a second of that counter.
fn second(meter: &Meter) -> u64 {
    meter.rate().nanos(2_500_000_000)
}

#[test]
fn two_moments_are_a_rate() {
    let (meter, _) = measured([moment(0), moment(1_000)]);
    assert_eq!(second(&meter), 1_000_000_000);
}

#[test]
fn a_rate_is_better_than_its_moments_allow() {
    // Both are as wrong as they may be, in the direction that makes it worst.
    for (of, nanos) in [(0, 20_000), (1, 1_000_000), (2, 1_000_000_000), (3, 86_400_000_000_000)] {
        let mut late = moment(nanos);
        late.ticks += 2 * DOUBT;
        let (meter, seen) = measured([moment(0), late]);
        let (found, doubt) = (second(&meter), seen.unwrap().doubt.unwrap());
        let wrong = found.abs_diff(1_000_000_000);
        assert!(wrong <= doubt.nanos(2_500_000_000) + 1, "{of}: {wrong} of {doubt:?}");
        // What lies between both is never wrong by more than the doubts: 2 * 63 ticks, 51 ns.
        assert!(meter.rate().nanos(nanos * 5 / 2).abs_diff(nanos) <= 51, "{of}");
    }
}

#[test]
fn it_is_measured_again_when_the_time_has_doubled() {
    let (meter, mut seen) = measured([moment(0), moment(1_000_000)]);
    let due = meter.due.load(Ordering::Relaxed);
    assert_eq!(due, moment(2_000_000).ticks);
    let first = meter.rate();
    let mut wrong = moment(1_999_999);
    wrong.ticks -= 40;
    meter.learn(&mut seen, wrong);
    assert_eq!(meter.rate(), first, "not yet");
    let mut better = moment(2_000_000);
    better.ticks += 1;
    meter.learn(&mut seen, better);
    assert_ne!(meter.rate(), first);
    assert_eq!(meter.due.load(Ordering::Relaxed), 2 * better.ticks - moment(0).ticks);
}

#[test]
fn a_year_takes_some_forty_looks() {
    let (meter, mut seen) = measured([moment(0), moment(20_000)]);
    let (mut looks, mut now) = (0, 20_000_u64);
    while now < 365 * 86_400 * 1_000_000_000 {
        now += now / 100;
        if moment(now).ticks >= meter.due.load(Ordering::Relaxed) {
            meter.learn(&mut seen, moment(now));
            looks += 1;
        }
    }
    assert!((35..=45).contains(&looks), "{looks}");
    assert_eq!(second(&meter), 1_000_000_000);
}

#[test]
fn a_moment_in_which_the_thread_was_put_aside_makes_no_rate_worse() {
    let (meter, mut seen) = measured([moment(0), moment(1_000_000)]);
    let good = meter.rate();
    let mut bad = moment(3_000_000);
    (bad.ticks, bad.doubt) = (bad.ticks + 1_000_000, 1_000_001);
    meter.learn(&mut seen, bad);
    assert_eq!(meter.rate(), good);
    assert!(meter.due.load(Ordering::Relaxed) > bad.ticks, "nobody looks again at once");
    meter.learn(&mut seen, moment(5_000_000));
    assert_eq!(second(&meter), 1_000_000_000);
}

#[test]
fn a_counter_that_went_on_while_the_system_slept_keeps_its_rate() {
    let (meter, mut seen) = measured([moment(0), moment(1_000_000_000)]);
    let asleep = |nanos| Moment { ticks: moment(nanos + 3_600_000_000_000).ticks, ..moment(nanos) };
    meter.learn(&mut seen, asleep(4_000_000_000));
    assert_eq!(second(&meter), 1_000_000_000);
    for millis in 4_001..4_100 {
        meter.learn(&mut seen, asleep(millis * 1_000_000));
        assert_eq!(second(&meter), 1_000_000_000);
    }
}

#[test]
fn a_counter_that_began_anew_is_measured_anew() {
    let (meter, mut seen) = measured([moment(0), moment(1_000_000_000)]);
    let reset = |nanos: u64| Moment { ticks: nanos * 5 / 2, ..moment(10_000_000_000 + nanos) };
    meter.learn(&mut seen, reset(0));
    assert_eq!(second(&meter), 1_000_000_000);
    meter.learn(&mut seen, reset(1_500_000));
    assert_eq!(second(&meter), 1_000_000_000);
    assert_eq!(seen.unwrap().first.ticks, 0);
}

#[test]
fn a_machine_with_another_counter_is_measured_anew() {
    let (meter, mut seen) = measured([moment(0), moment(1_000_000_000)]);
    let faster = |nanos: u64| {
        let before = moment(1_000_000_000);
        Moment { ticks: before.ticks + nanos * 3, nanos: before.nanos + nanos, doubt: DOUBT }
    };
    meter.learn(&mut seen, faster(1_000_000));
    assert_eq!(second(&meter), 1_000_000_000, "the last rate, until there is another one");
    meter.learn(&mut seen, faster(4_000_000));
    assert_eq!(meter.rate().nanos(3_000_000_000), 1_000_000_000);
}

#[test]
fn a_counter_of_another_processor_may_be_behind() {
    let (meter, mut seen) = measured([moment(0), moment(1_000_000_000)]);
    let mut behind = moment(1_000_000_100);
    behind.ticks -= 5_000;
    meter.learn(&mut seen, behind);
    meter.learn(&mut seen, moment(2_000_000_000));
    assert_eq!(seen.unwrap().first.nanos, moment(0).nanos, "measuring goes on");
    assert_eq!(second(&meter), 1_000_000_000);
}

#[test]
fn a_child_of_a_fork_goes_on_with_the_rate_that_there_is() {
    let (meter, seen) = measured([moment(0), moment(1_000_000_000)]);
    let meter = Meter { seen: Mutex::new(seen), ..meter };
    let held = meter.seen.lock().unwrap();
    let rate = meter.rate_at(Source::of_process(), u64::MAX);
    assert_eq!(rate.nanos(2_500_000_000), 1_000_000_000);
    drop(held);
}

#[test]
fn what_the_system_counts_is_nanoseconds() {
    let (meter, source) = (Meter::new(), Source::of_system());
    for _ in 0..3 {
        meter.look(source);
    }
    assert_eq!(meter.rate_at(source, u64::MAX - 1), Rate::ONE);
    assert!(meter.seen.lock().unwrap().is_none());
}

#[test]
fn the_first_conversions_of_all_are_as_exact_as_their_moments() {
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap();
    for micros in [20, 200, 2_000, 20_000] {
        let (meter, source) = (Meter::new(), Source::of_process());
        meter.look(source);
        let outer = Instant::now();
        let start = source.read();
        let inner = Instant::now();
        while inner.elapsed() < Duration::from_micros(micros) {}
        let least = nanos(inner.elapsed());
        let end = source.read();
        let most = nanos(outer.elapsed());
        let rate = meter.rate_at(source, end);
        let doubts = meter.seen.lock().unwrap().as_ref().map_or(0, |seen| seen.first.doubt + seen.last.doubt);
        // The span lies between both moments.
        let (measured, allowed) = (rate.nanos(end - start), rate.nanos(doubts) + 2);
        assert!(
            least - allowed <= measured && measured <= most + allowed,
            "{least} {measured} {most} {allowed}"
        );
    }
}

#[test]
fn moments_of_now_are_near_each_other() {
    let source = Source::of_process();
    let (first, second) = (Moment::now(source), Moment::now(source));
    assert!(first.ticks <= second.ticks && first.nanos <= second.nanos, "{first:?} {second:?}");
}

proptest! {
    #[test]
    fn the_arithmetic_is_that_of_exact_numbers(nanos: u64, ticks in 1..=u64::MAX, of: u64) {
        let rate = Rate::of(nanos, ticks).unwrap();
        let exact = ((u128::from(nanos) << POINT) + u128::from(ticks / 2)) / u128::from(ticks);
        prop_assert_eq!(u128::from(rate.0), exact.min(u128::from(u64::MAX)));
        let exact = (u128::from(of) * u128::from(rate.0) + (1 << 47)) >> 48;
        prop_assert_eq!(u128::from(rate.nanos(of)), exact.min(u128::from(u64::MAX)));
    }

    #[test]
    fn a_rate_gives_back_the_time_over_which_it_was_measured(nanos in 1..1u64 << 55, speed in 1..4_000u64) {
        // 16 MHz to 64 GHz. The rate was rounded by half a unit, and what comes back by half a nanosecond.
        let ticks = nanos.saturating_mul(16 * speed) / 1_000 + 1;
        let back = Rate::of(nanos, ticks).unwrap().nanos(ticks);
        prop_assert!(nanos.abs_diff(back) <= (ticks >> POINT) + 1, "{} {}", back, nanos);
    }

    #[test]
    fn more_ticks_never_take_less_time(rate: u64, few: u64, more: u64) {
        let (few, more) = (few.min(more), few.max(more));
        prop_assert!(Rate(rate).nanos(few) <= Rate(rate).nanos(more));
    }

    #[test]
    fn no_moments_whatever_make_it_panic(moments in prop::collection::vec((any::<u64>(), any::<u64>(), any::<u64>()), 0..20)) {
        let (meter, _) = measured(moments.into_iter().map(|(ticks, nanos, doubt)| Moment { ticks, nanos, doubt }));
        let _ = meter.rate().nanos(u64::MAX);
    }
}
