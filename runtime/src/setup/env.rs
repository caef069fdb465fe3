//! The environment: OpenTelemetry's variables, read once. An empty value counts as unset, as the specification says.

use std::env;
use std::time::Duration;

use super::error::{Error, Kind};
use super::propagators::Propagators;
use crate::export::Chosen;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::otlp::{Otlp, Protocol};
use crate::filter::Filter;
use crate::sample::named::{Named, SAMPLERS};
use crate::spool::Spool;

/// What the environment says; `None` where it says nothing.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    pub(crate) disabled: bool,
    pub(crate) exporter: Option<Chosen>,
    pub(crate) sampler: Option<Named>,
    pub(crate) interval: Option<Duration>,
    pub(crate) max_batch: Option<u64>,
    pub(crate) filter: Option<Filter>,
    pub(crate) propagators: Option<Propagators>,
    pub(crate) service_name: Option<String>,
    pub(crate) spool: Option<Spool>,
}

impl Environment {
    /// Reads the variables.
    ///
    /// # Errors
    ///
    /// One of them has a value that cannot be used; the error names it, its value and what was expected.
    pub(crate) fn read() -> Result<Self, Error> {
        Ok(Self {
            disabled: flag("OTEL_SDK_DISABLED")?,
            exporter: exporter()?,
            sampler: sampler()?,
            interval: number("OTEL_BSP_SCHEDULE_DELAY", "a number of milliseconds above 0")?
                .map(Duration::from_millis),
            max_batch: number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "a number of spans above 0")?,
            filter: filter()?,
            propagators: propagators()?,
            service_name: variable("OTEL_SERVICE_NAME")?,
            spool: spool()?,
        })
    }
}

pub(crate) fn variable(name: &'static str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value.trim().to_owned())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(wrong(name, "not UTF-8", "UTF-8 text")),
    }
}

pub(crate) fn wrong(name: &'static str, value: &str, expected: &str) -> Error {
    Error::new(Kind::Variable { name, value: value.to_owned(), expected: expected.to_owned() })
}

pub(crate) fn flag(name: &'static str) -> Result<bool, Error> {
    // Anything but "true" is false, by the specification.
    Ok(variable(name)?.is_some_and(|value| value.eq_ignore_ascii_case("true")))
}

pub(crate) fn number(name: &'static str, expected: &str) -> Result<Option<u64>, Error> {
    let Some(text) = variable(name)? else { return Ok(None) };
    match text.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(wrong(name, &text, expected)),
    }
}

fn sampler() -> Result<Option<Named>, Error> {
    const NAME: &str = "OTEL_TRACES_SAMPLER";
    const ARG: &str = "OTEL_TRACES_SAMPLER_ARG";
    let Some(name) = variable(NAME)? else { return Ok(None) };
    let ratio = match variable(ARG)? {
        Some(text) if name.ends_with("traceidratio") => text
            .parse::<f64>()
            .ok()
            .filter(|ratio| (0.0..=1.0).contains(ratio))
            .ok_or_else(|| wrong(ARG, &text, "a number from 0.0 to 1.0"))?,
        _ => 1.0,
    };
    match Named::find(&name, ratio) {
        Some(sampler) => Ok(Some(sampler)),
        None => Err(wrong(NAME, &name, &format!("one of {}", SAMPLERS.join(", ")))),
    }
}

fn filter() -> Result<Option<Filter>, Error> {
    const NAME: &str = "WIRESPAN_FILTER";
    let Some(text) = variable(NAME)? else { return Ok(None) };
    match Filter::parse(&text) {
        Ok(filter) => Ok(Some(filter)),
        Err(mistake) => Err(wrong(NAME, &text, &mistake.expected())),
    }
}

fn propagators() -> Result<Option<Propagators>, Error> {
    const NAME: &str = "OTEL_PROPAGATORS";
    let Some(text) = variable(NAME)? else { return Ok(None) };
    Propagators::parse(&text).map(Some).map_err(|expected| wrong(NAME, &text, &expected))
}

/// The spool; what the builder says replaces it as a whole.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn spool() -> Result<Option<Spool>, Error> {
    const DIR: &str = "WIRESPAN_SPOOL_DIR";
    const MODE: &str = "WIRESPAN_SPOOL_MODE";
    let Some(dir) = variable(DIR)? else { return Ok(None) };
    let mut spool = Spool::new(&dir);
    match variable(MODE)?.as_deref() {
        None | Some("spill") => {}
        Some("write-through") => spool = spool.write_through(true),
        Some(other) => return Err(wrong(MODE, other, "spill or write-through")),
    }
    if let Some(bytes) = number("WIRESPAN_SPOOL_MAX_BYTES", "a number of bytes, at least 16777216")? {
        spool = spool.max_bytes(bytes);
    }
    spool.check()?;
    Ok(Some(spool))
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
#[expect(clippy::unnecessary_wraps, reason = "the other one may fail")]
fn spool() -> Result<Option<Spool>, Error> {
    Ok(None)
}

fn exporter() -> Result<Option<Chosen>, Error> {
    const NAME: &str = "OTEL_TRACES_EXPORTER";
    let endpoint = variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")?
        .or(variable("OTEL_EXPORTER_OTLP_ENDPOINT")?)
        .is_some();
    match variable(NAME)?.as_deref() {
        Some("none") => Ok(Some(Chosen::None)),
        Some("console") => Ok(Some(Chosen::Console)),
        Some("otlp") => otlp().map(Some),
        None if endpoint => otlp().map(Some),
        None => Ok(None),
        Some(other) => Err(wrong(NAME, other, "one of otlp, console, none")),
    }
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn otlp() -> Result<Chosen, Error> {
    const GENERAL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
    const TRACES: &str = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL";
    let (name, value) = match variable(TRACES)? {
        Some(value) => (TRACES, Some(value)),
        None => (GENERAL, variable(GENERAL)?),
    };
    match value.as_deref() {
        Some("grpc") => Ok(Chosen::Otlp(Otlp::new(Protocol::Grpc))),
        // The specification's default.
        None | Some("http/protobuf") => Ok(Chosen::Otlp(Otlp::new(Protocol::HttpProtobuf))),
        Some(other) => Err(wrong(name, other, "grpc or http/protobuf")),
    }
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn otlp() -> Result<Chosen, Error> {
    Err(Error::new(Kind::MissingFeature { protocol: "http/protobuf", feature: "otlp-http" }))
}
