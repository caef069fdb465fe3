//! A batch: completed spans as bytes, by instrumentation scope, in the form in which a request holds them.
//!
//! In front of the spans of a scope there is room for what a request begins with, so that their memory can become the request.

use std::ops::Range;

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::trace::SpanData;

use crate::wire::{decode, encode, tag};

/// Bytes after which a batch is handed over: below the 4 MiB that OTLP receivers accept by default.
pub(crate) const MAX_BYTES: usize = 3 * 1024 * 1024;

/// Bytes in front of a scope's spans that are left free.
pub(crate) const ROOM: usize = 4096;
/// The memory of a full batch: the span that fills it usually fits.
pub(crate) const FULL: usize = ROOM + MAX_BYTES + 8 * 1024;

/// The spans of one scope: each as the field `spans` of `ScopeSpans`.
#[derive(Debug)]
pub(crate) struct Spans {
    pub(crate) scope: InstrumentationScope,
    /// [`ROOM`] and the spans.
    bytes: Vec<u8>,
}

impl Spans {
    /// The spans alone.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(ROOM..).unwrap_or_default()
    }

    /// Takes the memory of the spans, with `head` right in front of them, and where that begins; `instead` takes its place. `None`
    /// where that has nothing, or `head` is larger than the room for it.
    pub(crate) fn take(
        &mut self,
        head: &[u8],
        instead: impl FnOnce(&Vec<u8>) -> Option<Vec<u8>>,
    ) -> Option<(Vec<u8>, usize)> {
        let start = ROOM.checked_sub(head.len())?;
        self.bytes.get_mut(start..ROOM)?.copy_from_slice(head);
        let instead = instead(&self.bytes)?;
        Some((std::mem::replace(&mut self.bytes, instead), start))
    }

    /// Grows up to a full batch, and no further than that needs.
    fn make_room(&mut self) {
        let (len, capacity) = (self.bytes.len(), self.bytes.capacity());
        if len < ROOM {
            self.bytes.reserve_exact(2 * ROOM);
            self.bytes.resize(ROOM, 0);
        } else if capacity - len < ROOM && capacity < FULL {
            self.bytes.reserve_exact(FULL.min(2 * capacity) - len);
        }
    }

    fn clear(&mut self) {
        self.bytes.truncate(ROOM);
        if self.bytes.capacity() > 2 * MAX_BYTES {
            self.bytes = Vec::new();
        }
    }
}

/// Where a span lies.
#[derive(Debug, Clone)]
struct Place {
    scope: usize,
    /// With the field's key and length.
    field: Range<usize>,
    /// The message alone.
    start: usize,
}

/// Completed spans, in the order in which they were drained.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    scopes: Vec<Spans>,
    spans: Vec<Place>,
    bytes: usize,
    /// Spans that are counted without being completed, for an exporter that looks at none.
    uncounted: u64,
}

/// A span that is being written: its scope, and where it begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opened {
    scope: usize,
    field: usize,
    start: usize,
}

impl Batch {
    /// Spans in the batch.
    pub(crate) fn len(&self) -> u64 {
        self.spans.len() as u64 + self.uncounted
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of the spans.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds a span that only counts.
    pub(crate) fn count_only(&mut self) {
        self.uncounted += 1;
    }

    /// The number of a scope, which stays valid for the life of the batch.
    pub(crate) fn scope(&mut self, name: &'static str, version: Option<&'static str>) -> usize {
        let known = self
            .scopes
            .iter()
            .position(|spans| spans.scope.name() == name && spans.scope.version() == version);
        known.unwrap_or_else(|| {
            let scope = InstrumentationScope::builder(name);
            self.add_scope(match version {
                Some(version) => scope.with_version(version).build(),
                None => scope.build(),
            })
        })
    }

    fn add_scope(&mut self, scope: InstrumentationScope) -> usize {
        self.scopes.push(Spans { scope, bytes: Vec::new() });
        self.scopes.len() - 1
    }

    /// Begins a span: its message is to be appended to the bytes that come with this, and then [`close`](Self::close)d.
    pub(crate) fn open(&mut self, scope: usize) -> Option<(Opened, &mut Vec<u8>)> {
        let spans = self.scopes.get_mut(scope)?;
        spans.make_room();
        let bytes = &mut spans.bytes;
        let field = bytes.len();
        let start = encode::open_message(bytes, tag::SCOPE_SPANS_SPANS);
        Some((Opened { scope, field, start }, bytes))
    }

    /// Ends the span.
    pub(crate) fn close(&mut self, opened: Opened) {
        let Opened { scope, field, start } = opened;
        let Some(spans) = self.scopes.get_mut(scope) else { return };
        let start = encode::close_message(&mut spans.bytes, start);
        let field = field..spans.bytes.len();
        self.bytes += field.len();
        self.spans.push(Place { scope, field, start });
    }

    /// Takes the last span out again, unless it is the only one.
    pub(crate) fn take_last(&mut self) -> Option<(usize, Vec<u8>)> {
        let Place { scope, field, start } =
            if self.spans.len() > 1 { self.spans.pop()? } else { return None };
        let bytes = &mut self.scopes.get_mut(scope)?.bytes;
        let message = bytes.split_off(start);
        bytes.truncate(field.start);
        self.bytes -= field.len();
        Some((scope, message))
    }

    /// Puts another message in the place of the last span's.
    pub(crate) fn replace_last<'a>(&mut self, with: impl FnOnce(&[u8]) -> &'a [u8]) {
        let Some(Place { scope, field, start }) = self.spans.pop() else { return };
        let Some(spans) = self.scopes.get_mut(scope) else { return };
        let message = with(spans.bytes.get(start..field.end).unwrap_or_default());
        spans.bytes.truncate(field.start);
        self.bytes -= field.len();
        if let Some((opened, bytes)) = self.open(scope) {
            bytes.extend_from_slice(message);
            self.close(opened);
        }
    }

    /// Adds a span whose message is complete: one that was taken out.
    pub(crate) fn put_back(&mut self, (scope, message): (usize, Vec<u8>)) {
        if let Some((opened, bytes)) = self.open(scope) {
            bytes.extend_from_slice(&message);
            self.close(opened);
        }
    }

    /// Adds a span whose message is complete, of whatever scope.
    pub(crate) fn put_in(&mut self, scope: InstrumentationScope, message: &[u8]) {
        let known = self.scopes.iter().position(|spans| spans.scope == scope);
        let scope = known.unwrap_or_else(|| self.add_scope(scope));
        if let Some((opened, bytes)) = self.open(scope) {
            bytes.extend_from_slice(message);
            self.close(opened);
        }
    }

    /// Each span's message and scope, in order.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&InstrumentationScope, &[u8])> {
        self.spans.iter().filter_map(|place| {
            let Spans { scope, bytes } = self.scopes.get(place.scope)?;
            Some((scope, bytes.get(place.start..place.field.end)?))
        })
    }

    /// The spans by scope, as requests hold them. Scopes without a span are left out.
    pub(crate) fn by_scope(&self) -> impl Iterator<Item = &Spans> + Clone {
        self.scopes.iter().filter(|spans| !spans.bytes().is_empty())
    }

    /// The spans, where they are all of one scope.
    pub(crate) fn single_scope(&mut self) -> Option<&mut Spans> {
        let mut scopes = self.scopes.iter_mut().filter(|spans| !spans.bytes().is_empty());
        scopes.next().filter(|_| scopes.next().is_none())
    }

    /// The spans as the SDK's exporters take them.
    pub(crate) fn decode(&self) -> Vec<SpanData> {
        self.messages().map(|(scope, message)| decode::span(message, scope.clone())).collect()
    }

    /// Empties the batch; scopes and memory stay.
    pub(crate) fn clear(&mut self) {
        self.scopes.iter_mut().for_each(Spans::clear);
        self.spans.clear();
        self.bytes = 0;
        self.uncounted = 0;
    }
}
