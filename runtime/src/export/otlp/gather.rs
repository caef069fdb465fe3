//! A connection whose writes are gathered: HTTP/2 hands over 16 KiB at a time, which is the largest frame that receivers allow, and
//! asks for a flush after each. One system call for each of them was a third of what sending cost.
//!
//! A flush is put off when it follows a whole frame, for then there may be another one; whoever asked is woken, and the flush that
//! it asks for then, with nothing written in between, is made. So nothing stays here once the connection has nothing to say.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use tower_service::Service;

/// Bytes that are gathered at most.
const LIMIT: usize = 256 * 1024;
/// With so many bytes since the last flush the next one is put off: a frame of HTTP/2, at the size that every receiver takes.
const FRAME: usize = 16 * 1024;

/// A connector whose connections gather.
#[derive(Debug, Clone)]
pub(super) struct Gather<C>(pub(super) C);

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
        let connection = self.0.call(uri);
        Box::pin(async move { Ok(Gathered::new(connection.await?)) })
    }
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Gathered<S> {
    stream: S,
    /// Not written yet, from `written` on.
    bytes: Vec<u8>,
    written: usize,
    /// Bytes since the last flush was asked for.
    fresh: usize,
}

impl<S> Gathered<S> {
    fn new(stream: S) -> Self {
        Self { stream, bytes: Vec::new(), written: 0, fresh: 0 }
    }
}

impl<S: Write + Unpin> Gathered<S> {
    /// Writes what was gathered.
    fn poll_empty(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(left) = self.bytes.get(self.written..).filter(|left| !left.is_empty()) {
            match ready!(Pin::new(&mut self.stream).poll_write(context, left))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.written += written,
            }
        }
        self.bytes.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }

    /// Makes room for `length` bytes, where the limit allows as many at all.
    fn poll_room(&mut self, context: &mut Context<'_>, length: usize) -> Poll<io::Result<()>> {
        if self.bytes.len().saturating_add(length) > LIMIT {
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
        let before = self.bytes.len();
        for slice in slices {
            let room = LIMIT.saturating_sub(self.bytes.len());
            self.bytes.extend_from_slice(slice.get(..room).unwrap_or(slice));
        }
        let taken = self.bytes.len() - before;
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    /// Takes `at_once` bytes at most with each write; counts writes and flushes.
    #[derive(Default)]
    struct Stream {
        written: Vec<u8>,
        at_once: usize,
        writes: usize,
        flushes: usize,
    }

    impl Write for Stream {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(self.at_once);
            self.written.extend_from_slice(&bytes[..taken]);
            self.writes += 1;
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.flushes += 1;
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    fn gathered(at_once: usize) -> Gathered<Stream> {
        Gathered::new(Stream { at_once, ..Stream::default() })
    }

    fn write(gathered: &mut Gathered<Stream>, mut bytes: &[u8]) {
        let context = &mut Context::from_waker(Waker::noop());
        while !bytes.is_empty() {
            let (head, tail) = bytes.split_at(bytes.len().min(9));
            let slices = [IoSlice::new(head), IoSlice::new(tail)];
            let Poll::Ready(Ok(taken)) = Pin::new(&mut *gathered).poll_write_vectored(context, &slices)
            else {
                panic!("it can be written");
            };
            assert!(taken > 0);
            bytes = &bytes[taken..];
        }
    }

    fn flush(gathered: &mut Gathered<Stream>) {
        let context = &mut Context::from_waker(Waker::noop());
        assert!(matches!(Pin::new(gathered).poll_flush(context), Poll::Ready(Ok(()))));
    }

    fn frame(number: usize) -> Vec<u8> {
        (0..FRAME + 9).map(|index| u8::try_from((index * 31 + number) % 251).unwrap_or(0)).collect()
    }

    #[test]
    fn frames_go_out_many_at_a_time_and_unchanged() {
        let mut gathered = gathered(usize::MAX);
        let frames: Vec<_> = (0..100).map(frame).collect();
        for frame in &frames {
            write(&mut gathered, frame);
            flush(&mut gathered);
        }
        flush(&mut gathered);
        assert_eq!(gathered.stream.written, frames.concat());
        assert!(gathered.stream.writes <= 100 * FRAME / LIMIT + 2, "{} writes", gathered.stream.writes);
    }

    #[test]
    fn what_is_short_goes_out_with_its_flush_and_what_is_long_with_the_one_behind_it() {
        let mut gathered = gathered(usize::MAX);
        write(&mut gathered, b"a ping");
        flush(&mut gathered);
        assert_eq!((&*gathered.stream.written, gathered.stream.flushes), (&b"a ping"[..], 1));
        write(&mut gathered, &frame(0));
        flush(&mut gathered);
        assert_eq!(gathered.stream.flushes, 1, "there may be more");
        flush(&mut gathered);
        assert_eq!((gathered.stream.written.len(), gathered.stream.flushes), (6 + FRAME + 9, 2));
    }

    #[test]
    fn no_more_than_the_limit_is_held_however_little_the_stream_takes() {
        let mut gathered = gathered(1_000);
        let long: Vec<u8> = (0..3).flat_map(|number| frame(number).repeat(20)).collect();
        write(&mut gathered, &long);
        assert!(gathered.bytes.len() <= LIMIT && gathered.bytes.capacity() <= 2 * LIMIT);
        let context = &mut Context::from_waker(Waker::noop());
        assert!(matches!(Pin::new(&mut gathered).poll_shutdown(context), Poll::Ready(Ok(()))));
        assert_eq!(gathered.stream.written, long);
    }
}
