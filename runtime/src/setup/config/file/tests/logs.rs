//! `logger_provider`: processor, exporter and limits, and what is wrong with them.

use super::*;
use crate::logs::options::Options as LogOptions;

/// What is shown of logs.
fn shown(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let (settings, warnings) = settings(text, variables).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(warnings, [""; 0], "{text}");
    let entries = LogOptions::default().shown(&settings.logs, false, false);
    entries.iter().map(|entry| format!("{} = {} ({})", entry.key(), entry.value(), entry.source())).collect()
}

#[test]
fn logs_have_a_processor_its_exporter_and_limits() {
    let text = r#"
file_format: "1.0"
attribute_limits: {attribute_count_limit: 64, attribute_value_length_limit: 100}
logger_provider:
  processors:
    - batch:
        schedule_delay: 250
        export_timeout: 0
        max_queue_size: 4096
        exporter: {console: }
  limits: {attribute_count_limit: 8}
"#;
    let place = "otel.yaml: logger_provider.processors[0].batch";
    assert_eq!(
        shown(text, &[("RUST_LOG", "shop=debug"), ("OTEL_BLRP_SCHEDULE_DELAY", "7")]),
        [
            format!("logs.exporter = console ({place}.exporter.console)"),
            "logs.filter = shop=debug (RUST_LOG)".to_owned(),
            format!("logs.schedule_delay = 250ms ({place}.schedule_delay)"),
            format!("logs.export_timeout = 2147483.647s ({place}.export_timeout)"),
            format!("logs.max_queue_size = 4096 ({place}.max_queue_size)"),
            "logs.max_export_batch_size = 512 (default)".to_owned(),
            "logs.limits.attribute_value_length = 100 (otel.yaml: attribute_limits.attribute_value_length_limit)"
                .to_owned(),
            "logs.limits.attributes = 8 (otel.yaml: logger_provider.limits.attribute_count_limit)".to_owned(),
        ]
    );
    let without = shown("file_format: \"1.0\"\n", &[("OTEL_LOGS_EXPORTER", "console")]);
    assert_eq!(without[0], "logs.exporter = none (otel.yaml: )", "by the schema");
}

#[cfg(feature = "otlp-http")]
#[test]
fn logs_by_otlp_are_sent_with_what_the_file_says() {
    let text = "file_format: \"1.0\"\nlogger_provider: {processors: [{simple: {exporter: {otlp_http: {endpoint: 'http://a:1/v1/logs'}}}}]}";
    let lines = shown(text, &[("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://b:2")]);
    assert_eq!(
        lines[0],
        "logs.exporter = otlp (otel.yaml: logger_provider.processors[0].simple.exporter.otlp_http)"
    );
}

#[test]
fn what_is_wrong_with_logs_is_named() {
    let one = "{simple: {exporter: {console: }}}";
    for (lines, words) in [
        ("{}".to_owned(), "`logger_provider` has no `processors`; expected one"),
        (
            format!("{{processors: [{one}, {one}]}}"),
            "has several `processors`; expected one, since logs go to one",
        ),
        (
            format!("{{processors: [{one}], limit: 1}}"),
            "`logger_provider.limit` is not known; expected one of",
        ),
        (
            format!("{{processors: [{one}], limits: {{attribute_count_limit: -1}}}}"),
            "`logger_provider.limits.attribute_count_limit` is `-1`; expected a number from 0",
        ),
        (
            "{processors: [{batch: {max_queue_size: 0, exporter: {console: }}}]}".to_owned(),
            "max_queue_size` is `0`; expected a number from 1 to 1000000",
        ),
        ("{processors: [{batch: {}}]}".to_owned(), "has no `exporter`; expected one"),
    ] {
        let error = problem(&format!("logger_provider: {lines}"));
        assert!(error.contains(words), "{error}");
    }
    let text = format!(
        "file_format: \"1.0\"\nlogger_provider: {{processors: [{one}], logger_configurator/development: {{}}}}"
    );
    let (_, warnings) = settings(&text, &[]).expect("good");
    assert!(warnings[0].contains("has no effect: every event becomes a record"), "{warnings:?}");
}
