//! A model of the hand-over between recording threads and the drain, checked by loom.
//!
//! It compiles the recorder's own files, `chunk.rs`, `header.rs`, `ahead.rs`, `pool.rs` and `control.rs`, against loom's primitives, and runs each
//! model in every order of events that three preemptions allow. What is checked, beside the assertions: no two unordered
//! accesses to a word of a chunk (`sync::Track`), no lost wake-up (a thread that waits for ever is a failure).
//!
//! `relaxed.rs` is the check of the check: the same files with weaker orderings must fail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::duplicate_mod,
    reason = "a test fails by panicking, and is laid out to be read"
)]

#[path = "handover_model/pipeline.rs"]
mod pipeline;
#[path = "handover_model/relaxed.rs"]
mod relaxed;
#[path = "handover_model/sync.rs"]
mod sync;

#[path = "../../runtime/src/recorder/ahead.rs"]
mod ahead;
#[path = "../../runtime/src/recorder/chunk.rs"]
#[allow(dead_code, reason = "the model needs only a part of it")]
mod chunk;
#[path = "../../runtime/src/recorder/control.rs"]
#[allow(dead_code, reason = "the model needs only a part of it")]
mod control;
#[path = "../../runtime/src/wire/copy.rs"]
mod copy;
#[path = "../../runtime/src/recorder/header.rs"]
mod header;
#[path = "../../runtime/src/recorder/pool.rs"]
#[allow(dead_code, reason = "the model needs only a part of it")]
mod pool;

use loom::thread;

use chunk::{Chunk, Reader, Writer, activate, record_size};
use control::Control;
use header::{Header, Whole};
use pipeline::{Drain, FOR_EVER, start};
use pool::Pool;
use sync::{Arc, Mutex};

/// A record without much in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
struct Head {
    number: u32,
    body: u32,
}

#[expect(unsafe_code, reason = "the promise that the header knows the length of its body")]
// SAFETY: `record` sets `body` to the length of what it appends.
unsafe impl Header for Head {
    fn body_len(&self) -> usize {
        self.body as usize
    }
}

#[expect(unsafe_code, reason = "the promise that all of it is written")]
// SAFETY: it is its own header.
unsafe impl Whole for Head {
    type Header = Self;

    fn body_len(&self) -> usize {
        Header::body_len(self)
    }

    unsafe fn store(self, at: *mut Self) {
        // SAFETY: the caller's promise.
        unsafe { at.write(self) };
    }
}

/// Bytes of a record that `record` writes.
const RECORD: usize = record_size::<Head>(1);

fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(model);
}

/// Appends a record, by the one way or the other; its body is its number once more.
fn record(writer: &mut Writer, number: u8) {
    let head = || Head { number: number.into(), body: 1 };
    let fits = if number % 2 == 0 {
        writer.append([&[number], &[]], head)
    } else {
        // Not into a dense chunk.
        writer.append_whole(&[number], head) || writer.append([&[number], &[]], head)
    };
    assert!(fits, "it fits");
}

/// Everything that is published in `reader` now.
fn read(reader: &mut Reader) -> Vec<u32> {
    let mut numbers = Vec::new();
    reader.refresh();
    while let Some((head, body)) = reader.next::<Head>() {
        assert_eq!([head.number], *body.iter().map(|byte| u32::from(*byte)).collect::<Vec<_>>());
        numbers.push(head.number);
    }
    numbers
}

/// A thread that records `numbers`, as far as there are chunks, and says which of them it recorded.
fn recording(pool: &Arc<Pool>, numbers: [u8; 2]) -> thread::JoinHandle<Vec<u32>> {
    let pool = Arc::clone(pool);
    thread::spawn(move || {
        let mut recorded = Vec::new();
        let mut writer: Option<Writer> = None;
        for number in numbers {
            if !writer.as_ref().is_some_and(|writer| writer.has_room(RECORD)) {
                drop(writer.take());
                writer = pool.take(RECORD);
            }
            if let Some(writer) = &mut writer {
                record(writer, number);
                recorded.push(u32::from(number));
            }
        }
        recorded
    })
}

#[test]
fn what_is_published_is_read_whole_and_in_order() {
    check(|| {
        let (mut writer, mut reader) = activate(Arc::new(Chunk::new(3 * RECORD)));
        let thread = thread::spawn(move || {
            (1..=3).for_each(|number| record(&mut writer, number));
        });
        let mut seen = read(&mut reader);
        seen.extend(read(&mut reader));
        let early = reader.is_finished();
        thread.join().unwrap();
        seen.extend(read(&mut reader));
        assert_eq!(seen, [1, 2, 3]);
        assert!(reader.is_finished());
        assert!(!early || seen.len() == 3, "finished only when everything was read");
    });
}

#[test]
fn a_sealed_chunk_is_recycled_for_another_thread() {
    check(|| {
        // One chunk in all, so whoever comes second can only have it after the first.
        let pool = Arc::new(Pool::new(RECORD, RECORD));
        let first = recording(&pool, [1, 2]);
        let second = recording(&pool, [3, 4]);
        let mut drain = Drain::default();
        drain.pass(&pool);
        drain.pass(&pool);
        let mut recorded = first.join().unwrap();
        recorded.extend(second.join().unwrap());
        drain.pass(&pool);
        assert_eq!(drain.sorted(), recorded);
        assert_eq!(pool.bytes_in_use(), 0);
    });
}

#[test]
fn a_thread_that_ends_loses_nothing() {
    check(|| {
        let pool = Arc::new(Pool::new(4 * RECORD, 2 * RECORD));
        // The chunk has room left when the thread ends: dropping the writer seals it.
        let ended = recording(&pool, [1, 2]);
        let drained = {
            let pool = Arc::clone(&pool);
            thread::spawn(move || {
                let mut drain = Drain::default();
                drain.pass(&pool);
                drain.pass(&pool);
                drain
            })
        };
        assert_eq!(ended.join().unwrap(), [1, 2]);
        let mut drain = drained.join().unwrap();
        drain.pass(&pool);
        assert_eq!(drain.seen, [1, 2]);
        assert!(drain.active.is_empty(), "the chunk was recycled");
        assert_eq!(pool.bytes_in_use(), 0);
    });
}

#[test]
fn the_bound_of_the_pool_is_never_passed() {
    check(|| {
        let pool = Arc::new(Pool::new(2 * RECORD, RECORD));
        // A chunk that is free when the others come: a large record has to push it out.
        drop(pool.take(RECORD));
        Drain::default().pass(&pool);
        let held = Arc::new(Mutex::new(0));
        let threads = [RECORD, RECORD, 2 * RECORD].map(|bytes| {
            let (pool, held) = (Arc::clone(&pool), Arc::clone(&held));
            thread::spawn(move || {
                let writer = pool.take(bytes);
                if writer.is_some() {
                    let mut held = held.lock().unwrap();
                    *held += bytes;
                    assert!(*held <= 2 * RECORD, "too much is held");
                }
                writer
            })
        });
        let writers = threads.map(|thread| thread.join().unwrap());
        assert!(writers.iter().any(Option::is_some), "someone got a chunk");
        assert!(pool.bytes_in_use() <= 2 * RECORD);
    });
}

#[test]
fn a_flush_covers_what_was_published_before_it() {
    check(|| {
        let pool = Arc::new(Pool::new(2 * RECORD, 2 * RECORD));
        let mut writer = pool.take(RECORD).unwrap();
        let (pipeline, worker) = start(&pool);
        record(&mut writer, 1);
        // The second record is not covered, and not to be waited for.
        pipeline.request(false, || record(&mut writer, 2));
        assert_eq!(pipeline.seen().first(), Some(&1));
        worker.join().unwrap();
    });
}

#[test]
fn a_shutdown_drains_what_was_published_while_others_go_on() {
    check(|| {
        let pool = Arc::new(Pool::new(4 * RECORD, 2 * RECORD));
        let mut writer = pool.take(RECORD).unwrap();
        let (pipeline, worker) = start(&pool);
        record(&mut writer, 1);
        let late = recording(&pool, [2, 3]);
        pipeline.request(true, || ());
        worker.join().unwrap();
        let recorded = late.join().unwrap();
        let mut seen = pipeline.seen();
        seen.retain(|number| !recorded.contains(number));
        assert_eq!(seen, [1], "once, and beside it only what the other thread recorded");
    });
}

#[test]
fn who_waits_for_a_worker_that_is_gone_waits_no_longer() {
    check(|| {
        let control = Arc::new(Control::default());
        let gone = {
            let control = Arc::clone(&control);
            thread::spawn(move || control.ended())
        };
        let number = control.request(None);
        assert!(!control.wait(number, FOR_EVER));
        gone.join().unwrap();
    });
}
