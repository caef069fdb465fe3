//! The thread that collects metrics and has them exported: every so often, when a flush asks, and once more at the end.
//!
//! ```text
//! waiting ── interval, flush, end ──▶ collecting ──▶ exporting ──▶ waiting, or over
//! ```
//!
//! The SDK's own periodic reader waits for a flush without a limit, knows no time-out, and is gone after one panic; so this one reads
//! through the SDK's manual reader. Whoever waits gives up at his deadline, and an export ends at its time-out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, Temporality};

use super::exit::Exit;
use crate::diagnose::{Kind, tell};
use crate::setup::pipe_signal;
use crate::setup::signals::Flushed;

/// How often, and how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rhythm {
    pub(super) interval: Duration,
    /// Of one export.
    pub(super) timeout: Duration,
}

/// The SDK's side: it collects when it is asked.
#[derive(Debug, Clone)]
pub(super) struct Reader(Arc<ManualReader>);

impl Reader {
    pub(super) fn new(temporality: Temporality) -> Self {
        Self(Arc::new(ManualReader::builder().with_temporality(temporality).build()))
    }
}

impl MetricReader for Reader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}

/// A flush that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked(u64);

#[derive(Debug, Default)]
struct State {
    /// Flushes that were asked for.
    asked: u64,
    /// Flushes that are done: the first so many.
    done: u64,
    /// Why the last export failed.
    failure: Option<String>,
    /// The end is asked for; until then an export may take.
    end: Option<Instant>,
    over: bool,
}

/// What both sides know: those who ask, and the thread.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    state: Mutex<State>,
    news: Condvar,
}

impl Orders {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For a provider whose metrics are fetched: there is nothing to wait for.
    #[cfg(feature = "prometheus")]
    pub(super) fn none() -> Self {
        Self { state: Mutex::new(State { done: u64::MAX, ..State::default() }), news: Condvar::new() }
    }

    /// Asks for an export of everything that is measured by now.
    pub(super) fn flush(&self) -> Asked {
        let mut state = self.lock();
        state.asked += 1;
        self.news.notify_all();
        Asked(state.asked)
    }

    /// Asks for the last export, which may take until then.
    pub(super) fn end(&self, until: Instant) -> Asked {
        let mut state = self.lock();
        state.asked += 1;
        state.end.get_or_insert(until);
        self.news.notify_all();
        Asked(state.asked)
    }

    /// Waits for it until then.
    pub(super) fn wait(&self, asked: Asked, until: Instant) -> Flushed {
        let mut state = self.lock();
        while state.done < asked.0 && !state.over {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Flushed::TimedOut;
            }
            state = self.news.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        match &state.failure {
            _ if state.done < asked.0 => {
                Flushed::Failed("the thread that exports metrics is gone".to_owned())
            }
            Some(failure) => Flushed::Failed(failure.clone()),
            None => Flushed::Done,
        }
    }

    /// Waits for the next turn, and says which flushes it covers and how long it may take.
    fn turn(&self, next: Instant, rhythm: Rhythm) -> Turn {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            if let Some(end) = state.end {
                let within = end.saturating_duration_since(now).min(rhythm.timeout);
                return Turn { covers: state.asked, within, is_last: true };
            }
            let left = next.saturating_duration_since(now);
            if state.asked > state.done || left.is_zero() {
                return Turn { covers: state.asked, within: rhythm.timeout, is_last: false };
            }
            state = self.news.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn turn_is_over(&self, turn: &Turn, exported: Result<(), String>) {
        let mut state = self.lock();
        state.done = state.done.max(turn.covers);
        state.failure = exported.err();
        self.news.notify_all();
    }
}

struct Turn {
    covers: u64,
    within: Duration,
    is_last: bool,
}

/// Starts the thread.
///
/// # Errors
///
/// There can be no thread.
pub(super) fn start(
    reader: Reader,
    exit: Box<dyn Exit>,
    orders: Arc<Orders>,
    rhythm: Rhythm,
) -> std::io::Result<()> {
    let worker = Worker { reader, exit, orders, rhythm, metrics: ResourceMetrics::default() };
    let run = move || {
        pipe_signal::block();
        worker.run();
    };
    thread::Builder::new().name("wirespan-meter".to_owned()).spawn(run).map(drop)
}

struct Worker {
    reader: Reader,
    exit: Box<dyn Exit>,
    orders: Arc<Orders>,
    rhythm: Rhythm,
    /// Kept for its memory.
    metrics: ResourceMetrics,
}

impl Worker {
    fn run(mut self) {
        let _over = Over(Arc::clone(&self.orders));
        let mut next = Instant::now() + self.rhythm.interval;
        loop {
            let turn = self.orders.turn(next, self.rhythm);
            let exported = catch_unwind(AssertUnwindSafe(|| self.export(turn.within)));
            let exported = exported.unwrap_or_else(|_| {
                tell(Kind::Metrics, format_args!("the export of metrics panicked and goes on"));
                Err("the export panicked".to_owned())
            });
            self.orders.turn_is_over(&turn, exported);
            if turn.is_last {
                let _ = catch_unwind(AssertUnwindSafe(|| self.exit.shutdown(turn.within)));
                return;
            }
            // What was missed is not made up for.
            let now = Instant::now();
            while next <= now {
                next += self.rhythm.interval;
            }
        }
    }

    fn export(&mut self, within: Duration) -> Result<(), String> {
        self.reader.collect(&mut self.metrics).map_err(|error| error.to_string())?;
        if self.metrics.scope_metrics().next().is_none() {
            return Ok(());
        }
        self.exit.export(&self.metrics, within)
    }
}

/// Tells those who wait that the thread is gone, however it went.
struct Over(Arc<Orders>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.lock().over = true;
        self.0.news.notify_all();
    }
}
