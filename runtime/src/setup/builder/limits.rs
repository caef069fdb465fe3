//! The builder's limits on how many events and links a span has. In bytes, spans are bounded anyway.

use super::Builder;

impl Builder {
    /// The most events that a span has; later ones are left out and counted in the span's `dropped_events_count`. Default:
    /// `OTEL_SPAN_EVENT_COUNT_LIMIT`, else none.
    pub fn max_events_per_span(mut self, events: u32) -> Self {
        self.options.max_events = Some(events);
        self
    }

    /// The most links that a span has; later ones are left out and counted in the span's `dropped_links_count`. Default:
    /// `OTEL_SPAN_LINK_COUNT_LIMIT`, else none.
    pub fn max_links_per_span(mut self, links: u32) -> Self {
        self.options.max_links = Some(links);
        self
    }
}
