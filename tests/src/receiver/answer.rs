//! One request: read, recorded, and answered as the script says.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::pending;
use std::io::Read as _;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::{Request, Response, StatusCode, Version};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::LogsServiceServer;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::MetricsServiceServer;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message as _;
use tokio::sync::Notify;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::codegen::Service as _;

use super::connection::Switch;
use super::record::{Protocol, Received, Record, Signal};
use super::script::{Answer, Behaviour};
use super::wrong;
use super::{logs, metrics};

/// The largest message that is read: a receiver's usual bound is 4 MiB.
const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// What a connection's requests are answered with.
#[derive(Clone)]
pub(super) struct Answering {
    pub(super) behaviour: Arc<Behaviour>,
    pub(super) record: Arc<Record>,
    pub(super) switch: Arc<Switch>,
    /// Told when the connection is to be closed in good order.
    pub(super) goes_away: Arc<Notify>,
}

impl Answering {
    pub(super) async fn answer(self, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
        let (protocol, signal) = match request.uri().path() {
            "/v1/traces" => (Protocol::Http, Signal::Traces),
            "/v1/metrics" => (Protocol::Http, Signal::Metrics),
            "/v1/logs" => (Protocol::Http, Signal::Logs),
            path if path.contains(".logs.") => (Protocol::Grpc, Signal::Logs),
            path if path.contains(".metrics.") => (Protocol::Grpc, Signal::Metrics),
            _ => (Protocol::Grpc, Signal::Traces),
        };
        let record = Arc::clone(&self.record);
        let _under_way = (signal == Signal::Traces).then(|| record.asked());
        let mut answer = self.behaviour.next(protocol, signal);
        while let Answer::After(delay, later) = answer {
            tokio::time::sleep(delay).await;
            answer = *later;
        }
        let version = request.version();
        let (head, body) = request.into_parts();
        let stop_at = if let Answer::ResetRequest(bytes) = answer { Some(bytes) } else { None };
        let Some(body) = self.read(body, stop_at).await else {
            // It is broken, by the client or by us.
            self.switch.reset();
            return pending().await;
        };
        let bytes = body.len();
        let response = match protocol {
            Protocol::Http => self.keep_http(signal, &head.headers, &body, &answer),
            Protocol::Grpc => {
                // tonic reads the message, and answers well.
                let kept = Decoding {
                    answering: self.clone(),
                    answer: answer.clone(),
                    bytes: body.len(),
                    headers: plain(&head.headers),
                };
                let request = Request::from_parts(head, Full::new(body));
                match signal {
                    Signal::Traces => {
                        let service =
                            TraceServiceServer::new(kept).accept_compressed(CompressionEncoding::Gzip);
                        service.max_decoding_message_size(MAX_MESSAGE).call(request).await?
                    }
                    Signal::Logs => {
                        let service =
                            LogsServiceServer::new(kept).accept_compressed(CompressionEncoding::Gzip);
                        service.max_decoding_message_size(MAX_MESSAGE).call(request).await?
                    }
                    Signal::Metrics => {
                        let service =
                            MetricsServiceServer::new(kept).accept_compressed(CompressionEncoding::Gzip);
                        service.max_decoding_message_size(MAX_MESSAGE).call(request).await?
                    }
                }
            }
        };
        if matches!(answer, Answer::AtMost(limit) if protocol == Protocol::Http && bytes > limit) {
            return Ok(http(StatusCode::PAYLOAD_TOO_LARGE, Bytes::new()));
        }
        Ok(self.misbehave(answer, response, protocol, version).await)
    }

    /// The body; nothing where it ended early.
    async fn read(&self, mut body: Incoming, stop_at: Option<usize>) -> Option<Bytes> {
        let mut whole = Vec::new();
        loop {
            if stop_at.is_some_and(|bytes| whole.len() >= bytes) {
                return None;
            }
            match body.frame().await {
                Some(Ok(frame)) => {
                    let data = frame.into_data().unwrap_or_default();
                    whole.extend_from_slice(&data);
                }
                Some(Err(_)) => return None,
                None => return stop_at.is_none().then(|| whole.into()),
            }
        }
    }

    /// The good answer over HTTP, after what came has been kept.
    fn keep_http(&self, signal: Signal, headers: &HeaderMap, body: &[u8], answer: &Answer) -> Response<Body> {
        let is = |name: &str, value: &str| headers.get(name).is_some_and(|is| is == value);
        let mut plain_body = Vec::new();
        let read = if is("content-encoding", "gzip") {
            MultiGzDecoder::new(body).read_to_end(&mut plain_body).is_ok()
        } else {
            plain_body.extend_from_slice(body);
            !headers.contains_key("content-encoding")
        };
        let response = (read && is("content-type", "application/x-protobuf"))
            .then(|| match signal {
                Signal::Traces => {
                    let request = ExportTraceServiceRequest::decode(&*plain_body).ok()?;
                    let kept = self.keep(Protocol::Http, request, plain(headers), body.len(), answer);
                    Some(kept.encode_to_vec())
                }
                Signal::Logs => {
                    let request = ExportLogsServiceRequest::decode(&*plain_body).ok()?;
                    Some(logs::keep(self, Protocol::Http, request, plain(headers)).encode_to_vec())
                }
                Signal::Metrics => {
                    let request = ExportMetricsServiceRequest::decode(&*plain_body).ok()?;
                    let kept = metrics::keep(self, Protocol::Http, request, plain(headers), answer);
                    Some(kept.encode_to_vec())
                }
            })
            .flatten();
        match response {
            Some(response) => http(StatusCode::OK, response.into()),
            None => http(StatusCode::UNSUPPORTED_MEDIA_TYPE, Bytes::new()),
        }
    }

    fn keep(
        &self,
        protocol: Protocol,
        request: ExportTraceServiceRequest,
        headers: BTreeMap<String, String>,
        bytes: usize,
        answer: &Answer,
    ) -> ExportTraceServiceResponse {
        let mut received = Received { protocol, request, headers, bytes, taken: 0 };
        received.taken = answer.taken(received.count(), bytes);
        self.record.keep(received);
        let Answer::Partial(rejected, message) = answer else { return ExportTraceServiceResponse::default() };
        let rejected_spans = i64::try_from(*rejected).unwrap_or(i64::MAX);
        let partial_success = ExportTracePartialSuccess { rejected_spans, error_message: message.clone() };
        ExportTraceServiceResponse { partial_success: Some(partial_success) }
    }

    async fn misbehave(
        &self,
        answer: Answer,
        good: Response<Body>,
        protocol: Protocol,
        version: Version,
    ) -> Response<Body> {
        match answer {
            Answer::Refuse(status, _, wait) if protocol == Protocol::Http => wrong::refusal(status, wait),
            // Over gRPC it has been said by tonic.
            Answer::Take | Answer::Partial(..) | Answer::Refuse(..) | Answer::AtMost(_) => good,
            Answer::Redirect(status, to) => wrong::redirect(status, &to),
            Answer::ResetResponse(bytes) => {
                self.switch.reset_after(bytes);
                good
            }
            Answer::HalfClose(bytes) => {
                self.switch.close_after(bytes);
                good
            }
            Answer::GoAway => {
                let says = if version == Version::HTTP_2 { wrong::GO_AWAY } else { &[] };
                self.switch.say_and_close(says);
                good
            }
            Answer::TakeAndGoAway => {
                self.goes_away.notify_one();
                good
            }
            Answer::GiantBody(bytes) => wrong::giant(bytes, protocol),
            Answer::Bomb(bytes) => wrong::bomb(bytes, protocol),
            Answer::WrongType(kind) => wrong::typed(kind),
            // The last two never come this far.
            Answer::Hang | Answer::ResetRequest(_) | Answer::After(..) => pending().await,
        }
    }
}

/// What tonic decodes a request for.
pub(super) struct Decoding {
    pub(super) answering: Answering,
    pub(super) answer: Answer,
    pub(super) headers: BTreeMap<String, String>,
    bytes: usize,
}

#[tonic::async_trait]
impl TraceService for Decoding {
    async fn export(
        &self,
        request: tonic::Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, tonic::Status> {
        let Self { answering, answer, headers, bytes } = self;
        let response = answering.keep(Protocol::Grpc, request.into_inner(), headers.clone(), *bytes, answer);
        match answer {
            Answer::Refuse(_, code, wait) => Err(wrong::status(*code, *wait)),
            Answer::AtMost(limit) if bytes > limit => Err(wrong::too_large(*bytes, *limit)),
            _ => Ok(tonic::Response::new(response)),
        }
    }
}

pub(super) fn http(status: StatusCode, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(body)));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/x-protobuf");
    response.headers_mut().insert("content-type", kind);
    response
}

fn plain(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
