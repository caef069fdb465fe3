//! The expressions of the attribute see the parameters: one that only they use is used, whatever binds it. That one which is
//! recorded alone is still reported as unused is `ui/lints_still_fire.rs`'s.
#![deny(unused_variables, unused_mut, dead_code)]

use wirespan::opentelemetry::trace::{SpanContext, TraceState};
use wirespan::opentelemetry::{SpanId, TraceFlags, TraceId};
use wirespan::{current, span, traced};
use wirespan_tests::look::block_on;
use wirespan_tests::{install, text};

const HEADER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const FAR: u128 = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c;

#[traced(parent = header)]
fn below(header: &str) {}

#[traced(parent = headers.first())]
async fn below_first(headers: Vec<String>) {}

#[traced(parent = header)]
fn below_one_of((header, count): (String, u8)) -> u8 {
    count
}

#[traced(parent = spans.0)]
async fn below_one_of_many(Many { spans, count }: Many) -> u64 {
    count
}

struct Many {
    spans: (SpanContext, SpanContext),
    count: u64,
}

fn far(span: u64) -> SpanContext {
    let (trace, span) = (TraceId::from(FAR), SpanId::from(span));
    SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::default())
}

#[test]
fn a_parameter_that_only_names_the_parent_is_used() {
    let telemetry = install();
    below(HEADER);
    block_on(below_first(vec![HEADER.to_owned()]));
    assert_eq!(below_one_of((HEADER.to_owned(), 3)), 3);
    assert_eq!(block_on(below_one_of_many(Many { spans: (far(7), far(8)), count: 4 })), 4);
    let spans = telemetry.spans();
    assert_eq!(spans.len(), 4);
    for span in &spans {
        assert_eq!(span.span_context.trace_id(), TraceId::from(FAR), "{}", span.name);
    }
    assert_eq!(telemetry.span("below_one_of_many").parent_span_id, SpanId::from(7));
}

#[traced(links(&others), skip_all)]
fn linked(others: Vec<SpanContext>) {}

#[traced(fields(size = rows.len(), shown = format!("{type}")), skip(rows, r#type))]
async fn described(rows: &[u8], r#type: u8, #[cfg(any())] gone: u8) {}

#[traced(fields(sum = a + b))]
fn added((a, b): (u64, u64), #[cfg(any())] gone: u8) {}

#[test]
fn a_parameter_that_only_a_link_or_a_field_uses_is_used() {
    let telemetry = install();
    linked(vec![far(7)]);
    block_on(described(&[1, 2], 3));
    added((4, 5));
    assert_eq!(telemetry.span("linked").links.len(), 1);
    let described = telemetry.span("described");
    assert_eq!(text(&described, "size").as_deref(), Some("2"));
    assert_eq!(text(&described, "shown").as_deref(), Some("3"));
    assert_eq!(text(&telemetry.span("added"), "sum").as_deref(), Some("9"));
}

/// Tells when it is dropped.
struct Noisy<'a>(&'a str, &'a std::cell::RefCell<Vec<String>>);

impl Drop for Noisy<'_> {
    fn drop(&mut self) {
        self.1.borrow_mut().push(format!("{} in {}", self.0, current().is_recording()));
    }
}

#[traced(fields(name = first.0), skip_all)]
fn dropping(first: Noisy<'_>, _second: Noisy<'_>) {}

#[test]
fn what_the_attribute_uses_drops_as_if_it_did_not() {
    let telemetry = install();
    let order = std::cell::RefCell::default();
    span!("outer").in_scope(|| dropping(Noisy("first", &order), Noisy("second", &order)));
    assert_eq!(*order.borrow(), ["second in true", "first in true"]);
    assert_eq!(text(&telemetry.span("dropping"), "name").as_deref(), Some("first"));
}
