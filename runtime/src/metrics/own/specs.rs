//! Every instrument that this crate feeds itself, in one table: a test decodes a data point of each from what a receiver got, and
//! the documentation of `wirespan::metrics` names each.

#[cfg(feature = "tokio-metrics")]
use crate::metrics::typed::spec::AliasSpec;
use crate::metrics::typed::spec::InstrumentSpec;

impl InstrumentSpec {
    const fn own(name: &'static str, unit: &'static str, description: &'static str) -> Self {
        Self {
            name,
            unit,
            description,
            bounds: &[],
            alias: None,
            package: Some(env!("CARGO_PKG_NAME")),
            version: Some(env!("CARGO_PKG_VERSION")),
        }
    }

    /// The name that it has in the system which this one succeeds, where every count has the unit `1`.
    #[cfg(feature = "tokio-metrics")]
    const fn called(self, name: &'static str) -> Self {
        Self { alias: Some(AliasSpec { name, unit: "1", scale: 1.0 }), ..self }
    }
}

macro_rules! table {
    ($($(#[$cfg:meta])* $name:ident = $spec:expr;)*) => {
        $($(#[$cfg])* pub(crate) static $name: InstrumentSpec = $spec;)*

        /// All of them.
        pub(in crate::metrics) static ALL: &[&InstrumentSpec] = &[$($(#[$cfg])* &$name,)*];
    };
}

table! {
    STARTED = InstrumentSpec::own("otel.sdk.span.started", "{span}", "Spans that were started and sampled.");
    LIVE = InstrumentSpec::own("otel.sdk.span.live", "{span}", "Spans that have not ended.");
    SAMPLED_OUT =
        InstrumentSpec::own("wirespan.span.sampled_out", "{span}", "Spans that tail sampling did not keep.");
    QUEUE_SIZE = InstrumentSpec::own(
        "otel.sdk.processor.span.queue.size", "{span}", "Spans that have ended and wait for the exporter.");
    QUEUE_CAPACITY = InstrumentSpec::own(
        "otel.sdk.processor.span.queue.capacity", "{span}", "Spans of 1 KiB that may wait; the bound is one of bytes.");
    PROCESSED = InstrumentSpec::own(
        "otel.sdk.processor.span.processed", "{span}", "Spans that were handed to the exporter, or dropped before (error.type).");
    EXPORTED = InstrumentSpec::own(
        "otel.sdk.exporter.span.exported", "{span}", "Spans that were delivered, or lost by the exporter (error.type).");
    IN_FLIGHT = InstrumentSpec::own(
        "otel.sdk.exporter.span.inflight", "{span}", "Spans that the exporter is working on, or holds until it can try again.");
    ATTEMPTS = InstrumentSpec::own("otel.sdk.exporter.operation.duration", "s", "Time of one attempt to send.");
    POINTS_EXPORTED = InstrumentSpec::own(
        "otel.sdk.exporter.metric_data_point.exported", "{data_point}", "Data points that were delivered, or not (error.type).");
    SPOOL_BYTES = InstrumentSpec::own("wirespan.spool.bytes", "By", "What the spool takes on disk.");
    SPOOL_SPANS = InstrumentSpec::own("wirespan.spool.spans", "{span}", "Spans that are kept on disk.");
    TRUNCATED = InstrumentSpec::own("wirespan.value.truncated", "{value}", "Values of spans that were cut at a limit.");
    REDACTED = InstrumentSpec::own("wirespan.value.redacted", "{value}", "Values of spans that were hidden.");
    REJECTED = InstrumentSpec::own(
        "wirespan.propagation.rejected", "{header}", "Headers of others that were left out, and members that were not sent.");
    SAMPLER_PANICKED = InstrumentSpec::own(
        "wirespan.sampler.panicked", "{trace}", "Traces that were not recorded because the sampler panicked.");
    DROPPED = InstrumentSpec::own(
        "wirespan.metric.dropped", "{measurement}",
        "Measurements and data points that were left out (error.type), and callbacks that panicked.");
    REFUSED = InstrumentSpec::own(
        "wirespan.metrics.refused", "{measurement}",
        "Measurements that were no numbers, infinite, or negative where that cannot be.");
    FUNCTION_DURATION = InstrumentSpec::own(
        "wirespan.function.duration", "s", "How long calls of functions with `#[traced(metrics)]` take.");
    #[cfg(feature = "logs")]
    LOGS_CREATED = InstrumentSpec::own("otel.sdk.log.created", "{log_record}", "Log records that were made.");
    #[cfg(feature = "logs")]
    LOG_QUEUE_SIZE = InstrumentSpec::own(
        "otel.sdk.processor.log.queue.size", "{log_record}", "Log records that wait, or are being sent.");
    #[cfg(feature = "logs")]
    LOG_QUEUE_CAPACITY = InstrumentSpec::own(
        "otel.sdk.processor.log.queue.capacity", "{log_record}", "Log records that may wait.");
    #[cfg(feature = "logs")]
    LOGS_PROCESSED = InstrumentSpec::own(
        "otel.sdk.processor.log.processed", "{log_record}",
        "Log records that were handed to the exporter, or found the queue full (error.type).");
    #[cfg(feature = "logs")]
    LOGS_EXPORTED = InstrumentSpec::own(
        "otel.sdk.exporter.log.exported", "{log_record}",
        "Log records that were delivered, or lost by the exporter (error.type).");
    #[cfg(feature = "tokio-metrics")]
    WORKERS = InstrumentSpec::own("tokio.runtime.worker.count", "{worker}", "Threads that run tasks.");
    #[cfg(feature = "tokio-metrics")]
    TASKS = InstrumentSpec::own(
        "tokio.runtime.task.alive", "{task}", "Tasks that were spawned and have not ended.").called("asyncio_task_count");
    #[cfg(feature = "tokio-metrics")]
    QUEUE_DEPTH = InstrumentSpec::own(
        "tokio.runtime.queue.depth", "{task}", "Tasks that wait in the queue of all workers.").called("executor_backlog");
    #[cfg(feature = "tokio-metrics")]
    BUSY = InstrumentSpec::own("tokio.runtime.worker.busy_time", "s", "Time in which a worker was busy.");
    #[cfg(all(feature = "process-metrics", target_os = "linux"))]
    CPU_TIME = InstrumentSpec::own("process.cpu.time", "s", "Processor time, by mode.");
    #[cfg(all(feature = "process-metrics", target_os = "linux"))]
    MEMORY = InstrumentSpec::own("process.memory.usage", "By", "Memory that is resident.");
    #[cfg(all(feature = "process-metrics", target_os = "linux"))]
    THREADS = InstrumentSpec::own("process.thread.count", "{thread}", "Threads of the process.");
    #[cfg(all(feature = "process-metrics", target_os = "linux"))]
    FILES = InstrumentSpec::own(
        "process.unix.file_descriptor.count", "{file_descriptor}", "Files that are open.");
    #[cfg(all(feature = "process-metrics", target_os = "linux"))]
    UPTIME = InstrumentSpec::own("process.uptime", "s", "Time since the process started.");
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn the_documentation_names_each_instrument() {
        let documentation = include_str!("../mod.rs");
        for spec in ALL {
            assert!(documentation.contains(&format!("`{}`", spec.name)), "{}", spec.name);
            assert!(spec.description.ends_with('.'), "{}", spec.name);
        }
    }
}
