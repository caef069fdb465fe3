//! `OTEL_CONFIG_FILE` for metrics and logs, in a process of its own: views, series and limits as a receiver sees them, and a page for
//! Prometheus. OpenTelemetry's other variables do not count beside it for any signal.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wirespan_tests::PATIENCE;
use wirespan_tests::receiver::Receiver;
use wirespan_tests::receiver::logs::{ReceivedLogs, body};
use wirespan_tests::receiver::metrics::Measured;

fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("config_file_signals_{name}.yaml"));
    std::fs::write(&path, text).expect("the folder is ours");
    path.display().to_string()
}

fn child(path: &str, ending: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    command.args(["1", ending]).env_clear().env("OTEL_CONFIG_FILE", path).envs(variables.iter().copied());
    command
}

const EXPORTER: &str = "exporter: {otlp_http: {endpoint: \"${RECEIVER}\"}}";

#[test]
fn one_file_says_all_of_the_three_signals() {
    let (named, not_named) = (Receiver::start(), Receiver::start());
    let path = file(
        "all",
        &format!(
            r#"
file_format: "1.1"
attribute_limits: {{attribute_value_length_limit: 5}}
tracer_provider: {{processors: [{{batch: {{{EXPORTER}}}}}]}}
meter_provider:
  readers: [{{periodic: {{{EXPORTER}, cardinality_limits: {{default: 100, counter: 3}}}}}}]
  views:
    - selector: {{instrument_name: shop.wait, meter_name: shop}}
      stream: {{name: shop.waited, aggregation: {{explicit_bucket_histogram: {{boundaries: [1, 10]}}}}}}
    - selector: {{instrument_name: "*.noise"}}
      stream: {{aggregation: {{drop: }}}}
    - selector: {{instrument_name: shop.orders}}
      stream: {{attribute_keys: {{included: [channel]}}}}
    - selector: {{instrument_name: SHOP.ORDERS}}
      stream: {{name: shop.orders.by_user, attribute_keys: {{included: [user]}}}}
logger_provider:
  processors: [{{batch: {{{EXPORTER}}}}}]
  limits: {{attribute_count_limit: 2}}
"#
        ),
    );
    let endpoint = not_named.endpoint();
    let variables = [
        ("RECEIVER", &*named.endpoint()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"),
    ];
    let output = child(&path, "measure", &variables).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{output:?}");
    assert_eq!(named.spans().len(), 2);
    let nothing =
        not_named.received().len() + not_named.received_metrics().len() + not_named.received_logs().len();
    assert_eq!(nothing, 0);

    let points = named.metrics();
    let waited = points.named("shop.waited").last().clone();
    let Measured::Histogram(count, _, bounds, counts) = waited.value else { panic!("a histogram") };
    assert_eq!((count, bounds, counts), (2, vec![1.0, 10.0], vec![1, 0, 1]));
    assert!(!waited.is_delta);
    assert!(points.named("shop.wait").0.is_empty() && points.named("shop.noise").0.is_empty());
    let orders = points.named("shop.orders");
    let [all] = &orders.0[..] else { panic!("{orders:?}") };
    assert_eq!((all.attributes.len(), all.value.clone()), (1, Measured::Int(6)));
    // Three series, and one for all the others.
    let by_user = points.named("shop.orders.by_user");
    assert_eq!(by_user.0.len(), 4, "{by_user:?}");
    assert_eq!(by_user.with("otel.metric.overflow", "true").last().value, Measured::Int(3));

    let requests = named.received_logs();
    let records: Vec<_> = requests.iter().flat_map(ReceivedLogs::records).map(|(_, record)| record).collect();
    let placed = records.iter().find(|record| body(record) == "placed").expect("it arrived");
    let attributes: Vec<_> = placed.attributes.iter().map(|pair| pair.key.as_str()).collect();
    assert_eq!(attributes, ["first", "second"], "{placed:?}");
    assert!(format!("{placed:?}").contains("\"abcde\"") && !format!("{placed:?}").contains("abcdef"));
}

/// What is read there, once somebody listens.
fn page(port: u16) -> String {
    let deadline = Instant::now() + PATIENCE;
    let mut stream = loop {
        match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
            Ok(stream) => break stream,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: test\r\n\r\n").expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_pull_reader_is_a_page_for_prometheus() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let path = file(
        "pull",
        &format!(
            r#"
file_format: "1.1"
resource: {{attributes: [{{name: service.name, value: shop}}]}}
meter_provider:
  readers:
    - pull:
        exporter:
          prometheus/development:
            host: 127.0.0.1
            port: {port}
            without_scope_info: true
            with_resource_constant_labels: {{included: ["service.*"], excluded: ["*.id"]}}
"#
        ),
    );
    let mut running = child(&path, "linger", &[("OTEL_EXPORTER_PROMETHEUS_PORT", "1")])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let page = page(port);
    drop(running.stdin.take());
    assert!(running.wait().expect("it ends").success());
    let line = page.lines().find(|line| line.starts_with("otel_sdk_span_started")).expect("it is measured");
    assert!(line.contains("service_name=\"shop\"") && !line.contains("service_instance_id"), "{line}");
    assert!(!page.contains("otel_scope_name"), "{page}");
}

#[test]
fn limits_of_log_records_are_variables_too() {
    let receiver = Receiver::start();
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .args(["1", "measure"])
        .env_clear()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
        .env("OTEL_ATTRIBUTE_COUNT_LIMIT", "2")
        .env("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "1")
        .env("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3")
        .output()
        .expect("it starts");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let requests = receiver.received_logs();
    let (_, placed) = requests
        .iter()
        .flat_map(ReceivedLogs::records)
        .find(|(_, record)| body(record) == "placed")
        .expect("it arrived");
    assert_eq!(placed.attributes.len(), 1, "{placed:?}");
    assert!(format!("{placed:?}").contains("\"abc\""), "{placed:?}");
}
