//! P4: the spool stops before the disk is full, says so, and goes on when there is room.

use std::time::Duration;

use super::sim::SimFs;
use super::{After, RealFs, Refused, Spool, Store, TestDir, body, start};
use crate::spool::fs::Fs as _;

const MIB: u64 = 1024 * 1024;

fn after<F: crate::spool::fs::Fs>(store: &mut Store<F>, seconds: u64) {
    store.tick(start() + Duration::from_secs(seconds));
}

fn append<F: crate::spool::fs::Fs>(store: &mut Store<F>) -> Result<(), Refused> {
    store.append(1, 1, &body(1), After::Waiting).map(drop)
}

#[test]
fn nothing_is_written_beyond_the_share_of_the_disk_until_there_is_room_again() {
    let fs = SimFs::default();
    let mut store = Store::open(&Spool::new("/spool"), fs.clone(), start());
    fs.set_room(799 * MIB, 201 * MIB);
    after(&mut store, 1);
    assert_eq!(append(&mut store), Ok(()), "79 percent");
    fs.set_room(800 * MIB, 200 * MIB);
    after(&mut store, 2);
    assert_eq!(append(&mut store), Err(Refused::Unavailable));
    assert_eq!(store.problem(), Some("80 percent of the disk are in use"));
    assert_eq!(store.next().map(|entry| entry.spans), Some(1), "what is there can be sent");
    fs.set_room(700 * MIB, 300 * MIB);
    after(&mut store, 3);
    assert_eq!((append(&mut store), store.problem()), (Ok(()), None));
}

#[test]
fn a_large_disk_has_room_also_when_most_of_it_is_in_use() {
    let fs = SimFs::default();
    fs.set_room(99_000 * MIB, 1_000 * MIB);
    let mut store = Store::open(&Spool::new("/spool").max_bytes(250 * MIB), fs.clone(), start());
    assert_eq!(append(&mut store), Ok(()), "four times the bound is free");
    let mut store = Store::open(&Spool::new("/spool").max_bytes(251 * MIB), fs, start());
    assert_eq!(append(&mut store), Err(Refused::Unavailable));
}

#[test]
fn the_share_is_the_programs_to_set() {
    let fs = SimFs::default();
    fs.set_room(95 * MIB, 5 * MIB);
    for (percent, written) in [(100, true), (96, true), (95, false), (1, false)] {
        let options = Spool::new("/spool").max_disk_use(percent);
        assert!(options.check().is_ok());
        let mut store = Store::open(&options, fs.clone(), start());
        assert_eq!(append(&mut store).is_ok(), written, "{percent}");
    }
    for percent in [0, 101] {
        let error = Spool::new("/spool").max_disk_use(percent).check().expect_err("no share");
        assert!(error.to_string().contains(&format!("{percent} percent")), "{error}");
    }
}

#[test]
fn a_real_disk_says_what_it_has() {
    let dir = TestDir::new();
    let folder = RealFs.root(&dir.spool()).expect("a folder");
    let room = RealFs.room(&folder).expect("it says");
    assert!(room.used > 0 || room.free > 0, "{room:?}");
}
