//! Completing a record: what its call site knows and what it recorded, as one OTLP `Span` message.

use std::collections::HashMap;

use crate::callsite::{Callsite, Shown, Subject};
use crate::clock::{Anchor, Clock};
use crate::pipeline::batch::Batch;
use crate::recorder::record::{Record, flag};
use crate::wire::decode::{FLAG_HAS_IS_REMOTE, FLAG_IS_REMOTE, key_and_value};
use crate::wire::read::{Fields, Value};
use crate::wire::{encode, tag, text};

/// What every span of one instance of a call site has in common.
struct Resolved {
    scope: usize,
    /// Name, kind and the attributes that never change, as fields of `Span`.
    fields: Vec<u8>,
}

/// Completes records; remembers what it found out about call sites.
#[derive(Default)]
pub(crate) struct Completer {
    resolved: HashMap<(usize, usize), Resolved>,
}

/// Instances of call sites that are remembered: a program with more of them resolves names again and again.
const MAX_RESOLVED: usize = 16 * 1024;

impl Completer {
    /// Appends the span of `record` to `batch`.
    pub(crate) fn complete(
        &mut self,
        record: &Record,
        body: &[u8],
        batch: &mut Batch,
        clock: &Clock,
        anchor: &Anchor,
    ) {
        let key = (std::ptr::from_ref(record.callsite).addr(), record.subject as usize);
        if !self.resolved.contains_key(&key) && self.resolved.len() >= MAX_RESOLVED {
            self.resolved.clear();
        }
        let resolved =
            self.resolved.entry(key).or_insert_with(|| resolve(record.callsite, record.subject, batch));
        // The scope's number is the batch's own, so it is there.
        let Some((span, out)) = batch.open(resolved.scope) else { return };
        encode::bytes(out, tag::SPAN_TRACE_ID, &record.trace_id);
        encode::bytes(out, tag::SPAN_SPAN_ID, &record.span_id);
        let mut flags = 1 | FLAG_HAS_IS_REMOTE;
        if record.parent_id != [0; 8] {
            encode::bytes(out, tag::SPAN_PARENT_ID, &record.parent_id);
        }
        if record.flags & flag::PARENT_REMOTE != 0 {
            flags |= FLAG_IS_REMOTE;
        }
        out.extend_from_slice(&resolved.fields);
        let started = clock.unix_nanos(record.start, anchor);
        encode::fixed64(out, tag::SPAN_START, started);
        encode::fixed64(out, tag::SPAN_END, clock.unix_nanos(record.end, anchor).max(started));
        if record.flags & (flag::STRUCTURED | flag::EVENTS) == 0 {
            out.extend_from_slice(body);
        } else {
            rewrite(out, body, record.callsite.options.max_value as usize, &|ticks| {
                clock.unix_nanos(ticks, anchor)
            });
        }
        if record.flags & flag::STATUS_OK != 0 {
            encode::bytes(out, tag::SPAN_STATUS, &[tag::STATUS_CODE, tag::STATUS_OK]);
        }
        out.extend_from_slice(&tag::SPAN_FLAGS);
        out.extend_from_slice(&flags.to_le_bytes());
        batch.close(span);
    }
}

fn resolve(callsite: &'static Callsite, subject: Subject, batch: &mut Batch) -> Resolved {
    let names = callsite.names(subject);
    let source = &callsite.source;
    let mut fields = Vec::new();
    encode::bytes(&mut fields, tag::SPAN_NAME, names.span.as_bytes());
    fields.extend_from_slice(&[tag::SPAN_KIND, callsite.options.kind as u8]);
    encode::string_attribute(&mut fields, tag::SPAN_ATTRIBUTE, "code.function.name", &names.qualified);
    encode::string_attribute(&mut fields, tag::SPAN_ATTRIBUTE, "code.file.path", source.file);
    encode::int_attribute(&mut fields, tag::SPAN_ATTRIBUTE, "code.line.number", i64::from(source.line));
    for parameter in callsite.parameters().filter(|parameter| parameter.shown == Shown::Redacted) {
        let key = format!("parameter.{}", parameter.name);
        encode::string_attribute(&mut fields, tag::SPAN_ATTRIBUTE, &key, "<redacted>");
    }
    Resolved { scope: batch.scope(callsite.scope(), source.version), fields }
}

/// Copies fields. An attribute that is a list of key-value pairs becomes an attribute for each pair; `max_value` bounds the
/// texts that a list of such lists becomes. The time of an event, which comes first in it, is turned from ticks into
/// nanoseconds since the epoch.
fn rewrite(out: &mut Vec<u8>, body: &[u8], max_value: usize, unix_nanos: &dyn Fn(u64) -> u64) {
    for (number, value, whole) in Fields::new(body) {
        match (number, value) {
            (9, Value::Bytes(attribute)) => {
                let (key, any) = key_and_value(attribute);
                flatten_value(out, key, any, whole, max_value);
            }
            (11, Value::Bytes(event)) => match event.split_first_chunk::<9>() {
                Some(([tag::EVENT_TIME, ticks @ ..], rest)) => {
                    out.push(tag::SPAN_EVENT);
                    encode::varint(out, event.len() as u64);
                    encode::fixed64(out, tag::EVENT_TIME, unix_nanos(u64::from_le_bytes(*ticks)));
                    out.extend_from_slice(rest);
                }
                _ => out.extend_from_slice(whole),
            },
            _ => out.extend_from_slice(whole),
        }
    }
}

fn flatten_value(out: &mut Vec<u8>, key: &[u8], any: &[u8], whole: &[u8], max_value: usize) {
    match Fields::new(any).last() {
        Some((6, Value::Bytes(pairs), _)) => {
            for (_, value, _) in Fields::new(pairs) {
                let Value::Bytes(pair) = value else { continue };
                let (field, any) = key_and_value(pair);
                let dotted = [key, b".", field].concat();
                let mut plain = Vec::new();
                attribute(&mut plain, &dotted, any);
                flatten_value(out, &dotted, any, &plain, max_value);
            }
        }
        Some((5, Value::Bytes(list), _)) if holds_pairs(list) => {
            let mut any = Vec::new();
            let field = encode::open(&mut any, tag::VALUE_ARRAY);
            let mut room = max_value;
            for (_, value, _) in Fields::new(list) {
                let Value::Bytes(element) = value else { continue };
                let text = text::render_within(element, room);
                room -= text.len();
                let open = encode::open(&mut any, tag::ELEMENT);
                encode::bytes(&mut any, tag::VALUE_STRING, text.as_bytes());
                encode::close(&mut any, open);
            }
            encode::close(&mut any, field);
            attribute(out, key, &any);
        }
        _ => out.extend_from_slice(whole),
    }
}

fn holds_pairs(list: &[u8]) -> bool {
    Fields::new(list).any(|(_, value, _)| {
        matches!(value, Value::Bytes(any) if matches!(Fields::new(any).last(), Some((6, _, _))))
    })
}

fn attribute(out: &mut Vec<u8>, key: &[u8], any: &[u8]) {
    let field = encode::open(out, tag::SPAN_ATTRIBUTE);
    encode::bytes(out, tag::KEY, key);
    encode::bytes(out, tag::VALUE, any);
    encode::close(out, field);
}
