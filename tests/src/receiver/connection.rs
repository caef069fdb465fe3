//! A connection that breaks when it is told to: reset or half-closed when so many more bytes are written.
//!
//! It lies below TLS and HTTP, so that what breaks is the wire and not the protocol.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::record::Record;

/// What becomes of the bytes that are written from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Cut {
    #[default]
    None,
    /// So many pass, then the connection is reset.
    Reset(usize),
    /// So many pass, then the end is said; the rest vanishes.
    Close(usize),
    Closed,
}

/// The switch of a connection.
#[derive(Debug, Default)]
pub(super) struct Switch {
    cut: Mutex<Cut>,
    /// Bytes that are written before any others: a frame of ours between those of the protocol.
    first: Mutex<Vec<u8>>,
    broken: Notify,
    resets: AtomicBool,
}

impl Switch {
    /// Resets the connection now.
    pub(super) fn reset(&self) {
        self.resets.store(true, Ordering::SeqCst);
        self.broken.notify_one();
    }

    /// Resets it when so many more bytes are written.
    pub(super) fn reset_after(&self, bytes: usize) {
        if bytes == 0 {
            return self.reset();
        }
        *lock(&self.cut) = Cut::Reset(bytes);
    }

    /// Closes this direction when so many more bytes are written.
    pub(super) fn close_after(&self, bytes: usize) {
        *lock(&self.cut) = Cut::Close(bytes);
    }

    /// Writes `bytes`, whatever the protocol says, then closes this direction.
    pub(super) fn say_and_close(&self, bytes: &[u8]) {
        lock(&self.first).extend_from_slice(bytes);
        *lock(&self.cut) = Cut::Close(0);
    }

    /// Waits until the connection has to be reset.
    pub(super) async fn is_broken(&self) {
        self.broken.notified().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// See the module's documentation.
pub(super) struct Wire {
    stream: TcpStream,
    switch: Arc<Switch>,
    record: Arc<Record>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, switch: Arc<Switch>, record: Arc<Record>) -> Self {
        Self { stream, switch, record }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.switch.resets.load(Ordering::SeqCst) {
            // RST, not the end in good order. It fails where the other side is gone already.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.record.came(buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let switch = Arc::clone(&self.switch);
        loop {
            let first = lock(&switch.first).clone();
            if first.is_empty() {
                break;
            }
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &first))?;
            lock(&switch.first).drain(..written);
        }
        let cut = *lock(&switch.cut);
        let allowed = match cut {
            Cut::None => bytes.len(),
            Cut::Reset(left) | Cut::Close(left) => left.min(bytes.len()),
            Cut::Closed => return Poll::Ready(Ok(bytes.len())),
        };
        let written = match bytes.get(..allowed).filter(|some| !some.is_empty()) {
            Some(some) => ready!(Pin::new(&mut self.stream).poll_write(context, some))?,
            None => 0,
        };
        match cut {
            Cut::None | Cut::Closed => {}
            Cut::Reset(left) => {
                *lock(&switch.cut) = Cut::Reset(left - written);
                if left == written {
                    switch.reset();
                    // Until then.
                    return if written > 0 { Poll::Ready(Ok(written)) } else { Poll::Pending };
                }
            }
            Cut::Close(left) if left == written => {
                ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
                *lock(&switch.cut) = Cut::Closed;
                return Poll::Ready(Ok(bytes.len()));
            }
            Cut::Close(left) => *lock(&switch.cut) = Cut::Close(left - written),
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
