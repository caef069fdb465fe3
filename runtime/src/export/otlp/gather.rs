//! A connection whose writes are gathered: HTTP/2 hands over 16 KiB at a time, which is the largest frame that receivers allow, and
//! asks for a flush after each. One system call for each of them was a third of what sending cost.
//!
//! What is written is a piece of a request that is under way, mostly. Such a piece is not copied: [`Bodies`] knows the request's
//! memory, and a share in it is kept until the piece is on the wire.
//!
//! A flush is put off when it follows a whole frame, for then there may be another one; whoever asked is woken, and the flush that
//! it asks for then, with nothing written in between, is made. So nothing stays here once the connection has nothing to say.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use tower_service::Service;

/// Bytes that are gathered at most.
const LIMIT: usize = 512 * 1024;
/// With so many bytes since the last flush the next one is put off: a frame of HTTP/2, at the size that every receiver takes.
const FRAME: usize = 16 * 1024;
/// What is shorter is copied.
const SHORT: usize = 1024;
/// Pieces that one system call takes at most: a frame's head and its content are one each.
const PIECES: usize = 2 * LIMIT / FRAME + 2;

/// The requests that are under way, by their memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Bodies(Arc<Mutex<Vec<Bytes>>>);

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct UnderWay {
    bodies: Bodies,
    body: Bytes,
}

impl Bodies {
    fn all(&self) -> MutexGuard<'_, Vec<Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes `body` known.
    pub(super) fn add(&self, body: &Bytes) -> UnderWay {
        self.all().push(body.clone());
        UnderWay { bodies: self.clone(), body: body.clone() }
    }

    /// A share in the memory that `slice` is a part of.
    fn share(&self, slice: &[u8]) -> Option<Bytes> {
        let piece = slice.as_ptr_range();
        let holds = |body: &&Bytes| {
            let body = body.as_ptr_range();
            body.start <= piece.start && piece.end <= body.end
        };
        self.all().iter().find(holds).map(|body| body.slice_ref(slice))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut all = self.bodies.all();
        let place = all.iter().position(|body| body.as_ptr_range() == self.body.as_ptr_range());
        let body = place.map(|place| all.swap_remove(place));
        // The last share gives memory back, which is nothing to do under a lock.
        drop(all);
        drop(body);
    }
}

/// A connector whose connections gather.
#[derive(Debug, Clone)]
pub(super) struct Gather<C>(pub(super) C, pub(super) Bodies);

impl<C> Service<Uri> for Gather<C>
where
    C: Service<Uri>,
    C::Future: Send + 'static,
{
    type Response = Gathered<C::Response>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, C::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connection, bodies) = (self.0.call(uri), self.1.clone());
        Box::pin(async move { Ok(Gathered::new(connection.await?, bodies)) })
    }
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Gathered<S> {
    stream: S,
    bodies: Bodies,
    /// Not written yet, in order; behind them, what was copied last.
    pieces: VecDeque<Bytes>,
    copied: BytesMut,
    /// Bytes in both.
    held: usize,
    /// Bytes since the last flush was asked for.
    fresh: usize,
}

impl<S> Gathered<S> {
    fn new(stream: S, bodies: Bodies) -> Self {
        let (pieces, copied) = (VecDeque::new(), BytesMut::new());
        Self { stream, bodies, pieces, copied, held: 0, fresh: 0 }
    }

    /// Takes as much of `slice` as there is room for; how much that is.
    fn take(&mut self, slice: &[u8]) -> usize {
        let slice = slice.get(..LIMIT.saturating_sub(self.held)).unwrap_or(slice);
        let shared = if slice.len() < SHORT { None } else { self.bodies.share(slice) };
        match shared {
            Some(piece) => {
                self.end_copied();
                self.pieces.push_back(piece);
            }
            None => self.copied.extend_from_slice(slice),
        }
        self.held += slice.len();
        slice.len()
    }

    fn end_copied(&mut self) {
        if !self.copied.is_empty() {
            self.pieces.push_back(self.copied.split().freeze());
        }
    }

    /// Forgets so many bytes, which are written.
    fn advance(&mut self, mut written: usize) {
        self.held = self.held.saturating_sub(written);
        while let Some(piece) = self.pieces.front_mut().filter(|_| written > 0) {
            let part = written.min(piece.len());
            piece.advance(part);
            written -= part;
            if piece.is_empty() {
                self.pieces.pop_front();
            }
        }
    }
}

impl<S: Write + Unpin> Gathered<S> {
    /// Writes what was gathered.
    fn poll_empty(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.end_copied();
        while !self.pieces.is_empty() {
            let mut slices = [IoSlice::new(&[]); PIECES];
            for (slice, piece) in slices.iter_mut().zip(&self.pieces) {
                *slice = IoSlice::new(piece);
            }
            let slices = slices.get(..self.pieces.len()).unwrap_or(&slices);
            match ready!(Pin::new(&mut self.stream).poll_write_vectored(context, slices))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.advance(written),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Makes room for `length` bytes, where the limit allows as many at all.
    fn poll_room(&mut self, context: &mut Context<'_>, length: usize) -> Poll<io::Result<()>> {
        if self.held.saturating_add(length) > LIMIT {
            return self.poll_empty(context);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: Write + Unpin> Write for Gathered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.as_mut().poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = slices.iter().map(|slice| slice.len()).sum();
        ready!(self.poll_room(context, length))?;
        let taken = slices.iter().map(|slice| self.take(slice)).sum();
        self.fresh = self.fresh.saturating_add(taken);
        Poll::Ready(Ok(taken))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if std::mem::take(&mut self.fresh) >= FRAME {
            context.waker().wake_by_ref();
            return Poll::Ready(Ok(()));
        }
        ready!(self.poll_empty(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_empty(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: Read + Unpin> Read for Gathered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, room)
    }
}
