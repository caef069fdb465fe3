//! The page of text that Prometheus reads.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wirespan::opentelemetry::{KeyValue, global};
use wirespan::traced;
use wirespan_tests::{PATIENCE, turn};

#[traced]
fn plain() {}

/// A port on which nobody listens.
fn free() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address")
}

/// The head and the body of an answer.
fn asked(address: SocketAddr, request: &str) -> (String, String) {
    let deadline = Instant::now() + PATIENCE;
    let mut stream = loop {
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    stream.write_all(format!("{request} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

#[test]
fn what_is_measured_is_read_there_and_nothing_else_is() {
    let _turn = turn();
    let address = free();
    let telemetry =
        wirespan::builder().no_exporter().prometheus(address).install().expect("telemetry installs");
    plain();
    let meter = global::meter("metrics_prometheus");
    let orders = meter.u64_counter("shop.orders").with_description("Orders.").build();
    orders.add(3, &[KeyValue::new("shop.channel", "web")]);
    meter.f64_histogram("shop.wait").with_unit("s").build().record(0.3, &[]);
    let _bad = meter
        .u64_observable_gauge("bad")
        .with_callback(|_| std::panic::resume_unwind(Box::new("a callback")))
        .build();
    telemetry.flush(PATIENCE).expect("there is nothing to wait for");
    for _ in 0..2 {
        let (head, page) = asked(address, "GET /metrics");
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("text/plain; version=0.0.4"), "{head}");
        assert!(page.contains("# HELP shop_orders_total Orders."), "{page}");
        let orders =
            page.lines().find(|line| line.starts_with("shop_orders_total{")).expect("it was measured");
        assert!(orders.contains("shop_channel=\"web\"") && orders.ends_with(" 3"), "{orders}");
        assert!(page.contains("le=\"0.0005\"") && page.contains("shop_wait_seconds_count"), "{page}");
        assert!(page.lines().any(|line| line.starts_with("otel_sdk_span_started_total{")), "{page}");
    }
    for (request, status) in
        [("GET /", "404"), ("GET /metrics/x", "404"), ("POST /metrics", "405"), ("DELETE /metrics", "405")]
    {
        let (head, _) = asked(address, request);
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {head}");
    }
    let taken = wirespan::builder().prometheus(address);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    let deadline = Instant::now() + PATIENCE;
    let blocker = loop {
        // The server goes with its thread.
        match TcpListener::bind(address) {
            Ok(listener) => break listener,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let error = taken.install().expect_err("somebody else listens there");
    assert!(
        error.is_configuration() && error.to_string().contains(&format!("cannot listen on {address}")),
        "{error}"
    );
    drop(blocker);
}

#[test]
fn the_environment_says_where() {
    let address = free();
    let port = address.port().to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_child"))
        .args(["3", "linger"])
        .env_clear()
        .envs([
            ("OTEL_METRICS_EXPORTER", "prometheus"),
            ("OTEL_TRACES_EXPORTER", "none"),
            ("OTEL_EXPORTER_PROMETHEUS_HOST", "127.0.0.1"),
            ("OTEL_EXPORTER_PROMETHEUS_PORT", &*port),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let (head, page) = asked(address, "GET /metrics");
    assert!(
        head.starts_with("HTTP/1.1 200 ") && page.contains("otel_sdk_span_started_total{"),
        "{head}{page}"
    );
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    let said = |host: &str, port: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_child"))
            .arg("3")
            .env_clear()
            .envs([
                ("OTEL_METRICS_EXPORTER", "prometheus"),
                ("OTEL_TRACES_EXPORTER", "none"),
                ("OTEL_EXPORTER_PROMETHEUS_HOST", host),
                ("OTEL_EXPORTER_PROMETHEUS_PORT", port),
            ])
            .output()
            .expect("it starts");
        String::from_utf8(output.stdout).expect("text")
    };
    let blocker = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let taken = blocker.local_addr().expect("an address").port().to_string();
    let of_port = said("127.0.0.1", &taken);
    assert!(
        of_port.starts_with(&format!(
            "refused: configuration=true OTEL_EXPORTER_PROMETHEUS_PORT is `{taken}`; expected a port that is free"
        )),
        "{of_port}"
    );
    let said = said("256.0.0.1", "0");
    assert!(
        said.starts_with("refused: configuration=true OTEL_EXPORTER_PROMETHEUS_HOST is `256.0.0.1`; expected an address of this machine; cannot listen on 256.0.0.1:9464: "),
        "{said}"
    );
}
