//! What is known of each place: endpoints, headers, and the variables that keys and regions are read from.
//!
//! From the places' own documentation of OTLP (docs.datadoghq.com, signoz.io, clickhouse.com/docs/clickstack, Logfire's and Honeycomb's).
//! Whoever reads another variable adds it to `known`'s table.

use super::Preset;
use super::layer::{Header, Key, Layer};
use crate::export::otlp::{Compression, Signal};
use crate::pipeline::batch::MAX_BYTES;
use crate::setup::config::host;
use crate::setup::config::lookup::{Lookup, wrong};
use crate::setup::error::Error;

/// Bytes that Datadog's intake takes in one request.
const DATADOG_BYTES: usize = 3_200_000;
// What stands around the records of a request, the resource above all, has room.
const _: () = assert!(MAX_BYTES + 50_000 < DATADOG_BYTES, "requests are larger than Datadog takes");

const DATADOG: Key = Key { header: "dd-api-key", variable: "DD_API_KEY", what: "an API key of Datadog's" };
const SIGNOZ: Key = Key {
    header: "signoz-ingestion-key",
    variable: "SIGNOZ_INGESTION_KEY",
    what: "an ingestion key of SigNoz's",
};
const LOGFIRE: Key =
    Key { header: "authorization", variable: "LOGFIRE_TOKEN", what: "a write token of Logfire's" };
const HONEYCOMB: Key =
    Key { header: "x-honeycomb-team", variable: "HONEYCOMB_API_KEY", what: "an ingest key of Honeycomb's" };
const CLICKSTACK: Key =
    Key { header: "authorization", variable: "HYPERDX_API_KEY", what: "an ingestion key of ClickStack's" };

/// # Errors
///
/// A variable has a value that cannot be used.
pub(super) fn layer(preset: Preset, lookup: &Lookup) -> Result<Layer, Error> {
    let local = Layer {
        preset,
        http: "http://localhost:4318".to_owned(),
        grpc: Some("http://localhost:4317".to_owned()),
        headers: Vec::new(),
        key: None,
        compression: None,
    };
    match preset {
        Preset::None | Preset::Collector | Preset::SigNoz => Ok(local),
        Preset::ClickHouse => with_key(local, CLICKSTACK, lookup),
        Preset::DatadogAgent => {
            let host = host::read(lookup, &["DD_AGENT_HOST"])?.unwrap_or("localhost".to_owned());
            let grpc = Some(format!("http://{host}:4317"));
            Ok(Layer { http: format!("http://{host}:4318"), grpc, ..local })
        }
        Preset::Datadog => {
            let mut layer = remote(preset, format!("https://otlp.{}", datadog_site(lookup)?), false);
            // Without it there are no statistics of traces.
            let value = "true".to_owned();
            let of = Some(Signal::Traces);
            layer.headers.push(Header { name: "compute_stats", value, variable: None, of });
            with_key(Layer { key: Some(DATADOG), ..layer }, DATADOG, lookup)
        }
        Preset::SigNozCloud => {
            let region = region(lookup, &["us", "eu", "in"])?.unwrap_or("us");
            let layer = remote(preset, format!("https://ingest.{region}.signoz.cloud:443"), true);
            with_key(Layer { key: Some(SIGNOZ), ..layer }, SIGNOZ, lookup)
        }
        Preset::Logfire => {
            let token = lookup.text(LOGFIRE.variable)?.map(|token| token.value);
            // `pylf_v1_eu_…`
            let of_token = token.as_deref().and_then(|token| token.split('_').nth(2));
            let region = region(lookup, &["us", "eu"])?;
            let region = region.unwrap_or(if of_token == Some("eu") { "eu" } else { "us" });
            let layer = remote(preset, format!("https://logfire-{region}.pydantic.dev"), false);
            with_key(Layer { key: Some(LOGFIRE), ..layer }, LOGFIRE, lookup)
        }
        Preset::Honeycomb => {
            let region = region(lookup, &["us", "eu"])?.unwrap_or("us");
            let host = if region == "eu" { "api.eu1.honeycomb.io" } else { "api.honeycomb.io" };
            let mut layer = remote(preset, format!("https://{host}"), true);
            layer.headers.extend(dataset(lookup)?);
            with_key(Layer { key: Some(HONEYCOMB), ..layer }, HONEYCOMB, lookup)
        }
    }
}

/// A place that is somewhere else.
fn remote(preset: Preset, endpoint: String, takes_grpc: bool) -> Layer {
    Layer {
        preset,
        grpc: takes_grpc.then(|| endpoint.clone()),
        http: endpoint,
        headers: Vec::new(),
        key: None,
        compression: Some(Compression::Gzip),
    }
}

/// With the key in its header, where the variable has one.
fn with_key(mut layer: Layer, key: Key, lookup: &Lookup) -> Result<Layer, Error> {
    let value = lookup.text(key.variable)?;
    layer.headers.extend(value.map(|set| Header {
        name: key.header,
        value: set.value,
        variable: Some(key.variable),
        of: None,
    }));
    Ok(layer)
}

/// Metrics have a dataset of their own, and no service that it could be named by.
fn dataset(lookup: &Lookup) -> Result<Option<Header>, Error> {
    const NAME: &str = "HONEYCOMB_METRICS_DATASET";
    Ok(lookup.text(NAME)?.map(|set| Header {
        name: "x-honeycomb-dataset",
        value: set.value,
        variable: Some(NAME),
        of: Some(Signal::Metrics),
    }))
}

/// The key is sent there, so it is one of Datadog's.
fn datadog_site(lookup: &Lookup) -> Result<String, Error> {
    const NAME: &str = "DD_SITE";
    const SITES: [&str; 3] = ["datadoghq.com", "datadoghq.eu", "ddog-gov.com"];
    let Some(set) = lookup.text(NAME)? else { return Ok("datadoghq.com".to_owned()) };
    let site = set.value.to_ascii_lowercase();
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let good = SITES.iter().any(|known| match site.strip_suffix(known) {
        Some("") => true,
        // `us3.`
        Some(region) => region.strip_suffix('.').is_some_and(is_name),
        None => false,
    });
    if good {
        Ok(site)
    } else {
        Err(wrong(NAME, &set.value, "a site of Datadog's, such as datadoghq.eu or us5.datadoghq.com"))
    }
}

fn region(lookup: &Lookup, regions: &[&'static str]) -> Result<Option<&'static str>, Error> {
    const NAME: &str = "WIRESPAN_PRESET_REGION";
    let Some(set) = lookup.text(NAME)? else { return Ok(None) };
    let found = regions.iter().find(|region| set.value.eq_ignore_ascii_case(region));
    match found {
        Some(region) => Ok(Some(region)),
        None => Err(wrong(NAME, &set.value, &format!("one of {}", regions.join(", ")))),
    }
}
