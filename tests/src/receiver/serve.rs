//! The server's thread: it listens, serves connections, goes down and comes up.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::answer::Answering;
use super::connection::{Switch, Wire};
use super::record::Record;
use super::script::{Behaviour, Line};

/// TLS 1.1's alert of level fatal that says `protocol_version`.
const TOO_NEW: [u8; 7] = [21, 3, 2, 0, 2, 2, 70];

/// What the thread is told to do.
#[derive(Debug)]
pub(super) enum Command {
    Down(mpsc::Sender<()>),
    Up(mpsc::Sender<()>),
    Stop,
}

pub(super) struct Server {
    address: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    behaviour: Arc<Behaviour>,
    record: Arc<Record>,
    orders: UnboundedReceiver<Command>,
}

impl Server {
    pub(super) fn new(
        address: SocketAddr,
        acceptor: Option<TlsAcceptor>,
        behaviour: Arc<Behaviour>,
        record: Arc<Record>,
        orders: UnboundedReceiver<Command>,
    ) -> Self {
        Self { address, acceptor, behaviour, record, orders }
    }

    /// Runs until it is told to stop.
    pub(super) fn run(mut self, listener: Option<std::net::TcpListener>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let listener = listener.map(|listener| {
            let _inside = runtime.enter();
            listener.set_nonblocking(true).expect("it is a socket");
            TcpListener::from_std(listener).expect("it is a socket")
        });
        runtime.block_on(self.serve(listener));
        runtime.shutdown_background();
    }

    async fn serve(&mut self, mut listener: Option<TcpListener>) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                Ok((stream, _)) = accept(listener.as_ref()) => {
                    connections.spawn(self.connection(stream));
                }
                Some(_) = connections.join_next() => {}
                order = self.orders.recv() => match order {
                    Some(Command::Down(done)) => {
                        listener = None;
                        connections.shutdown().await;
                        let _ = done.send(());
                    }
                    Some(Command::Up(done)) => {
                        if listener.is_none() {
                            listener = Some(TcpListener::bind(self.address).await.expect("the port is free"));
                        }
                        let _ = done.send(());
                    }
                    Some(Command::Stop) | None => return,
                }
            }
        }
    }

    fn connection(&self, stream: TcpStream) -> impl Future<Output = ()> + Send + 'static {
        self.record.connected();
        let switch = Arc::<Switch>::default();
        let wire = Wire::new(stream, Arc::clone(&switch), Arc::clone(&self.record));
        let (line, acceptor) = (self.behaviour.line(), self.acceptor.clone());
        let answering = Answering {
            behaviour: Arc::clone(&self.behaviour),
            record: Arc::clone(&self.record),
            switch: Arc::clone(&switch),
            goes_away: Arc::default(),
        };
        async move {
            let served = async {
                match (line, acceptor) {
                    (Line::Serve, None) => speak(wire, answering).await,
                    (Line::Serve, Some(acceptor)) => {
                        // A client that does not believe us says so and goes.
                        if let Ok(wire) = acceptor.accept(wire).await {
                            speak(wire, answering).await;
                        }
                    }
                    (Line::Hang, _) => std::future::pending().await,
                    (Line::Reset, _) => {
                        switch.reset();
                        drop(wire);
                    }
                    (Line::OldTls, _) => {
                        let mut wire = wire;
                        let _ = tokio::io::AsyncReadExt::read(&mut wire, &mut [0; 512]).await;
                        let _ = wire.write_all(&TOO_NEW).await;
                        let _ = wire.shutdown().await;
                    }
                }
            };
            tokio::select! {
                () = served => {}
                () = switch.is_broken() => {}
            }
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> std::io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// HTTP/1 or 2, as the client begins.
async fn speak(wire: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, answering: Answering) {
    let goes_away: Arc<Notify> = Arc::clone(&answering.goes_away);
    let service = service_fn(move |request| answering.clone().answer(request));
    let builder = auto::Builder::new(TokioExecutor::new());
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(wire), service));
    loop {
        tokio::select! {
            // A client that goes away is no failure of the receiver's.
            _ = connection.as_mut() => return,
            () = goes_away.notified() => connection.as_mut().graceful_shutdown(),
        }
    }
}
