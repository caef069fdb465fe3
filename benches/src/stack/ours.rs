//! `#[wirespan::traced]`: installed with and without the attach, below a parent that is not sampled, and not installed.
#![expect(clippy::too_many_arguments, reason = "eight parameters are the case")]

use std::time::Duration;

use opentelemetry_sdk::trace::Sampler;
use wirespan::context::{self, Scope};
use wirespan::{Telemetry, traced};

use super::Stack;
use crate::Result;
use crate::burst::Burst;
use crate::case::{Case, burst_of, work};
use crate::exporter::{Arrived, CountingExporter};

/// Time for one flush of a burst.
const FLUSH: Duration = Duration::from_secs(10);

/// wirespan, installed in one of its ways; in a request with attributes, or not.
pub(super) struct Installed(Telemetry, Option<Scope>);

/// wirespan, not installed.
pub(super) struct Off;

impl Installed {
    pub(super) fn attached(arrived: &Arrived) -> Result<Self> {
        Ok(Self(wirespan::builder().exporter(CountingExporter(arrived.clone())).install()?, None))
    }

    pub(super) fn not_attached(arrived: &Arrived) -> Result<Self> {
        let builder = wirespan::builder().exporter(CountingExporter(arrived.clone()));
        Ok(Self(builder.opentelemetry_context(false).install()?, None))
    }

    pub(super) fn unsampled(arrived: &Arrived) -> Result<Self> {
        let builder = wirespan::builder().exporter(CountingExporter(arrived.clone()));
        Ok(Self(builder.sampler(Sampler::AlwaysOff).install()?, None))
    }

    /// As by default, in a request with two attributes.
    pub(super) fn in_scope(arrived: &Arrived) -> Result<Self> {
        let Self(telemetry, _) = Self::attached(arrived)?;
        Ok(Self(telemetry, Some(context::scope().with("tenant.id", "blue").with("user.id", 7))))
    }

    /// As by default, in a process where other requests have attributes, and this one has none.
    pub(super) fn beside_scope(arrived: &Arrived) -> Result<Self> {
        let Self(telemetry, _) = Self::attached(arrived)?;
        context::scope().with("tenant.id", "blue").in_scope(|| ());
        Ok(Self(telemetry, None))
    }
}

impl Stack for Installed {
    fn burst(&self, case: Case, calls: u32) -> Burst {
        let _request = self.1.as_ref().map(Scope::enter);
        parent(case, calls)
    }

    fn flush(&self) -> Result<()> {
        self.0.flush(FLUSH)?;
        Ok(())
    }
}

impl Stack for Off {
    fn burst(&self, case: Case, calls: u32) -> Burst {
        parent(case, calls)
    }
}

#[traced(skip_all)]
fn parent(case: Case, calls: u32) -> Burst {
    burst_of!(case, calls)
}

#[inline(never)]
#[traced]
fn sync0() -> u64 {
    work::sync0()
}

#[inline(never)]
#[traced]
fn sync2(id: u64, tag: &str) -> u64 {
    work::sync2(id, tag)
}

#[inline(never)]
#[traced]
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
#[traced]
async fn async2(id: u64, tag: &str) -> u64 {
    work::async2(id, tag).await
}
