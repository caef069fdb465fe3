//! What telemetry measures of itself: OpenTelemetry's names for an SDK where there are any, ours else.
//!
//! The numbers are those of the ledger, read when metrics are collected: a span costs nothing more for them. Only how long attempts
//! to send take is recorded, by who sends. Nothing here makes spans, and an export of metrics asks for no other one.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::metrics::{AsyncInstrument, Histogram, Meter};
use opentelemetry::{InstrumentationScope, KeyValue};

use super::counts::Counts;
use super::current;
use super::extras::Extras;
use super::guard::{Finite, Guarded};
use super::provider::Shared;
use crate::capture::counts::captured;
use crate::propagation::rejected;
use crate::recorder::Recorder;
use crate::setup::stats::Stats;

const ERROR: &str = "error.type";
const KIND: &str = "otel.component.type";
const NAME: &str = "otel.component.name";
/// What a span takes of the buffer, about: it is bounded in bytes, and OpenTelemetry's metric counts spans.
const SPAN_BYTES: u64 = 1024;

/// What the numbers are of.
pub(crate) struct Subject {
    pub(crate) recorder: &'static Recorder,
    pub(crate) buffer_bytes: u64,
    /// What spans are exported by: a value of `otel.component.type`.
    pub(crate) span_exporter: &'static str,
}

/// What others record.
pub(super) struct Own {
    attempts: Histogram<f64>,
    span_exporter: &'static str,
    metric_exporter: &'static str,
}

/// Who sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exporter {
    #[cfg_attr(not(feature = "_otlp"), expect(dead_code, reason = "the sender is OTLP's"))]
    Spans,
    Metrics,
}

/// An attempt to send was over after that time; `error` where it did not succeed.
pub(crate) fn attempted(exporter: Exporter, took: Duration, error: Option<&'static str>) {
    let Some(shared) = current::current() else { return };
    let Some(own) = shared.own.get() else { return };
    let kind = match exporter {
        Exporter::Spans => own.span_exporter,
        Exporter::Metrics => own.metric_exporter,
    };
    let [name, kind] = component(kind);
    match error {
        None => own.attempts.record(took.as_secs_f64(), &[name, kind]),
        Some(error) => own.attempts.record(took.as_secs_f64(), &[name, kind, KeyValue::new(ERROR, error)]),
    }
}

fn component(kind: &'static str) -> [KeyValue; 2] {
    [KeyValue::new(NAME, format!("{kind}/0")), KeyValue::new(KIND, kind)]
}

/// Makes our own instruments.
pub(super) fn instruments(
    shared: &Shared,
    subject: &Subject,
    metric_exporter: &'static str,
    extras: &Extras,
) -> Own {
    let scope = InstrumentationScope::builder("wirespan").with_version(env!("CARGO_PKG_VERSION")).build();
    let meter = Guarded::meter(shared, scope, Finite::ByCaller);
    spans(&meter, subject);
    processor(&meter, subject);
    exporter(&meter, subject);
    values(&meter, subject);
    measurements(&meter, &shared.counts, metric_exporter);
    extras.instruments(&meter);
    let attempts = meter
        .f64_histogram("otel.sdk.exporter.operation.duration")
        .with_unit("s")
        .with_description("Time of one attempt to send.")
        .build();
    Own { attempts, span_exporter: subject.span_exporter, metric_exporter }
}

fn spans(meter: &Meter, subject: &Subject) {
    let recorder = subject.recorder;
    let sampled = || [KeyValue::new("otel.span.sampling_result", "RECORD_AND_SAMPLE")];
    meter
        .u64_observable_counter("otel.sdk.span.started")
        .with_unit("{span}")
        .with_description("Spans that were started and sampled.")
        .with_callback(move |to| to.observe(recorder.stats().started, &sampled()))
        .build();
    meter
        .i64_observable_up_down_counter("otel.sdk.span.live")
        .with_unit("{span}")
        .with_description("Spans that have not ended.")
        .with_callback(move |to| to.observe(signed(recorder.stats().open), &sampled()))
        .build();
    meter
        .u64_observable_counter("wirespan.span.sampled_out")
        .with_unit("{span}")
        .with_description("Spans that tail sampling did not keep.")
        .with_callback(move |to| to.observe(recorder.stats().sampled_out, &[]))
        .build();
}

fn processor(meter: &Meter, subject: &Subject) {
    const PROCESSOR: &str = "batching_span_processor";
    let (recorder, capacity) = (subject.recorder, signed(subject.buffer_bytes / SPAN_BYTES));
    meter
        .i64_observable_up_down_counter("otel.sdk.processor.span.queue.size")
        .with_unit("{span}")
        .with_description("Spans that have ended and wait for the exporter.")
        .with_callback(move |to| to.observe(signed(recorder.stats().queued), &component(PROCESSOR)))
        .build();
    meter
        .i64_observable_up_down_counter("otel.sdk.processor.span.queue.capacity")
        .with_unit("{span}")
        .with_description("Spans of 1 KiB that may wait; the bound is one of bytes.")
        .with_callback(move |to| to.observe(capacity, &component(PROCESSOR)))
        .build();
    meter
        .u64_observable_counter("otel.sdk.processor.span.processed")
        .with_unit("{span}")
        .with_description("Spans that were handed to the exporter, or dropped before (error.type).")
        .with_callback(move |to| {
            let stats = recorder.stats();
            let dropped = [
                ("queue_full", stats.dropped.buffer_full),
                ("depth_limit", stats.dropped.depth_limit),
                ("thread_gone", stats.dropped.thread_gone),
                ("shutdown", stats.dropped.shutdown),
            ];
            to.observe(handed_over(&stats), &component(PROCESSOR));
            by_error(to, PROCESSOR, &dropped);
        })
        .build();
}

/// Spans that were given to the exporter.
fn handed_over(stats: &Stats) -> u64 {
    let dropped = &stats.dropped;
    let exported = stats.acknowledged + stats.rejected + stats.in_flight + stats.spooled;
    let lost = dropped.export_failed
        + dropped.exporter_panicked
        + dropped.too_large
        + dropped.spool_full
        + dropped.spool_expired
        + dropped.spool_corrupt;
    (exported + lost).saturating_sub(stats.recovered)
}

fn exporter(meter: &Meter, subject: &Subject) {
    let (recorder, exporter) = (subject.recorder, subject.span_exporter);
    meter
        .u64_observable_counter("otel.sdk.exporter.span.exported")
        .with_unit("{span}")
        .with_description("Spans that were delivered, or lost by the exporter (error.type).")
        .with_callback(move |to| {
            let stats = recorder.stats();
            let dropped = &stats.dropped;
            let lost = [
                ("rejected", stats.rejected),
                ("export_failed", dropped.export_failed),
                ("exporter_panicked", dropped.exporter_panicked),
                ("too_large", dropped.too_large),
                ("spool_full", dropped.spool_full),
                ("spool_expired", dropped.spool_expired),
                ("spool_corrupt", dropped.spool_corrupt),
            ];
            to.observe(stats.acknowledged, &component(exporter));
            by_error(to, exporter, &lost);
        })
        .build();
    meter
        .i64_observable_up_down_counter("otel.sdk.exporter.span.inflight")
        .with_unit("{span}")
        .with_description("Spans that the exporter is working on, or holds until it can try again.")
        .with_callback(move |to| to.observe(signed(recorder.stats().in_flight), &component(exporter)))
        .build();
    meter
        .i64_observable_up_down_counter("wirespan.spool.bytes")
        .with_unit("By")
        .with_description("What the spool takes on disk.")
        .with_callback(move |to| to.observe(signed(recorder.stats().spool_bytes), &[]))
        .build();
    meter
        .i64_observable_up_down_counter("wirespan.spool.spans")
        .with_unit("{span}")
        .with_description("Spans that are kept on disk.")
        .with_callback(move |to| to.observe(signed(recorder.stats().spooled), &[]))
        .build();
}

fn values(meter: &Meter, subject: &Subject) {
    let recorder = subject.recorder;
    meter
        .u64_observable_counter("wirespan.value.truncated")
        .with_unit("{value}")
        .with_description("Values of spans that were cut at a limit.")
        .with_callback(|to| to.observe(captured().truncated, &[]))
        .build();
    meter
        .u64_observable_counter("wirespan.value.redacted")
        .with_unit("{value}")
        .with_description("Values of spans that were hidden.")
        .with_callback(|to| to.observe(captured().redacted, &[]))
        .build();
    meter
        .u64_observable_counter("wirespan.propagation.rejected")
        .with_unit("{header}")
        .with_description("Headers of others that were left out, and members that were not sent.")
        .with_callback(|to| {
            let rejected = rejected();
            for (reason, count) in [
                ("traceparent", rejected.traceparent),
                ("tracestate", rejected.tracestate),
                ("baggage", rejected.baggage),
                ("baggage_member", rejected.baggage_members),
                ("untrusted", rejected.untrusted),
                ("not_sent", rejected.not_sent),
            ] {
                to.observe(count, &[KeyValue::new("wirespan.propagation.reason", reason)]);
            }
        })
        .build();
    meter
        .u64_observable_counter("wirespan.sampler.panicked")
        .with_unit("{trace}")
        .with_description("Traces that were not recorded because the sampler panicked.")
        .with_callback(move |to| to.observe(recorder.sampler.panicked(), &[]))
        .build();
}

fn measurements(meter: &Meter, counts: &Arc<Counts>, exporter: &'static str) {
    let of = Arc::clone(counts);
    meter
        .u64_observable_counter("otel.sdk.exporter.metric_data_point.exported")
        .with_unit("{data_point}")
        .with_description("Data points that were delivered, or not (error.type).")
        .with_callback(move |to| {
            to.observe(Counts::get(&of.exported), &component(exporter));
            let lost = [("rejected", Counts::get(&of.rejected)), ("export_failed", Counts::get(&of.failed))];
            by_error(to, exporter, &lost);
        })
        .build();
    let of = Arc::clone(counts);
    meter
        .u64_observable_counter("wirespan.metric.dropped")
        .with_unit("{measurement}")
        .with_description(
            "Measurements and data points that were left out (error.type), and callbacks that panicked.",
        )
        .with_callback(move |to| {
            for (error, count) in [
                ("not_finite", Counts::get(&of.not_finite)),
                ("too_large", Counts::get(&of.too_large)),
                ("callback_panicked", Counts::get(&of.callback_panicked)),
            ] {
                to.observe(count, &[KeyValue::new(ERROR, error)]);
            }
        })
        .build();
}

/// A series for each reason that has happened.
fn by_error(to: &dyn AsyncInstrument<u64>, kind: &'static str, counts: &[(&'static str, u64)]) {
    for (error, count) in counts.iter().filter(|(_, count)| *count > 0) {
        let [name, kind] = component(kind);
        to.observe(*count, &[name, kind, KeyValue::new(ERROR, *error)]);
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
