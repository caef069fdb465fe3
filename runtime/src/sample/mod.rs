//! Sampling where a trace enters the process: who is asked, what it is told, and how it is replaced while the program runs.
//!
//! Spans below a parent in this process do as their parent does, so only roots come here. The default has nothing to ask; one
//! flag says so. Another sampler lies behind `ArcSwap`: a root reads it without a lock, and setting one waits for nobody. What a
//! sampler does is a user's code: the caller keeps the thread from recording, and a panic ends here, also one of a destructor.

pub(crate) mod named;
mod rate;
mod rules;
pub(crate) mod tail;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use opentelemetry::trace::{SpanKind, TraceContextExt as _, TraceState};
use opentelemetry::{Context, KeyValue, TraceId};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use crate::callsite::{Callsite, Kind, Subject};
use crate::capture::by_type::caught;
use crate::recorder::Recorder;

pub use rate::RateLimit;
pub use rules::{Rules, When};
pub use tail::{TailSampling, Within};

/// Decides for spans without a parent in this process.
#[derive(Default)]
pub(crate) struct RootSampler {
    /// Whether there is one to ask: otherwise every trace is kept, and of remote parents those that are sampled.
    asks: AtomicBool,
    asked: ArcSwapOption<Box<dyn ShouldSample>>,
    panicked: AtomicU64,
}

/// What a sampler said about a trace that it keeps.
#[derive(Debug, Default)]
pub(crate) struct Sampled {
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) trace_state: TraceState,
}

impl RootSampler {
    /// `None` stands for the default, `parentbased_always_on`.
    pub(crate) fn new(sampler: Option<Box<dyn ShouldSample>>) -> Self {
        let new = Self::default();
        if let Some(sampler) = sampler {
            new.set(sampler);
        }
        new
    }

    /// Asks `sampler` from now on. Roots that are being decided may still go by the one before.
    pub(crate) fn set(&self, sampler: Box<dyn ShouldSample>) {
        let before = self.asked.swap(Some(std::sync::Arc::new(sampler)));
        // ORDERING: Release, partner of the Acquire in `decide`: who sees the flag finds a sampler.
        self.asks.store(true, Ordering::Release);
        discard(before);
    }

    /// How often a sampler panicked.
    pub(crate) fn panicked(&self) -> u64 {
        self.panicked.load(Ordering::Relaxed)
    }

    /// `None` when the trace is not to be recorded. A sampler that panics counts as one that says no.
    ///
    /// `parent` is the context that holds a remote parent.
    pub(crate) fn decide(
        &self,
        parent: Option<(&Context, bool, &TraceState)>,
        trace_id: TraceId,
        callsite: &'static Callsite,
        subject: Subject,
    ) -> Option<Sampled> {
        let result = self.ask(|sampler| {
            let names = callsite.names(subject);
            let facts = facts(callsite, names.qualified);
            let kind = span_kind(callsite.options.kind);
            let context = parent.map(|(context, _, _)| context);
            sampler.should_sample(context, trace_id, &names.span, &kind, &facts, &[])
        });
        match (result, parent) {
            (Ok(Some(result)), _) => (result.decision == SamplingDecision::RecordAndSample)
                .then_some(Sampled { attributes: result.attributes, trace_state: result.trace_state }),
            (Ok(None), None) => Some(Sampled::default()),
            (Ok(None), Some((_, sampled, state))) => {
                sampled.then(|| Sampled { attributes: Vec::new(), trace_state: state.clone() })
            }
            (Err(Panicked), _) => None,
        }
    }

    /// What the sampler says; `None` where there is none to ask, and the default holds.
    ///
    /// # Errors
    ///
    /// It panicked, which is counted.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn ask(
        &self,
        ask: impl FnOnce(&dyn ShouldSample) -> SamplingResult,
    ) -> Result<Option<SamplingResult>, Panicked> {
        // ORDERING: Acquire, partner of the Release in `set`.
        if !self.asks.load(Ordering::Acquire) {
            return Ok(None);
        }
        let asked = self.asked.load();
        let Some(sampler) = asked.as_ref() else { return Ok(None) };
        let result = caught(|| ask(&***sampler));
        // Replaced meanwhile, it may be ours to drop.
        discard(asked);
        result.map(Some).ok_or_else(|| {
            self.panicked.fetch_add(1, Ordering::Relaxed);
            Panicked
        })
    }
}

/// A sampler panicked.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Drops what may be a sampler: its destructor is a user's code.
fn discard<T>(sampler: T) {
    // A panic in it is nobody's loss: the sampler was not in use any more.
    let _ = caught(|| drop(sampler));
}

/// What is known of a span before anything is captured.
fn facts(callsite: &'static Callsite, qualified: String) -> Vec<KeyValue> {
    let code = [
        KeyValue::new("code.function.name", qualified),
        KeyValue::new(rules::MODULE, callsite.module()),
        KeyValue::new("code.file.path", callsite.file()),
        KeyValue::new("code.line.number", i64::from(callsite.line())),
    ];
    code.into_iter().chain(callsite.literals()).collect()
}

/// A decision with nothing added: the trace state is the parent's, as the specification wants it.
fn answer(parent: Option<&Context>, keep: bool) -> SamplingResult {
    SamplingResult {
        decision: if keep { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop },
        attributes: Vec::new(),
        trace_state: parent
            .map(|context| context.span().span_context().trace_state().clone())
            .unwrap_or_default(),
    }
}

/// Replaces the sampler of running telemetry, from anywhere: [`Telemetry::sampler`](crate::Telemetry::sampler) makes it.
///
/// ```
/// # fn main() -> Result<(), wirespan::Error> {
/// use wirespan::opentelemetry_sdk::trace::Sampler;
///
/// let telemetry = wirespan::builder().no_exporter().install()?;
/// let sampler = telemetry.sampler();
/// std::thread::spawn(move || sampler.set(Sampler::TraceIdRatioBased(0.1)));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct SamplerHandle {
    pub(crate) recorder: Option<&'static Recorder>,
}

impl SamplerHandle {
    /// Asks `sampler` about every trace that enters the process from now on. Traces that were decided stay as they are.
    ///
    /// Neither this nor the threads that start spans wait for each other; a root that is being decided at this moment may
    /// go by the sampler before. Does nothing where telemetry is disabled.
    pub fn set(&self, sampler: impl ShouldSample + 'static) {
        if let Some(recorder) = self.recorder {
            recorder.sampler.set(Box::new(sampler));
        }
    }
}

impl fmt::Debug for SamplerHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SamplerHandle").finish_non_exhaustive()
    }
}

/// The SDK's word for a kind.
pub(crate) fn span_kind(kind: Kind) -> SpanKind {
    match kind {
        Kind::Internal => SpanKind::Internal,
        Kind::Server => SpanKind::Server,
        Kind::Client => SpanKind::Client,
        Kind::Producer => SpanKind::Producer,
        Kind::Consumer => SpanKind::Consumer,
    }
}
