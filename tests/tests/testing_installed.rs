//! One pipeline in a process: what the test kits say where there is another one.

#![expect(clippy::expect_used, reason = "what its tests share fails by panicking")]

use std::panic::catch_unwind;

use wirespan::testing::Recording;
use wirespan::traced;
use wirespan_tests::{install, turn};

#[traced]
fn work() {}

fn message(assertion: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let payload = catch_unwind(assertion).expect_err("it fails");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().expect("a text")).to_owned(),
    }
}

#[test]
fn a_second_pipeline_is_refused_in_words() {
    let telemetry = install();
    let again = "this test has telemetry installed; drop it before the test installs it again";
    assert_eq!(message(|| drop(install())), again);
    assert_eq!(message(|| drop(turn())), again);
    assert_eq!(
        message(|| drop(Recording::start())),
        "`Recording::start` needs the process's pipeline, and `init` or `Builder::install` has installed another\n\
         help: drop that `Telemetry` first, or give the test that installs it a test binary of its own"
    );
    work();
    assert_eq!(telemetry.span("work").children().len(), 0);
    drop(telemetry);
    drop(install());
    // The turn is over: the pipeline of the recordings can be installed, and stays.
    let recording = Recording::start();
    work();
    recording.span("work");
    drop(recording);
    assert!(wirespan::builder().install().is_err_and(|error| error.is_already_installed()));
}
