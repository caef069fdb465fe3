//! Parents and links as W3C text, and the limits that the builder sets on events and links.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use wirespan::opentelemetry::{SpanId, TraceId};
use wirespan::{current, event, span, traced};
use wirespan_tests::{install, install_with};

const HEADER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[traced(parent = header)]
fn handles(header: Option<&str>) {
    let _ = header;
    event!("handled");
}

#[traced(kind = "producer")]
fn publish() -> String {
    current().traceparent().unwrap()
}

#[test]
fn the_text_of_a_header_is_a_parent_and_a_link() {
    for attach in [true, false] {
        let telemetry = install_with(|builder| builder.opentelemetry_context(attach));
        handles(Some(HEADER));
        drop(span!(parent: HEADER.to_owned(), links: [HEADER, "no header"], "by hand"));
        for name in ["handles", "by hand"] {
            let span = telemetry.span(name);
            assert_eq!(
                (span.span_context.trace_id().to_string(), span.parent_span_id.to_string()),
                ("0af7651916cd43dd8448eb211c80319c".to_owned(), "b7ad6b7169203331".to_owned())
            );
            assert!(span.parent_span_is_remote, "{name}");
        }
        let links = telemetry.span("by hand").links.links.clone();
        assert_eq!(links.len(), 1, "what is no header names no span: {links:?}");
        assert_eq!(links[0].span_context.span_id().to_string(), "b7ad6b7169203331");
    }
}

#[test]
fn a_text_that_is_no_header_makes_a_root() {
    let texts = ["", "00-1-1-1", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "\u{20ac}"];
    for header in texts.map(Some).into_iter().chain([None]) {
        let telemetry = install();
        handles(header);
        let span = telemetry.span("handles");
        assert_eq!(span.parent_span_id, SpanId::INVALID, "{header:?}");
        assert_ne!(span.span_context.trace_id(), TraceId::INVALID);
    }
}

#[test]
fn a_sender_that_did_not_sample_is_followed() {
    let telemetry = install();
    handles(Some(&HEADER.replace("-01", "-00")));
    assert!(telemetry.spans().is_empty());
}

#[test]
fn what_one_process_writes_by_hand_the_next_reads() {
    let telemetry = install();
    assert_eq!(current().traceparent(), None, "outside of every span");
    handles(Some(&publish()));
    let (sent, received) = (telemetry.span("publish"), telemetry.span("handles"));
    assert_eq!(received.parent_span_id, sent.span_context.span_id());
    assert_eq!(received.span_context.trace_id(), sent.span_context.trace_id());
}

#[test]
fn the_builder_limits_events_and_links_in_number() {
    let telemetry = install_with(|builder| builder.max_events_per_span(2).max_links_per_span(1));
    let open = span!(links: [HEADER, HEADER, HEADER], "many");
    for n in 0..5_u8 {
        event!("one", n);
    }
    drop(open);
    let span = telemetry.span("many");
    assert_eq!((span.events.len(), span.events.dropped_count), (2, 3));
    assert_eq!((span.links.len(), span.links.dropped_count), (1, 2));
    let shown = telemetry.telemetry().config().to_string();
    assert!(shown.contains("traces.limits.events") && shown.contains("builder"), "{shown}");
}
