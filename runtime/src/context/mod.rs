//! Attributes of a request: set once, on every span, metric and log below.
//!
//! A *scope* holds them. It lies in OpenTelemetry's `Context`, so it goes wherever that goes: into each span's future, across
//! `await`, through [`carry`](crate::Current::carry) and [`in_current_span`](crate::FutureExt::in_current_span) to threads and
//! tasks, and by whatever else carries a `Context`. Nothing else leads to it: a request without a scope of its own has none, and
//! [`set`] does nothing there. There is no default that requests could share.
//!
//! ```
//! use wirespan::{FutureExt as _, context, traced};
//!
//! #[traced]
//! async fn handle(user: i64) {
//!     context::add("user.id", user);
//!     load().await; // its span has `user.id`
//! }
//!
//! #[traced]
//! async fn load() {}
//!
//! # async fn serve() {
//! // One scope for each request; a task takes it along with `in_current_span`.
//! let request = context::scope().with("organization.id", "acme");
//! handle(7).in_context(request).await;
//! # }
//! ```
//!
//! - What a scope holds is never changed in place: each change makes a new set ([`Snapshot`]), which is encoded once. [`get`] gives
//!   the set of this moment.
//! - All who are in one scope see what is set in it, from then on: spans that have started keep what they have. A [`scope`] inside
//!   another starts with a copy and keeps its changes to itself.
//! - A span's own attribute with the same key counts, and the context's is left out there.
//! - At most 64 attributes, keys of 255 bytes and values of 1,024 (longer texts are cut and say so), 8 KiB together; what is beyond
//!   is left out, and [`set`] says so. They do not count towards a span's budget.
//! - A key that looks like a secret's name is `<redacted>`, and goes neither to metrics nor to other processes.
//! - Metrics have only the keys that [`Builder::context_to_metrics`](crate::Builder::context_to_metrics) names, and only those of
//!   [`context_to_baggage`](crate::Builder::context_to_baggage) leave the process, as W3C baggage. By default none.
//!
//! While no scope was made in a process, nothing of this costs anything.

mod baggage;
mod lists;
mod scope;
mod snapshot;
mod value;

use std::sync::atomic::{AtomicBool, Ordering, fence};

use opentelemetry::{Context, Key, KeyValue};

pub(crate) use baggage::{incoming, outgoing};
pub(crate) use lists::{Keys, Lists, parse};
use lists::{allow, metrics_have_keys};
pub use scope::{InScope, Scope, ScopeGuard};
pub use snapshot::Snapshot;
pub use value::Value;

use crate::recorder;
use crate::thread::State;

/// A scope for one request: a copy of what is set here, which changes by itself.
pub fn scope() -> Scope {
    Scope::with_snapshot(snapshot().unwrap_or_default())
}

/// Sets several attributes of the current scope, for what starts from now on. `false` outside of every scope, and where something
/// was left out.
///
/// ```
/// # use wirespan::context;
/// let _request = context::scope().enter();
/// assert!(context::set([("user.id", 7.into()), ("tenant", "acme".into())]));
/// assert_eq!(context::get().get("tenant"), Some("acme".into()));
/// ```
pub fn set<K: Into<Key>>(attributes: impl IntoIterator<Item = (K, Value)>) -> bool {
    Scope::current().is_some_and(|scope| scope.set(attributes))
}

/// Sets one attribute of the current scope, as [`set`] does.
pub fn add(key: impl Into<Key>, value: impl Into<Value>) -> bool {
    Scope::current().is_some_and(|scope| scope.add(key, value))
}

/// What is set now. It does not change any more: nobody's attributes can be changed through it.
pub fn get() -> Snapshot {
    snapshot().unwrap_or_default()
}

/// Whether any scope was ever made.
static IN_USE: AtomicBool = AtomicBool::new(false);

/// Whether a measurement may have attributes of a request: a scope was made, and there are keys that metrics may have.
static REACHES_METRICS: AtomicBool = AtomicBool::new(false);

/// Whether a measurement is to look for a scope.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn reaches_metrics() -> bool {
    REACHES_METRICS.load(Ordering::Relaxed)
}

/// From now on each span looks for a scope: the gate in front of it is not open any more.
fn begin_use() {
    if !IN_USE.load(Ordering::Relaxed) {
        IN_USE.store(true, Ordering::Relaxed);
    }
    begin();
}

/// Lets these lists count from now on. To be called when the recorder is active, and where there is none.
pub(crate) fn install(lists: Lists) {
    if lists.metrics.is_empty() {
        REACHES_METRICS.store(false, Ordering::Relaxed);
    }
    allow(lists);
    begin();
}

fn begin() {
    // ORDERING: SeqCst, partner of the same fence on the other thread: either `install` sees IN_USE, or we the recorder and the lists.
    fence(Ordering::SeqCst);
    if IN_USE.load(Ordering::Relaxed) {
        if let Some(recorder) = recorder::active() {
            recorder.shut_gate();
        }
        if metrics_have_keys() && !reaches_metrics() {
            REACHES_METRICS.store(true, Ordering::Relaxed);
        }
    }
}

/// The set of the current scope; `None` outside of one.
fn snapshot() -> Option<Snapshot> {
    if !IN_USE.load(Ordering::Relaxed) || State::is_gone() {
        return None;
    }
    Context::map_current(|context| Scope::in_context(context).map(Scope::get))
}

/// Gives the span that was just entered as the `depth`th what is set. Only where the gate is shut.
#[cold]
pub(crate) fn give_to_span(depth: usize) {
    if depth == 0 {
        return;
    }
    if let Some(late) = snapshot().and_then(|snapshot| snapshot.encoded()) {
        State::with(|state| state.give_context(depth, late));
    }
}

/// Runs `f` with those attributes of the current scope that metrics may have: for an instrument of the program's own.
///
/// ```
/// # let jobs = |_: u64, _: &[wirespan::opentelemetry::KeyValue]| ();
/// wirespan::context::for_metrics(|attributes| jobs(1, attributes));
/// ```
pub fn for_metrics<R>(f: impl FnOnce(&[KeyValue]) -> R) -> R {
    match snapshot() {
        Some(snapshot) if reaches_metrics() => snapshot.for_metrics(f),
        _ => f(&[]),
    }
}

/// The same of the scope in that `Context`.
#[cfg(feature = "metrics")]
pub(crate) fn for_metrics_in<R>(context: &Context, f: impl FnOnce(&[KeyValue]) -> R) -> R {
    match Scope::in_context(context) {
        Some(scope) => scope.get().for_metrics(f),
        None => f(&[]),
    }
}

/// Runs `f` with all attributes of the current scope: for a log record of the program's own.
pub fn for_logs<R>(f: impl FnOnce(&[KeyValue]) -> R) -> R {
    match snapshot() {
        None => f(&[]),
        Some(snapshot) => f(snapshot.all()),
    }
}

/// The attributes for a span of another crate that starts in `context`.
pub(crate) fn for_foreign(context: &Context) -> Option<Snapshot> {
    if !IN_USE.load(Ordering::Relaxed) {
        return None;
    }
    Scope::in_context(context).map(Scope::get).filter(|snapshot| !snapshot.is_empty())
}

/// Whether a span of another crate may have attributes of a scope.
pub(crate) fn is_in_use() -> bool {
    IN_USE.load(Ordering::Relaxed)
}
