//! What became of log records, as metrics.

use std::sync::Arc;

use super::{OwnMeter, by_error, component, signed, specs};
use crate::logs::Counts;

/// What the numbers are of.
pub(crate) struct Logs {
    pub(crate) counts: Arc<Counts>,
    /// Records that may wait.
    pub(crate) capacity: u64,
    /// A value of `otel.component.type`.
    pub(crate) exporter: &'static str,
}

const PROCESSOR: &str = "batching_log_processor";

pub(super) fn instruments(meter: &OwnMeter, logs: &Logs) {
    let of = Arc::clone(&logs.counts);
    meter.counter(&specs::LOGS_CREATED, move |to| to.observe(of.stats().created, &[]));
    let of = Arc::clone(&logs.counts);
    meter.up_down(&specs::LOG_QUEUE_SIZE, move |to| {
        to.observe(signed(of.stats().queued), &component(PROCESSOR));
    });
    let capacity = signed(logs.capacity);
    meter.up_down(&specs::LOG_QUEUE_CAPACITY, move |to| to.observe(capacity, &component(PROCESSOR)));
    let of = Arc::clone(&logs.counts);
    meter.counter(&specs::LOGS_PROCESSED, move |to| {
        let stats = of.stats();
        to.observe(stats.exported + stats.rejected + stats.export_failed, &component(PROCESSOR));
        by_error(to, PROCESSOR, &[("queue_full", stats.queue_full)]);
    });
    let (of, exporter) = (Arc::clone(&logs.counts), logs.exporter);
    meter.counter(&specs::LOGS_EXPORTED, move |to| {
        let stats = of.stats();
        to.observe(stats.exported, &component(exporter));
        by_error(to, exporter, &[("rejected", stats.rejected), ("export_failed", stats.export_failed)]);
    });
}
