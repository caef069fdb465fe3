//! The spool on real folders. What all of these tests share: a folder that goes with its test, and a time that is set.

mod basic;
mod damage;
mod leftovers;
mod property;
mod room;
mod shared;
mod sim;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::fs::Fs;
use super::{After, RealFs, Refused, Spool, Store, Ticket};

/// Long before the clock of any machine, so that nothing here can depend on that.
fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

const TICK: Duration = Duration::from_millis(100);

/// A folder of one test.
struct TestDir(PathBuf);

impl TestDir {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("wirespan-spool-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir(&dir).expect("a folder for the test");
        Self(dir)
    }

    fn spool(&self) -> PathBuf {
        self.0.join("spool")
    }

    /// Small enough that a test reaches every bound.
    fn options(&self) -> Spool {
        let mut options = Spool::new(self.spool());
        options.max_bytes = 64 * 1024;
        options.segment_bytes = 4 * 1024;
        options
    }

    fn open(&self) -> Store {
        Store::open(&self.options(), RealFs, start())
    }

    /// The files of one kind, of all instances, by name.
    fn files(&self, suffix: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for instance in std::fs::read_dir(self.spool()).into_iter().flatten().flatten() {
            for file in std::fs::read_dir(instance.path()).into_iter().flatten().flatten() {
                if file.file_name().to_string_lossy().ends_with(suffix) {
                    files.push(file.path());
                }
            }
        }
        files.sort();
        files
    }
}

impl Drop for TestDir {
    fn drop(&mut self) {
        restore(&self.0);
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn restore(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;

    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)).ok();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            restore(&entry.path());
        }
    }
}

/// Appends frames of one span each, with these payloads.
fn fill<F: Fs>(store: &mut Store<F>, payloads: impl IntoIterator<Item = u32>) -> Vec<Ticket> {
    payloads.into_iter().map(|payload| append(store, payload).expect("the frame is written")).collect()
}

fn append<F: Fs>(store: &mut Store<F>, payload: u32) -> Result<Ticket, Refused> {
    store.append(1, 1, &body(payload), After::Waiting)
}

/// A payload of 500 bytes that can be told from all others.
fn body(number: u32) -> Vec<u8> {
    number.to_le_bytes().into_iter().cycle().take(500).collect()
}

/// Takes everything, as a sender that delivers it: the numbers of the payloads, in order.
fn drain<F: Fs>(store: &mut Store<F>) -> Vec<u32> {
    let mut numbers = Vec::new();
    while let Some(entry) = store.next() {
        numbers.push(number(&entry.bytes));
        store.done(entry.ticket);
    }
    numbers
}

/// Which payload this is; fails where it is none.
fn number(bytes: &[u8]) -> u32 {
    let number = u32::from_le_bytes(bytes[..4].try_into().expect("four bytes"));
    assert_eq!(bytes, body(number), "the payload is as it was written");
    number
}

/// The balance that `mod.rs` promises.
fn assert_balanced<F: Fs>(store: &Store<F>) {
    let counts = store.counts();
    let lost = counts.evicted + counts.expired + counts.corrupt;
    assert_eq!(
        counts.appended + counts.recovered,
        counts.done + lost + counts.spans + counts.held,
        "{counts:?}"
    );
}

/// Ticks for so long.
fn pass<F: Fs>(store: &mut Store<F>, now: &mut SystemTime, time: Duration) {
    let end = *now + time;
    while *now < end {
        *now += TICK.max(time / 100);
        store.tick(*now);
    }
}
