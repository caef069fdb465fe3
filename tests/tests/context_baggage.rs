//! Which attributes of a request leave the process as baggage, and which come in: by allow-lists, by default none.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

use wirespan::context::{self, Scope};
use wirespan::opentelemetry::baggage::BaggageExt as _;
use wirespan::opentelemetry::propagation::TextMapPropagator as _;
use wirespan::opentelemetry::{Context, KeyValue};
use wirespan::propagation::{TrustInbound, W3cPropagator};
use wirespan::traced;
use wirespan_tests::headers::Headers;
use wirespan_tests::{install, install_with, turn};

#[traced]
fn leaf() {}

fn sent(scope: &Scope) -> Option<String> {
    let headers = scope.in_scope(|| Headers::injected(&W3cPropagator::new(), &Context::current()));
    headers.only("baggage").map(str::to_owned)
}

fn request() -> Scope {
    let scope = context::scope();
    assert!(scope.set([
        ("tenant", "a b".into()),
        ("user.id", 7.into()),
        ("beta", true.into()),
        ("api_key", "sk-canary".into()),
    ]));
    scope
}

#[test]
fn by_default_nothing_leaves_and_nothing_comes_in() {
    let _telemetry = install();
    assert_eq!(sent(&request()), None);
    let context = W3cPropagator::new().extract(&Headers::new(&[("baggage", "tenant=evil")]));
    let _attached = context.attach();
    assert!(Scope::current().is_none());
    context::for_metrics(|attributes| assert_eq!(attributes, []));
}

#[test]
fn allowed_keys_leave_encoded_and_a_secret_does_not() {
    let _telemetry =
        install_with(|builder| builder.context_to_baggage(["tenant", "user.id", "api_key", "not.set"]));
    assert_eq!(sent(&request()).as_deref(), Some("tenant=a%20b,user.id=7"));
    // What the program put into its baggage itself counts.
    let _own = Context::current().with_baggage([KeyValue::new("user.id", "own")]).attach();
    assert_eq!(sent(&request()).as_deref(), Some("tenant=a%20b,user.id=own"));
}

#[test]
fn allowed_keys_come_in_where_the_sender_is_trusted() {
    let telemetry = install_with(|builder| builder.context_from_baggage(["tenant", "api_key"]));
    let headers = Headers::new(&[("baggage", "tenant=a%20b,other=1,api_key=sk-canary")]);
    {
        let _attached = W3cPropagator::new().extract(&headers).attach();
        leaf();
        assert_eq!(context::get().iter().collect::<Vec<_>>().len(), 2);
        // It stays baggage, too.
        assert_eq!(
            Context::current().baggage().get("other").map(|value| value.as_str().to_owned()),
            Some("1".into())
        );
    }
    telemetry
        .span("leaf")
        .assert_attribute("tenant", "a b")
        .assert_attribute("api_key", "<redacted>")
        .assert_no_attribute("other");
    let distrustful = W3cPropagator::new().trust_inbound(TrustInbound::never());
    let _attached = distrustful.extract(&headers).attach();
    assert!(context::get().is_empty());
}

#[test]
fn a_message_changes_nobody_elses_scope() {
    let _telemetry = install_with(|builder| builder.context_from_baggage(["tenant"]));
    let scope = context::scope().with("tenant", "ours");
    scope.in_scope(|| {
        let headers = Headers::new(&[("baggage", "tenant=theirs")]);
        let _attached = W3cPropagator::new().extract_with_context(&Context::current(), &headers).attach();
        assert_eq!(context::get().get("tenant"), Some("theirs".into()));
    });
    assert_eq!(scope.get().get("tenant"), Some("ours".into()));
}

#[test]
fn metrics_have_the_allowed_keys_of_the_pipeline_that_is_installed() {
    let scope = request();
    let seen = || scope.in_scope(|| context::for_metrics(<[KeyValue]>::to_vec));
    {
        let _telemetry = install_with(|builder| builder.context_to_metrics(["user.id", "api_key"]));
        assert_eq!(seen(), [KeyValue::new("user.id", 7)]);
        scope.add("user.id", 8);
        assert_eq!(seen(), [KeyValue::new("user.id", 8)]);
    }
    let _telemetry = install_with(|builder| builder.context_to_metrics(["beta"]));
    assert_eq!(seen(), [KeyValue::new("beta", true)]);
    scope.in_scope(|| context::for_logs(|all| assert_eq!(all.len(), 4)));
}

#[test]
fn a_key_that_cannot_be_one_is_an_error_that_names_it() {
    let _turn = turn();
    let refused = wirespan::builder().no_exporter().context_to_baggage(["good", "two words"]).install();
    let error = refused.expect_err("it is refused");
    assert!(error.is_configuration());
    let said = error.to_string();
    assert!(said.contains("context_to_baggage") && said.contains("`two words`"), "{said}");
}

/// What `src/bin/child.rs` says with this variable and no other.
fn child(name: &str, value: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    let output = command.args(["0", "context"]).env_clear().env(name, value).output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_environment_has_the_lists_too() {
    let none = r#"context: ["a", "b"] metrics: [] baggage: Some("c=3")."#;
    for (name, value, expected) in [
        ("WIRESPAN_CONTEXT_METRICS", "b, x", r#"context: ["a", "b"] metrics: ["b"] baggage: Some("c=3")."#),
        (
            "WIRESPAN_CONTEXT_TO_BAGGAGE",
            "a,c",
            r#"context: ["a", "b"] metrics: [] baggage: Some("a=1,c=3")."#,
        ),
        (
            "WIRESPAN_CONTEXT_FROM_BAGGAGE",
            "c",
            r#"context: ["c", "a", "b"] metrics: [] baggage: Some("c=3")."#,
        ),
    ] {
        for (value, expected) in [(value, expected), ("", none)] {
            let out = child(name, value);
            assert!(out.contains(&format!("\n{expected}\n")), "{name}={value}: {out}");
        }
        let out = child(name, "a,b c");
        let refused = format!("{name} is `a,b c`; expected keys of letters, digits and ");
        assert!(out.starts_with("refused: configuration=true ") && out.contains(&refused), "{name}: {out}");
        assert!(out.contains("not `b c`"), "{out}");
    }
}
