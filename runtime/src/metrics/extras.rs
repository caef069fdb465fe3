//! Metrics of what is around the program's own code: tokio's runtime, by tokio's own counters, and the process, by `procfs`.
//!
//! Both are observed when metrics are collected. tokio has no names in OpenTelemetry's conventions, the process has.

#[cfg(any(feature = "tokio-metrics", all(feature = "process-metrics", target_os = "linux")))]
use opentelemetry::KeyValue;
#[cfg(feature = "tokio-metrics")]
use tokio::runtime::Handle;

use super::own::OwnMeter;
#[cfg(any(feature = "tokio-metrics", all(feature = "process-metrics", target_os = "linux")))]
use super::own::specs;

/// What was asked for.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    #[cfg(feature = "tokio-metrics")]
    pub(super) runtime: Option<Handle>,
    #[cfg(feature = "process-metrics")]
    pub(super) process: bool,
}

impl Extras {
    /// Makes the instruments.
    pub(super) fn instruments(&self, meter: &OwnMeter) {
        #[cfg(feature = "tokio-metrics")]
        if let Some(runtime) = &self.runtime {
            tokio(meter, runtime);
        }
        #[cfg(all(feature = "process-metrics", target_os = "linux"))]
        if self.process {
            process(meter);
        }
        let _ = (self, meter);
    }
}

#[cfg(feature = "tokio-metrics")]
fn tokio(meter: &OwnMeter, runtime: &Handle) {
    let signed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let of = runtime.metrics();
    meter.up_down(&specs::WORKERS, move |to| to.observe(signed(of.num_workers()), &[]));
    let of = runtime.metrics();
    meter.up_down(&specs::TASKS, move |to| to.observe(signed(of.num_alive_tasks()), &[]));
    let of = runtime.metrics();
    meter.up_down(&specs::QUEUE_DEPTH, move |to| to.observe(signed(of.global_queue_depth()), &[]));
    let of = runtime.metrics();
    meter.seconds(&specs::BUSY, move |to| {
        for worker in 0..of.num_workers() {
            let busy = of.worker_total_busy_duration(worker).as_secs_f64();
            to.observe(busy, &[KeyValue::new("tokio.worker", signed(worker))]);
        }
    });
}

#[cfg(all(feature = "process-metrics", target_os = "linux"))]
fn process(meter: &OwnMeter) {
    use procfs::Current as _;
    use procfs::process::{Process, Stat};

    fn stat() -> Option<Stat> {
        Process::myself().and_then(|process| process.stat()).ok()
    }
    #[expect(clippy::cast_precision_loss, reason = "2^53 ticks are three million years")]
    fn seconds(ticks: u64) -> f64 {
        ticks as f64 / procfs::ticks_per_second() as f64
    }
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    meter.seconds(&specs::CPU_TIME, |to| {
        let Some(stat) = stat() else { return };
        for (mode, ticks) in [("user", stat.utime), ("system", stat.stime)] {
            to.observe(seconds(ticks), &[KeyValue::new("cpu.mode", mode)]);
        }
    });
    meter.up_down(&specs::MEMORY, move |to| {
        if let Some(stat) = stat() {
            to.observe(signed(stat.rss.saturating_mul(procfs::page_size())), &[]);
        }
    });
    meter.up_down(&specs::THREADS, |to| {
        if let Some(stat) = stat() {
            to.observe(stat.num_threads, &[]);
        }
    });
    meter.up_down(&specs::FILES, move |to| {
        if let Ok(count) = Process::myself().and_then(|process| process.fd_count()) {
            to.observe(signed(count as u64), &[]);
        }
    });
    meter.gauge(&specs::UPTIME, |to| {
        let (Some(stat), Ok(uptime)) = (stat(), procfs::Uptime::current()) else { return };
        to.observe((uptime.uptime - seconds(stat.starttime)).max(0.0), &[]);
    });
}
