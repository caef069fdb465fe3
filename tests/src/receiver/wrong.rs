//! Answers that are none, or more than a client asked for.

use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Frame};
use hyper::header::HeaderValue;
use hyper::{Response, StatusCode};
use prost::Message as _;
use tonic::body::Body;
use tonic::{Code, Status};

use super::answer::http;
use super::record::Protocol;
use super::script::Wait;

/// HTTP/2's GOAWAY: no stream was looked at, there is too much.
pub(super) const GO_AWAY: &[u8] = &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];

/// Bytes of zeros that are written at once.
const ZEROS: &[u8] = &[0; 64 * 1024];

/// An HTTP status, with `Retry-After` where there is something to say.
pub(super) fn refusal(status: u16, wait: Wait) -> Response<Body> {
    let mut response = http(code(status), Bytes::new());
    let text = match wait {
        Wait::Unsaid => return response,
        Wait::Seconds(seconds) => seconds.to_string(),
        Wait::Date(seconds) => httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds)),
        Wait::Negative => "-3".to_owned(),
        Wait::Garbage => "in a while".to_owned(),
    };
    let value = HeaderValue::from_str(&text).expect("it is plain text");
    response.headers_mut().insert("retry-after", value);
    response
}

/// A gRPC status, with a `RetryInfo` where there is something to say.
pub(super) fn status(code: Code, wait: Wait) -> Status {
    let message = "as the script says";
    let seconds = match wait {
        Wait::Unsaid => return Status::new(code, message),
        Wait::Garbage => {
            return Status::with_details(code, message, Bytes::from_static(b"\x1a\xff\xff in a while"));
        }
        Wait::Seconds(seconds) | Wait::Date(seconds) => i64::try_from(seconds).unwrap_or(i64::MAX),
        Wait::Negative => -3,
    };
    let info = RetryInfo { delay: Some(Delay { seconds, nanos: 0 }) };
    let any = Any { url: "type.googleapis.com/google.rpc.RetryInfo".to_owned(), value: info.encode_to_vec() };
    let whole = Extended { code: code.into(), message: message.to_owned(), details: vec![any] };
    Status::with_details(code, message, whole.encode_to_vec().into())
}

/// What grpc-go says of a message over its limit.
pub(super) fn too_large(bytes: usize, limit: usize) -> Status {
    Status::resource_exhausted(format!("grpc: received message larger than max ({bytes} vs. {limit})"))
}

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, prost::Message)]
struct Extended {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, prost::Message)]
struct Any {
    #[prost(string, tag = "1")]
    url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// `google.rpc.RetryInfo`.
#[derive(Clone, PartialEq, prost::Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    delay: Option<Delay>,
}

/// `google.protobuf.Duration`.
#[derive(Clone, Copy, PartialEq, prost::Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// A redirect.
pub(super) fn redirect(status: u16, to: &str) -> Response<Body> {
    let mut response = http(code(status), Bytes::new());
    response.headers_mut().insert("location", HeaderValue::from_str(to).expect("it is a URL"));
    response
}

/// A page.
pub(super) fn typed(kind: &'static str) -> Response<Body> {
    let mut response = http(StatusCode::OK, Bytes::from_static(b"<html>\x0a\x04\x08\x02 it works</html>"));
    response.headers_mut().insert("content-type", HeaderValue::from_static(kind));
    response
}

/// So many bytes of zeros, which in gRPC are one message.
pub(super) fn giant(bytes: u64, protocol: Protocol) -> Response<Body> {
    let head = match protocol {
        Protocol::Http => Bytes::new(),
        Protocol::Grpc => prefix(false, bytes),
    };
    let mut response = http(StatusCode::OK, Bytes::new());
    *response.body_mut() = Body::new(Zeros { head, left: bytes });
    as_grpc(protocol, &mut response);
    response
}

/// So many bytes of zeros, as gzip.
pub(super) fn bomb(bytes: u64, protocol: Protocol) -> Response<Body> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..bytes / ZEROS.len() as u64 {
        encoder.write_all(ZEROS).expect("it is memory");
    }
    let packed = encoder.finish().expect("it is memory");
    let mut response = match protocol {
        Protocol::Http => http(StatusCode::OK, packed.into()),
        Protocol::Grpc => {
            let head = prefix(true, packed.len() as u64);
            http(StatusCode::OK, [&*head, &*packed].concat().into())
        }
    };
    let name = if protocol == Protocol::Http { "content-encoding" } else { "grpc-encoding" };
    response.headers_mut().insert(name, HeaderValue::from_static("gzip"));
    as_grpc(protocol, &mut response);
    response
}

/// The five bytes before a gRPC message.
fn prefix(packed: bool, length: u64) -> Bytes {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    [&[u8::from(packed)], &length.to_be_bytes()[..]].concat().into()
}

/// gRPC's content type, and its status behind the body.
fn as_grpc(protocol: Protocol, response: &mut Response<Body>) {
    if protocol == Protocol::Grpc {
        let body = std::mem::take(response.body_mut());
        let trailers = [("grpc-status".parse().expect("a name"), HeaderValue::from_static("0"))];
        let trailers = trailers.into_iter().collect();
        *response.body_mut() = Body::new(body.with_trailers(async move { Some(Ok(trailers)) }));
        response.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    }
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("a status")
}

struct Zeros {
    head: Bytes,
    left: u64,
}

impl hyper::body::Body for Zeros {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let head = std::mem::take(&mut self.head);
        if !head.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(head))));
        }
        let some = self.left.min(ZEROS.len() as u64);
        self.left -= some;
        let some = ZEROS.get(..usize::try_from(some).unwrap_or(0)).unwrap_or_default();
        let frame = (!some.is_empty()).then(|| Ok(Frame::data(Bytes::from_static(some))));
        Poll::Ready(frame)
    }
}
