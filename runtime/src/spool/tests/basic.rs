//! Appending, handing out, restarting, and the bounds.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use super::{
    After, RealFs, Refused, Spool, Store, TestDir, append, assert_balanced, drain, fill, pass, start,
};

#[test]
fn what_is_appended_comes_back_in_order() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..40);
    assert_eq!(store.counts().spans, 40);
    assert!(dir.files(".seg").len() > 1, "several segments");
    assert_eq!(drain(&mut store), (0..40).collect::<Vec<_>>());
    assert_eq!((store.counts().done, store.counts().spans), (40, 0));
    assert_balanced(&store);
}

#[test]
fn nothing_is_left_on_disk_when_all_is_done() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..40);
    drain(&mut store);
    let mut now = start();
    pass(&mut store, &mut now, Duration::from_secs(1));
    assert_eq!(std::fs::read_dir(dir.spool()).expect("the folder is there").count(), 0);
    assert_eq!(store.counts().bytes, 0);
    fill(&mut store, 40..42);
    drop(store);
    assert_eq!(drain(&mut dir.open()), [40, 41]);
}

#[test]
fn a_frame_that_is_put_back_comes_again_and_first() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..4);
    let (first, second) = (store.next().expect("waits"), store.next().expect("waits"));
    store.done(second.ticket);
    store.put_back(first.ticket);
    assert_eq!((store.counts().spans, store.counts().held), (3, 0));
    assert_eq!(drain(&mut store), [0, 2, 3]);
    assert_balanced(&store);
}

#[test]
fn a_frame_that_is_held_from_the_start_is_not_handed_out() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, [0]);
    let held = store.append(1, 1, &super::body(1), After::Held).expect("written");
    let other = store.append(1, 1, &super::body(2), After::Held).expect("written");
    fill(&mut store, [3]);
    assert_eq!((store.counts().spans, store.counts().held), (2, 2));
    store.put_back(other);
    assert_eq!(drain(&mut store), [0, 2, 3]);
    store.done(held);
    assert!(store.next().is_none());
    assert_balanced(&store);
}

#[test]
fn what_is_done_is_not_sent_again_after_a_restart() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..6);
    let entries: Vec<_> = std::iter::from_fn(|| store.next()).collect();
    for done in [0, 1, 4] {
        store.done(entries[done].ticket);
    }
    // 2, 3 and 5 were under way.
    drop(store);
    let mut store = dir.open();
    assert_eq!(drain(&mut store), [2, 3, 5]);
    assert_eq!((store.counts().recovered, store.counts().done), (3, 3));
    assert_balanced(&store);
}

#[test]
fn kind_and_spans_come_back_as_they_were() {
    let dir = TestDir::new();
    let mut store = dir.open();
    store.append(7, 1234, b"", After::Waiting).expect("written");
    drop(store);
    let mut store = dir.open();
    let entry = store.next().expect("waits");
    assert_eq!((entry.kind, entry.spans, entry.bytes.len()), (7, 1234, 0));
    assert_eq!((store.counts().recovered, store.counts().held), (1234, 1234));
}

#[test]
fn the_oldest_segment_gives_way() {
    let dir = TestDir::new();
    let mut store = dir.open();
    for number in 0..400 {
        append(&mut store, number).expect("there is always room");
        assert!(store.counts().bytes <= 64 * 1024);
    }
    let counts = store.counts();
    assert!(counts.evicted > 0);
    assert_balanced(&store);
    let left = drain(&mut store);
    assert_eq!(left.len() as u64, 400 - counts.evicted);
    assert_eq!(left, (*left.first().expect("some")..400).collect::<Vec<_>>());
}

#[test]
fn at_the_bound_the_newest_is_refused_if_asked_for() {
    let dir = TestDir::new();
    let mut store = Store::open(&dir.options().refuse_newest(true), RealFs, start());
    let written = (0..400).find(|number| append(&mut store, *number).is_err()).unwrap_or(400);
    assert!(written < 400 && store.counts().bytes <= 64 * 1024);
    assert_eq!(append(&mut store, 400), Err(Refused::Full));
    assert_eq!(drain(&mut store), (0..written).collect::<Vec<_>>());
    append(&mut store, 401).expect("there is room again");
    assert_balanced(&store);
}

#[test]
fn a_request_over_the_bound_is_refused() {
    let dir = TestDir::new();
    let mut store = dir.open();
    assert_eq!(store.append(1, 1, &vec![0; 64 * 1024], After::Waiting), Err(Refused::Full));
    let large = store.append(1, 1, &vec![0; 60 * 1024], After::Waiting);
    assert!(large.is_ok(), "longer than a segment, and alone in one");
    assert_eq!(store.next().expect("waits").bytes.len(), 60 * 1024);
}

#[test]
fn a_frame_that_was_handed_out_and_evicted_counts_when_it_comes_back() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..2);
    let (first, second) = (store.next().expect("waits"), store.next().expect("waits"));
    fill(&mut store, 2..400);
    let before = store.counts();
    assert_eq!(before.held, 2);
    assert_balanced(&store);
    store.put_back(first.ticket);
    store.done(second.ticket);
    let after = store.counts();
    assert_eq!((after.evicted - before.evicted, after.done, after.held), (1, 1, 0));
    assert_balanced(&store);
}

#[test]
fn what_is_too_old_expires() {
    let dir = TestDir::new();
    let mut store = Store::open(&dir.options().max_age(Duration::from_secs(1000)), RealFs, start());
    let mut now = start();
    fill(&mut store, 0..2);
    pass(&mut store, &mut now, Duration::from_secs(500));
    fill(&mut store, 2..4);
    pass(&mut store, &mut now, Duration::from_secs(501));
    assert_eq!((store.counts().expired, store.counts().spans), (2, 2));
    assert_eq!(drain(&mut store), [2, 3]);
    assert_balanced(&store);
}

#[test]
fn a_clock_that_jumps_expires_nothing() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..2);
    let year = Duration::from_secs(365 * 24 * 3600);
    for time in
        [start() + year, start() - Duration::from_secs(3600), std::time::UNIX_EPOCH - year, start() + year]
    {
        store.tick(time);
    }
    drop(store);
    // Of a process that believed in next year; and one that believes in a year later.
    let mut store = Store::open(&dir.options(), RealFs, start() + 2 * year);
    store.tick(start() + 2 * year);
    store.tick(start() - year);
    assert_eq!(store.counts().expired, 0);
    assert_eq!(drain(&mut store), [0, 1]);
}

#[test]
fn what_a_process_has_left_long_ago_expires_after_a_grace() {
    let dir = TestDir::new();
    fill(&mut dir.open(), 0..2);
    let mut now = start() + Duration::from_secs(48 * 3600);
    let mut store = Store::open(&dir.options(), RealFs, now);
    pass(&mut store, &mut now, Duration::from_secs(590));
    assert_eq!((store.counts().expired, store.counts().spans), (0, 2));
    pass(&mut store, &mut now, Duration::from_secs(20));
    assert_eq!((store.counts().expired, store.counts().spans), (2, 0));
    assert_balanced(&store);
}

#[test]
fn everything_is_for_this_user_alone() {
    let dir = TestDir::new();
    let mut store = dir.open();
    let entry = fill(&mut store, 0..2).first().copied();
    drop(store.next());
    store.done(entry.expect("a ticket"));
    store.tick(start());
    let mode = |path: &std::path::Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&dir.spool()), 0o700);
    for (suffix, expected) in [("", 3), (".seg", 1), ("cursor", 1), ("lock", 1)] {
        let files = dir.files(suffix);
        assert_eq!(files.len(), expected, "{files:?}");
        for file in files {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
            assert_eq!(mode(file.parent().expect("a folder")), 0o700);
        }
    }
}

#[test]
fn options_that_can_never_work_are_errors() {
    let temp = std::env::temp_dir();
    for (spool, says) in [
        (Spool::new(""), "empty path"),
        (Spool::new("/var/lib/../lib/x"), "without `..`"),
        (Spool::new("/tmp"), "every user"),
        (Spool::new("/var/tmp/"), "every user"),
        (Spool::new(temp), "every user"),
        (Spool::new("/"), "every user"),
        (Spool::new("/var/lib/x").max_bytes(1), "at least 16 MiB"),
        (Spool::new("/var/lib/x").max_age(Duration::ZERO), "at least a second"),
    ] {
        let error = spool.check().expect_err(says);
        assert!(error.is_configuration() && error.to_string().contains(says), "{error}");
    }
    Spool::new("/var/lib/x").check().expect("good");
}
