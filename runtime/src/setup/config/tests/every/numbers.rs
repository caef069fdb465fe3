//! Numbers of OpenTelemetry's variables that are below the least or beyond the most: ignored or clamped, with a warning.

use super::{BESIDE, whole};

const PROMETHEUS: &[(&str, &str)] = &[("OTEL_METRICS_EXPORTER", "prometheus")];
/// The most that a number may be where it is not the largest of 32 bits with a sign.
const MOST: [(&str, &str); 3] = [
    ("OTEL_BLRP_MAX_QUEUE_SIZE", "1000000"),
    ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "1000000"),
    ("OTEL_EXPORTER_PROMETHEUS_PORT", "65535"),
];
const NAMES: [&str; 25] = [
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_METRIC_EXPORT_TIMEOUT",
    "OTEL_EXPORTER_PROMETHEUS_PORT",
    "OTEL_BLRP_SCHEDULE_DELAY",
    "OTEL_BLRP_EXPORT_TIMEOUT",
    "OTEL_BLRP_MAX_QUEUE_SIZE",
    "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
    "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT",
];

#[test]
fn every_number_is_ignored_below_its_least_and_clamped_beyond_its_most() {
    for name in NAMES {
        let beside = if name.contains("PROMETHEUS") { PROMETHEUS } else { BESIDE };
        let of = |value| {
            let (shown, warnings) = whole(&[beside, &[(name, value)]].concat()).expect(name);
            let values = shown.iter().map(|entry| format!("{} = {}", entry.key(), entry.value()));
            (values.collect::<Vec<_>>(), warnings)
        };
        let what = if name.contains("PROMETHEUS") { "a port" } else { "a number of " };
        let (negative, warnings) = of("-1");
        assert_eq!(negative, of("").0, "{name} counts as unset");
        let [warning] = &warnings[..] else { panic!("{name}: {warnings:?}") };
        let words = format!("{name} is `-1`, which is ignored; expected {what}");
        assert!(warning.starts_with(&words), "{warning}");
        let most = MOST.iter().find(|most| most.0 == name).map_or("2147483647", |most| most.1);
        for huge in ["9999999999", "99999999999999999999999999"] {
            let (clamped, warnings) = of(huge);
            assert_eq!(clamped, of(most).0, "{name} counts as {most}");
            let words = format!("{name} is `{huge}`, which counts as {most}; expected {what}");
            let said: Vec<_> = warnings.iter().filter(|warning| warning.starts_with(&words)).collect();
            assert_eq!(said.len(), 1, "{warnings:?}");
            assert!(said[0].ends_with(&format!(" to {most}")), "{said:?}");
        }
    }
}
