//! A program that has set OpenTelemetry's global tracer provider itself keeps it. In a file of its own: there is one in a process.

use opentelemetry::global;
use opentelemetry::trace::Tracer as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use wirespan_tests::install;

#[test]
fn a_provider_that_the_program_has_set_is_left_alone() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    global::set_tracer_provider(provider);
    let installed = install();
    global::tracer("library").in_span("the program's", |_| ());
    let names: Vec<_> =
        exporter.get_finished_spans().expect("spans").into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["the program's"], "nothing was asked of it when wirespan was installed");
    assert!(installed.take().is_empty());
}
