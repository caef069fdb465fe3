//! Makes our own instruments, of their declarations and of nothing else, under the names that count.

use std::sync::Arc;

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{AsyncInstrument, Histogram, Meter};

use crate::metrics::guard::{Finite, Guarded};
use crate::metrics::provider::Shared;
use crate::metrics::typed::spec::{InstrumentSpec, MetricAliases};

/// See the module's documentation.
pub(in crate::metrics) struct OwnMeter {
    meter: Meter,
    aliases: MetricAliases,
}

macro_rules! observed {
    ($($(#[$cfg:meta])* $name:ident $number:ty: $method:ident;)*) => {$(
        $(#[$cfg])*
        pub(in crate::metrics) fn $name(
            &self,
            spec: &'static InstrumentSpec,
            look: impl Fn(&dyn AsyncInstrument<$number>) + Send + Sync + 'static,
        ) {
            let look = Arc::new(look);
            for (name, unit) in spec.names(self.aliases) {
                let (look, instrument) = (Arc::clone(&look), self.meter.$method(name));
                let _ = instrument
                    .with_unit(unit)
                    .with_description(spec.description)
                    .with_callback(move |to| look(to))
                    .build();
            }
        }
    )*};
}

impl OwnMeter {
    pub(super) fn new(shared: &Shared) -> Self {
        let scope = InstrumentationScope::builder("wirespan").with_version(env!("CARGO_PKG_VERSION")).build();
        Self { meter: Guarded::meter(shared, scope, Finite::ByCaller), aliases: MetricAliases::current() }
    }

    observed! {
        counter u64: u64_observable_counter;
        up_down i64: i64_observable_up_down_counter;
        #[cfg(any(feature = "tokio-metrics", all(feature = "process-metrics", target_os = "linux")))]
        seconds f64: f64_observable_counter;
        #[cfg(all(feature = "process-metrics", target_os = "linux"))]
        gauge f64: f64_observable_gauge;
    }

    /// With the bounds that the provider gives to seconds.
    pub(super) fn histogram(&self, spec: &'static InstrumentSpec) -> Histogram<f64> {
        let instrument = self.meter.f64_histogram(spec.name);
        instrument.with_unit(spec.unit).with_description(spec.description).build()
    }
}
