//! What a hostile header may not do: be read beyond its limit, be passed on where it could not stand, or be seen anywhere.

use wirespan::opentelemetry::baggage::{Baggage, BaggageExt as _, KeyValueMetadata};
use wirespan::opentelemetry::propagation::TextMapPropagator as _;
use wirespan::opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use wirespan::opentelemetry::{Context, KeyValue, SpanId, TraceFlags, TraceId};
use wirespan::propagation::{BaggagePropagator, Rejected, TraceContextPropagator, W3cPropagator, rejected};
use wirespan_tests::headers::Headers;

const PARENT: &str = "00-5ca1ab1e0ddba11f00dfacade0decade-0ff1ce0b5e55ed00-01";
const MIB_8: usize = 8 << 20;

/// The context that comes of these lines, and what was left out.
fn extracted(lines: &[(&'static str, String)]) -> (Context, Rejected) {
    let propagator = W3cPropagator::new();
    let context = propagator.extract_with_context(&Context::new(), &Headers::of(lines.iter().cloned()));
    (context, propagator.rejected())
}

fn parent() -> (&'static str, String) {
    ("traceparent", PARENT.to_owned())
}

fn is_parent(context: &Context) -> bool {
    context.span().span_context().is_valid()
}

fn state_of(context: &Context) -> String {
    context.span().span_context().trace_state().header()
}

#[test]
fn a_traceparent_of_8_mib_is_no_parent() {
    let texts = [
        "-".repeat(MIB_8),
        "0".repeat(MIB_8),
        " ".repeat(MIB_8),
        format!("{PARENT}{}", " ".repeat(MIB_8)),
        format!("cc{}-{}", &PARENT[2..], "x".repeat(MIB_8)),
    ];
    for text in texts {
        let (context, rejected) = extracted(&[("traceparent", text)]);
        assert!(!is_parent(&context));
        assert_eq!(rejected.traceparent, 1);
    }
}

#[test]
fn a_state_over_its_limits_is_dropped_and_the_parent_kept() {
    let members =
        |count: usize| (0..count).map(|number| format!("k{number}=1")).collect::<Vec<_>>().join(",");
    let texts = [
        "a=1,".repeat(MIB_8 / 4),
        ",".repeat(MIB_8),
        members(10_000),
        members(33),
        format!("a=1{}", " ".repeat(8_190)),
        format!("a=1{}", ",".repeat(8_190)),
        format!("a=1{}", ",".repeat(64)),
    ];
    for text in texts {
        let (context, rejected) = extracted(&[parent(), ("tracestate", text)]);
        assert!(is_parent(&context));
        assert_eq!(state_of(&context), "");
        assert_eq!((rejected.traceparent, rejected.tracestate), (0, 1));
    }
    let (context, rejected) = extracted(&[parent(), ("tracestate", format!("a=1{}", " ".repeat(8_189)))]);
    assert_eq!(state_of(&context), "a=1");
    assert_eq!(rejected, Rejected::default());
    let (context, rejected) = extracted(&[parent(), ("tracestate", format!("a=1{}", ",".repeat(63)))]);
    assert_eq!((state_of(&context).as_str(), rejected), ("a=1", Rejected::default()));
}

#[test]
fn the_limit_of_a_state_is_for_all_lines_together() {
    let line = |letter: &str| ("tracestate", format!("{letter}=1{}", " ".repeat(4_092)));
    let (context, rejected) = extracted(&[parent(), line("a"), ("tracestate", "b=1".to_owned())]);
    assert_eq!((state_of(&context).as_str(), rejected.tracestate), ("a=1,b=1", 0));
    let (context, rejected) = extracted(&[parent(), line("a"), line("b"), ("tracestate", "c=1".to_owned())]);
    assert_eq!((state_of(&context).as_str(), rejected.tracestate), ("", 1));
}

#[test]
fn without_a_parent_the_state_is_not_read() {
    let (_, rejected) = extracted(&[("traceparent", "00".to_owned()), ("tracestate", "BAD".to_owned())]);
    assert_eq!((rejected.traceparent, rejected.tracestate), (1, 0));
    let (_, rejected) = extracted(&[("tracestate", "BAD".to_owned())]);
    assert_eq!(rejected, Rejected::default());
}

#[test]
fn baggage_over_8192_bytes_is_not_read() {
    for lines in [
        vec!["-".repeat(MIB_8)],
        vec!["%25".repeat(MIB_8 / 3)],
        vec![format!("a={}", "1".repeat(8_191))],
        vec!["a=1".to_owned(), format!("b={}", "1".repeat(8_187))],
        (0..10_000).map(|number| format!("k{number}=1")).collect(),
    ] {
        let lines: Vec<_> = lines.into_iter().map(|line| ("baggage", line)).collect();
        let (context, rejected) = extracted(&lines);
        assert!(context.baggage().is_empty());
        assert_eq!((rejected.baggage, rejected.baggage_members), (1, 0));
    }
    let (context, rejected) =
        extracted(&[("baggage", "a=1".to_owned()), ("baggage", format!("b={}", "1".repeat(8_186)))]);
    assert_eq!((context.baggage().len(), rejected), (2, Rejected::default()));
}

#[test]
fn of_more_members_the_first_64_are_taken_over_all_lines() {
    let line =
        |from: usize| (from..from + 40).map(|number| format!("k{number}=1")).collect::<Vec<_>>().join(",");
    let (context, rejected) = extracted(&[("baggage", line(0)), ("baggage", line(40))]);
    assert_eq!(context.baggage().len(), 64);
    assert!(context.baggage().get("k63").is_some() && context.baggage().get("k64").is_none());
    assert_eq!((rejected.baggage, rejected.baggage_members), (0, 16));
}

#[test]
fn a_bad_member_is_left_out_whole_and_the_others_are_taken() {
    let bad = [
        "novalue",
        "=1",
        "a b=1",
        "a=b c",
        "a=\"b\"",
        "a=b\\c",
        "é=1",
        "a=é",
        "a=\u{1b}[2J",
        "a=b\0",
        "a\r\nb=1",
        "a=1;",
        "a=1;p q",
        "a=1;=2",
        "a=1;p=\u{1b}",
        "a(=1",
        "a@b=1",
    ];
    for bad in bad {
        let (context, rejected) = extracted(&[("baggage", format!("x=1;p,{bad},y=2"))]);
        assert_eq!(context.baggage().len(), 2, "{bad:?}");
        assert_eq!(rejected.baggage_members, 1, "{bad:?}");
    }
    let (context, rejected) = extracted(&[("baggage", " , a=1,,b=2, ".to_owned())]);
    assert_eq!((context.baggage().len(), rejected), (2, Rejected::default()));
    // 180 places are looked at, empty ones too.
    let behind = |commas: usize| extracted(&[("baggage", format!("{}a=1", ",".repeat(commas)))]);
    assert_eq!((behind(179).0.baggage().len(), behind(179).1.baggage_members), (1, 0));
    assert_eq!((behind(180).0.baggage().len(), behind(180).1.baggage_members), (0, 1));
}

#[test]
fn bytes_that_are_no_text_are_replaced_and_the_last_of_one_key_counts() {
    let (context, _) = extracted(&[("baggage", "a=%FF%FEb,k=1,k=2;p,%61=3".to_owned())]);
    let value = |key: &str| context.baggage().get(key).map(|value| value.as_str().to_owned());
    assert_eq!(value("a").as_deref(), Some("\u{fffd}\u{fffd}b"));
    assert_eq!(value("k").as_deref(), Some("2"));
    // A key is not decoded.
    assert_eq!(value("%61").as_deref(), Some("3"));
}

/// What is sent in a trace with this state.
fn sent(state: TraceState) -> (Headers, Rejected) {
    let (trace_id, span_id) = (TraceId::from_bytes([1; 16]), SpanId::from_bytes([2; 8]));
    let span = SpanContext::new(trace_id, span_id, TraceFlags::new(0xff), false, state);
    let propagator = TraceContextPropagator::new();
    let headers = Headers::injected(&propagator, &Context::new().with_remote_span_context(span));
    (headers, propagator.rejected())
}

#[test]
fn only_what_may_stand_in_a_state_is_sent() {
    for value in ["1\r\nset-cookie: x", "\u{1b}[2J", "é", "", "1 "] {
        let state = TraceState::from_key_value([("one", "1"), ("two", value)]).expect("it is taken");
        let (headers, rejected) = sent(state);
        assert_eq!(headers.only("tracestate"), None);
        assert_eq!(headers.traceparent()[3], "03");
        assert_eq!(rejected.not_sent, 2);
    }
}

#[test]
fn of_a_state_that_is_too_long_the_members_on_the_right_are_not_sent() {
    let value = "v".repeat(256);
    let pairs: Vec<_> = (0..32).map(|number| (format!("k{number:02}"), value.clone())).collect();
    let (headers, rejected) = sent(TraceState::from_key_value(pairs).expect("it is taken"));
    let header = headers.only("tracestate").expect("it is sent");
    assert!(header.len() <= 8_192, "{}", header.len());
    let members = headers.tracestate();
    assert_eq!(members.len(), 31);
    assert!(members.iter().enumerate().all(|(at, (key, v))| *key == format!("k{at:02}") && *v == value));
    assert_eq!(rejected.not_sent, 1);
}

/// The header of this baggage.
fn sent_of(baggage: impl Into<Baggage>) -> (Option<String>, u64) {
    let propagator = BaggagePropagator::new();
    let headers = Headers::injected(&propagator, &Context::new().with_baggage(baggage));
    (headers.only("baggage").map(str::to_owned), propagator.rejected().not_sent)
}

#[test]
fn only_what_may_stand_in_baggage_is_sent() {
    let of = |metadata: &str| sent_of([KeyValueMetadata::new("k", "v", metadata)]);
    assert_eq!(of("p; q = 1"), (Some("k=v;p;q=1".to_owned()), 0));
    assert_eq!(of("p=50% off,now\r\nx: y"), (Some("k=v;p=50%25%20off%2Cnow%0D%0Ax:%20y".to_owned()), 0));
    for metadata in ["p q", "p;;q", "p\r\nx: y", "é=1", "=1", "p,other=1"] {
        assert_eq!(of(metadata), (None, 1), "{metadata:?}");
    }
    assert_eq!(sent_of([KeyValue::new("k", "a\r\nb\0é%")]).0.as_deref(), Some("k=a%0D%0Ab%00%C3%A9%25"));
}

#[test]
fn baggage_that_is_too_long_when_encoded_is_sent_without_the_members_that_do_not_fit() {
    let value = |key: &'static str, length: usize| KeyValue::new(key, "\n".repeat(length));
    // Three bytes each, and two for the key and `=`.
    assert_eq!(sent_of([value("a", 2_730)]).0.map(|header| header.len()), Some(8_192));
    assert_eq!(sent_of([value("a", 2_731)]), (None, 1));
    let (header, left_out) = sent_of([value("a", 1_000), value("b", 2_000), value("c", 1_000)]);
    let header = header.expect("two are sent");
    assert_eq!((header.len(), left_out), (2 * 3_002 + 1, 1));
    assert!(header.starts_with("a=%0A") && header.contains(",c=%0A") && !header.contains('b'));
}

#[test]
fn a_value_of_a_header_is_in_nothing_that_is_printed() {
    let before = rejected();
    let propagator = W3cPropagator::new();
    let secret = "5ec2e7";
    let lines = [("traceparent", secret), ("tracestate", secret), ("baggage", secret)];
    let context = propagator.extract_with_context(&Context::new(), &Headers::new(&lines));
    assert!(!format!("{propagator:?}{context:?}").contains(secret));
    let after = rejected();
    assert!(after.traceparent > before.traceparent && after.baggage_members > before.baggage_members);
}

#[test]
fn each_propagator_says_which_headers_are_its_own() {
    let fields = |propagator: &dyn wirespan::opentelemetry::propagation::TextMapPropagator| {
        propagator.fields().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(fields(&TraceContextPropagator::new()), ["traceparent", "tracestate"]);
    assert_eq!(fields(&BaggagePropagator::new()), ["baggage"]);
    assert_eq!(fields(&W3cPropagator::new()), ["traceparent", "tracestate", "baggage"]);
}
