//! What a program and the environment say about logs, and what follows from both.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::logs::{
    BatchConfig, BatchConfigBuilder, BatchLogProcessor, LogExporter, LoggerProviderBuilder,
    SimpleLogProcessor,
};
use tracing_subscriber::filter::Targets;

use super::bounded::{Bounded, Counted};
use super::console::ConsoleExporter;
use super::counts::Counts;
use super::filter;
use super::limits::Limits;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use super::otlp::OtlpExporter;
use super::provider::Hurry;
use super::variables::{Named, Variables};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::Otlp;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::otlp::Signal;
#[cfg(feature = "metrics")]
use crate::metrics::own::logs::Logs as Subject;
use crate::setup::config::Entry;
use crate::setup::config::source::{Set, Source, choose};
use crate::setup::error::Error;

/// The specification's defaults of the batch processor.
const DELAY: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(30);
const QUEUE: u64 = 2048;
const BATCH: u64 = 512;

/// A provider that exports, and how to hurry it.
pub(super) type Made = (LoggerProviderBuilder, Option<Hurry>);
type Make = Box<dyn FnOnce(LoggerProviderBuilder, &Numbers, Arc<Counts>) -> Result<Made, Error> + Send>;

/// Where logs go.
pub(super) enum MakeExit {
    /// Nowhere: there is no provider then.
    Nowhere,
    /// With what the exporter is: a value of `otel.component.type`.
    To(
        #[cfg_attr(not(feature = "metrics"), expect(dead_code, reason = "metrics say it"))] &'static str,
        Make,
    ),
}

impl MakeExit {
    fn exporter(exporter: impl LogExporter + 'static) -> Self {
        Self::To(
            "log_exporter",
            Box::new(|builder, numbers, counts| {
                let exporter = Counted { exporter, counts: Arc::clone(&counts) };
                Ok((builder.with_log_processor(numbers.batches(exporter, counts)), None))
            }),
        )
    }

    /// At once, so that lines stand where they were made.
    fn console() -> Self {
        Self::To(
            "console_log_exporter",
            Box::new(|builder, numbers, counts| {
                let exporter = Counted { exporter: ConsoleExporter, counts: Arc::clone(&counts) };
                let processor = SimpleLogProcessor::new(exporter);
                let most = numbers.queue.value;
                Ok((builder.with_log_processor(Bounded { processor, counts, most }), None))
            }),
        )
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn otlp(otlp: Otlp) -> Self {
        Self::To(
            otlp.component(Signal::Logs),
            Box::new(move |builder, numbers, counts| {
                let exporter = OtlpExporter::new(&otlp, numbers.timeout.value, Arc::clone(&counts))?;
                let client = exporter.client();
                let processor = numbers.batches(exporter, counts);
                Ok((builder.with_log_processor(processor), Some(Box::new(move || client.hurry()))))
            }),
        )
    }
}

/// What a program says; `None` where it says nothing.
#[derive(Default)]
pub(crate) struct Options {
    exit: Option<MakeExit>,
    pub(crate) leaves_tracing: bool,
}

impl Options {
    pub(crate) fn export_to(&mut self, exporter: impl LogExporter + 'static) {
        self.exit = Some(MakeExit::exporter(exporter));
    }

    pub(crate) fn switch_off(&mut self) {
        self.exit = Some(MakeExit::Nowhere);
    }

    /// What is done. `otlp` is what the program says about OTLP; `to_console`: spans go there because nothing is said.
    pub(crate) fn plan(
        self,
        environment: Variables,
        to_console: bool,
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))] otlp: Option<&Otlp>,
    ) -> Plan {
        let numbers = Numbers::new(&environment);
        let otherwise = || if to_console { MakeExit::console() } else { MakeExit::Nowhere };
        let exit = self.exit.unwrap_or_else(|| match environment.exporter.map(|set| set.value) {
            Some(Named::None) => MakeExit::Nowhere,
            Some(Named::Console) => MakeExit::console(),
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            Some(Named::Otlp(by_environment)) => MakeExit::otlp(otlp.cloned().unwrap_or(by_environment)),
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            None => otlp.cloned().map_or_else(otherwise, MakeExit::otlp),
            #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
            None => otherwise(),
        });
        let which = environment.which.map_or_else(filter::by_default, |set| set.value);
        let limit = |set: Option<Set<u32>>| set.map(|set| set.value as usize);
        let limits = Limits {
            value_length: limit(environment.value_length),
            attributes: limit(environment.attributes),
        };
        Plan {
            exit,
            numbers,
            limits,
            subscribes: Some(which).filter(|_| !self.leaves_tracing),
            counts: Arc::default(),
        }
    }

    /// The OTLP exporter that logs go to, and who says so.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(crate) fn otlp<'a>(
        &self,
        environment: &'a Variables,
        otlp: Option<&'a Otlp>,
    ) -> Option<(&'a Otlp, Source)> {
        match (&self.exit, &environment.exporter, otlp) {
            (None, Some(Set { value: Named::Otlp(_), .. }) | None, Some(otlp)) => {
                Some((otlp, Source::Builder))
            }
            (None, Some(Set { value: Named::Otlp(otlp), source }), None) => Some((otlp, source.clone())),
            _ => None,
        }
    }

    /// All of it, for people and programs.
    pub(crate) fn shown(&self, environment: &Variables, to_console: bool, sets_otlp: bool) -> [Entry; 8] {
        let numbers = Numbers::new(environment);
        let exporter = match (&self.exit, &environment.exporter) {
            (Some(MakeExit::Nowhere), _) => Set::new("none", Source::Builder),
            (Some(MakeExit::To(..)), _) => Set::new("custom", Source::Builder),
            (None, Some(named)) => Set::new(named.value.name(), named.source.clone()),
            (None, None) if sets_otlp => Set::new("otlp", Source::Builder),
            (None, None) => Set::by_default(if to_console { "console" } else { "none" }),
        };
        let which = environment.which.clone().map(|set| set.map(|which| which.to_string()));
        let millis = |set: Set<Duration>| set.map(|time| format!("{time:?}"));
        let limit = |key, set: &Option<Set<u32>>| match set {
            Some(set) => Entry::of(key, set),
            None => Entry::new(key, "none", &Source::Default),
        };
        [
            Entry::of("logs.exporter", &exporter),
            Entry::of("logs.filter", &which.unwrap_or_else(|| Set::by_default("info".to_owned()))),
            Entry::of("logs.schedule_delay", &millis(numbers.delay)),
            Entry::of("logs.export_timeout", &millis(numbers.timeout)),
            Entry::of("logs.max_queue_size", &numbers.queue),
            Entry::of("logs.max_export_batch_size", &numbers.batch),
            limit("logs.limits.attribute_value_length", &environment.value_length),
            limit("logs.limits.attributes", &environment.attributes),
        ]
    }
}

/// What is no more than a value, each with its source.
pub(super) struct Numbers {
    delay: Set<Duration>,
    timeout: Set<Duration>,
    queue: Set<u64>,
    batch: Set<u64>,
}

impl Numbers {
    fn new(environment: &Variables) -> Self {
        Self {
            delay: choose(None, environment.delay.clone(), DELAY),
            timeout: choose(None, environment.timeout.clone(), TIMEOUT),
            queue: choose(None, environment.queue.clone(), QUEUE),
            batch: choose(None, environment.batch.clone(), BATCH),
        }
    }

    fn config(&self) -> BatchConfig {
        let size = |set: &Set<u64>| usize::try_from(set.value).unwrap_or(usize::MAX);
        BatchConfigBuilder::default()
            .with_scheduled_delay(self.delay.value)
            .with_max_queue_size(size(&self.queue))
            .with_max_export_batch_size(size(&self.batch).min(size(&self.queue)))
            .build()
    }

    /// The SDK's batch processor, with as many records in hand as its queue has room for.
    fn batches(
        &self,
        exporter: impl LogExporter + 'static,
        counts: Arc<Counts>,
    ) -> Bounded<BatchLogProcessor> {
        let processor = BatchLogProcessor::builder(exporter).with_batch_config(self.config()).build();
        Bounded { processor, counts, most: self.queue.value }
    }
}

/// Everything decided.
pub(crate) struct Plan {
    pub(super) exit: MakeExit,
    pub(super) numbers: Numbers,
    pub(super) limits: Limits,
    /// To what of `tracing`, where nobody else listens.
    pub(super) subscribes: Option<Targets>,
    pub(super) counts: Arc<Counts>,
}

impl Plan {
    /// What metrics say of logs.
    #[cfg(feature = "metrics")]
    pub(crate) fn subject(&self) -> Option<Subject> {
        let MakeExit::To(exporter, _) = self.exit else { return None };
        Some(Subject { counts: Arc::clone(&self.counts), capacity: self.numbers.queue.value, exporter })
    }
}
