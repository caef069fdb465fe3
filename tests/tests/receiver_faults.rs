//! The receiver of the tests misbehaves as it is told, seen by plain clients: what is tested with it is tested against a real fault.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message as _;
use tonic::{Code, Status};
use wirespan_tests::receiver::{Answer, Line, Protocol, Receiver, Script, Wait};

fn request(spans: usize) -> ExportTraceServiceRequest {
    let scope_spans = vec![ScopeSpans { spans: vec![Span::default(); spans], ..ScopeSpans::default() }];
    let resource_spans = vec![ResourceSpans { scope_spans, ..ResourceSpans::default() }];
    ExportTraceServiceRequest { resource_spans }
}

fn connect(receiver: &Receiver) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", receiver.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Posts `spans` spans and returns everything that is answered until the end of the connection.
fn post(receiver: &Receiver, spans: usize) -> std::io::Result<Vec<u8>> {
    let mut stream = connect(receiver);
    let body = request(spans).encode_to_vec();
    let head = format!(
        "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn text(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).to_ascii_lowercase()
}

/// One request over gRPC.
fn call(receiver: &Receiver, spans: usize) -> Result<ExportTraceServiceResponse, Status> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = TraceServiceClient::connect(receiver.endpoint()).await;
        let mut client = client.map_err(|error| Status::unknown(error.to_string()))?;
        let call = tokio::time::timeout(Duration::from_secs(10), client.export(request(spans)));
        call.await.expect("there is an answer in time").map(tonic::Response::into_inner)
    })
}

#[test]
fn a_good_receiver_takes_what_it_is_sent_over_both_protocols() {
    let receiver = Receiver::start();
    assert!(text(&post(&receiver, 3).unwrap()).starts_with("http/1.1 200 ok"));
    assert_eq!(call(&receiver, 4).unwrap(), ExportTraceServiceResponse::default());
    let requests = receiver.received();
    let seen: Vec<_> = requests.iter().map(|one| (one.protocol, one.taken, one.count())).collect();
    assert_eq!(seen, [(Protocol::Http, 3, 3), (Protocol::Grpc, 4, 4)]);
    assert_eq!((receiver.spans().len(), receiver.connections()), (7, 2));
}

#[test]
fn a_refusal_says_in_each_protocol_when_to_come_again() {
    for (wait, header) in [
        (Wait::Seconds(7), "retry-after: 7\r\n"),
        (Wait::Negative, "retry-after: -3\r\n"),
        (Wait::Garbage, "retry-after: in a while\r\n"),
        (Wait::Date(60), " gmt\r\n"),
    ] {
        let receiver = Receiver::with(Script::always(Answer::overloaded(wait)));
        let answer = text(&post(&receiver, 1).unwrap());
        assert!(answer.starts_with("http/1.1 429") && answer.contains(header), "{answer}");
        let status = call(&receiver, 1).unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted);
        let named = status.details().windows(9).any(|bytes| bytes == b"RetryInfo");
        assert_eq!(named, wait != Wait::Garbage);
        assert_eq!((receiver.spans().len(), receiver.received().len()), (0, 2), "nothing was taken");
    }
}

#[test]
fn a_partial_success_takes_all_but_the_last_spans() {
    let receiver = Receiver::with(Script::always(Answer::Partial(2, "too old".to_owned())));
    let partial = call(&receiver, 5).unwrap().partial_success.unwrap();
    assert_eq!((partial.rejected_spans, &*partial.error_message), (2, "too old"));
    let answer = post(&receiver, 5).unwrap();
    assert!(answer.windows(7).any(|bytes| bytes == b"too old"));
    assert_eq!(receiver.spans().len(), 6);
}

#[test]
fn connections_are_reset_at_the_byte_that_was_named() {
    let receiver = Receiver::with(Script::always(Answer::ResetRequest(10)));
    assert_eq!(post(&receiver, 100).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(call(&receiver, 100).is_err());
    assert_eq!((receiver.received().len(), receiver.asked_at().len()), (0, 2), "not all of it arrived");
    receiver.answer_by(Script::always(Answer::ResetResponse(20)));
    let mut stream = connect(&receiver);
    stream
        .write_all(b"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    assert_eq!(stream.read_to_end(&mut answer).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(answer.len(), 20);
    assert!(call(&receiver, 5).is_err());
    assert_eq!(receiver.spans().len(), 5, "what was not answered is taken all the same");
}

#[test]
fn a_half_close_ends_the_answer_and_still_reads() {
    let receiver = Receiver::with(Script::always(Answer::HalfClose(20)));
    let mut stream = connect(&receiver);
    stream
        .write_all(b"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(answer.len(), 20);
    stream.write_all(b"POST").expect("the other direction is open");
    assert!(call(&receiver, 1).is_err());
}

#[test]
fn a_goaway_ends_a_connection_with_and_without_the_answer() {
    let receiver = Receiver::with(Script::always(Answer::GoAway));
    assert_eq!(post(&receiver, 1).unwrap(), b"");
    assert!(call(&receiver, 1).is_err());
    assert_eq!(receiver.spans().len(), 0);
    receiver.answer_by(Script::always(Answer::TakeAndGoAway));
    assert!(call(&receiver, 1).is_ok());
    assert!(text(&post(&receiver, 1).unwrap()).starts_with("http/1.1 200"));
    assert_eq!(receiver.spans().len(), 2);
}

#[test]
fn a_redirect_names_the_other_place() {
    for status in [301, 302, 307, 308] {
        let receiver = Receiver::with(Script::always(Answer::Redirect(status, "http://other/".to_owned())));
        let answer = text(&post(&receiver, 1).unwrap());
        assert!(answer.starts_with(&format!("http/1.1 {status}")), "{answer}");
        assert!(answer.contains("location: http://other/"), "{answer}");
        assert!(call(&receiver, 1).is_err());
    }
}

#[test]
fn bodies_are_as_large_as_they_were_ordered() {
    const SIZE: u64 = 8 * 1024 * 1024;
    let receiver = Receiver::with(Script::always(Answer::GiantBody(SIZE)));
    assert!(post(&receiver, 1).unwrap().len() as u64 > SIZE);
    let status = call(&receiver, 1).unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
    receiver.answer_by(Script::always(Answer::Bomb(SIZE)));
    let answer = post(&receiver, 1).unwrap();
    let start = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    assert!(text(&answer[..start]).contains("content-encoding: gzip") && answer.len() < 100_000);
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&answer[start..]).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked.len() as u64 == SIZE && unpacked.iter().all(|byte| *byte == 0));
    assert!(call(&receiver, 1).is_err());
    receiver.answer_by(Script::always(Answer::WrongType("text/html")));
    assert!(text(&post(&receiver, 1).unwrap()).contains("content-type: text/html"));
    assert!(call(&receiver, 1).is_err());
}

#[test]
fn answers_come_late_or_never_and_connections_are_treated_as_told() {
    let receiver = Receiver::with(Script::always(Answer::Take.after(Duration::from_millis(200))));
    let start = Instant::now();
    post(&receiver, 1).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(200));
    let never = |receiver: &Receiver| {
        let mut stream = connect(receiver);
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        stream
            .write_all(b"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
            .unwrap();
        let error = stream.read(&mut [0; 10]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    };
    receiver.answer_by(Script::always(Answer::Hang));
    never(&receiver);
    receiver.treat_connections(Line::Hang);
    never(&receiver);
    receiver.treat_connections(Line::Reset);
    assert!(post(&receiver, 1).is_err());
    receiver.treat_connections(Line::OldTls);
    assert_eq!(post(&receiver, 0).unwrap_or_default().first(), Some(&21), "an alert");
}

#[test]
fn a_receiver_goes_down_and_comes_up_on_the_same_port() {
    let receiver = Receiver::down();
    let refused = || TcpStream::connect(("127.0.0.1", receiver.port())).unwrap_err().kind();
    for _ in 0..3 {
        assert_eq!(refused(), ErrorKind::ConnectionRefused);
        receiver.come_up();
        let mut kept = connect(&receiver);
        assert!(post(&receiver, 1).is_ok() && call(&receiver, 1).is_ok());
        receiver.go_down();
        assert!(matches!(kept.read(&mut [0; 1]), Ok(0) | Err(_)), "connections end");
    }
    assert_eq!(receiver.spans().len(), 6);
}
