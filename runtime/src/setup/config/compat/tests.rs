//! Each old variable with a good value, a bad one and none, and the switch.

use super::*;

fn settings(variables: &[(&str, &str)]) -> Settings {
    let switch = [("WIRESPAN_COMPAT", "letta")];
    let lookup = Lookup::of(&[&switch, variables].concat());
    Settings::read(&lookup).unwrap_or_else(|error| panic!("{variables:?}: {error}"))
}

fn refused(name: &str, value: &str) {
    let lookup = Lookup::of(&[("WIRESPAN_COMPAT", "letta"), (name, value)]);
    let error = Settings::read(&lookup).expect_err(name).to_string();
    assert!(error.starts_with(&format!("{name} is `{value}`; expected ")), "{error}");
}

fn exporter(settings: &Settings) -> Option<(&'static str, String)> {
    settings.exporter.as_ref().map(|set| (set.value.name(), set.source.to_string()))
}

fn attributes(settings: &Settings) -> Vec<String> {
    let read = settings.resource.iter().map(|set| &set.value);
    read.map(|pair| format!("{}={}", pair.key, pair.value)).collect()
}

#[test]
fn without_the_switch_no_old_name_counts() {
    for switch in [&[][..], &[("WIRESPAN_COMPAT", "none")], &[("WIRESPAN_COMPAT", "")]] {
        let old = [
            ("LETTA_OTEL_EXPORTER_OTLP_ENDPOINT", "http://old:4317"),
            ("LETTA_DISABLE_TRACING", "true"),
            ("DD_SERVICE", "old"),
            ("LETTA_OTEL_PREFERRED_TEMPORALITY", "no number"),
        ];
        let settings = Settings::read(&Lookup::of(&[switch, &old].concat())).expect("good");
        assert_eq!((exporter(&settings), settings.disabled.is_none()), (None, true));
        assert_eq!(attributes(&settings), [""; 0]);
    }
    let wrong =
        Settings::read(&Lookup::of(&[("WIRESPAN_COMPAT", "letter")])).expect_err("unknown").to_string();
    assert_eq!(wrong, "WIRESPAN_COMPAT is `letter`; expected letta or none");
}

#[test]
fn the_old_endpoint_is_for_traces_and_metrics_and_opentelemetrys_counts_before() {
    let old = ("LETTA_OTEL_EXPORTER_OTLP_ENDPOINT", "http://old:4317");
    let one = settings(&[old]);
    assert_eq!(exporter(&one), Some(("otlp", old.0.to_owned())));
    assert_eq!(one.metrics.exporter.map(|set| set.source.to_string()), Some(old.0.to_owned()));
    let both = settings(&[old, ("OTEL_TRACES_EXPORTER", "console")]);
    assert_eq!(exporter(&both), Some(("console", "OTEL_TRACES_EXPORTER".to_owned())));
    assert_eq!(exporter(&settings(&[(old.0, "")])), None);
}

#[test]
fn each_old_variable_has_a_good_a_bad_and_no_value() {
    for (on, off) in [("true", "false"), ("1", "0"), ("Yes", "No"), ("on", "off")] {
        let disabled = |value| settings(&[("LETTA_DISABLE_TRACING", value)]).disabled.map(|set| set.value);
        assert_eq!([disabled(on), disabled(off), disabled("")], [Some(true), Some(false), None]);
    }
    refused("LETTA_DISABLE_TRACING", "maybe");
    let temporality = |value| {
        let read = settings(&[("LETTA_OTEL_PREFERRED_TEMPORALITY", value)]).metrics.temporality;
        read.map(|set| format!("{:?}", set.value))
    };
    assert_eq!(temporality("1").as_deref(), Some("Delta"));
    assert_eq!(temporality("2").as_deref(), Some("Cumulative"));
    assert_eq!([temporality("0"), temporality("")], [None, None]);
    refused("LETTA_OTEL_PREFERRED_TEMPORALITY", "3");
    let datadog = "LETTA_TELEMETRY_ENABLE_DATADOG";
    assert_eq!(exporter(&settings(&[(datadog, "true")])), Some(("otlp", datadog.to_owned())));
    assert_eq!(exporter(&settings(&[(datadog, "false"), ("DD_AGENT_HOST", "agent")])), None);
    refused(datadog, "2");
    let port = settings(&[(datadog, "true"), ("LETTA_TELEMETRY_DATADOG_AGENT_PORT", "8126")]);
    assert!(port.warnings[0].starts_with("LETTA_TELEMETRY_DATADOG_AGENT_PORT has no effect"));
}

#[test]
fn old_names_describe_the_service_behind_the_new_ones() {
    let all =
        [("ENV_NAME", "Blue"), ("DD_VERSION", "1.2"), ("DD_ENV", "dev"), ("LETTA_ENVIRONMENT", "STAGING")];
    assert_eq!(
        attributes(&settings(&all)),
        ["service.name=letta-server-blue", "service.version=1.2", "deployment.environment.name=dev"]
    );
    let named = settings(&[
        ("DD_SERVICE", "shop"),
        ("ENV_NAME", "x"),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=cart"),
    ]);
    assert_eq!(attributes(&named), ["service.name=shop", "service.name=cart"], "the last counts");
    assert_eq!(attributes(&settings(&[("ENV_NAME", ""), ("DD_ENV", " ")])), [""; 0]);
}

#[test]
fn what_is_said_of_telemetry_and_which_events_are_logs_come_from_old_switches() {
    let level = |variables: &[(&str, &str)]| settings(variables).log_level.map(|set| set.value.as_str());
    let verbose = "LETTA_LOGGING_VERBOSE_TELEMETRY_LOGGING";
    assert_eq!(level(&[(verbose, "1")]), Some("debug"));
    assert_eq!([level(&[(verbose, "0")]), level(&[(verbose, "")])], [None, None]);
    assert_eq!(level(&[(verbose, "1"), ("OTEL_LOG_LEVEL", "error")]), Some("error"));
    refused(verbose, "some");
    #[cfg(feature = "logs")]
    {
        let which = |variables: &[(&str, &str)]| {
            settings(variables).logs.which.map(|set| format!("{} ({})", set.value, set.source))
        };
        assert_eq!(which(&[("LETTA_DEBUG", "true")]).as_deref(), Some("debug (LETTA_DEBUG)"));
        assert_eq!([which(&[("LETTA_DEBUG", "no")]), which(&[("LETTA_DEBUG", "")])], [None, None]);
        let both = which(&[("LETTA_DEBUG", "true"), ("RUST_LOG", "warn")]);
        assert_eq!(both.as_deref(), Some("warn (RUST_LOG)"));
    }
    refused("LETTA_DEBUG", "verbose");
}

#[test]
fn a_profiler_is_missed_with_a_warning_and_no_error() {
    for name in PROFILING {
        let of = |value| settings(&[(name, value)]).warnings;
        assert!(of("true")[0].starts_with(&format!("{name} has no effect: there is no profiler")));
        assert_eq!([of("false"), of("")], [Vec::<String>::new(), Vec::new()]);
        refused(name, "2");
    }
}

#[test]
fn datadog_has_deltas_and_its_own_names_as_by_the_preset() {
    let on = ("LETTA_TELEMETRY_ENABLE_DATADOG", "true");
    let of = |variables: &[(&str, &str)]| {
        let read = settings(variables);
        let temporality = read.metrics.temporality;
        (read.datadog, temporality.map(|set| format!("{:?} ({})", set.value, set.source)))
    };
    let deltas = |name: &str| (true, Some(format!("Delta ({name})")));
    assert_eq!(of(&[on]), deltas(on.0));
    assert_eq!(of(&[("WIRESPAN_PRESET", "datadog-agent")]), deltas("preset datadog-agent"));
    let cumulative = |name| of(&[on, (name, if name.starts_with("OTEL") { "cumulative" } else { "2" })]);
    for name in ["LETTA_OTEL_PREFERRED_TEMPORALITY", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"] {
        assert_eq!(cumulative(name), (true, Some(format!("Cumulative ({name})"))), "what is said counts");
    }
    assert_eq!([of(&[]), of(&[(on.0, "false")])], [(false, None), (false, None)]);
}

#[test]
fn datadog_has_an_environment_and_a_repository_under_its_other_name() {
    let on = ("LETTA_TELEMETRY_ENABLE_DATADOG", "true");
    assert_eq!(attributes(&settings(&[on])), ["deployment.environment.name=development"]);
    let named = settings(&[on, ("LETTA_TELEMETRY_DATADOG_SERVICE_NAME", "shop"), ("DD_ENV", "qa")]);
    assert_eq!(attributes(&named), ["service.name=shop", "deployment.environment.name=qa"]);
    let url = |variables: &[(&str, &str)]| settings(variables).vcs.url.map(|set| set.value);
    let other = ("DATADOG_GIT_REPOSITORY_URL", "https://u:p@example.com/a/b.git");
    assert_eq!(url(&[other]).as_deref(), Some("https://example.com/a/b"));
    let both = url(&[other, ("DD_GIT_REPOSITORY_URL", "https://example.com/c/d")]);
    assert_eq!(both.as_deref(), Some("https://example.com/c/d"));
    assert_eq!([url(&[(other.0, "no address")]), url(&[(other.0, "")])], [None, None]);
}

#[test]
fn what_bounds_requests_bounds_those_to_the_old_endpoint() {
    use crate::export::Chosen;
    use crate::export::otlp::Signal;

    let old = "LETTA_OTEL_EXPORTER_OTLP_ENDPOINT";
    let variables = [
        ("WIRESPAN_COMPAT", "letta"),
        (old, "http://old:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_MAX_CONCURRENT_EXPORTS", "2"),
        ("WIRESPAN_QUEUE_BYTES", "5000000"),
    ];
    let lookup = Lookup::of(&variables);
    let Some(Set { value: Chosen::Otlp(traces), source }) = Settings::read(&lookup).expect("good").exporter
    else {
        panic!("by OTLP")
    };
    let entries = traces.shown(Signal::Traces, &lookup, &source).expect("good");
    let lines: Vec<_> =
        entries.iter().map(|entry| format!("{} {} {}", entry.key(), entry.value(), entry.source())).collect();
    for expected in [
        "traces.otlp.queue_bytes 5000000 WIRESPAN_QUEUE_BYTES",
        "traces.otlp.max_in_flight 2 OTEL_BSP_MAX_CONCURRENT_EXPORTS",
        "traces.otlp.protocol grpc LETTA_OTEL_EXPORTER_OTLP_ENDPOINT",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}\n{lines:#?}");
    }
    let queue = Lookup::of(&[variables[0], variables[1], ("WIRESPAN_QUEUE_BYTES", "0")]);
    assert!(Settings::read(&queue).is_err());
}
