//! The hand-over on real threads: what the model checker proves for every order of a few events, many times over with the
//! real primitives. Small enough for Miri, which checks the raw memory.

use std::sync::Arc;
use std::thread;

use super::chunk::{Chunk, Reader, Writer, activate, record_size};
use super::control::{Control, End};
use super::header::Header;
use super::pool::Pool;

const RECORDS: u32 = if cfg!(miri) { 60 } else { 20_000 };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
struct Head {
    number: u32,
    body: u32,
}

#[expect(unsafe_code, reason = "the promise that the header knows the length of its body")]
// SAFETY: `append` sets `body` to the number of bytes that it appends.
unsafe impl Header for Head {
    fn body_len(&self) -> usize {
        self.body as usize
    }
}

/// Bytes of the body of record `number`: from none to more than a few words.
fn body(number: u32) -> Vec<u8> {
    number.to_le_bytes().into_iter().cycle().take(number as usize % 41).collect()
}

fn append(writer: &mut Writer, number: u32) -> bool {
    let body = body(number);
    let head = Head { number, body: u32::try_from(body.len()).unwrap_or(0) };
    let (first, second) = body.split_at(body.len() / 3);
    writer.append([first, second], || head)
}

fn read(reader: &mut Reader, seen: &mut Vec<u32>) {
    reader.refresh();
    while let Some((head, bytes)) = reader.next::<Head>() {
        assert_eq!(bytes, body(head.number));
        seen.push(head.number);
    }
}

#[test]
fn a_record_that_does_not_fit_changes_nothing() {
    let (mut writer, mut reader) = activate(Arc::new(Chunk::new(2 * record_size::<Head>(1))));
    assert!(append(&mut writer, 1) && append(&mut writer, 1));
    assert!(!append(&mut writer, 1) && !writer.has_room(1));
    let mut seen = Vec::new();
    read(&mut reader, &mut seen);
    assert_eq!(seen, [1, 1]);
    assert!(!reader.is_finished());
    drop(writer);
    read(&mut reader, &mut seen);
    assert!(reader.is_finished());
    assert_eq!(seen, [1, 1]);
}

#[test]
fn a_sealed_chunk_is_finished_when_it_is_read_to_the_end() {
    let (mut writer, mut reader) = activate(Arc::new(Chunk::new(256)));
    assert!(append(&mut writer, 5));
    drop(writer);
    reader.refresh();
    assert!(!reader.is_finished());
    read(&mut reader, &mut Vec::new());
    assert!(reader.is_finished());
}

#[test]
fn records_of_every_length_are_read_as_they_were_written() {
    let pool = Arc::new(Pool::new(4096, 256));
    let threads: Vec<_> = [0, RECORDS]
        .into_iter()
        .map(|first| {
            let pool = Arc::clone(&pool);
            thread::spawn(move || {
                let mut writer: Option<Writer> = None;
                for number in first..first + RECORDS {
                    while !writer.as_mut().is_some_and(|writer| append(writer, number)) {
                        drop(writer.take());
                        writer = pool.take(record_size::<Head>(body(number).len()));
                        if writer.is_none() {
                            thread::yield_now();
                        }
                    }
                }
            })
        })
        .collect();
    let (mut active, mut seen) = (Vec::new(), Vec::new());
    let mut ended = false;
    while !ended {
        // Asked first: what the threads published is all seen by the visit after they have ended.
        ended = threads.iter().all(thread::JoinHandle::is_finished);
        while let Some(reader) = pool.next_active() {
            active.push(reader);
        }
        for mut reader in std::mem::take(&mut active) {
            read(&mut reader, &mut seen);
            if reader.is_finished() {
                pool.recycle(reader);
            } else {
                active.push(reader);
            }
        }
        assert!(pool.bytes_in_use() <= 4096);
        thread::yield_now();
    }
    assert!(threads.into_iter().all(|thread| thread.join().is_ok()));
    assert_eq!((pool.bytes_in_use(), active.len()), (0, 0));
    // Of one thread in order, and each once.
    for first in [0, RECORDS] {
        let of_thread: Vec<u32> =
            seen.iter().copied().filter(|number| (first..first + RECORDS).contains(number)).collect();
        assert!(of_thread.iter().copied().eq(first..first + RECORDS), "{of_thread:?}");
    }
}

#[test]
fn a_large_record_pushes_free_chunks_out_and_gives_its_bytes_back() {
    let pool = Pool::new(1024, 256);
    let held: Vec<_> = (0..4).map_while(|_| pool.take(8)).collect();
    assert_eq!((held.len(), pool.bytes_in_use()), (4, 1024));
    assert!(pool.take(8).is_none() && pool.take(512).is_none());
    drop(held);
    drain(&pool);
    assert_eq!(pool.bytes_in_use(), 0);
    let large = pool.take(1000);
    assert!(large.is_some() && pool.take(8).is_none());
    drop(large);
    drain(&pool);
    assert!(pool.take(1025).is_none());
    assert!(pool.take(8).is_some());
    drain(&pool);
    pool.release_free();
    assert_eq!(pool.bytes_in_use(), 0);
}

#[test]
fn chunks_are_made_ready_within_the_bound() {
    let pool = Pool::new(1024, 256);
    let held: Vec<_> = (0..2).map_while(|_| pool.take(8)).collect();
    pool.make_ready(1);
    assert_eq!(pool.bytes_in_use(), 512, "what lies ready is not in use");
    pool.make_ready(9);
    let more: Vec<_> = (0..9).map_while(|_| pool.take(8)).collect();
    assert_eq!((held.len(), more.len()), (2, 2));
}

fn drain(pool: &Pool) {
    while let Some(mut reader) = pool.next_active() {
        reader.refresh();
        pool.recycle(reader);
    }
}

#[test]
fn who_waits_gets_what_the_worker_says() {
    use std::time::Duration;

    let control = Arc::new(Control::default());
    let number = control.request(None);
    assert!(!control.wait(number, Duration::from_millis(1)), "nobody works");
    let worker = {
        let control = Arc::clone(&control);
        thread::spawn(move || control.complete(control.pending()))
    };
    assert!(control.wait(number, Duration::MAX));
    assert!(worker.join().is_ok());
    assert!(!control.pending().flush && control.pending().end.is_none());
    let number = control.request(Some(End::within(Duration::from_secs(9))));
    assert!(control.pending().flush && control.pending().end.is_some());
    control.ended();
    assert!(!control.wait(number, Duration::MAX), "it is gone, and has done nothing");
}
