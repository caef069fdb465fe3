//! The cells of a function: what goes in comes out, in the same buckets, as long together.

use proptest::prelude::*;

use super::cells::{BOUNDS, Site};
use crate::callsite::{Callsite, Cancel, Kind, Options, Source, Subject};
use crate::filter::Level;
use crate::measure_outcome::Outcome;

static CALLSITE: Callsite = Callsite::new(
    Source { function: "f", module: "m", file: "f.rs", line: 1, package: None, version: None },
    Options {
        name: None,
        kind: Kind::Internal,
        level: Level::Info,
        receiver: false,
        parameters: "",
        limits: crate::capture::output::Limits::of_record(1024),
        max_span: 8192,
        cancel: Cancel::Unset,
    },
);

fn site() -> &'static Site {
    Box::leak(Box::default())
}

fn of<T>() -> Subject {
    std::any::type_name::<T>
}

fn bucket(nanos: u64) -> usize {
    BOUNDS.partition_point(|bound| *bound < nanos)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn durations_come_out_in_the_same_buckets_and_as_long_together(
        given in proptest::collection::vec((0_u32..42, 0_u64..1000), 1..60)
    ) {
        // From nanoseconds to hours, and at both sides of each bound.
        let nanos: Vec<u64> = given
            .iter()
            .map(|&(power, more)| (1_u64 << power).saturating_add(more))
            .chain(given.iter().map(|(at, more)| BOUNDS[*at as usize % BOUNDS.len()] + more % 2))
            .collect();
        let cells = site().cells(&CALLSITE, of::<u8>());
        for nanos in &nanos {
            cells.record(Outcome::Ok, *nanos);
        }
        let mut counts = vec![0_u64; BOUNDS.len() + 1];
        let (mut sum, mut least, mut most) = (0, u64::MAX, 0);
        cells.take(Outcome::Ok as usize).unwrap().durations(|nanos, times| {
            counts[bucket(nanos)] += times;
            sum += nanos * times;
            (least, most) = (least.min(nanos), most.max(nanos));
        });
        let mut expected = vec![0_u64; BOUNDS.len() + 1];
        for nanos in &nanos {
            expected[bucket(*nanos)] += 1;
        }
        prop_assert_eq!(counts, expected);
        prop_assert_eq!(sum, nanos.iter().sum::<u64>());
        // The extremes stand for themselves, but where the others of their bucket could not make up for it.
        prop_assert!(least >= *nanos.iter().min().unwrap() && bucket(least) == bucket(*nanos.iter().min().unwrap()));
        prop_assert!(most <= *nanos.iter().max().unwrap() && bucket(most) == bucket(*nanos.iter().max().unwrap()));
    }
}

#[test]
fn the_shortest_and_the_longest_call_come_out_as_they_were() {
    let cells = site().cells(&CALLSITE, of::<u16>());
    for nanos in [2_000, 3_000, 4_000, 9_999, 5_000_001] {
        cells.record(Outcome::Ok, nanos);
    }
    let mut seen = Vec::new();
    cells.take(0).unwrap().durations(|nanos, times| seen.push((nanos, times)));
    assert_eq!(seen, [(2_000, 1), (5_666, 2), (5_667, 1), (5_000_001, 1)]);
    assert!(cells.take(1).is_none(), "no call has failed");
}

#[test]
fn each_instance_of_a_generic_function_has_cells_of_its_own() {
    let site = site();
    let first = site.cells(&CALLSITE, of::<u32>());
    let second = site.cells(&CALLSITE, of::<u64>());
    assert!(!std::ptr::eq(first, second));
    assert!(std::ptr::eq(second, site.cells(&CALLSITE, of::<u64>())));
    assert!(std::ptr::eq(first, site.cells(&CALLSITE, of::<u32>())));
}

#[test]
fn no_call_is_lost_or_counted_twice_while_others_collect() {
    const CALLS: u64 = 20_000;
    let cells = site().cells(&CALLSITE, of::<i8>());
    let (mut seen, mut nanos) = (0, 0);
    let mut take = || {
        if let Some(taken) = cells.take(0) {
            taken.durations(|each, times| {
                seen += times;
                nanos += each * times;
            });
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| (0..CALLS).for_each(|_| cells.record(Outcome::Ok, 700)))).collect();
        while !threads.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            take();
        }
    });
    take();
    assert_eq!(seen, 4 * CALLS);
    // A call that was between the two additions at the last look may be in the sum only.
    assert!(nanos <= 4 * CALLS * 700, "{nanos}");
}
