//! The resource as a receiver gets it: from variables, the builder and the surroundings, each before the next.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::process::Command;

use wirespan::opentelemetry::KeyValue;
use wirespan::{Builder, traced};
use wirespan_tests::receiver::Receiver;
use wirespan_tests::{PATIENCE, turn};

#[traced]
fn leaf() {}

type Attributes = BTreeMap<String, String>;

fn attributes(receiver: &Receiver) -> Attributes {
    let first = receiver.received().remove(0);
    let resource = first.request.resource_spans[0].resource.clone().expect("there is one");
    let text = |value: Option<opentelemetry_proto::tonic::common::v1::AnyValue>| {
        use opentelemetry_proto::tonic::common::v1::any_value::Value;
        match value.and_then(|any| any.value) {
            Some(Value::StringValue(text)) => text,
            Some(Value::IntValue(number)) => number.to_string(),
            other => format!("{other:?}"),
        }
    };
    resource.attributes.into_iter().map(|pair| (pair.key, text(pair.value))).collect()
}

/// The resource of a program with these variables and no others.
fn of_child(variables: &[(&str, &str)]) -> (Attributes, String) {
    let receiver = Receiver::start();
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    command.arg("1").env_clear().env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint());
    let output = command.envs(variables.iter().copied()).output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    (attributes(&receiver), String::from_utf8(output.stderr).expect("text"))
}

/// The resource that the builder makes here.
fn built(configure: impl FnOnce(Builder) -> Builder) -> Attributes {
    let _turn = turn();
    let receiver = Receiver::start();
    let otlp = wirespan::export::Otlp::http().endpoint(receiver.endpoint());
    let telemetry = configure(wirespan::builder()).otlp(otlp).install().expect("it installs");
    leaf();
    telemetry.flush(PATIENCE).expect("it is delivered");
    let stats = telemetry.stats();
    assert!(stats.is_balanced() && stats.acknowledged == 1, "{stats:?}");
    attributes(&receiver)
}

#[test]
fn the_variable_is_decoded() {
    let (found, said) = of_child(&[(
        "OTEL_RESOURCE_ATTRIBUTES",
        "team=bl%C3%BC%2Cgreen, deployment.environment.name = PROD",
    )]);
    assert_eq!(found["team"], "blü,green");
    assert_eq!(found["deployment.environment.name"], "production");
    assert_eq!(said, "");
}

#[test]
fn one_mistake_discards_the_variable_with_a_warning() {
    for (wrong, problem) in [
        ("team=blue,hunter2", "pair 2 has no `=`"),
        ("team=blue,api_key=hunter2%zz", "pair 2 is not well percent-encoded"),
        ("team=blue,=hunter2", "pair 2 has no key"),
    ] {
        let (found, said) = of_child(&[("OTEL_RESOURCE_ATTRIBUTES", wrong)]);
        assert!(!found.contains_key("team"), "{wrong}: {found:?}");
        let expected = format!("wirespan: OTEL_RESOURCE_ATTRIBUTES is ignored: {problem}; expected ");
        assert!(said.starts_with(&expected) && !said.contains("hunter2"), "{wrong}: {said}");
    }
    let (found, said) = of_child(&[("OTEL_RESOURCE_ATTRIBUTES", "")]);
    assert_eq!((found["service.name"].as_str(), &*said), ("child", ""));
}

#[test]
fn the_surroundings_are_described_and_no_argument_of_the_command_is() {
    let (found, _) = of_child(&[("HOSTNAME", "no-pod")]);
    for key in ["host.name", "host.arch", "process.pid", "telemetry.sdk.language"] {
        assert!(!found[key].is_empty(), "{found:?}");
    }
    assert_eq!(found["os.type"], std::env::consts::OS.replace("macos", "darwin"));
    assert_eq!(found["process.executable.name"], "child");
    assert!(
        !found.keys().any(|key| key.starts_with("process.command") || key.starts_with("k8s.")),
        "{found:?}"
    );
    assert!(!found.contains_key("device.id"));
    let kubernetes = [("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("HOSTNAME", "shop-1"), ("NODE_NAME", "n7")];
    let (found, _) = of_child(&kubernetes);
    assert_eq!((&*found["k8s.pod.name"], &*found["k8s.node.name"]), ("shop-1", "n7"));
}

#[test]
fn each_process_is_an_instance_of_its_own() {
    let [first, second] =
        [of_child(&[]).0, of_child(&[]).0].map(|found| found["service.instance.id"].clone());
    assert!(first.len() == 36 && first != second, "{first} {second}");
    let (named, _) = of_child(&[("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=one")]);
    assert_eq!(named["service.instance.id"], "one");
}

#[test]
fn the_repository_comes_from_variables_without_its_credentials() {
    const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
    let (found, _) = of_child(&[
        ("DD_GIT_REPOSITORY_URL", "https://user:canary@example.com/acme/shop.git"),
        ("DD_GIT_COMMIT_SHA", SHA),
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_SHA", "bbbbbbbb"),
    ]);
    assert_eq!(found["vcs.repository.url.full"], "https://example.com/acme/shop");
    assert_eq!(found["vcs.ref.head.revision"], SHA);
    assert!(!format!("{found:?}").contains("canary") && !found.contains_key("git.commit.sha"), "{found:?}");
    let (none, _) = of_child(&[("DD_GIT_COMMIT_SHA", "main"), ("DD_GIT_REPOSITORY_URL", "/srv/shop")]);
    assert!(!none.keys().any(|key| key.starts_with("vcs.")), "{none:?}");
}

#[test]
fn what_the_builder_says_counts_first() {
    let found = built(|builder| {
        builder
            .service_name("shop")
            .service_version("1.2.3")
            .service_instance_id("one")
            .deployment_environment("Development")
            .build_info(wirespan::build_info!())
            .datadog_git_attributes(true)
            .resource_attribute(KeyValue::new("vcs.ref.head.revision", "abcdef1"))
            .resource_attribute(KeyValue::new("host.name", "ours"))
    });
    for (key, value) in [
        ("service.name", "shop"),
        ("service.version", "1.2.3"),
        ("service.instance.id", "one"),
        ("deployment.environment.name", "dev"),
        ("git.commit.sha", "abcdef1"),
        ("host.name", "ours"),
    ] {
        assert_eq!(found[key], value);
    }
}

#[test]
fn the_crates_version_is_the_services_where_nobody_says_another() {
    let found = built(|builder| builder.build_info(wirespan::build_info!()).detect_resource(false));
    assert_eq!(found["service.version"], env!("CARGO_PKG_VERSION"));
    assert!(!found.contains_key("os.type") && !found.contains_key("host.name"), "{found:?}");
}
