//! Any order of calls, on a file system that fails and crashes at any of its own: what was written and not done comes back,
//! whole, and everything is counted. `PROPTEST_CASES=1000000` for as many.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::time::{Duration, SystemTime};

use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::{collection, proptest};

use super::super::{Entry, IoErrors, Spool, SpoolCounts};
use super::sim::{Fault, SimFs, Zeros};
use super::{After, Store, Ticket, assert_balanced, start};

#[derive(Debug, Clone)]
enum Call {
    Append {
        size: u16,
        held: bool,
    },
    Next,
    Done(u8),
    PutBack(u8),
    Tick(u16),
    /// The process ends well.
    Close,
    Kill,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Ample,
    Small,
    SmallRefusing,
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        8 => (0..3000_u16, any::<bool>()).prop_map(|(size, held)| Call::Append { size, held }),
        6 => Just(Call::Next),
        5 => any::<u8>().prop_map(Call::Done),
        2 => any::<u8>().prop_map(Call::PutBack),
        3 => (0..15_000_u16).prop_map(Call::Tick),
        1 => Just(Call::Close),
        1 => Just(Call::Kill),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    let kind = || {
        prop_oneof![Just(ErrorKind::StorageFull), Just(ErrorKind::PermissionDenied), Just(ErrorKind::Other)]
    };
    prop_oneof![
        3 => kind().prop_map(Fault::Error),
        2 => kind().prop_map(Fault::Torn),
        2 => Just(Fault::Short),
        1 => Just(Fault::Crash),
    ]
}

/// What a test knows of the frames, by their numbers.
struct Model {
    fs: SimFs,
    options: Spool,
    room: Room,
    now: SystemTime,
    store: Option<Store<SimFs>>,
    zeros: Zeros,
    /// Size and spans of all that was tried, written or not.
    tried: BTreeMap<u32, (u16, u32)>,
    /// Written, and not done.
    owed: BTreeSet<u32>,
    /// Spans of what is done.
    done: u64,
    handed: Vec<(Ticket, u32)>,
    /// Handed out by this store, so that nothing is handed out twice at once.
    seen: BTreeSet<u32>,
}

impl Model {
    fn new(room: Room, fsync: bool, zeros: bool) -> Self {
        let mut options = Spool::new("/simulated").fsync(fsync).refuse_newest(room == Room::SmallRefusing);
        options.segment_bytes = 8 * 1024;
        options.max_bytes = if room == Room::Ample { 64 * 1024 * 1024 } else { 32 * 1024 };
        let fs = SimFs::default();
        let now = start();
        let store = Some(Store::open(&options, fs.clone(), now));
        let zeros = if zeros { Zeros::Yes } else { Zeros::No };
        let (tried, owed, seen) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Self { fs, options, room, now, store, zeros, tried, owed, done: 0, handed: Vec::new(), seen }
    }

    fn call(&mut self, call: &Call) {
        let Some(store) = &mut self.store else { return };
        let before = self.fs.locked_bytes();
        match call {
            Call::Append { size, held } => {
                let number = u32::try_from(self.tried.len()).expect("few");
                let spans = number % 5;
                self.tried.insert(number, (*size, spans));
                let after = if *held { After::Held } else { After::Waiting };
                if let Ok(ticket) = store.append(kind(number), spans, &payload(number, *size), after) {
                    self.owed.insert(number);
                    if *held {
                        self.handed.push((ticket, number));
                        self.seen.insert(number);
                    }
                }
            }
            Call::Next => {
                let entry = store.next();
                if let Some(entry) = entry {
                    self.check(&entry);
                }
            }
            Call::Done(which) if !self.handed.is_empty() => {
                let (ticket, number) = self.handed.swap_remove(usize::from(*which) % self.handed.len());
                store.done(ticket);
                self.owed.remove(&number);
                self.done += u64::from(number % 5);
            }
            Call::PutBack(which) if !self.handed.is_empty() => {
                let (ticket, number) = self.handed.swap_remove(usize::from(*which) % self.handed.len());
                store.put_back(ticket);
                self.seen.remove(&number);
            }
            Call::Tick(millis) => {
                self.now += Duration::from_millis(u64::from(*millis));
                store.tick(self.now);
            }
            Call::Close => self.restart(),
            Call::Kill => {
                self.fs.crash();
                self.restart();
            }
            Call::Done(_) | Call::PutBack(_) => {}
        }
        if self.fs.has_crashed() {
            self.restart();
        }
        if let Some(store) = &self.store {
            assert_balanced(store);
            let disk = self.fs.locked_bytes();
            // What was just taken over may be more, and its removal may fail; writing never makes it more.
            if matches!(call, Call::Append { .. }) {
                assert!(disk <= self.options.max_bytes.max(before), "{disk} bytes on disk, {before} before");
            }
        }
    }

    /// A frame is one that was appended, whole, and nobody has it.
    fn check(&mut self, entry: &Entry) -> u32 {
        let number = entry.bytes.get(..4).map(|number| u32::from_le_bytes(number.try_into().expect("four")));
        let number = number.expect("every payload has a number");
        let (size, spans) = self.tried.get(&number).copied().expect("it was appended once");
        assert_eq!(entry.bytes, payload(number, size));
        assert_eq!((entry.spans, entry.kind), (spans, kind(number)));
        assert!(self.seen.insert(number), "{number} is handed out already");
        self.handed.push((entry.ticket, number));
        number
    }

    fn restart(&mut self) {
        let Some(store) = self.store.take() else { return };
        drop(store);
        let crashed = self.fs.has_crashed();
        let power = (crashed && self.options == self.options.clone().fsync(true)).then_some(self.zeros);
        self.fs.restart(power);
        self.handed.clear();
        self.seen.clear();
        self.store = Some(Store::open(&self.options, self.fs.clone(), self.now));
        if self.fs.has_crashed() {
            self.restart();
        }
    }

    /// Nothing fails any more, and another process takes everything.
    fn finish(mut self) {
        self.fs.heal();
        let before: Option<SpoolCounts> = self.store.as_ref().map(Store::counts);
        self.fs.crash();
        self.restart();
        let mut came = BTreeSet::new();
        for _ in 0..200 {
            self.now += Duration::from_millis(500);
            let Some(store) = &mut self.store else { return };
            store.tick(self.now);
            while let Some(entry) = self.store.as_mut().and_then(Store::next) {
                came.insert(self.check(&entry));
                let disk = self.fs.bytes();
                assert!(
                    disk <= self.options.max_bytes || self.room == Room::SmallRefusing,
                    "{disk} bytes on disk"
                );
                if let Some(store) = &mut self.store {
                    store.done(entry.ticket);
                    assert_balanced(store);
                }
            }
        }
        let store = self.store.take().expect("it is open");
        let counts = store.counts();
        if self.room == Room::Ample {
            let missing: Vec<_> = self.owed.difference(&came).collect();
            assert!(missing.is_empty(), "{missing:?} are lost; {counts:?}, before {before:?}");
        } else if let Some(before) = before {
            // Where it could not read what was done before it, that waited in it, too.
            let unread = if before.errors == IoErrors::default() { 0 } else { self.done };
            assert!(counts.recovered + unread >= before.spans, "{counts:?}, before {before:?}");
        }
        assert_eq!((counts.spans, counts.held, counts.corrupt), (0, 0, 0));
        drop(store);
        assert_eq!(self.fs.bytes(), 0, "nothing is left");
    }
}

fn kind(number: u32) -> u8 {
    number.to_le_bytes()[0].wrapping_mul(7)
}

fn payload(number: u32, size: u16) -> Vec<u8> {
    number.to_le_bytes().into_iter().cycle().take(usize::from(size) + 4).collect()
}

proptest! {
    #[test]
    fn what_is_owed_comes_back_whatever_fails(
        calls in collection::vec(call(), 1..80),
        faults in collection::vec((1..60_u8, fault()), 0..12),
        room in prop_oneof![Just(Room::Ample), Just(Room::Small), Just(Room::SmallRefusing)],
        fsync in any::<bool>(),
        zeros in any::<bool>(),
    ) {
        let mut model = Model::new(room, fsync, zeros);
        model.fs.plan(&faults);
        for call in &calls {
            model.call(call);
        }
        model.finish();
    }
}
