//! Every variable, with a good value, a bad one, and none: over variables that are not the process's.

#[cfg(all(
    feature = "otlp-grpc",
    feature = "otlp-http",
    feature = "metrics",
    feature = "logs",
    feature = "prometheus",
    feature = "config-file",
    feature = "tls"
))]
mod every;
mod others;

use super::lookup::Lookup;
use super::plan::{Options, Plan};
use super::settings::Settings;
use super::*;

/// The configuration with one variable, or the error.
fn with(name: &str, value: &str) -> Result<Config, String> {
    of(&[(name, value)])
}

fn of(variables: &[(&str, &str)]) -> Result<Config, String> {
    Settings::read(&Lookup::of(variables))
        .and_then(|settings| Ok(Plan::new(&Options::default(), &settings)?.config()))
        .map_err(|error| error.to_string())
}

/// What a bad value does.
enum Bad {
    /// `install` ends with an error that has these words.
    Error(&'static str, &'static str),
    /// A warning with these words, and the default.
    Ignored(&'static str),
}
use Bad::{Error, Ignored};

/// A variable, the entry that shows it, a good value, how it is shown, what is shown without, and a bad one.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str, Bad);

const CASES: &[Case] = &[
    ("OTEL_SDK_DISABLED", "disabled", "True", "true", "false", Ignored("1")),
    ("OTEL_LOG_LEVEL", "log_level", "WARN", "warn", "info", Error("loud", "one of none, error")),
    (
        "OTEL_PROPAGATORS",
        "propagators",
        "baggage",
        "baggage",
        "tracecontext,baggage",
        Error("b3", "tracecontext, "),
    ),
    (
        "OTEL_TRACES_EXPORTER",
        "traces.exporter",
        "none",
        "none",
        "console",
        Error("zipkin", "one of otlp, console"),
    ),
    (
        "OTEL_TRACES_SAMPLER",
        "traces.sampler",
        "always_off",
        "always_off",
        "parentbased_always_on",
        Error("x", "one of"),
    ),
    ("OTEL_BSP_SCHEDULE_DELAY", "traces.flush_interval", "5000", "5s", "100ms", Ignored("0")),
    ("OTEL_BSP_EXPORT_TIMEOUT", "traces.export_timeout", "30000", "30s", "none", Ignored("-1")),
    ("OTEL_BSP_MAX_QUEUE_SIZE", "traces.buffer_bytes", "65536", "67108864", "33554432", Ignored("0")),
    (
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
        "traces.max_export_batch_size",
        "7",
        "7",
        "the exporter's",
        Ignored("0"),
    ),
    (
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        "traces.limits.attribute_value_length",
        "10",
        "10",
        "none",
        Ignored("x"),
    ),
    ("OTEL_ATTRIBUTE_COUNT_LIMIT", "traces.limits.attributes", "10", "10", "none", Ignored("-2")),
    (
        "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        "traces.limits.attribute_value_length",
        "0",
        "0",
        "none",
        Ignored("-1"),
    ),
    ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "traces.limits.attributes", "11", "11", "none", Ignored("1.5")),
    ("OTEL_SPAN_EVENT_COUNT_LIMIT", "traces.limits.events", "12", "12", "none", Ignored("all")),
    ("OTEL_SPAN_LINK_COUNT_LIMIT", "traces.limits.links", "13", "13", "none", Ignored("-1")),
    ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "traces.limits.event_attributes", "14", "14", "none", Ignored("-1")),
    ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "traces.limits.link_attributes", "15", "15", "none", Ignored("-1")),
    ("WIRESPAN_FILTER", "traces.filter", "info", "info", "none", Error("a-b", "a module's path")),
    (
        "WIRESPAN_PRESET",
        "preset",
        "Collector",
        "collector",
        "none",
        Error("datadgo", "did you mean datadog?"),
    ),
    ("WIRESPAN_COMPAT", "compatibility", "letta", "letta", "none", Error("letter", "letta or none")),
    ("WIRESPAN_STATUS_OK", "traces.status_ok", "FALSE", "false", "true", Error("no", "true or false")),
    (
        "WIRESPAN_OPENTELEMETRY_CONTEXT",
        "traces.opentelemetry_context",
        "false",
        "false",
        "true",
        Error("1", "true or"),
    ),
    (
        "WIRESPAN_GLOBAL_PROVIDERS",
        "global_providers",
        "false",
        "false",
        "true",
        Error("off", "true or false"),
    ),
    (
        "WIRESPAN_SAMPLE_EVERY_SPAN",
        "traces.sample_every_span",
        "true",
        "true",
        "false",
        Error("on", "true or false"),
    ),
    (
        "WIRESPAN_FLUSH_INTERVAL",
        "traces.flush_interval",
        "250",
        "250ms",
        "100ms",
        Error("0", "milliseconds from 1 to"),
    ),
    (
        "WIRESPAN_BUFFER_BYTES",
        "traces.buffer_bytes",
        "65536",
        "65536",
        "33554432",
        Error("1", "bytes from 65536 to"),
    ),
    (
        "WIRESPAN_WAIT_WHEN_FULL",
        "traces.wait_when_full",
        "20",
        "20ms",
        "0ns",
        Error("-1", "milliseconds from 0 to"),
    ),
];

#[test]
fn each_variable_has_a_good_a_bad_and_no_value() {
    for (name, key, good, shown, default, bad) in CASES {
        let entry =
            |config: &Config| config.entry(key).map(|entry| (entry.value.clone(), entry.source.clone()));
        let set = with(name, good).expect(name);
        assert_eq!(entry(&set), Some(((*shown).to_owned(), Source::Variable(name))), "{name}");
        assert_eq!(set.warnings, [""; 0], "{name}");
        for absent in ["", "  "] {
            let unset = with(name, absent).expect(name);
            assert_eq!(entry(&unset), Some(((*default).to_owned(), Source::Default)), "{name}");
        }
        match bad {
            Error(value, words) => {
                let error = with(name, value).expect_err(name);
                assert!(error.starts_with(&format!("{name} is `{value}`; expected ")), "{error}");
                assert!(error.contains(words), "{error}");
            }
            Ignored(value) => {
                let config = with(name, value).expect(name);
                assert_eq!(entry(&config).map(|(value, _)| value).as_deref(), Some(*default), "{name}");
                let [warning] = &config.warnings[..] else { panic!("{name}: {:?}", config.warnings) };
                assert!(warning.starts_with(&format!("{name} is `{value}`, which ")), "{warning}");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn text_that_is_not_utf_8_is_an_error_that_names_the_variable_and_not_its_value() {
    for (name, ..) in CASES {
        let lookup = Lookup::of_bytes(name, b"hunter2\xff");
        let error = Settings::read(&lookup).expect_err(name).to_string();
        assert_eq!(error, format!("{name} is `not UTF-8`; expected UTF-8 text"));
    }
}

#[test]
fn opentelemetrys_variable_counts_before_ours_and_the_builder_before_both() {
    let both = [("OTEL_BSP_SCHEDULE_DELAY", "300"), ("WIRESPAN_FLUSH_INTERVAL", "200")];
    let entry = |config: &Config| config.entry("traces.flush_interval").cloned().expect("it is there");
    assert_eq!(entry(&of(&both).expect("good")).value, "300ms");
    let settings = Settings::read(&Lookup::of(&both)).expect("good");
    let options = Options { interval: Some(std::time::Duration::from_secs(1)), ..Options::default() };
    let entry = entry(&Plan::new(&options, &settings).expect("good").config());
    assert_eq!((entry.value(), entry.source()), ("1s", &Source::Builder));
}

#[test]
fn the_limit_of_spans_counts_before_the_one_of_everything() {
    let config =
        of(&[("OTEL_ATTRIBUTE_COUNT_LIMIT", "1"), ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2")]).expect("good");
    let limit = |key| config.entry(key).map(|entry| (entry.value(), entry.source().to_string()));
    let own = Some(("2", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT".to_owned()));
    assert_eq!(limit("traces.limits.attributes"), own);
    let general = Some(("1", "OTEL_ATTRIBUTE_COUNT_LIMIT".to_owned()));
    assert_eq!(limit("traces.limits.event_attributes"), general);
    assert_eq!(limit("traces.limits.link_attributes"), general);
}

#[test]
fn a_number_of_spans_makes_the_buffer_larger_and_never_smaller() {
    let buffer = |variables: &[(&str, &str)]| {
        let config = of(variables).expect("good");
        let entry = config.entry("traces.buffer_bytes").expect("it is there");
        (entry.value().to_owned(), entry.source().to_string(), config.warnings.len())
    };
    let queue = "OTEL_BSP_MAX_QUEUE_SIZE";
    assert_eq!(buffer(&[(queue, "2048")]), ("33554432".to_owned(), "default".to_owned(), 0));
    assert_eq!(buffer(&[(queue, "10000000")]), ((1_u64 << 30).to_string(), queue.to_owned(), 1));
    let ours = "WIRESPAN_BUFFER_BYTES";
    assert_eq!(buffer(&[(queue, "100"), (ours, "1048576")]), ("1048576".to_owned(), ours.to_owned(), 0));
    assert_eq!(buffer(&[(queue, "2000"), (ours, "1048576")]), ("2048000".to_owned(), queue.to_owned(), 0));
}

#[test]
fn lines_are_aligned_and_stay_lines() {
    let config = Config::new(
        vec![
            Entry::of("a", &Set::by_default(1)),
            Entry::new("long.key", "two\nlines", &Source::Variable("OTEL_SERVICE_NAME")),
        ],
        Vec::new(),
    );
    let lines = "a        = 1           (default)\nlong.key = two\\nlines  (OTEL_SERVICE_NAME)";
    assert_eq!(config.to_string(), lines);
}
