//! What counts for one signal: an exporter's own options, what variables say about the rest, and a preset about the rest of that.

use std::time::Duration;

use super::endpoint::{self, Endpoint, Target};
#[cfg(feature = "otlp-grpc")]
use super::grpc;
#[cfg(feature = "otlp-http")]
use super::http;
use super::pem::{Files, Pem};
use super::variables::{self, Variables};
use super::{Compression, Otlp, Protocol, Signal, TIMEOUT, resolve};
use crate::pipeline::send::MakeTransport;
use crate::setup::config::lookup::{Lookup, wrong};
use crate::setup::config::preset::layer::Layer;
use crate::setup::error::{Error, Kind};

impl Otlp {
    /// # Errors
    ///
    /// What counts for that signal cannot be used.
    pub(crate) fn check(&self, signal: Signal, lookup: &Lookup) -> Result<(), Error> {
        self.settings(signal, lookup).map(drop)
    }

    /// Whether the variables can be used, for every signal that there is: also where they do not count.
    ///
    /// # Errors
    ///
    /// One of them cannot.
    pub(crate) fn check_variables(lookup: &Lookup) -> Result<(), Error> {
        Signal::ALL.iter().try_for_each(|signal| Variables::read(*signal, lookup).map(drop))
    }

    /// As [`settings`](Self::settings), with the process's variables. What is wrong with them, [`check`](Self::check) has told.
    pub(super) fn settings_of_process(&self, signal: Signal) -> Result<Settings, Error> {
        self.settings(signal, &Lookup::of_process())
    }

    /// What is set here, what the environment says about the rest, and a preset about the rest of that.
    fn settings(&self, signal: Signal, lookup: &Lookup) -> Result<Settings, Error> {
        let refuse =
            |name, problem: &str| Err(Error::new(Kind::Option { name, problem: problem.to_owned() }));
        if self.in_flight == 0 {
            return refuse("max_in_flight", "is zero; expected at least 1");
        }
        if self.timeout == Some(Duration::ZERO) {
            return refuse("timeout", "is zero; expected at least a millisecond or so");
        }
        let environment =
            if self.reads_environment { Variables::read(signal, lookup)? } else { Variables::default() };
        let target = Target { protocol: self.protocol, signal };
        let layer = self.layer.as_deref();
        let endpoint = match (&self.endpoint, environment.endpoint(target)?, layer) {
            (Some(url), ..) if self.reads_environment => match self.endpoint_by {
                Some(name) => Endpoint::of_variable(target, name, url, endpoint::Path::Either, false)?,
                None => Endpoint::of_option(target, url)?,
            },
            (Some(url), ..) => Endpoint::of_file(target, url)?,
            (None, Some(endpoint), _) => endpoint,
            (None, None, Some(layer)) => Endpoint::of_option(target, layer.endpoint(self.protocol)?)?,
            (None, None, None) => Endpoint::local(target),
        };
        let headers = self.headers(signal, environment.headers)?;
        let preset = layer.and_then(Layer::compression);
        let compression = self.compression.or(environment.compression).or(preset);
        let compression = compression.unwrap_or(Compression::None);
        if compression == Compression::Zstd && !cfg!(feature = "zstd") {
            return Err(Error::new(Kind::MissingFeature { protocol: "zstd", feature: "zstd" }));
        }
        let files = self.files(environment.files);
        #[cfg(feature = "tls")]
        super::tls::check(&files)?;
        #[cfg(not(feature = "tls"))]
        files.warn(lookup);
        Ok(Settings {
            protocol: self.protocol,
            #[cfg(feature = "otlp-grpc")]
            signal,
            endpoint,
            headers,
            timeout: self.timeout.or(environment.timeout).unwrap_or(TIMEOUT),
            compression,
            #[cfg(feature = "tls")]
            files,
            connection_age: self.connection_age,
            resolver: resolve::Resolver::default(),
        })
    }

    /// The files that are named here, else those of the environment.
    fn files(&self, environment: Files) -> Files {
        let [roots, chain, key] = if self.reads_environment {
            ["certificate", "client_certificate", "client_certificate"]
        } else {
            ["ca_file", "cert_file", "key_file"]
        };
        let own = self.client_certificate.as_ref();
        let client = own.map(|files| (Pem::of_option(chain, &files.0), Pem::of_option(key, &files.1)));
        Files {
            roots: self.certificate.as_ref().map(|file| Pem::of_option(roots, file)).or(environment.roots),
            client: client.or(environment.client),
        }
    }

    /// A preset's headers, the environment's, and those that are set here; the last of a name counts.
    fn headers(
        &self,
        signal: Signal,
        environment: Vec<variables::Header>,
    ) -> Result<Vec<variables::Header>, Error> {
        let mut headers: Vec<variables::Header> = Vec::new();
        let mut add = |header: variables::Header| {
            headers.retain(|(other, _)| *other != header.0);
            headers.push(header);
        };
        for (name, value, variable) in self.layer.iter().flat_map(|layer| layer.headers(signal)) {
            // What is wrong with a key is said without it.
            add(variables::header(name, value)
                .map_err(|problem| wrong(variable.unwrap_or("WIRESPAN_PRESET"), "<hidden>", &problem))?);
        }
        environment.into_iter().for_each(&mut add);
        for (name, value) in &self.headers {
            add(variables::header(name, value)
                .map_err(|problem| Error::new(Kind::Option { name: "header", problem }))?);
        }
        if let Some(layer) = &self.layer {
            layer.check(headers.iter().map(|(name, _)| name.as_str()))?;
        }
        Ok(headers)
    }
}

/// Everything decided.
pub(super) struct Settings {
    pub(super) protocol: Protocol,
    #[cfg(feature = "otlp-grpc")]
    pub(super) signal: Signal,
    pub(super) endpoint: Endpoint,
    pub(super) headers: Vec<variables::Header>,
    pub(super) timeout: Duration,
    pub(super) compression: Compression,
    #[cfg(feature = "tls")]
    pub(super) files: Files,
    pub(super) connection_age: Duration,
    pub(super) resolver: resolve::Resolver,
}

impl Settings {
    /// What makes the transport, on the sender's thread.
    pub(super) fn transport(self) -> Result<MakeTransport, Error> {
        if self.endpoint.is_secure() && !cfg!(feature = "tls") {
            return Err(Error::new(Kind::MissingFeature { protocol: "https", feature: "tls" }));
        }
        match self.protocol {
            #[cfg(feature = "otlp-grpc")]
            Protocol::Grpc => Ok(Box::new(|| Ok(Box::new(grpc::Grpc::new(self)?)))),
            #[cfg(feature = "otlp-http")]
            Protocol::HttpProtobuf => Ok(Box::new(|| Ok(Box::new(http::Http::new(self)?)))),
            #[cfg(not(feature = "otlp-grpc"))]
            Protocol::Grpc => {
                Err(Error::new(Kind::MissingFeature { protocol: "grpc", feature: "otlp-grpc" }))
            }
            #[cfg(not(feature = "otlp-http"))]
            Protocol::HttpProtobuf => {
                Err(Error::new(Kind::MissingFeature { protocol: "http/protobuf", feature: "otlp-http" }))
            }
        }
    }
}

#[cfg(all(test, feature = "otlp-http", not(feature = "tls")))]
mod tests {
    use super::*;

    #[test]
    fn an_https_endpoint_without_tls_is_an_error_that_names_the_feature() {
        let settings =
            Otlp::http().endpoint("https://collector.example:4318").settings_of_process(Signal::Traces);
        let error = settings.and_then(Settings::transport).err().expect("there is no TLS");
        assert!(error.to_string().contains("OTLP over https needs the feature `tls`"), "{error}");
    }
}
