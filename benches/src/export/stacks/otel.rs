//! `opentelemetry_sdk` with its `BatchSpanProcessor` and `opentelemetry-otlp`, called directly as its documentation shows it.

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::trace::{TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider};
use tokio::runtime::Runtime;

use super::Running;
use crate::Result;
use crate::export::case::Protocol;
use crate::export::load::{CALLS, TAG};

static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// How many spans the processor holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Queue {
    /// 2,048.
    Default,
    /// So many, which are all that are made.
    Lossless(u32),
}

/// A provider and the runtime that its exporter runs on.
pub(super) struct Provider {
    provider: SdkTracerProvider,
    _runtime: Runtime,
}

/// See the module's documentation.
pub(super) struct Otel(Provider);

/// An exporter as its users build it: the transport by the protocol, everything else by the environment. HTTP is the blocking
/// client that it has by default, which another feature in the same build would replace.
pub(super) fn exporter(protocol: Protocol, runtime: &Runtime) -> Result<SpanExporter> {
    let exporter = SpanExporter::builder();
    Ok(match protocol {
        Protocol::Grpc => {
            let _inside = runtime.enter();
            exporter.with_tonic().build()?
        }
        Protocol::Http => exporter.with_http().with_http_client(reqwest::blocking::Client::new()).build()?,
    })
}

impl Provider {
    pub(super) fn new(protocol: Protocol, queue: Queue) -> Result<Self> {
        // The gRPC exporter needs one.
        let runtime = Runtime::new()?;
        let exporter = exporter(protocol, &runtime)?;
        let config = BatchConfigBuilder::default();
        let config = match queue {
            Queue::Default => config,
            Queue::Lossless(spans) => config.with_max_queue_size(spans as usize),
        };
        let processor = BatchSpanProcessor::builder(exporter).with_batch_config(config.build()).build();
        let provider = SdkTracerProvider::builder().with_span_processor(processor).build();
        Ok(Self { provider, _runtime: runtime })
    }

    pub(super) fn tracer(&self) -> SdkTracer {
        self.provider.tracer("wirespan-benches")
    }

    pub(super) fn finish(&self) -> Result<()> {
        Ok(self.provider.shutdown_with_timeout(Duration::from_mins(2))?)
    }
}

impl Otel {
    pub(super) fn new(protocol: Protocol, queue: Queue) -> Result<Self> {
        let provider = Provider::new(protocol, queue)?;
        TRACER.set(provider.tracer()).map_err(|_| "the tracer was set up already")?;
        Ok(Self(provider))
    }
}

impl Running for Otel {
    fn trace(&self) -> fn(u64) {
        |id| root(id, black_box(TAG))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.0.finish()
    }
}

#[inline]
fn started(name: &'static str, id: u64, tag: &str) -> Context {
    // Set before the first trace; without it nothing is delivered, and the report says so.
    let Some(tracer) = TRACER.get() else { return Context::new() };
    let attributes =
        vec![KeyValue::new("parameter.id", id.cast_signed()), KeyValue::new("parameter.tag", tag.to_owned())];
    Context::current_with_span(tracer.span_builder(name).with_attributes(attributes).start(tracer))
}

#[inline(never)]
fn root(id: u64, tag: &str) {
    let _current = started("root", id, tag).attach();
    for n in 0..CALLS {
        black_box(call(black_box(id ^ u64::from(n)), tag));
    }
}

#[inline(never)]
fn call(id: u64, tag: &str) -> u64 {
    let _current = started("call", id, tag).attach();
    black_box(id ^ u64::try_from(tag.len()).unwrap_or(u64::MAX))
}
