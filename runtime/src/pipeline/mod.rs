//! From records to a receiver: the drain thread, and the thread that sends.
//!
//! ```text
//! chunks ──read──▶ complete (call site + record → OTLP Span) ──▶ batch ──▶ Exit ──▶ a `SpanExporter`, on the drain thread
//!                                                                           └────▶ outbox ──▶ sender ──▶ OTLP receiver
//! ```
//!
//! Between the drain thread's visits records stay in their chunks: the pool, bounded in bytes, is the first queue. The outbox is
//! the second; it is bounded in bytes, too, and while it is full the drain thread leaves records where they are.

pub(crate) mod batch;
mod complete;
pub(crate) mod limits;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) mod send;
mod tail;
pub(crate) mod worker;
