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
    const DIR: &str = "WIRESPAN_SPOOL_DIR";
    const MODE: &str = "WIRESPAN_SPOOL_MODE";
    let mode = lookup.text(MODE)?;
    let bytes = lookup.own_number("WIRESPAN_SPOOL_MAX_BYTES", 16_777_216..=u64::MAX, "bytes")?;
    let write_through = match mode.as_ref().map(|mode| &*mode.value) {
        None | Some("spill") => false,
        Some("write-through") => true,
        Some(other) => return Err(wrong(MODE, other, "spill or write-through")),
    };
    let Some(dir) = lookup.text(DIR)? else { return Ok(None) };
    let mut spool = Spool::new(&dir.value).write_through(write_through);
    if let Some(bytes) = bytes {
        spool = spool.max_bytes(bytes.value);
    }
    if let Some(expected) = spool.expected_dir() {
        return Err(wrong(DIR, &dir.value, expected));
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
    bounded(lookup, signal, Otlp::new(protocol(lookup, signal)?))
}

/// The exporter, with what the environment says of its requests.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(super) fn bounded(lookup: &Lookup, signal: Signal, mut otlp: Otlp) -> Result<Otlp, Error> {
    if signal == Signal::Traces {
        let requests = lookup.number(IN_FLIGHT, 1..=MOST_IN_FLIGHT, "requests")?;
        if let Some(requests) = requests.and_then(|requests| usize::try_from(requests.value).ok()) {
            otlp = otlp.max_in_flight(requests);
        }
    }
    Ok(match queue_bytes(lookup)? {
        Some(bytes) => otlp.queue_bytes(bytes),
        None => otlp,
    })
}

/// The first protocol that the environment says, else the specification's default.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn protocol(lookup: &Lookup, signal: Signal) -> Result<Protocol, Error> {
    const PROTOCOL: Names = names!("PROTOCOL");
    let said = lookup.first(&[PROTOCOL.of(signal), PROTOCOL.general])?;
    match said.as_ref().map(|(name, text)| (*name, &*text.value)) {
        Some((_, "grpc")) => Ok(Protocol::Grpc),
        None | Some((_, "http/protobuf")) => Ok(Protocol::HttpProtobuf),
        Some((name, other)) => Err(wrong(name, other, "grpc or http/protobuf")),
    }
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn queue_bytes(lookup: &Lookup) -> Result<Option<usize>, Error> {
    let bytes = lookup.own_number(QUEUE_BYTES, 1..=MAX_BUFFER_BYTES, "bytes")?;
    Ok(bytes.and_then(|bytes| usize::try_from(bytes.value).ok()))
}

/// Looks at variables that count for OTLP alone, where nothing goes there, too: a slip is found before it counts.
///
/// # Errors
///
/// One of them has a value that cannot be used.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(super) fn check(lookup: &Lookup) -> Result<(), Error> {
    queue_bytes(lookup)?;
    protocol(lookup, Signal::Traces)?;
    #[cfg(feature = "metrics")]
    protocol(lookup, Signal::Metrics)?;
    #[cfg(feature = "logs")]
    protocol(lookup, Signal::Logs)?;
    Ok(())
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
#[expect(clippy::unnecessary_wraps, reason = "the other one may fail")]
pub(super) fn check(_: &Lookup) -> Result<(), Error> {
    Ok(())
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn otlp(_: &Lookup) -> Result<Chosen, Error> {
    use crate::setup::error::Kind;
    Err(Error::new(Kind::MissingFeature { protocol: "http/protobuf", feature: "otlp-http" }))
}
