//! Folders that are shared with other processes, or with somebody who means ill, or that stop working.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::{
    After, RealFs, Refused, Store, TestDir, append, assert_balanced, body, drain, fill, pass, start,
};

fn chmod(path: impl AsRef<std::path::Path>, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn two_processes_share_a_folder() {
    let dir = TestDir::new();
    let (mut one, mut two) = (dir.open(), dir.open());
    fill(&mut one, 0..5);
    fill(&mut two, 10..15);
    let mut now = start();
    pass(&mut two, &mut now, Duration::from_secs(60));
    assert_eq!(drain(&mut two), (10..15).collect::<Vec<_>>());
    assert_eq!(two.counts().recovered, 0, "what the other has is the other's");
    drop(one);
    pass(&mut two, &mut now, Duration::from_secs(30));
    assert_eq!(two.counts().recovered, 5, "within 30 s after it has gone");
    let mut three = dir.open();
    assert_eq!(drain(&mut two), (0..5).collect::<Vec<_>>());
    pass(&mut three, &mut now, Duration::from_secs(60));
    assert_eq!(three.counts().recovered, 0, "nothing is sent by two");
    drop((two, three));
    assert!(dir.files("").is_empty());
}

#[test]
fn a_lock_that_a_killed_process_has_left_is_free() {
    let dir = TestDir::new();
    fill(&mut dir.open(), 0..3);
    assert_eq!(dir.files("lock").len(), 1);
    assert_eq!(drain(&mut dir.open()), [0, 1, 2]);
}

#[test]
fn an_empty_folder_of_somebody_who_just_begins_is_no_harm() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fs::create_dir(dir.spool().join("00000000000000aa")).expect("made");
    let mut now = start();
    pass(&mut store, &mut now, Duration::from_secs(11));
    assert!(!dir.spool().join("00000000000000aa").exists());
    assert_eq!(store.counts().errors, super::super::IoErrors::default());
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let dir = TestDir::new();
    fill(&mut dir.open(), 0..2);
    let lock = dir.files("lock").pop().expect("a lock");
    let instance = lock.parent().expect("a folder");
    let secret = dir.0.join("secret");
    fs::write(&secret, "secret").expect("written");
    symlink(&secret, instance.join("0000000007.seg")).expect("linked");
    fs::create_dir(instance.join("0000000008.seg")).expect("made");
    fs::write(instance.join("notes.txt"), "mine").expect("written");
    let pipe = mknodat(CWD, instance.join("0000000009.seg"), FileType::Fifo, Mode::RWXU, 0);
    pipe.expect("made");
    fs::write(dir.spool().join("README"), "mine").expect("written");
    symlink(&dir.0, dir.spool().join("00000000000000bb")).expect("linked");
    let mut store = dir.open();
    assert_eq!(drain(&mut store), [0, 1]);
    assert_eq!(store.counts().foreign, 6, "{:?}", store.counts());
    assert_balanced(&store);
    store.tick(start());
    drop(store);
    assert_eq!(fs::read(&secret).expect("untouched"), b"secret");
    assert!(instance.join("notes.txt").exists() && dir.spool().join("README").exists());
}

#[test]
fn a_folder_that_is_a_link_or_others_write_to_is_not_used() {
    let dir = TestDir::new();
    fs::create_dir(dir.0.join("elsewhere")).expect("made");
    symlink(dir.0.join("elsewhere"), dir.spool()).expect("linked");
    let mut store = dir.open();
    assert_eq!(append(&mut store, 0), Err(Refused::Unavailable));
    assert!(store.problem().is_some_and(|problem| problem.contains("link")), "{:?}", store.problem());
    fs::remove_file(dir.spool()).expect("removed");
    fs::create_dir(dir.spool()).expect("made");
    chmod(dir.spool(), 0o777);
    let mut now = start();
    pass(&mut store, &mut now, Duration::from_secs(2));
    assert_eq!(append(&mut store, 0), Err(Refused::Unavailable));
    assert!(store.problem().is_some_and(|problem| problem.contains("others may write")));
    chmod(dir.spool(), 0o755);
    pass(&mut store, &mut now, Duration::from_secs(2));
    append(&mut store, 0).expect("it works again");
    assert_eq!(store.problem(), None);
}

#[test]
fn a_file_where_the_folder_should_be_is_a_state_and_no_failure() {
    let dir = TestDir::new();
    fs::write(dir.spool(), "a file").expect("written");
    let mut store = dir.open();
    assert_eq!(append(&mut store, 0), Err(Refused::Unavailable));
    assert!(store.problem().is_some() && store.next().is_none());
    fs::remove_file(dir.spool()).expect("removed");
    let mut now = start();
    pass(&mut store, &mut now, Duration::from_secs(2));
    fill(&mut store, 0..2);
    assert_eq!(drain(&mut store), [0, 1]);
}

#[test]
fn a_folder_that_is_removed_is_made_again() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..3);
    let held = store.append(1, 1, &body(9), After::Held).expect("written");
    fs::remove_dir_all(dir.spool()).expect("removed");
    let mut now = start();
    pass(&mut store, &mut now, Duration::from_secs(2));
    assert_eq!((store.counts().corrupt, store.counts().spans, store.counts().held), (3, 0, 1));
    store.done(held);
    fill(&mut store, 3..5);
    assert_eq!(drain(&mut store), [3, 4]);
    assert_balanced(&store);
}

#[test]
fn a_removed_file_is_a_counted_loss() {
    let dir = TestDir::new();
    let mut store = dir.open();
    fill(&mut store, 0..14);
    fs::remove_file(&dir.files(".seg")[0]).expect("removed");
    assert_eq!(drain(&mut store), (7..14).collect::<Vec<_>>());
    assert_eq!(store.counts().corrupt, 7);
    assert_balanced(&store);
}

#[test]
fn no_endpoint_header_or_credential_is_on_disk() {
    let dir = TestDir::new();
    let mut store = Store::open(&dir.options().write_through(true), RealFs, start());
    fill(&mut store, 0..1);
    let first = store.next().expect("waits");
    store.done(first.ticket);
    fill(&mut store, 1..2);
    store.tick(start());
    for file in dir.files("") {
        let bytes = fs::read(&file).expect("it can be read");
        // What is there is what the format says, and the payload.
        let known = match file.extension() {
            Some(_) => 32 + 2 * 520,
            None if file.ends_with("lock") => 0,
            None => 8 + 8 + 20 + 4,
        };
        assert_eq!(bytes.len(), known, "{}", file.display());
    }
}
