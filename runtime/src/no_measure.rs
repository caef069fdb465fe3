//! Without the feature `metrics` no function is measured: there is nothing that a call site could hold, and nothing to end.

use opentelemetry::Context;

use crate::callsite::{Callsite, Subject};
use crate::measure_outcome::Outcome;
use crate::span::Core;

/// What a measured function's call site holds: there is none.
#[derive(Debug)]
pub enum Site {}

/// The time of a call that is no span: there is none.
pub(crate) enum Timer {}

impl Timer {
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn start(_: &'static Callsite, _: Subject) -> Option<Self> {
        None
    }

    pub(crate) fn end(self, _: Outcome) {
        match self {}
    }
}

/// A [`Timer`] in a box: there is none.
pub(crate) enum Kept {}

impl Kept {
    #[expect(clippy::needless_pass_by_value, reason = "as the one that there is with the feature")]
    pub(crate) fn new(timer: Timer) -> Self {
        match timer {}
    }

    pub(crate) fn end(self, _: Outcome) {
        match self {}
    }
}

/// A span of a measured function has ended.
pub(crate) fn ended(_: &Core, _: &'static Site, _: Outcome, _: Option<&Context>) {}
