//! Completing a record: what its call site knows and what it recorded, as one OTLP `Span` message.
#![expect(unsafe_code, reason = "the body of a record holds addresses")]

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::callsite::{Callsite, Shown, Subject};
#[cfg(feature = "metrics")]
use crate::capture::counts;
use crate::clock::Anchor;
use crate::pipeline::batch::Batch;
use crate::recorder::record::{Record, flag};
use crate::wire::decode::{FLAG_HAS_IS_REMOTE, FLAG_IS_REMOTE, key_and_value};
use crate::wire::read::{Fields, Value};
use crate::wire::{encode, raw, tag, text};

/// A call site and what its methods are of: two addresses.
type Key = (usize, usize);

/// What every span of one instance of a call site has in common.
struct Resolved {
    key: Key,
    scope: usize,
    /// Name, kind and the attributes that never change, as fields of `Span`.
    fields: Vec<u8>,
    /// Attributes among them that hide a parameter.
    #[cfg(feature = "metrics")]
    redacted: u64,
}

/// Completes records; remembers what it found out about call sites.
#[derive(Default)]
pub(crate) struct Completer {
    resolved: Vec<Resolved>,
    places: HashMap<Key, usize, BuildHasherDefault<AddressHasher>>,
    /// Where the last one was found: calls of one function come one behind the other.
    last: usize,
}

/// Instances of call sites that are remembered: a program with more of them resolves names again and again.
const MAX_RESOLVED: usize = 16 * 1024;

impl Completer {
    /// Appends the span of `record` to `batch`.
    pub(crate) fn complete(&mut self, record: &Record, body: &[u8], batch: &mut Batch, anchor: &Anchor) {
        let Some(resolved) = self.resolved(record, batch) else { return };
        // The scope's number is the batch's own, so it is there.
        let Some((span, out)) = batch.open(resolved.scope) else { return };
        let started = anchor.unix_nanos(record.start);
        out.extend_from_slice(&head(record, started, anchor.unix_nanos(record.end).max(started)));
        if record.parent_id == [0; 8] {
            out.truncate(out.len() - PARENT);
        }
        out.extend_from_slice(&resolved.fields);
        #[cfg(feature = "metrics")]
        if resolved.redacted > 0 {
            counts::count_redacted(resolved.redacted);
        }
        if record.flags & (flag::STRUCTURED | flag::EVENTS) == 0 {
            expand(body, out);
        } else {
            let begin = out.len() - resolved.fields.len();
            let mut encoded = Vec::with_capacity(2 * body.len());
            expand(body, &mut encoded);
            rewrite(out, &encoded, record.callsite.options.limits.value as usize, &|ticks| {
                anchor.unix_nanos(ticks)
            });
            add_context(out, begin, &encoded);
        }
        if record.flags & flag::STATUS_OK != 0 {
            out.extend_from_slice(&[tag::SPAN_STATUS, 2, tag::STATUS_CODE, tag::STATUS_OK]);
        }
        batch.close(span);
    }

    /// What is known about the call site of `record`.
    #[cfg_attr(not(debug_assertions), inline)]
    fn resolved(&mut self, record: &Record, batch: &mut Batch) -> Option<&Resolved> {
        let key = (std::ptr::from_ref(record.callsite).addr(), record.subject as usize);
        if self.resolved.get(self.last).is_none_or(|resolved| resolved.key != key) {
            self.last = self.look_up(key, record, batch);
        }
        self.resolved.get(self.last)
    }

    fn look_up(&mut self, key: Key, record: &Record, batch: &mut Batch) -> usize {
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        if self.resolved.len() >= MAX_RESOLVED {
            self.resolved.clear();
            self.places.clear();
        }
        let place = self.resolved.len();
        self.resolved.push(resolve(key, record.callsite, record.subject, batch));
        self.places.insert(key, place);
        place
    }
}

/// Hashes addresses, which nobody chooses to collide.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, word: usize) {
        // The odd number next to 2^64 divided by the golden ratio; the high bits depend on all of the word's.
        let mixed = (self.0 ^ word as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What [`head`] makes, of which the parent is the end.
const HEAD: usize = 18 + 10 + 9 + 9 + 6 + PARENT;
const PARENT: usize = 10;

/// The fields that every span has of its own, put together in one piece of one length; a root has no parent.
#[cfg_attr(not(debug_assertions), inline)]
fn head(record: &Record, started: u64, ended: u64) -> [u8; HEAD] {
    let remote = if record.flags & flag::PARENT_REMOTE != 0 { FLAG_IS_REMOTE } else { 0 };
    let flags = 1 | FLAG_HAS_IS_REMOTE | remote;
    let [flags_key, flags_key_end] = tag::SPAN_FLAGS;
    let mut head = [0; HEAD];
    let mut at = head.as_mut_slice();
    let mut put = |bytes: &[u8]| {
        let (place, after) = std::mem::take(&mut at).split_at_mut(bytes.len());
        place.copy_from_slice(bytes);
        at = after;
    };
    put(&[tag::SPAN_TRACE_ID, 16]);
    put(&record.trace_id);
    put(&[tag::SPAN_SPAN_ID, 8]);
    put(&record.span_id);
    put(&[tag::SPAN_START]);
    put(&started.to_le_bytes());
    put(&[tag::SPAN_END]);
    put(&ended.to_le_bytes());
    put(&[flags_key, flags_key_end]);
    put(&flags.to_le_bytes());
    put(&[tag::SPAN_PARENT_ID, 8]);
    put(&record.parent_id);
    head
}

fn resolve(key: Key, callsite: &'static Callsite, subject: Subject, batch: &mut Batch) -> Resolved {
    let names = callsite.names(subject);
    let source = &callsite.source;
    let mut fields = Vec::new();
    encode::bytes(&mut fields, tag::SPAN_NAME, names.span.as_bytes());
    fields.extend_from_slice(&[tag::SPAN_KIND, callsite.options.kind as u8]);
    encode::string_attribute(&mut fields, tag::SPAN_ATTRIBUTE, "code.function.name", &names.qualified);
    encode::string_attribute(&mut fields, tag::SPAN_ATTRIBUTE, "code.file.path", source.file);
    encode::int_attribute(&mut fields, tag::SPAN_ATTRIBUTE, "code.line.number", i64::from(source.line));
    let redacted = || callsite.parameters().filter(|parameter| parameter.shown == Shown::Redacted);
    for parameter in redacted() {
        let key = format!("parameter.{}", parameter.name);
        encode::string_attribute(&mut fields, tag::SPAN_ATTRIBUTE, &key, "<redacted>");
    }
    Resolved {
        key,
        scope: batch.scope(callsite.scope(), source.version),
        fields,
        #[cfg(feature = "metrics")]
        redacted: redacted().count() as u64,
    }
}

/// Appends the body of a record.
fn expand(body: &[u8], out: &mut Vec<u8>) {
    // SAFETY: the body of a record is what its thread captured, through `capture/attributes.rs`, and fields that are encoded.
    unsafe { raw::expand(body, out) }
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
            // Last of all, when the span's own are known.
            (14, Value::Bytes(_)) => {}
            _ => out.extend_from_slice(whole),
        }
    }
}

/// Adds the attributes of the request that the span, which begins at `begin`, does not have itself.
fn add_context(out: &mut Vec<u8>, begin: usize, body: &[u8]) {
    let Some((14, Value::Bytes(context), _)) = Fields::new(body).last() else { return };
    let end = out.len();
    for (_, value, whole) in Fields::new(context) {
        let Value::Bytes(attribute) = value else { continue };
        let (key, _) = key_and_value(attribute);
        let own = out.get(begin..end).unwrap_or_default();
        let is_own = Fields::new(own).any(
            |(number, value, _)| matches!(value, Value::Bytes(own) if number == 9 && key_and_value(own).0 == key),
        );
        if !is_own {
            out.extend_from_slice(whole);
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
