//! The declarative file that `OTEL_CONFIG_FILE` names: YAML by the schema of opentelemetry-configuration, version 1.
//!
//! `yaml` reads text, `at` reads nodes as what is expected of them, and the others are parts of the schema. What the schema does not
//! know is an error, with the file's line; what it knows and we have no use for is a warning. Other `OTEL_` variables do not count
//! beside it, but for those that it refers to.

mod at;
mod exporter;
#[cfg(feature = "logs")]
mod logs;
#[cfg(feature = "metrics")]
mod metrics;
mod resource;
mod sampler;
mod signals;
mod substitute;
#[cfg(test)]
mod tests;
mod traces;
#[cfg(feature = "metrics")]
mod views;
mod yaml;

use std::path::Path;
use std::sync::Arc;

use self::at::{At, File};
use super::lookup::{Lookup, wrong};
#[cfg(feature = "metrics")]
use super::pattern::Names;
use super::settings::{CONFIG_FILE, Settings};
use crate::diagnose::Level;
use crate::export::Chosen;
use crate::setup::error::Error;
use crate::setup::propagators::Propagators;

const EXPECTED: &str = "a declarative configuration in YAML";
/// The largest file: none that a person writes is a tenth of it.
const MAX_BYTES: u64 = 1024 * 1024;
/// The last minor version of the schema that is read as it is meant.
const MINOR: u32 = 1;

/// What the file says.
///
/// # Errors
///
/// It cannot be read, or is not what was expected; the error names file, line and key.
pub(super) fn read(path: &str, lookup: &Lookup) -> Result<Settings, Error> {
    let path: Arc<Path> = Path::new(path).into();
    let file = File { path: path.clone(), lookup };
    let cannot =
        |problem: &str| wrong(CONFIG_FILE, &path.display().to_string(), &format!("{EXPECTED}; it {problem}"));
    let unread = |cause: std::io::Error| cannot(&format!("cannot be read: {cause}"));
    if std::fs::metadata(&path).map_err(unread)?.len() > MAX_BYTES {
        return Err(cannot(&format!("is larger than {MAX_BYTES} bytes")));
    }
    let text = std::fs::read_to_string(&path).map_err(unread)?;
    parse(&file, &text)
}

fn parse(file: &File<'_>, text: &str) -> Result<Settings, Error> {
    let variable = |name: &str| match file.lookup.raw(name) {
        None => Ok(None),
        Some(value) => value
            .to_str()
            .map(|value| Some(value.to_owned()))
            .ok_or_else(|| format!("refers to {name}, which is not UTF-8; expected UTF-8 text")),
    };
    let node = yaml::load(text, &variable).map_err(|problem| file.error(Some(problem.line), problem.text))?;
    sdk(&At { file, node: &node, pointer: String::new() })
}

const KEYS: [&str; 11] = [
    "file_format",
    "disabled",
    "log_level",
    "attribute_limits",
    "resource",
    "propagator",
    "tracer_provider",
    "meter_provider",
    "logger_provider",
    "instrumentation/development",
    "distribution",
];

fn sdk(at: &At<'_>) -> Result<Settings, Error> {
    let fields = at.any_map()?;
    file_format(&fields.require("file_format")?)?;
    for key in fields.keys().filter(|key| !KEYS.contains(key)) {
        // The schema allows others here, and only here.
        at.warn(&format!("has the key `{key}`, which is not known and has no effect"));
    }
    fields.no_effect(
        &["instrumentation/development", "distribution"],
        "there is nothing in it for this library",
    );
    let mut settings = Settings {
        disabled: fields.set("disabled", At::flag)?,
        log_level: fields.set("log_level", log_level)?,
        resource: fields.get("resource").map_or(Ok(Vec::new()), |at| resource::read(&at))?,
        // Nothing said is no propagator, no exporter, by the schema.
        propagators: Some(at.set(Propagators::default())),
        exporter: Some(at.set(Chosen::None)),
        ..Settings::default()
    };
    if let Some(limits) = fields.get("attribute_limits") {
        traces::attribute_limits(&mut settings, &limits)?;
    }
    if let Some(propagator) = fields.get("propagator") {
        settings.propagators = Some(propagator.set(propagators(&propagator)?));
    }
    // Before the limits of spans replace those of everything.
    let (meter, logger) = (fields.get("meter_provider"), fields.get("logger_provider"));
    signals::read(&mut settings, at, meter.as_ref(), logger.as_ref())?;
    if let Some(provider) = fields.get("tracer_provider") {
        traces::read(&mut settings, &provider)?;
    }
    Ok(settings)
}

/// Names by patterns.
#[cfg(feature = "metrics")]
fn names(at: &At<'_>) -> Result<Names, Error> {
    let fields = at.map(&["included", "excluded"])?;
    let list = |key| {
        let texts = |at: At<'_>| at.list()?.iter().map(At::any_text).collect::<Result<Vec<_>, _>>();
        fields.get(key).map(texts).transpose()
    };
    Ok(Names { included: list("included")?, excluded: list("excluded")?.unwrap_or_default() })
}

fn file_format(at: &At<'_>) -> Result<(), Error> {
    const EXPECTED: &str = "\"1.0\" or \"1.1\"";
    let text = at.any_text()?;
    // A tag behind the version (`1.0-rc.3`) is one that came before it.
    let (major, minor) = text.split_once('.').ok_or_else(|| at.wrong(EXPECTED))?;
    match (major, minor.parse::<u32>()) {
        ("1", Ok(minor)) => {
            if minor > MINOR {
                at.warn(&format!("is `{text}`, newer than 1.{MINOR}: what is new in it is not known"));
            }
            Ok(())
        }
        _ => Err(at.wrong(EXPECTED)),
    }
}

fn log_level(at: &At<'_>) -> Result<Level, Error> {
    let text = at.text()?;
    let name = text.trim_end_matches(['2', '3', '4']);
    match name {
        // Nothing that we say is worse than an error.
        "fatal" => Ok(Level::None),
        "trace" | "debug" | "info" | "warn" | "error" => {
            Level::named(name).ok_or_else(|| at.wrong("a level"))
        }
        _ => {
            Err(at
                .wrong("one of trace, debug, info, warn, error, fatal, with 2, 3 or 4 behind it or without"))
        }
    }
}

fn propagators(at: &At<'_>) -> Result<Propagators, Error> {
    let fields = at.map(&["composite", "composite_list"])?;
    let mut names = Vec::new();
    if let Some(list) = fields.get("composite") {
        for entry in list.list()? {
            let (name, options) = entry.one(&["tracecontext", "baggage"])?;
            options.map(&[])?;
            names.push(name.to_owned());
        }
    }
    if let Some(list) = fields.get("composite_list") {
        let text = list.any_text()?;
        Propagators::parse(&text).map_err(|expected| list.wrong(&expected))?;
        names.extend(text.split(',').map(|name| name.trim().to_owned()).filter(|name| name != "none"));
    }
    Propagators::parse(&names.join(",")).map_err(|expected| at.wrong(&expected))
}
