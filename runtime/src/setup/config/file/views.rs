//! `meter_provider.views`: which instruments, and how what they measure is kept.

use opentelemetry_sdk::metrics::Aggregation;

use super::at::At;
use super::metrics::{KINDS, series};
use super::names;
use crate::metrics::views::View;
use crate::setup::error::Error;

pub(super) fn read(at: &At<'_>) -> Result<View, Error> {
    let fields = at.map(&["selector", "stream"])?;
    let mut view = View::default();
    let selector = fields.require("selector")?.map(&[
        "instrument_name",
        "instrument_type",
        "unit",
        "meter_name",
        "meter_version",
        "meter_schema_url",
    ])?;
    let text = |key| selector.get(key).map(|at| at.any_text()).transpose();
    view.instrument = text("instrument_name")?;
    view.kind = selector.get("instrument_type").map(|at| at.one_of(&KINDS)).transpose()?;
    view.unit = text("unit")?;
    view.meter = text("meter_name")?;
    view.meter_version = text("meter_version")?;
    view.meter_schema_url = text("meter_schema_url")?;
    let stream = fields.require("stream")?.map(&[
        "name",
        "description",
        "aggregation",
        "aggregation_cardinality_limit",
        "attribute_keys",
    ])?;
    let text = |key| stream.get(key).map(|at| at.any_text()).transpose();
    view.name = text("name")?;
    view.description = text("description")?;
    view.series = stream.get("aggregation_cardinality_limit").map(|at| series(&at)).transpose()?;
    if let Some(keys) = stream.get("attribute_keys") {
        match names(&keys)?.exact() {
            Some(exact) => view.keys = Some(exact.to_vec()),
            None => keys.warn(
                "has no effect: keys are left out by a list of those that stay; expected `included` without `*` and `?`, and no `excluded`",
            ),
        }
    }
    if let Some(at) = stream.get("aggregation") {
        view.aggregation = aggregation(&at)?;
    }
    Ok(view)
}

fn aggregation(at: &At<'_>) -> Result<Option<Aggregation>, Error> {
    let (name, options) = at.one(&[
        "default",
        "drop",
        "explicit_bucket_histogram",
        "base2_exponential_bucket_histogram",
        "last_value",
        "sum",
    ])?;
    Ok(Some(match name {
        "explicit_bucket_histogram" => return explicit(&options),
        "base2_exponential_bucket_histogram" => {
            let fields = options.map(&["max_scale", "max_size", "record_min_max"])?;
            let max_scale = fields.get("max_scale").map_or(Ok(20), |at| {
                let scale = at.integer()?;
                let scale = i8::try_from(scale).ok().filter(|scale| (-10..=20).contains(scale));
                scale.ok_or_else(|| at.wrong("a number from -10 to 20"))
            })?;
            let max_size = fields.get("max_size").map_or(Ok(160), |at| at.number(2..=16_384))?;
            let max_size = u32::try_from(max_size).unwrap_or(160);
            let record_min_max = fields.get("record_min_max").map_or(Ok(true), |at| at.flag())?;
            Aggregation::Base2ExponentialHistogram { max_size, max_scale, record_min_max }
        }
        other => {
            options.map(&[])?;
            match other {
                "drop" => Aggregation::Drop,
                "last_value" => Aggregation::LastValue,
                "sum" => Aggregation::Sum,
                _ => return Ok(None),
            }
        }
    }))
}

fn explicit(at: &At<'_>) -> Result<Option<Aggregation>, Error> {
    let fields = at.map(&["boundaries", "record_min_max"])?;
    let record_min_max = fields.get("record_min_max").map_or(Ok(true), |at| at.flag())?;
    let boundaries: Vec<f64> = match fields.get("boundaries") {
        Some(list) => {
            let read = list.any_list()?.iter().map(At::decimal).collect::<Result<Vec<_>, _>>()?;
            let grows = read.iter().zip(read.iter().skip(1)).all(|(low, high)| low < high);
            if !grows {
                return Err(list.problem("has bounds that do not grow; expected each above the one before"));
            }
            read
        }
        // The instrument's own, and so its unit's.
        None if record_min_max => return Ok(None),
        None => DEFAULT.to_vec(),
    };
    Ok(Some(Aggregation::ExplicitBucketHistogram { boundaries, record_min_max }))
}

/// The specification's.
const DEFAULT: [f64; 15] =
    [0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0, 10000.0];
