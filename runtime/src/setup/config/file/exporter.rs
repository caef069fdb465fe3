//! Exporters of the declarative file: `otlp_http`, `otlp_grpc` and `console`, for any signal.

use super::at::At;
use crate::setup::error::Error;

/// Where a signal goes.
pub(crate) enum Exporter {
    Console,
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    Otlp(Box<crate::export::otlp::Otlp>),
}

/// What only metrics have; read by their own reader.
const OF_METRICS: [&str; 2] = ["temporality_preference", "default_histogram_aggregation"];

/// Reads the map that names an exporter, and the exporter's own place.
pub(super) fn read<'a>(at: &At<'a>, of_metrics: bool) -> Result<(Exporter, At<'a>), Error> {
    let (name, options) = at.one(&["otlp_http", "otlp_grpc", "console", "otlp_file/development"])?;
    let exporter = match name {
        "console" => {
            options.map(if of_metrics { &OF_METRICS } else { &[] })?;
            Exporter::Console
        }
        "otlp_http" | "otlp_grpc" => otlp(&options, name == "otlp_grpc", of_metrics)?,
        _ => return Err(options.problem("is not supported; expected one of otlp_http, otlp_grpc, console")),
    };
    Ok((exporter, options))
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn otlp(_: &At<'_>, is_grpc: bool, _: bool) -> Result<Exporter, Error> {
    use crate::setup::error::Kind;
    let (protocol, feature) = if is_grpc { ("grpc", "otlp-grpc") } else { ("http/protobuf", "otlp-http") };
    Err(Error::new(Kind::MissingFeature { protocol, feature }))
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn otlp(at: &At<'_>, is_grpc: bool, of_metrics: bool) -> Result<Exporter, Error> {
    use std::time::Duration;

    use crate::export::otlp::{Compression, Otlp, pairs};
    use crate::setup::config::lookup::MAX_MILLIS;

    let mut known = vec![
        "endpoint",
        "tls",
        "headers",
        "headers_list",
        "compression",
        "max_request_size",
        "max_response_size",
        "timeout",
    ];
    if !is_grpc {
        known.push("encoding");
    }
    if of_metrics {
        known.extend(OF_METRICS);
    }
    let fields = at.map(&known)?;
    fields.no_effect(
        &["max_request_size", "max_response_size"],
        "a request holds at most 3 MiB, and 4 MiB of an answer are read",
    );
    if let Some(encoding) = fields.get("encoding") {
        encoding.one_of(&[("protobuf", ())])?;
    }
    // Nothing of the environment counts beside the file.
    let mut otlp = if is_grpc { Otlp::grpc() } else { Otlp::http() }.alone();
    let mut insecure = false;
    if let Some(tls) = fields.get("tls") {
        let known: &[&str] = if is_grpc {
            &["ca_file", "key_file", "cert_file", "insecure"]
        } else {
            &["ca_file", "key_file", "cert_file"]
        };
        let files = tls.map(known)?;
        let file = |key| files.get(key).map(|at| at.text()).transpose();
        if let Some(file) = file("ca_file")? {
            otlp = otlp.certificate(file);
        }
        match (file("cert_file")?, file("key_file")?) {
            (Some(chain), Some(key)) => otlp = otlp.client_certificate(chain, key),
            (None, None) => {}
            _ => return Err(tls.problem("has only one of `cert_file` and `key_file`; expected both or none")),
        }
        insecure = files.get("insecure").map_or(Ok(false), |at| at.flag())?;
    }
    if let Some(endpoint) = fields.get("endpoint") {
        let url = endpoint.text()?;
        let url = if insecure && !url.contains("://") { format!("http://{url}") } else { url };
        otlp = otlp.endpoint(url);
    }
    if let Some(list) = fields.get("headers_list") {
        let headers = pairs(&list.text()?).ok_or_else(|| {
            list.problem("cannot be read; expected `name=value` pairs between commas, values percent-encoded")
        })?;
        for (name, value) in headers {
            otlp = otlp.header(name, value);
        }
    }
    if let Some(headers) = fields.get("headers") {
        for header in headers.list()? {
            let header = header.map(&["name", "value"])?;
            let name = header.require("name")?.text()?;
            // Nothing in it means that it is left out.
            if let Some(value) = header.get("value") {
                otlp = otlp.header(name, value.any_text()?);
            }
        }
    }
    if let Some(compression) = fields.get("compression") {
        otlp = otlp.compression(compression.one_of(&[
            ("none", Compression::None),
            ("gzip", Compression::Gzip),
            ("zstd", Compression::Zstd),
        ])?);
    }
    if let Some(timeout) = fields.get("timeout") {
        // Zero is no limit: the longest time.
        let millis = Some(timeout.number(0..=MAX_MILLIS)?).filter(|millis| *millis > 0);
        otlp = otlp.timeout(Duration::from_millis(millis.unwrap_or(MAX_MILLIS)));
    }
    Ok(Exporter::Otlp(Box::new(otlp)))
}
