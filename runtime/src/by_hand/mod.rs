//! Spans, events and attributes that a program writes by hand: what `span!`, `event!` and `record!` expand to, and the current
//! span as a value.
//!
//! All of it stands on the same stack of entered spans as `#[traced]` does. Where no span is recorded, nothing is evaluated.

pub(crate) mod carry;
pub(crate) mod current;
pub(crate) mod ext;
pub(crate) mod guard;
pub(crate) mod late;
pub(crate) mod parent;
