//! Metrics of what is around the program's own code: tokio's runtime, by tokio's own counters, and the process, by `procfs`.
//!
//! Both are observed when metrics are collected. tokio has no names in OpenTelemetry's conventions, the process has.

#[cfg(any(feature = "tokio-metrics", all(feature = "process-metrics", target_os = "linux")))]
use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
#[cfg(feature = "tokio-metrics")]
use tokio::runtime::Handle;

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
    pub(super) fn instruments(&self, meter: &Meter) {
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
fn tokio(meter: &Meter, runtime: &Handle) {
    let signed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let of = runtime.metrics();
    meter
        .i64_observable_up_down_counter("tokio.runtime.worker.count")
        .with_unit("{worker}")
        .with_description("Threads that run tasks.")
        .with_callback(move |to| to.observe(signed(of.num_workers()), &[]))
        .build();
    let of = runtime.metrics();
    meter
        .i64_observable_up_down_counter("tokio.runtime.task.alive")
        .with_unit("{task}")
        .with_description("Tasks that were spawned and have not ended.")
        .with_callback(move |to| to.observe(signed(of.num_alive_tasks()), &[]))
        .build();
    let of = runtime.metrics();
    meter
        .i64_observable_up_down_counter("tokio.runtime.queue.depth")
        .with_unit("{task}")
        .with_description("Tasks that wait in the queue of all workers.")
        .with_callback(move |to| to.observe(signed(of.global_queue_depth()), &[]))
        .build();
    let of = runtime.metrics();
    meter
        .f64_observable_counter("tokio.runtime.worker.busy_time")
        .with_unit("s")
        .with_description("Time in which a worker was busy.")
        .with_callback(move |to| {
            for worker in 0..of.num_workers() {
                let busy = of.worker_total_busy_duration(worker).as_secs_f64();
                to.observe(busy, &[KeyValue::new("tokio.worker", signed(worker))]);
            }
        })
        .build();
}

#[cfg(all(feature = "process-metrics", target_os = "linux"))]
fn process(meter: &Meter) {
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
    meter
        .f64_observable_counter("process.cpu.time")
        .with_unit("s")
        .with_description("Processor time, by mode.")
        .with_callback(|to| {
            let Some(stat) = stat() else { return };
            for (mode, ticks) in [("user", stat.utime), ("system", stat.stime)] {
                to.observe(seconds(ticks), &[KeyValue::new("cpu.mode", mode)]);
            }
        })
        .build();
    meter
        .i64_observable_up_down_counter("process.memory.usage")
        .with_unit("By")
        .with_description("Memory that is resident.")
        .with_callback(move |to| {
            if let Some(stat) = stat() {
                to.observe(signed(stat.rss.saturating_mul(procfs::page_size())), &[]);
            }
        })
        .build();
    meter
        .i64_observable_up_down_counter("process.thread.count")
        .with_unit("{thread}")
        .with_description("Threads of the process.")
        .with_callback(|to| {
            if let Some(stat) = stat() {
                to.observe(stat.num_threads, &[]);
            }
        })
        .build();
    meter
        .i64_observable_up_down_counter("process.unix.file_descriptor.count")
        .with_unit("{file_descriptor}")
        .with_description("Files that are open.")
        .with_callback(move |to| {
            if let Ok(count) = Process::myself().and_then(|process| process.fd_count()) {
                to.observe(signed(count as u64), &[]);
            }
        })
        .build();
    meter
        .f64_observable_gauge("process.uptime")
        .with_unit("s")
        .with_description("Time since the process started.")
        .with_callback(|to| {
            let (Some(stat), Ok(uptime)) = (stat(), procfs::Uptime::current()) else { return };
            to.observe((uptime.uptime - seconds(stat.starttime)).max(0.0), &[]);
        })
        .build();
}
