//! Where spans go, and where they wait meanwhile: what variables say about exporters and the spool.

use super::lookup::{Lookup, wrong};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use super::plan::MAX_BUFFER_BYTES;
use super::source::Set;
use crate::export::Chosen;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::otlp::signal::{Names, names};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::otlp::{Otlp, Protocol, Signal};
use crate::setup::error::Error;
use crate::spool::Spool;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) const QUEUE_BYTES: &str = "WIRESPAN_QUEUE_BYTES";
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) const IN_FLIGHT: &str = "OTEL_BSP_MAX_CONCURRENT_EXPORTS";
/// More requests under way than any queue holds.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
const MOST_IN_FLIGHT: u64 = 1000;

/// The spool; what the builder says replaces it as a whole.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(super) fn spool(lookup: &Lookup) -> Result<Option<Set<Spool>>, Error> {
    const MODE: &str = "WIRESPAN_SPOOL_MODE";
    let mode = lookup.text(MODE)?;
    let bytes = lookup.own_number("WIRESPAN_SPOOL_MAX_BYTES", 16_777_216..=u64::MAX, "bytes")?;
    let Some(dir) = lookup.text("WIRESPAN_SPOOL_DIR")? else { return Ok(None) };
    let mut spool = Spool::new(&dir.value);
    match mode.as_ref().map(|mode| &*mode.value) {
        None | Some("spill") => {}
        Some("write-through") => spool = spool.write_through(true),
        Some(other) => return Err(wrong(MODE, other, "spill or write-through")),
    }
    if let Some(bytes) = bytes {
        spool = spool.max_bytes(bytes.value);
    }
    spool.check()?;
    Ok(Some(dir.map(|_| spool)))
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
#[expect(clippy::unnecessary_wraps, reason = "the other one may fail")]
pub(super) fn spool(_: &Lookup) -> Result<Option<Set<Spool>>, Error> {
    Ok(None)
}

pub(super) fn exporter(lookup: &Lookup) -> Result<Option<Set<Chosen>>, Error> {
    const NAME: &str = "OTEL_TRACES_EXPORTER";
    let endpoint = lookup.first(&["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"])?;
    match (lookup.text(NAME)?, endpoint) {
        (Some(name), _) => {
            let chosen = match name.value.to_ascii_lowercase().as_str() {
                "none" => Chosen::None,
                "console" => Chosen::Console,
                "otlp" => otlp(lookup)?,
                _ => return Err(wrong(NAME, &name.value, "one of otlp, console, none")),
            };
            Ok(Some(name.map(|_| chosen)))
        }
        (None, Some((_, endpoint))) => Ok(Some(Set::new(otlp(lookup)?, endpoint.source))),
        (None, None) => Ok(None),
    }
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn otlp(lookup: &Lookup) -> Result<Chosen, Error> {
    otlp_of(lookup, Signal::Traces).map(Chosen::Otlp)
}

/// An exporter of that signal, by the protocol that the environment says.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) fn otlp_of(lookup: &Lookup, signal: Signal) -> Result<Otlp, Error> {
    const PROTOCOL: Names = names!("PROTOCOL");
    let protocol = lookup.first(&[PROTOCOL.of(signal), PROTOCOL.general])?;
    let mut otlp = match protocol.as_ref().map(|(name, text)| (*name, &*text.value)) {
        Some((_, "grpc")) => Otlp::new(Protocol::Grpc),
        // The specification's default.
        None | Some((_, "http/protobuf")) => Otlp::new(Protocol::HttpProtobuf),
        Some((name, other)) => return Err(wrong(name, other, "grpc or http/protobuf")),
    };
    if signal == Signal::Traces {
        let requests = lookup.number(IN_FLIGHT, 1..=MOST_IN_FLIGHT, "requests")?;
        if let Some(requests) = requests.and_then(|requests| usize::try_from(requests.value).ok()) {
            otlp = otlp.max_in_flight(requests);
        }
    }
    let bytes = lookup.own_number(QUEUE_BYTES, 1..=MAX_BUFFER_BYTES, "bytes")?;
    Ok(match bytes.and_then(|bytes| usize::try_from(bytes.value).ok()) {
        Some(bytes) => otlp.queue_bytes(bytes),
        None => otlp,
    })
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn otlp(_: &Lookup) -> Result<Chosen, Error> {
    use crate::setup::error::Kind;
    Err(Error::new(Kind::MissingFeature { protocol: "http/protobuf", feature: "otlp-http" }))
}
