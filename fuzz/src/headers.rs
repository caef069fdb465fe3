//! The propagators, by their files, beside the grammars that the tests compare them with.
//!
//! Each target makes header lines of any bytes. What a propagator reads of them must be what the grammar says; what it sends on must
//! be of the grammar, and mean the same to whoever reads it.

#[allow(unused_imports, reason = "the crate itself uses what is not used here")]
#[path = "../../runtime/src/propagation/mod.rs"]
mod propagation;
#[path = "../../tests/tests/propagation/reference.rs"]
mod reference;

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;

use propagation::{W3cPropagator, properties};

const NAMES: [&str; 3] = ["traceparent", "tracestate", "baggage"];

/// `traceparent` in the first line, `tracestate` in those below.
pub fn trace_context(bytes: &[u8]) {
    let name = |line: usize| NAMES[line.min(1)];
    check(lines(bytes).enumerate().map(|(line, text)| (name(line), text)).collect());
}

/// `baggage` in every line.
pub fn baggage(bytes: &[u8]) {
    check(lines(bytes).map(|text| ("baggage", text)).collect());
}

/// Any headers: the first byte of a line says which.
pub fn headers(bytes: &[u8]) {
    let line = |line: &[u8]| {
        let (which, text) = line.split_first()?;
        Some((NAMES[usize::from(*which) % 3], String::from_utf8_lossy(text).into_owned()))
    };
    check(bytes.split(|byte| *byte == b'\n').filter_map(line).collect());
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes.split(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line).into_owned())
}

#[derive(Debug, Default, PartialEq)]
struct Headers(Vec<(&'static str, String)>);

impl Extractor for Headers {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str())
    }

    fn keys(&self) -> Vec<&str> {
        NAMES.to_vec()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let all: Vec<_> =
            self.0.iter().filter(|(name, _)| *name == key).map(|(_, value)| value.as_str()).collect();
        (!all.is_empty()).then_some(all)
    }
}

impl Injector for Headers {
    fn set(&mut self, key: &str, value: String) {
        let name = NAMES.into_iter().find(|name| *name == key).expect("one of the three");
        assert!(self.get(name).is_none(), "{name} is set twice");
        self.0.push((name, value));
    }
}

fn check(lines: Vec<(&'static str, String)>) {
    let headers = Headers(lines);
    let context = extracted(&headers);
    let parents = headers.get_all("traceparent").unwrap_or_default();
    // Whitespace around a header is not the grammar's, and counts for its length.
    let expected = match parents[..] {
        [one] if one.len() <= 512 => reference::traceparent(one.trim_matches([' ', '\t'])),
        _ => None,
    };
    let span = context.span().span_context().clone();
    let found = span.is_valid().then(|| {
        let (trace_id, span_id) = (span.trace_id().to_bytes(), span.span_id().to_bytes());
        (u128::from_be_bytes(trace_id), u64::from_be_bytes(span_id), span.is_sampled())
    });
    assert_eq!(found, expected);

    let sent = injected(&context);
    assert!(sent.get("traceparent").is_none_or(|header| reference::traceparent(header).is_some()));
    assert!(sent.get("tracestate").is_none_or(reference::is_tracestate), "{sent:?}");
    assert!(sent.get("baggage").is_none_or(reference::is_baggage), "{sent:?}");

    let again = extracted(&sent);
    assert_eq!(*again.span().span_context(), span);
    assert_eq!(injected(&again), sent);
    // What is read that is no text takes more room when it is sent, and then may not fit.
    if again.baggage().len() == context.baggage().len() {
        assert_eq!(members(&again), members(&context));
    }
}

fn extracted(headers: &Headers) -> Context {
    W3cPropagator::new().extract_with_context(&Context::new(), headers)
}

fn injected(context: &Context) -> Headers {
    let mut headers = Headers::default();
    W3cPropagator::new().inject_context(context, &mut headers);
    headers
}

fn members(context: &Context) -> Vec<String> {
    let mut members: Vec<_> = context
        .baggage()
        .iter()
        .map(|(key, (value, metadata))| {
            format!("{key:?} {value:?} {:?}", properties(metadata).collect::<Vec<_>>())
        })
        .collect();
    members.sort();
    members
}
