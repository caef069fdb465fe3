//! The file exporter: its JSON against the specification, read back, and its errors.

use std::fs;

use opentelemetry::trace::{Link, SpanContext, SpanId, SpanKind, TraceFlags, TraceId, TraceState};
use opentelemetry::{Array, KeyValue as Pair, Value};

use super::super::console::samples::{With as _, now, span};
use super::*;

/// A path of its own for each test.
fn path(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("wirespan-{}-{name}.jsonl", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

fn full() -> SpanData {
    let state = TraceState::from_key_value([("vendor", "a1")]).unwrap_or_default();
    let context = SpanContext::new(TraceId::from(7), SpanId::from(8), TraceFlags::SAMPLED, true, state);
    let mut span = span(2, 1, "call", 10, 20)
        .with([
            Pair::new("text", "quote \" line\nbreak ✓ {\"doubleValue\":null}"),
            Pair::new("int", i64::MIN),
            Pair::new("float", 0.1),
            Pair::new("bool", true),
            Pair::new("list", Value::Array(Array::I64(vec![1, -2]))),
            Pair::new("empty", Value::Array(Array::String(Vec::new()))),
        ])
        .failed("it broke")
        .event("exception", [Pair::new("exception.type", "Broken")]);
    span.links.links.push(Link::new(context, vec![Pair::new("why", "retry")], 3));
    span.span_kind = SpanKind::Client;
    span.parent_span_is_remote = true;
    span.dropped_attributes_count = 5;
    span
}

fn read(path: &Path) -> Vec<ExportTraceServiceRequest> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_reads_back_as_the_same_spans() {
    let path = path("back");
    let mut exporter = FileExporter::create(&path).unwrap();
    let resource = Resource::builder_empty().with_attribute(Pair::new("service.name", "demo")).build();
    exporter.set_resource(&resource);
    let batch = vec![full(), span(3, 0, "root", 0, 30)];
    now(exporter.export(batch.clone())).unwrap();
    exporter.shutdown().unwrap();
    let expected = group_spans_by_resource_and_scope(batch, &ResourceAttributesWithSchema::from(&resource));
    assert_eq!(read(&path), [ExportTraceServiceRequest { resource_spans: expected }]);
    fs::remove_file(path).unwrap();
}

#[test]
fn the_json_is_what_the_specification_says() {
    let path = path("json");
    let exporter = FileExporter::create(&path).unwrap();
    now(exporter.export(vec![full()])).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let scope = &json["resourceSpans"][0]["scopeSpans"][0];
    assert_eq!(scope["scope"]["name"], "sample");
    assert_eq!(scope["scope"]["version"], "1.2.3");
    let span = &scope["spans"][0];
    for (key, value) in [
        ("traceId", serde_json::json!("4bf92f3577b34da6a3ce929d0e0e4736")),
        ("spanId", "0000000000000002".into()),
        ("parentSpanId", "0000000000000001".into()),
        ("traceState", "".into()),
        ("flags", 0x301.into()),
        ("name", "call".into()),
        ("kind", 3.into()),
        ("startTimeUnixNano", "1700000000000010000".into()),
        ("endTimeUnixNano", "1700000000000020000".into()),
        ("droppedAttributesCount", 5.into()),
        ("status", serde_json::json!({"message": "it broke", "code": 2})),
    ] {
        assert_eq!(span[key], value, "{key}");
    }
    let attributes = serde_json::json!([
        {"key": "text", "value": {"stringValue": "quote \" line\nbreak ✓ {\"doubleValue\":null}"}},
        {"key": "int", "value": {"intValue": "-9223372036854775808"}},
        {"key": "float", "value": {"doubleValue": 0.1}},
        {"key": "bool", "value": {"boolValue": true}},
        {"key": "list", "value": {"arrayValue": {"values": [{"intValue": "1"}, {"intValue": "-2"}]}}},
        {"key": "empty", "value": {"arrayValue": {"values": []}}},
    ]);
    assert_eq!(span["attributes"], attributes);
    assert_eq!(span["events"][0]["timeUnixNano"], "1700000000000020000");
    assert_eq!(span["links"][0]["traceState"], "vendor=a1");
    assert_eq!(span["links"][0]["flags"], 0x301);
    fs::remove_file(path).unwrap();
}

#[test]
fn numbers_without_a_json_form_have_their_name() {
    let path = path("nan");
    let exporter = FileExporter::create(&path).unwrap();
    let list = Value::Array(Array::F64(vec![1.5, f64::NEG_INFINITY]));
    let odd = span(1, 0, "odd", 0, 1)
        .with([Pair::new("nan", f64::NAN), Pair::new("list", list), Pair::new("one", 1.0)])
        .event("event", [Pair::new("text", r#"{"doubleValue":null}"#), Pair::new("up", f64::INFINITY)]);
    now(exporter.export(vec![odd])).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let span = &json["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    assert_eq!(span["attributes"][0]["value"]["doubleValue"], "NaN");
    assert_eq!(span["attributes"][1]["value"]["arrayValue"]["values"][1]["doubleValue"], "-Infinity");
    assert_eq!(span["attributes"][2]["value"]["doubleValue"], 1.0);
    assert_eq!(span["events"][0]["attributes"][0]["value"]["stringValue"], r#"{"doubleValue":null}"#);
    assert_eq!(span["events"][0]["attributes"][1]["value"]["doubleValue"], "Infinity");
    fs::remove_file(path).unwrap();
}

#[test]
fn a_large_batch_becomes_lines_that_the_receiver_takes() {
    let path = path("large");
    let exporter = FileExporter::create(&path).unwrap();
    let text = "x".repeat(10_000);
    let batch: Vec<_> =
        (1..=300).map(|id| span(id, 0, "s", 0, 1).with([Pair::new("t", text.clone())])).collect();
    now(exporter.export(batch)).unwrap();
    let lines = read(&path);
    let count = |line: &ExportTraceServiceRequest| line.resource_spans[0].scope_spans[0].spans.len();
    assert_eq!(lines.iter().map(count).sum::<usize>(), 300);
    assert!(fs::read_to_string(&path).unwrap().lines().all(|line| line.len() < 1 << 20));
    fs::remove_file(path).unwrap();
}

#[test]
fn create_starts_anew_and_append_goes_on() {
    let path = path("append");
    let write = |exporter: io::Result<FileExporter>| {
        let exporter = exporter.unwrap();
        now(exporter.export(vec![full()])).unwrap();
        exporter.force_flush().unwrap();
        read(&path).len()
    };
    assert_eq!(write(FileExporter::append(&path)), 1);
    assert_eq!(write(FileExporter::append(&path)), 2);
    assert_eq!(write(FileExporter::create(&path)), 1);
    fs::remove_file(&path).unwrap();
}

#[test]
fn a_line_starts_afresh_after_one_that_was_torn() {
    let path = path("torn");
    let exporter = FileExporter::create(&path).unwrap();
    exporter
        .with_file(|file, torn| {
            *torn = true;
            file.write_all(b"{\"resourceSp")
        })
        .unwrap();
    now(exporter.export(vec![full()])).unwrap();
    now(exporter.export(vec![full()])).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("{\"resourceSpans\"")).count(), 2);
    fs::remove_file(&path).unwrap();
}

#[test]
fn errors_name_the_path_and_after_a_shutdown_nothing_is_taken() {
    let error = FileExporter::create("/nowhere/spans.jsonl").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert!(error.to_string().starts_with("cannot open /nowhere/spans.jsonl to write spans: "), "{error}");

    if Path::new("/dev/full").exists() {
        let exporter = FileExporter::append("/dev/full").unwrap();
        let error = now(exporter.export(vec![full()])).unwrap_err().to_string();
        assert!(error.starts_with("Operation failed: cannot write spans to /dev/full: "), "{error}");
    }

    let path = path("shutdown");
    let exporter = FileExporter::create(&path).unwrap();
    exporter.shutdown().unwrap();
    assert!(matches!(now(exporter.export(vec![full()])), Err(OTelSdkError::AlreadyShutdown)));
    assert!(matches!(exporter.shutdown(), Err(OTelSdkError::AlreadyShutdown)));
    fs::remove_file(path).unwrap();
}
