//! P1: exporters that panic once, again and again, or for a while. And ones that fail late, refuse large requests, or are traced
//! themselves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use wirespan::opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use wirespan::opentelemetry_sdk::trace::{SpanData, SpanExporter};
use wirespan::traced;
use wirespan_tests::exporter::{Answer, Scripted};
use wirespan_tests::{PATIENCE, turn};

/// Acknowledges everything, and cannot flush it.
#[derive(Debug)]
struct CannotFlush;

impl SpanExporter for CannotFlush {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Err(OTelSdkError::InternalFailure("disk full".into()))
    }
}

#[traced]
fn small(number: u32) -> u32 {
    number
}

#[traced]
fn large(text: &str) -> usize {
    text.len()
}

#[test]
fn a_flush_that_the_exporter_refuses_is_not_ok() {
    let _turn = turn();
    let telemetry = wirespan::builder().exporter(CannotFlush).install().unwrap();
    small(1);
    let error = telemetry.flush(PATIENCE).unwrap_err();
    assert!(!error.is_timeout(), "{error}");
    assert_eq!(error.report().map(|report| report.delivered), Some(1));
    assert!(error.to_string().starts_with("the exporter could not flush"), "{error}");
    assert!(telemetry.stats().is_balanced());
    let _ = telemetry.shutdown(PATIENCE);
}

/// Remembers how large each batch was, in bytes of its string attributes, and in spans.
#[derive(Debug, Clone, Default)]
struct Sizes(Arc<Mutex<Vec<(usize, usize)>>>);

impl SpanExporter for Sizes {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let bytes = batch.iter().flat_map(|span| &span.attributes).map(|kv| kv.value.as_str().len()).sum();
        self.0.lock().unwrap().push((bytes, batch.len()));
        Ok(())
    }
}

#[test]
fn a_large_span_does_not_take_small_ones_over_the_limit_of_a_request() {
    let _turn = turn();
    let sizes = Sizes::default();
    let telemetry = wirespan::builder()
        .exporter(sizes.clone())
        .max_export_batch_size(10_000)
        .flush_interval(Duration::from_secs(60))
        .install()
        .unwrap();
    let megabyte = "x".repeat(1 << 20);
    let two = "y".repeat(2_000_000);
    for number in 0..100 {
        small(number);
    }
    large(&megabyte);
    large(&megabyte);
    large(&two);
    telemetry.flush(PATIENCE).unwrap();
    let sizes = sizes.0.lock().unwrap().clone();
    let limit = 4 * 1024 * 1024;
    assert!(sizes.iter().all(|(bytes, _)| *bytes < limit - 500_000), "{sizes:?}");
    assert_eq!(sizes.iter().map(|(_, spans)| spans).sum::<usize>(), 103);
    assert!(sizes.len() > 1, "{sizes:?}");
    telemetry.shutdown(PATIENCE).unwrap();
}

/// Calls a traced function for every batch.
#[derive(Debug, Clone, Default)]
struct Traced(Arc<AtomicUsize>);

impl SpanExporter for Traced {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.fetch_add(batch.len(), Ordering::SeqCst);
        small(99);
        Ok(())
    }
}

#[test]
fn an_exporter_that_is_traced_makes_no_spans() {
    let _turn = turn();
    for attach in [true, false] {
        let exporter = Traced::default();
        let builder = wirespan::builder().exporter(exporter.clone()).opentelemetry_context(attach);
        let telemetry = builder.install().unwrap();
        small(1);
        for _ in 0..3 {
            telemetry.flush(PATIENCE).unwrap();
        }
        assert_eq!(telemetry.stats().started, 1, "attach {attach}");
        telemetry.shutdown(PATIENCE).unwrap();
        assert_eq!(exporter.0.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn the_batch_after_a_panic_of_the_exporter_arrives_within_a_second() {
    const BATCHES: u64 = 60;
    let scripts: [fn(u64) -> bool; 3] =
        [|number| number == 0, |number| number % 3 == 2, |number| number < 50];
    for panics in scripts {
        let _turn = turn();
        let exporter =
            Scripted::new(move |number| if panics(number) { Answer::Panic } else { Answer::Accept });
        let builder = wirespan::builder().exporter(exporter.clone()).flush_interval(PATIENCE);
        let telemetry = builder.max_export_batch_size(10).install().unwrap();
        for number in 0..BATCHES {
            (0..10).for_each(|number| _ = small(number));
            let start = Instant::now();
            let flushed = telemetry.flush(PATIENCE);
            assert_eq!((flushed.is_err(), exporter.batches()), (panics(number), number + 1));
            assert!(start.elapsed() < Duration::from_secs(1), "{number}: {:?}", start.elapsed());
        }
        let lost = 10 * (0..BATCHES).filter(|number| panics(*number)).count() as u64;
        let stats = telemetry.stats();
        assert!(stats.is_balanced(), "{stats:?}");
        assert_eq!((stats.acknowledged, stats.dropped.exporter_panicked), (10 * BATCHES - lost, lost));
        assert_eq!((stats.dropped(), exporter.spans().len() as u64), (lost, 10 * BATCHES - lost));
        telemetry.shutdown(PATIENCE).unwrap();
    }
}
