//! Damage: what is left of files that others, or a disk, have changed. Opening works, the good frames come, the rest is counted.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};

use super::super::frame::{FRAME_HEAD, Head, Piece, Pieces, SEGMENT_HEAD, segment_head};
use super::{RealFs, Store, TestDir, append, assert_balanced, drain, fill, start};

/// The length of a frame of these tests.
const FRAME: usize = FRAME_HEAD + 500;

/// Seven frames in one segment, left by a process that is gone.
fn one_segment(dir: &TestDir) -> (PathBuf, Vec<u8>) {
    fill(&mut dir.open(), 0..7);
    let file = dir.files(".seg").pop().expect("a segment");
    let bytes = fs::read(&file).expect("it can be read");
    assert_eq!(bytes.len(), SEGMENT_HEAD + 7 * FRAME);
    (file, bytes)
}

#[test]
fn a_bit_that_flips_costs_its_frame() {
    for at in (0..SEGMENT_HEAD + 7 * FRAME).step_by(37) {
        let dir = TestDir::new();
        let (file, mut bytes) = one_segment(&dir);
        bytes[at] ^= 1 << (at % 8);
        fs::write(&file, bytes).expect("written");
        let mut store = dir.open();
        let mut expected: Vec<u32> = (0..7).collect();
        if let Some(hit) = at.checked_sub(SEGMENT_HEAD) {
            expected.remove(hit / FRAME);
        }
        assert_eq!(drain(&mut store), expected, "byte {at}");
        let counts = store.counts();
        assert_eq!(counts.recovered, expected.len() as u64);
        if at >= SEGMENT_HEAD {
            assert_eq!((counts.corrupt_frames, counts.corrupt_bytes), (1, FRAME as u64), "byte {at}");
        }
        assert_balanced(&store);
        store.tick(start());
        assert!(dir.files(".seg").is_empty(), "what is done is removed");
    }
}

/// P5: bits, bytes, pages and ends, at places of no order, up to four in a file.
#[test]
fn after_each_of_a_thousand_corruptions_the_spool_starts_within_a_second_and_hands_out_what_is_whole() {
    let mut random = SmallRng::seed_from_u64(5);
    let (mut whole, mut slowest) = (0, Duration::ZERO);
    for round in 0..1_000 {
        let dir = TestDir::new();
        let (file, mut bytes) = one_segment(&dir);
        for _ in 0..random.random_range(1..=4) {
            let at = random.random_range(0..bytes.len());
            let end = bytes.len().min(at + random.random_range(1..4_096));
            match random.random_range(0..5) {
                0 => bytes[at] ^= 1 << (at % 8),
                1 => bytes.truncate(at.max(1)),
                2 => bytes[at..end].fill(0),
                3 => bytes[at..end].iter_mut().for_each(|byte| *byte = random.random()),
                _ => bytes.copy_within(at..end, 0),
            }
        }
        fs::write(&file, bytes).expect("written");
        let begun = Instant::now();
        let mut store = dir.open();
        // Each is compared with what was written.
        let mut got = drain(&mut store);
        slowest = slowest.max(begun.elapsed());
        whole += got.len();
        let all = got.len();
        got.dedup();
        assert!(got.len() == all && got.is_sorted(), "round {round}: none comes twice: {got:?}");
        assert_balanced(&store);
        append(&mut store, 7).expect("it is written to");
        assert_eq!(drain(&mut store), [7], "round {round}");
    }
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    assert!((2_000..6_000).contains(&whole), "some of them are, and some not: {whole} of 7,000");
}

#[test]
fn a_bit_that_flips_while_the_file_is_in_use_is_a_counted_loss() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..7);
    let file = dir.files(".seg").pop().expect("a segment");
    let mut bytes = fs::read(&file).expect("it can be read");
    bytes[SEGMENT_HEAD + 2 * FRAME + 100] ^= 1;
    fs::write(&file, bytes).expect("written");
    assert_eq!(drain(&mut store), [0, 1, 3, 4, 5, 6]);
    assert_eq!(store.counts().corrupt, 1);
    assert_balanced(&store);
}

#[test]
fn a_file_that_is_cut_costs_what_is_behind() {
    for length in (0..SEGMENT_HEAD + 7 * FRAME).step_by(101) {
        let dir = TestDir::new();
        let (file, bytes) = one_segment(&dir);
        fs::write(&file, &bytes[..length]).expect("written");
        let whole = u32::try_from(length.saturating_sub(SEGMENT_HEAD) / FRAME).expect("few");
        let mut store = dir.open();
        assert_eq!(drain(&mut store), (0..whole).collect::<Vec<_>>(), "{length} bytes");
        assert_balanced(&store);
        drop(store);
        assert!(dir.files("").is_empty(), "{length} bytes: {:?}", dir.files(""));
    }
}

#[test]
fn a_file_that_is_cut_while_it_is_in_use_is_a_counted_loss() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..7);
    let file = dir.files(".seg").pop().expect("a segment");
    let bytes = fs::read(&file).expect("it can be read");
    fs::write(&file, &bytes[..SEGMENT_HEAD + 3 * FRAME + 7]).expect("written");
    assert_eq!(drain(&mut store), [0, 1, 2]);
    assert_eq!(store.counts().corrupt, 4);
    assert_balanced(&store);
}

#[test]
fn a_page_of_zeros_costs_the_frames_in_it() {
    let dir = TestDir::new();
    let (file, mut bytes) = one_segment(&dir);
    bytes[..=SEGMENT_HEAD + FRAME].fill(0);
    fs::write(&file, bytes).expect("written");
    let mut store = dir.open();
    assert_eq!(drain(&mut store), [2, 3, 4, 5, 6], "also without the segment's head");
    assert_eq!(store.counts().corrupt_frames, 1);
}

#[test]
fn files_that_were_exchanged_lose_nothing() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..14);
    let first: Vec<_> = (0..3).filter_map(|_| store.next()).collect();
    for entry in first {
        store.done(entry.ticket);
    }
    drop(store);
    let files = dir.files(".seg");
    let [a, b] = &files[..] else { panic!("two segments: {files:?}") };
    let other = a.with_extension("tmp");
    fs::rename(a, &other)
        .and_then(|()| fs::rename(b, a))
        .and_then(|()| fs::rename(&other, b))
        .expect("renamed");
    let mut store = dir.open();
    assert_eq!(drain(&mut store), (3..14).collect::<Vec<_>>(), "and nothing is sent again");
    assert_balanced(&store);
}

#[test]
fn a_newer_file_is_set_aside() {
    let dir = TestDir::new();
    let (file, mut bytes) = one_segment(&dir);
    bytes[8] = 2;
    let sum = crc32c::crc32c(&bytes[..28]);
    bytes[28..32].copy_from_slice(&sum.to_le_bytes());
    fs::write(&file, &bytes).expect("written");
    let mut store = dir.open();
    assert_eq!(drain(&mut store), [0_u32; 0]);
    assert_eq!((store.counts().set_aside, store.counts().recovered), (1, 0));
    let aside = dir.files(".quarantine");
    assert_eq!(fs::read(&aside[0]).expect("it is kept"), bytes);
    drop(store);
    let mut store = dir.open();
    assert!(store.next().is_none());
    assert_eq!(store.counts().set_aside, 0, "once");
}

#[test]
fn a_file_of_something_else_is_set_aside_and_gives_way_first() {
    let dir = TestDir::new();
    let (file, _) = one_segment(&dir);
    fs::write(file, vec![b'x'; 40_000]).expect("written");
    let mut store = dir.open();
    assert!(store.next().is_none());
    assert_eq!((store.counts().set_aside, store.counts().corrupt_bytes), (1, 40_000 - SEGMENT_HEAD as u64));
    fill(&mut store, 0..100);
    assert!(dir.files(".quarantine").is_empty());
    assert_eq!(store.counts().evicted, 0);
}

#[test]
fn a_forged_length_is_not_believed() {
    for length in [u32::MAX, 16 * 1024 * 1024, 17 * 1024 * 1024, 4000, 499, 501, 0] {
        let dir = TestDir::new();
        let (file, mut bytes) = one_segment(&dir);
        bytes[SEGMENT_HEAD + 12..SEGMENT_HEAD + 16].copy_from_slice(&length.to_le_bytes());
        fs::write(&file, bytes).expect("written");
        let mut store = dir.open();
        assert_eq!(drain(&mut store), [1, 2, 3, 4, 5, 6], "a length of {length}");
    }
}

#[test]
fn a_time_in_the_future_expires_as_any_other() {
    let dir = TestDir::new();
    let (file, mut bytes) = one_segment(&dir);
    let Head::Known { salt, .. } = Head::of(&bytes) else { panic!("a head") };
    bytes[..SEGMENT_HEAD].copy_from_slice(&segment_head(u64::MAX, salt));
    fs::write(&file, bytes).expect("written");
    let mut options = dir.options();
    options.max_age = Duration::from_secs(100);
    let mut now = start();
    let mut store = Store::open(&options, RealFs, now);
    super::pass(&mut store, &mut now, Duration::from_secs(99));
    assert_eq!(store.counts().spans, 7);
    super::pass(&mut store, &mut now, Duration::from_secs(2));
    assert_eq!((store.counts().spans, store.counts().expired), (0, 7));
}

#[test]
fn a_cursor_that_cannot_be_read_sends_again_rather_than_never() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..3);
    let first = store.next().expect("waits");
    store.done(first.ticket);
    drop(store);
    let cursor = dir.files("cursor").pop().expect("a cursor");
    let bytes = fs::read(&cursor).expect("it can be read");
    for damaged in [vec![], vec![0; bytes.len()], bytes[..bytes.len() - 1].to_vec(), vec![7; 200_000]] {
        fs::write(&cursor, damaged).expect("written");
        let mut store = dir.open();
        let numbers: Vec<_> =
            std::iter::from_fn(|| store.next()).map(|entry| super::number(&entry.bytes)).collect();
        assert_eq!(numbers, [0, 1, 2]);
    }
}

#[test]
fn a_frame_inside_a_payload_is_none() {
    let salt = 77;
    // What somebody may send who knows everything but the salt.
    let inner = [&super::super::frame::head(0, 52, 1, 1, b"evil")[..], b"evil"].concat();
    let outer = super::super::frame::head(salt, 32, 1, 1, &inner);
    let mut bytes = [&outer[..], &inner].concat();
    bytes[10] ^= 1;
    let pieces: Vec<_> = Pieces::new(&bytes, 32, salt).collect();
    assert_eq!(pieces, [Piece::Damage { start: 32, end: 32 + bytes.len() as u64 }]);
}

#[test]
fn a_file_made_of_beginnings_is_given_up_in_time() {
    // Each 16 bytes begin a frame that is as long as the rest: to checksum them all would be 2 TB.
    let head = &super::super::frame::head(0, 0, 1, 1, b"")[..12];
    let bytes: Vec<u8> =
        std::iter::repeat_n([head, &(8 * 1024 * 1024_u32).to_le_bytes()].concat(), 1024 * 1024)
            .flatten()
            .collect();
    let mut end = 0;
    for piece in Pieces::new(&bytes, 0, 1) {
        let Piece::Damage { start, end: until } = piece else { panic!("no frame") };
        assert_eq!(start, end);
        end = until;
    }
    assert_eq!(end, bytes.len() as u64);
}
