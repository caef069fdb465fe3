//! A span's context, taken along to another thread or task.
//!
//! There it is the parent of what starts; it is not recorded there and does not end there. Attributes and events without a
//! span of their own inside it are left out: a handle adds them to the span itself.

use std::fmt;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use opentelemetry::{Context, SpanId, TraceFlags, TraceId};
use pin_project_lite::pin_project;

use crate::capture::buffer;
use crate::context::Scope;
use crate::span::Core;
use crate::span::mark::Mark;
use crate::thread::way::Way;
use crate::thread::{Frame, State};

/// See [`Current::carry`](crate::Current::carry).
///
/// ```
/// # use wirespan::traced;
/// #[traced]
/// fn outer() {
///     let carried = wirespan::current().carry();
///     std::thread::spawn(move || carried.in_scope(|| inner())).join().unwrap();
/// }
///
/// #[traced]
/// fn inner() {} // a child of `outer`, on another thread
/// # outer();
/// ```
#[derive(Clone)]
pub struct Carried {
    core: Option<Core>,
    context: Option<Context>,
}

impl Carried {
    pub(super) fn new(core: Option<Core>) -> Self {
        let attach = core.is_none_or(|core| core.recorder.attach);
        let context = if attach {
            (!State::is_gone()).then(Context::current)
        } else {
            // Where no span is in the `Context`, the request may be.
            Scope::current().map(|scope| scope.alone())
        };
        Self { core, context }
    }

    /// Runs `f` with the span as the parent of what starts in it.
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        let _entered = self.enter();
        f()
    }

    fn enter(&self) -> Entered {
        let Some(core) = self.core else {
            return Entered { depth: 0, _attached: self.context.clone().map(Context::attach) };
        };
        let depth = State::with(|state| {
            // Where the attach is on but the context was made elsewhere, the span is named in it anew.
            let attach = core.recorder.attach;
            let name = |context| if attach { named(context, &core) } else { context };
            let attached = self.context.clone().map(|context| name(context).attach());
            let base = buffer::filled().unwrap_or_default();
            state.frames.push(Frame {
                core,
                base,
                mark: Mark::None,
                has_late: false,
                carried: true,
                way: Way::Long,
                attached: ManuallyDrop::new(attached),
            });
            state.frames.len()
        });
        Entered { depth: depth.unwrap_or(0), _attached: None }
    }
}

fn named(context: Context, core: &Core) -> Context {
    if context.span().span_context().span_id().to_bytes() == core.record.span_id {
        return context;
    }
    let flags = if core.is_sampled() { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let (trace_id, span_id) = (core.record.trace_id, core.record.span_id);
    context.with_remote_span_context(SpanContext::new(
        TraceId::from_bytes(trace_id),
        SpanId::from_bytes(span_id),
        flags,
        false,
        TraceState::NONE,
    ))
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span_id = self.core.map(|core| SpanId::from_bytes(core.record.span_id));
        f.debug_struct("Carried").field("span_id", &span_id).finish_non_exhaustive()
    }
}

/// The carried span is the current one while this lives.
struct Entered {
    depth: usize,
    _attached: Option<opentelemetry::ContextGuard>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        if self.depth != 0 {
            let attached = State::with_innermost(self.depth, |state| Some(state.frames.pop()?.attached));
            drop(attached.flatten().map(ManuallyDrop::into_inner));
        }
    }
}

pin_project! {
    /// A future that runs as a part of the span that was current when it was made. See
    /// [`FutureExt::in_current_span`](crate::FutureExt::in_current_span).
    #[derive(Debug)]
    pub struct InCarried<F> {
        #[pin]
        future: F,
        carried: Carried,
    }
}

impl<F> InCarried<F> {
    pub(super) fn new(future: F, carried: Carried) -> Self {
        Self { future, carried }
    }
}

impl<F: Future> Future for InCarried<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.carried.enter();
        this.future.poll(cx)
    }
}
