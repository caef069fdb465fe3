//! An exporter that does as it is told, batch by batch, and counts what it was given.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use wirespan::opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use wirespan::opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// What becomes of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is delivered.
    Accept,
    /// The exporter returns an error.
    Fail,
    /// The exporter panics.
    Panic,
}

/// An exporter that asks a closure what to do with each batch, given its number from 0. The closure may block.
#[derive(Clone)]
pub struct Scripted(Arc<Inner>);

struct Inner {
    script: Box<dyn Fn(u64) -> Answer + Send + Sync>,
    batches: AtomicU64,
    accepted: AtomicU64,
    failed: AtomicU64,
    panicked: AtomicU64,
    spans: Mutex<Vec<SpanData>>,
}

impl Scripted {
    /// An exporter that does as `script` says.
    pub fn new(script: impl Fn(u64) -> Answer + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            script: Box::new(script),
            batches: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            panicked: AtomicU64::new(0),
            spans: Mutex::default(),
        }))
    }

    /// Batches that it was given.
    pub fn batches(&self) -> u64 {
        self.0.batches.load(Ordering::SeqCst)
    }

    /// Spans in accepted batches.
    pub fn accepted(&self) -> u64 {
        self.0.accepted.load(Ordering::SeqCst)
    }

    /// Spans in batches that failed.
    pub fn failed(&self) -> u64 {
        self.0.failed.load(Ordering::SeqCst)
    }

    /// Spans in batches on which it panicked.
    pub fn panicked(&self) -> u64 {
        self.0.panicked.load(Ordering::SeqCst)
    }

    /// The accepted spans.
    pub fn spans(&self) -> Vec<SpanData> {
        self.0.spans.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many accepted spans have that name.
    pub fn named(&self, name: &str) -> usize {
        self.spans().iter().filter(|span| span.name == name).count()
    }
}

impl SpanExporter for Scripted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let number = self.0.batches.fetch_add(1, Ordering::SeqCst);
        let spans = batch.len() as u64;
        match (self.0.script)(number) {
            Answer::Accept => {
                self.0.accepted.fetch_add(spans, Ordering::SeqCst);
                self.0.spans.lock().unwrap_or_else(PoisonError::into_inner).extend(batch);
                Ok(())
            }
            Answer::Fail => {
                self.0.failed.fetch_add(spans, Ordering::SeqCst);
                Err(OTelSdkError::InternalFailure("as the script says".to_owned()))
            }
            Answer::Panic => {
                self.0.panicked.fetch_add(spans, Ordering::SeqCst);
                // Not `panic!`: the hook has nothing to say about it.
                std::panic::resume_unwind(Box::new("as the script says"))
            }
        }
    }
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scripted").field("batches", &self.batches()).finish_non_exhaustive()
    }
}

/// A gate that is shut until it is opened, once for all.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Lets everybody pass, now and later.
    pub fn open(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    /// Waits until the gate is open, for at most a minute: nothing that fails to open it hangs the tests.
    pub fn pass(&self) {
        let open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.1.wait_timeout_while(open, Duration::from_secs(60), |open| !*open);
        drop(waited);
    }
}
