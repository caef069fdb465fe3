//! OTLP over gRPC and HTTP, by `opentelemetry-otlp`, which reads its own `OTEL_EXPORTER_OTLP_*` variables.

use std::env;
#[cfg(feature = "otlp-http")]
use std::time::Duration;

use opentelemetry_otlp::SpanExporter;
#[cfg(feature = "otlp-http")]
use opentelemetry_otlp::WithHttpConfig as _;

use crate::setup::error::{Error, Kind};

/// The protocols of `OTEL_EXPORTER_OTLP_PROTOCOL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Grpc,
    HttpProtobuf,
}

impl Protocol {
    /// An exporter that is configured by the environment. Must run inside a tokio runtime.
    ///
    /// # Errors
    ///
    /// The feature for the protocol is off, or a variable's value is refused.
    pub(crate) fn exporter(self) -> Result<SpanExporter, Error> {
        require_tls()?;
        let built = match self {
            #[cfg(feature = "otlp-grpc")]
            Self::Grpc => SpanExporter::builder().with_tonic().build(),
            #[cfg(feature = "otlp-http")]
            Self::HttpProtobuf => SpanExporter::builder().with_http().with_http_client(client()?).build(),
            #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
            other => {
                return Err(Error::new(Kind::MissingFeature {
                    protocol: other.name(),
                    feature: other.feature(),
                }));
            }
        };
        built.map_err(|cause| Error::new(Kind::Exporter(unquoted(&cause.to_string()).into())))
    }

    #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
    fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::HttpProtobuf => "http/protobuf",
        }
    }

    #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
    fn feature(self) -> &'static str {
        match self {
            Self::Grpc => "otlp-grpc",
            Self::HttpProtobuf => "otlp-http",
        }
    }
}

/// Without TLS every export to an `https` endpoint would be lost.
fn require_tls() -> Result<(), Error> {
    let endpoint = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.trim().is_empty());
    match endpoint {
        Some(endpoint) if endpoint.trim_start().starts_with("https:") && !cfg!(feature = "tls") => {
            Err(Error::new(Kind::MissingFeature { protocol: "https", feature: "tls" }))
        }
        _ => Ok(()),
    }
}

/// An HTTP client that goes nowhere but to the endpoint: a redirect is an answer like any other, and a failed export. The
/// default one follows redirects to other hosts and takes the headers along.
#[cfg(feature = "otlp-http")]
fn client() -> Result<reqwest::Client, Error> {
    // Milliseconds, by the specification; `opentelemetry-otlp` has checked neither when a client is handed to it.
    let timeout = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"]
        .into_iter()
        .find_map(|name| env::var(name).ok()?.trim().parse().ok())
        .unwrap_or(10_000);
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_millis(timeout))
        .build()
        .map_err(|cause| Error::new(Kind::Exporter(Box::new(cause))))
}

/// A message without what it quotes: the quote is an endpoint, and that may hold a password.
fn unquoted(message: &str) -> String {
    match (message.split_once('\''), message.rsplit_once('\'')) {
        (Some((before, _)), Some((_, after))) => format!("{before}`<hidden>`{after}"),
        _ => message.to_owned(),
    }
}
