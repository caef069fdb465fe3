//! A scope: where the attributes of one request lie, and who is in it.
//!
//! It is a value of OpenTelemetry's `Context`. Who is in the scope holds the same cell, which holds an immutable set; a change
//! replaces the set, so nobody reads what another is writing, and no lock is taken.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use arc_swap::ArcSwap;
use futures_core::Stream;
use opentelemetry::{Context, ContextGuard, Key};
use pin_project_lite::pin_project;

use super::begin_use;
use super::snapshot::Snapshot;
use super::value::Value;
use crate::thread::State;

/// Holds the attributes of one request. Clones are the same scope; [`scope`](super::scope) makes another.
///
/// ```
/// use wirespan::context;
///
/// let request = context::scope().with("tenant", "acme");
/// // To a thread; a future has `FutureExt::in_context`.
/// std::thread::spawn(move || {
///     request.in_scope(|| assert_eq!(context::get().get("tenant"), Some("acme".into())));
/// })
/// .join()
/// .unwrap();
/// assert!(context::get().is_empty());
/// ```
#[derive(Clone)]
pub struct Scope(Arc<ArcSwap<Snapshot>>);

impl Scope {
    /// A scope with nothing set, wherever it is made.
    pub fn new() -> Self {
        Self::with_snapshot(Snapshot::default())
    }

    pub(super) fn with_snapshot(snapshot: Snapshot) -> Self {
        begin_use();
        Self(Arc::new(ArcSwap::from_pointee(snapshot)))
    }

    /// The scope that this code is in.
    pub fn current() -> Option<Self> {
        if !super::is_in_use() || State::is_gone() {
            return None;
        }
        Context::map_current(|context| Self::in_context(context).cloned())
    }

    /// The scope in a `Context`.
    pub(super) fn in_context(context: &Context) -> Option<&Self> {
        context.get::<Self>()
    }

    /// The same scope with an attribute more: for a scope that is being made.
    #[must_use = "it returns the scope"]
    pub fn with(self, key: impl Into<Key>, value: impl Into<Value>) -> Self {
        self.add(key, value);
        self
    }

    /// Sets several attributes, for what starts from now on. `false` where something was left out.
    pub fn set<K: Into<Key>>(&self, attributes: impl IntoIterator<Item = (K, Value)>) -> bool {
        let changes: Vec<_> = attributes.into_iter().map(|(key, value)| (key.into(), value)).collect();
        let mut complete = true;
        self.0.rcu(|old| {
            let (new, all) = old.with(&changes);
            complete = all;
            new
        });
        complete
    }

    /// Sets one attribute.
    pub fn add(&self, key: impl Into<Key>, value: impl Into<Value>) -> bool {
        self.set([(key, value.into())])
    }

    /// What is set now.
    pub fn get(&self) -> Snapshot {
        Snapshot::clone(&self.0.load())
    }

    /// This thread is in the scope while the guard lives. A guard belongs to its thread and is not `Send`: a future has
    /// [`FutureExt::in_context`](crate::FutureExt::in_context).
    pub fn enter(&self) -> ScopeGuard {
        ScopeGuard { _attached: self.attach(&mut None) }
    }

    /// Runs `f` in the scope.
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        let _entered = self.enter();
        f()
    }

    /// Attaches the scope to what is current, or what was made of that the first time.
    fn attach(&self, kept: &mut Option<Context>) -> Option<ContextGuard> {
        if State::is_gone() {
            return None;
        }
        let context = kept.get_or_insert_with(|| self.put_into(&Context::current()));
        Some(context.clone().attach())
    }

    /// A `Context` with the scope in it.
    pub(super) fn put_into(&self, context: &Context) -> Context {
        context.with_value(self.clone())
    }

    /// Keeps the scope, and nothing else, in a `Context`.
    pub(crate) fn alone(&self) -> Context {
        self.put_into(&Context::new())
    }
}

impl Default for Scope {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scope").field(&self.get()).finish()
    }
}

/// See [`Scope::enter`].
///
/// ```compile_fail
/// # fn assert_send<T: Send>(_: T) {}
/// assert_send(wirespan::context::scope().enter());
/// ```
#[must_use = "the scope is left when this is dropped; bind it to a variable, like `_request`"]
pub struct ScopeGuard {
    _attached: Option<ContextGuard>,
}

impl fmt::Debug for ScopeGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopeGuard").finish_non_exhaustive()
    }
}

pin_project! {
    /// A future or a stream in a scope. See [`FutureExt::in_context`](crate::FutureExt::in_context).
    pub struct InScope<T> {
        #[pin]
        inner: Option<T>,
        scope: Scope,
        context: Option<Context>,
    }

    impl<T> PinnedDrop for InScope<T> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _entered = this.scope.attach(this.context);
            this.inner.set(None);
        }
    }
}

impl<T> InScope<T> {
    pub(crate) fn new(inner: T, scope: Scope) -> Self {
        Self { inner: Some(inner), scope, context: None }
    }
}

impl<F: Future> Future for InScope<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.scope.attach(this.context);
        this.inner.as_pin_mut().map_or(Poll::Pending, |future| future.poll(cx))
    }
}

impl<S: Stream> Stream for InScope<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        let _entered = this.scope.attach(this.context);
        this.inner.as_pin_mut().map_or(Poll::Ready(None), |stream| stream.poll_next(cx))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

impl<T> fmt::Debug for InScope<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InScope").field("scope", &self.scope).finish_non_exhaustive()
    }
}
