//! Logs from `tracing` to a receiver: by both protocols, with the trace they were made in, by whatever is installed at the time.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use prost::Message as _;
use wirespan::traced;
use wirespan_tests::delivery::{PROTOCOLS, otlp};
use wirespan_tests::receiver::logs::{ReceivedLogs, body};
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, turn};

/// Bytes of a request that Datadog's intake takes, which is the least of the presets' places.
const DATADOGS_MOST: usize = 3_200_000;

fn attribute<'a>(record: &'a LogRecord, key: &str) -> Option<&'a Value> {
    record.attributes.iter().find(|pair| pair.key == key)?.value.as_ref()?.value.as_ref()
}

/// All records so far, with their scope.
fn records(receiver: &Receiver) -> Vec<(String, LogRecord)> {
    let requests = receiver.received_logs();
    let records = requests.iter().flat_map(ReceivedLogs::records);
    records.map(|(scope, record)| (scope.to_owned(), record.clone())).collect()
}

#[traced]
fn place(order: u64) {
    tracing::info!(order.id = order, paid = true, "placed");
    tracing::debug!("too fine");
}

#[test]
fn what_is_traced_arrives_by_both_protocols_with_its_trace() {
    let _turn = turn();
    // Twice in one process: the layer is the same, the pipeline is not.
    for protocol in PROTOCOLS {
        let receiver = Receiver::start();
        let telemetry = wirespan::builder()
            .otlp(otlp(protocol, &receiver))
            .service_name("shop")
            .install()
            .expect("telemetry installs");
        place(7);
        tracing::error!(target: "elsewhere", "outside of every span");
        telemetry.flush(PATIENCE).expect("they are delivered");
        let records = records(&receiver);
        assert_eq!(records.len(), 2, "{records:?}");
        let of = |text: &str| records.iter().find(|(_, record)| body(record) == text).expect("it arrived");
        let ((scope, placed), (target, outside)) = (of("placed"), of("outside of every span"));
        assert_eq!((&**scope, body(placed), &*placed.severity_text), ("logs_otlp", "placed", "INFO"));
        assert_eq!(attribute(placed, "order.id"), Some(&Value::IntValue(7)));
        assert_eq!(attribute(placed, "paid"), Some(&Value::BoolValue(true)));
        let spans = receiver.spans();
        let [span] = &spans[..] else { panic!("one span: {spans:?}") };
        assert_eq!((&placed.trace_id, &placed.span_id), (&span.trace_id, &span.span_id));
        assert_eq!((&**target, &*outside.severity_text), ("elsewhere", "ERROR"));
        assert!(outside.trace_id.is_empty(), "{outside:?}");
        let requests = receiver.received_logs();
        let resource = requests.first().and_then(|first| first.request.resource_logs.first());
        let resource = resource.and_then(|logs| logs.resource.as_ref()).expect("a resource");
        assert!(resource.attributes.iter().any(|pair| pair.key == "service.name"), "{resource:?}");
        assert!(requests.iter().all(|request| request.protocol == protocol));
        telemetry.shutdown(PATIENCE).expect("nothing is lost");
        tracing::info!("nobody listens");
    }
}

#[test]
fn what_is_logged_last_arrives_with_the_shutdown() {
    let _turn = turn();
    let receiver = Receiver::start();
    let telemetry =
        wirespan::builder().otlp(otlp(Protocol::Grpc, &receiver)).install().expect("telemetry installs");
    for number in 0..100 {
        tracing::warn!(number, "the last");
    }
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    assert_eq!(records(&receiver).len(), 100);
}

#[test]
fn a_batch_that_is_too_large_is_cut() {
    let _turn = turn();
    let receiver = Receiver::start();
    let telemetry =
        wirespan::builder().otlp(otlp(Protocol::Http, &receiver)).install().expect("telemetry installs");
    let text = "x".repeat(64 * 1024);
    for number in 0..100 {
        tracing::info!(number, "{text}");
    }
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    assert_eq!(records(&receiver).len(), 100);
    let requests = receiver.received_logs();
    assert!(requests.len() > 1, "6 MiB in one request");
    for request in &requests {
        let bytes = request.request.encoded_len();
        assert!(bytes <= DATADOGS_MOST, "{bytes} bytes in one request");
    }
}

#[test]
fn logs_have_the_attributes_of_the_request() {
    let _turn = turn();
    let receiver = Receiver::start();
    let telemetry =
        wirespan::builder().otlp(otlp(Protocol::Http, &receiver)).install().expect("telemetry installs");
    {
        let _request = wirespan::context::scope().enter();
        wirespan::context::add("tenant.id", "blue");
        tracing::info!("inside");
    }
    tracing::info!("outside");
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    let records = records(&receiver);
    let of = |text: &str| {
        records.iter().find(|(_, record)| body(record) == text).map(|(_, record)| record.clone())
    };
    let (inside, outside) = (of("inside").expect("it arrived"), of("outside").expect("it arrived"));
    assert_eq!(attribute(&inside, "tenant.id"), Some(&Value::StringValue("blue".into())));
    assert_eq!(attribute(&outside, "tenant.id"), None);
}

#[test]
fn without_logs_only_spans_are_sent() {
    let _turn = turn();
    let receiver = Receiver::start();
    let builder = wirespan::builder().otlp(otlp(Protocol::Http, &receiver)).no_logs();
    let telemetry = builder.install().expect("telemetry installs");
    place(1);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    assert_eq!((records(&receiver).len(), receiver.spans().len()), (0, 1));
}
