//! A request of ready bytes past tonic's own buffer: the codec has nothing to do, and the channel puts the bytes themselves, compressed
//! or not, into the HTTP request.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut, Bytes};
use http::header::{HeaderName, HeaderValue};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;

/// Says how a message is compressed.
const ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");

/// A channel that sends `body`, once, in place of what the codec has made.
pub(super) struct Direct {
    pub(super) channel: Channel,
    pub(super) body: Option<Framed>,
    /// How the body is compressed.
    pub(super) encoding: Option<HeaderValue>,
}

impl GrpcService<Body> for Direct {
    type ResponseBody = <Channel as GrpcService<Body>>::ResponseBody;
    type Error = <Channel as GrpcService<Body>>::Error;
    type Future = <Channel as GrpcService<Body>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        GrpcService::<Body>::poll_ready(&mut self.channel, context)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        if let Some(encoding) = self.encoding.take() {
            request.headers_mut().insert(ENCODING, encoding);
        }
        let request = match self.body.take() {
            Some(body) => request.map(|_| Body::new(body)),
            None => request,
        };
        self.channel.call(request)
    }
}

/// A message as gRPC frames it: a byte that says whether it is compressed, four of length, and the message, in two pieces.
pub(super) struct Framed([Bytes; 2]);

impl Framed {
    /// `None` for 4 GiB and more, which gRPC cannot send.
    pub(super) fn new(message: Bytes, compressed: bool) -> Option<Self> {
        let [a, b, c, d] = u32::try_from(message.len()).ok()?.to_be_bytes();
        Some(Self([Bytes::copy_from_slice(&[u8::from(compressed), a, b, c, d]), message]))
    }
}

impl HttpBody for Framed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.0.iter_mut().find(|piece| !piece.is_empty()).map(std::mem::take);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.iter().all(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }
}

/// Requests and answers as bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ready;

impl Codec for Ready {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Ready {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.reserve(item.len());
        out.put(item);
        Ok(())
    }
}

impl Decoder for Ready {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}
