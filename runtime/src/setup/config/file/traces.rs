//! `tracer_provider` and the limits of spans.

use std::time::Duration;

use super::at::At;
use super::exporter::{self, Exporter};
use super::sampler;
use crate::export::Chosen;
use crate::pipeline::limits::Limits;
use crate::setup::config::lookup::MAX_MILLIS;
use crate::setup::config::settings::Settings;
use crate::setup::config::source::Set;
use crate::setup::error::Error;

/// The largest number that a limit may be.
const MAX_NUMBER: u64 = i32::MAX as u64;

/// Reads `tracer_provider`.
pub(super) fn read(settings: &mut Settings, at: &At<'_>) -> Result<(), Error> {
    let fields =
        at.map(&["processors", "limits", "sampler", "id_generator", "tracer_configurator/development"])?;
    fields.no_effect(
        &["tracer_configurator/development"],
        "every function is recorded that WIRESPAN_FILTER lets pass",
    );
    if let Some(generator) = fields.get("id_generator") {
        generator.one(&["random"])?;
    }
    let processors = fields.require("processors")?.list()?;
    let [one] = &processors[..] else {
        return Err(at.problem("has several `processors`; expected one, since spans go to one exporter"));
    };
    processor(settings, one)?;
    if let Some(limits) = fields.get("limits") {
        span_limits(settings, &limits)?;
    }
    if let Some(at) = fields.get("sampler") {
        let read = sampler::read(&at)?;
        settings.sampler = Some(at.set(read.named));
        settings.sample_every_span = read.asks_for_all.then(|| at.set(true));
    }
    Ok(())
}

fn processor(settings: &mut Settings, at: &At<'_>) -> Result<(), Error> {
    let (name, options) = at.one(&["batch", "simple"])?;
    let exporter = if name == "batch" {
        let fields = options.map(&[
            "schedule_delay",
            "export_timeout",
            "max_queue_size",
            "max_export_batch_size",
            "exporter",
        ])?;
        let millis = |at: &At<'_>| Ok(Duration::from_millis(at.number(0..=MAX_MILLIS)?));
        let spans = |at: &At<'_>| at.number(1..=MAX_NUMBER);
        settings.interval = fields.set("schedule_delay", millis)?;
        // Without a pause the thread would never sleep.
        if settings.interval.as_ref().is_some_and(|interval| interval.value.is_zero()) {
            settings.interval = settings.interval.take().map(|set| set.map(|_| Duration::from_millis(1)));
        }
        settings.export_timeout = fields.set("export_timeout", millis)?;
        settings.queue = fields.set("max_queue_size", spans)?;
        settings.max_batch = fields.set("max_export_batch_size", spans)?;
        fields.require("exporter")?
    } else {
        options.map(&["exporter"])?.require("exporter")?
    };
    settings.exporter = Some(match exporter::read(&exporter, false)? {
        (Exporter::Console, place) => place.set(Chosen::Console),
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        (Exporter::Otlp(otlp), place) => place.set(Chosen::Otlp(*otlp)),
    });
    Ok(())
}

/// Limits for everything, `attribute_limits`, which those of spans replace.
pub(super) fn attribute_limits(settings: &mut Settings, at: &At<'_>) -> Result<(), Error> {
    let fields =
        at.map(&["attribute_value_length_limit", "attribute_value_depth_limit", "attribute_count_limit"])?;
    fields.no_effect(&["attribute_value_depth_limit"], DEPTH);
    let count = fields.set("attribute_count_limit", limit)?;
    settings.limits = Limits {
        value_length: fields.set("attribute_value_length_limit", limit)?,
        attributes: count.clone(),
        event_attributes: count.clone(),
        link_attributes: count,
        ..Limits::default()
    };
    Ok(())
}

const DEPTH: &str = "values nest at most 16 levels deep";

fn span_limits(settings: &mut Settings, at: &At<'_>) -> Result<(), Error> {
    let fields = at.map(&[
        "attribute_value_length_limit",
        "attribute_value_depth_limit",
        "attribute_count_limit",
        "event_count_limit",
        "link_count_limit",
        "event_attribute_count_limit",
        "link_attribute_count_limit",
    ])?;
    fields.no_effect(&["attribute_value_depth_limit"], DEPTH);
    let or = |key: &str, general: &Option<Set<u32>>| {
        Ok::<_, Error>(fields.set(key, limit)?.or_else(|| general.clone()))
    };
    let general = std::mem::take(&mut settings.limits);
    settings.limits = Limits {
        value_length: or("attribute_value_length_limit", &general.value_length)?,
        attributes: or("attribute_count_limit", &general.attributes)?,
        events: or("event_count_limit", &None)?,
        links: or("link_count_limit", &None)?,
        event_attributes: or("event_attribute_count_limit", &general.event_attributes)?,
        link_attributes: or("link_attribute_count_limit", &general.link_attributes)?,
    };
    Ok(())
}

fn limit(at: &At<'_>) -> Result<u32, Error> {
    Ok(u32::try_from(at.number(0..=MAX_NUMBER)?).unwrap_or(u32::MAX))
}
