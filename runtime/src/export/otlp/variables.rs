//! The `OTEL_EXPORTER_OTLP_*` variables: those of a signal before the general ones.

use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use super::Compression;
use super::endpoint::{Endpoint, Path, Target};
use super::signal::{Names, Signal, names};
use crate::setup::env::{flag, number, variable, wrong};
use crate::setup::error::Error;

/// A header; its value is marked as sensitive.
pub(super) type Header = (HeaderName, HeaderValue);

/// What the variables say; `None` where they say nothing.
#[derive(Default)]
pub(super) struct Variables {
    endpoint: Option<(&'static str, String, Path)>,
    insecure: bool,
    pub(super) headers: Vec<Header>,
    pub(super) timeout: Option<Duration>,
    pub(super) compression: Option<Compression>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) client_certificate: Option<(PathBuf, PathBuf)>,
}

const ENDPOINT: Names = names!("ENDPOINT");
const INSECURE: Names = names!("INSECURE");
const HEADERS: Names = names!("HEADERS");
const TIMEOUT: Names = names!("TIMEOUT");
const COMPRESSION: Names = names!("COMPRESSION");
const CERTIFICATE: Names = names!("CERTIFICATE");
const CLIENT_CERTIFICATE: Names = names!("CLIENT_CERTIFICATE");
const CLIENT_KEY: Names = names!("CLIENT_KEY");

impl Variables {
    /// # Errors
    ///
    /// One of them has a value that cannot be used.
    pub(super) fn read(signal: Signal) -> Result<Self, Error> {
        let endpoint = ENDPOINT.read(signal)?;
        Ok(Self {
            endpoint: endpoint.map(|(name, url)| {
                (name, url, if name == ENDPOINT.general { Path::Base } else { Path::Whole })
            }),
            insecure: flag(INSECURE.of(signal))? || flag(INSECURE.general)?,
            headers: headers(signal)?,
            timeout: timeout(signal)?,
            compression: compression(signal)?,
            certificate: CERTIFICATE.read(signal)?.map(|(_, path)| path.into()),
            client_certificate: client_certificate(signal)?,
        })
    }

    /// Where to send to.
    pub(super) fn endpoint(&self, target: Target) -> Result<Endpoint, Error> {
        match &self.endpoint {
            Some((name, url, path)) => Endpoint::of_variable(target, name, url, *path, self.insecure),
            None => Ok(Endpoint::local(target)),
        }
    }
}

fn timeout(signal: Signal) -> Result<Option<Duration>, Error> {
    const EXPECTED: &str = "a number of milliseconds above 0";
    let own = number(TIMEOUT.of(signal), EXPECTED)?;
    Ok(own.or(number(TIMEOUT.general, EXPECTED)?).map(Duration::from_millis))
}

fn compression(signal: Signal) -> Result<Option<Compression>, Error> {
    let Some((name, value)) = COMPRESSION.read(signal)? else { return Ok(None) };
    match value.as_str() {
        "none" => Ok(Some(Compression::None)),
        "gzip" => Ok(Some(Compression::Gzip)),
        "zstd" => Ok(Some(Compression::Zstd)),
        other => Err(wrong(name, other, "one of gzip, zstd, none")),
    }
}

fn client_certificate(signal: Signal) -> Result<Option<(PathBuf, PathBuf)>, Error> {
    match (CLIENT_CERTIFICATE.read(signal)?, CLIENT_KEY.read(signal)?) {
        (Some((_, chain)), Some((_, key))) => Ok(Some((chain.into(), key.into()))),
        (None, None) => Ok(None),
        (Some((name, value)), None) => {
            Err(wrong(name, &value, "its private key in OTEL_EXPORTER_OTLP_CLIENT_KEY, too"))
        }
        (None, Some((name, value))) => {
            Err(wrong(name, &value, "its certificate in OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, too"))
        }
    }
}

/// General headers, and those of the signal, which count before.
fn headers(signal: Signal) -> Result<Vec<Header>, Error> {
    let mut headers: Vec<Header> = Vec::new();
    for name in [HEADERS.general, HEADERS.of(signal)] {
        for (key, value) in list(name)? {
            let (key, value) = header(&key, &value).map_err(|problem| wrong(name, "<hidden>", &problem))?;
            headers.retain(|(other, _)| *other != key);
            headers.push((key, value));
        }
    }
    Ok(headers)
}

/// `key=value,key=value`, with percent-encoded values.
fn list(name: &'static str) -> Result<Vec<(String, String)>, Error> {
    const EXPECTED: &str = "`name=value` pairs between commas, values percent-encoded";
    let Some(text) = variable(name)? else { return Ok(Vec::new()) };
    // Values may be credentials, so no part of the text is repeated.
    pairs(&text).ok_or_else(|| wrong(name, "<hidden>", EXPECTED))
}

/// The pairs in a text; `None` where it has something else.
pub(crate) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
        Some((key.trim().to_owned(), value.into_owned()))
    });
    pairs.collect()
}

/// A header that can be sent.
///
/// # Errors
///
/// What is wrong with it, without its value.
pub(super) fn header(name: &str, value: &str) -> Result<Header, String> {
    const RESERVED: [&str; 6] =
        ["content-type", "content-encoding", "content-length", "host", "te", "transfer-encoding"];
    let key = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| "a header name of letters, digits and hyphens before each `=`".to_owned())?;
    if RESERVED.contains(&key.as_str()) || key.as_str().starts_with("grpc-") {
        return Err(format!("no header `{key}`; the exporter sets it itself"));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| format!("a value of visible ASCII characters for the header `{key}`"))?;
    value.set_sensitive(true);
    Ok((key, value))
}
