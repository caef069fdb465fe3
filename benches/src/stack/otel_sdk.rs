//! `opentelemetry_sdk` called directly, as its documentation shows it: a static tracer, a span built with its attributes and
//! made the current context; the default sampler, `ParentBased(AlwaysOn)`, and the default `BatchSpanProcessor`.
#![expect(
    clippy::ptr_arg,
    clippy::too_many_arguments,
    reason = "a borrowed `String` and eight parameters are the case"
)]

use std::sync::OnceLock;

use opentelemetry::trace::{FutureExt as _, TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};

use super::Stack;
use crate::Result;
use crate::burst::Burst;
use crate::case::{Case, burst_of, work};
use crate::exporter::{Arrived, CountingExporter};

static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// See the module's documentation.
pub(super) struct OtelSdk(SdkTracerProvider);

/// A provider as its users build it, but for the exporter.
pub(super) fn provider(arrived: &Arrived) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
        .with_batch_exporter(CountingExporter(arrived.clone()))
        .build()
}

impl OtelSdk {
    pub(super) fn new(arrived: &Arrived) -> Result<Self> {
        let provider = provider(arrived);
        TRACER.set(provider.tracer("wirespan-benches")).map_err(|_| "the tracer was set up already")?;
        Ok(Self(provider))
    }
}

impl Stack for OtelSdk {
    fn burst(&self, case: Case, calls: u32) -> Burst {
        let _parent = started("parent", Vec::new()).attach();
        burst_of!(case, calls)
    }

    fn flush(&self) -> Result<()> {
        Ok(self.0.force_flush()?)
    }
}

/// A child of the current span, in a context of its own.
#[inline]
fn started(name: &'static str, attributes: Vec<KeyValue>) -> Context {
    // Set before the first burst; without it the delivery check of the round fails.
    let Some(tracer) = TRACER.get() else { return Context::new() };
    Context::current_with_span(tracer.span_builder(name).with_attributes(attributes).start(tracer))
}

/// OpenTelemetry has no unsigned numbers.
#[inline]
fn number(value: u64) -> Value {
    Value::I64(value.cast_signed())
}

#[inline(never)]
fn sync0() -> u64 {
    let _current = started("sync0", Vec::new()).attach();
    work::sync0()
}

#[inline(never)]
fn sync2(id: u64, tag: &str) -> u64 {
    let attributes =
        vec![KeyValue::new("parameter.id", number(id)), KeyValue::new("parameter.tag", tag.to_owned())];
    let _current = started("sync2", attributes).attach();
    work::sync2(id, tag)
}

#[inline(never)]
fn sync8(
    id: u64,
    tag: &str,
    attempt: i32,
    retried: bool,
    ratio: f64,
    region: &str,
    bytes: u64,
    note: &String,
) -> u64 {
    let attributes = vec![
        KeyValue::new("parameter.id", number(id)),
        KeyValue::new("parameter.tag", tag.to_owned()),
        KeyValue::new("parameter.attempt", i64::from(attempt)),
        KeyValue::new("parameter.retried", retried),
        KeyValue::new("parameter.ratio", ratio),
        KeyValue::new("parameter.region", region.to_owned()),
        KeyValue::new("parameter.bytes", number(bytes)),
        KeyValue::new("parameter.note", note.clone()),
    ];
    let _current = started("sync8", attributes).attach();
    work::sync8(id, tag, attempt, retried, ratio, region, bytes, note)
}

#[inline(never)]
async fn async2(id: u64, tag: &str) -> u64 {
    let attributes =
        vec![KeyValue::new("parameter.id", number(id)), KeyValue::new("parameter.tag", tag.to_owned())];
    work::async2(id, tag).with_context(started("async2", attributes)).await
}
