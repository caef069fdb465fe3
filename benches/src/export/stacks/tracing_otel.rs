//! `#[tracing::instrument]` as it comes, with the layer of `tracing-opentelemetry` above the lossless stack of `otel`.
//! Filtered, as one has to: without that, the transport's own spans are exported, too, which makes more of them.

use std::hint::black_box;

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;

use super::Running;
use super::otel::{Provider, Queue};
use crate::Result;
use crate::export::case::Protocol;
use crate::export::load::{CALLS, TAG};

/// See the module's documentation.
pub(super) struct TracingOtel(Provider);

impl TracingOtel {
    pub(super) fn new(protocol: Protocol, spans: u32) -> Result<Self> {
        let provider = Provider::new(protocol, Queue::Lossless(spans))?;
        let ours = Targets::new().with_target("wirespan_benches", LevelFilter::INFO);
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer()).with_filter(ours);
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
        Ok(Self(provider))
    }
}

impl Running for TracingOtel {
    fn trace(&self) -> fn(u64) {
        |id| root(id, black_box(TAG))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.0.finish()
    }
}

#[inline(never)]
#[tracing::instrument]
fn root(id: u64, tag: &str) {
    for n in 0..CALLS {
        black_box(call(black_box(id ^ u64::from(n)), tag));
    }
}

#[inline(never)]
#[tracing::instrument]
fn call(id: u64, tag: &str) -> u64 {
    black_box(id ^ u64::try_from(tag.len()).unwrap_or(u64::MAX))
}
