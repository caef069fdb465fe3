//! Which propagator is OpenTelemetry's global one after `install`: by the builder, by the environment, by default.

#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use std::process::Command;

use wirespan::opentelemetry::Context;
use wirespan::opentelemetry::baggage::BaggageExt as _;
use wirespan::opentelemetry::global::{get_text_map_propagator, set_text_map_propagator};
use wirespan::opentelemetry::propagation::TextMapCompositePropagator;
use wirespan::propagation::{BaggagePropagator, TraceContextPropagator, TrustInbound, W3cPropagator};
use wirespan::{Builder, MemoryExporter};
use wirespan_tests::headers::Headers;
use wirespan_tests::{PATIENCE, turn};

const NAME: &str = "OTEL_PROPAGATORS";

/// The headers of the global propagator, in order.
fn global_fields() -> String {
    get_text_map_propagator(|propagator| propagator.fields().collect::<Vec<_>>().join(" "))
}

/// Which they are while telemetry is installed so. The ledger has nothing in it: no span is made.
fn installed(configure: impl FnOnce(Builder) -> Builder) -> String {
    let telemetry =
        configure(wirespan::builder().exporter(MemoryExporter::new())).install().expect("it installs");
    let fields = global_fields();
    assert!(telemetry.stats().is_balanced());
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    assert_eq!(global_fields(), fields, "it stays for what else is instrumented");
    fields
}

/// As where a program has set none.
fn forget() {
    set_text_map_propagator(TextMapCompositePropagator::new(Vec::new()));
}

#[test]
fn by_default_it_is_both() {
    let _turn = turn();
    forget();
    assert_eq!(installed(|builder| builder), "traceparent tracestate baggage");
}

#[test]
fn one_that_the_program_has_set_before_stays() {
    let _turn = turn();
    set_text_map_propagator(BaggagePropagator::new());
    assert_eq!(installed(|builder| builder), "baggage");
}

#[test]
fn one_that_the_builder_is_given_counts() {
    let _turn = turn();
    set_text_map_propagator(BaggagePropagator::new());
    assert_eq!(
        installed(|builder| builder.propagator(TraceContextPropagator::new())),
        "traceparent tracestate"
    );
}

#[test]
fn the_builder_may_leave_it_alone() {
    let _turn = turn();
    forget();
    assert_eq!(installed(Builder::no_propagator), "");
    set_text_map_propagator(BaggagePropagator::new());
    assert_eq!(installed(Builder::no_propagator), "baggage");
}

#[test]
fn its_counters_are_read_from_a_clone() {
    let _turn = turn();
    forget();
    let propagator = W3cPropagator::new().trust_inbound(TrustInbound::never());
    let _ = installed(|builder| builder.propagator(propagator.clone()));
    let headers = Headers::new(&[("traceparent", "00-1-1-1"), ("baggage", "a=1")]);
    let context = get_text_map_propagator(|global| global.extract_with_context(&Context::new(), &headers));
    assert!(context.baggage().is_empty());
    assert_eq!((propagator.rejected().traceparent, propagator.rejected().untrusted), (1, 1));
}

/// What `src/bin/child.rs` says with these variables and no others.
fn child(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    let output = command.args(["0", "headers"]).env_clear().envs(variables.iter().copied()).output();
    let output = output.expect("it starts");
    // A header that is refused is told; nothing else is said.
    let said = std::str::from_utf8(&output.stderr).expect("text");
    let is_told = |line: &str| line.starts_with("wirespan: headers were not taken");
    assert!(output.status.success() && said.lines().all(is_told), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn is_for(variables: &[(&str, &str)], expected: &str) {
    let out = child(variables);
    assert!(out.contains(&format!("headers: {expected}.\n")), "{variables:?}: {out}");
}

#[test]
fn the_environment_names_them() {
    is_for(&[], "traceparent tracestate baggage");
    is_for(&[(NAME, "")], "traceparent tracestate baggage");
    is_for(&[(NAME, "tracecontext,baggage")], "traceparent tracestate baggage");
    is_for(&[(NAME, "baggage, tracecontext")], "traceparent tracestate baggage");
    is_for(&[(NAME, "tracecontext")], "traceparent tracestate");
    is_for(&[(NAME, "baggage")], "baggage");
    is_for(&[(NAME, "none")], "");
}

#[test]
fn headers_are_passed_on_where_nothing_is_recorded() {
    is_for(&[("OTEL_SDK_DISABLED", "true")], "traceparent tracestate baggage");
    is_for(&[("OTEL_SDK_DISABLED", "true"), (NAME, "none")], "");
}

#[test]
fn a_name_that_is_not_known_is_an_error_that_names_it() {
    for (value, named) in [("b3", "`b3` is"), ("tracecontext,jaeger,xray", "`jaeger`, `xray` are")] {
        let out = child(&[(NAME, value)]);
        let expected = format!(
            "{NAME} is `{value}`; expected tracecontext, baggage, or none, with commas between; {named} not among them"
        );
        assert!(out.starts_with("refused: configuration=true ") && out.contains(&expected), "{out}");
    }
}
