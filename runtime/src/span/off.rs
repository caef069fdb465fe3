//! Whether nothing is recorded here: asked first, and in place, because where nothing is recorded a call is to cost next to
//! nothing.
//!
//! It is one word of the process (the recorder) and one of the thread: the recorder whose unsampled span is entered here. Only where
//! the two are the same, OpenTelemetry's current context is looked at, which may have been changed by anyone in between. Everything
//! that takes longer to find out is left to `start`.

use std::cell::Cell;
use std::ptr;

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;

use super::Core;
use crate::recorder::{self, Recorder};

thread_local! {
    // Neither initialised nor destroyed: one load.
    static UNSAMPLED: Cell<*const Recorder> = const { Cell::new(ptr::null()) };
}

/// Whether nothing is recorded here, as far as that is quickly said. `false` says nothing.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn is_off() -> bool {
    match recorder::active() {
        None => true,
        // While it is set, the thread's state exists, and so does OpenTelemetry's context.
        Some(recorder) => ptr::eq(UNSAMPLED.get(), recorder) && is_off_in_context(),
    }
}

/// Whether the current span is one of this process that is not sampled. Panics where OpenTelemetry's context is destroyed.
#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn is_off_in_context() -> bool {
    Context::map_current(|current| {
        let span = current.span();
        let parent = span.span_context();
        !parent.is_sampled() && !parent.is_remote() && parent.is_valid()
    })
}

/// A span was entered that is not sampled; `attached` to OpenTelemetry's context, or not.
pub(crate) fn entered(core: &Core, attached: bool) {
    if attached && core.recorder.attach && !core.recorder.asks_for_all {
        UNSAMPLED.set(core.recorder);
    }
}

/// A span was left that is not sampled. One around it may not be, either: then the long way says so.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn left() {
    UNSAMPLED.set(ptr::null());
}

/// The word is taken back where a thread's state ends.
#[derive(Debug)]
pub(crate) struct WithState;

impl Drop for WithState {
    fn drop(&mut self) {
        left();
    }
}
