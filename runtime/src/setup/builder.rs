//! The builder: what is set here counts before the environment, and that before the defaults.

mod attributes;
mod export;
mod install;
mod limits;
#[cfg(feature = "logs")]
mod logs;
#[cfg(feature = "metrics")]
mod metrics;
mod propagation;
mod resource;
mod sampling;
mod shown;

use std::fmt;

use opentelemetry_sdk::trace::ShouldSample;

use super::config::Config;
use super::config::compat::Compatibility;
use super::config::lookup::Lookup;
use super::config::plan::{Options, Plan};
use super::config::preset::Preset;
use super::config::settings::Settings;
use super::error::{Error, Kind};
use super::propagators::SetPropagator;
use super::resource::{Described, Given};
use crate::export::MakeExit;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::Otlp;
use crate::filter::Filter;
use crate::sample::tail::TailSampling;
use crate::spool::Spool;

/// Sets telemetry up. `wirespan::init()` is a builder with nothing set.
///
/// ```
/// # fn main() -> Result<(), wirespan::Error> {
/// let spans = wirespan::MemoryExporter::new();
/// let telemetry = wirespan::builder().exporter(spans.clone()).install()?;
///
/// #[wirespan::traced]
/// fn greet(name: &str) -> usize { name.len() }
///
/// greet("world");
/// telemetry.flush(std::time::Duration::from_secs(1))?;
/// assert_eq!(spans.spans()[0].name, "greet");
/// # Ok(()) }
/// ```
#[must_use = "nothing is switched on before `install`"]
pub struct Builder {
    /// What is no more than a value, and names of what is more.
    options: Options,
    exit: Option<MakeExit>,
    sampler: Option<Box<dyn ShouldSample>>,
    tail: Option<TailSampling>,
    propagator: Option<SetPropagator>,
    resource: Given,
    spool: Option<Spool>,
    reads_environment: bool,
    /// Whether the exporter that was set is ours for OTLP.
    sets_otlp: bool,
    /// Where every signal goes that goes out by OTLP.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    otlp: Option<Otlp>,
    #[cfg(feature = "metrics")]
    metrics: crate::metrics::options::Options,
    #[cfg(feature = "logs")]
    logs: crate::logs::options::Options,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            options: Options::default(),
            exit: None,
            sampler: None,
            tail: None,
            propagator: None,
            resource: Given::default(),
            spool: None,
            reads_environment: true,
            sets_otlp: false,
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            otlp: None,
            #[cfg(feature = "metrics")]
            metrics: crate::metrics::options::Options::default(),
            #[cfg(feature = "logs")]
            logs: crate::logs::options::Options::default(),
        }
    }
}

impl Builder {
    /// Says which functions are recorded, by module and level. Default: `WIRESPAN_FILTER`, else all of them.
    ///
    /// Directives stand between commas, in any order: `level` for all modules, `module=level` for one and those in it,
    /// `module` alone for all levels. A level (`error`, `warn`, `info`, `debug`, `trace`) stands for itself and those before
    /// it, `off` for nothing. The most specific module counts; what no directive names is recorded. So
    /// `info,my_crate::db=debug,noisy=off` records `info` and above, more of `my_crate::db`, and nothing of `noisy`.
    ///
    /// A function that is filtered out is its body alone: what it calls becomes the children of the span around it. A
    /// directive for a module without a traced function is said on standard error when telemetry is switched on.
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.options.filter = Some(directives.into());
        self
    }

    /// Whether each span is attached as OpenTelemetry's current `Context`, where log appenders, propagators and other
    /// instrumentation find it, and spans made through the OpenTelemetry API are taken as parents. Default: `true`. Without
    /// it a span costs about a third; for programs whose only instrumentation is this one.
    pub fn opentelemetry_context(mut self, attach: bool) -> Self {
        self.options.attach = Some(attach);
        self
    }

    /// Whether a span whose function returned well gets status `OK`; otherwise its status stays unset. Default: `true`.
    pub fn status_ok(mut self, set: bool) -> Self {
        self.options.status_ok = Some(set);
        self
    }

    /// Bytes of ended spans that may wait for the drain thread; beyond, the newest are dropped and counted. Each recording
    /// thread holds 64 KiB of it. Default: 32 MiB.
    pub fn buffer_bytes(mut self, bytes: usize) -> Self {
        self.options.buffer_bytes = Some(bytes as u64);
        self
    }

    /// Whether another system's variables are read, too, behind OpenTelemetry's and ours: see
    /// [`configuration`](crate::configuration). Default: `WIRESPAN_COMPAT`, else none.
    pub fn compatibility(mut self, system: Compatibility) -> Self {
        self.options.compat = Some(system);
        self
    }

    /// Where telemetry goes, by one word for all that the place wants: see [`Preset`]. It counts behind what is said here and by
    /// OpenTelemetry's variables. Default: `WIRESPAN_PRESET`, else none.
    pub fn preset(mut self, preset: Preset) -> Self {
        self.options.preset = Some(preset);
        self
    }

    /// Ignores the environment.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn without_environment(mut self) -> Self {
        self.reads_environment = false;
        self
    }

    /// What would count if telemetry were switched on now.
    ///
    /// # Errors
    ///
    /// As for [`install`](Self::install), as far as variables and options are concerned.
    pub fn config(&self) -> Result<Config, Error> {
        self.config_of(&self.lookup())
    }

    /// What would count with these variables.
    pub(crate) fn config_of(&self, lookup: &Lookup) -> Result<Config, Error> {
        let settings = self.settings(lookup)?;
        let plan = self.plan(&settings)?;
        self.shown(&plan, &settings, &self.described(&plan, &settings), lookup)
    }

    /// The variables that count.
    fn lookup(&self) -> Lookup {
        if self.reads_environment { Lookup::of_process() } else { Lookup::default() }
    }

    /// What describes the program. What records nothing looks for nothing.
    fn described(&self, plan: &Plan, settings: &Settings) -> Described {
        let without_detectors = self.resource.without_detectors || plan.disabled.value;
        Described::new(&Given { without_detectors, ..self.resource.clone() }, &settings.described())
    }

    fn settings(&self, lookup: &Lookup) -> Result<Settings, Error> {
        Settings::read_for(lookup, self.options.compat, self.options.preset)
    }

    /// What is said here about OTLP, with what it takes from a preset.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn own_otlp(&self, settings: &Settings) -> Option<Otlp> {
        let mut otlp = self.otlp.clone()?;
        if let Some(layer) = &settings.layer {
            otlp.put_before(layer);
        }
        Some(otlp)
    }

    fn plan(&self, settings: &Settings) -> Result<Plan, Error> {
        self.options.filter.as_deref().map_or(Ok(()), |filter| parse_filter(filter).map(drop))?;
        self.spool.as_ref().map_or(Ok(()), Spool::check)?;
        #[cfg(feature = "metrics")]
        self.metrics.check()?;
        Plan::new(&self.options, settings)
    }
}

fn parse_filter(text: &str) -> Result<Filter, Error> {
    Filter::parse(text)
        .map_err(|mistake| Error::new(Kind::Option { name: "filter", problem: mistake.problem() }))
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builder").field(&self.options).finish()
    }
}
