//! The `OTEL_EXPORTER_OTLP_*` variables: those of a signal before the general ones.

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use super::Compression;
use super::endpoint::{Endpoint, Path, Target};
use super::pem::{Files, Pem};
use super::signal::{Names, Signal, names};
use crate::setup::config::lookup::{Lookup, MAX_MILLIS, wrong};
use crate::setup::config::source::Set;
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
    pub(super) files: Files,
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
    pub(super) fn read(signal: Signal, lookup: &Lookup) -> Result<Self, Error> {
        let endpoint = ENDPOINT.read(signal, lookup)?;
        let insecure = match lookup.flag(INSECURE.of(signal))? {
            Some(own) => Some(own),
            None => lookup.flag(INSECURE.general)?,
        };
        Ok(Self {
            endpoint: endpoint.map(|(name, url)| {
                (name, url, if name == ENDPOINT.general { Path::Base } else { Path::Whole })
            }),
            insecure: insecure.is_some_and(|insecure| insecure.value),
            headers: headers(signal, lookup)?,
            timeout: timeout(signal, lookup)?.map(|set| set.value),
            compression: compression(signal, lookup)?,
            files: Files {
                roots: CERTIFICATE.read(signal, lookup)?.map(|(name, path)| Pem::of_variable(name, path)),
                client: client_certificate(signal, lookup)?,
            },
        })
    }

    /// Where to send to, where they say it.
    pub(super) fn endpoint(&self, target: Target) -> Result<Option<Endpoint>, Error> {
        let said = self.endpoint.as_ref();
        said.map(|(name, url, path)| Endpoint::of_variable(target, name, url, *path, self.insecure))
            .transpose()
    }
}

pub(super) fn timeout(signal: Signal, lookup: &Lookup) -> Result<Option<Set<Duration>>, Error> {
    let number = |name| lookup.number(name, 0..=MAX_MILLIS, "milliseconds");
    let set = match number(TIMEOUT.of(signal))? {
        Some(own) => Some(own),
        None => number(TIMEOUT.general)?,
    };
    // Zero is no limit, by the specification: the longest time.
    let longest = |millis| Duration::from_millis(if millis == 0 { MAX_MILLIS } else { millis });
    Ok(set.map(|set| set.map(longest)))
}

fn compression(signal: Signal, lookup: &Lookup) -> Result<Option<Compression>, Error> {
    let Some((name, value)) = COMPRESSION.read(signal, lookup)? else { return Ok(None) };
    match value.as_str() {
        "none" => Ok(Some(Compression::None)),
        "gzip" => Ok(Some(Compression::Gzip)),
        "zstd" => Ok(Some(Compression::Zstd)),
        other => Err(wrong(name, other, "one of gzip, zstd, none")),
    }
}

fn client_certificate(signal: Signal, lookup: &Lookup) -> Result<Option<(Pem, Pem)>, Error> {
    match (CLIENT_CERTIFICATE.read(signal, lookup)?, CLIENT_KEY.read(signal, lookup)?) {
        (Some((of_chain, chain)), Some((of_key, key))) => {
            Ok(Some((Pem::of_variable(of_chain, chain), Pem::of_variable(of_key, key))))
        }
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
fn headers(signal: Signal, lookup: &Lookup) -> Result<Vec<Header>, Error> {
    let mut headers: Vec<Header> = Vec::new();
    for name in [HEADERS.general, HEADERS.of(signal)] {
        for (key, value) in list(name, lookup)? {
            let (key, value) = header(&key, &value).map_err(|problem| wrong(name, "<hidden>", &problem))?;
            headers.retain(|(other, _)| *other != key);
            headers.push((key, value));
        }
    }
    Ok(headers)
}

/// `key=value,key=value`, with percent-encoded values.
fn list(name: &'static str, lookup: &Lookup) -> Result<Vec<(String, String)>, Error> {
    const EXPECTED: &str = "`name=value` pairs between commas, values percent-encoded";
    let Some(text) = lookup.text(name)? else { return Ok(Vec::new()) };
    // Values may be credentials, so no part of the text is repeated.
    pairs(&text.value).ok_or_else(|| wrong(name, "<hidden>", EXPECTED))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::otlp::Protocol;

    fn read(variables: &[(&str, &str)]) -> Result<(Variables, Vec<String>), String> {
        let lookup = Lookup::of(variables);
        let read = Variables::read(Signal::Traces, &lookup).map_err(|error| error.to_string())?;
        Ok((read, lookup.take_warnings()))
    }

    /// What is shown of a value that a variable of this end may set.
    fn shown(variables: &Variables, end: &str) -> String {
        match end {
            "TIMEOUT" => format!("{:?}", variables.timeout),
            "COMPRESSION" => format!("{:?}", variables.compression),
            "CERTIFICATE" => format!("{:?}", variables.files.roots.as_ref().map(|file| &file.path)),
            "INSECURE" => variables.insecure.to_string(),
            "HEADERS" => format!("{:?}", variables.headers.iter().map(|(name, _)| name).collect::<Vec<_>>()),
            _ => {
                let target = Target { protocol: Protocol::HttpProtobuf, signal: Signal::Traces };
                variables.endpoint(target).map_or_else(
                    |error| error.to_string(),
                    |endpoint| endpoint.map_or(String::new(), |endpoint| endpoint.uri().to_string()),
                )
            }
        }
    }

    #[test]
    fn each_variable_has_a_good_a_bad_and_no_value_and_the_signals_counts_before_the_general_one() {
        for (end, good, other, [as_good, as_other, default], bad) in [
            (
                "TIMEOUT",
                "500",
                "0",
                ["Some(500ms)", "Some(2147483.647s)", "None"],
                Err("ignored; expected a number"),
            ),
            (
                "COMPRESSION",
                "gzip",
                "none",
                ["Some(Gzip)", "Some(None)", "None"],
                Ok("expected one of gzip, zstd, none"),
            ),
            ("CERTIFICATE", "/a", "/b", ["Some(\"/a\")", "Some(\"/b\")", "None"], Err("")),
            ("INSECURE", "TRUE", "false", ["true", "false", "false"], Err("counts as false")),
            (
                "HEADERS",
                "a=1",
                "b=2,c=%20",
                ["[\"a\"]", "[\"b\", \"c\"]", "[]"],
                Ok("is `<hidden>`; expected `name=value` pairs"),
            ),
        ] {
            let (own, general) =
                (format!("OTEL_EXPORTER_OTLP_TRACES_{end}"), format!("OTEL_EXPORTER_OTLP_{end}"));
            let good_alone = |name: &str| shown(&read(&[(name, good)]).expect("good").0, end);
            assert_eq!([good_alone(&own), good_alone(&general)], [as_good, as_good], "{end}");
            assert_eq!(shown(&read(&[(&own, "")]).expect("good").0, end), default);
            // Headers of both are sent.
            if end != "HEADERS" {
                let both = read(&[(&own, other), (&general, good)]).expect("good").0;
                assert_eq!(shown(&both, end), as_other);
            }
            for name in [&own, &general] {
                match (bad, read(&[(name, "-1 hunter2")])) {
                    (Err(""), Ok((variables, warnings))) => {
                        let file = variables.files.roots.map(|file| file.to_string());
                        assert_eq!(file, Some(format!("{name} is `-1 hunter2`")));
                        assert_eq!(warnings, [""; 0]);
                    }
                    (Err(words), Ok((variables, warnings))) => {
                        assert!(
                            warnings[0].starts_with(&**name) && warnings[0].contains(words),
                            "{warnings:?}"
                        );
                        assert_eq!(shown(&variables, end), default);
                    }
                    (Ok(words), Err(error)) => {
                        assert!(error.starts_with(&**name) && error.contains(words), "{error}");
                    }
                    (_, read) => panic!("{name}: {:?}", read.map(|(_, warnings)| warnings)),
                }
            }
        }
    }

    #[test]
    fn a_certificate_of_the_clients_needs_its_key_and_the_other_way_round() {
        let (chain, key) = ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY");
        let both = read(&[(chain, "/chain"), (key, "/key")]).expect("good").0.files.client;
        assert_eq!(both, Some((Pem::of_variable(chain, "/chain"), Pem::of_variable(key, "/key"))));
        assert_eq!(read(&[(chain, ""), (key, "")]).expect("none").0.files.client, None);
        for alone in [chain, key] {
            let error = read(&[(alone, "/file")]).map(drop).expect_err(alone);
            assert!(error.starts_with(&format!("{alone} is `/file`; expected its ")), "{error}");
        }
    }
}
