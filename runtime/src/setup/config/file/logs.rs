//! `logger_provider`: one processor, and the limits of records.

use std::time::Duration;

use super::at::At;
use super::exporter::{self, Exporter};
use crate::logs::variables::{MAX_RECORDS, Named, Variables};
use crate::setup::config::lookup::MAX_MILLIS;
use crate::setup::config::settings::Settings;
use crate::setup::error::Error;

/// The largest number that a limit may be.
const MAX_NUMBER: u64 = i32::MAX as u64;

pub(super) fn read(settings: &mut Settings, root: &At<'_>, logger: Option<&At<'_>>) -> Result<(), Error> {
    // Limits for everything with attributes, which are read already.
    settings.logs = Variables {
        exporter: Some(root.set(Named::None)),
        value_length: settings.limits.value_length.clone(),
        attributes: settings.limits.attributes.clone(),
        ..Variables::beside_file(root.file.lookup)?
    };
    let Some(logger) = logger else { return Ok(()) };
    let fields = logger.map(&["processors", "limits", "logger_configurator/development"])?;
    fields.no_effect(
        &["logger_configurator/development"],
        "every event becomes a record that RUST_LOG, or the program's subscriber, lets pass",
    );
    let processors = fields.require("processors")?.list()?;
    let [one] = &processors[..] else {
        return Err(logger.problem("has several `processors`; expected one, since logs go to one exporter"));
    };
    let variables = &mut settings.logs;
    processor(variables, one)?;
    if let Some(limits) = fields.get("limits") {
        let fields = limits.map(&[
            "attribute_value_length_limit",
            "attribute_value_depth_limit",
            "attribute_count_limit",
        ])?;
        fields.no_effect(&["attribute_value_depth_limit"], "the values of `tracing` do not nest");
        let limit =
            |key| fields.set(key, |at| Ok(u32::try_from(at.number(0..=MAX_NUMBER)?).unwrap_or(u32::MAX)));
        variables.value_length = limit("attribute_value_length_limit")?.or(variables.value_length.take());
        variables.attributes = limit("attribute_count_limit")?.or(variables.attributes.take());
    }
    Ok(())
}

fn processor(variables: &mut Variables, at: &At<'_>) -> Result<(), Error> {
    let (name, options) = at.one(&["batch", "simple"])?;
    let exporter = if name == "batch" {
        let fields = options.map(&[
            "schedule_delay",
            "export_timeout",
            "max_queue_size",
            "max_export_batch_size",
            "exporter",
        ])?;
        // Without a pause the thread would never sleep; without a limit it is the longest time.
        let millis = |key, zero: u64| {
            fields.set(key, |at| {
                let millis = at.number(0..=MAX_MILLIS)?;
                Ok(Duration::from_millis(if millis == 0 { zero } else { millis }))
            })
        };
        let records = |key| fields.set(key, |at| at.number(1..=MAX_RECORDS));
        variables.delay = millis("schedule_delay", 1)?;
        variables.timeout = millis("export_timeout", MAX_MILLIS)?;
        variables.queue = records("max_queue_size")?;
        variables.batch = records("max_export_batch_size")?;
        fields.require("exporter")?
    } else {
        options.map(&["exporter"])?.require("exporter")?
    };
    variables.exporter = Some(match exporter::read(&exporter, false)? {
        (Exporter::Console, place) => place.set(Named::Console),
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        (Exporter::Otlp(otlp), place) => place.set(Named::Otlp(*otlp)),
    });
    Ok(())
}
