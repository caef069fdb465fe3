//! The SDK's meter provider, with our reader, our limits, and the exporter that was chosen: made by `install`, ended by its handle.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Once, OnceLock};
use std::time::Instant;

use opentelemetry::InstrumentationScope;
use opentelemetry::global;
use opentelemetry::metrics::{Meter, MeterProvider, NoopMeterProvider};
use opentelemetry_sdk::Resource;
#[cfg(feature = "prometheus")]
use opentelemetry_sdk::metrics::MeterProviderBuilder;
use opentelemetry_sdk::metrics::SdkMeterProvider;

use super::counts::Counts;
use super::current;
use super::exit::Hurry;
#[cfg(feature = "prometheus")]
use super::extras::Extras;
use super::forward::Forwarding;
use super::options::{Histograms, MakeExit, Plan};
use super::own::{self, Own, Subject};
use super::reader::{self, Asked, Orders, Reader};
#[cfg(feature = "prometheus")]
use super::scrape::{Place, Server};
use crate::setup::error::Error;
#[cfg(feature = "prometheus")]
use crate::setup::error::Kind;
use crate::setup::signals::Flushed;

/// What instruments are made by, and what flushes ask.
pub(crate) struct Shared {
    /// Another one for each provider, and not zero.
    pub(super) number: u32,
    pub(super) provider: SdkMeterProvider,
    pub(super) counts: Arc<Counts>,
    /// Whether histograms have buckets with bounds.
    pub(super) has_bounds: bool,
    /// Set at once; made by what is around it.
    pub(super) own: OnceLock<Own>,
    orders: Arc<Orders>,
    hurry: Option<Hurry>,
    #[cfg(feature = "prometheus")]
    _server: Option<Server>,
}

impl Shared {
    /// Asks for an export of what is measured by now.
    pub(crate) fn flush(&self) -> Asked {
        let asked = self.orders.flush();
        self.hurried(asked)
    }

    /// Asks for the last export, which may take until then.
    pub(crate) fn end(&self, until: Instant) -> Asked {
        let asked = self.orders.end(until);
        self.hurried(asked)
    }

    /// Waits for it, until then at most.
    pub(crate) fn wait(&self, asked: Asked, until: Instant) -> Flushed {
        self.orders.wait(asked, until)
    }

    fn hurried(&self, asked: Asked) -> Asked {
        if let Some(hurry) = &self.hurry {
            hurry();
        }
        asked
    }
}

/// Metrics that are switched on. Dropped, they are switched off without a last export.
pub(crate) struct Running(Arc<Shared>);

impl Running {
    /// Makes the provider and starts its reader; instruments find it once it is [published](Self::publish).
    ///
    /// # Errors
    ///
    /// The exporter cannot be made, or there can be no thread.
    pub(crate) fn start(plan: Plan, resource: &Resource, subject: &Subject) -> Result<Option<Self>, Error> {
        plan.aliases.set();
        let counts = Arc::<Counts>::default();
        let streams = plan.streams;
        #[cfg(feature = "prometheus")]
        let streams =
            if matches!(plan.exit, MakeExit::Scraped(_)) { streams.without_exponential() } else { streams };
        let has_bounds = streams.histograms == Histograms::Explicit;
        let provider = streams.of(SdkMeterProvider::builder().with_resource(resource.clone()));
        let to = match plan.exit {
            MakeExit::Nowhere => return Ok(None),
            MakeExit::To(make) => make,
            #[cfg(feature = "prometheus")]
            MakeExit::Scraped(place) => {
                return Self::scraped(&place, provider, counts, subject, &plan.extras, resource).map(Some);
            }
        };
        let made = to(Arc::clone(&counts))?;
        let reader = Reader::new(plan.temporality);
        let provider = provider.with_reader(reader.clone()).build();
        let orders = Arc::<Orders>::default();
        let shared = Shared {
            number: next_number(),
            provider,
            counts,
            has_bounds,
            own: OnceLock::new(),
            orders: Arc::clone(&orders),
            hurry: made.hurry,
            #[cfg(feature = "prometheus")]
            _server: None,
        };
        let _ = shared.own.set(own::instruments(&shared, subject, made.component, &plan.extras));
        reader::start(reader, made.exit, orders, plan.rhythm)?;
        Ok(Some(Self(Arc::new(shared))))
    }

    /// Metrics that are fetched, always cumulative and by buckets with bounds.
    #[cfg(feature = "prometheus")]
    fn scraped(
        place: &Place,
        provider: MeterProviderBuilder,
        counts: Arc<Counts>,
        subject: &Subject,
        extras: &Extras,
        resource: &Resource,
    ) -> Result<Self, Error> {
        let registry = prometheus::Registry::new();
        let reader = place
            .page
            .exporter(resource)
            .with_registry(registry.clone())
            .build()
            .map_err(|cause| Error::new(Kind::Exporter(Box::new(cause))))?;
        let shared = Shared {
            number: next_number(),
            provider: provider.with_reader(reader).build(),
            counts,
            has_bounds: true,
            own: OnceLock::new(),
            orders: Arc::new(Orders::none()),
            hurry: None,
            _server: Some(Server::start(place, registry)?),
        };
        let _ = shared.own.set(own::instruments(
            &shared,
            subject,
            "prometheus_http_text_metric_exporter",
            extras,
        ));
        Ok(Self(Arc::new(shared)))
    }

    /// Instruments are made by this provider from now on; those of other crates, too, where the program has set no provider.
    pub(crate) fn publish(&self, globally: bool) {
        current::replace(&self.0);
        if globally {
            offer_global();
        }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        current::remove(&self.0);
        self.0.orders.end(Instant::now());
        let _ = self.0.provider.shutdown();
    }
}

fn next_number() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
}

/// Makes a provider the global one, once in a process, unless the program has set one. It makes meters by whatever is installed.
fn offer_global() {
    static OFFERED: Once = Once::new();
    OFFERED.call_once(|| {
        if global_is_empty() {
            global::set_meter_provider(AsInstalled);
        }
    });
}

/// Whether the global provider is the one that is there from the beginning: its meters have nothing to keep, every other one's
/// have.
fn global_is_empty() -> bool {
    let meter = global::meter("wirespan");
    size_of_val(meter.u64_counter("none").instrument_provider) == 0
}

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Makes parts of the SDK that would measure themselves by the global provider: what they would say we say by our own counts.
#[cfg(feature = "logs")]
pub(crate) fn quietly<R>(f: impl FnOnce() -> R) -> R {
    IS_QUIET.set(true);
    let result = f();
    IS_QUIET.set(false);
    result
}

struct AsInstalled;

impl MeterProvider for AsInstalled {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        if IS_QUIET.try_with(Cell::get).unwrap_or(false) {
            return NoopMeterProvider::new().meter_with_scope(scope);
        }
        Forwarding::meter(scope)
    }
}
