//! T13: a name whose address changes while the program runs. Linux alone has a second IPv4 address of itself without being asked.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::export::otlp::Otlp;
use crate::export::otlp::signal::Signal;

const AGE: Duration = Duration::from_millis(50);

/// The address of a name, and how often it was asked for.
#[derive(Debug)]
struct Zone {
    address: Mutex<IpAddr>,
    asked: AtomicUsize,
}

/// A server that answers each request, by HTTP or by HTTP/2 that says no more than it has to, and counts requests.
fn server(listener: TcpListener) -> Arc<AtomicUsize> {
    let requests = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&requests);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let requests = Arc::clone(&counted);
            thread::spawn(move || serve(stream, &requests));
        }
    });
    requests
}

fn serve(mut stream: TcpStream, requests: &AtomicUsize) -> Option<()> {
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0;
    loop {
        length += stream.read(buffer.get_mut(length..)?).ok().filter(|read| *read > 0)?;
        let bytes = buffer.get(..length)?;
        if bytes.starts_with(b"PRI ") {
            let stream_id = bytes.get(24..).and_then(last_data);
            if let Some(stream_id) = stream_id {
                requests.fetch_add(1, Ordering::SeqCst);
                // SETTINGS, then HEADERS that end the stream: `:status: 200`, and a gRPC status that is none.
                let headers = b"\x88\x00\x0bgrpc-status\x013";
                let mut out = vec![0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, u8::try_from(headers.len()).ok()?, 1, 5];
                out.extend_from_slice(&stream_id);
                out.extend_from_slice(headers);
                stream.write_all(&out).ok()?;
                // One request for each connection is enough here.
                let _ = stream.read(&mut buffer);
                return None;
            }
        } else if bytes.ends_with(b"spans") {
            requests.fetch_add(1, Ordering::SeqCst);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok()?;
            length = 0;
        }
    }
}

/// The stream of a DATA frame that ends it, where all frames are whole.
fn last_data(mut bytes: &[u8]) -> Option<[u8; 4]> {
    while let Some(([a, b, c, kind, flags, stream_id @ ..], rest)) = bytes.split_first_chunk::<9>() {
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let behind = rest.get(length..)?;
        if (*kind, flags & 1) == (0, 1) {
            return Some(*stream_id);
        }
        bytes = behind;
    }
    None
}

#[test]
fn a_name_that_points_elsewhere_is_followed_within_the_age_of_a_connection() {
    let old = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("an address");
    let port = old.local_addr().expect("it is bound").port();
    let new = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), port)).expect("the other address");
    let (old, new) = (server(old), server(new));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let _inside = runtime.enter();
    for otlp in [Otlp::http(), Otlp::grpc()] {
        let before = (old.load(Ordering::SeqCst), new.load(Ordering::SeqCst));
        let zone =
            Arc::new(Zone { address: Mutex::new(Ipv4Addr::LOCALHOST.into()), asked: AtomicUsize::new(0) });
        let asked = Arc::clone(&zone);
        let mut settings = otlp
            .endpoint(format!("http://collector.test:{port}"))
            .connection_age(AGE)
            .timeout(Duration::from_secs(5))
            .settings_of_process(Signal::Traces)
            .expect("they can be used");
        settings.resolver = Resolver::of(move |name| {
            assert_eq!(name, "collector.test");
            asked.asked.fetch_add(1, Ordering::SeqCst);
            Ok(vec![(*asked.address.lock().expect("it is not poisoned"), 0).into()])
        });
        let transport = settings.transport().and_then(|make| make()).expect("a transport");
        let send = || drop(runtime.block_on(transport.send(Bytes::from_static(b"spans"))));
        let reached = || (old.load(Ordering::SeqCst) - before.0, new.load(Ordering::SeqCst) - before.1);
        send();
        assert_eq!(reached(), (1, 0));
        *zone.address.lock().expect("it is not poisoned") = Ipv4Addr::new(127, 0, 0, 2).into();
        thread::sleep(AGE * 2);
        send();
        assert_eq!(reached(), (1, 1), "the name was asked for {} times", zone.asked.load(Ordering::SeqCst));
    }
}

#[test]
fn a_look_up_that_panics_is_a_failed_connection() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let error = runtime.block_on(Resolver::of(|_| panic!("in the system")).resolve("name"));
    assert!(error.expect_err("it panicked").to_string().contains("panicked"));
}
