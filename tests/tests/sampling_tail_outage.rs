//! Tail sampling while the collector does not answer: what is kept waits for room, within its bound, and all of it arrives later.

#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use std::collections::HashSet;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use wirespan::export::Otlp;
use wirespan::sampling::TailSampling;
use wirespan::traced;
use wirespan_tests::exporter::Gate;
use wirespan_tests::receiver::Receiver;
use wirespan_tests::{PATIENCE, turn};

const TRACES: usize = 150;
const TAIL_BYTES: usize = 32 << 20;

#[traced]
fn root(text: &str) {
    (0..3).for_each(|_| part(text));
}

#[traced]
fn part(text: &str) {
    let _ = text;
}

#[traced]
fn all_the_time(then: impl FnOnce(), text: &str) {
    (0..100).for_each(|_| part(text));
    then();
}

/// A port whose connections lead to `target` once the gate is open, and nowhere before.
fn gated(target: &str, gate: &Gate) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let (target, gate) = (target.trim_start_matches("http://").to_owned(), gate.clone());
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let (target, gate) = (target.clone(), gate.clone());
            thread::spawn(move || {
                gate.pass();
                let Ok(server) = TcpStream::connect(target) else { return };
                let (from, to) = (client.try_clone(), server.try_clone());
                let answers = thread::spawn(move || pump(&server, &client));
                if let (Ok(from), Ok(to)) = (from, to) {
                    pump(&from, &to);
                }
                let _ = answers.join();
            });
        }
    });
    endpoint
}

/// Passes on what comes until one side is gone.
fn pump(mut from: &TcpStream, mut to: &TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(std::net::Shutdown::Both);
}

#[test]
fn kept_traces_wait_for_a_collector_that_does_not_answer() {
    let _turn = turn();
    let (receiver, gate) = (Receiver::start(), Gate::default());
    let otlp = Otlp::http()
        .endpoint(gated(&receiver.endpoint(), &gate))
        .timeout(Duration::from_millis(300))
        .queue_bytes(4 << 20);
    let telemetry = wirespan::builder()
        .otlp(otlp)
        .no_metrics()
        .tail_sampling(TailSampling::new().ratio(1.0).max_bytes(TAIL_BYTES))
        .flush_interval(Duration::from_millis(5))
        .install()
        .expect("telemetry installs");
    let text = "x".repeat(20_000);
    thread::scope(|scope| {
        // Traces that are open while the others end, so that much is decided at once.
        let (ended, end) = std::sync::mpsc::channel::<()>();
        let (telemetry, text) = (&telemetry, &text);
        scope.spawn(move || {
            let wait = || end.recv_timeout(PATIENCE).expect("the others end");
            all_the_time(wait, text);
        });
        while telemetry.stats().held < 100 {
            thread::yield_now();
        }
        (0..TRACES).for_each(|_| root(text));
        ended.send(()).expect("it waits");
    });
    // All roots have ended and all traces are kept; there is room for a part of them only.
    let deadline = Instant::now() + Duration::from_millis(500);
    while Instant::now() < deadline {
        let stats = telemetry.stats();
        assert!(stats.is_balanced() && stats.held_bytes <= TAIL_BYTES as u64 + 64 * 1024, "{stats:?}");
        thread::yield_now();
    }
    let stats = telemetry.stats();
    let waits = stats.queued > 0 || stats.held_bytes > 0;
    assert!(waits && stats.acknowledged == 0 && stats.dropped() == 0, "{stats:?}");
    gate.open();
    let report = telemetry.flush(PATIENCE).expect("nothing is lost");
    let all = TRACES * 4 + 101;
    assert_eq!((report.delivered, report.sampled_out, report.held), (all as u64, 0, 0), "{report}");
    // A request that came too late for its answer may have come twice.
    let arrived: HashSet<Vec<u8>> = receiver.spans().into_iter().map(|span| span.span_id).collect();
    assert_eq!(arrived.len(), all);
    assert_eq!(telemetry.stats().held_bytes, 0);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
}
