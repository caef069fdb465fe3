//! What the environment says, each value with its source; `None` where it says nothing. The builder asks for it once, when telemetry is
//! switched on.

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;

use super::compat::{self, Compatibility};
use super::context::Allowed;
use super::exporters::{self, exporter, spool};
use super::lookup::{Lookup, MAX_MILLIS, wrong};
use super::near::warn_of_slips;
use super::plan::MAX_BUFFER_BYTES;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use super::preset::layer::Layer;
use super::preset::{self, Preset};
use super::source::Set;
use super::{limits, resource, unsupported};
use crate::context::Keys;
use crate::diagnose::Level;
use crate::export::Chosen;
use crate::filter::Filter;
use crate::pipeline::limits::Limits;
use crate::recorder::pool::CHUNK_BYTES;
use crate::sample::named::{Named, SAMPLERS};
use crate::setup::error::Error;
use crate::setup::propagators::Propagators;
use crate::setup::resource::Read;
use crate::setup::resource::vcs::Vcs;
use crate::spool::Spool;

pub(crate) const CONFIG_FILE: &str = "OTEL_CONFIG_FILE";
/// Spans that are ever asked for in one queue or batch; more is no bound.
const MAX_SPANS: u64 = i32::MAX as u64;

/// See the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) disabled: Option<Set<bool>>,
    pub(crate) log_level: Option<Set<Level>>,
    pub(crate) propagators: Option<Set<Propagators>>,
    pub(crate) service_name: Option<Set<String>>,
    /// What is said about the resource, but for the service's name. The last of a key counts.
    pub(crate) resource: Vec<Set<KeyValue>>,
    /// What build services and Datadog's variables say.
    pub(crate) vcs: Vcs,
    pub(crate) exporter: Option<Set<Chosen>>,
    pub(crate) sampler: Option<Set<Named>>,
    pub(crate) sample_every_span: Option<Set<bool>>,
    pub(crate) filter: Option<Set<Filter>>,
    pub(crate) status_ok: Option<Set<bool>>,
    pub(crate) attach: Option<Set<bool>>,
    pub(crate) global_providers: Option<Set<bool>>,
    pub(crate) limits: Limits<Option<Set<u32>>>,
    pub(crate) interval: Option<Set<Duration>>,
    pub(crate) max_batch: Option<Set<u64>>,
    pub(crate) export_timeout: Option<Set<Duration>>,
    /// Spans for which the buffer should have room.
    pub(crate) queue: Option<Set<u64>>,
    pub(crate) buffer_bytes: Option<Set<u64>>,
    pub(crate) patience: Option<Set<Duration>>,
    pub(crate) spool: Option<Set<Spool>>,
    #[cfg(feature = "metrics")]
    pub(crate) metrics: crate::metrics::variables::Variables,
    #[cfg(feature = "logs")]
    pub(crate) logs: crate::logs::variables::Variables,
    pub(crate) allowed: Allowed<Option<Set<Keys>>>,
    pub(crate) compat: Option<Set<Compatibility>>,
    pub(crate) preset: Option<Set<Preset>>,
    /// What exporters take from the preset, those that the program makes, too.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(crate) layer: Option<Arc<Layer>>,
    /// Whether the resource has Datadog's names, too.
    pub(crate) datadog: bool,
    /// What is to be said once.
    pub(crate) warnings: Vec<String>,
}

impl Settings {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// One of them has a value that cannot be used; the error names it, its value and what was expected.
    #[cfg(test)]
    pub(crate) fn read(lookup: &Lookup) -> Result<Self, Error> {
        Self::read_for(lookup, None, None)
    }

    /// Reads the variables; the builder may have said whose old ones are read, too, and which preset counts.
    ///
    /// # Errors
    ///
    /// One of them has a value that cannot be used; the error names it, its value and what was expected.
    pub(crate) fn read_for(
        lookup: &Lookup,
        compat: Option<Compatibility>,
        preset: Option<Preset>,
    ) -> Result<Self, Error> {
        let file = lookup.text(CONFIG_FILE)?;
        unsupported::refuse_old_file(lookup, file.as_ref())?;
        let mut settings = match &file {
            Some(path) => Self::of_file(lookup, &path.value)?,
            None => Self::of_opentelemetry(lookup)?,
        };
        settings.add_ours(lookup)?;
        settings.compat = Compatibility::read(lookup)?;
        if compat.or(settings.compat.as_ref().map(|set| set.value)) == Some(Compatibility::Letta) {
            compat::add(&mut settings, lookup)?;
        }
        settings.preset = Preset::read(lookup)?;
        if let Some(preset) = preset.or(settings.preset.as_ref().map(|set| set.value)) {
            preset::add(&mut settings, lookup, preset, file.is_some())?;
        }
        warn_of_slips(lookup);
        settings.warnings = lookup.take_warnings();
        Ok(settings)
    }

    /// What of it describes the program.
    pub(crate) fn described(&self) -> Read {
        Read {
            service_name: self.service_name.clone(),
            attributes: self.resource.clone(),
            vcs: self.vcs.clone(),
            datadog: self.datadog,
        }
    }

    /// What the declarative file says; OpenTelemetry's other variables do not count then.
    #[cfg(feature = "config-file")]
    fn of_file(lookup: &Lookup, path: &str) -> Result<Self, Error> {
        super::file::read(path, lookup)
    }

    #[cfg(not(feature = "config-file"))]
    fn of_file(_: &Lookup, path: &str) -> Result<Self, Error> {
        Err(wrong(CONFIG_FILE, path, "nothing, or the feature `config-file` of the crate `wirespan`"))
    }

    /// What OpenTelemetry's variables say.
    fn of_opentelemetry(lookup: &Lookup) -> Result<Self, Error> {
        unsupported::warn(lookup)?;
        exporters::check(lookup)?;
        let millis = |name, least| {
            Ok::<_, Error>(
                lookup
                    .number(name, least..=MAX_MILLIS, "milliseconds")?
                    .map(|set| set.map(Duration::from_millis)),
            )
        };
        Ok(Self {
            disabled: lookup.flag("OTEL_SDK_DISABLED")?,
            log_level: log_level(lookup)?,
            propagators: propagators(lookup)?,
            service_name: lookup.text("OTEL_SERVICE_NAME")?,
            resource: resource::read(lookup)?,
            exporter: exporter(lookup)?,
            sampler: sampler(lookup)?,
            limits: limits::read(lookup)?,
            interval: millis("OTEL_BSP_SCHEDULE_DELAY", 1)?,
            export_timeout: millis("OTEL_BSP_EXPORT_TIMEOUT", 0)?,
            queue: lookup.number("OTEL_BSP_MAX_QUEUE_SIZE", 1..=MAX_SPANS, "spans")?,
            max_batch: lookup.number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1..=MAX_SPANS, "spans")?,
            #[cfg(feature = "metrics")]
            metrics: crate::metrics::variables::Variables::read(lookup)?,
            #[cfg(feature = "logs")]
            logs: crate::logs::variables::Variables::read(lookup)?,
            ..Self::default()
        })
    }

    /// What ours say, where OpenTelemetry's say nothing.
    fn add_ours(&mut self, lookup: &Lookup) -> Result<(), Error> {
        let millis = |name, least| {
            let number = lookup.own_number(name, least..=MAX_MILLIS, "milliseconds")?;
            Ok::<_, Error>(number.map(|set| set.map(Duration::from_millis)))
        };
        self.filter = filter(lookup)?;
        self.status_ok = lookup.own_flag("WIRESPAN_STATUS_OK")?;
        self.attach = lookup.own_flag("WIRESPAN_OPENTELEMETRY_CONTEXT")?;
        self.global_providers = lookup.own_flag("WIRESPAN_GLOBAL_PROVIDERS")?;
        let every_span = lookup.own_flag("WIRESPAN_SAMPLE_EVERY_SPAN")?;
        self.sample_every_span = self.sample_every_span.take().or(every_span);
        let interval = millis("WIRESPAN_FLUSH_INTERVAL", 1)?;
        self.interval = self.interval.take().or(interval);
        let buffer = CHUNK_BYTES as u64..=MAX_BUFFER_BYTES;
        self.buffer_bytes = lookup.own_number("WIRESPAN_BUFFER_BYTES", buffer, "bytes")?;
        self.patience = millis("WIRESPAN_WAIT_WHEN_FULL", 0)?;
        self.spool = spool(lookup)?;
        self.allowed = Allowed::read(lookup)?;
        // Variables of others: what is wrong with one is not ours to say.
        self.vcs = Vcs::of_variables(|name| lookup.raw(name)?.to_str().map(str::to_owned));
        Ok(())
    }
}

fn log_level(lookup: &Lookup) -> Result<Option<Set<Level>>, Error> {
    const NAME: &str = "OTEL_LOG_LEVEL";
    let Some(text) = lookup.text(NAME)? else { return Ok(None) };
    match Level::named(&text.value) {
        Some(level) => Ok(Some(text.map(|_| level))),
        None => Err(wrong(NAME, &text.value, "one of none, error, warn, info, debug, trace")),
    }
}

fn sampler(lookup: &Lookup) -> Result<Option<Set<Named>>, Error> {
    const NAME: &str = "OTEL_TRACES_SAMPLER";
    const ARG: &str = "OTEL_TRACES_SAMPLER_ARG";
    let argument = lookup.text(ARG)?;
    let Some(name) = lookup.text(NAME)? else { return Ok(None) };
    let ratio = match argument {
        Some(Set { value: text, .. }) if name.value.ends_with("traceidratio") => text
            .parse::<f64>()
            .ok()
            .filter(|ratio| (0.0..=1.0).contains(ratio))
            .ok_or_else(|| wrong(ARG, &text, "a number from 0.0 to 1.0"))?,
        _ => 1.0,
    };
    match Named::find(&name.value, ratio) {
        Some(sampler) => Ok(Some(name.map(|_| sampler))),
        None => Err(wrong(NAME, &name.value, &format!("one of {}", SAMPLERS.join(", ")))),
    }
}

fn filter(lookup: &Lookup) -> Result<Option<Set<Filter>>, Error> {
    const NAME: &str = "WIRESPAN_FILTER";
    let Some(text) = lookup.text(NAME)? else { return Ok(None) };
    match Filter::parse(&text.value) {
        Ok(filter) => Ok(Some(text.map(|_| filter))),
        Err(mistake) => Err(wrong(NAME, &text.value, &mistake.expected())),
    }
}

fn propagators(lookup: &Lookup) -> Result<Option<Set<Propagators>>, Error> {
    const NAME: &str = "OTEL_PROPAGATORS";
    let Some(text) = lookup.text(NAME)? else { return Ok(None) };
    match Propagators::parse(&text.value) {
        Ok(named) => Ok(Some(text.map(|_| named))),
        Err(expected) => Err(wrong(NAME, &text.value, &expected)),
    }
}
