//! An OTLP receiver on loopback: gRPC and HTTP, plain text. It counts spans and answers that it took all of them.
//!
//! It runs in a process of its own (`src/bin/export_receiver.rs`): prints its two ports, then for each line that it reads the
//! number of spans since the last one, and ends with its input.

use std::convert::Infallible;
use std::io::{self, BufRead as _, Write as _};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};

use super::case::Protocol;
use super::count;
use crate::Result;

/// The frame around a message of gRPC: a flag and four bytes of length.
const GRPC_PREFIX: usize = 5;

/// Serves until standard input ends.
///
/// # Errors
/// When it cannot listen, or write its ports.
pub fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let spans = Arc::new(AtomicU64::new(0));
        let mut ports = Vec::new();
        for protocol in Protocol::ALL {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            ports.push(listener.local_addr()?.port().to_string());
            tokio::spawn(accept(listener, protocol, Arc::clone(&spans)));
        }
        say(&ports.join(" "))?;
        let (ended, end) = tokio::sync::oneshot::channel();
        thread::spawn(move || {
            let result = answer(&spans);
            // The other side is gone only with the whole program.
            let _ = ended.send(result);
        });
        end.await?
    })
}

/// Answers each line of standard input with a number of spans.
fn answer(spans: &AtomicU64) -> Result<()> {
    for line in io::stdin().lock().lines() {
        line?;
        say(&spans.swap(0, Ordering::Relaxed).to_string())?;
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

async fn accept(listener: TcpListener, protocol: Protocol, spans: Arc<AtomicU64>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, protocol, Arc::clone(&spans)));
    }
}

/// Serves one connection. A broken one is the sender's to report.
async fn serve(stream: TcpStream, protocol: Protocol, spans: Arc<AtomicU64>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let spans = Arc::clone(&spans);
        async move { Ok::<_, Infallible>(take(request, protocol, &spans).await) }
    });
    let io = TokioIo::new(stream);
    let _ = match protocol {
        Protocol::Grpc => http2::Builder::new(TokioExecutor::new()).serve_connection(io, service).await,
        Protocol::Http => http1::Builder::new().serve_connection(io, service).await,
    };
}

type Answer = Response<
    http_body_util::Either<Full<Bytes>, http_body_util::combinators::WithTrailers<Full<Bytes>, Trailers>>,
>;
type Trailers = std::future::Ready<Option<std::result::Result<HeaderMap, Infallible>>>;

async fn take(request: Request<Incoming>, protocol: Protocol, spans: &AtomicU64) -> Answer {
    let Ok(body) = request.into_body().collect().await else { return refusal() };
    let body = body.to_bytes();
    let message = match protocol {
        Protocol::Grpc => body.get(GRPC_PREFIX..),
        Protocol::Http => Some(&*body),
    };
    let Some(count) = message.and_then(count::spans) else { return refusal() };
    spans.fetch_add(count, Ordering::Relaxed);
    match protocol {
        Protocol::Grpc => grpc_answer(),
        Protocol::Http => http_answer(),
    }
}

fn refusal() -> Answer {
    let mut answer = Response::new(http_body_util::Either::Left(Full::default()));
    *answer.status_mut() = StatusCode::BAD_REQUEST;
    answer
}

fn http_answer() -> Answer {
    let mut answer = Response::new(http_body_util::Either::Left(Full::default()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
    answer
}

/// An empty message, and the status behind it.
fn grpc_answer() -> Answer {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let message = Full::new(Bytes::from_static(&[0; GRPC_PREFIX]));
    let body = message.with_trailers(std::future::ready(Some(Ok(trailers))));
    let mut answer = Response::new(http_body_util::Either::Right(body));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    answer
}
