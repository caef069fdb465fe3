//! Being the current span of a thread, for the length of a call or of one poll.

use std::mem;

use opentelemetry::{Context, ContextGuard};

use super::mark::Mark;
use crate::thread::{Place, Thread};

/// What was current before, to be put back.
pub(super) struct Scope {
    previous: Place,
    previous_base: usize,
    previous_mark: Mark,
    previous_structured: bool,
    attached: Option<ContextGuard>,
}

impl Scope {
    /// Makes `place` current. Its attributes begin where the thread's buffer ends now.
    #[inline]
    pub(super) fn enter(thread: &Thread, place: Place, mark: Mark, context: Option<Context>) -> Self {
        Self {
            previous: thread.current.replace(place),
            previous_base: thread.base.replace(thread.top.get()),
            previous_mark: thread.mark.replace(mark),
            previous_structured: thread.structured.replace(false),
            attached: context.map(Context::attach),
        }
    }

    /// Makes the previous span current again. The thread's buffer must be as it was at `enter`.
    #[inline]
    pub(super) fn leave(self, thread: &Thread) {
        thread.current.set(self.previous);
        thread.top.set(thread.base.replace(self.previous_base));
        thread.mark.set(self.previous_mark);
        thread.structured.set(self.previous_structured);
        drop(self.attached);
    }
}

/// A scope whose attributes lie in a buffer of their own, which becomes the thread's while the scope lasts.
pub(super) struct OwnBufferScope {
    scope: Scope,
    outer: Vec<u8>,
    outer_top: usize,
}

impl OwnBufferScope {
    #[inline]
    pub(super) fn enter(
        thread: &Thread,
        place: Place,
        mark: Mark,
        context: Option<Context>,
        buffer: &mut Vec<u8>,
    ) -> Self {
        let own = mem::take(buffer);
        let outer_top = thread.top.replace(own.len());
        let outer = thread.buffer.replace(own);
        let scope = Scope::enter(thread, place, mark, context);
        thread.base.set(0);
        Self { scope, outer, outer_top }
    }

    #[inline]
    pub(super) fn leave(self, thread: &Thread, buffer: &mut Vec<u8>) {
        self.scope.leave(thread);
        *buffer = thread.buffer.replace(self.outer);
        thread.top.set(self.outer_top);
    }
}
