//! P1: a transport that panics costs the request in hand at most, and that only when it panics over it again.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;

use super::answer::Answer;
use super::disk::Disk;
use super::outbox::{Outbox, Ready};
use super::sender::Sender;
use super::{Pace, Transport};
use crate::clock::Clock;
use crate::recorder::Recorder;
use crate::recorder::pool::Pool;
use crate::sample::RootSampler;
use crate::setup::stats::Stats;

const PATIENCE: Duration = Duration::from_secs(10);
const PACE: Pace = Pace { in_flight: 2, timeout: PATIENCE, queue_bytes: 16 << 20, max_spans: u64::MAX };
/// What is in a request over which the transport panics.
const POISON: u8 = b'!';

/// Takes everything, but panics as `panics` says of a request and how often that came before.
#[derive(Clone)]
struct Panicking {
    panics: fn(&[u8], usize) -> bool,
    sent: Arc<Mutex<Vec<Bytes>>>,
}

impl Panicking {
    fn new(panics: fn(&[u8], usize) -> bool) -> Self {
        Self { panics, sent: Arc::default() }
    }

    fn sent(&self) -> Vec<Bytes> {
        self.sent.lock().expect("it panics elsewhere").clone()
    }
}

impl Transport for Panicking {
    fn send(&self, request: Bytes) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let before = self.sent().iter().filter(|earlier| **earlier == request).count();
        self.sent.lock().expect("it panics elsewhere").push(request.clone());
        let panics = (self.panics)(&request, before);
        Box::pin(async move {
            if panics {
                // Not `panic!`: the hook has nothing to say about it.
                std::panic::resume_unwind(Box::new("as it does"));
            }
            Answer::Accepted { rejected: 0, message: None }
        })
    }
}

fn recorder() -> &'static Recorder {
    let recorder =
        Recorder::new(Clock::new(), Pool::new(1 << 20, 64 << 10), RootSampler::default(), true, true);
    Box::leak(Box::new(recorder))
}

/// Sends ten spans in each of these requests, and what is on disk, until `all` are somewhere for good.
fn send(
    recorder: &'static Recorder,
    transport: &Panicking,
    requests: &[&'static [u8]],
    disk: Option<Disk>,
    all: u64,
) -> Stats {
    let outbox = Arc::new(Outbox::new(PACE.queue_bytes, PACE.in_flight));
    for request in requests {
        outbox.push(Ready { bytes: Bytes::from_static(request), spans: 10 });
    }
    let mut sender = Sender::new(recorder, outbox, Arc::new(transport.clone()), PACE, disk);
    let stats = || recorder.ledger.stats(&recorder.foreign);
    let settled = async {
        while stats().acknowledged + stats().dropped() < all {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        tokio::select! {
            () = sender.run() => panic!("nobody has asked it to end"),
            done = tokio::time::timeout(PATIENCE, settled) => done.expect("in time"),
        }
    });
    stats()
}

#[test]
fn a_request_over_which_the_transport_panicked_is_sent_once_more() {
    let transport = Panicking::new(|request, before| request == b"one" && before == 0);
    let stats = send(recorder(), &transport, &[b"one", b"two"], None, 20);
    assert_eq!((stats.acknowledged, stats.dropped()), (20, 0), "{stats:?}");
    let sent = transport.sent();
    assert_eq!(sent.iter().filter(|request| *request == "one").count(), 2, "{sent:?}");
}

#[test]
fn a_request_over_which_it_always_panics_is_lost_and_no_other() {
    let transport = Panicking::new(|request, _| request.contains(&POISON));
    let stats = send(recorder(), &transport, &[b"one", b"two!"], None, 20);
    assert_eq!(
        (stats.acknowledged, stats.dropped.exporter_panicked, stats.dropped()),
        (10, 10, 10),
        "{stats:?}"
    );
    let sent = transport.sent();
    assert_eq!(sent.iter().filter(|request| *request == "two!").count(), 2, "{sent:?}");
}

#[test]
#[cfg(unix)]
fn of_requests_from_disk_that_were_made_one_it_is_that_one_that_is_lost() {
    let folder = std::env::temp_dir().join(format!("wirespan-panicking-{}", std::process::id()));
    let recorder = recorder();
    let mut disk = Disk::open(recorder, &crate::Spool::new(&folder));
    for number in 0..10 {
        let request = if number == 4 { *b"four!" } else { [b'0' + number; 5] };
        assert!(disk.leave(&request, 10), "it is written");
    }
    let transport = Panicking::new(|request, _| request.contains(&POISON));
    let stats = send(recorder, &transport, &[], Some(disk), 100);
    assert_eq!(
        (stats.acknowledged, stats.dropped.exporter_panicked, stats.dropped()),
        (90, 10, 10),
        "{stats:?}"
    );
    let sent = transport.sent();
    assert_eq!(sent.first().map(Bytes::len), Some(50), "all of them as one: {sent:?}");
    assert_eq!(sent.iter().filter(|request| *request == "four!").count(), 2, "{sent:?}");
    let _ = std::fs::remove_dir_all(&folder);
}
