//! How much a visit hands over to an exit that has room for little.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::InstrumentationScope;

use super::super::{Rhythm, Worker};
use crate::clock::Clock;
use crate::export::{Exit, Fate};
use crate::foreign::Foreign;
use crate::pipeline::batch::{Batch, MAX_BYTES};
use crate::pipeline::limits::Numbers;
use crate::recorder::Recorder;
use crate::recorder::control::Request;
use crate::recorder::pool::Pool;
use crate::sample::RootSampler;

const MIB: usize = 1024 * 1024;

/// Has room for so many batches, and writes down how many spans each has.
struct Narrow {
    room: Arc<AtomicU64>,
    batches: Arc<Mutex<Vec<u64>>>,
}

impl Exit for Narrow {
    fn max_spans(&self) -> u64 {
        u64::MAX
    }

    fn has_room(&self, _: bool) -> bool {
        self.room.load(Ordering::Relaxed) > 0
    }

    fn export(&mut self, batch: &mut Batch) -> Fate {
        self.room.fetch_sub(1, Ordering::Relaxed);
        self.batches.lock().expect("no panic").push(batch.len());
        Fate::Delivered
    }
}

#[test]
fn what_the_last_batch_had_no_place_for_begins_no_other_without_room() {
    let pool = Pool::new(64 * MIB, 64 * 1024);
    let recorder = Recorder::new(Clock::new(), pool, RootSampler::default(), true, true);
    let recorder: &'static Recorder = Box::leak(Box::new(recorder));
    let (room, batches) = (Arc::new(AtomicU64::new(2)), Arc::<Mutex<Vec<u64>>>::default());
    let exit = Narrow { room: Arc::clone(&room), batches: Arc::clone(&batches) };
    // Batches are cut by bytes alone.
    let rhythm = Rhythm { interval: Duration::from_secs(3_600), max_spans: None, limits: Numbers::default() };
    let mut worker = Worker::new(recorder, Box::new(exit), rhythm);
    for _ in 0..20 {
        let span = vec![0; MAX_BYTES / 4];
        let scope = InstrumentationScope::builder("other").build();
        recorder.foreign.push(recorder, Foreign { scope, bytes: span, trace: [1; 16], failed: false });
    }
    let mut visit = |flush| worker.pass(Request { number: 1, flush, end: None });
    let handed = || batches.lock().expect("no panic").clone();
    assert!(!visit(false), "there is more than room");
    // Four spans and what is around them are a little more than a batch.
    assert_eq!(handed(), [3, 3]);
    assert!(!visit(true), "nor does a flush make room");
    assert_eq!(handed(), [3, 3]);
    room.store(3, Ordering::Relaxed);
    assert!(!visit(true));
    assert_eq!(handed(), [3; 5]);
    room.store(99, Ordering::Relaxed);
    assert!(visit(true));
    assert_eq!(handed().iter().sum::<u64>(), 20);
}
