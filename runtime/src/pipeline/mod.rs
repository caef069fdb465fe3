//! From records to an exporter: the drain thread.
//!
//! ```text
//! chunks ──read──▶ complete (call site + record → OTLP Span) ──▶ batch ──▶ Exit (exporter)
//! ```
//!
//! One thread does all of it. Between its visits records stay in their chunks: the pool, bounded in bytes, is the queue.

pub(crate) mod batch;
mod complete;
mod tail;
pub(crate) mod worker;
