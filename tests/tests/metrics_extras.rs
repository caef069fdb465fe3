//! Metrics of tokio's runtime and of the process, as a receiver gets them.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use wirespan_tests::delivery::otlp;
use wirespan_tests::receiver::{Protocol, Receiver};
use wirespan_tests::{PATIENCE, turn};

#[test]
fn the_runtime_and_the_process_are_measured_where_that_is_asked_for() {
    let _turn = turn();
    let receiver = Receiver::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let telemetry = {
        let _inside = runtime.enter();
        runtime.spawn(ended);
        let builder = wirespan::builder().otlp(otlp(Protocol::Grpc, &receiver));
        builder.tokio_metrics().process_metrics().install().expect("telemetry installs")
    };
    // Some of the processor's time, at least two ticks of a hundredth of a second.
    let start = std::time::Instant::now();
    while start.elapsed().as_millis() < 60 {
        std::hint::spin_loop();
    }
    telemetry.shutdown(PATIENCE).expect("it is delivered");
    drop(end);
    let points = receiver.metrics();
    let value = |name: &str, kind: &str, unit: &str| {
        let points = points.named(name);
        assert_eq!((points.last().kind, &*points.last().unit), (kind, unit), "{name}");
        points.value()
    };
    assert!((value("tokio.runtime.worker.count", "updowncounter", "{worker}") - 2.0).abs() < 0.1);
    assert!((value("tokio.runtime.task.alive", "updowncounter", "{task}") - 1.0).abs() < 0.1);
    assert!(value("tokio.runtime.queue.depth", "updowncounter", "{task}") >= 0.0);
    assert!(value("tokio.runtime.worker.busy_time", "counter", "s") >= 0.0);
    assert_eq!(points.named("tokio.runtime.worker.busy_time").0.len(), 2, "one for each worker");
    assert!(value("process.cpu.time", "counter", "s") >= 0.0);
    let user = points.named("process.cpu.time").with("cpu.mode", "user").value();
    let system = points.named("process.cpu.time").with("cpu.mode", "system").value();
    assert!(user + system > 0.0 && user + system < 600.0, "{user} {system}");
    assert!(value("process.memory.usage", "updowncounter", "By") > 1e6);
    assert!(value("process.thread.count", "updowncounter", "{thread}") >= 4.0);
    assert!(value("process.unix.file_descriptor.count", "updowncounter", "{file_descriptor}") >= 4.0);
    let uptime = value("process.uptime", "gauge", "s");
    assert!((0.0..600.0).contains(&uptime), "{uptime}");
}

#[test]
fn a_runtime_that_is_not_there_is_an_error_in_words() {
    let error = wirespan::builder().tokio_metrics().install().expect_err("there is none");
    assert!(
        error.is_configuration() && error.to_string().contains("`tokio_metrics` is called outside"),
        "{error}"
    );
}
