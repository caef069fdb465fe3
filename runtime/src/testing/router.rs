//! The one pipeline of a test process, and its way out: each finished span goes to the recordings that own its trace.
//!
//! A trace is owned from the start of its first span on, which is before any of its spans can be exported.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use opentelemetry::{SpanId, TraceId};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::scope::{self, Scope};
use crate::callsite::{Callsite, Subject};
use crate::setup::builder::Builder;
use crate::setup::error::Error;
use crate::setup::telemetry::Telemetry;

/// Room for many tests at once: each thread that records holds a chunk of it.
const BUFFER_BYTES: usize = 256 * 1024 * 1024;
/// Spans that nobody owns are kept, in case somebody adopts their trace: so many.
const UNOWNED: usize = 10_000;
/// Strays that are remembered.
const STRAYS: usize = 16;

static PIPELINE: OnceLock<Telemetry> = OnceLock::new();
static INSTALLED: AtomicBool = AtomicBool::new(false);
static TRACES: LazyLock<Mutex<Traces>> = LazyLock::new(Mutex::default);
static STRAY: Mutex<Strays> = Mutex::new(Strays { count: 0, last: VecDeque::new() });

/// Who owns which trace.
#[derive(Default)]
pub(super) struct Traces {
    owners: HashMap<TraceId, Vec<Scope>>,
    unowned: VecDeque<SpanData>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the active pipeline is that of the tests.
pub(crate) fn is_installed() -> bool {
    INSTALLED.load(Ordering::Relaxed)
}

/// The pipeline, which the first call installs.
///
/// # Errors
///
/// Another one is installed.
pub(super) fn pipeline() -> Result<&'static Telemetry, Error> {
    static FIRST: Mutex<()> = Mutex::new(());
    if let Some(pipeline) = PIPELINE.get() {
        return Ok(pipeline);
    }
    let _first = locked(&FIRST);
    if let Some(pipeline) = PIPELINE.get() {
        return Ok(pipeline);
    }
    let telemetry =
        Builder::default().exporter(Router).buffer_bytes(BUFFER_BYTES).without_environment().install()?;
    INSTALLED.store(true, Ordering::Relaxed);
    Ok(PIPELINE.get_or_init(|| telemetry))
}

/// A trace begins here with the sampled span `root`, or goes on here when it has a parent that is not this thread's.
#[cold]
pub(crate) fn trace_begins(
    trace_id: TraceId,
    root: SpanId,
    has_parent: bool,
    (callsite, subject): (&'static Callsite, Subject),
) {
    if !is_installed() {
        return;
    }
    match scope::current() {
        Some(scope) if scope.is_live() => {
            scope.owned().roots.insert(root);
            own(trace_id, &scope);
        }
        // What a finished test has left behind is nobody's.
        Some(_) => {}
        None if has_parent && locked(&TRACES).owners.contains_key(&trace_id) => {}
        None => locked(&STRAY).add(&callsite.names(subject).span),
    }
}

/// The spans of that trace are the scope's, from now on.
pub(super) fn own(trace_id: TraceId, scope: &Scope) {
    let mut traces = locked(&TRACES);
    let owners = traces.owners.entry(trace_id).or_default();
    if !owners.iter().any(|owner| owner.is(scope)) {
        scope.owned().traces.push(trace_id);
        owners.push(scope.clone());
        if owners.len() > 1 {
            for owner in owners.iter() {
                owner.owned().shared.insert(trace_id);
            }
        }
    }
}

/// The spans of that trace are the scope's, also those that have ended before.
pub(super) fn adopt(trace_id: TraceId, scope: &Scope) {
    scope.owned().adopted.insert(trace_id);
    own(trace_id, scope);
    let mut traces = locked(&TRACES);
    let all = std::mem::take(&mut traces.unowned);
    let (adopted, others): (VecDeque<_>, _) =
        all.into_iter().partition(|span| span.span_context.trace_id() == trace_id);
    traces.unowned = others;
    // The newest stands first.
    for span in adopted.into_iter().rev() {
        scope.inner().spans.keep(span);
    }
}

/// Nobody looks at what belongs to `scope` any more.
pub(super) fn disown(scope: &Scope) {
    let ids = std::mem::take(&mut scope.owned().traces);
    let mut traces = locked(&TRACES);
    for trace_id in ids {
        if let Some(owners) = traces.owners.get_mut(&trace_id) {
            owners.retain(|owner| !owner.is(scope));
            if owners.is_empty() {
                traces.owners.remove(&trace_id);
            }
        }
    }
}

/// Gives each span to the recordings that own its trace.
#[derive(Debug)]
struct Router;

impl SpanExporter for Router {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut traces = locked(&TRACES);
        for span in batch {
            if let Some(owners) = traces.owners.get(&span.span_context.trace_id()) {
                for owner in owners {
                    owner.inner().spans.keep(span.clone());
                }
            } else {
                traces.unowned.truncate(UNOWNED - 1);
                traces.unowned.push_front(span);
            }
        }
        Ok(())
    }
}

/// While it lives, the exporter delivers nothing.
#[cfg(test)]
pub(super) struct Held {
    _traces: MutexGuard<'static, Traces>,
}

#[cfg(test)]
pub(super) fn hold() -> Held {
    Held { _traces: locked(&TRACES) }
}

/// Traces that began outside of every recording.
pub(super) struct Strays {
    count: u64,
    last: VecDeque<String>,
}

impl Strays {
    fn add(&mut self, name: &str) {
        self.count += 1;
        if self.last.len() == STRAYS {
            self.last.pop_front();
        }
        let thread = std::thread::current();
        self.last.push_back(format!("`{name}` on thread `{}`", thread.name().unwrap_or("unnamed")));
    }
}

/// How many traces began outside of every recording so far.
pub(super) fn stray_count() -> u64 {
    locked(&STRAY).count
}

/// What began outside of every recording since there were `before`, in words; empty when nothing did.
pub(super) fn strays_since(before: u64) -> String {
    let strays = locked(&STRAY);
    let Ok(new) = usize::try_from(strays.count.saturating_sub(before)) else { return String::new() };
    if new == 0 {
        return String::new();
    }
    let mut text = format!("{new} traces began outside of every recording meanwhile:");
    let shown = strays.last.iter().skip(strays.last.len().saturating_sub(new));
    for stray in shown {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\n  {stray}");
    }
    text.push_str(
        "\nhelp: if they are this test's, use `scope()`: `claim_runtime(handle)`, `around(future)`, or `enter()` on the thread",
    );
    text
}
