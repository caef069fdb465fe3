//! What counts: the builder's options, else what was read, else the default; with the source of each.

use std::fmt;
use std::time::Duration;

use super::compat::Compatibility;
use super::context::Allowed;
use super::preset::Preset;
use super::settings::Settings;
use super::source::{Set, Source, choose};
use super::{Config, Entry};
use crate::context::Keys;
use crate::diagnose::Level;
use crate::pipeline::limits::{Limits, Numbers};
use crate::recorder::pool::CHUNK_BYTES;
use crate::setup::error::{Error, Kind};

/// Bytes of ended spans that wait for the drain thread, unless set otherwise.
const BUFFER_BYTES: u64 = 32 * 1024 * 1024;
/// The largest buffer: the pool's lists for it take 8 MiB.
pub(crate) const MAX_BUFFER_BYTES: u64 = 16 << 30;
/// What a span takes of the buffer, about, where `OTEL_BSP_MAX_QUEUE_SIZE` counts spans: few have more than two small parameters.
const SPAN_BYTES: u64 = 1024;
/// The largest buffer that a number of spans makes.
const MAX_QUEUE_BYTES: u64 = 1 << 30;
/// How often the drain thread looks, unless set otherwise.
const FLUSH_INTERVAL: Duration = Duration::from_millis(100);

/// What the builder was given, as far as it is values; the rest by its name.
#[derive(Debug, Default, Clone)]
pub(crate) struct Options {
    pub(crate) compat: Option<Compatibility>,
    pub(crate) preset: Option<Preset>,
    pub(crate) exporter: Option<String>,
    pub(crate) sampler: Option<String>,
    pub(crate) tail: Option<String>,
    pub(crate) sample_every_span: Option<bool>,
    pub(crate) filter: Option<String>,
    pub(crate) propagator: Option<&'static str>,
    pub(crate) attach: Option<bool>,
    pub(crate) status_ok: Option<bool>,
    pub(crate) global_providers: Option<bool>,
    pub(crate) buffer_bytes: Option<u64>,
    pub(crate) interval: Option<Duration>,
    pub(crate) max_batch: Option<u64>,
    pub(crate) patience: Option<Duration>,
    pub(crate) spool: Option<String>,
    pub(crate) max_events: Option<u32>,
    pub(crate) max_links: Option<u32>,
    pub(crate) allowed: Allowed<Option<Vec<String>>>,
}

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) disabled: Set<bool>,
    pub(crate) log_level: Set<Level>,
    pub(crate) attach: Set<bool>,
    pub(crate) status_ok: Set<bool>,
    pub(crate) global_providers: Set<bool>,
    pub(crate) sample_every_span: Set<bool>,
    pub(crate) interval: Set<Duration>,
    /// `None`: as many as the exporter takes.
    pub(crate) max_batch: Option<Set<u64>>,
    /// `None`: no limit.
    pub(crate) export_timeout: Option<Set<Duration>>,
    pub(crate) buffer_bytes: Set<u64>,
    pub(crate) patience: Set<Duration>,
    pub(crate) allowed: Allowed<Set<Keys>>,
    limits: Limits<Option<Set<u32>>>,
    compat: Set<Compatibility>,
    preset: Set<Preset>,
    named: Vec<Entry>,
    warnings: Vec<String>,
}

impl Plan {
    /// # Errors
    ///
    /// An option of the builder's has a value that cannot be used.
    pub(crate) fn new(options: &Options, settings: &Settings) -> Result<Self, Error> {
        options.check()?;
        let mut warnings = settings.warnings.clone();
        Ok(Self {
            disabled: choose(None, settings.disabled.clone(), false),
            log_level: choose(None, settings.log_level.clone(), Level::Info),
            attach: choose(options.attach, settings.attach.clone(), true),
            status_ok: choose(options.status_ok, settings.status_ok.clone(), true),
            global_providers: choose(options.global_providers, settings.global_providers.clone(), true),
            sample_every_span: choose(options.sample_every_span, settings.sample_every_span.clone(), false),
            interval: choose(options.interval, settings.interval.clone(), FLUSH_INTERVAL),
            max_batch: options
                .max_batch
                .map(|spans| Set::new(spans, Source::Builder))
                .or_else(|| settings.max_batch.clone()),
            // Zero is no limit, by the specification.
            export_timeout: settings.export_timeout.clone().filter(|timeout| !timeout.value.is_zero()),
            buffer_bytes: buffer_bytes(options, settings, &mut warnings),
            patience: choose(options.patience, settings.patience.clone(), Duration::ZERO),
            allowed: options.allowed.or(&settings.allowed)?,
            limits: limits(options, settings),
            compat: choose(options.compat, settings.compat.clone(), Compatibility::None),
            preset: choose(options.preset, settings.preset.clone(), Preset::None),
            named: named(options, settings),
            warnings,
        })
    }

    /// The limits of spans.
    pub(crate) fn limits(&self) -> Numbers {
        self.limits.clone().map(|limit| limit.map(|limit| limit.value))
    }

    /// All of it, for people and programs.
    pub(crate) fn config(&self) -> Config {
        let or = |key, set: Option<&Set<String>>, default: &str| match set {
            Some(set) => Entry::of(key, set),
            None => Entry::new(key, default, &Source::Default),
        };
        let shown = |set: &Option<Set<u32>>| set.clone().map(|set| set.map(|number| number.to_string()));
        let time = |key, set: &Set<Duration>| Entry::of(key, &set.clone().map(Millis));
        let mut entries = vec![
            Entry::of("disabled", &self.disabled),
            Entry::of("log_level", &self.log_level.clone().map(Level::as_str)),
            Entry::of("preset", &self.preset.clone().map(Preset::as_str)),
            Entry::of("compatibility", &self.compat.clone().map(Compatibility::as_str)),
            Entry::of("global_providers", &self.global_providers),
        ];
        entries.extend(self.allowed.entries());
        entries.extend(self.named.iter().cloned());
        let max_batch = self.max_batch.clone().map(|set| set.map(|spans| spans.to_string()));
        let timeout = self.export_timeout.clone().map(|set| set.map(|time| Millis(time).to_string()));
        entries.extend([
            Entry::of("traces.sample_every_span", &self.sample_every_span),
            Entry::of("traces.status_ok", &self.status_ok),
            Entry::of("traces.opentelemetry_context", &self.attach),
            time("traces.flush_interval", &self.interval),
            or("traces.max_export_batch_size", max_batch.as_ref(), "the exporter's"),
            or("traces.export_timeout", timeout.as_ref(), "none"),
            Entry::of("traces.buffer_bytes", &self.buffer_bytes),
            time("traces.wait_when_full", &self.patience),
        ]);
        let limits = &self.limits;
        entries.extend([
            or("traces.limits.attribute_value_length", shown(&limits.value_length).as_ref(), "none"),
            or("traces.limits.attributes", shown(&limits.attributes).as_ref(), "none"),
            or("traces.limits.events", shown(&limits.events).as_ref(), "none"),
            or("traces.limits.links", shown(&limits.links).as_ref(), "none"),
            or("traces.limits.event_attributes", shown(&limits.event_attributes).as_ref(), "none"),
            or("traces.limits.link_attributes", shown(&limits.link_attributes).as_ref(), "none"),
        ]);
        Config::new(entries, self.warnings.clone())
    }
}

impl Options {
    fn check(&self) -> Result<(), Error> {
        let refuse =
            |name, problem: &str| Err(Error::new(Kind::Option { name, problem: problem.to_owned() }));
        if let Some(bytes) = self.buffer_bytes {
            if bytes < CHUNK_BYTES as u64 {
                return refuse("buffer_bytes", &format!("is {bytes} bytes; expected at least {CHUNK_BYTES}"));
            }
            if bytes > MAX_BUFFER_BYTES {
                return refuse(
                    "buffer_bytes",
                    &format!("is {bytes} bytes; expected at most {MAX_BUFFER_BYTES}"),
                );
            }
        }
        if self.interval == Some(Duration::ZERO) {
            return refuse("flush_interval", "is zero; expected at least a millisecond or so");
        }
        if self.max_batch == Some(0) {
            return refuse("max_export_batch_size", "is zero; expected at least 1");
        }
        Ok(())
    }
}

/// The limits of spans, of which the builder says two.
fn limits(options: &Options, settings: &Settings) -> Limits<Option<Set<u32>>> {
    let or = |number: Option<u32>, read: Option<Set<u32>>| match number {
        Some(number) => Some(Set::new(number, Source::Builder)),
        None => read,
    };
    let read = settings.limits.clone();
    let (events, links) = (or(options.max_events, read.events), or(options.max_links, read.links));
    Limits { events, links, ..read }
}

/// The buffer, which is bounded in bytes: a number of spans can make it larger, and never smaller, since each thread that records
/// holds 64 KiB of it.
fn buffer_bytes(options: &Options, settings: &Settings, warnings: &mut Vec<String>) -> Set<u64> {
    let bytes = choose(options.buffer_bytes, settings.buffer_bytes.clone(), BUFFER_BYTES);
    match &settings.queue {
        Some(queue) if bytes.source != Source::Builder => {
            let wanted = queue.value.saturating_mul(SPAN_BYTES);
            if wanted > MAX_QUEUE_BYTES {
                warnings.push(format!(
                    "{} is {} spans, which counts as {}: the buffer is 1 GiB then; expected WIRESPAN_BUFFER_BYTES for a larger one",
                    queue.source,
                    queue.value,
                    MAX_QUEUE_BYTES / SPAN_BYTES
                ));
            }
            let wanted = wanted.min(MAX_QUEUE_BYTES);
            if wanted > bytes.value { Set::new(wanted, queue.source.clone()) } else { bytes }
        }
        _ => bytes,
    }
}

/// What has a name rather than a number.
fn named(options: &Options, settings: &Settings) -> Vec<Entry> {
    let pick =
        |key, option: Option<&str>, read: Option<(String, &Source)>, default: &str| match (option, read) {
            (Some(name), _) => Entry::new(key, name, &Source::Builder),
            (None, Some((name, source))) => Entry::new(key, &name, source),
            (None, None) => Entry::new(key, default, &Source::Default),
        };
    let propagators = settings.propagators.as_ref().map(|set| (set.value.to_string(), &set.source));
    let exporter = settings.exporter.as_ref().map(|set| (set.value.name().to_owned(), &set.source));
    let sampler = settings.sampler.as_ref().map(|set| (set.value.to_string(), &set.source));
    let filter = settings.filter.as_ref().map(|set| (set.value.to_string(), &set.source));
    let spool = settings.spool.as_ref().map(|set| (set.value.summary(), &set.source));
    vec![
        pick("propagators", options.propagator, propagators, "tracecontext,baggage"),
        pick("traces.exporter", options.exporter.as_deref(), exporter, "console"),
        pick("traces.sampler", options.sampler.as_deref(), sampler, "parentbased_always_on"),
        pick("traces.tail_sampling", options.tail.as_deref(), None, "none"),
        pick("traces.filter", options.filter.as_deref(), filter, "none"),
        pick("traces.spool", options.spool.as_deref(), spool, "none"),
    ]
}

/// A time as it is shown.
struct Millis(Duration);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
