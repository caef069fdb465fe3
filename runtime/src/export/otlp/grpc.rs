//! OTLP/gRPC: tonic's client and channel, for requests that are bytes already.
//!
//! tonic would copy them into a buffer of its own; [`direct`] is the way past that.

mod direct;

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::HeaderValue;
use http::uri::PathAndQuery;
use hyper_util::client::legacy::connect::HttpConnector;
use tonic::client::Grpc as Client;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, ConnectError, Request, Status};

use self::direct::{Direct, Framed, Ready};
use super::compress::{compressed, encoding};
use super::decided::Settings;
use super::gather::{Bodies, Gather};
use super::resolve::Resolver;
use super::{Compression, MAX_ANSWER, reply};
use crate::pipeline::send::Transport;
use crate::pipeline::send::answer::{Answer, Cause};
use crate::setup::error::{Error, Kind};

/// A connection that is idle that long is asked whether it still is one.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// See the module's documentation.
pub(super) struct Grpc {
    endpoint: Endpoint,
    #[cfg(feature = "tls")]
    tls: Option<rustls::ClientConfig>,
    metadata: MetadataMap,
    compression: Compression,
    connect_timeout: Duration,
    resolver: Resolver,
    age: Duration,
    method: PathAndQuery,
    channel: Arc<Kept>,
    bodies: Bodies,
}

/// The channel, and since when it is used.
type Kept = Mutex<Option<(Instant, Channel)>>;

/// An attempt that is not over. Given up, it takes its channel along: the connection may be one on which nobody answers, and
/// HTTP/2 would keep to it until its keep-alive has noticed.
struct Attempt {
    channel: Option<Arc<Kept>>,
}

impl Attempt {
    /// It was answered, or failed: the channel knows what became of its connection.
    fn end(mut self) {
        self.channel = None;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            *channel.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

impl Grpc {
    pub(super) fn new(settings: Settings) -> Result<Self, Error> {
        #[cfg(feature = "tls")]
        let tls = super::tls::config(&settings)?;
        let endpoint = Endpoint::from(settings.endpoint.uri().clone())
            .user_agent(concat!("wirespan/", env!("CARGO_PKG_VERSION")))
            .map_err(|cause| Error::new(Kind::Exporter(cause.into())))?
            .connect_timeout(settings.timeout)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(settings.timeout)
            .keep_alive_while_idle(true);
        Ok(Self {
            endpoint,
            #[cfg(feature = "tls")]
            tls,
            metadata: MetadataMap::from_headers(settings.headers.into_iter().collect()),
            compression: settings.compression,
            connect_timeout: settings.timeout,
            resolver: settings.resolver,
            age: settings.connection_age,
            method: PathAndQuery::from_static(settings.signal.method()),
            channel: Arc::default(),
            bodies: Bodies::default(),
        })
    }

    /// The channel; a new one where it is too old.
    fn channel(&self) -> Channel {
        let mut channel = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        match &*channel {
            Some((since, channel)) if since.elapsed() < self.age => channel.clone(),
            _ => channel.insert((Instant::now(), self.connect())).1.clone(),
        }
    }

    fn connect(&self) -> Channel {
        let mut http = HttpConnector::new_with_resolver(self.resolver.clone());
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(self.connect_timeout));
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            let connector = hyper_rustls::HttpsConnectorBuilder::new()
                .with_tls_config(tls.clone())
                .https_only()
                .enable_http2()
                .wrap_connector(http);
            return self.endpoint.connect_with_connector_lazy(Gather(connector, self.bodies.clone()));
        }
        self.endpoint.connect_with_connector_lazy(Gather(http, self.bodies.clone()))
    }
}

impl Transport for Grpc {
    fn send(&self, request: Bytes) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let body = match compressed(self.compression, request) {
            Ok(body) => body,
            Err(error) => {
                let cause = format!("it could not be compressed: {error}").into();
                return Box::pin(std::future::ready(Answer::Refused { cause }));
            }
        };
        let encoding = encoding(self.compression).map(HeaderValue::from_static);
        let under_way = self.bodies.add(&body);
        let body = Framed::new(body, encoding.is_some());
        let direct = Direct { channel: self.channel(), body, encoding };
        let mut client = Client::new(direct).max_decoding_message_size(MAX_ANSWER);
        if let Some(answers) = answers(self.compression) {
            // A server may answer as it was asked (grpc-go does). The bound is for what the answer is when decompressed, too.
            client = client.accept_compressed(answers);
        }
        let mut request = Request::new(Bytes::new());
        *request.metadata_mut() = self.metadata.clone();
        let method = self.method.clone();
        let attempt = Attempt { channel: Some(Arc::clone(&self.channel)) };
        Box::pin(async move {
            let answer = match client.ready().await {
                Err(error) => failed(&Status::from_error(Box::new(error))),
                Ok(()) => match client.unary(request, method, Ready).await {
                    Ok(response) => reply::accepted(response.get_ref()),
                    Err(status) => failed(&status),
                },
            };
            attempt.end();
            drop(under_way);
            answer
        })
    }
}

/// How answers may be compressed.
fn answers(compression: Compression) -> Option<CompressionEncoding> {
    match compression {
        Compression::Gzip => Some(CompressionEncoding::Gzip),
        #[cfg(feature = "zstd")]
        Compression::Zstd => Some(CompressionEncoding::Zstd),
        _ => None,
    }
}

/// What a status means; one with a source is of our own side, where the connection failed.
fn failed(status: &Status) -> Answer {
    if let Some(source) = status.source() {
        let connected = !reply::causes(source).any(<dyn StdError>::is::<ConnectError>);
        let cause = reply::causes(source).last().map_or_else(String::new, ToString::to_string);
        return Answer::Later { after: None, may_have_arrived: connected, cause: cause.into() };
    }
    let after = reply::retry_info(status.details());
    let cause: Cause = format!("gRPC status {:?}", status.code()).into();
    match status.code() {
        // tonic's own words for an answer over the bound.
        Code::OutOfRange if status.message().starts_with("Error, decoded message length too large") => {
            Answer::Refused { cause: "an answer over 4 MiB".into() }
        }
        Code::ResourceExhausted if after.is_none() => {
            // The words of the servers in use: grpc-go, grpc-java and C++, tonic.
            let too_large = ["larger than max", "exceeds maximum", "too large"];
            if too_large.iter().any(|words| status.message().contains(words)) {
                Answer::TooLarge { cause }
            } else {
                Answer::Refused { cause }
            }
        }
        Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unavailable
        | Code::DataLoss
        | Code::ResourceExhausted => {
            let may_have_arrived = !matches!(status.code(), Code::ResourceExhausted | Code::Unavailable);
            Answer::Later { after, may_have_arrived, cause }
        }
        Code::Unauthenticated | Code::PermissionDenied => Answer::Denied { cause },
        _ => Answer::Refused { cause },
    }
}
