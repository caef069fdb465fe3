//! OTLP over gRPC and HTTP: what a program and the environment say about it, and the exit that does it.
//!
//! A batch goes out in the bytes in which it was completed; nothing is decoded between. Requests that fail are sent again as the
//! OTLP specification says (`pipeline/send`). Nothing is ever sent to another place than the endpoint: redirects are failures, and
//! proxies of the environment are not used.

#[cfg(any(feature = "metrics", feature = "logs"))]
mod blocking;
mod compress;
mod decided;
mod endpoint;
#[cfg(feature = "otlp-grpc")]
mod gather;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
mod pem;
mod reply;
mod resolve;
mod shown;
pub(crate) mod signal;
#[cfg(feature = "tls")]
mod tls;
mod variables;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[cfg(any(feature = "metrics", feature = "logs"))]
pub(crate) use self::blocking::SignalClient;
#[cfg(feature = "metrics")]
pub(crate) use self::blocking::Unsent;
pub(crate) use self::signal::Signal;
#[cfg(feature = "config-file")]
pub(crate) use self::variables::pairs;
use super::MakeExit;
use crate::pipeline::send::{Pace, SenderExit};
use crate::setup::config::preset::layer::Layer;

/// Bytes of requests that may wait, unless set otherwise.
const QUEUE_BYTES: usize = 32 * 1024 * 1024;
/// How long one attempt may take, unless set otherwise: the specification's default.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Requests under way at the same time, unless set otherwise.
const IN_FLIGHT: usize = 4;
/// How long a connection is used, unless set otherwise: a name that points elsewhere by then is followed.
const CONNECTION_AGE: Duration = Duration::from_secs(30);
/// Bytes of an answer that are read: the limit of the OTLP specification.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// The protocols of `OTEL_EXPORTER_OTLP_PROTOCOL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Grpc,
    HttpProtobuf,
}

/// How requests are compressed: `OTEL_EXPORTER_OTLP_COMPRESSION`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, at its fastest level.
    Gzip,
    /// Zstandard, at its fastest level. Needs the feature `zstd`.
    Zstd,
}

/// Export by OTLP, of every signal. What is not set here comes from the `OTEL_EXPORTER_OTLP_*` variables, the ones of the signal
/// before the general ones, and else has the specification's default.
///
/// ```no_run
/// # fn main() -> Result<(), wirespan::Error> {
/// use wirespan::export::{Compression, Otlp};
///
/// let otlp = Otlp::grpc().endpoint("http://collector:4317").compression(Compression::Gzip);
/// let _telemetry = wirespan::builder().otlp(otlp).install()?;
/// # Ok(()) }
/// ```
///
/// Requests that fail in a way that may pass are sent again, with growing waits (100 ms to 5 s) or when the receiver says
/// (`Retry-After`, `RetryInfo`), as long as they fit into [`queue_bytes`](Self::queue_bytes). Spans that wait there are kept, and the
/// newest are dropped.
#[derive(Clone)]
#[must_use = "nothing is sent before it is given to `Builder::otlp`"]
pub struct Otlp {
    protocol: Protocol,
    endpoint: Option<String>,
    /// The variable that the endpoint comes from, where it is another system's.
    endpoint_by: Option<&'static str>,
    headers: Vec<(String, String)>,
    timeout: Option<Duration>,
    compression: Option<Compression>,
    certificate: Option<PathBuf>,
    client_certificate: Option<(PathBuf, PathBuf)>,
    in_flight: usize,
    connection_age: Duration,
    queue_bytes: usize,
    /// Whether what is not set here comes from the environment.
    reads_environment: bool,
    /// What comes from a preset, where neither says it.
    layer: Option<Arc<Layer>>,
}

impl Otlp {
    /// OTLP/gRPC. Needs the feature `otlp-grpc`, which is on by default.
    pub fn grpc() -> Self {
        Self::new(Protocol::Grpc)
    }

    /// OTLP/HTTP with protobuf bodies. Needs the feature `otlp-http`, which is on by default.
    pub fn http() -> Self {
        Self::new(Protocol::HttpProtobuf)
    }

    pub(crate) fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            endpoint: None,
            endpoint_by: None,
            headers: Vec::new(),
            timeout: None,
            compression: None,
            certificate: None,
            client_certificate: None,
            in_flight: IN_FLIGHT,
            connection_age: CONNECTION_AGE,
            queue_bytes: QUEUE_BYTES,
            reads_environment: true,
            layer: None,
        }
    }

    /// Takes from a preset what nobody says.
    pub(crate) fn put_before(&mut self, layer: &Arc<Layer>) {
        self.layer = Some(Arc::clone(layer));
    }

    /// Takes nothing from the environment.
    #[cfg(feature = "config-file")]
    pub(crate) fn alone(self) -> Self {
        Self { reads_environment: false, ..self }
    }

    /// Where to send to. For gRPC `http://host:4317`; for HTTP `http://host:4318`, to which `/v1/traces`, `/v1/metrics` or
    /// `/v1/logs` is added, or a whole URL with the path of traces: where it ends in `/v1/traces`, the other signals' paths end in
    /// theirs, else theirs are added. Default: `http://localhost` with these ports.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        (self.endpoint, self.endpoint_by) = (Some(url.into()), None);
        self
    }

    /// As [`endpoint`](Self::endpoint), from that variable, which an error names.
    pub(crate) fn endpoint_of(mut self, name: &'static str, url: impl Into<String>) -> Self {
        (self.endpoint, self.endpoint_by) = (Some(url.into()), Some(name));
        self
    }

    /// Adds a header to every request (gRPC: metadata), in addition to those of `OTEL_EXPORTER_OTLP_HEADERS`. Its value appears in no
    /// error and no `Debug` output.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// How long one attempt may take. Default: 10 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How requests are compressed. Default: not at all.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// A PEM file of the certificates that the receiver's is verified by, instead of the system's.
    pub fn certificate(mut self, file: impl Into<PathBuf>) -> Self {
        self.certificate = Some(file.into());
        self
    }

    /// PEM files of this client's certificate chain and private key, for receivers that verify clients.
    pub fn client_certificate(mut self, chain: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.client_certificate = Some((chain.into(), key.into()));
        self
    }

    /// Requests that may be under way at the same time. Default: 4.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.in_flight = requests;
        self
    }

    /// How long a connection is used before the next request opens a new one, which looks the receiver's name up anew.
    /// Default: 30 s.
    pub fn connection_age(mut self, age: Duration) -> Self {
        self.connection_age = age;
        self
    }

    /// Bytes of requests that may wait, on the wire or to be sent again. What does not fit any more waits in
    /// [`buffer_bytes`](crate::Builder::buffer_bytes), and then the newest spans are dropped. At least one request of 3 MiB is
    /// always held. Default: 32 MiB.
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.queue_bytes = bytes;
        self
    }

    /// What the exporter of that signal is: a value of `otel.component.type`.
    #[cfg(any(feature = "metrics", feature = "logs"))]
    pub(crate) fn component(&self, signal: Signal) -> &'static str {
        match (self.protocol, signal) {
            (Protocol::Grpc, Signal::Traces) => "otlp_grpc_span_exporter",
            (Protocol::Grpc, Signal::Metrics) => "otlp_grpc_metric_exporter",
            (Protocol::Grpc, Signal::Logs) => "otlp_grpc_log_exporter",
            (Protocol::HttpProtobuf, Signal::Traces) => "otlp_http_span_exporter",
            (Protocol::HttpProtobuf, Signal::Metrics) => "otlp_http_metric_exporter",
            (Protocol::HttpProtobuf, Signal::Logs) => "otlp_http_log_exporter",
        }
    }

    /// The exit, made on the drain thread.
    pub(crate) fn make(self) -> MakeExit {
        Box::new(move |setting| {
            let settings = self.settings_of_process(Signal::Traces)?;
            let pace = Pace {
                in_flight: self.in_flight,
                timeout: settings.timeout.min(setting.export_timeout.unwrap_or(Duration::MAX)),
                queue_bytes: self.queue_bytes,
                max_spans: setting.max_spans.unwrap_or(u64::MAX),
            };
            Ok(Box::new(SenderExit::start(&setting, pace, settings.transport()?)?))
        })
    }
}

impl fmt::Debug for Otlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither endpoint nor headers: both may hold credentials.
        f.debug_struct("Otlp")
            .field("protocol", &self.protocol)
            .field("timeout", &self.timeout)
            .field("compression", &self.compression)
            .field("max_in_flight", &self.in_flight)
            .field("connection_age", &self.connection_age)
            .field("queue_bytes", &self.queue_bytes)
            .finish_non_exhaustive()
    }
}
