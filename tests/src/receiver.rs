//! A real OTLP trace receiver on a port of this machine: gRPC and HTTP/protobuf on the same one.
//!
//! The services are those of `opentelemetry-proto`, so what arrives is decoded by another implementation than the one under
//! test. It runs on a thread of its own, with a runtime of its own, until it is dropped.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::body::Body;
use tonic::codegen::Service as _;

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// OTLP/gRPC.
    Grpc,
    /// OTLP/HTTP with a protobuf body.
    Http,
}

/// A request that the receiver was sent.
#[derive(Debug, Clone)]
pub struct Received {
    /// How it came.
    pub protocol: Protocol,
    /// What it held.
    pub request: ExportTraceServiceRequest,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    inbox: Inbox,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[derive(Debug, Clone)]
struct Inbox {
    received: Arc<(Mutex<Vec<Received>>, Condvar)>,
    refuse: bool,
}

impl Receiver {
    /// A receiver that takes everything.
    pub fn start() -> Self {
        Self::listen(false)
    }

    /// A receiver that keeps what it is sent, and answers that it cannot take it.
    pub fn start_refusing() -> Self {
        Self::listen(true)
    }

    fn listen(refuse: bool) -> Self {
        let inbox = Inbox { received: Arc::default(), refuse };
        let (stop, stopped) = oneshot::channel();
        let (bound, address) = mpsc::channel();
        let served = inbox.clone();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
                bound.send(listener.local_addr().expect("an address")).expect("someone waits");
                tokio::select! {
                    () = serve(listener, served) => {}
                    _ = stopped => {}
                }
            });
        });
        let address = address.recv().expect("the receiver listens");
        Self { address, inbox, stop: Some(stop), thread: Some(thread) }
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub fn received(&self) -> Vec<Received> {
        self.inbox.lock().clone()
    }

    /// Every span so far, of all requests.
    pub fn spans(&self) -> Vec<Span> {
        self.received().iter().flat_map(Received::spans).collect()
    }

    /// Waits until there are `count` spans, and fails when that takes longer than `patience`.
    pub fn wait_for(&self, count: usize, patience: Duration) -> Vec<Span> {
        let deadline = Instant::now() + patience;
        let mut received = self.inbox.lock();
        loop {
            let spans: Vec<Span> = received.iter().flat_map(Received::spans).collect();
            if spans.len() >= count {
                return spans;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{} of {count} spans arrived", spans.len());
            let (inbox, _) =
                self.inbox.received.1.wait_timeout(received, left).unwrap_or_else(PoisonError::into_inner);
            received = inbox;
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Received {
    /// The request's spans.
    pub fn spans(&self) -> Vec<Span> {
        let scopes = self.request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Vec<Received>> {
        self.received.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, protocol: Protocol, request: ExportTraceServiceRequest) {
        self.lock().push(Received { protocol, request });
        self.received.1.notify_all();
    }

    async fn answer(self, request: hyper::Request<Incoming>) -> Result<hyper::Response<Body>, Infallible> {
        if request.uri().path() == "/v1/traces" {
            return Ok(self.answer_http(request).await);
        }
        TraceServiceServer::new(self).call(request).await
    }

    async fn answer_http(self, request: hyper::Request<Incoming>) -> hyper::Response<Body> {
        let typed =
            request.headers().get("content-type").is_some_and(|kind| kind == "application/x-protobuf");
        let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes);
        let (status, body) = match body.map(ExportTraceServiceRequest::decode) {
            Ok(Ok(request)) if typed => {
                self.keep(Protocol::Http, request);
                if self.refuse {
                    (400, Bytes::new())
                } else {
                    (200, ExportTraceServiceResponse::default().encode_to_vec().into())
                }
            }
            _ => (415, Bytes::new()),
        };
        let mut response = hyper::Response::new(Body::new(Full::new(body)));
        *response.status_mut() = hyper::StatusCode::from_u16(status).expect("a status");
        response
            .headers_mut()
            .insert("content-type", hyper::header::HeaderValue::from_static("application/x-protobuf"));
        response
    }
}

#[tonic::async_trait]
impl TraceService for Inbox {
    async fn export(
        &self,
        request: tonic::Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, tonic::Status> {
        self.keep(Protocol::Grpc, request.into_inner());
        if self.refuse {
            return Err(tonic::Status::invalid_argument("refused"));
        }
        Ok(tonic::Response::new(ExportTraceServiceResponse::default()))
    }
}

async fn serve(listener: TcpListener, inbox: Inbox) {
    while let Ok((stream, _)) = listener.accept().await {
        let inbox = inbox.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| inbox.clone().answer(request));
            // A client that goes away is no failure of the receiver's.
            let _ = auto::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
