//! What goes wrong with the export is said, in words: why a receiver is not believed (T10), what it says about spans that it rejects
//! (T8), and that headers were not taken (H4). Once, without what a terminal would obey, and never with what was in a header.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::Command;

use wirespan_tests::receiver::tls::{Identity, authority};
use wirespan_tests::receiver::{Answer, Line, Receiver, Script};

const CANARY: &str = "canary";

/// What a program says on standard error that records 20 spans, and shuts down within a second.
fn said(calls: &str, ending: &str, endpoint: &str, protocol: &str, certificate: Option<&str>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_child"));
    command.args([calls, ending, "1"]).env_clear().envs([
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=canary"),
        ("OTEL_BSP_SCHEDULE_DELAY", "5000"),
    ]);
    command.envs(certificate.map(|file| ("OTEL_EXPORTER_OTLP_CERTIFICATE", file)));
    let output = command.output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains(CANARY), "{said}");
    said
}

/// Of the lines about our own work, the one with these words: there is one.
fn line<'a>(said: &'a str, words: &str) -> &'a str {
    let mut lines = said.lines().filter(|line| line.contains(words));
    let line = lines.next().unwrap_or_else(|| panic!("`{words}` is not in: {said}"));
    assert!(line.starts_with("wirespan: "), "{line}");
    assert_eq!(lines.next(), None, "{said}");
    line
}

#[test]
fn a_receiver_that_is_not_believed_is_told_of_with_the_reason() {
    let authority = authority();
    for protocol in ["grpc", "http/protobuf"] {
        let old = Receiver::start();
        old.treat_connections(Line::OldTls);
        for (receiver, reason) in [
            (Receiver::with_tls(Identity::Expired), "certificate expired"),
            (Receiver::with_tls(Identity::OtherHost), "not valid for name"),
            (Receiver::with_tls(Identity::UnknownAuthority), "invalid peer certificate"),
            (old, "ProtocolVersion"),
            (Receiver::start(), "InvalidContentType"),
        ] {
            let endpoint = receiver.endpoint().replace("http://", "https://");
            let said = said("10", "end", &endpoint, protocol, authority.to_str());
            let line = line(&said, "spans could not be sent and are kept");
            assert!(line.contains(reason), "{protocol}: {line}");
        }
    }
    std::fs::remove_file(authority).unwrap();
}

#[test]
fn what_a_receiver_says_of_spans_that_it_rejects_is_passed_on_within_bounds() {
    for protocol in ["grpc", "http/protobuf"] {
        let message = "they are too old\u{1b}[31m\n".repeat(100);
        let receiver = Receiver::with(Script::always(Answer::Partial(3, message)));
        let said = said("10", "end", &receiver.endpoint(), protocol, None);
        let line = line(&said, "the receiver rejected 3 of 20 spans: they are too old [31m they");
        assert!(line.len() < 320 && !line.contains('\u{1b}'), "{}: {line}", line.len());
    }
}

#[test]
fn headers_that_were_not_taken_are_told_of_without_what_is_in_them() {
    let receiver = Receiver::start();
    let said = said("1", "headers", &receiver.endpoint(), "grpc", None);
    let line = line(&said, "headers were not taken");
    assert!(line.contains("so far: 1 traceparent, 0 tracestate"), "{line}");
}
