//! What traced functions write to a file as OTLP-JSON lines is what another implementation reads back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_for_each,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::fs;
use std::path::{Path, PathBuf};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use wirespan::{FileExporter, Telemetry, traced};
use wirespan_tests::{PATIENCE, turn};

#[traced(fields(half = 0.5, list = [1_u8, 2, 3]))]
fn outer(number: i64, text: &str, big: u64) -> Result<usize, std::num::ParseIntError> {
    inner(number == 7);
    let _ = big;
    text.parse()
}

#[traced(kind = "producer")]
fn inner(flag: bool) {
    let _ = flag;
}

#[traced(fields(infinite = f64::INFINITY))]
fn endless(text: &str) -> usize {
    text.len()
}

/// A file of its own for one test, gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("wirespan-{}-{name}.jsonl", std::process::id())))
    }

    fn lines(&self) -> Vec<ExportTraceServiceRequest> {
        let text = fs::read_to_string(&self.0).expect("it was written");
        assert!(text.is_empty() || text.ends_with('\n'), "the last line is whole");
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }

    fn spans(&self) -> Vec<Span> {
        let resources = self.lines().into_iter().flat_map(|line| line.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn install(exporter: FileExporter) -> Telemetry {
    wirespan::builder().exporter(exporter).service_name("filed").install().expect("telemetry installs")
}

fn create(path: &Path) -> Telemetry {
    install(FileExporter::create(path).expect("a file in the temporary folder"))
}

fn get(span: &Span, key: &str) -> Option<Value> {
    let attribute = span.attributes.iter().find(|attribute| attribute.key == key)?;
    attribute.value.clone().and_then(|any| any.value)
}

#[test]
fn spans_are_read_back_as_they_were() {
    let _turn = turn();
    let file = Scratch::new("roundtrip");
    let telemetry = create(&file.0);
    let text = "a \"quoted\"\nline \u{1b}[31m, {\"doubleValue\":null}, \u{1f600}";
    assert!(outer(i64::MIN, text, u64::MAX).is_err());
    telemetry.shutdown(PATIENCE).expect("nothing is lost");

    let lines = file.lines();
    assert!(!lines.is_empty());
    for resource in lines.iter().flat_map(|line| &line.resource_spans) {
        let attributes = &resource.resource.as_ref().expect("there is one").attributes;
        let name =
            attributes.iter().find(|attribute| attribute.key == "service.name").expect("it has a name");
        let name = name.value.clone().and_then(|any| any.value);
        assert_eq!(name, Some(Value::StringValue("filed".to_owned())));
        let scope = resource.scope_spans[0].scope.as_ref().expect("there is one");
        assert_eq!(scope.name, env!("CARGO_PKG_NAME"));
    }
    let spans = file.spans();
    let [inner, outer] = spans.as_slice() else { panic!("{spans:#?}") };
    assert_eq!((&*inner.name, &*outer.name), ("inner", "outer"));
    assert_eq!((inner.trace_id.len(), inner.span_id.len()), (16, 8));
    assert_eq!((&inner.parent_span_id, &inner.trace_id), (&outer.span_id, &outer.trace_id));
    assert!(outer.parent_span_id.is_empty(), "{outer:?}");
    assert_eq!((inner.kind, outer.kind), (4, 1));
    assert!(outer.start_time_unix_nano > 0 && inner.start_time_unix_nano <= inner.end_time_unix_nano);

    assert_eq!(get(outer, "parameter.number"), Some(Value::IntValue(i64::MIN)));
    assert_eq!(get(outer, "parameter.text"), Some(Value::StringValue(text.to_owned())));
    assert_eq!(get(outer, "parameter.big"), Some(Value::StringValue(u64::MAX.to_string())));
    assert_eq!(get(outer, "half"), Some(Value::DoubleValue(0.5)));
    let Some(Value::ArrayValue(list)) = get(outer, "list") else { panic!("{outer:?}") };
    let numbers = [1, 2, 3].map(|number| Some(Value::IntValue(number)));
    assert_eq!(list.values.into_iter().map(|any| any.value).collect::<Vec<_>>(), numbers);
    assert_eq!(get(inner, "parameter.flag"), Some(Value::BoolValue(false)));

    let status = outer.status.as_ref().expect("it failed");
    assert_eq!((status.code(), &*status.message), (StatusCode::Error, "invalid digit found in string"));
    assert_eq!(outer.events.len(), 1);
    assert_eq!(outer.events[0].name, "exception");
    let within = outer.start_time_unix_nano..=outer.end_time_unix_nano;
    assert!(within.contains(&outer.events[0].time_unix_nano), "{outer:?}");
    let status = inner.status.as_ref().map(opentelemetry_proto::tonic::trace::v1::Status::code);
    assert_eq!(status, Some(StatusCode::Ok));
}

#[test]
fn numbers_that_json_does_not_have_are_named_as_protobuf_names_them() {
    let _turn = turn();
    let file = Scratch::new("infinite");
    let telemetry = create(&file.0);
    endless(r#"{"doubleValue":null}"#);
    telemetry.shutdown(PATIENCE).expect("nothing is lost");
    // By the bytes: `opentelemetry-proto`'s reader knows no such name.
    let text = fs::read_to_string(&file.0).expect("it was written");
    assert_eq!(text.matches(r#"{"key":"infinite","value":{"doubleValue":"Infinity"}}"#).count(), 1, "{text}");
    assert!(
        text.contains(r#""{\"doubleValue\":null}""#),
        "the text that looks like one is left alone: {text}"
    );
}

#[test]
fn appending_keeps_what_is_there_and_creating_does_not() {
    let _turn = turn();
    let file = Scratch::new("append");
    let names = || file.spans().len();
    for (round, count) in [(0, 1), (1, 2)] {
        let telemetry = install(FileExporter::append(&file.0).expect("a file in the temporary folder"));
        inner(round == 1);
        telemetry.shutdown(PATIENCE).expect("nothing is lost");
        assert_eq!(names(), count);
    }
    let telemetry = create(&file.0);
    assert_eq!(names(), 0);
    inner(true);
    telemetry.flush(PATIENCE).expect("nothing is lost");
    assert_eq!(names(), 1, "a flush has written it");
    telemetry.shutdown(PATIENCE).expect("nothing is left");
}

#[test]
fn ten_thousand_spans_make_whole_lines() {
    let _turn = turn();
    let file = Scratch::new("many");
    let telemetry = create(&file.0);
    let threads: Vec<_> =
        (0..4).map(|_| std::thread::spawn(|| (0..2_500).for_each(|n| inner(n % 2 == 0)))).collect();
    threads.into_iter().for_each(|thread| thread.join().expect("nothing panics there"));
    let report = telemetry.shutdown(PATIENCE).expect("nothing is lost");
    assert_eq!(report.delivered, 10_000);
    assert_eq!(file.spans().len(), 10_000);
    // What the Collector's receiver takes as one line without being told otherwise.
    let text = fs::read_to_string(&file.0).expect("it was written");
    assert!(text.lines().all(|line| line.len() < 1 << 20));
}

#[test]
fn a_file_that_cannot_be_opened_is_an_error_with_its_path() {
    let path = std::env::temp_dir().join("wirespan-no-such-folder").join("spans.jsonl");
    for result in [FileExporter::create(&path), FileExporter::append(&path)] {
        let error = result.expect_err("there is no such folder");
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        assert!(error.to_string().contains("spans.jsonl"), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_counted_loss() {
    let _turn = turn();
    let telemetry = install(FileExporter::append("/dev/full").expect("it can be opened"));
    inner(true);
    let error = telemetry.shutdown(PATIENCE).expect_err("it cannot be written");
    let report = error.report().expect("a loss has a report");
    assert_eq!((error.is_loss(), report.dropped.export_failed, report.delivered), (true, 1, 0), "{error}");
}
