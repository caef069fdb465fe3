//! The protobuf wire format of OTLP: what of it records and batches need, written and read without objects between.
//!
//! Field numbers are those of `opentelemetry/proto/trace/v1/trace.proto` and `common/v1/common.proto` (OTLP 1.x).

pub(crate) mod body;
pub(crate) mod copy;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod raw;
pub(crate) mod read;
pub(crate) mod spare;
pub(crate) mod text;

/// An integer as it lies in a varint: two's complement.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn varint_of(value: i64) -> u64 {
    u64::from_ne_bytes(value.to_ne_bytes())
}

/// The integer that lies in a varint.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn int_of(varint: u64) -> i64 {
    i64::from_ne_bytes(varint.to_ne_bytes())
}

/// A field's key byte: number and wire type.
pub(crate) mod tag {
    const LEN: u8 = 2;
    const FIXED64: u8 = 1;

    /// `ExportTraceServiceRequest.resource_spans`.
    pub(crate) const REQUEST_RESOURCE_SPANS: u8 = 1 << 3 | LEN;
    pub(crate) const RESOURCE_SPANS_RESOURCE: u8 = 1 << 3 | LEN;
    pub(crate) const RESOURCE_SPANS_SCOPE_SPANS: u8 = 2 << 3 | LEN;
    pub(crate) const RESOURCE_SPANS_SCHEMA_URL: u8 = 3 << 3 | LEN;
    pub(crate) const RESOURCE_ATTRIBUTE: u8 = 1 << 3 | LEN;
    pub(crate) const SCOPE_SPANS_SCOPE: u8 = 1 << 3 | LEN;
    pub(crate) const SCOPE_SPANS_SPANS: u8 = 2 << 3 | LEN;
    pub(crate) const SCOPE_SPANS_SCHEMA_URL: u8 = 3 << 3 | LEN;
    pub(crate) const SCOPE_NAME: u8 = 1 << 3 | LEN;
    pub(crate) const SCOPE_VERSION: u8 = 2 << 3 | LEN;
    pub(crate) const SCOPE_ATTRIBUTE: u8 = 3 << 3 | LEN;
    pub(crate) const SPAN_TRACE_ID: u8 = 1 << 3 | LEN;
    pub(crate) const SPAN_SPAN_ID: u8 = 2 << 3 | LEN;
    pub(crate) const SPAN_TRACE_STATE: u8 = 3 << 3 | LEN;
    pub(crate) const SPAN_PARENT_ID: u8 = 4 << 3 | LEN;
    pub(crate) const SPAN_NAME: u8 = 5 << 3 | LEN;
    pub(crate) const SPAN_KIND: u8 = 6 << 3;
    pub(crate) const SPAN_START: u8 = 7 << 3 | FIXED64;
    pub(crate) const SPAN_END: u8 = 8 << 3 | FIXED64;
    pub(crate) const SPAN_ATTRIBUTE: u8 = 9 << 3 | LEN;
    pub(crate) const SPAN_DROPPED_ATTRIBUTES: u8 = 10 << 3;
    pub(crate) const SPAN_EVENT: u8 = 11 << 3 | LEN;
    pub(crate) const SPAN_DROPPED_EVENTS: u8 = 12 << 3;
    pub(crate) const SPAN_LINK: u8 = 13 << 3 | LEN;
    pub(crate) const SPAN_DROPPED_LINKS: u8 = 14 << 3;
    /// Only in a record: attributes of a request, of which the span has those that it has not itself. In a `Span` the number is that
    /// of a varint.
    pub(crate) const RECORD_CONTEXT: u8 = 14 << 3 | LEN;
    pub(crate) const SPAN_STATUS: u8 = 15 << 3 | LEN;
    /// Field 16, fixed32: two bytes of key.
    pub(crate) const SPAN_FLAGS: [u8; 2] = [0x85, 0x01];
    pub(crate) const EVENT_TIME: u8 = 1 << 3 | FIXED64;
    pub(crate) const EVENT_NAME: u8 = 2 << 3 | LEN;
    pub(crate) const EVENT_ATTRIBUTE: u8 = 3 << 3 | LEN;
    pub(crate) const EVENT_DROPPED_ATTRIBUTES: u8 = 4 << 3;
    pub(crate) const LINK_TRACE_ID: u8 = 1 << 3 | LEN;
    pub(crate) const LINK_SPAN_ID: u8 = 2 << 3 | LEN;
    pub(crate) const LINK_TRACE_STATE: u8 = 3 << 3 | LEN;
    pub(crate) const LINK_ATTRIBUTE: u8 = 4 << 3 | LEN;
    pub(crate) const LINK_DROPPED_ATTRIBUTES: u8 = 5 << 3;
    /// Fixed32.
    pub(crate) const LINK_FLAGS: u8 = 6 << 3 | 5;
    pub(crate) const STATUS_MESSAGE: u8 = 2 << 3 | LEN;
    pub(crate) const STATUS_CODE: u8 = 3 << 3;
    pub(crate) const KEY: u8 = 1 << 3 | LEN;
    pub(crate) const VALUE: u8 = 2 << 3 | LEN;
    pub(crate) const VALUE_STRING: u8 = 1 << 3 | LEN;
    pub(crate) const VALUE_BOOL: u8 = 2 << 3;
    pub(crate) const VALUE_INT: u8 = 3 << 3;
    pub(crate) const VALUE_DOUBLE: u8 = 4 << 3 | FIXED64;
    pub(crate) const VALUE_ARRAY: u8 = 5 << 3 | LEN;
    pub(crate) const VALUE_KEYS: u8 = 6 << 3 | LEN;
    pub(crate) const VALUE_BYTES: u8 = 7 << 3 | LEN;
    /// `ArrayValue.values`.
    pub(crate) const ELEMENT: u8 = 1 << 3 | LEN;
    /// `KeyValueList.values`.
    pub(crate) const ENTRY: u8 = 1 << 3 | LEN;

    /// `Status.code`.
    pub(crate) const STATUS_OK: u8 = 1;
    /// `Status.code`.
    pub(crate) const STATUS_ERROR: u8 = 2;
}
