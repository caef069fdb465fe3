//! What telemetry measures of itself: OpenTelemetry's names for an SDK where there are any, ours else.
//!
//! The numbers are those of the ledger, read when metrics are collected: a span costs nothing more for them. Only how long attempts
//! to send take is recorded, by who sends. Nothing here makes spans, and an export of metrics asks for no other one.

#[cfg(feature = "logs")]
pub(crate) mod logs;
mod meter;
pub(crate) mod specs;

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{AsyncInstrument, Histogram};

use super::counts::Counts;
use super::current;
use super::extras::Extras;
use super::provider::Shared;
use crate::capture::counts::captured;
use crate::propagation::rejected;
use crate::recorder::Recorder;
use crate::setup::stats::Stats;

pub(super) use meter::OwnMeter;

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
    #[cfg(feature = "logs")]
    pub(crate) logs: Option<logs::Logs>,
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
    let meter = OwnMeter::new(shared);
    spans(&meter, subject);
    processor(&meter, subject);
    exporter(&meter, subject);
    values(&meter, subject);
    measurements(&meter, &shared.counts, metric_exporter);
    extras.instruments(&meter);
    #[cfg(feature = "logs")]
    if let Some(of) = &subject.logs {
        logs::instruments(&meter, of);
    }
    let attempts = meter.histogram(&specs::ATTEMPTS);
    Own { attempts, span_exporter: subject.span_exporter, metric_exporter }
}

fn spans(meter: &OwnMeter, subject: &Subject) {
    let recorder = subject.recorder;
    let sampled = || [KeyValue::new("otel.span.sampling_result", "RECORD_AND_SAMPLE")];
    meter.counter(&specs::STARTED, move |to| to.observe(recorder.stats().started, &sampled()));
    meter.up_down(&specs::LIVE, move |to| to.observe(signed(recorder.stats().open), &sampled()));
    meter.counter(&specs::SAMPLED_OUT, move |to| to.observe(recorder.stats().sampled_out, &[]));
}

fn processor(meter: &OwnMeter, subject: &Subject) {
    const PROCESSOR: &str = "batching_span_processor";
    let (recorder, capacity) = (subject.recorder, signed(subject.buffer_bytes / SPAN_BYTES));
    meter.up_down(&specs::QUEUE_SIZE, move |to| {
        to.observe(signed(recorder.stats().queued), &component(PROCESSOR));
    });
    meter.up_down(&specs::QUEUE_CAPACITY, move |to| to.observe(capacity, &component(PROCESSOR)));
    meter.counter(&specs::PROCESSED, move |to| {
        let stats = recorder.stats();
        let dropped = [
            ("queue_full", stats.dropped.buffer_full),
            ("depth_limit", stats.dropped.depth_limit),
            ("thread_gone", stats.dropped.thread_gone),
            ("shutdown", stats.dropped.shutdown),
        ];
        to.observe(handed_over(&stats), &component(PROCESSOR));
        by_error(to, PROCESSOR, &dropped);
    });
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

fn exporter(meter: &OwnMeter, subject: &Subject) {
    let (recorder, exporter) = (subject.recorder, subject.span_exporter);
    meter.counter(&specs::EXPORTED, move |to| {
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
    });
    meter.up_down(&specs::IN_FLIGHT, move |to| {
        to.observe(signed(recorder.stats().in_flight), &component(exporter));
    });
    meter.up_down(&specs::SPOOL_BYTES, move |to| to.observe(signed(recorder.stats().spool_bytes), &[]));
    meter.up_down(&specs::SPOOL_SPANS, move |to| to.observe(signed(recorder.stats().spooled), &[]));
}

fn values(meter: &OwnMeter, subject: &Subject) {
    let recorder = subject.recorder;
    meter.counter(&specs::TRUNCATED, |to| to.observe(captured().truncated, &[]));
    meter.counter(&specs::REDACTED, |to| to.observe(captured().redacted, &[]));
    meter.counter(&specs::REJECTED, |to| {
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
    });
    meter.counter(&specs::SAMPLER_PANICKED, move |to| to.observe(recorder.sampler.panicked(), &[]));
}

fn measurements(meter: &OwnMeter, counts: &Arc<Counts>, exporter: &'static str) {
    let of = Arc::clone(counts);
    meter.counter(&specs::POINTS_EXPORTED, move |to| {
        to.observe(Counts::get(&of.exported), &component(exporter));
        let lost = [("rejected", Counts::get(&of.rejected)), ("export_failed", Counts::get(&of.failed))];
        by_error(to, exporter, &lost);
    });
    let of = Arc::clone(counts);
    meter.counter(&specs::DROPPED, move |to| {
        for (error, count) in [
            ("not_finite", Counts::get(&of.not_finite)),
            ("too_large", Counts::get(&of.too_large)),
            ("callback_panicked", Counts::get(&of.callback_panicked)),
        ] {
            to.observe(count, &[KeyValue::new(ERROR, error)]);
        }
    });
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
