//! OTLP/HTTP with protobuf bodies, by reqwest.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect};

use super::compress::{compressed, encoding};
use super::decided::Settings;
use super::{MAX_ANSWER, reply};
use crate::pipeline::send::Transport;
use crate::pipeline::send::answer::Answer;
use crate::setup::error::{Error, Kind};

const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");

/// Bytes of a failure's body that are looked at.
const MAX_REASON: usize = 4096;
const REASON_WAIT: Duration = Duration::from_secs(1);

/// See the module's documentation.
pub(super) struct Http {
    settings: Settings,
    headers: HeaderMap,
    #[cfg(feature = "tls")]
    tls: rustls::ClientConfig,
    /// The client, with its connections, and since when it is used.
    client: Mutex<(Instant, Client)>,
}

impl Http {
    pub(super) fn new(mut settings: Settings) -> Result<Self, Error> {
        #[cfg(feature = "tls")]
        let tls = match super::tls::config(&settings)? {
            Some(tls) => tls,
            // Left to itself, reqwest looks for a provider of the process's, and panics where there is none.
            None => super::tls::unused()?,
        };
        let mut headers: HeaderMap = std::mem::take(&mut settings.headers).into_iter().collect();
        headers.insert(CONTENT_TYPE, PROTOBUF);
        if let Some(encoding) = encoding(settings.compression) {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        let client = client(
            &settings,
            #[cfg(feature = "tls")]
            &tls,
        )?;
        Ok(Self {
            settings,
            headers,
            #[cfg(feature = "tls")]
            tls,
            client: Mutex::new((Instant::now(), client)),
        })
    }

    /// The client; a new one where its connections are too old.
    fn client(&self) -> Client {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if client.0.elapsed() >= self.settings.connection_age {
            let new = self::client(
                &self.settings,
                #[cfg(feature = "tls")]
                &self.tls,
            );
            // One was made before, of the same settings; else the old one goes on.
            if let Ok(new) = new {
                *client = (Instant::now(), new);
            }
        }
        client.1.clone()
    }
}

fn client(settings: &Settings, #[cfg(feature = "tls")] tls: &rustls::ClientConfig) -> Result<Client, Error> {
    // A redirect is an answer like any other, and a failed export: to follow it would take data and headers elsewhere. So
    // would a proxy that only the environment knows of.
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .user_agent(concat!("wirespan/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.timeout)
        .dns_resolver(settings.resolver.clone())
        .tcp_nodelay(true);
    #[cfg(feature = "tls")]
    let client = client.tls_backend_preconfigured(tls.clone());
    client.build().map_err(|cause| Error::new(Kind::Exporter(Box::new(cause))))
}

impl Transport for Http {
    fn send(&self, request: Bytes) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let body = match compressed(self.settings.compression, request) {
            Ok(body) => body,
            Err(error) => {
                let cause = format!("it could not be compressed: {error}").into();
                return Box::pin(std::future::ready(Answer::Refused { cause }));
            }
        };
        let post = self.client().post(self.settings.endpoint.uri().to_string());
        let post = post.headers(self.headers.clone()).body(body);
        Box::pin(async move {
            match post.send().await {
                Ok(response) => judge(response).await,
                Err(error) => failed(&error),
            }
        })
    }
}

async fn judge(mut response: Response) -> Answer {
    let status = response.status();
    if !status.is_success() {
        let retry_after = response.headers().get(RETRY_AFTER).cloned();
        let retry_after = retry_after.as_ref().and_then(|value| value.to_str().ok());
        let body = if status == StatusCode::BAD_REQUEST { reason(response).await } else { Vec::new() };
        return reply::http_failure(status.as_u16(), retry_after, &body);
    }
    let is_protobuf = response.headers().get(CONTENT_TYPE) == Some(&PROTOBUF);
    let encoded = response.headers().contains_key(CONTENT_ENCODING);
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_ANSWER => {
                return Answer::Refused { cause: "an answer over 4 MiB".into() };
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return failed(&error),
        }
    }
    // We asked for no encoding, and sent protobuf: another answer cannot be read, but its status says that the spans arrived.
    reply::accepted(if is_protobuf && !encoded { &body } else { &[] })
}

/// The beginning of a failure's body. One that does not come, or breaks off, is as good as none: the status is known.
async fn reason(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let whole = async {
        while let (true, Ok(Some(chunk))) = (body.len() < MAX_REASON, response.chunk().await) {
            body.extend_from_slice(chunk.get(..MAX_REASON).unwrap_or(&chunk));
        }
    };
    let _ = tokio::time::timeout(REASON_WAIT, whole).await;
    body
}

/// The connection failed.
fn failed(error: &reqwest::Error) -> Answer {
    // The error's own text has the URL in it; the last source says why.
    let cause = reply::causes(error).skip(1).last();
    let cause = cause.map_or_else(|| "the connection failed".to_owned(), ToString::to_string);
    Answer::Later { after: None, may_have_arrived: !error.is_connect(), cause: cause.into() }
}
