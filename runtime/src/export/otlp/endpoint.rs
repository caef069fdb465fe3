//! Where to send to: a URL, checked before anything is sent. What may hold a password is never repeated in an error.

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use super::Protocol;
use super::signal::Signal;
use crate::setup::config::host;
use crate::setup::error::{Error, Kind};

/// A checked URL.
#[derive(Clone)]
pub(super) struct Endpoint(Uri);

/// What is sent there, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) protocol: Protocol,
    pub(super) signal: Signal,
}

/// How the path of an HTTP endpoint is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    /// As it is: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and its like.
    Whole,
    /// The signal's path is added: `OTEL_EXPORTER_OTLP_ENDPOINT`.
    Base,
    /// The signal's path is added where there is none. A path is the one of traces; where it ends in `/v1/traces`, the other
    /// signals' paths end in theirs, else theirs are added.
    Either,
    /// The signal's path is added where there is none: the declarative file, which has an endpoint for each signal.
    Own,
}

impl Endpoint {
    /// Where receivers listen by default, on this machine.
    pub(super) fn local(target: Target) -> Self {
        Self(match (target.protocol, target.signal) {
            (Protocol::Grpc, _) => Uri::from_static("http://localhost:4317"),
            (_, Signal::Traces) => Uri::from_static("http://localhost:4318/v1/traces"),
            (_, Signal::Metrics) => Uri::from_static("http://localhost:4318/v1/metrics"),
            (_, Signal::Logs) => Uri::from_static("http://localhost:4318/v1/logs"),
        })
    }

    /// What a program says.
    pub(super) fn of_option(target: Target, url: &str) -> Result<Self, Error> {
        Self::said(target, url, Path::Either)
    }

    /// What the declarative file says of this signal.
    pub(super) fn of_file(target: Target, url: &str) -> Result<Self, Error> {
        Self::said(target, url, Path::Own)
    }

    fn said(target: Target, url: &str, path: Path) -> Result<Self, Error> {
        Self::parse(target, url, path, None).map_err(|expected| {
            let problem = format!("is `{}`; expected {expected}", shown(url));
            Error::new(Kind::Option { name: "endpoint", problem })
        })
    }

    /// What a variable says; `insecure` decides where a gRPC endpoint has no scheme.
    pub(super) fn of_variable(
        target: Target,
        name: &'static str,
        url: &str,
        path: Path,
        insecure: bool,
    ) -> Result<Self, Error> {
        Self::parse(target, url, path, Some(insecure)).map_err(|expected| {
            Error::new(Kind::Variable { name, value: shown(url), expected: expected.to_owned() })
        })
    }

    /// # Errors
    ///
    /// What was expected instead.
    fn parse(target: Target, url: &str, path: Path, insecure: Option<bool>) -> Result<Self, &'static str> {
        const EXPECTED: &str = "a URL such as `http://collector:4317`";
        let protocol = target.protocol;
        let uri: Uri = url.trim().parse().map_err(|_| EXPECTED)?;
        let mut parts = uri.into_parts();
        let authority = parts.authority.clone().ok_or(EXPECTED)?;
        match parts.scheme.as_ref().map(Scheme::as_str) {
            Some("http" | "https") => {}
            None if protocol == Protocol::Grpc => {
                // The specification leaves it to the variable; a program that names no scheme gets the safe one.
                let insecure = insecure.unwrap_or(false);
                parts.scheme = Some(if insecure { Scheme::HTTP } else { Scheme::HTTPS });
            }
            _ => return Err("a URL that begins with `http://` or `https://`"),
        }
        check_host(&authority)?;
        let given = parts.path_and_query.as_ref().map_or("", |path| path.path()).trim_end_matches('/');
        let query = parts.path_and_query.as_ref().and_then(PathAndQuery::query);
        let mut whole = match (protocol, path) {
            (Protocol::Grpc, _) => String::new(),
            (_, Path::Base) => format!("{given}{}", target.signal.path()),
            (_, Path::Either) if given.is_empty() || target.signal != Signal::Traces => {
                let base = given.strip_suffix(Signal::Traces.path()).unwrap_or(given);
                format!("{base}{}", target.signal.path())
            }
            (_, Path::Own) if given.is_empty() => target.signal.path().to_owned(),
            _ => parts.path_and_query.as_ref().map_or(String::new(), |path| path.path().to_owned()),
        };
        if whole.is_empty() {
            whole.push('/');
        }
        if let Some(query) = query.filter(|_| protocol == Protocol::HttpProtobuf) {
            whole = format!("{whole}?{query}");
        }
        parts.path_and_query = Some(whole.parse().map_err(|_| EXPECTED)?);
        Ok(Self(Uri::from_parts(parts).map_err(|_| EXPECTED)?))
    }

    /// Whether it asks for TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.0.scheme() == Some(&Scheme::HTTPS)
    }

    /// The URL.
    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }
}

fn check_host(authority: &Authority) -> Result<(), &'static str> {
    if authority.as_str().contains('@') {
        return Err("a URL without a user's name and password; put credentials into a header");
    }
    if host::METADATA.iter().any(|metadata| authority.host().eq_ignore_ascii_case(metadata)) {
        return Err("another host; that one is the metadata service of a cloud");
    }
    if authority.port().is_none() && authority.as_str().contains(':') && !authority.host().starts_with('[') {
        return Err("a port from 1 to 65535 behind the host");
    }
    Ok(())
}

/// The URL, unless it may hold a credential: what is no URL may hold anything.
pub(super) fn shown(url: &str) -> String {
    let plain = url.trim().parse::<Uri>().is_ok() && !url.contains(['@', '?', '#']);
    if plain { url.trim().to_owned() } else { "<hidden>".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(protocol: Protocol, url: &str, path: Path, insecure: bool) -> Result<String, String> {
        let target = Target { protocol, signal: Signal::Traces };
        Endpoint::of_variable(target, "OTEL_EXPORTER_OTLP_ENDPOINT", url, path, insecure)
            .map(|endpoint| endpoint.uri().to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_general_variable_is_a_base_and_the_one_for_traces_is_whole() {
        let http = |url, path| variable(Protocol::HttpProtobuf, url, path, false).expect("an endpoint");
        assert_eq!(http("http://host:4318", Path::Base), "http://host:4318/v1/traces");
        assert_eq!(http("http://host:4318/", Path::Base), "http://host:4318/v1/traces");
        assert_eq!(http("https://host/mount/", Path::Base), "https://host/mount/v1/traces");
        assert_eq!(http("http://host:4318", Path::Whole), "http://host:4318/");
        assert_eq!(http("http://host/custom?key=1", Path::Whole), "http://host/custom?key=1");
    }

    #[cfg(feature = "metrics")]
    #[test]
    fn each_signal_has_its_path_and_none_is_sent_to_the_path_of_traces() {
        let target = Target { protocol: Protocol::HttpProtobuf, signal: Signal::Metrics };
        let option = |url| Endpoint::of_option(target, url).expect("an endpoint").uri().to_string();
        assert_eq!(option("http://host:4318"), "http://host:4318/v1/metrics");
        assert_eq!(option("http://host:4318/v1/traces"), "http://host:4318/v1/metrics");
        assert_eq!(option("http://host/mount/v1/traces/"), "http://host/mount/v1/metrics");
        assert_eq!(option("http://host/custom?key=1"), "http://host/custom/v1/metrics?key=1");
        assert_eq!(Endpoint::local(target).uri().to_string(), "http://localhost:4318/v1/metrics");
    }

    #[test]
    fn a_grpc_endpoint_without_a_scheme_is_secure_unless_said_otherwise() {
        let grpc = |url, insecure| variable(Protocol::Grpc, url, Path::Base, insecure).expect("an endpoint");
        assert_eq!(grpc("host:4317", false), "https://host:4317/");
        assert_eq!(grpc("host:4317", true), "http://host:4317/");
        assert_eq!(grpc("https://host:4317", true), "https://host:4317/", "a scheme counts before");
        assert_eq!(grpc("http://host:4317/ignored", false), "http://host:4317/");
    }

    #[test]
    fn what_is_no_endpoint_is_refused_in_words() {
        for (url, words) in [
            ("host:4318", "begins with `http://`"),
            ("ftp://host", "begins with `http://`"),
            ("http://host:99999", "port"),
            ("http://169.254.169.254/latest", "metadata service"),
        ] {
            let error = variable(Protocol::HttpProtobuf, url, Path::Base, false).expect_err(url);
            assert!(error.contains(words) && error.contains(url), "{error}");
        }
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        let error = variable(Protocol::Grpc, "http://user:hunter2@host:4317", Path::Base, false)
            .expect_err("a password");
        assert!(error.contains("into a header") && !error.contains("hunter2"), "{error}");
    }
}
