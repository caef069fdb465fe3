//! P15: a program that traces everything its HTTP and gRPC clients say, at every level. What the exporter's own clients say makes no
//! spans, so export does not feed itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use wirespan::traced;
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Protocol, Receiver};

/// How often the bridge below was called on the exporter's thread.
static OF_THE_EXPORTER: AtomicU64 = AtomicU64::new(0);

/// Makes a traced call of everything that any library says.
struct Bridge(AtomicU64);

#[traced]
fn bridged() -> Option<String> {
    thread::current().name().map(str::to_owned)
}

fn bridge() {
    if bridged().as_deref() == Some("wirespan-export") {
        OF_THE_EXPORTER.fetch_add(1, Ordering::SeqCst);
    }
}

impl Subscriber for Bridge {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        bridge();
        Id::from_u64(1 + self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        bridge();
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn what_the_exporters_own_clients_say_makes_no_spans() {
    tracing::subscriber::set_global_default(Bridge(AtomicU64::new(0))).unwrap();
    for protocol in PROTOCOLS {
        let before = OF_THE_EXPORTER.load(Ordering::SeqCst);
        // No receiver of ours here: it would say something, too, on a thread of its own.
        let (receiver, run) = (Receiver::down(), Run::new(format!("P15 {protocol:?}")));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        run.record_range(0..10);
        assert!(pipe.flush(Duration::from_millis(500)).unwrap_err().is_timeout());
        let said = OF_THE_EXPORTER.load(Ordering::SeqCst) - before;
        // HTTP's client says nothing, built as it is here.
        assert!(said > 0 || protocol == Protocol::Http, "gRPC's client speaks, or this shows nothing");
        let stats = pipe.stats();
        assert_eq!((stats.started, stats.pending()), (10, 10), "{protocol:?}, {said} times: {stats:?}");
        receiver.come_up();
        pipe.stats_once(PATIENCE, |stats| stats.acknowledged >= 10);
        let spans = receiver.spans();
        run.judge(1, 10, spans.iter().filter(|span| span.name == "marked")).is_perfect();
    }
}
