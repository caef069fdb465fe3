//! The propagator of `baggage`.

use std::sync::OnceLock;

use opentelemetry::baggage::{Baggage, BaggageExt as _, BaggageMetadata};
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::{Context, StringValue};

use super::counts::{Counters, Kind, Rejected};
use super::member::{Member, split_any_property};
use super::percent;
use super::text::{BAGGAGE, is_token, joined_bytes, trim};
use super::trust::TrustInbound;
use crate::context::{incoming, outgoing};

/// Longest baggage, all lines together.
const MAX_BYTES: usize = 8_192;
/// Most members that are taken, and sent.
const MAX_MEMBERS: usize = 64;
/// Most members that are looked at, empty ones too: so many the specification's grammar has.
const MAX_LOOKED_AT: usize = 180;

/// Carries OpenTelemetry's `Baggage` to another process, as the header `baggage`.
///
/// It is OpenTelemetry's propagator of the same name with the specification's limits over all lines of the header, values
/// and properties that come back as they were sent, and nothing said about a header but a count. Baggage is not recorded on
/// spans, but for what [`Builder::context_from_baggage`](crate::Builder::context_from_baggage) lets in; and what
/// [`Builder::context_to_baggage`](crate::Builder::context_to_baggage) lets out is sent with it. Clones share their counters.
#[derive(Debug, Clone, Default)]
pub struct BaggagePropagator {
    trust: TrustInbound,
    counters: Counters,
}

impl BaggagePropagator {
    /// A propagator that trusts every sender.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says whose baggage is taken. Default: everybody's.
    #[must_use = "it returns the propagator"]
    pub fn trust_inbound(mut self, trust: TrustInbound) -> Self {
        self.trust = trust;
        self
    }

    /// What this propagator and its clones have left out.
    pub fn rejected(&self) -> Rejected {
        self.counters.read()
    }

    pub(super) fn counted_by(counters: Counters) -> Self {
        Self { counters, ..Self::default() }
    }

    /// The good members of lines that are not too long. Of what is beyond the limits only the commas are counted.
    fn read(&self, lines: &[&str]) -> Baggage {
        let mut baggage = Baggage::new();
        let (mut looked_at, mut taken, mut left_out) = (0, 0, 0);
        for line in lines {
            let mut rest = Some(*line);
            while let Some(members) = rest {
                if taken == MAX_MEMBERS || looked_at == MAX_LOOKED_AT {
                    left_out += 1 + members.bytes().filter(|byte| *byte == b',').count();
                    break;
                }
                let (text, behind) =
                    members.split_once(',').map_or((members, None), |(text, behind)| (text, Some(behind)));
                rest = behind;
                looked_at += 1;
                if trim(text).is_empty() {
                    continue;
                }
                let Some(member) = Member::parse(text) else {
                    left_out += 1;
                    continue;
                };
                let metadata = BaggageMetadata::from(member.properties());
                baggage.insert_with_metadata(member.key().to_owned(), member.value().into_owned(), metadata);
                taken += 1;
            }
        }
        self.counters.add(Kind::BaggageMember, left_out);
        baggage
    }
}

impl TextMapPropagator for BaggagePropagator {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let baggage = context.baggage();
        // Of the request's attributes those that may leave; what the program itself put into its baggage counts before them.
        let attributes: Vec<_> = outgoing(context)
            .into_iter()
            .filter(|(key, _)| baggage.get(key).is_none())
            .map(|(key, value)| (key, (StringValue::from(value), BaggageMetadata::default())))
            .collect();
        let mut members: Vec<_> = baggage.iter().map(|(key, rest)| (key.as_str(), rest)).collect();
        members.extend(attributes.iter().map(|(key, rest)| (key.as_str(), rest)));
        members.sort_unstable_by_key(|(key, _)| *key);
        let (mut header, mut sent, mut left_out) = (String::new(), 0, 0);
        for (key, (value, metadata)) in members {
            let end = header.len();
            if sent < MAX_MEMBERS && write(&mut header, key, value, metadata) && header.len() <= MAX_BYTES {
                sent += 1;
            } else {
                header.truncate(end);
                left_out += 1;
            }
        }
        self.counters.add(Kind::NotSent, left_out);
        if !header.is_empty() {
            injector.set(BAGGAGE, header);
        }
    }

    fn extract_with_context(&self, context: &Context, headers: &dyn Extractor) -> Context {
        let Some(first) = headers.get(BAGGAGE) else { return context.clone() };
        // The first line by itself: what is too long so is not even gathered.
        let lines = (first.len() <= MAX_BYTES)
            .then(|| headers.get_all(BAGGAGE).unwrap_or_else(|| vec![first]))
            .filter(|lines| joined_bytes(lines, MAX_BYTES).is_some());
        let Some(lines) = lines else {
            self.counters.add(Kind::Baggage, 1);
            return context.clone();
        };
        if !self.trust.allows(context, headers) {
            self.counters.add(Kind::Untrusted, 1);
            return context.clone();
        }
        let baggage = self.read(&lines);
        if baggage.is_empty() {
            return context.clone();
        }
        let value = |key: &str| baggage.get(key).map(|value| value.as_str().to_owned());
        let context = incoming(context.clone(), value);
        context.with_baggage(baggage)
    }

    fn fields(&self) -> FieldIter<'_> {
        static FIELDS: OnceLock<[String; 1]> = OnceLock::new();
        FieldIter::new(FIELDS.get_or_init(|| [BAGGAGE.to_owned()]))
    }
}

/// Appends a member; `false` where one of its properties cannot stand in a header.
fn write(header: &mut String, key: &str, value: &StringValue, metadata: &BaggageMetadata) -> bool {
    if !header.is_empty() {
        header.push(',');
    }
    header.push_str(key);
    header.push('=');
    percent::encode(header, value.as_str());
    if metadata.as_str().is_empty() {
        return true;
    }
    metadata.as_str().split(';').map(split_any_property).all(|(key, value)| {
        header.push(';');
        header.push_str(key);
        if let Some(value) = value {
            header.push('=');
            percent::encode_rest(header, value);
        }
        is_token(key)
    })
}
