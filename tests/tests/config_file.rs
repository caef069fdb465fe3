//! `OTEL_CONFIG_FILE`, in a process of its own: the file counts, and OpenTelemetry's other variables do not but where it refers to
//! them. A file that is missing, or wrong, is an error that names it; nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::process::Command;

use wirespan_tests::receiver::Receiver;

/// A file of this test alone.
fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("config_file_{name}.yaml"));
    std::fs::write(&path, text).expect("the folder is ours");
    path
}

/// Standard output and standard error of ten calls of the program in `src/bin/child.rs`, which make twenty spans.
fn said(path: &str, variables: &[(&str, &str)]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .arg("10")
        .env_clear()
        .env("OTEL_CONFIG_FILE", path)
        .envs(variables.iter().copied())
        .output()
        .expect("it starts");
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    assert!(output.status.success() && !error.contains("panicked"), "{out}{error}");
    (out, error)
}

#[test]
fn the_file_counts_and_other_variables_do_not() {
    let (named, not_named) = (Receiver::start(), Receiver::start());
    let path = file(
        "counts",
        r#"
file_format: "1.0"
resource:
  attributes:
    - {name: service.name, value: "${SERVICE:-nobody}"}
attribute_limits: {attribute_count_limit: 2}
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
            endpoint: ${env:RECEIVER}/v1/traces
            headers: [{name: x-key, value: "${KEY}"}]
            compression: gzip
  sampler: {parent_based: {root: {always_on: }}}
"#,
    );
    let (out, error) = said(
        &path.display().to_string(),
        &[
            ("RECEIVER", &named.endpoint()),
            ("SERVICE", "shop"),
            ("KEY", "hunter2"),
            ("OTEL_TRACES_SAMPLER", "always_off"),
            ("OTEL_SERVICE_NAME", "cart"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &not_named.endpoint()),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-other=1"),
            ("OTEL_BSP_SCHEDULE_DELAY", "not a number"),
        ],
    );
    assert!(out.contains("delivered: 20 delivered, 0 dropped"), "{out}{error}");
    assert_eq!(error, "");
    assert_eq!((named.spans().len(), not_named.received().len()), (20, 0));
    let request = named.received().remove(0);
    assert_eq!(request.headers.get("x-key").map(String::as_str), Some("hunter2"));
    assert_eq!(request.headers.get("x-other"), None);
    let resource = request.request.resource_spans[0].resource.clone().expect("there is one");
    let service = resource.attributes.iter().find(|attribute| attribute.key == "service.name");
    assert!(format!("{service:?}").contains("StringValue(\"shop\")"), "{service:?}");
    // Place and name stand in front of the parameters.
    for span in named.spans() {
        assert_eq!(span.attributes.len(), 2, "{span:?}");
        assert!(span.dropped_attributes_count > 0, "{span:?}");
    }
}

#[test]
fn ours_count_beside_the_file() {
    let path = file(
        "ours",
        "file_format: \"1.0\"\ntracer_provider: {processors: [{simple: {exporter: {console: }}}]}\n",
    );
    let path = path.display().to_string();
    let (out, error) = said(&path, &[]);
    assert!(out.contains("delivered: 20 delivered") && error.contains("outer"), "{out}{error}");
    let (out, _) = said(&path, &[("WIRESPAN_FILTER", "off")]);
    assert!(out.contains("delivered: 0 delivered"), "{out}");
}

#[test]
fn it_can_be_disabled_there() {
    let path = file("disabled", "file_format: \"1.0\"\ndisabled: ${OTEL_SDK_DISABLED:-true}\n");
    let path = path.display().to_string();
    assert!(said(&path, &[]).0.starts_with("enabled: false\n"));
    assert!(said(&path, &[("OTEL_SDK_DISABLED", "false")]).0.starts_with("enabled: true\n"));
}

#[test]
fn a_file_that_cannot_be_used_is_an_error_that_names_it() {
    let missing = "/nowhere/otel.yaml";
    let (out, error) = said(missing, &[]);
    assert!(out.starts_with("refused: configuration=true OTEL_CONFIG_FILE is `/nowhere/otel.yaml`; expected a declarative configuration in YAML; it cannot be read: "), "{out}");
    assert_eq!(error, "", "nothing is printed besides");
    for (name, text, problem) in [
        ("format", "file_format: \"0.3\"", ":1: `file_format` is `0.3`; expected \"1.0\" or \"1.1\""),
        (
            "key",
            "file_format: \"1.0\"\nattribute_limits:\n  length: 3",
            ":3: `attribute_limits.length` is not known; ",
        ),
        ("yaml", "a: [", ": is no YAML: "),
        ("binary", "\u{0}\u{1}", ": is no YAML: "),
    ] {
        let path = file(name, text).display().to_string();
        let (out, _) = said(&path, &[]);
        let words = out.strip_prefix(&format!("refused: configuration=true {path}")).unwrap_or_default();
        assert!(words.contains(problem), "{out}");
    }
}
