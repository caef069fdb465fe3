//! `#[wirespan::traced(metrics)]`: the functions of `ours`, measured, with a provider of metrics.
#![expect(clippy::too_many_arguments, reason = "eight parameters are the case")]

use std::time::Duration;

use opentelemetry_sdk::trace::Sampler;
use wirespan::{Builder, Telemetry, traced};

use super::Stack;
use crate::Result;
use crate::burst::Burst;
use crate::case::{Case, burst_of, work};
use crate::exporter::{Arrived, CountingExporter, NoExporter};

/// Time for one flush of a burst.
const FLUSH: Duration = Duration::from_secs(10);

/// wirespan with metrics, installed in one of its ways.
pub(super) struct Installed(Telemetry);

impl Installed {
    pub(super) fn sampled(arrived: &Arrived) -> Result<Self> {
        Ok(Self(builder(arrived).install()?))
    }

    pub(super) fn unsampled(arrived: &Arrived) -> Result<Self> {
        Ok(Self(builder(arrived).sampler(Sampler::AlwaysOff).install()?))
    }
}

fn builder(arrived: &Arrived) -> Builder {
    wirespan::builder().exporter(CountingExporter(arrived.clone())).metric_exporter(NoExporter)
}

impl Stack for Installed {
    fn burst(&self, case: Case, calls: u32) -> Burst {
        parent(case, calls)
    }

    fn flush(&self) -> Result<()> {
        self.0.flush(FLUSH)?;
        Ok(())
    }
}

#[traced(skip_all)]
fn parent(case: Case, calls: u32) -> Burst {
    burst_of!(case, calls)
}

#[inline(never)]
#[traced(metrics)]
fn sync0() -> u64 {
    work::sync0()
}

#[inline(never)]
#[traced(metrics)]
fn sync2(id: u64, tag: &str) -> u64 {
    work::sync2(id, tag)
}

#[inline(never)]
#[traced(metrics)]
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
#[traced(metrics)]
async fn async2(id: u64, tag: &str) -> u64 {
    work::async2(id, tag).await
}
