//! The name of every variable that is read.
//!
//! A slip of the pen is compared with these. `docs/configuration.md` says what each does; tests compare that page with this list, and
//! this list with the source. Whoever reads another variable adds it to both.

/// The four variables of the OTLP exporter with this end: for all signals, and for each.
macro_rules! otlp {
    ($($end:literal),* $(,)?) => {
        [$(
            concat!("OTEL_EXPORTER_OTLP_", $end),
            concat!("OTEL_EXPORTER_OTLP_TRACES_", $end),
            concat!("OTEL_EXPORTER_OTLP_METRICS_", $end),
            concat!("OTEL_EXPORTER_OTLP_LOGS_", $end),
        )*]
    };
}

/// OpenTelemetry's, and ours.
const GENERAL: &[&str] = &[
    "OTEL_SDK_DISABLED",
    "OTEL_CONFIG_FILE",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_ENTITIES",
    "OTEL_LOG_LEVEL",
    "OTEL_PROPAGATORS",
    "OTEL_TRACES_EXPORTER",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_METRICS_EXPORTER",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_METRIC_EXPORT_TIMEOUT",
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
    "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
    "WIRESPAN_FILTER",
    "WIRESPAN_STATUS_OK",
    "WIRESPAN_OPENTELEMETRY_CONTEXT",
    "WIRESPAN_GLOBAL_PROVIDERS",
    "WIRESPAN_SAMPLE_EVERY_SPAN",
    "WIRESPAN_FLUSH_INTERVAL",
    "WIRESPAN_BUFFER_BYTES",
    "WIRESPAN_WAIT_WHEN_FULL",
    "WIRESPAN_CONTEXT_METRICS",
    "WIRESPAN_CONTEXT_TO_BAGGAGE",
    "WIRESPAN_CONTEXT_FROM_BAGGAGE",
    "WIRESPAN_SPOOL_DIR",
    "WIRESPAN_SPOOL_MODE",
    "WIRESPAN_SPOOL_MAX_BYTES",
];

/// The OTLP exporter's.
const OTLP: &[&str] = &otlp![
    "PROTOCOL",
    "ENDPOINT",
    "INSECURE",
    "HEADERS",
    "TIMEOUT",
    "COMPRESSION",
    "CERTIFICATE",
    "CLIENT_CERTIFICATE",
    "CLIENT_KEY",
];

/// Of OpenTelemetry's specification, read by others or not at all: no slips of the pen.
const ELSEWHERE: &[&str] = &[
    "OTEL_EXPERIMENTAL_CONFIG_FILE",
    "OTEL_LOGS_EXPORTER",
    "OTEL_METRICS_EXEMPLAR_FILTER",
    "OTEL_EXPORTER_PROMETHEUS_HOST",
    "OTEL_EXPORTER_PROMETHEUS_PORT",
    "OTEL_BLRP_SCHEDULE_DELAY",
    "OTEL_BLRP_EXPORT_TIMEOUT",
    "OTEL_BLRP_MAX_QUEUE_SIZE",
    "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_BSP_MAX_CONCURRENT_EXPORTS",
    "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SEMCONV_STABILITY_OPT_IN",
    "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN",
];

/// Every name that is read.
pub(crate) fn known() -> impl Iterator<Item = &'static str> {
    GENERAL.iter().chain(OTLP).copied()
}

/// Every name that is no slip of the pen.
pub(crate) fn meant() -> impl Iterator<Item = &'static str> {
    known().chain(ELSEWHERE.iter().copied())
}
