//! The builder's options about propagation.

use opentelemetry::global;
use opentelemetry::propagation::TextMapPropagator;

use super::Builder;

impl Builder {
    /// Makes `propagator` OpenTelemetry's global one, which frameworks use for the headers that they send and receive. Default:
    /// what `OTEL_PROPAGATORS` names, else a [`W3cPropagator`](crate::propagation::W3cPropagator) where the program has set none.
    ///
    /// ```
    /// use wirespan::propagation::{TrustInbound, W3cPropagator};
    ///
    /// # fn main() -> Result<(), wirespan::Error> {
    /// // A server that anybody can reach: nobody's trace is continued, and each is linked to.
    /// let propagator = W3cPropagator::new().trust_inbound(TrustInbound::never());
    /// let _telemetry = wirespan::builder().propagator(propagator).install()?;
    /// # Ok(()) }
    /// ```
    pub fn propagator(mut self, propagator: impl TextMapPropagator + Send + Sync + 'static) -> Self {
        self.options.propagator = Some(std::any::type_name_of_val(&propagator));
        self.propagator = Some(Box::new(|| global::set_text_map_propagator(propagator)));
        self
    }

    /// Leaves OpenTelemetry's global propagator as it is, as `OTEL_PROPAGATORS=none` does.
    pub fn no_propagator(mut self) -> Self {
        self.options.propagator = Some("none");
        self.propagator = Some(Box::new(|| ()));
        self
    }
}
