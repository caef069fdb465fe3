//! OTLP over gRPC and HTTP, by `opentelemetry-otlp`, which reads its own `OTEL_EXPORTER_OTLP_*` variables.

use opentelemetry_otlp::SpanExporter;

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
        let built = match self {
            #[cfg(feature = "otlp-grpc")]
            Self::Grpc => SpanExporter::builder().with_tonic().build(),
            #[cfg(feature = "otlp-http")]
            Self::HttpProtobuf => SpanExporter::builder().with_http().build(),
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

/// A message without what it quotes: the quote is an endpoint, and that may hold a password.
fn unquoted(message: &str) -> String {
    match (message.split_once('\''), message.rsplit_once('\'')) {
        (Some((before, _)), Some((_, after))) => format!("{before}`<hidden>`{after}"),
        _ => message.to_owned(),
    }
}
