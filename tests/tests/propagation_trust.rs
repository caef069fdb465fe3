//! Senders that are not trusted: their trace is linked to and not continued, and their baggage is not taken.

use std::net::IpAddr;

use wirespan::opentelemetry::baggage::BaggageExt as _;
use wirespan::opentelemetry::propagation::{Extractor as _, TextMapPropagator as _};
use wirespan::opentelemetry::trace::TraceContextExt as _;
use wirespan::opentelemetry::{Context, SpanId};
use wirespan::opentelemetry_sdk::trace::Sampler;
use wirespan::propagation::{TrustInbound, W3cPropagator, untrusted_parent};
use wirespan_tests::headers::{Headers, serve};
use wirespan_tests::{install, install_with};

const TRACE: &str = "5ca1ab1e0ddba11f00dfacade0decade";
const PARENT: &str = "0ff1ce0b5e55ed00";

fn inbound(flags: &str) -> Headers {
    let parent = format!("00-{TRACE}-{PARENT}-{flags}");
    Headers::new(&[("traceparent", &parent), ("tracestate", "one=1"), ("baggage", "k=v"), ("x-edge", "no")])
}

fn never() -> W3cPropagator {
    W3cPropagator::new().trust_inbound(TrustInbound::never())
}

#[test]
fn an_untrusted_sender_is_linked_to_and_a_trace_of_our_own_begins() {
    let telemetry = install();
    let propagator = never();
    let sent = serve(&propagator, &inbound("01"), 1).remove(0);
    let spans = telemetry.spans();
    let (root, call) = (spans.one("handle"), spans.one("call"));
    assert_eq!(root.parent_span_id, SpanId::INVALID);
    assert_ne!(root.span_context.trace_id().to_string(), TRACE);
    let [link] = &root.links.links[..] else { panic!("{:?}", root.links) };
    assert_eq!(link.span_context.trace_id().to_string(), TRACE);
    assert_eq!(link.span_context.span_id().to_string(), PARENT);
    assert_eq!(link.span_context.trace_state().header(), "one=1");
    assert!(link.span_context.is_remote());
    assert!(call.links.links.is_empty(), "only the root is linked");
    assert_eq!(sent.trace_id(), root.span_context.trace_id().to_string());
    assert_eq!((sent.only("tracestate"), sent.only("baggage")), (None, None));
    assert_eq!(propagator.rejected().untrusted, 2);
}

#[test]
fn an_untrusted_sender_cannot_say_what_is_sampled() {
    // It asks for none, and every trace is recorded.
    let telemetry = install();
    let _ = serve(&never(), &inbound("00"), 0);
    assert_eq!(telemetry.span("handle").links.links.len(), 1);
    drop(telemetry);
    // It asks for all, and only what is trusted is.
    let parent_based = Sampler::ParentBased(Box::new(Sampler::AlwaysOff));
    let telemetry = install_with(|builder| builder.sampler(parent_based));
    let _ = serve(&never(), &inbound("01"), 0);
    assert_eq!(telemetry.spans().len(), 0);
    let _ = serve(&W3cPropagator::new(), &inbound("01"), 0);
    assert_eq!(telemetry.spans().len(), 1);
}

#[test]
fn every_sender_is_trusted_by_default() {
    let telemetry = install();
    for propagator in [W3cPropagator::new(), W3cPropagator::new().trust_inbound(TrustInbound::always())] {
        let sent = serve(&propagator, &inbound("01"), 1).remove(0);
        assert_eq!(sent.trace_id(), TRACE);
        assert_eq!((sent.only("tracestate"), sent.only("baggage")), (Some("one=1"), Some("k=v")));
        assert_eq!(propagator.rejected().untrusted, 0);
    }
    assert!(telemetry.spans().iter().all(|span| span.links.links.is_empty()));
}

#[test]
fn a_closure_decides_by_the_headers() {
    let propagator = W3cPropagator::new()
        .trust_inbound(TrustInbound::when(|_, headers| headers.get("x-edge") != Some("no")));
    let context = propagator.extract_with_context(&Context::new(), &inbound("01"));
    assert!(!context.span().span_context().is_valid() && context.baggage().is_empty());
    assert_eq!(untrusted_parent(&context).map(|span| span.trace_id().to_string()).as_deref(), Some(TRACE));

    let trusted = Headers::of(inbound("01").keys().into_iter().filter(|key| *key != "x-edge").map(|key| {
        let name = ["traceparent", "tracestate", "baggage"].into_iter().find(|name| *name == key);
        (name.unwrap_or_default(), inbound("01").get(key).unwrap_or_default().to_owned())
    }));
    let context = propagator.extract_with_context(&Context::new(), &trusted);
    assert_eq!(context.span().span_context().trace_id().to_string(), TRACE);
    assert_eq!(context.baggage().len(), 1);
    assert!(untrusted_parent(&context).is_none());
}

#[test]
fn a_closure_decides_by_what_the_server_knows() {
    struct Peer(IpAddr);
    let ours =
        TrustInbound::when(|context, _| context.get::<Peer>().is_some_and(|peer| peer.0.is_loopback()));
    let propagator = W3cPropagator::new().trust_inbound(ours);
    for (address, trusted) in [([127, 0, 0, 1], true), ([192, 0, 2, 7], false)] {
        let context = Context::new().with_value(Peer(address.into()));
        let context = propagator.extract_with_context(&context, &inbound("01"));
        assert_eq!(context.span().span_context().is_valid(), trusted);
        assert_eq!(context.baggage().len(), usize::from(trusted));
    }
}

#[test]
fn a_closure_that_panics_trusts_nobody() {
    struct PanicsAgain;
    impl Drop for PanicsAgain {
        fn drop(&mut self) {
            panic!("and again");
        }
    }
    let panics = TrustInbound::when(|_, _| std::panic::panic_any(PanicsAgain));
    let propagator = W3cPropagator::new().trust_inbound(panics);
    let context = propagator.extract_with_context(&Context::new(), &inbound("01"));
    assert!(!context.span().span_context().is_valid() && context.baggage().is_empty());
    assert!(untrusted_parent(&context).is_some());
}

#[test]
fn a_header_that_is_no_parent_is_not_linked_to() {
    let headers = Headers::new(&[("traceparent", "00-1-1-1"), ("tracestate", "one=1")]);
    let context = never().extract_with_context(&Context::new(), &headers);
    assert!(untrusted_parent(&context).is_none());
    assert_eq!(never().rejected().untrusted, 0);
}
