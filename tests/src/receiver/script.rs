//! What a receiver does wrong: how each request is answered, and how connections are treated.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tonic::Code;

use super::Protocol;
use super::record::Signal;

/// How one request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is taken.
    Take,
    /// It is taken but for so many spans (the last ones), with a message why.
    Partial(usize, String),
    /// It is not taken, and this is said: the HTTP status, or the gRPC one, and when to come again.
    Refuse(u16, Code, Wait),
    /// It is taken unless its body has more bytes than this; then it is too large: 413, `RESOURCE_EXHAUSTED` in grpc-go's words.
    AtMost(usize),
    /// An HTTP redirect with that status to that URL; over gRPC too, where it is no answer.
    Redirect(u16, String),
    /// It is read, and nothing happens any more.
    Hang,
    /// The connection is reset when so many bytes of the body have arrived.
    ResetRequest(usize),
    /// It is taken, and the connection reset when so many bytes of the answer are written.
    ResetResponse(usize),
    /// It is taken, and the server's direction closed when so many bytes of the answer are written; the other stays open.
    HalfClose(usize),
    /// Not taken: HTTP/2's GOAWAY that says so, then the end of the connection. Over HTTP/1 the end alone.
    GoAway,
    /// It is taken; the connection is closed in good order after the answer, in HTTP/2 by GOAWAY.
    TakeAndGoAway,
    /// It is taken; the body of the answer has so many bytes of zeros.
    GiantBody(u64),
    /// It is taken; the answer is gzip of so many bytes of zeros.
    Bomb(u64),
    /// It is taken; the answer is a page with this content type.
    WrongType(&'static str),
    /// Something else, later.
    After(Duration, Box<Answer>),
}

/// When to come again, as `Retry-After` and as `RetryInfo` say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Nothing is said.
    Unsaid,
    /// So many seconds.
    Seconds(u64),
    /// At a time, in so many seconds from now (gRPC has no such form: as `Seconds`).
    Date(u64),
    /// Before now.
    Negative,
    /// Not to be understood.
    Garbage,
}

impl Answer {
    /// It may pass: 503, `UNAVAILABLE`.
    pub fn unavailable() -> Self {
        Self::Refuse(503, Code::Unavailable, Wait::Unsaid)
    }

    /// There is too much: 429, `RESOURCE_EXHAUSTED`.
    pub fn overloaded(wait: Wait) -> Self {
        Self::Refuse(429, Code::ResourceExhausted, wait)
    }

    /// It will not pass: 400, `INVALID_ARGUMENT`.
    pub fn invalid() -> Self {
        Self::Refuse(400, Code::InvalidArgument, Wait::Unsaid)
    }

    /// The same, later.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self::After(delay, Box::new(self))
    }

    /// Spans of `all` that are taken when this is the answer to a body of so many bytes.
    pub(super) fn taken(&self, all: usize, bytes: usize) -> usize {
        match self {
            Self::Take
            | Self::ResetResponse(_)
            | Self::HalfClose(_)
            | Self::TakeAndGoAway
            | Self::GiantBody(_)
            | Self::Bomb(_)
            | Self::WrongType(_) => all,
            Self::Partial(rejected, _) => all.saturating_sub(*rejected),
            Self::After(_, answer) => answer.taken(all, bytes),
            Self::AtMost(limit) => {
                if bytes <= *limit {
                    all
                } else {
                    0
                }
            }
            Self::Refuse(..) | Self::Redirect(..) | Self::Hang | Self::ResetRequest(_) | Self::GoAway => 0,
        }
    }
}

/// A request whose head has arrived.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Its number since the script was set, from 0.
    pub number: u64,
    /// How it came.
    pub protocol: Protocol,
}

/// How requests are answered, each by itself.
#[derive(Clone)]
pub struct Script(Arc<dyn Fn(Asked) -> Answer + Send + Sync>);

impl Script {
    /// As `answer` says.
    pub fn by(answer: impl Fn(Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }

    /// Always the same.
    pub fn always(answer: Answer) -> Self {
        Self::by(move |_| answer.clone())
    }

    /// These answers, one after the other, then everything is taken.
    pub fn first(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers: Vec<Answer> = answers.into_iter().collect();
        Self::by(move |asked| {
            let index = usize::try_from(asked.number).unwrap_or(usize::MAX);
            answers.get(index).cloned().unwrap_or(Answer::Take)
        })
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

/// How a connection is treated, before there is a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Line {
    /// As it should be.
    #[default]
    Serve,
    /// It is accepted, and nobody reads.
    Hang,
    /// It is accepted and reset.
    Reset,
    /// Whatever comes, the answer is TLS's alert that the version is too new: a server that ends at TLS 1.1.
    OldTls,
}

/// Script and line, to be changed while the server runs.
#[derive(Debug)]
pub(super) struct Behaviour {
    script: Mutex<Script>,
    /// For metrics, which are counted by themselves.
    metrics: Mutex<Script>,
    line: Mutex<Line>,
    asked: AtomicU64,
    asked_metrics: AtomicU64,
}

impl Behaviour {
    pub(super) fn new(script: Script) -> Self {
        Self {
            script: Mutex::new(script),
            metrics: Mutex::new(Script::always(Answer::Take)),
            line: Mutex::default(),
            asked: AtomicU64::new(0),
            asked_metrics: AtomicU64::new(0),
        }
    }

    pub(super) fn set_script(&self, script: Script) {
        let mut held = lock(&self.script);
        self.asked.store(0, Ordering::SeqCst);
        *held = script;
    }

    pub(super) fn set_script_for_metrics(&self, script: Script) {
        let mut held = lock(&self.metrics);
        self.asked_metrics.store(0, Ordering::SeqCst);
        *held = script;
    }

    pub(super) fn set_line(&self, line: Line) {
        *lock(&self.line) = line;
    }

    pub(super) fn line(&self) -> Line {
        *lock(&self.line)
    }

    /// The answer to the next request.
    pub(super) fn next(&self, protocol: Protocol, signal: Signal) -> Answer {
        let (script, asked) = match signal {
            Signal::Traces => (lock(&self.script), &self.asked),
            Signal::Metrics => (lock(&self.metrics), &self.asked_metrics),
            Signal::Logs => return Answer::Take,
        };
        let number = asked.fetch_add(1, Ordering::SeqCst);
        let script = script.clone();
        (script.0)(Asked { number, protocol })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
