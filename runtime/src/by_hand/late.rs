//! What a span has that does not lie in its thread's buffer: what is added through a handle, from wherever that is, while it is
//! not the innermost one of its thread; and the attributes of the request that it is a part of.
//!
//! It waits here until the span ends, which takes it along. What is added later is left out and counted
//! (`Stats::late_additions`); `SpanHandle::is_recording` tells before.

use std::sync::{Arc, Mutex, PoisonError};

use crate::capture::Attributes;
use crate::capture::output::Output;
use crate::capture::session::event;
use crate::recorder::Recorder;
use crate::span::Core;
use crate::thread::Busy;
use crate::wire::tag;

/// See the module's documentation.
pub(crate) struct Late {
    /// `None` where there is no handle: such a one is shared by all spans of a request.
    recorder: Option<&'static Recorder>,
    start: u64,
    max_value: u32,
    max_bytes: usize,
    /// The bytes so far; `None` once the span has ended.
    bytes: Mutex<Option<Vec<u8>>>,
    /// The attributes of the request, as one field `RECORD_CONTEXT`.
    context: Arc<[u8]>,
}

impl Late {
    pub(crate) fn new(core: &Core) -> Self {
        let callsite = core.record.callsite;
        Self {
            recorder: Some(core.recorder),
            start: core.record.start,
            max_value: callsite.options.limits.value,
            max_bytes: callsite.attribute_bytes,
            bytes: Mutex::new(Some(Vec::new())),
            context: Arc::default(),
        }
    }

    /// Attributes of a request, for spans without a handle.
    pub(crate) fn of_context(encoded: Vec<u8>) -> Self {
        let (recorder, bytes) = (None, Mutex::default());
        Self { recorder, start: 0, max_value: 0, max_bytes: 0, bytes, context: encoded.into() }
    }

    /// For a span that has such attributes and gets a handle.
    pub(crate) fn with_context_of(self, other: &Self) -> Self {
        Self { context: Arc::clone(&other.context), ..self }
    }

    /// Whether a handle may add to it.
    pub(crate) fn has_handle(&self) -> bool {
        self.recorder.is_some()
    }

    /// The attributes of the request; empty where there are none.
    pub(crate) fn context(&self) -> &[u8] {
        &self.context
    }

    /// Whether the span goes on.
    pub(crate) fn is_open(&self) -> bool {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Takes what was added; nothing can be added any more.
    pub(crate) fn end(&self) -> Vec<u8> {
        if !self.has_handle() {
            return Vec::new();
        }
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    /// Adds attributes, unless the span has ended.
    pub(crate) fn add(&self, write: impl FnOnce(&mut Attributes<'_>)) {
        self.append(|out| write(&mut Attributes::new(out, tag::SPAN_ATTRIBUTE)));
    }

    /// Adds an event that happens now, unless the span has ended.
    pub(crate) fn add_event(&self, name: &str, write: impl FnOnce(&mut Attributes<'_>)) {
        if let Some(recorder) = self.recorder {
            self.append(|out| event(out, recorder.clock.ticks_after(self.start), name, write));
        }
    }

    fn append(&self, write: impl FnOnce(&mut Output)) {
        if let (false, Some(recorder)) = (self.try_append(write), self.recorder) {
            recorder.ledger.added_too_late();
        }
    }

    /// `write` may run code of the user's: not while the lock is held. `false` when it is left out: the span has
    /// ended, or others have used up its budget since.
    fn try_append(&self, write: impl FnOnce(&mut Output)) -> bool {
        let used = match &*self.bytes.lock().unwrap_or_else(PoisonError::into_inner) {
            None => return false,
            Some(bytes) => bytes.len(),
        };
        let mut out = Output::default();
        out.begin(self.max_bytes.saturating_sub(used), self.max_value);
        {
            // As in a capture: traced functions that it calls are not recorded.
            let _busy = Busy::begin();
            write(&mut out);
        }
        match &mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) {
            // Others may have added since: together they stay within the budget.
            Some(bytes) if bytes.len() + out.bytes.len() <= self.max_bytes => {
                bytes.append(&mut out.bytes);
                true
            }
            Some(_) | None => false,
        }
    }
}
