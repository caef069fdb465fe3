//! The builder: what is set here counts before the environment, and that before the defaults.

mod attributes;
mod export;
#[cfg(feature = "metrics")]
mod metrics;
mod propagation;
mod sampling;

use std::fmt;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_sdk::trace::ShouldSample;

use super::config::Config;
use super::config::lookup::Lookup;
use super::config::plan::{Options, Plan};
use super::config::settings::Settings;
use super::error::{Error, Kind};
use super::propagators::{self, SetPropagator};
use super::resource::resource;
use super::telemetry::Telemetry;
#[cfg(unix)]
use super::{at_exit, at_fork};
use crate::clock::Clock;
use crate::context;
use crate::diagnose;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::Otlp;
use crate::export::{Chosen, MakeExit, Setting};
use crate::filter::{Filter, Gate};
use crate::foreign;
#[cfg(feature = "metrics")]
use crate::metrics::provider::Running;
use crate::pipeline::worker::{Rhythm, Worker};
use crate::recorder::control::End;
use crate::recorder::pool::{CHUNK_BYTES, Pool};
use crate::recorder::{self, Recorder};
use crate::sample::RootSampler;
use crate::sample::tail::TailSampling;
use crate::span::panics;
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
    resource: Vec<KeyValue>,
    spool: Option<Spool>,
    reads_environment: bool,
    /// Whether the exporter that was set is ours for OTLP.
    sets_otlp: bool,
    /// Where every signal goes that goes out by OTLP.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    otlp: Option<Otlp>,
    #[cfg(feature = "metrics")]
    metrics: crate::metrics::options::Options,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            options: Options::default(),
            exit: None,
            sampler: None,
            tail: None,
            propagator: None,
            resource: Vec::new(),
            spool: None,
            reads_environment: true,
            sets_otlp: false,
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            otlp: None,
            #[cfg(feature = "metrics")]
            metrics: crate::metrics::options::Options::default(),
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

    /// Names the service (`service.name`). Default: `OTEL_SERVICE_NAME`, else the binary's name.
    pub fn service_name(self, name: impl Into<String>) -> Self {
        self.resource_attribute(KeyValue::new("service.name", name.into()))
    }

    /// Adds an attribute to the resource; it counts before the same one in `OTEL_RESOURCE_ATTRIBUTES`.
    pub fn resource_attribute(mut self, attribute: KeyValue) -> Self {
        self.resource.push(attribute);
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

    /// Ignores the environment.
    #[cfg(feature = "testing")]
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
        let settings = self.settings()?;
        Ok(self.shown(&self.plan(&settings)?, &settings))
    }

    fn settings(&self) -> Result<Settings, Error> {
        if self.reads_environment { Settings::read(&Lookup::of_process()) } else { Ok(Settings::default()) }
    }

    fn plan(&self, settings: &Settings) -> Result<Plan, Error> {
        self.options.filter.as_deref().map_or(Ok(()), |filter| parse_filter(filter).map(drop))?;
        self.spool.as_ref().map_or(Ok(()), Spool::check)?;
        #[cfg(feature = "metrics")]
        self.metrics.check()?;
        Plan::new(&self.options, settings)
    }

    #[cfg(feature = "metrics")]
    fn shown(&self, plan: &Plan, settings: &Settings) -> Config {
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        let sets_otlp = self.otlp.is_some();
        #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
        let sets_otlp = false;
        plan.config().with(self.metrics.shown(&settings.metrics, sets_otlp))
    }

    #[cfg(not(feature = "metrics"))]
    #[expect(clippy::unused_self, reason = "the other one looks")]
    fn shown(&self, plan: &Plan, _: &Settings) -> Config {
        plan.config()
    }

    /// Switches telemetry on.
    ///
    /// # Errors
    ///
    /// Telemetry is on already ([`Error::is_already_installed`]); a variable or an option has a value that cannot be used
    /// ([`Error::is_configuration`]); the drain thread cannot be started. Nothing is switched on then.
    pub fn install(self) -> Result<Telemetry, Error> {
        if recorder::active().is_some() {
            return Err(Error::new(Kind::AlreadyInstalled));
        }
        let settings = self.settings()?;
        let plan = self.plan(&settings)?;
        let config = self.shown(&plan, &settings);
        diagnose::set_level(plan.log_level.value);
        let named = settings.propagators.map(|set| set.value);
        if plan.disabled.value {
            context::install(plan.allowed.lists());
            // By the specification, what other processes sent is passed on all the same.
            propagators::set(self.propagator, named);
            return Ok(Telemetry::disabled(config));
        }
        let rhythm = Rhythm {
            interval: plan.interval.value,
            max_spans: plan.max_batch.as_ref().map(|spans| spans.value),
            limits: plan.limits(),
        };
        let sampler = match self.sampler {
            Some(sampler) => Some(sampler),
            None => settings.sampler.and_then(|set| set.value.asked()),
        };
        let exporter = settings.exporter.map_or(Chosen::Console, |set| set.value);
        let is_otlp = if self.exit.is_some() { self.sets_otlp } else { exporter.is_otlp() };
        let make_exit = self.exit.unwrap_or_else(|| exporter.make());
        // The last of a name counts.
        let service = settings.service_name.map(|name| KeyValue::new("service.name", name.value));
        let read = settings.resource.map_or(Vec::new(), |set| set.value);
        let resource = resource(read.into_iter().chain(service).chain(self.resource).collect());
        let spool = match self.spool {
            Some(spool) if !is_otlp => {
                let problem = format!(
                    "is in {}, but spans are not exported by OTLP; expected `Builder::otlp` or an OTLP endpoint",
                    spool.dir().display()
                );
                return Err(Error::new(Kind::Option { name: "spool", problem }));
            }
            Some(spool) => Some(spool),
            None => settings.spool.map(|set| set.value),
        };
        let filter = self.options.filter.as_deref().map(parse_filter).transpose()?;
        let filter = filter.or(settings.filter.map(|set| set.value));
        let pool = Pool::new(usize::try_from(plan.buffer_bytes.value).unwrap_or(usize::MAX), CHUNK_BYTES);
        let recorder = Recorder::new(
            Clock::new(),
            pool,
            RootSampler::new(sampler),
            plan.attach.value,
            plan.status_ok.value,
        );
        let recorder = Box::leak(Box::new(
            recorder
                .with_gate(Gate::new(filter))
                .asking_for_all(plan.sample_every_span.value)
                .holding(self.tail)
                .waiting(Some(plan.patience.value).filter(|patience| !patience.is_zero())),
        ));
        #[cfg(feature = "metrics")]
        let metrics = {
            let plan = self.metrics.plan(
                settings.metrics,
                #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
                self.otlp.as_ref(),
            );
            Running::start(plan, &resource)?
        };
        let setting = Setting {
            recorder,
            resource,
            max_spans: rhythm.max_spans,
            export_timeout: plan.export_timeout.as_ref().map(|timeout| timeout.value),
            spool,
        };
        start_worker(make_exit, setting, rhythm)?;
        if !recorder::activate(recorder) {
            // Another thread was faster. Our worker has nothing to drain and ends at once.
            recorder.control.request(Some(End::within(Duration::ZERO)));
            recorder.wake();
            return Err(Error::new(Kind::AlreadyInstalled));
        }
        context::install(plan.allowed.lists());
        panics::install_hook();
        #[cfg(unix)]
        {
            at_exit::register();
            at_fork::register();
        }
        propagators::set(self.propagator, named);
        if plan.global_providers.value {
            foreign::offer_global(rhythm.limits);
        }
        #[cfg(feature = "metrics")]
        if let Some(metrics) = &metrics {
            metrics.publish(plan.global_providers.value);
        }
        recorder.gate.tell_unmatched();
        diagnose::tell_findings(&config.warnings().map(str::to_owned).collect::<Vec<_>>());
        Ok(Telemetry::new(
            recorder,
            config,
            #[cfg(feature = "metrics")]
            metrics,
        ))
    }
}

fn parse_filter(text: &str) -> Result<Filter, Error> {
    Filter::parse(text)
        .map_err(|mistake| Error::new(Kind::Option { name: "filter", problem: mistake.problem() }))
}

/// Starts the drain thread, in which the exporter is made and lives.
fn start_worker(make_exit: MakeExit, setting: Setting, rhythm: Rhythm) -> Result<(), Error> {
    let recorder = setting.recorder;
    let (ready, made) = mpsc::sync_channel(1);
    let thread = thread::Builder::new().name("wirespan-drain".to_owned()).spawn(move || {
        let exit = match make_exit(setting) {
            Ok(exit) => exit,
            Err(error) => {
                let _ = ready.send(Err(error));
                return;
            }
        };
        recorder.set_worker(thread::current());
        let _ = ready.send(Ok(()));
        let _end = EndNotice(recorder);
        Worker::new(recorder, exit, rhythm).run();
    })?;
    if let Ok(result) = made.recv() {
        return result;
    }
    // The thread ended without an answer: making the exporter panicked.
    let _ = thread.join();
    Err(Error::new(Kind::Exporter("it panicked while it was made".into())))
}

/// Tells those who wait that the worker is gone, however it went.
struct EndNotice(&'static Recorder);

impl Drop for EndNotice {
    fn drop(&mut self) {
        self.0.control.ended();
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builder").field(&self.options).finish()
    }
}
