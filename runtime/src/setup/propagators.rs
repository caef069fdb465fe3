//! Which propagator is OpenTelemetry's global one from `install` on.

use std::fmt;

use opentelemetry::global;
use opentelemetry::propagation::TextMapPropagator;

use crate::propagation::{BaggagePropagator, TraceContextPropagator, W3cPropagator};

/// Makes a propagator the global one, or does nothing.
pub(crate) type SetPropagator = Box<dyn FnOnce() + Send>;

/// What `OTEL_PROPAGATORS` names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Propagators {
    trace_context: bool,
    baggage: bool,
}

impl Propagators {
    /// # Errors
    ///
    /// What was expected, with the names that are not known.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut named = Self::default();
        let mut none = false;
        let mut unknown = Vec::new();
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match name {
                "tracecontext" => named.trace_context = true,
                "baggage" => named.baggage = true,
                "none" => none = true,
                other => unknown.push(format!("`{other}`")),
            }
        }
        if !unknown.is_empty() {
            let are = if unknown.len() == 1 { "is" } else { "are" };
            let unknown = unknown.join(", ");
            return Err(format!(
                "tracecontext, baggage, or none, with commas between; {unknown} {are} not among them"
            ));
        }
        if none && named != Self::default() {
            return Err("none by itself, or tracecontext, baggage without it".to_owned());
        }
        Ok(named)
    }

    fn set(self) {
        match (self.trace_context, self.baggage) {
            (true, true) => global::set_text_map_propagator(W3cPropagator::new()),
            (true, false) => global::set_text_map_propagator(TraceContextPropagator::new()),
            (false, true) => global::set_text_map_propagator(BaggagePropagator::new()),
            (false, false) => {}
        }
    }
}

impl fmt::Display for Propagators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.trace_context, self.baggage) {
            (true, true) => "tracecontext,baggage",
            (true, false) => "tracecontext",
            (false, true) => "baggage",
            (false, false) => "none",
        })
    }
}

/// Sets what the builder says, else what the environment names, else ours, where the program has not set one itself.
pub(crate) fn set(from_builder: Option<SetPropagator>, from_environment: Option<Propagators>) {
    match (from_builder, from_environment) {
        (Some(set), _) => set(),
        (None, Some(named)) => named.set(),
        (None, None) => {
            if global::get_text_map_propagator(is_empty) {
                Propagators { trace_context: true, baggage: true }.set();
            }
        }
    }
}

/// Whether it propagates nothing, as the one that is there from the beginning.
fn is_empty(propagator: &dyn TextMapPropagator) -> bool {
    propagator.fields().next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_between_commas_in_any_order() {
        let both = Propagators { trace_context: true, baggage: true };
        assert_eq!(Propagators::parse("tracecontext,baggage"), Ok(both));
        assert_eq!(Propagators::parse(" baggage , tracecontext, baggage,"), Ok(both));
        assert_eq!(
            Propagators::parse("baggage"),
            Ok(Propagators { baggage: true, ..Propagators::default() })
        );
        assert_eq!(Propagators::parse("none"), Ok(Propagators::default()));
    }

    #[test]
    fn every_name_that_is_not_known_is_named() {
        let error = Propagators::parse("tracecontext,b3,jaeger").unwrap_err();
        assert!(error.ends_with("`b3`, `jaeger` are not among them"), "{error}");
        let error = Propagators::parse("TraceContext").unwrap_err();
        assert!(error.ends_with("`TraceContext` is not among them"), "{error}");
    }

    #[test]
    fn none_goes_with_nothing_else() {
        assert!(Propagators::parse("none,baggage").is_err());
    }
}
