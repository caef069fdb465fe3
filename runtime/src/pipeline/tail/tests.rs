//! Whatever comes in whatever order: a trace is kept whole or left out whole, every span is in one place, and what is held
//! stays within its bound.

use std::collections::HashSet;

use super::*;
use crate::callsite::{Callsite, Cancel, Kind, Options, Source, Subject};
use crate::filter::Level;

static CALLSITE: Callsite = Callsite::new(
    Source { function: "f", module: "m", file: "m.rs", line: 1, package: None, version: None },
    Options {
        name: None,
        kind: Kind::Internal,
        level: Level::Info,
        receiver: false,
        parameters: "",
        limits: crate::capture::output::Limits::of_record(1 << 20),
        max_span: 1 << 20,
        cancel: Cancel::Unset,
    },
);

fn span(clock: Clock, trace: u64, number: u64, root: bool, flags: u32) -> Record {
    let subject: Subject = || "m::f::{{closure}}";
    Record {
        callsite: &CALLSITE,
        subject,
        trace_id: u128::from(trace).to_be_bytes(),
        span_id: (number + 1).to_be_bytes(),
        parent_id: if root { [0; 8] } else { 1_u64.to_be_bytes() },
        start: clock.ticks(),
        end: clock.ticks(),
        body: 0,
        flags,
    }
}

/// A tail, and what came in and went out.
struct Watched {
    tail: Tail,
    clock: Clock,
    counts: &'static TailCounts,
    came: HashMap<TraceId, u64>,
    exported: HashMap<TraceId, u64>,
    numbers: HashSet<[u8; 8]>,
}

impl Watched {
    fn new(options: TailSampling) -> Self {
        let clock = Clock::new();
        let counts: &'static TailCounts = Box::leak(Box::default());
        let tail = Tail::new(Box::leak(Box::new(options)), clock, counts);
        Self { tail, clock, counts, came: HashMap::new(), exported: HashMap::new(), numbers: HashSet::new() }
    }

    fn ends(&mut self, record: &Record, body: &[u8]) {
        *self.came.entry(record.trace_id).or_default() += 1;
        if self.tail.place(record, body) == Place::Export {
            self.export(record, body);
        }
        self.drain();
    }

    fn export(&mut self, record: &Record, body: &[u8]) {
        assert!(self.numbers.insert(record.span_id), "exported twice");
        assert!(body.iter().all(|byte| *byte == record.span_id[7]), "with another's body");
        *self.exported.entry(record.trace_id).or_default() += 1;
    }

    fn drain(&mut self) {
        while let Some(mut trace) = self.tail.released() {
            let before = trace.bytes();
            while let Some((record, body)) = trace.take_span() {
                self.export(&record, body);
                if record.span_id[7] % 4 == 0 && trace.has_span() {
                    // No room: it goes on later.
                    assert!(trace.bytes() <= before);
                    self.tail.put_back(trace);
                    break;
                }
            }
        }
        assert_eq!(self.tail.waiting, 0);
        let held: u64 = self.tail.held.values().map(Held::len).sum();
        let exported: u64 = self.exported.values().sum();
        assert_eq!(self.counts.held_in.get() - self.counts.held_out.get(), held);
        assert_eq!(self.came.values().sum::<u64>(), exported + self.counts.sampled_out.get() + held);
        assert_eq!(self.tail.bytes, self.tail.held.values().map(Held::bytes).sum::<usize>());
        assert_eq!(self.tail.by_age.len(), self.tail.held.len());
        assert!(self.tail.bytes <= self.tail.options.max_bytes);
        assert_eq!(self.counts.held_bytes.get(), self.tail.bytes as u64);
    }

    fn visit(&mut self) {
        let unheard = self.tail.take_unheard();
        self.tail.settle(unheard);
        self.drain();
    }
}

fn random() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

#[test]
fn whatever_comes_in_whatever_order_a_trace_goes_one_way() {
    let mut random = random();
    for round in 0..200 {
        let max_bytes = if round % 3 == 0 { 6_000 } else { usize::MAX };
        let ratio = [0.0, 0.5, 1.0].get(round % 3).copied().unwrap_or(0.5);
        let mut watched = Watched::new(TailSampling::new().ratio(ratio).max_bytes(max_bytes));
        for number in 0..400 {
            // Few traces, so that their ends, their beginnings and what is late meet in every order.
            let trace = random(12) << 60 | 1;
            let flags = match random(40) {
                0 => flag::FAILED,
                1 => flag::CANCELLED,
                2 => flag::UPSTREAM | flag::PARENT_REMOTE,
                _ => 0,
            };
            match random(8) {
                0 => {
                    let notice = span(watched.clock, trace, number, true, flags | flag::BEGINS);
                    watched.tail.begins(&notice);
                    watched.drain();
                }
                1 if random(4) == 0 => watched.visit(),
                kind => {
                    let record = span(watched.clock, trace, number, kind == 2, flags);
                    let body = vec![record.span_id[7]; usize::try_from(random(300)).expect("small")];
                    watched.ends(&record, &body);
                }
            }
        }
        watched.tail.decide_all();
        watched.drain();
        assert_eq!((watched.tail.bytes, watched.tail.held.len()), (0, 0));
        for (trace, came) in &watched.came {
            let exported = watched.exported.get(trace).copied().unwrap_or(0);
            assert!(exported == 0 || exported == *came, "{exported} of {came}");
        }
    }
}

#[test]
fn over_the_bound_the_oldest_trace_is_kept_at_once() {
    let mut watched = Watched::new(TailSampling::new().max_bytes(64 * 1024));
    for trace in 1..=100 {
        let notice = span(watched.clock, trace, 0, true, flag::BEGINS);
        watched.tail.begins(&notice);
        let child = span(watched.clock, trace, trace, false, 0);
        watched.ends(&child, &[child.span_id[7]; 4096]);
    }
    let early = watched.counts.decided_early.get();
    assert!((80..=90).contains(&early), "{early}");
    // The oldest went, and in their order.
    for trace in 1..=100_u64 {
        assert_eq!(watched.exported.contains_key(&u128::from(trace).to_be_bytes()), trace <= early);
    }
}

#[test]
fn one_trace_alone_may_not_go_over_the_bound_either() {
    let mut watched = Watched::new(TailSampling::new().max_bytes(64 * 1024));
    let notice = span(watched.clock, 7, 0, true, flag::BEGINS);
    watched.tail.begins(&notice);
    for number in 1..200 {
        let child = span(watched.clock, 7, number, false, 0);
        watched.ends(&child, &[child.span_id[7]; 1000]);
    }
    assert_eq!(watched.counts.decided_early.get(), 1);
    assert_eq!(watched.exported.values().sum::<u64>(), 199);
}

#[test]
fn roots_that_wait_for_their_first_span_count_too() {
    let mut watched = Watched::new(TailSampling::new().max_bytes(64 * 1024));
    for trace in 1..10_000 {
        let notice = span(watched.clock, trace, 0, true, flag::BEGINS);
        watched.tail.begins(&notice);
        watched.drain();
    }
    assert!(watched.tail.held.len() < 300, "{}", watched.tail.held.len());
}

#[test]
fn a_notice_that_comes_after_a_span_below_it_is_waited_for_one_visit() {
    let mut watched = Watched::new(TailSampling::new());
    let child = span(watched.clock, 7, 1, false, 0);
    let before = watched.tail.take_unheard();
    watched.ends(&child, &[]);
    watched.tail.settle(before);
    assert!(watched.tail.has_unheard() && watched.tail.held.len() == 1);
    // The next visit reads the notice.
    let before = watched.tail.take_unheard();
    let notice = span(watched.clock, 7, 0, true, flag::BEGINS);
    watched.tail.begins(&notice);
    watched.tail.settle(before);
    assert_eq!((watched.tail.held.len(), watched.exported.len()), (1, 0));
    let root = span(watched.clock, 7, 2, true, 0);
    watched.ends(&root, &[]);
    assert_eq!(watched.counts.sampled_out.get(), 2);
}
