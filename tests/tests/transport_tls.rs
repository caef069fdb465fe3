//! T10: receivers that are not who they should be, speak a TLS that is too old, or none. No byte of a span and no header leaves in
//! clear, nothing falls back to http, and the spans are kept until the receiver can be believed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use wirespan::export::Otlp;
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::tls::{Identity, authority};
use wirespan_tests::receiver::{Line, Protocol, Receiver};

/// The file, for as long as the tests run; the system's temporary folder keeps it.
static AUTHORITY: LazyLock<PathBuf> = LazyLock::new(authority);
const CANARY: &str = "canary-in-a-header";

fn secure(protocol: Protocol, receiver: &Receiver) -> Otlp {
    otlp(protocol, receiver)
        .endpoint(receiver.endpoint().replace("http://", "https://"))
        .certificate(&*AUTHORITY)
        .header("x-api-key", CANARY)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// That nothing gets through to `receiver`, in clear or otherwise, and nothing is lost by that.
fn refuses(protocol: Protocol, receiver: &Receiver, why: &str) {
    let run = Run::new(format!("T10-{protocol:?}"));
    let pipe = Pipe::new(secure(protocol, receiver));
    run.record_range(0..20);
    let error = pipe.flush(Duration::from_millis(500)).unwrap_err();
    receiver.wait_until(PATIENCE, "2 connections", |receiver| receiver.connections() >= 2);
    let report = error.report().unwrap();
    assert!(error.is_timeout() && report.lost() == 0, "{protocol:?} {why}: {error}");
    assert_eq!((report.pending, receiver.received().len(), receiver.asked_at().len()), (20, 0, 0), "{why}");
    let raw = receiver.raw();
    assert!(!raw.is_empty(), "{why}: it was spoken to");
    for secret in [CANARY, run.name(), "marked", "/v1/traces", "TraceService"] {
        assert!(!contains(&raw, secret), "{protocol:?} {why}: {secret} went in clear");
    }
}

#[test]
fn a_receiver_that_is_who_it_should_be_gets_everything() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::with_tls(Identity::Good), Run::new(format!("T10 {protocol:?}")));
        let pipe = Pipe::new(secure(protocol, &receiver));
        run.record_range(0..500);
        pipe.flush(PATIENCE).unwrap();
        run.judge(1, 500, &receiver.spans()).is_perfect();
        assert!(!contains(&receiver.raw(), CANARY), "it is encrypted");
        let requests = receiver.received();
        assert!(requests.iter().all(|one| one.headers["x-api-key"] == CANARY), "and arrives");
    }
}

#[test]
fn a_certificate_that_cannot_be_believed_is_not() {
    for protocol in PROTOCOLS {
        for identity in [Identity::Expired, Identity::OtherHost, Identity::UnknownAuthority] {
            refuses(protocol, &Receiver::with_tls(identity), &format!("{identity:?}"));
        }
    }
}

#[test]
fn a_tls_that_is_too_old_and_none_at_all_are_not_spoken() {
    for protocol in PROTOCOLS {
        let old = Receiver::start();
        old.treat_connections(Line::OldTls);
        refuses(protocol, &old, "TLS 1.1");
        refuses(protocol, &Receiver::start(), "a port without TLS");
    }
}
