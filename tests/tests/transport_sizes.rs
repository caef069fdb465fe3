//! T13, T14: names and sizes. Connections end at their age, so that a name that points elsewhere is followed; a name with a dead
//! address reaches the living one; requests that are too large are divided, and one span that is takes no other with it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use wirespan::export::Compression;
use wirespan::traced;
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Receiver, Script};

#[test]
fn a_connection_is_not_used_beyond_its_age() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::start(), Run::new(format!("T13 {protocol:?}")));
        let pipe =
            Pipe::new(otlp(protocol, &receiver).max_in_flight(1).connection_age(Duration::from_millis(200)));
        for sequence in 0..20 {
            run.record(0, sequence);
            pipe.flush(PATIENCE).unwrap();
            thread::sleep(Duration::from_millis(50));
        }
        let connections = receiver.connections();
        assert!((3..=7).contains(&connections), "{protocol:?}: {connections} in a second, of 200 ms each");
        run.judge(1, 20, &receiver.spans()).is_perfect();
    }
}

#[test]
fn a_connection_within_its_age_is_used_again() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::start(), Run::new(format!("T13 {protocol:?}")));
        let pipe = Pipe::new(otlp(protocol, &receiver).max_in_flight(1));
        for sequence in 0..20 {
            run.record(0, sequence);
            pipe.flush(PATIENCE).unwrap();
        }
        assert_eq!(receiver.connections(), 1, "{protocol:?}");
    }
}

#[test]
fn a_name_with_a_dead_address_reaches_the_living_one() {
    for protocol in PROTOCOLS {
        // `localhost` is ::1, too, where there is IPv6; nobody listens there.
        let (receiver, run) = (Receiver::start(), Run::new(format!("T13 {protocol:?}")));
        let endpoint = format!("http://localhost:{}", receiver.port());
        let pipe = Pipe::new(otlp(protocol, &receiver).endpoint(endpoint));
        run.record_range(0..10);
        pipe.flush(PATIENCE).unwrap();
        run.judge(1, 10, &receiver.spans()).is_perfect();
    }
}

/// Passes everything from a port of the other family's loopback on to the receiver.
fn through_v6(receiver: &Receiver) -> Option<u16> {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).ok()?;
    let (port, to) = (listener.local_addr().unwrap().port(), receiver.port());
    thread::spawn(move || {
        for near in listener.incoming().map_while(Result::ok) {
            let far = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).unwrap();
            for (mut from, mut to) in [(near.try_clone().unwrap(), far.try_clone().unwrap()), (far, near)] {
                thread::spawn(move || io::copy(&mut from, &mut to));
            }
        }
    });
    Some(port)
}

#[test]
fn a_receiver_that_has_an_address_of_version_6_alone_is_reached() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::start(), Run::new(format!("T13 {protocol:?}")));
        // There are systems without it, where nothing can be said.
        let Some(port) = through_v6(&receiver) else { return };
        let pipe = Pipe::new(otlp(protocol, &receiver).endpoint(format!("http://[::1]:{port}")));
        run.record_range(0..10);
        pipe.flush(PATIENCE).unwrap();
        run.judge(1, 10, &receiver.spans()).is_perfect();
    }
}

#[test]
fn a_name_that_nobody_knows_keeps_the_spans() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::start();
        // The top-level domain that never is (RFC 6761).
        let pipe = Pipe::new(otlp(protocol, &receiver).endpoint("http://collector.invalid:4317"));
        Run::new("T13").record_range(0..10);
        let error = pipe.flush(Duration::from_millis(300)).unwrap_err();
        assert_eq!((error.report().unwrap().pending, error.report().unwrap().lost()), (10, 0), "{error}");
        assert_eq!(receiver.connections(), 0);
    }
}

#[test]
fn a_request_that_is_too_large_for_the_receiver_is_divided_until_it_fits() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::with(Script::always(Answer::AtMost(50_000)));
        let run = Run::new(format!("T14 {protocol:?}")).of_bytes(1_000);
        let pipe = Pipe::with(otlp(protocol, &receiver), |builder| {
            builder.flush_interval(Duration::from_secs(3_600))
        });
        run.record_range(0..1_000);
        pipe.flush(PATIENCE).unwrap();
        let first = receiver.received().iter().map(|one| one.bytes).max().unwrap();
        assert!(first > 1_000_000, "they were sent together at first: {first}");
        assert_eq!(pipe.stats().dropped(), 0);
        run.judge(1, 1_000, &receiver.spans()).is_perfect();
    }
}

#[test]
fn one_span_that_is_too_large_for_the_receiver_takes_no_other_with_it() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::with(Script::always(Answer::AtMost(20_000)));
        let run = Run::new(format!("T14 {protocol:?}"));
        let pipe = Pipe::with(otlp(protocol, &receiver), |builder| {
            builder.flush_interval(Duration::from_secs(3_600))
        });
        run.record_range(0..50);
        Run::new("large").of_bytes(100_000).record(0, 0);
        run.record_range(50..100);
        let error = pipe.flush(PATIENCE).unwrap_err();
        let report = error.report().unwrap();
        assert_eq!((report.delivered, report.dropped.too_large, report.lost()), (100, 1, 1), "{report}");
        run.judge(1, 100, &receiver.spans()).is_perfect();
    }
}

#[traced(record(first, second, last))]
fn large(first: &str, second: &str, last: u64) -> u64 {
    first.len() as u64 + second.len() as u64 + last
}

#[test]
fn a_span_over_our_own_bound_is_cut_at_its_largest_attribute_and_arrives() {
    for protocol in PROTOCOLS {
        // What every receiver takes.
        let receiver = Receiver::with(Script::always(Answer::AtMost(4 * 1024 * 1024)));
        let run = Run::new(format!("T14 {protocol:?}"));
        let pipe = Pipe::new(otlp(protocol, &receiver));
        run.record_range(0..10);
        large(&"a".repeat(1_900_000), &"b".repeat(1_600_000), 7);
        run.record_range(10..20);
        pipe.flush(PATIENCE).unwrap();
        let spans = receiver.spans();
        let (shrunk, rest): (Vec<_>, Vec<_>) = spans.iter().partition(|span| span.name == "large");
        run.judge(1, 20, rest).is_perfect();
        assert_eq!(shrunk.len(), 1);
        let length = |key: &str| {
            let found = shrunk[0].attributes.iter().find(|attribute| attribute.key == key).unwrap();
            match found.value.as_ref().unwrap().value.as_ref().unwrap() {
                Value::StringValue(text) => (text.len(), text.contains("truncated")),
                other => panic!("{other:?}"),
            }
        };
        let (first, is_marked) = length("parameter.first");
        assert!(first < 1_600_000 && is_marked, "the largest is cut, and says so: {first}");
        assert_eq!(length("parameter.second"), (1_600_000, false), "and no other");
    }
}

#[test]
fn a_request_that_is_compressed_says_so_and_arrives() {
    for protocol in PROTOCOLS {
        let (receiver, run) = (Receiver::start(), Run::new(format!("gzip {protocol:?}")));
        let pipe = Pipe::with(otlp(protocol, &receiver).compression(Compression::Gzip), |builder| {
            builder.flush_interval(Duration::from_secs(3_600))
        });
        run.record_range(0..500);
        pipe.flush(PATIENCE).unwrap();
        run.judge(1, 500, &receiver.spans()).is_perfect();
        for request in receiver.received() {
            let encoding = ["grpc-encoding", "content-encoding"].map(|name| request.headers.get(name));
            assert!(encoding.into_iter().flatten().eq(["gzip"]), "{protocol:?}: {:?}", request.headers);
        }
    }
}
