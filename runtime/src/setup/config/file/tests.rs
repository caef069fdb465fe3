//! The schema's parts that apply, what is wrong with a file, and what the file leaves of the environment.

#[cfg(feature = "logs")]
mod logs;
#[cfg(feature = "metrics")]
mod metrics;
mod resource;

use std::path::Path;

use super::*;
use crate::setup::config::Config;
use crate::setup::config::plan::{Options, Plan};

fn settings(text: &str, variables: &[(&str, &str)]) -> Result<(Settings, Vec<String>), String> {
    let lookup = Lookup::of(variables);
    let file = File { path: Path::new("otel.yaml").into(), lookup: &lookup };
    let settings = parse(&file, text).map_err(|error| error.to_string())?;
    Ok((settings, lookup.take_warnings()))
}

fn config(text: &str, variables: &[(&str, &str)]) -> Config {
    let (settings, warnings) = settings(text, variables).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(warnings, [""; 0], "{text}");
    Plan::new(&Options::default(), &settings).expect("good").config()
}

/// The error of a file with these lines behind the first.
fn problem(lines: &str) -> String {
    match settings(&format!("file_format: \"1.0\"\n{lines}"), &[]) {
        Ok(_) => panic!("{lines}"),
        Err(error) => error,
    }
}

fn shown(config: &Config, key: &str) -> String {
    let entry = config.entry(key).unwrap_or_else(|| panic!("{key}: {config}"));
    format!("{} ({})", entry.value(), entry.source())
}

const WHOLE: &str = r#"
file_format: "1.1"
disabled: false
log_level: warn2
attribute_limits:
  attribute_value_length_limit: 4096
  attribute_count_limit: 64
propagator:
  composite:
    - tracecontext:
  composite_list: ${PROPAGATORS:-baggage}
tracer_provider:
  processors:
    - batch:
        schedule_delay: 0x7d0
        export_timeout: ${TIMEOUT:-0}
        max_queue_size: 65536
        max_export_batch_size: 256
        exporter:
          console:
  limits:
    attribute_count_limit: 32
    event_count_limit: 8
  sampler:
    parent_based:
      root:
        trace_id_ratio_based:
          ratio: ${RATIO}
"#;

#[test]
fn a_file_says_everything_and_each_value_has_its_key_as_source() {
    let config = config(WHOLE, &[("RATIO", "0.25")]);
    for (key, value, pointer) in [
        ("disabled", "false", "disabled"),
        ("log_level", "warn", "log_level"),
        ("propagators", "tracecontext,baggage", "propagator"),
        ("traces.exporter", "console", "tracer_provider.processors[0].batch.exporter.console"),
        ("traces.flush_interval", "2s", "tracer_provider.processors[0].batch.schedule_delay"),
        ("traces.max_export_batch_size", "256", "tracer_provider.processors[0].batch.max_export_batch_size"),
        ("traces.buffer_bytes", "67108864", "tracer_provider.processors[0].batch.max_queue_size"),
        ("traces.sampler", "ParentBased(TraceIdRatioBased(0.25))", "tracer_provider.sampler"),
        ("traces.limits.attribute_value_length", "4096", "attribute_limits.attribute_value_length_limit"),
        ("traces.limits.attributes", "32", "tracer_provider.limits.attribute_count_limit"),
        ("traces.limits.event_attributes", "64", "attribute_limits.attribute_count_limit"),
        ("traces.limits.events", "8", "tracer_provider.limits.event_count_limit"),
    ] {
        assert_eq!(shown(&config, key), format!("{value} (otel.yaml: {pointer})"));
    }
    // Zero is no limit.
    assert_eq!(shown(&config, "traces.export_timeout"), "none (default)");
}

#[test]
fn what_a_file_does_not_say_is_what_the_schema_says() {
    let config = config("file_format: \"1.0\"", &[("OTEL_TRACES_EXPORTER", "console")]);
    assert_eq!(shown(&config, "traces.exporter"), "none (otel.yaml: )");
    assert_eq!(shown(&config, "propagators"), "none (otel.yaml: )");
    assert_eq!(shown(&config, "traces.sampler"), "parentbased_always_on (default)");
}

#[test]
fn samplers_with_branches_of_their_own_are_asked_where_those_are() {
    let sampler = |lines: &str| {
        let text = format!(
            "file_format: \"1.0\"\ntracer_provider:\n  processors: [{{simple: {{exporter: {{console:}}}}}}]\n  sampler: {lines}"
        );
        let config = config(&text, &[]);
        let value = |key| config.entry(key).map(|entry| entry.value().to_owned()).unwrap_or_default();
        (value("traces.sampler"), value("traces.sample_every_span"))
    };
    let default = ("parentbased_always_on".to_owned(), "false".to_owned());
    assert_eq!(
        sampler("{parent_based: {root: {always_on: }, local_parent_sampled: {always_on: }}}"),
        default
    );
    assert_eq!(sampler("{parent_based: }"), default);
    assert_eq!(sampler("{always_off: {}}"), ("always_off".to_owned(), "false".to_owned()));
    let (local, all) =
        sampler("{parent_based: {local_parent_sampled: {trace_id_ratio_based: {ratio: 0.5}}}}");
    assert!(local.contains("TraceIdRatioBased(0.5)"), "{local}");
    assert_eq!(all, "true");
    let (remote, all) = sampler("{parent_based: {remote_parent_not_sampled: {always_on: }}}");
    assert!(remote.contains("remote_parent_not_sampled: Some(AlwaysOn)"), "{remote}");
    assert_eq!(all, "false");
}

#[test]
fn what_is_wrong_is_named_with_line_key_and_what_was_expected() {
    let provider = |lines: &str| {
        problem(&format!(
            "tracer_provider:\n  processors:\n    - batch:\n        exporter: {{console: }}\n{lines}"
        ))
    };
    for (error, words) in [
        (problem("disabled: maybe"), "otel.yaml:2: `disabled` is `maybe`; expected true or false"),
        (problem("disabled: \"true\""), "otel.yaml:2: `disabled` is `true`; expected true or false"),
        (problem("resource: []"), "otel.yaml:2: `resource` is a list; expected a map of keys and values"),
        (problem("log_level: loud"), "otel.yaml:2: `log_level` is `loud`; expected one of trace, debug"),
        (
            problem("attribute_limits:\n  count: 1"),
            "otel.yaml:3: `attribute_limits.count` is not known; expected one of attribute_value_length_limit, ",
        ),
        (
            problem("attribute_limits:\n  attribute_count_limit: -1"),
            "otel.yaml:3: `attribute_limits.attribute_count_limit` is `-1`; expected a number from 0 to 2147483647",
        ),
        (
            problem("propagator: {composite_list: b3}"),
            "otel.yaml:2: `propagator.composite_list` is `b3`; expected tracecontext, baggage",
        ),
        (
            problem("propagator: {composite: [{xray: }]}"),
            "`propagator.composite[0].xray` is not known; expected one of tracecontext, baggage",
        ),
        (problem("tracer_provider: {}"), "otel.yaml:2: `tracer_provider` has no `processors`; expected one"),
        (
            problem("tracer_provider: {processors: []}"),
            "`tracer_provider.processors` is a list; expected a list with at least one entry",
        ),
        (
            problem("tracer_provider: {processors: [{batch: {exporter: {zipkin: }}}]}"),
            "exporter.zipkin` is not known; expected one of otlp_http, otlp_grpc, console",
        ),
        (
            problem("tracer_provider: {processors: [{batch: }, {simple: }]}"),
            "has several `processors`; expected one",
        ),
        (
            provider("  sampler: {always_on: , always_off: }"),
            "otel.yaml:6: `tracer_provider.sampler` has 2 keys; expected exactly one of always_on",
        ),
        (
            provider("  sampler: {trace_id_ratio_based: {ratio: 1.5}}"),
            "`tracer_provider.sampler.trace_id_ratio_based.ratio` is `1.5`; expected a number from 0.0 to 1.0",
        ),
        (provider("  sampler: {jaeger_remote/development: }"), "jaeger_remote/development` is not known"),
        (problem("disabled: ${X:?no}"), "otel.yaml:2: `${X:?no}` refers to no variable"),
        (problem("a: [1"), "is no YAML: "),
    ] {
        assert!(error.contains(words), "{error}\n expected {words}");
    }
}

#[test]
fn the_format_must_be_one_that_is_known() {
    let of = |text: &str| settings(text, &[]).map(|(_, warnings)| warnings.len());
    assert_eq!(of("file_format: \"1.0\""), Ok(0));
    assert_eq!(of("file_format: 1.1"), Ok(0));
    assert_eq!(of("file_format: \"1.7\""), Ok(1), "newer, with a warning");
    for wrong in ["\"2.0\"", "\"0.4\"", "\"1.0-rc.3\"", "one"] {
        let error = of(&format!("file_format: {wrong}")).expect_err(wrong);
        assert!(error.contains("expected \"1.0\" or \"1.1\""), "{error}");
    }
    assert!(of("disabled: true").expect_err("no format").contains("has no `file_format`"));
}

#[test]
fn values_of_variables_and_of_headers_are_in_no_error() {
    let text = "file_format: \"1.0\"\ndisabled: ${SECRET}";
    let error = settings(text, &[("SECRET", "hunter2")]).map(drop).expect_err("no flag");
    assert_eq!(error, "otel.yaml:2: `disabled` is `${SECRET}`; expected true or false");
}

#[test]
fn what_has_no_effect_is_a_warning() {
    let text = "file_format: \"1.0\"\nvendor: {a: 1}\nattribute_limits: {attribute_value_depth_limit: 3}";
    let (_, warnings) = settings(text, &[]).expect("good");
    assert!(warnings[0].contains("the key `vendor`, which is not known"), "{warnings:?}");
    assert!(
        warnings[1].starts_with("otel.yaml:3: `attribute_limits.attribute_value_depth_limit` has no effect")
    );
}

#[cfg(all(feature = "otlp-http", feature = "metrics"))]
#[test]
fn the_published_examples_are_read() {
    let published = include_str!("testdata/otel-sdk-config.yaml");
    let (of_values, warnings) = settings(published, &[]).expect("good");
    assert!(warnings.iter().all(|warning| warning.contains("has no effect: ")), "{warnings:#?}");
    let migration = include_str!("testdata/otel-sdk-migration-config.yaml");
    let (of_variables, _) = settings(migration, &[]).expect("good");
    // Nothing is set, so both say the same.
    let shown = |settings: &Settings| {
        let config = Plan::new(&Options::default(), settings).expect("good").config();
        config.entries().map(|entry| format!("{} = {}", entry.key(), entry.value())).collect::<Vec<_>>()
    };
    assert_eq!(shown(&of_values), shown(&of_variables));
    let variables = [
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_BSP_SCHEDULE_DELAY", "250"),
        ("OTEL_SERVICE_NAME", "42"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "authorization=Bearer%20hunter2"),
    ];
    let (of_variables, _) = settings(migration, &variables).expect("good");
    let config = Plan::new(&Options::default(), &of_variables).expect("good").config();
    assert_eq!(shown_value(&config, "disabled"), "true");
    assert_eq!(shown_value(&config, "traces.flush_interval"), "250ms");
    // The file does not refer to this one.
    assert_eq!(shown_value(&config, "traces.sampler"), "parentbased_always_on");
    assert!(!config.to_string().contains("hunter2") && !format!("{of_variables:?}").contains("hunter2"));
}

#[cfg(all(feature = "otlp-http", feature = "metrics"))]
fn shown_value<'a>(config: &'a Config, key: &str) -> &'a str {
    config.entry(key).map_or("", |entry| entry.value())
}

#[cfg(feature = "otlp-http")]
#[test]
fn a_header_that_cannot_be_read_is_not_repeated() {
    let exporter = |lines: &str| {
        problem(&format!(
            "tracer_provider: {{processors: [{{simple: {{exporter: {{otlp_http: {lines}}}}}}}]}}"
        ))
    };
    for (lines, words) in [
        ("{headers_list: hunter2}", "headers_list` cannot be read; expected `name=value` pairs"),
        ("{headers: [{name: a, value: [hunter2]}]}", "value` is a list; expected a text"),
        ("{headers: [{value: hunter2}]}", "has no `name`; expected one"),
        ("{endpoint: 4318}", "endpoint` is `4318`; expected a text; put it into quotes"),
        ("{encoding: json}", "encoding` is `json`; expected one of protobuf"),
        ("{compression: lz4}", "compression` is `lz4`; expected one of none, gzip, zstd"),
        ("{tls: {cert_file: /a}}", "tls` has only one of `cert_file` and `key_file`"),
        ("{timeout: soon}", "timeout` is `soon`; expected a number from 0 to"),
        ("{retry: 3}", "otlp_http.retry` is not known; expected one of endpoint, tls, headers"),
    ] {
        let error = exporter(lines);
        assert!(error.contains(words) && !error.contains("hunter2"), "{error}");
    }
}

#[cfg(feature = "metrics")]
#[test]
fn metrics_have_a_reader_and_its_exporter() {
    let text = "file_format: \"1.0\"\nmeter_provider:\n  readers:\n    - periodic:\n        interval: 5000\n        timeout: 0\n        exporter: {console: {temporality_preference: delta}}\n";
    let (of_file, _) = settings(text, &[]).expect("good");
    let metrics = of_file.metrics;
    assert_eq!(metrics.interval.map(|set| set.value.as_secs()), Some(5));
    assert_eq!(metrics.timeout.map(|set| set.value.as_millis()), Some(i32::MAX as u128));
    let temporality = metrics.temporality.expect("it is set");
    assert_eq!(format!("{:?}", temporality.value), "Delta");
    assert!(
        temporality
            .source
            .to_string()
            .ends_with("readers[0].periodic.exporter.console.temporality_preference")
    );
}
