//! Switching telemetry on: what the plan says becomes a recorder, its drain thread, and what is global in the process.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use opentelemetry_sdk::trace::ShouldSample;

use super::{Builder, parse_filter};
use crate::clock::Clock;
use crate::context;
use crate::diagnose;
use crate::export::{Chosen, MakeExit, Setting};
use crate::filter::{Filter, Gate};
use crate::foreign;
#[cfg(feature = "logs")]
use crate::logs::provider::Running as Logs;
#[cfg(feature = "metrics")]
use crate::metrics::own::Subject;
#[cfg(feature = "metrics")]
use crate::metrics::provider::Running as Metrics;
use crate::pipeline::worker::{Rhythm, Worker};
use crate::recorder::control::End;
use crate::recorder::pool::{CHUNK_BYTES, Pool};
use crate::recorder::{self, Recorder};
use crate::sample::RootSampler;
use crate::sample::tail::TailSampling;
use crate::setup::config::lookup::Lookup;
use crate::setup::config::plan::Plan;
use crate::setup::config::settings::Settings;
use crate::setup::error::{Error, Kind};
use crate::setup::pipe_signal;
use crate::setup::propagators;
use crate::setup::signals::Signals;
use crate::setup::telemetry::Telemetry;
#[cfg(unix)]
use crate::setup::{at_exit, at_fork};
use crate::span::panics;
use crate::spool::Spool;
use crate::thread::Busy;

impl Builder {
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
        let lookup = self.lookup();
        let settings = self.settings(&lookup)?;
        self.behind(&settings).install_with(settings, &lookup)
    }

    /// With what its own exporter takes from a preset.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn behind(mut self, settings: &Settings) -> Self {
        if let Some(otlp) = self.own_otlp(settings) {
            if self.sets_otlp {
                self.exit = Some(otlp.clone().make());
            }
            self.otlp = Some(otlp);
        }
        self
    }

    /// As the other one, where there is no OTLP.
    #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
    fn behind(self, _: &Settings) -> Self {
        self
    }

    fn install_with(self, settings: Settings, lookup: &Lookup) -> Result<Telemetry, Error> {
        let plan = self.plan(&settings)?;
        let described = self.described(&plan, &settings);
        let config = self.shown(&plan, &settings, &described, lookup)?;
        #[cfg(feature = "logs")]
        let to_console = self.goes_to_console(&settings);
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
        let exporter = settings.exporter.map_or(Chosen::Console, |set| set.value);
        #[cfg(feature = "metrics")]
        let span_exporter = self.span_exporter(&exporter);
        let sampler = match self.sampler {
            Some(sampler) => Some(sampler),
            None => settings.sampler.and_then(|set| set.value.asked()),
        };
        let is_otlp = if self.exit.is_some() { self.sets_otlp } else { exporter.is_otlp() };
        let make_exit = self.exit.unwrap_or_else(|| exporter.make());
        let resource = described.resource();
        let spool = fit(self.spool, is_otlp)?.or(settings.spool.map(|set| set.value));
        let filter = self.options.filter.as_deref().map(parse_filter).transpose()?;
        let filter = filter.or(settings.filter.map(|set| set.value));
        let recorder = make_recorder(&plan, sampler, filter, self.tail);
        #[cfg(feature = "logs")]
        let logs = self.logs.plan(
            settings.logs,
            to_console,
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            self.otlp.as_ref(),
        );
        #[cfg(feature = "metrics")]
        let metrics = Metrics::start(
            self.metrics.plan(
                settings.metrics,
                #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
                self.otlp.as_ref(),
            ),
            &resource,
            &Subject {
                recorder,
                buffer_bytes: plan.buffer_bytes.value,
                span_exporter,
                #[cfg(feature = "logs")]
                logs: logs.subject(),
            },
        )?;
        #[cfg(feature = "logs")]
        let logs = Logs::start(logs, &resource)?;
        let setting = Setting {
            recorder,
            resource,
            max_spans: rhythm.max_spans,
            export_timeout: plan.export_timeout.as_ref().map(|timeout| timeout.value),
            spool,
        };
        start_worker(make_exit, setting, rhythm)?;
        // Since the recorder was made, long enough has gone by for a first rate of its ticks.
        recorder.clock.look();
        if !recorder::activate(recorder) {
            // Another thread was faster. Our worker has nothing to drain and ends at once.
            recorder.control.request(Some(End::within(Duration::ZERO)));
            recorder.wake();
            return Err(Error::new(Kind::AlreadyInstalled));
        }
        context::install(plan.allowed.lists());
        register_hooks();
        propagators::set(self.propagator, named);
        // What OpenTelemetry's crates trace while they are set up makes no span of a program that traces that.
        let busy = Busy::begin();
        if plan.global_providers.value {
            foreign::offer_global(rhythm.limits);
        }
        #[cfg(feature = "metrics")]
        if let Some(metrics) = &metrics {
            metrics.publish(plan.global_providers.value);
        }
        #[cfg(feature = "logs")]
        if let Some(logs) = &logs {
            logs.publish();
        }
        drop(busy);
        recorder.gate.tell_unmatched();
        diagnose::tell_findings(&config.warnings().map(str::to_owned).collect::<Vec<_>>());
        let signals = Signals {
            #[cfg(feature = "metrics")]
            metrics,
            #[cfg(feature = "logs")]
            logs,
        };
        Ok(Telemetry::new(recorder, config, signals))
    }
}

/// The recorder, which lives as long as the process: threads may hold it.
fn make_recorder(
    plan: &Plan,
    sampler: Option<Box<dyn ShouldSample>>,
    filter: Option<Filter>,
    tail: Option<TailSampling>,
) -> &'static Recorder {
    let pool = Pool::new(usize::try_from(plan.buffer_bytes.value).unwrap_or(usize::MAX), CHUNK_BYTES);
    let sampler = RootSampler::new(sampler);
    let recorder = Recorder::new(Clock::new(), pool, sampler, plan.attach.value, plan.status_ok.value);
    let patience = Some(plan.patience.value).filter(|patience| !patience.is_zero());
    let recorder = recorder
        .with_gate(Gate::new(filter))
        .asking_for_all(plan.sample_every_span.value)
        .holding(tail)
        .waiting(patience);
    Box::leak(Box::new(recorder))
}

/// What is told of panics, and of the end and the forks of the process.
fn register_hooks() {
    panics::install_hook();
    #[cfg(unix)]
    {
        at_exit::register();
        at_fork::register();
    }
}

/// The spool that the program has set, which needs an exporter that uses it.
fn fit(spool: Option<Spool>, is_otlp: bool) -> Result<Option<Spool>, Error> {
    match spool {
        Some(spool) if !is_otlp => {
            let problem = format!(
                "is in {}, but spans are not exported by OTLP; expected `Builder::otlp` or an OTLP endpoint",
                spool.dir().display()
            );
            Err(Error::new(Kind::Option { name: "spool", problem }))
        }
        fits => Ok(fits),
    }
}

/// Starts the drain thread, in which the exporter is made and lives.
fn start_worker(make_exit: MakeExit, setting: Setting, rhythm: Rhythm) -> Result<(), Error> {
    let recorder = setting.recorder;
    let (ready, made) = mpsc::sync_channel(1);
    let thread = thread::Builder::new().name("wirespan-drain".to_owned()).spawn(move || {
        pipe_signal::block();
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
