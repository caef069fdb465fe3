//! `#[fastrace::trace]` with every parameter as a property, below a root span that is set as the local parent; a reporter
//! that only counts.
#![expect(clippy::too_many_arguments, reason = "eight parameters are the case")]

use fastrace::Span;
use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};

use super::Stack;
use crate::Result;
use crate::burst::Burst;
use crate::case::{Case, burst_of, work};
use crate::exporter::Arrived;

/// See the module's documentation.
pub(super) struct Fastrace;

struct CountingReporter(Arrived);

impl Reporter for CountingReporter {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        self.0.add(&spans);
    }
}

impl Fastrace {
    pub(super) fn new(arrived: &Arrived) -> Self {
        fastrace::set_reporter(CountingReporter(arrived.clone()), Config::default());
        Self
    }
}

impl Stack for Fastrace {
    fn burst(&self, case: Case, calls: u32) -> Burst {
        let root = Span::root("parent", SpanContext::random());
        let _parent = root.set_local_parent();
        burst_of!(case, calls)
    }

    fn flush(&self) -> Result<()> {
        fastrace::flush();
        Ok(())
    }
}

#[inline(never)]
#[fastrace::trace]
fn sync0() -> u64 {
    work::sync0()
}

#[inline(never)]
#[fastrace::trace(properties = { "parameter.id": "{id}", "parameter.tag": "{tag}" })]
fn sync2(id: u64, tag: &str) -> u64 {
    work::sync2(id, tag)
}

#[inline(never)]
#[fastrace::trace(properties = {
    "parameter.id": "{id}",
    "parameter.tag": "{tag}",
    "parameter.attempt": "{attempt}",
    "parameter.retried": "{retried}",
    "parameter.ratio": "{ratio}",
    "parameter.region": "{region}",
    "parameter.bytes": "{bytes}",
    "parameter.note": "{note}",
})]
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
#[fastrace::trace(properties = { "parameter.id": "{id}", "parameter.tag": "{tag}" })]
async fn async2(id: u64, tag: &str) -> u64 {
    work::async2(id, tag).await
}
