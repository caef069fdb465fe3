//! `WIRESPAN_FILTER`, in a process of its own: a good value, a bad one, an empty one, and one that matches nothing.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

/// Standard output and standard error of ten calls of the program in `src/bin/child.rs`, which make twenty spans.
fn said(filter: &str) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .arg("10")
        .env_clear()
        .envs([("OTEL_TRACES_EXPORTER", "none"), ("WIRESPAN_FILTER", filter)])
        .output()
        .expect("it starts");
    assert!(output.status.success());
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    (out, error)
}

fn delivers(filter: &str, spans: usize) {
    let (out, error) = said(filter);
    assert!(out.contains(&format!("delivered: {spans} delivered, 0 dropped")), "{filter}: {out}");
    assert_eq!(error, "", "{filter}");
}

fn refused(filter: &str, expected: &str) {
    let (out, error) = said(filter);
    let message = format!("refused: configuration=true WIRESPAN_FILTER is `{filter}`; expected {expected} |");
    assert!(out.starts_with(&message), "{out}");
    assert_eq!(error, "", "nothing is printed besides");
}

#[test]
fn the_variable_says_what_is_recorded() {
    for filter in ["", " ", "info", "INFO", "child=info", "off,child", "off, child = trace"] {
        delivers(filter, 20);
    }
    for filter in ["warn", "off", "child=off", "trace,child=error"] {
        delivers(filter, 0);
    }
}

#[test]
fn a_value_that_cannot_be_read_is_an_error_that_names_the_directive() {
    let levels = "off, error, warn, info, debug or trace";
    refused("info,child=loud", &format!("{levels} where it says `child=loud`: `loud` is not a level"));
    refused("my-crate", "`my_crate` where it says `my-crate`: `my-crate` is not a module's path");
    refused(
        "info,,off",
        "`level` or `module=level` where it says ``: there is no directive between two commas",
    );
}

#[test]
fn a_directive_that_matches_nothing_is_said_when_telemetry_is_switched_on() {
    let (out, error) = said("info,child=debug,chlid::db=off,inof");
    assert!(out.contains("delivered: 20 delivered"), "{out}");
    let crates = "there are some in `child`";
    let mut lines: Vec<&str> = error.lines().collect();
    lines.sort_unstable();
    let said = |directive: &str| {
        format!("wirespan: the filter's `{directive}` matches no traced function; {crates}")
    };
    assert_eq!(lines, [said("chlid::db=off"), said("inof")]);
}
