//! Below a span that is not sampled nothing is recorded, as long as it is the current one: anybody may attach another.
//!
//! A call finds that out in place, by a word of the thread (`span/off.rs`). Here is what the word must not hide.

use wirespan::opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use wirespan::opentelemetry::{Context, SpanId, TraceFlags, TraceId};
use wirespan::opentelemetry_sdk::trace::Sampler;
use wirespan::traced;
use wirespan_tests::install_with;
use wirespan_tests::look::{block_on, value};

#[traced]
fn call(number: i64) -> i64 {
    number
}

#[traced]
async fn call_async(number: i64) -> i64 {
    number
}

#[traced]
fn around(inner: fn()) {
    inner();
}

/// Attaches a span of this process that is sampled, and calls both.
fn below_another() {
    let ids = (TraceId::from_bytes([7; 16]), SpanId::from_bytes([9; 8]));
    let other = SpanContext::new(ids.0, ids.1, TraceFlags::SAMPLED, false, TraceState::NONE);
    let attached = Context::current().with_remote_span_context(other).attach();
    call(2);
    block_on(call_async(2));
    drop(attached);
}

#[test]
fn a_sampled_span_that_is_attached_below_one_that_is_not_has_children() {
    let installed = install_with(|builder| builder.sampler(Sampler::AlwaysOff));
    around(|| {
        call(1);
        below_another();
        call(3);
        block_on(call_async(3));
    });
    let spans = installed.take();
    assert_eq!(spans.len(), 2, "{spans:?}");
    for span in &spans {
        assert_eq!(value(span, "parameter.number"), Some(2.into()));
        assert_eq!(span.parent_span_id, SpanId::from_bytes([9; 8]));
    }
}

#[test]
fn what_comes_after_a_span_that_was_not_sampled_asks_the_sampler_again() {
    let installed = install_with(|builder| builder.sampler(Sampler::AlwaysOff));
    around(|| {
        call(1);
    });
    block_on(call_async(1));
    installed.telemetry().sampler().set(Sampler::AlwaysOn);
    call(2);
    block_on(call_async(2));
    around(|| {
        call(2);
    });
    assert_eq!(installed.take().len(), 4);
}

#[test]
fn the_next_pipeline_knows_nothing_of_a_span_that_was_not_sampled_in_the_one_before() {
    for attach in [true, false] {
        let before = install_with(|builder| builder.sampler(Sampler::AlwaysOff));
        around(|| {
            call(1);
        });
        drop(before);
        let installed = install_with(|builder| builder.opentelemetry_context(attach));
        call(2);
        block_on(call_async(2));
        assert_eq!(installed.take().len(), 2, "attach {attach}");
    }
}
