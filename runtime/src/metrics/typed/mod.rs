//! Instruments that are declared once, as a struct, with labels that a type bounds.
//!
//! `spec` is what a declaration says of an instrument; `rebound` makes it for the provider that is installed now; `instrument` has
//! the four kinds, `bound` one with fixed attributes, `timer` what measures durations. `attributes`, `value` and `names` say what
//! may be a label; `number` what may be recorded, and `refused` counts what may not.

pub(crate) mod attributes;
pub(crate) mod bound;
pub mod buckets;
pub(crate) mod instrument;
pub(crate) mod names;
pub(crate) mod number;
mod rebound;
pub(crate) mod refused;
pub(crate) mod registry;
pub(crate) mod spec;
pub(crate) mod timer;
pub(crate) mod value;
