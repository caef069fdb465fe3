//! Numbers and flags of OpenTelemetry's variables, in a process of its own: what cannot be used is a warning, as the specification
//! says, and the default counts; what is too large is the largest. No number makes `install` panic or allocate.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

/// Standard output and standard error of ten calls of the program in `src/bin/child.rs`, which make twenty spans.
fn said(name: &str, value: &str) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .arg("10")
        .env_clear()
        .envs([("OTEL_TRACES_EXPORTER", "none"), (name, value)])
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{name}={value}");
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    assert!(out.contains("delivered: 20 delivered, 0 dropped"), "{name}={value}: {out}{error}");
    (out, error)
}

/// The one line that is said begins so.
fn warned(name: &str, value: &str, words: &str) {
    let (_, error) = said(name, value);
    assert!(error.starts_with(&format!("wirespan: {name} is `{value}`, which {words}")), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

const DELAY: &str = "OTEL_BSP_SCHEDULE_DELAY";
const TIMEOUT: &str = "OTEL_BSP_EXPORT_TIMEOUT";
const QUEUE: &str = "OTEL_BSP_MAX_QUEUE_SIZE";
const BATCH: &str = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";

#[test]
fn what_is_no_number_or_below_the_least_is_ignored() {
    for wrong in ["0", "-1", "many", "1.5", "1e18"] {
        for name in [DELAY, QUEUE, BATCH] {
            warned(name, wrong, "is ignored; expected a number of ");
        }
    }
    for name in [TIMEOUT, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"] {
        warned(name, "-1", "is ignored; expected a number of ");
    }
}

#[test]
fn a_number_beyond_all_bounds_is_clamped_and_nothing_is_allocated_for_it() {
    for huge in ["10000000000", "1000000000000000000", "99999999999999999999999999"] {
        for name in [DELAY, TIMEOUT, QUEUE, BATCH] {
            warned(name, huge, "counts as 2147483647");
        }
    }
}

#[test]
fn a_flag_that_is_neither_true_nor_false_is_false_and_a_warning() {
    warned("OTEL_SDK_DISABLED", "yes", "counts as false; expected true or false");
}

#[test]
fn a_slip_of_the_pen_is_said_once() {
    let (_, error) = said("OTEL_SERVICE_NMAE", "shop");
    assert_eq!(
        error,
        "wirespan: OTEL_SERVICE_NMAE is not known and has no effect; did you mean OTEL_SERVICE_NAME?\n"
    );
    let (_, error) = said("OTEL_PYTHON_LOG_CORRELATION", "true");
    assert_eq!(error, "", "another program's");
}
