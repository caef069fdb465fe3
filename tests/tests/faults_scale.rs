//! Faults C13 and C15: a recursion of 100,000 calls, and 100,000 spans in one trace. C14, a million open spans, has a process
//! of its own (`faults_open.rs`), since it looks at that process's memory.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::iter::successors;
use std::thread;

use wirespan::opentelemetry::SpanId;
use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::traced;
use wirespan_tests::{PATIENCE, install_with, turn};

const DEEP: u64 = 100_000;
/// What `Dropped::depth_limit` says.
const DEPTH_LIMIT: u64 = 4096;

#[traced(skip_all)]
fn recurse(left: u64) -> u64 {
    if left == 0 { 0 } else { 1 + recurse(left - 1) }
}

/// Runs on a stack of 64 MiB.
fn deep<R: Send + 'static>(run: impl FnOnce() -> R + Send + 'static) -> R {
    thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap()
}

#[test]
fn a_recursion_of_a_hundred_thousand_calls_records_to_its_limit_and_counts_the_rest() {
    for attach in [true, false] {
        let _turn = turn();
        let exported = wirespan::MemoryExporter::new();
        let telemetry = wirespan::builder()
            .exporter(exported.clone())
            .opentelemetry_context(attach)
            .install()
            .expect("telemetry installs");
        assert_eq!(deep(|| recurse(DEEP)), DEEP);
        // The limit is one of depth: what comes afterwards is recorded again.
        assert_eq!(recurse(1), 1);
        let lost = telemetry.flush(PATIENCE).expect_err("spans were lost");
        let report = lost.report().expect("counted");
        assert_eq!(report.dropped.depth_limit, DEEP + 1 - DEPTH_LIMIT, "{report:?}");
        let stats = telemetry.stats();
        assert_eq!((stats.started, stats.acknowledged), (DEEP + 3, DEPTH_LIMIT + 2), "{stats:?}");
        assert!(stats.is_balanced() && stats.open == 0, "{stats:?}");
        let deepest = longest_chain(&exported.spans());
        assert_eq!(deepest as u64, DEPTH_LIMIT, "each is the child of the one around it");
    }
}

/// How many spans follow on each other, from the root with the longest line of only children.
fn longest_chain(spans: &[SpanData]) -> usize {
    let child_of: HashMap<SpanId, SpanId> =
        spans.iter().map(|span| (span.parent_span_id, span.span_context.span_id())).collect();
    let length = |root: &SpanData| {
        successors(Some(root.span_context.span_id()), |span| child_of.get(span).copied()).count()
    };
    spans.iter().filter(|span| span.parent_span_id == SpanId::INVALID).map(length).max().unwrap_or(0)
}

#[traced]
fn one_of_many(number: u64) -> u64 {
    number
}

#[traced(skip_all)]
fn many(count: u64) -> u64 {
    (0..count).map(one_of_many).sum()
}

#[test]
fn a_hundred_thousand_spans_under_one_root_are_all_delivered() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach).buffer_bytes(128 << 20));
        // With the root, as many as the exporter keeps.
        let children = DEEP - 1;
        assert_eq!(many(children), children * (children - 1) / 2);
        let root = telemetry.span("many").span_context.clone();
        let spans = telemetry.spans();
        assert_eq!(spans.len() as u64, DEEP);
        assert!(spans.iter().all(|span| span.span_context.trace_id() == root.trace_id()));
        assert_eq!(
            spans.iter().filter(|span| span.parent_span_id == root.span_id()).count() as u64,
            children
        );
    }
}
