//! A real OTLP receiver on a port of this machine, gRPC and HTTP/protobuf on the same one, that misbehaves as it is told. Its script
//! and its counts are for spans; metrics have a script of their own.
//!
//! The services are those of `opentelemetry-proto` and tonic, so what arrives is decoded by another implementation than the one
//! under test. A [`Script`] says how each request is answered, a [`Line`] how each connection is. It runs on a thread of its own,
//! with a runtime of its own, until it is dropped; it can go down and come up on the same port.

mod answer;
mod connection;
pub mod logs;
pub mod metrics;
mod record;
mod script;
mod serve;
pub mod tls;
mod wrong;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::trace::v1::Span;
use tokio::sync::mpsc::UnboundedSender;

use self::logs::ReceivedLogs;
use self::metrics::{Points, ReceivedMetrics};
use self::record::Record;
pub use self::record::{Protocol, Received};
use self::script::Behaviour;
pub use self::script::{Answer, Asked, Line, Script, Wait};
use self::serve::Command;
use self::tls::Identity;

/// See the module's documentation.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    tls: Option<Identity>,
    behaviour: Arc<Behaviour>,
    record: Arc<Record>,
    commands: UnboundedSender<Command>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// A receiver that takes everything.
    pub fn start() -> Self {
        Self::with(Script::always(Answer::Take))
    }

    /// A receiver that keeps what it is sent, and answers that it cannot take it.
    pub fn start_refusing() -> Self {
        Self::with(Script::always(Answer::invalid()))
    }

    /// A receiver that answers by `script`.
    pub fn with(script: Script) -> Self {
        Self::launch(script, None, true)
    }

    /// A receiver that takes everything, and has to be connected to by TLS.
    pub fn with_tls(identity: Identity) -> Self {
        Self::launch(Script::always(Answer::Take), Some(identity), true)
    }

    /// A receiver that takes everything, once it is up: its port is known, and nobody listens there.
    pub fn down() -> Self {
        Self::launch(Script::always(Answer::Take), None, false)
    }

    fn launch(script: Script, tls: Option<Identity>, up: bool) -> Self {
        let behaviour = Arc::new(Behaviour::new(script));
        let record = Arc::<Record>::default();
        let (commands, orders) = tokio::sync::mpsc::unbounded_channel();
        let listener = free_port();
        let address = listener.local_addr().expect("it is bound");
        let acceptor = tls.map(tls::acceptor);
        let server =
            serve::Server::new(address, acceptor, Arc::clone(&behaviour), Arc::clone(&record), orders);
        let listener = if up { Some(listener) } else { None };
        let thread = std::thread::Builder::new()
            .name("receiver".to_owned())
            .spawn(move || server.run(listener))
            .expect("a thread");
        Self { address, tls, behaviour, record, commands, thread: Some(thread) }
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn endpoint(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers by `script` from now on. Requests are numbered anew.
    pub fn answer_by(&self, script: Script) {
        self.behaviour.set_script(script);
    }

    /// Answers requests of metrics by `script` from now on.
    pub fn answer_metrics_by(&self, script: Script) {
        self.behaviour.set_script_for_metrics(script);
    }

    /// Treats connections that are made from now on like this.
    pub fn treat_connections(&self, line: Line) {
        self.behaviour.set_line(line);
    }

    /// Stops listening and resets every connection, in whatever state.
    pub fn go_down(&self) {
        self.order(Command::Down);
    }

    /// Listens again, on the same port.
    pub fn come_up(&self) {
        self.order(Command::Up);
    }

    fn order(&self, make: fn(mpsc::Sender<()>) -> Command) {
        let (done, is_done) = mpsc::channel();
        self.commands.send(make(done)).expect("the server runs");
        is_done.recv().expect("the server did it");
    }

    /// Every request so far that arrived whole, also those that were not taken.
    pub fn received(&self) -> Vec<Received> {
        self.record.lock().received.clone()
    }

    /// Every span so far, of all requests that were taken.
    pub fn spans(&self) -> Vec<Span> {
        self.record.lock().taken().flat_map(Received::spans).collect()
    }

    /// As [`spans`](Self::spans); requests so far are then forgotten.
    pub fn take_spans(&self) -> Vec<Span> {
        let mut record = self.record.lock();
        record.asked_at.clear();
        let received = std::mem::take(&mut record.received);
        drop(record);
        received.iter().filter(|received| received.taken > 0).flat_map(Received::spans).collect()
    }

    /// Every request of metrics so far that arrived whole, also those that were not taken.
    pub fn received_metrics(&self) -> Vec<ReceivedMetrics> {
        self.record.lock().metrics.clone()
    }

    /// Every request of logs so far.
    pub fn received_logs(&self) -> Vec<ReceivedLogs> {
        self.record.lock().logs.clone()
    }

    /// What the requests of metrics say that were taken.
    pub fn metrics(&self) -> Points {
        let record = self.record.lock();
        Points::of(record.metrics.iter().filter(|received| received.taken))
    }

    /// When the head of each request of spans arrived, also of those whose body never did.
    pub fn asked_at(&self) -> Vec<Instant> {
        self.record.lock().asked_at.clone()
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.record.lock().connections
    }

    /// The most requests that were under way at the same time.
    pub fn most_at_once(&self) -> usize {
        self.record.lock().most_at_once
    }

    /// The first bytes (up to 1 MiB) of everything that came over the wire, before TLS is taken off.
    pub fn raw(&self) -> Vec<u8> {
        self.record.lock().raw.clone()
    }

    /// Waits until there are `count` spans, and fails when that takes longer than `patience`.
    pub fn wait_for(&self, count: usize, patience: Duration) -> Vec<Span> {
        self.wait_until(patience, &format!("{count} spans"), |receiver| {
            receiver.record.lock().spans_taken >= count
        });
        self.spans()
    }

    /// Waits until so many requests have been made, and fails when that takes longer than `patience`.
    pub fn wait_for_requests(&self, count: usize, patience: Duration) {
        self.wait_until(patience, &format!("{count} requests"), |receiver| {
            receiver.asked_at().len() >= count
        });
    }

    /// Waits until `is_so`, and fails when that takes longer than `patience`.
    pub fn wait_until(&self, patience: Duration, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + patience;
        while !is_so(self) {
            let left = deadline.saturating_duration_since(Instant::now());
            let record = self.record.lock();
            assert!(
                !left.is_zero(),
                "{what} are waited for; there are {} requests with {} spans taken",
                record.asked_at.len(),
                record.spans_taken
            );
            let wait = left.min(Duration::from_millis(20));
            drop(self.record.news.wait_timeout(record, wait).unwrap_or_else(PoisonError::into_inner));
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.commands.send(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A listener on a port that no client is given for its own end: below the range that systems take those from, so that the
/// port is still free when the server comes up again, and nobody connects to himself.
fn free_port() -> std::net::TcpListener {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 10_000).unwrap_or(0);
    let ports =
        (0..10_000).map(|_| 20_000 + (start + NEXT.fetch_add(37, Ordering::Relaxed) % 12_000) % 12_000);
    let mut listeners =
        ports.filter_map(|port| std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    listeners.next().expect("there is a free port")
}
