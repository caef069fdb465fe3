//! Requests: a batch as the bytes of one `ExportTraceServiceRequest`, and a request as two halves.

use bytes::Bytes;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;

use super::memory::Spare;
use crate::pipeline::batch::{Batch, Spans};
use crate::wire::read::{Fields, Value};
use crate::wire::{decode, encode, tag};

/// What all requests begin with: the resource.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The field `resource` of `ResourceSpans`.
    resource: Vec<u8>,
    /// The field `schema_url`, or nothing.
    schema_url: Vec<u8>,
}

impl Frame {
    pub(crate) fn new(resource: &Resource) -> Self {
        let mut message = Vec::new();
        for (key, value) in resource {
            let attribute = KeyValue::new(key.clone(), value.clone());
            decode::encode_attribute(&mut message, tag::RESOURCE_ATTRIBUTE, &attribute);
        }
        let (mut field, mut schema_url) = (Vec::new(), Vec::new());
        encode::bytes(&mut field, tag::RESOURCE_SPANS_RESOURCE, &message);
        if let Some(url) = resource.schema_url() {
            encode::bytes(&mut schema_url, tag::RESOURCE_SPANS_SCHEMA_URL, url.as_bytes());
        }
        Self { resource: field, schema_url }
    }

    /// The request that holds every span of `batch`: in the batch's own memory where that is nearly full of spans of one scope,
    /// with other memory in its place, else in memory of its own size.
    pub(crate) fn request(&self, batch: &mut Batch, spare: &Spare) -> Bytes {
        let in_place = batch.single_scope().and_then(|spans| self.in_place(spans, spare));
        in_place.unwrap_or_else(|| {
            spare.give_back();
            self.copied(batch).into()
        })
    }

    fn in_place(&self, spans: &mut Spans, spare: &Spare) -> Option<Bytes> {
        let scope = scope_fields(&spans.scope);
        let scope_len = scope.len() + spans.bytes().len();
        let len = self.resource.len() + self.schema_url.len() + delimited_len(scope_len);
        let mut head = vec![tag::REQUEST_RESOURCE_SPANS];
        encode::varint(&mut head, len as u64);
        head.extend_from_slice(&self.resource);
        head.extend_from_slice(&self.schema_url);
        head.push(tag::RESOURCE_SPANS_SCOPE_SPANS);
        encode::varint(&mut head, scope_len as u64);
        head.extend_from_slice(&scope);
        let (memory, start) = spans.take(&head, |memory| spare.exchange(memory))?;
        Some(spare.lend(memory, start))
    }

    fn copied(&self, batch: &Batch) -> Vec<u8> {
        let scopes: Vec<_> = batch.by_scope().map(|spans| (scope_fields(&spans.scope), spans)).collect();
        let scope_len = |(scope, spans): &(Vec<u8>, &Spans)| scope.len() + spans.bytes().len();
        let all: usize = scopes.iter().map(|scope| delimited_len(scope_len(scope))).sum();
        let len = self.resource.len() + all + self.schema_url.len();
        let mut out = Vec::with_capacity(delimited_len(len));
        out.push(tag::REQUEST_RESOURCE_SPANS);
        encode::varint(&mut out, len as u64);
        out.extend_from_slice(&self.resource);
        for scope in &scopes {
            out.push(tag::RESOURCE_SPANS_SCOPE_SPANS);
            encode::varint(&mut out, scope_len(scope) as u64);
            let (fields, spans) = scope;
            out.extend_from_slice(fields);
            out.extend_from_slice(spans.bytes());
        }
        out.extend_from_slice(&self.schema_url);
        out
    }
}

/// Bytes of a field that holds `len` bytes and has a key of one byte.
fn delimited_len(len: usize) -> usize {
    1 + encode::varint_len(len as u64) + len
}

/// The fields `scope` and `schema_url` of `ScopeSpans`.
fn scope_fields(scope: &InstrumentationScope) -> Vec<u8> {
    let mut out = Vec::new();
    let message = encode::open(&mut out, tag::SCOPE_SPANS_SCOPE);
    encode::bytes(&mut out, tag::SCOPE_NAME, scope.name().as_bytes());
    if let Some(version) = scope.version() {
        encode::bytes(&mut out, tag::SCOPE_VERSION, version.as_bytes());
    }
    for attribute in scope.attributes() {
        decode::encode_attribute(&mut out, tag::SCOPE_ATTRIBUTE, attribute);
    }
    encode::close(&mut out, message);
    if let Some(url) = scope.schema_url() {
        encode::bytes(&mut out, tag::SCOPE_SPANS_SCHEMA_URL, url.as_bytes());
    }
    out
}

/// Two requests that hold the spans of one, in order, and how many the first has; `None` for a request of one span.
pub(crate) fn halves(request: &[u8]) -> Option<([Vec<u8>; 2], u64)> {
    let first = count(request) / 2;
    (first > 0).then(|| {
        let cut = usize::try_from(first).unwrap_or(usize::MAX);
        ([part(request, 0, cut), part(request, cut, usize::MAX)], first)
    })
}

/// Spans in a request.
pub(crate) fn count(request: &[u8]) -> u64 {
    let scopes = messages(request, 1).flat_map(|resource_spans| messages(resource_spans, 2));
    scopes.map(|scope_spans| messages(scope_spans, 2).count() as u64).sum()
}

/// The messages in a repeated field.
fn messages(message: &[u8], field: u64) -> impl Iterator<Item = &[u8]> {
    Fields::new(message).filter_map(move |(number, value, _)| match value {
        Value::Bytes(bytes) if number == field => Some(bytes),
        _ => None,
    })
}

/// The request with the spans from number `from` up to `to` alone.
fn part(request: &[u8], from: usize, to: usize) -> Vec<u8> {
    let (mut out, mut number) = (Vec::new(), 0);
    for resource_spans in messages(request, 1) {
        let resource_start = encode::open_message(&mut out, tag::REQUEST_RESOURCE_SPANS);
        for (field, value, whole) in Fields::new(resource_spans) {
            let (2, Value::Bytes(scope_spans)) = (field, value) else {
                out.extend_from_slice(whole);
                continue;
            };
            let scope_start = encode::open_message(&mut out, tag::RESOURCE_SPANS_SCOPE_SPANS);
            for (field, _, whole) in Fields::new(scope_spans) {
                let keep = field != 2 || (from..to).contains(&number);
                number += usize::from(field == 2);
                if keep {
                    out.extend_from_slice(whole);
                }
            }
            encode::close_message(&mut out, scope_start);
        }
        encode::close_message(&mut out, resource_start);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(batch: &mut Batch, scope: usize, id: u8) {
        let (opened, bytes) = batch.open(scope).expect("a scope");
        encode::bytes(bytes, tag::SPAN_SPAN_ID, &[id; 8]);
        batch.close(opened);
    }

    fn frame() -> Frame {
        Frame::new(&Resource::builder_empty().with_service_name("shop").build())
    }

    fn ids(request: &[u8]) -> Vec<u8> {
        let scopes = messages(request, 1).flat_map(|resource_spans| messages(resource_spans, 2));
        let spans = scopes.flat_map(|scope_spans| messages(scope_spans, 2));
        spans.filter_map(|span| messages(span, 2).next()?.first().copied()).collect()
    }

    #[test]
    fn a_request_holds_every_span_under_its_scope_and_the_resource() {
        let mut batch = Batch::default();
        let (one, two) = (batch.scope("one", Some("1.0")), batch.scope("two", None));
        let _unused = batch.scope("unused", None);
        for (scope, id) in [(one, 1), (two, 2), (one, 3)] {
            span(&mut batch, scope, id);
        }
        let request = frame().copied(&batch);
        assert_eq!(request.capacity(), request.len(), "the length was computed");
        assert_eq!(ids(&request), [1, 3, 2]);
        let resource_spans = messages(&request, 1).next().expect("one");
        assert_eq!(messages(resource_spans, 2).count(), 2, "a scope without spans is left out");
        let text = String::from_utf8_lossy(&request);
        assert!(text.contains("service.name") && text.contains("shop") && text.contains("one"), "{text}");
    }

    #[test]
    fn a_nearly_full_batch_of_one_scope_becomes_the_request_it_would_be_copied_to() {
        let (mut batch, spare) = (Batch::default(), Spare::default());
        let scope = batch.scope("one", Some("1.0"));
        for in_place in [false, true] {
            // Two times `ROOM` to begin with, of which the longer span leaves little.
            let payload = if in_place { 3_900 } else { 700 };
            let (opened, bytes) = batch.open(scope).expect("a scope");
            encode::bytes(bytes, tag::SPAN_NAME, &vec![b'n'; payload]);
            batch.close(opened);
            let copied = frame().copied(&batch);
            let spans = batch.single_scope().expect("one").bytes().as_ptr();
            let request = frame().request(&mut batch, &spare);
            assert_eq!(request, copied);
            let same = request.as_ptr_range().contains(&spans);
            assert_eq!(same, in_place, "the batch's own memory");
            batch.clear();
            span(&mut batch, scope, 1);
            assert_eq!(ids(&frame().request(&mut batch, &spare)), [1], "the batch goes on");
            batch.clear();
        }
    }

    #[test]
    fn halves_hold_all_spans_in_order_with_what_is_around_them() {
        let mut batch = Batch::default();
        let (one, two) = (batch.scope("one", None), batch.scope("two", None));
        for (scope, id) in [(one, 1), (one, 2), (two, 3), (two, 4), (two, 5)] {
            span(&mut batch, scope, id);
        }
        let request = frame().copied(&batch);
        assert_eq!(count(&request), 5);
        let ([left, right], first) = halves(&request).expect("more than one span");
        assert_eq!((first, ids(&left), ids(&right)), (2, vec![1, 2], vec![3, 4, 5]));
        assert!(String::from_utf8_lossy(&right).contains("service.name"));
    }

    #[test]
    fn one_span_has_no_halves() {
        let mut batch = Batch::default();
        let scope = batch.scope("one", None);
        span(&mut batch, scope, 1);
        assert_eq!(halves(&frame().copied(&batch)), None);
    }

    #[test]
    fn damaged_bytes_end_the_reading_and_nothing_else() {
        let mut batch = Batch::default();
        let scope = batch.scope("one", None);
        (1..9).for_each(|id| span(&mut batch, scope, id));
        let request = frame().copied(&batch);
        for end in 0..request.len() {
            let _ = halves(request.get(..end).unwrap_or_default());
        }
    }
}
