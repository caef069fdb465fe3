//! A batch: completed spans as bytes, and which scope each belongs to.

use std::ops::Range;

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::trace::SpanData;

use crate::wire::decode;

/// Bytes after which a batch is handed over: below the 4 MiB that OTLP receivers accept by default.
pub(crate) const MAX_BYTES: usize = 3 * 1024 * 1024;

/// Completed spans, in the order in which they were drained.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) bytes: Vec<u8>,
    spans: Vec<(usize, Range<usize>)>,
    scopes: Vec<InstrumentationScope>,
    /// Spans that are counted without being completed, for an exporter that looks at none.
    uncounted: u64,
}

impl Batch {
    /// Spans in the batch.
    pub(crate) fn len(&self) -> u64 {
        self.spans.len() as u64 + self.uncounted
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a span that only counts.
    pub(crate) fn count_only(&mut self) {
        self.uncounted += 1;
    }

    /// The number of a scope, which stays valid for the life of the batch.
    pub(crate) fn scope(&mut self, name: &'static str, version: Option<&'static str>) -> usize {
        let known = self.scopes.iter().position(|scope| scope.name() == name && scope.version() == version);
        known.unwrap_or_else(|| {
            let scope = InstrumentationScope::builder(name);
            self.scopes.push(match version {
                Some(version) => scope.with_version(version).build(),
                None => scope.build(),
            });
            self.scopes.len() - 1
        })
    }

    /// Adds the span whose message was appended to `bytes` since they were `start` long.
    pub(crate) fn push(&mut self, scope: usize, start: usize) {
        self.spans.push((scope, start..self.bytes.len()));
    }

    /// Takes the last span out again, unless it is the only one.
    pub(crate) fn take_last(&mut self) -> Option<(usize, Vec<u8>)> {
        let (scope, range) = if self.spans.len() > 1 { self.spans.pop()? } else { return None };
        Some((scope, self.bytes.split_off(range.start)))
    }

    /// Puts a span back that was taken out.
    pub(crate) fn put_back(&mut self, (scope, bytes): (usize, Vec<u8>)) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&bytes);
        self.push(scope, start);
    }

    /// The spans as the SDK's exporters take them.
    pub(crate) fn decode(&self) -> Vec<SpanData> {
        let spans = self.spans.iter().filter_map(|(scope, range)| {
            Some(decode::span(self.bytes.get(range.clone())?, self.scopes.get(*scope)?.clone()))
        });
        spans.collect()
    }

    /// Empties the batch; scopes and memory stay.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        if self.bytes.capacity() > 2 * MAX_BYTES {
            self.bytes = Vec::new();
        }
        self.spans.clear();
        self.uncounted = 0;
    }
}
