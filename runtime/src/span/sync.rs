//! The guard of a traced plain function.
//!
//! The body runs in a closure, so it can leave only by returning, after which the macro calls `returned` or an outcome does
//! `failed`, or by unwinding: a guard that is dropped without either was unwound through.

use super::ending::{self, Tail};
use super::outcome::{EndSpan, ErrorView};
use super::scope::Scope;
use super::start::{Started, start};
use super::Core;
use crate::callsite::{Callsite, Subject};
use crate::recorder::record::flag;
use crate::recorder::{self, Recorder};
use crate::thread::{KEPT_BUFFER, Thread};

/// A span on the stack of the function that it times.
#[must_use = "the span ends when this is dropped"]
pub struct SyncSpan {
    inner: Option<Entered>,
}

struct Entered {
    core: Core,
    base: usize,
    scope: Scope,
}

impl SyncSpan {
    /// Starts a span and makes it current, if anything is installed and the trace is sampled.
    #[inline]
    pub fn enter(callsite: &'static Callsite, subject: Subject) -> Self {
        match recorder::active() {
            None => Self { inner: None },
            Some(recorder) => Self::enter_active(recorder, callsite, subject),
        }
    }

    #[inline(never)]
    fn enter_active(recorder: &'static Recorder, callsite: &'static Callsite, subject: Subject) -> Self {
        let inner = Thread::with(|thread| {
            let started = start(thread, recorder, callsite, subject)?;
            Some(Entered::new(thread, started))
        });
        Self { inner: inner.flatten() }
    }

    /// Whether parameters are to be captured.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.inner.as_ref().is_some_and(|entered| entered.core.place.sampled)
    }

    #[inline]
    fn end(&mut self, ending: impl FnOnce(&Thread, &Core, usize) -> Tail) {
        if let Some(entered) = self.inner.take() {
            entered.end(ending);
        }
    }
}

impl Entered {
    #[inline]
    fn new(thread: &Thread, started: Started) -> Self {
        let Started { core, context, extra } = started;
        let base = thread.top.get();
        let scope = Scope::enter(thread, core.place, super::mark::Mark::None, context);
        if let Some(extra) = extra {
            let mut buffer = thread.buffer.take();
            ending::encode_extra(&mut buffer, &extra);
            thread.top.set(buffer.len());
            thread.buffer.set(buffer);
        }
        Self { core, base, scope }
    }

    #[inline]
    fn end(self, ending: impl FnOnce(&Thread, &Core, usize) -> Tail) {
        let Self { core, base, scope } = self;
        let ended = Thread::with(|thread| {
            if !core.place.sampled {
                scope.leave(thread);
                return;
            }
            let tail = ending(thread, &core, thread.top.get() - base);
            let structured = if thread.structured.get() { flag::STRUCTURED } else { 0 };
            let mut buffer = thread.buffer.take();
            scope.leave(thread);
            if let Some(mark) = tail.mark {
                thread.mark.set(mark);
            }
            core.publish(thread, buffer.get(base..).unwrap_or_default(), &tail.bytes, tail.flags | structured);
            buffer.truncate(base);
            if base == 0 && buffer.capacity() > KEPT_BUFFER {
                buffer = Vec::new();
            }
            thread.buffer.set(buffer);
        });
        if ended.is_none() && core.place.sampled {
            core.recorder.ledger.dropped_on_exiting_thread();
        }
    }
}

impl EndSpan for SyncSpan {
    #[inline]
    fn returned(mut self) {
        self.end(|_, core, _| Tail::returned(core));
    }

    #[cold]
    fn failed(mut self, error: &ErrorView<'_>) {
        self.end(|thread, core, used| ending::failed(thread, core, used, error));
    }
}

impl Drop for SyncSpan {
    #[inline]
    fn drop(&mut self) {
        if self.inner.is_some() {
            self.unwound();
        }
    }
}

impl SyncSpan {
    #[cold]
    fn unwound(&mut self) {
        self.end(ending::panicked);
    }
}
