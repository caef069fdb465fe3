//! What a program prints of its configuration: every value with its source, from a process of its own, and nothing secret. And that
//! limits act on spans, ours and those of other crates.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

use wirespan_tests::receiver::Receiver;

fn shown(variables: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .args(["1", "config"])
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("it starts");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("hunter2"));
    text
}

/// Whether a line has this key, value and source.
fn has(text: &str, key: &str, value: &str, source: &str) -> bool {
    text.lines().any(|line| {
        line.split_once(" = ").is_some_and(|(name, rest)| {
            let rest = rest.trim_end().strip_suffix(&format!("({source})"));
            name.trim_end() == key && rest.is_some_and(|shown| shown.trim_end() == value)
        })
    })
}

#[test]
fn every_value_has_its_source_and_secrets_are_hidden() {
    let receiver = Receiver::start();
    let endpoint = receiver.endpoint();
    let text = shown(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api-key=hunter2"),
        ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", &*format!("{endpoint}/v1/logs?key=hunter2")),
        ("OTEL_RESOURCE_ATTRIBUTES", "team=blue,api_key=hunter2,db.password=hunter2"),
        ("OTEL_TRACES_SAMPLER", "traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.5"),
        ("OTEL_SERVICE_NAME", "shop"),
        ("WIRESPAN_QUEUE_BYTES", "1000000"),
    ]);
    for (key, value, source) in [
        ("disabled", "false", "default"),
        ("propagators", "tracecontext,baggage", "default"),
        ("traces.exporter", "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("traces.sampler", "traceidratio 0.5", "OTEL_TRACES_SAMPLER"),
        ("traces.otlp.endpoint", &*endpoint, "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("traces.otlp.headers", "api-key=<hidden>", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"),
        ("traces.otlp.timeout", "10s", "default"),
        ("traces.otlp.queue_bytes", "1000000", "WIRESPAN_QUEUE_BYTES"),
        ("logs.otlp.endpoint", "<hidden>", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"),
        ("metrics.exporter", "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("metrics.otlp.headers", "none", "default"),
        ("resource.service.name", "shop", "OTEL_SERVICE_NAME"),
        ("resource.team", "blue", "OTEL_RESOURCE_ATTRIBUTES"),
        ("resource.api_key", "<hidden>", "OTEL_RESOURCE_ATTRIBUTES"),
        ("resource.db.password", "<hidden>", "OTEL_RESOURCE_ATTRIBUTES"),
    ] {
        assert!(has(&text, key, value, source), "{key} = {value} ({source})\n{text}");
    }
    // Any part of what cannot be read may be one.
    shown(&[("OTEL_RESOURCE_ATTRIBUTES", "api_key=hunter2,hunter2"), ("OTEL_TRACES_EXPORTER", "none")]);
    // Aligned: all first values begin at the same column.
    let columns: Vec<_> = text.lines().filter_map(|line| line.find(" = ")).collect();
    assert!(columns.len() > 20 && columns.iter().all(|column| Some(column) == columns.first()), "{text}");
}

#[test]
fn what_would_count_is_known_before_anything_is_switched_on() {
    let builder = wirespan::builder().status_ok(false).no_exporter().service_name("shop");
    let config = builder.config().expect("good");
    let value = |key: &str| config.entry(key).map(|entry| (entry.value(), entry.source().to_string()));
    let by_builder = |value| Some((value, "builder".to_owned()));
    assert_eq!(value("traces.status_ok"), by_builder("false"));
    assert_eq!(value("traces.exporter"), by_builder("none"));
    assert_eq!(value("resource.service.name"), by_builder("shop"));
    let refused = wirespan::builder().buffer_bytes(usize::MAX).config().expect_err("too large");
    assert!(refused.is_configuration() && refused.to_string().contains("expected at most"), "{refused}");
}

#[test]
fn limits_act_on_our_spans_and_on_those_of_other_crates() {
    let receiver = Receiver::start();
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .args(["0", "limits"])
        .env_clear()
        .envs([
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*receiver.endpoint()),
            ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "4"),
            ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "5"),
            ("OTEL_SPAN_EVENT_COUNT_LIMIT", "1"),
            ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "1"),
        ])
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{output:?}");
    let spans = receiver.spans();
    let find = |name: &str| spans.iter().find(|span| span.name.ends_with(name)).expect(name).clone();
    for (name, dropped_events) in [("ours", 2), ("theirs", 1)] {
        let span = find(name);
        assert_eq!(span.attributes.len(), 4, "{span:?}");
        assert!(span.dropped_attributes_count >= 2, "{span:?}");
        assert_eq!((span.events.len(), span.dropped_events_count), (1, dropped_events), "{span:?}");
        assert_eq!(
            (span.events[0].attributes.len(), span.events[0].dropped_attributes_count),
            (1, 1),
            "{span:?}"
        );
        assert!(!format!("{span:?}").contains("abcdef"), "{span:?}");
        assert!(format!("{span:?}").contains("\"abcde\""), "{span:?}");
    }
}
