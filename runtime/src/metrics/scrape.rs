//! Metrics as a page of text that Prometheus reads: `opentelemetry-prometheus` makes it, hyper hands it out.
//!
//! A thread of its own answers, with a tokio runtime of its own. It answers `GET /metrics` and nothing else, eight callers at a time,
//! each for ten seconds at most, and a connection is for one request.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::{TcpListener, ToSocketAddrs};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use opentelemetry_prometheus::ExporterBuilder;
use opentelemetry_sdk::Resource;
use prometheus::{Registry, TextEncoder};
use tokio::runtime::Builder;
use tokio::sync::{Notify, Semaphore};

use crate::setup::config::source::{Set, Source};
use crate::setup::error::{Error, Kind};
use crate::setup::pipe_signal;

/// Callers at the same time.
const CALLERS: usize = 8;
/// How long one of them may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where it listens, and what it writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) host: Set<String>,
    pub(crate) port: Set<u16>,
    pub(crate) page: Page,
}

impl Default for Place {
    fn default() -> Self {
        let (host, port) = ("localhost".to_owned(), 9464);
        Self { host: Set::by_default(host), port: Set::by_default(port), page: Page::default() }
    }
}

impl Place {
    /// Why nobody can listen there, by the name of the variable that is the reason, where one is.
    fn refused(&self, cause: &std::io::Error) -> Error {
        let problem = format!("cannot listen on {}:{}: {cause}", self.host.value, self.port.value);
        let (source, value, expected) = match cause.kind() {
            ErrorKind::AddrInUse | ErrorKind::PermissionDenied => (
                &self.port.source,
                self.port.value.to_string(),
                "a port that is free and that this user may use",
            ),
            _ => (&self.host.source, self.host.value.clone(), "an address of this machine"),
        };
        Error::new(match source {
            Source::Variable(name) => {
                Kind::Variable { name, value, expected: format!("{expected}; {problem}") }
            }
            _ => Kind::Option { name: "prometheus", problem },
        })
    }
}

/// What is on the page besides metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) without_scope: bool,
    pub(crate) without_target: bool,
    /// No units and no `_total` behind names.
    pub(crate) without_suffixes: bool,
    /// Attributes of the resource that are labels of every metric.
    #[cfg(feature = "config-file")]
    pub(crate) labels: Option<crate::setup::config::pattern::Names>,
}

impl Page {
    pub(super) fn exporter(&self, resource: &Resource) -> ExporterBuilder {
        let mut exporter = opentelemetry_prometheus::exporter().scope_info_enabled(!self.without_scope);
        if self.without_target {
            exporter = exporter.without_target_info();
        }
        if self.without_suffixes {
            exporter = exporter.without_units().without_counter_suffixes();
        }
        #[cfg(feature = "config-file")]
        if let Some(names) = &self.labels {
            let keys = resource.iter().map(|(key, _)| key).filter(|key| names.has(key.as_str()));
            let keys: std::collections::HashSet<opentelemetry::Key> = keys.cloned().collect();
            exporter = exporter.with_resource_selector(keys);
        }
        #[cfg(not(feature = "config-file"))]
        let _ = resource;
        exporter
    }
}

/// The server, until it is dropped.
pub(super) struct Server(Arc<Notify>);

impl Server {
    /// # Errors
    ///
    /// Nobody can listen there, or there can be no thread.
    pub(super) fn start(place: &Place, registry: Registry) -> Result<Self, Error> {
        let refused = |cause: std::io::Error| place.refused(&cause);
        let addresses: Vec<_> =
            (&*place.host.value, place.port.value).to_socket_addrs().map_err(refused)?.collect();
        let listener = TcpListener::bind(&*addresses).map_err(refused)?;
        listener.set_nonblocking(true)?;
        let end = Arc::<Notify>::default();
        let for_thread = Arc::clone(&end);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        thread::Builder::new().name("wirespan-scrape".to_owned()).spawn(move || {
            pipe_signal::block();
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, registry) => {}
                    () = for_thread.notified() => {}
                }
            });
        })?;
        Ok(Self(end))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

async fn serve(listener: TcpListener, registry: Registry) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let room = Arc::new(Semaphore::new(CALLERS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // No more files, say.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let registry = registry.clone();
        tokio::spawn(async move {
            let answer = service_fn(move |request: Request<Incoming>| {
                let response = answer(&request, &registry);
                async move { Ok::<_, Infallible>(response) }
            });
            let connection =
                http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), answer);
            let _ = tokio::time::timeout(PATIENCE, connection).await;
            drop(place);
        });
    }
}

fn answer(request: &Request<Incoming>, registry: &Registry) -> Response<String> {
    let said = |status, text: &str| {
        let mut response = Response::new(text.to_owned());
        *response.status_mut() = status;
        response
    };
    if request.uri().path() != "/metrics" {
        return said(StatusCode::NOT_FOUND, "metrics are at /metrics\n");
    }
    if request.method() != Method::GET {
        return said(StatusCode::METHOD_NOT_ALLOWED, "GET /metrics\n");
    }
    let page =
        catch_unwind(AssertUnwindSafe(|| TextEncoder::new().encode_to_string(&registry.gather()).ok()));
    let Some(page) = page.ok().flatten() else {
        return said(StatusCode::INTERNAL_SERVER_ERROR, "metrics could not be collected\n");
    };
    let mut response = Response::new(page);
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
