//! The builder: what is set here counts before the environment, and that before the defaults.

mod export;
mod propagation;
mod sampling;

use std::fmt;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_sdk::trace::ShouldSample;

use super::env::Environment;
use super::error::{Error, Kind};
use super::propagators::{self, SetPropagator};
use super::resource::resource;
use super::telemetry::Telemetry;
#[cfg(unix)]
use super::{at_exit, at_fork};
use crate::clock::Clock;
use crate::export::{Chosen, MakeExit, Setting};
use crate::filter::{Filter, Gate};
use crate::foreign;
use crate::pipeline::worker::{Rhythm, Worker};
use crate::recorder::control::End;
use crate::recorder::pool::{CHUNK_BYTES, Pool};
use crate::recorder::{self, Recorder};
use crate::sample::RootSampler;
use crate::sample::named::Named;
use crate::sample::tail::TailSampling;
use crate::span::panics;
use crate::spool::Spool;

/// Bytes of ended spans that wait for the drain thread, unless set otherwise.
const BUFFER_BYTES: usize = 32 * 1024 * 1024;
/// How often the drain thread looks, unless set otherwise.
const FLUSH_INTERVAL: Duration = Duration::from_millis(100);

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
#[expect(clippy::struct_excessive_bools, reason = "each is an option that a method of its own sets")]
pub struct Builder {
    exit: Option<MakeExit>,
    sampler: Option<Box<dyn ShouldSample>>,
    asks_for_all: bool,
    tail: Option<TailSampling>,
    filter: Option<String>,
    propagator: Option<SetPropagator>,
    resource: Vec<KeyValue>,
    attach: bool,
    status_ok: bool,
    buffer_bytes: usize,
    flush_interval: Option<Duration>,
    max_batch: Option<u64>,
    reads_environment: bool,
    global_provider: bool,
    patience: Option<Duration>,
    spool: Option<Spool>,
    /// Whether the exporter that was set is ours for OTLP.
    sets_otlp: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            exit: None,
            sampler: None,
            asks_for_all: false,
            tail: None,
            filter: None,
            propagator: None,
            resource: Vec::new(),
            attach: true,
            status_ok: true,
            buffer_bytes: BUFFER_BYTES,
            flush_interval: None,
            max_batch: None,
            reads_environment: true,
            global_provider: true,
            patience: None,
            spool: None,
            sets_otlp: false,
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
        self.filter = Some(directives.into());
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
        self.attach = attach;
        self
    }

    /// Whether a span whose function returned well gets status `OK`; otherwise its status stays unset. Default: `true`.
    pub fn status_ok(mut self, set: bool) -> Self {
        self.status_ok = set;
        self
    }

    /// Bytes of ended spans that may wait for the drain thread; beyond, the newest are dropped and counted. Each recording
    /// thread holds 64 KiB of it. Default: 32 MiB.
    pub fn buffer_bytes(mut self, bytes: usize) -> Self {
        self.buffer_bytes = bytes;
        self
    }

    /// Ignores the environment.
    #[cfg(feature = "testing")]
    pub(crate) fn without_environment(mut self) -> Self {
        self.reads_environment = false;
        self
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
        self.check()?;
        let filter = self.filter.as_deref().map(parse_filter).transpose()?;
        let environment = if self.reads_environment { Environment::read()? } else { Environment::default() };
        if environment.disabled {
            // By the specification, what other processes sent is passed on all the same.
            propagators::set(self.propagator, environment.propagators);
            return Ok(Telemetry::new(None));
        }
        let rhythm = Rhythm {
            interval: self.flush_interval.or(environment.interval).unwrap_or(FLUSH_INTERVAL),
            max_spans: self.max_batch.or(environment.max_batch),
        };
        let sampler = match self.sampler {
            Some(sampler) => Some(sampler),
            None => environment.sampler.and_then(Named::asked),
        };
        let is_otlp = match &self.exit {
            Some(_) => self.sets_otlp,
            None => environment.exporter.as_ref().is_some_and(Chosen::is_otlp),
        };
        let make_exit = match self.exit {
            Some(exit) => exit,
            None => environment.exporter.unwrap_or(Chosen::Console).make(),
        };
        // The SDK lets `service.name` in OTEL_RESOURCE_ATTRIBUTES count before it; the specification says the opposite.
        let named = environment.service_name.map(|name| KeyValue::new("service.name", name));
        let resource = resource(named.into_iter().chain(self.resource).collect());
        let spool = match self.spool {
            Some(spool) if !is_otlp => {
                let problem = format!(
                    "is in {}, but spans are not exported by OTLP; expected `Builder::otlp` or an OTLP endpoint",
                    spool.dir().display()
                );
                return Err(Error::new(Kind::Option { name: "spool", problem }));
            }
            Some(spool) => Some(spool),
            None => environment.spool,
        };
        let gate = Gate::new(filter.or(environment.filter));
        let pool = Pool::new(self.buffer_bytes, CHUNK_BYTES);
        let recorder =
            Recorder::new(Clock::new(), pool, RootSampler::new(sampler), self.attach, self.status_ok);
        let recorder = Box::leak(Box::new(
            recorder
                .with_gate(gate)
                .asking_for_all(self.asks_for_all)
                .holding(self.tail)
                .waiting(self.patience),
        ));
        start_worker(make_exit, Setting { recorder, resource, max_spans: rhythm.max_spans, spool }, rhythm)?;
        if !recorder::activate(recorder) {
            // Another thread was faster. Our worker has nothing to drain and ends at once.
            recorder.control.request(Some(End::within(Duration::ZERO)));
            recorder.wake();
            return Err(Error::new(Kind::AlreadyInstalled));
        }
        panics::install_hook();
        #[cfg(unix)]
        {
            at_exit::register();
            at_fork::register();
        }
        propagators::set(self.propagator, environment.propagators);
        if self.global_provider {
            foreign::offer_global();
        }
        recorder.gate.tell_unmatched();
        Ok(Telemetry::new(Some(recorder)))
    }

    fn check(&self) -> Result<(), Error> {
        let refuse =
            |name, problem: &str| Err(Error::new(Kind::Option { name, problem: problem.to_owned() }));
        if self.buffer_bytes < CHUNK_BYTES {
            return refuse(
                "buffer_bytes",
                &format!("is {} bytes; expected at least {CHUNK_BYTES}", self.buffer_bytes),
            );
        }
        if self.flush_interval == Some(Duration::ZERO) {
            return refuse("flush_interval", "is zero; expected at least a millisecond or so");
        }
        if self.max_batch == Some(0) {
            return refuse("max_export_batch_size", "is zero; expected at least 1");
        }
        self.spool.as_ref().map_or(Ok(()), Spool::check)
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
        f.debug_struct("Builder")
            .field("opentelemetry_context", &self.attach)
            .field("status_ok", &self.status_ok)
            .field("buffer_bytes", &self.buffer_bytes)
            .field("flush_interval", &self.flush_interval)
            .finish_non_exhaustive()
    }
}
