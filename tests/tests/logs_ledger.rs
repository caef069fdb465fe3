//! Where every log record is: what waits, what is lost and why, and who is told.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use wirespan::Telemetry;
use wirespan::opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use wirespan::opentelemetry_sdk::logs::{LogBatch, LogExporter};
use wirespan_tests::delivery::otlp;
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, turn};

/// What waits at most, unless `OTEL_BLRP_MAX_QUEUE_SIZE` says otherwise.
const QUEUE: u64 = 2048;

/// What an exporter does with the next batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Wait,
    Take,
    Fail,
    Panic,
}

/// An exporter that does as it is told.
#[derive(Debug, Clone)]
struct Told(Arc<(Mutex<Act>, Condvar, AtomicU64)>);

impl Told {
    fn new(act: Act) -> Self {
        Self(Arc::new((Mutex::new(act), Condvar::new(), AtomicU64::new(0))))
    }

    fn tell(&self, act: Act) {
        *self.0.0.lock().expect("nobody panics with it") = act;
        self.0.1.notify_all();
    }

    fn taken(&self) -> u64 {
        self.0.2.load(Ordering::Relaxed)
    }
}

impl LogExporter for Told {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let act = {
            let act = self.0.0.lock().expect("nobody panics with it");
            *self.0.1.wait_while(act, |act| *act == Act::Wait).expect("nobody panics with it")
        };
        match act {
            Act::Fail => Err(OTelSdkError::InternalFailure("as it was told".to_owned())),
            Act::Panic => panic!("as it was told"),
            Act::Wait | Act::Take => {
                self.0.2.fetch_add(batch.iter().count() as u64, Ordering::Relaxed);
                Ok(())
            }
        }
    }
}

fn install(exporter: Told) -> Telemetry {
    let builder = wirespan::builder().no_exporter().log_exporter(exporter);
    builder.install().expect("it installs")
}

fn log(records: u64) {
    (0..records).for_each(|number| tracing::info!(number, "a record"));
}

fn is_balanced(telemetry: &Telemetry) -> bool {
    let stats = telemetry.stats().logs;
    stats.created == stats.queued + stats.exported + stats.lost()
}

#[test]
fn what_finds_the_queue_full_is_counted_told_once_and_a_metric() {
    let _turn = turn();
    let (exporter, receiver) = (Told::new(Act::Wait), Receiver::start());
    let builder = wirespan::builder().otlp(otlp(Protocol::Http, &receiver)).log_exporter(exporter.clone());
    let telemetry = builder.install().expect("it installs");
    log(5_000);
    let stats = telemetry.stats().logs;
    assert_eq!((stats.created, stats.queued, stats.queue_full), (5_000, QUEUE, 5_000 - QUEUE));
    exporter.tell(Act::Take);
    let error = telemetry.flush(PATIENCE).expect_err("records are lost").to_string();
    assert!(error.contains("2952 records are lost (queue_full: 2952)"), "{error}");
    let stats = telemetry.stats().logs;
    assert_eq!((stats.exported, stats.queued, stats.lost()), (QUEUE, 0, 5_000 - QUEUE));
    assert_eq!(exporter.taken(), QUEUE);
    // There is room again, and what was told is not told again.
    log(10);
    telemetry.flush(PATIENCE).expect("nothing more is lost");
    assert_eq!(telemetry.stats().logs.exported, QUEUE + 10);
    telemetry.shutdown(PATIENCE).expect("nothing more is lost");
    let points = receiver.metrics();
    let processed = points.named("otel.sdk.processor.log.processed");
    assert!((processed.with("error.type", "queue_full").value() - 2952.0).abs() < 0.1);
    let created = points.named("otel.sdk.log.created");
    assert!((created.value() - 5_010.0).abs() < 0.1, "{created:?}");
}

#[test]
fn an_exporter_that_fails_or_panics_costs_its_batch_and_goes_on() {
    let _turn = turn();
    let exporter = Told::new(Act::Fail);
    let telemetry = install(exporter.clone());
    for (act, lost) in [(Act::Fail, 3), (Act::Panic, 6)] {
        exporter.tell(act);
        log(3);
        let error = telemetry.flush(PATIENCE).expect_err("records are lost").to_string();
        assert!(error.contains("3 records are lost (export_failed: 3)"), "{act:?}: {error}");
        assert_eq!(telemetry.stats().logs.export_failed, lost);
    }
    exporter.tell(Act::Take);
    log(4);
    telemetry.flush(PATIENCE).expect("nothing more is lost");
    assert_eq!((exporter.taken(), telemetry.stats().logs.exported), (4, 4));
    telemetry.shutdown(PATIENCE).expect("nothing more is lost");
}

#[test]
fn the_books_balance_while_eight_threads_log() {
    let _turn = turn();
    let exporter = Told::new(Act::Take);
    let telemetry = install(exporter.clone());
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                log(2_000);
                done.fetch_add(1, Ordering::Relaxed);
            });
        }
        while done.load(Ordering::Relaxed) < 8 {
            assert!(is_balanced(&telemetry), "{:?}", telemetry.stats().logs);
        }
    });
    // Records may have found the queue full.
    let _ = telemetry.flush(PATIENCE);
    let stats = telemetry.stats().logs;
    assert_eq!((stats.created, stats.queued), (16_000, 0), "{stats:?}");
    assert_eq!(stats.exported, exporter.taken());
    telemetry.shutdown(Duration::from_secs(5)).expect("all is told");
}

#[test]
fn what_a_receiver_got_is_what_was_exported() {
    let _turn = turn();
    for protocol in [Protocol::Grpc, Protocol::Http] {
        let receiver = Receiver::start();
        let telemetry = wirespan::builder().otlp(otlp(protocol, &receiver)).install().expect("it installs");
        log(700);
        telemetry.flush(PATIENCE).expect("they are delivered");
        let arrived: usize = receiver.received_logs().iter().map(|request| request.records().count()).sum();
        let stats = telemetry.stats().logs;
        assert_eq!((arrived, stats.exported, stats.created, stats.queued), (700, 700, 700, 0), "{stats:?}");
        telemetry.shutdown(PATIENCE).expect("nothing is lost");
    }
}
