//! What is to be done when a span returns, as far as that is known when it is entered.

use crate::span::Core;

/// See the module's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// More than to publish its record.
    Long,
    /// Nothing but that. It is recorded, by the processor's clock.
    Plain,
    /// To detach it from OpenTelemetry's context, too.
    Attached,
}

impl Way {
    /// That of a span that is recorded in this process alone, and timed by the processor's clock or not.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn of(core: &Core, by_counter: bool, is_attached: bool) -> Self {
        if !core.is_sampled() || !by_counter || core.record.callsite.measured.is_some() {
            Self::Long
        } else if is_attached {
            Self::Attached
        } else {
            Self::Plain
        }
    }
}
