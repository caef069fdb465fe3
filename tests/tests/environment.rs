//! The environment, in a process of its own: variables with a good, a bad and an empty value. A bad one is an error that names
//! it, a dead receiver a counted loss; nothing panics, and no credential is shown. Numbers are in `environment_numbers.rs`; every
//! variable is in the unit tests of `setup/config`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::similar_names,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use wirespan_tests::PATIENCE;
use wirespan_tests::receiver::{Protocol, Receiver};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const EXPORTER: &str = "OTEL_TRACES_EXPORTER";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
const SAMPLER_ARG: &str = "OTEL_TRACES_SAMPLER_ARG";
const DELAY: &str = "OTEL_BSP_SCHEDULE_DELAY";
const BATCH: &str = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";

type Variables<'a> = &'a [(&'a str, &'a str)];

/// The program of `src/bin/child.rs`, with these variables and no others, for spans alone.
fn child(arguments: &[&str], variables: Variables) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    command.args(arguments).env_clear().env("OTEL_METRICS_EXPORTER", "none").envs(variables.iter().copied());
    command
}

/// What it said: standard output and standard error.
fn said(arguments: &[&str], variables: Variables) -> (String, String) {
    let output = child(arguments, variables).output().expect("it starts");
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    assert!(output.status.success(), "{variables:?}: {out}{error}");
    assert!(!error.contains("panicked"), "{variables:?}: {error}");
    (out, error)
}

/// How many spans it delivered of ten calls (twenty spans, if all are recorded).
fn delivered(variables: Variables) -> u64 {
    delivered_of("10", variables)
}

fn delivered_of(calls: &str, variables: Variables) -> u64 {
    let (out, _) = said(&[calls], variables);
    let count =
        out.lines().find_map(|line| line.strip_prefix("delivered: ")?.split(' ').next()?.parse().ok());
    count.unwrap_or_else(|| panic!("{variables:?}: {out}"))
}

/// The error it ended with, which is one of configuration and names `name` and `value`.
fn refused(variables: Variables, name: &str, value: &str) {
    let (out, error) = said(&["10"], variables);
    assert!(out.starts_with("refused: configuration=true "), "{variables:?}: {out}");
    let expected = format!("{name} is `{value}`; expected ");
    assert!(out.contains(&expected), "{variables:?}: {out}");
    assert_eq!(error, "", "nothing is printed besides");
}

#[test]
fn without_an_endpoint_trees_are_printed_on_standard_error() {
    for variables in
        [&[][..], &[(ENDPOINT, "")], &[(EXPORTER, "console")], &[(EXPORTER, "")], &[(ENDPOINT, " ")]]
    {
        let (out, error) = said(&["2"], variables);
        assert!(
            out.ends_with("delivered: 4 delivered, 0 dropped, 0 pending, 0 open\n"),
            "{variables:?}: {out}"
        );
        assert_eq!(error.matches("outer").count(), 2, "{variables:?}: {error}");
        assert_eq!(error.matches("└─ ✓ inner").count(), 2, "{variables:?}: {error}");
    }
}

#[test]
fn the_exporter_is_chosen_by_its_name() {
    let receiver = Receiver::start();
    let endpoint = receiver.endpoint();
    let (_, error) = said(&["1"], &[(EXPORTER, "console"), (ENDPOINT, &endpoint)]);
    assert!(error.contains("outer"), "{error}");
    let (out, error) = said(&["1"], &[(EXPORTER, "none"), (ENDPOINT, &endpoint)]);
    assert!(out.contains("delivered: 2 delivered") && error.is_empty(), "{out}{error}");
    assert_eq!(receiver.spans(), [], "not asked for");
    for variables in [&[(ENDPOINT, &*endpoint)][..], &[(EXPORTER, "otlp"), (ENDPOINT, &endpoint)]] {
        assert_eq!(delivered_of("1", variables), 2);
    }
    assert_eq!(receiver.spans().len(), 4);
    refused(&[(EXPORTER, "jaeger")], EXPORTER, "jaeger");
}

#[test]
fn the_protocol_is_http_unless_it_is_named() {
    let traces = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL";
    let cases: [(Variables, Protocol); 6] = [
        (&[], Protocol::Http),
        (&[(PROTOCOL, "")], Protocol::Http),
        (&[(PROTOCOL, "http/protobuf")], Protocol::Http),
        (&[(PROTOCOL, "grpc")], Protocol::Grpc),
        (&[(PROTOCOL, "http/protobuf"), (traces, "grpc")], Protocol::Grpc),
        (&[(PROTOCOL, "grpc"), (traces, "http/protobuf")], Protocol::Http),
    ];
    for (variables, protocol) in cases {
        let receiver = Receiver::start();
        let endpoint = receiver.endpoint();
        assert_eq!(delivered(&[variables, &[(ENDPOINT, &endpoint)]].concat()), 20, "{variables:?}");
        assert_eq!(receiver.spans().len(), 20);
        assert!(receiver.received().iter().all(|received| received.protocol == protocol), "{variables:?}");
    }
    refused(&[(ENDPOINT, "http://localhost:1"), (PROTOCOL, "http/json")], PROTOCOL, "http/json");
    refused(&[(EXPORTER, "otlp"), (traces, "carrier pigeon")], traces, "carrier pigeon");
}

#[test]
fn the_endpoint_of_traces_counts_before_the_general_one() {
    let (general, traces) = (Receiver::start(), Receiver::start());
    // The one for traces is used as it stands, the general one gets a path.
    let path = format!("{}/v1/traces", traces.endpoint());
    assert_eq!(
        delivered(&[(ENDPOINT, &general.endpoint()), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &path)]),
        20
    );
    assert_eq!((general.spans().len(), traces.spans().len()), (0, 20));
}

#[test]
fn the_sampler_is_chosen_by_its_name_and_argument() {
    let none = (EXPORTER, "none");
    for (name, argument, count) in [
        ("always_on", "", 20),
        ("always_on", "nonsense that nobody asked for", 20),
        ("always_off", "", 0),
        ("parentbased_always_on", "", 20),
        ("parentbased_always_off", "", 0),
        ("traceidratio", "", 20),
        ("traceidratio", "1.0", 20),
        ("traceidratio", "0", 0),
        ("parentbased_traceidratio", "1", 20),
        ("parentbased_traceidratio", "0.0", 0),
        ("", "", 20),
        ("", "0", 20),
    ] {
        assert_eq!(delivered(&[none, (SAMPLER, name), (SAMPLER_ARG, argument)]), count, "{name} {argument}");
    }
    // 2,000 coins: outside of these bounds less than once in 10^80 runs.
    let half = delivered_of("2000", &[none, (SAMPLER, "traceidratio"), (SAMPLER_ARG, "0.5")]);
    assert!((1_100..2_900).contains(&half), "{half}");
    assert_eq!(half % 2, 0, "a trace is recorded whole");
    refused(&[none, (SAMPLER, "sometimes")], SAMPLER, "sometimes");
    for wrong in ["1.1", "-0.5", "half", "NaN"] {
        refused(&[none, (SAMPLER, "traceidratio"), (SAMPLER_ARG, wrong)], SAMPLER_ARG, wrong);
    }
}

#[test]
fn the_batch_size_is_what_a_request_holds_at_most() {
    let receiver = Receiver::start();
    let endpoint = receiver.endpoint();
    assert_eq!(delivered(&[(ENDPOINT, &endpoint), (BATCH, "3")]), 20);
    let sizes: Vec<usize> = receiver.received().iter().map(|received| received.spans().len()).collect();
    assert!(sizes.iter().all(|size| *size <= 3) && sizes.len() >= 7, "{sizes:?}");
    assert_eq!(delivered(&[(EXPORTER, "none"), (BATCH, "")]), 20);
}

#[test]
fn the_delay_is_how_long_a_span_waits() {
    let run = |delay: &str, look: &dyn Fn(&Receiver)| {
        let receiver = Receiver::start();
        let endpoint = receiver.endpoint();
        let mut child = child(&["60", "linger"], &[(ENDPOINT, &endpoint), (DELAY, delay)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        while line.trim_end() != "recorded" {
            line.clear();
            assert_ne!(out.read_line(&mut line).expect("text"), 0, "it ended early");
        }
        look(&receiver);
        drop(child.stdin.take());
        let mut rest = String::new();
        out.read_to_string(&mut rest).expect("text");
        assert!(child.wait().expect("it ends").success(), "{rest}");
        assert_eq!(receiver.spans().len(), 120, "{rest}");
    };
    run("10", &|receiver| drop(receiver.wait_for(120, PATIENCE)));
    // The calls take more than half a second, and the drain thread looks once when it starts, then an hour later.
    run("3600000", &|receiver| assert!(receiver.received().len() <= 1, "{}", receiver.received().len()));
    assert_eq!(delivered(&[(EXPORTER, "none"), (DELAY, "")]), 20);
}

#[test]
fn it_can_be_disabled() {
    for on in ["true", "TRUE", " true "] {
        let (out, error) = said(&["3"], &[("OTEL_SDK_DISABLED", on)]);
        assert_eq!(out, "enabled: false\ndelivered: 0 delivered, 0 dropped, 0 pending, 0 open\n", "{on}");
        assert_eq!(error, "");
    }
    // Anything else means no, by the specification.
    for off in ["false", "", "yes", "1"] {
        assert_eq!(delivered(&[("OTEL_SDK_DISABLED", off)]), 20, "{off}");
    }
}

#[test]
fn the_resource_names_the_service() {
    let service = |variables: Variables| {
        let receiver = Receiver::start();
        let endpoint = receiver.endpoint();
        assert_eq!(delivered(&[variables, &[(ENDPOINT, &endpoint)]].concat()), 20);
        let received = receiver.received().remove(0);
        let resource = received.request.resource_spans[0].resource.clone().expect("there is one");
        let mut named: Vec<String> = resource
            .attributes
            .iter()
            .filter(|attribute| matches!(&*attribute.key, "service.name" | "team"))
            .map(|attribute| format!("{:?}", attribute.value.as_ref().and_then(|any| any.value.clone())))
            .collect();
        named.sort();
        named.join(" ")
    };
    let text = |name: &str| format!("Some(StringValue({name:?}))");
    let attributes = "OTEL_RESOURCE_ATTRIBUTES";
    assert_eq!(service(&[]), text("child"), "the binary's name");
    assert_eq!(service(&[("OTEL_SERVICE_NAME", "")]), text("child"));
    assert_eq!(service(&[("OTEL_SERVICE_NAME", "shop")]), text("shop"));
    assert_eq!(
        service(&[(attributes, "service.name=cart,team=blue")]),
        [text("blue"), text("cart")].join(" ")
    );
    let both = service(&[(attributes, "service.name=cart"), ("OTEL_SERVICE_NAME", "shop")]);
    assert_eq!(both, text("shop"));
}

#[test]
fn a_password_in_an_endpoint_is_not_shown() {
    for endpoint in [
        "http://user:hunter2@[nonsense",
        "user:hunter2 @ somewhere",
        "http://user:hunter2@:99999",
        "::hunter2",
    ] {
        for protocol in ["grpc", "http/protobuf"] {
            for variables in [
                &[(ENDPOINT, endpoint), (PROTOCOL, protocol)],
                &[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", endpoint), (PROTOCOL, protocol)],
            ] {
                let (out, error) = said(&["1"], variables);
                assert!(
                    !out.contains("hunter2") && !error.contains("hunter2"),
                    "{variables:?}: {out}{error}"
                );
                assert!(!out.contains("delivered: "), "{variables:?}: {out}");
            }
        }
    }
}

#[test]
fn a_dead_endpoint_is_a_counted_loss() {
    // A port on which nobody listens any more.
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    for protocol in ["grpc", "http/protobuf"] {
        let variables = [(ENDPOINT, &*endpoint), (PROTOCOL, protocol)];
        let (out, error) = said(&["10", "end", "1"], &variables);
        let lost =
            "lost: loss=true spans were lost: 0 delivered, 20 dropped (shutdown: 20), 0 pending, 0 open\n";
        assert_eq!(out, format!("enabled: true\n{lost}"), "{variables:?}: {error}");
    }
    let (out, error) = said(&["10", "drop"], &[(ENDPOINT, &*endpoint)]);
    assert_eq!(out, "enabled: true\ndropped\n");
    assert!(error.contains("0 delivered, 20 dropped (shutdown: 20), 0 pending, 0 open\n"), "{error}");
}

#[test]
fn a_receiver_that_refuses_is_a_counted_loss_at_once() {
    let refusing = Receiver::start_refusing();
    let endpoint = refusing.endpoint();
    for protocol in ["grpc", "http/protobuf"] {
        let variables = [(ENDPOINT, &*endpoint), (PROTOCOL, protocol)];
        let (out, error) = said(&["10"], &variables);
        let lost = "lost: loss=true spans were lost: 0 delivered, 20 dropped (export_failed: 20), 0 pending, 0 open\n";
        assert_eq!(out, format!("enabled: true\n{lost}"), "{variables:?}: {error}");
        let (out, error) = said(&["10", "drop"], &variables);
        assert_eq!(out, "enabled: true\ndropped\n");
        let lost = "spans were lost: 0 delivered, 20 dropped (export_failed: 20), 0 pending, 0 open\n";
        assert!(error.contains(lost), "{variables:?}: {error}");
    }
    assert!(!refusing.received().is_empty(), "it was asked");
}
