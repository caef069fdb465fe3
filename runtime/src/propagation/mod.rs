//! W3C trace context and baggage in the headers of messages: propagators that trust no header.
//!
//! A header comes from whoever can reach the program. Each is measured before it is read, read by the letter of its
//! specification, and left out as a whole where it is wrong: no header is repaired, cut, logged or kept. What was left out is
//! counted ([`rejected`]).
//!
//! ```
//! use std::collections::HashMap;
//! use wirespan::opentelemetry::trace::TraceContextExt as _;
//! use wirespan::opentelemetry::propagation::TextMapPropagator as _;
//! use wirespan::propagation::W3cPropagator;
//!
//! let headers = HashMap::from([(
//!     "traceparent".to_owned(),
//!     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
//! )]);
//! let context = W3cPropagator::new().extract(&headers);
//! assert!(context.span().span_context().is_remote());
//! ```
//!
//! | header | limit |
//! |---|---|
//! | `traceparent` | 512 bytes with the whitespace around it, once in a message; version `00` has exactly 55 |
//! | `tracestate` | 8,192 bytes and 32 members, all lines together; one bad member drops all of them |
//! | `baggage` | 8,192 bytes and 64 members, all lines together; a member is taken whole or not at all |
//!
//! The formats are those of <https://www.w3.org/TR/trace-context-2/> and <https://www.w3.org/TR/baggage/>.

mod baggage;
mod counts;
mod member;
mod percent;
mod properties;
mod text;
mod trace_context;
mod traceparent;
mod tracestate;
mod trust;
mod w3c;

pub(crate) use text::is_token;
pub(crate) use traceparent::{RANDOM, header_of, remote_parent};

pub use baggage::BaggagePropagator;
pub use counts::{Rejected, rejected};
pub use properties::properties;
pub use trace_context::TraceContextPropagator;
pub use trust::{TrustInbound, untrusted_parent};
pub use w3c::W3cPropagator;
