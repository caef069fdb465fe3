//! Many folders of processes that are gone, and a path that ends in a slash.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use super::{RealFs, Refused, Spool, Store, TestDir, append, assert_balanced, drain, fill, pass, start};

#[test]
fn many_processes_that_are_gone_do_not_use_up_what_may_be_open() {
    let dir = TestDir::new();
    fs::create_dir(dir.spool()).expect("made");
    fs::set_permissions(dir.spool(), fs::Permissions::from_mode(0o700)).expect("it is ours");
    for number in 0..100 {
        // Each alone, so that none takes over what the ones before have left.
        let alone = dir.0.join(format!("alone{number}"));
        let mut store = Store::open(&Spool::new(&alone), RealFs, start());
        fill(&mut store, [number]);
        drop(store);
        for instance in fs::read_dir(alone).expect("a folder").flatten() {
            fs::rename(instance.path(), dir.spool().join(instance.file_name())).expect("moved");
        }
    }
    let mut store = Store::open(&Spool::new(dir.spool()), RealFs, start());
    assert!(store.folders.len() <= 32, "{} folders are open", store.folders.len());
    let (mut found, mut now) = (drain(&mut store), start());
    for _ in 0..5 {
        pass(&mut store, &mut now, Duration::from_secs(30));
        found.extend(drain(&mut store));
    }
    found.sort_unstable();
    assert_eq!(found, (0..100).collect::<Vec<u32>>());
    assert_balanced(&store);
}

#[test]
fn a_link_is_not_followed_behind_a_slash_either() {
    let dir = TestDir::new();
    fs::create_dir(dir.0.join("elsewhere")).expect("made");
    symlink(dir.0.join("elsewhere"), dir.spool()).expect("linked");
    let mut store = Store::open(&Spool::new(dir.spool().join("")), RealFs, start());
    assert_eq!(append(&mut store, 0), Err(Refused::Unavailable));
    assert_eq!(fs::read_dir(dir.0.join("elsewhere")).expect("a folder").count(), 0);
}
