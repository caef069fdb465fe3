//! Where a trace begins, and so to which recording it belongs.
//!
//! Asked only where a span starts without a parent in this process, and for the time while a test has set a clock. In this
//! order: OpenTelemetry's current `Context`, which people carry to other threads; what this thread has entered; the tokio
//! runtime that it works for.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context as TaskContext, Poll};

use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, ContextGuard, SpanId, TraceId};
use pin_project_lite::pin_project;
use tokio::runtime::Handle;

use super::clock::Clock;
use super::runtimes;
use crate::MemoryExporter;

/// The inside of a [`Recording`](super::Recording), to be taken to other threads and tasks. Clones are the same inside.
///
/// ```
/// # use wirespan::testing::Recording;
/// # #[wirespan::traced] fn work() {}
/// let recording = Recording::start();
/// let scope = recording.scope();
/// std::thread::spawn(move || {
///     let _inside = scope.enter();
///     work();
/// })
/// .join()
/// .unwrap();
/// recording.spans().one("work");
/// ```
#[derive(Clone)]
pub struct Scope(Arc<Inner>);

/// What a recording knows.
pub(super) struct Inner {
    id: u64,
    /// The recording that this one's thread had entered when it started.
    outer: Option<u64>,
    live: AtomicBool,
    pub(super) spans: MemoryExporter,
    pub(super) owned: Mutex<Owned>,
    pub(super) clock: OnceLock<Clock>,
}

/// What belongs to a recording.
#[derive(Default)]
pub(super) struct Owned {
    pub(super) traces: Vec<TraceId>,
    /// Those of them that were another recording's at the same time.
    pub(super) shared: HashSet<TraceId>,
    /// Those of them that were taken over as they are.
    pub(super) adopted: HashSet<TraceId>,
    /// The spans with which they began, or went on, inside.
    pub(super) roots: HashSet<SpanId>,
}

thread_local! {
    static ENTERED: RefCell<Vec<Scope>> = const { RefCell::new(Vec::new()) };
}

/// The scope that a span which starts here and now belongs to.
pub(super) fn current() -> Option<Scope> {
    Context::map_current(|context| context.get::<Scope>().cloned())
        .or_else(on_thread)
        .or_else(runtimes::owner)
}

fn on_thread() -> Option<Scope> {
    ENTERED.try_with(|entered| entered.try_borrow().ok()?.last().cloned()).ok().flatten()
}

impl Scope {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(Arc::new(Inner {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            outer: on_thread().map(|outer| outer.0.id),
            live: AtomicBool::new(true),
            spans: MemoryExporter::new(),
            owned: Mutex::default(),
            clock: OnceLock::new(),
        }))
    }

    /// Makes this thread's spans the recording's until the guard is dropped.
    pub fn enter(&self) -> Entered {
        self.enter_in(&Context::current())
    }

    /// The same, outside of the span that is open here: what is called next begins a trace.
    pub(super) fn enter_afresh(&self) -> Entered {
        // A span cannot be taken out of a context; one with an invalid span would be an unsampled parent to the SDK.
        let in_span = Context::map_current(|current| current.span().span_context().is_valid());
        self.enter_in(&if in_span { Context::new() } else { Context::current() })
    }

    fn enter_in(&self, context: &Context) -> Entered {
        let _ = ENTERED.try_with(|entered| entered.borrow_mut().push(self.clone()));
        Entered { id: self.0.id, _context: context.with_value(self.clone()).attach() }
    }

    /// Makes the spans of `future` the recording's, wherever it is polled.
    ///
    /// ```
    /// # use wirespan::testing::Recording;
    /// # #[wirespan::traced] async fn work() {}
    /// # fn runtime() -> tokio::runtime::Runtime { tokio::runtime::Builder::new_current_thread().build().unwrap() }
    /// let recording = Recording::start();
    /// let work = recording.scope().around(work());
    /// std::thread::spawn(|| runtime().block_on(work)).join().unwrap();
    /// recording.spans().one("work");
    /// ```
    pub fn around<F: Future>(&self, future: F) -> Around<F> {
        Around { scope: self.clone(), future }
    }

    /// Makes the spans of this thread the recording's for good: for the start handler of a pool that only this test uses
    /// (`tokio::runtime::Builder::on_thread_start`, `rayon::ThreadPoolBuilder::start_handler`).
    pub fn claim_thread(&self) {
        let _ = ENTERED.try_with(|entered| entered.borrow_mut().push(self.clone()));
    }

    /// Makes the spans of a tokio runtime's tasks and blocking calls the recording's, until the recording is dropped.
    ///
    /// ```
    /// # use wirespan::testing::Recording;
    /// # #[wirespan::traced] async fn work() {}
    /// # fn multi_thread() -> std::io::Result<tokio::runtime::Runtime> { tokio::runtime::Builder::new_current_thread().build() }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let recording = Recording::start();
    /// let runtime = multi_thread()?;
    /// recording.scope().claim_runtime(runtime.handle());
    /// runtime.block_on(async { tokio::spawn(work()).await })?;
    /// recording.spans().one("work");
    /// # Ok(()) }
    /// ```
    pub fn claim_runtime(&self, runtime: &Handle) {
        runtimes::claim(runtime.id(), self);
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(super) fn owned(&self) -> MutexGuard<'_, Owned> {
        self.0.owned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }

    /// Whether this recording started inside `other`.
    pub(super) fn is_inside(&self, other: &Self) -> bool {
        self.0.outer == Some(other.0.id)
    }

    /// Whether somebody can still look at what it sees.
    pub(super) fn is_live(&self) -> bool {
        self.0.live.load(Ordering::Relaxed)
    }

    pub(super) fn end(&self) {
        self.0.live.store(false, Ordering::Relaxed);
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("id", &self.0.id).finish_non_exhaustive()
    }
}

/// While it lives, this thread's spans are a recording's: [`Scope::enter`].
#[must_use = "the thread is inside until this is dropped: `let _inside = scope.enter();`"]
pub struct Entered {
    id: u64,
    // It is not `Send`, so neither is this: a thread leaves what it has entered itself.
    _context: ContextGuard,
}

impl Drop for Entered {
    fn drop(&mut self) {
        // Guards may be dropped in any order. What is taken out is dropped outside of the borrow.
        let left = ENTERED.try_with(|entered| {
            let mut entered = entered.borrow_mut();
            let place = entered.iter().rposition(|scope| scope.0.id == self.id)?;
            Some(entered.remove(place))
        });
        drop(left);
    }
}

impl fmt::Debug for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entered").field("id", &self.id).finish_non_exhaustive()
    }
}

pin_project! {
    /// A future whose spans are a recording's: [`Scope::around`].
    #[derive(Debug)]
    #[must_use = "a future does nothing before it is awaited"]
    pub struct Around<F> {
        scope: Scope,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Around<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let _inside = this.scope.enter();
        this.future.poll(cx)
    }
}
