//! `#[tracing::instrument]` as it comes, a registry with the layer of `tracing-opentelemetry`, and below it the provider of
//! the `otel_sdk` stack. The thread's default subscriber measured the same as a global one (November 2026).
#![expect(clippy::too_many_arguments, reason = "eight parameters are the case")]

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{Stack, otel_sdk};
use crate::Result;
use crate::burst::Burst;
use crate::case::{Case, burst_of, work};
use crate::exporter::Arrived;

/// See the module's documentation.
pub(super) struct TracingOtel {
    provider: SdkTracerProvider,
    _default: DefaultGuard,
}

impl TracingOtel {
    pub(super) fn new(arrived: &Arrived) -> Self {
        let provider = otel_sdk::provider(arrived);
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("wirespan-benches"));
        let subscriber = tracing_subscriber::registry().with(layer);
        let default = tracing::subscriber::set_default(subscriber);
        Self { provider, _default: default }
    }
}

impl Stack for TracingOtel {
    fn burst(&self, case: Case, calls: u32) -> Burst {
        let _parent = tracing::info_span!("parent").entered();
        burst_of!(case, calls)
    }

    fn flush(&self) -> Result<()> {
        Ok(self.provider.force_flush()?)
    }
}

#[inline(never)]
#[tracing::instrument]
fn sync0() -> u64 {
    work::sync0()
}

#[inline(never)]
#[tracing::instrument]
fn sync2(id: u64, tag: &str) -> u64 {
    work::sync2(id, tag)
}

#[inline(never)]
#[tracing::instrument]
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
    work::sync8(id, tag, attempt, retried, ratio, region, bytes, note)
}

#[inline(never)]
#[tracing::instrument]
async fn async2(id: u64, tag: &str) -> u64 {
    work::async2(id, tag).await
}
