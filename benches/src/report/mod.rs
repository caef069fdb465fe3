//! What was measured, as text: a table for people, JSON for programs, and the targets with what was reached.

mod json;
mod table;
mod targets;

pub use json::json;
pub use table::table;
pub use targets::{Target, targets};
