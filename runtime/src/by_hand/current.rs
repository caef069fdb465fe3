//! The current span as a value: who it is, and a handle that adds to it from anywhere.

use std::fmt;
use std::sync::Arc;

use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use opentelemetry::{Context, SpanId, TraceFlags, TraceId};

use super::carry::Carried;
use super::late::Late;
use crate::capture::Attributes;
use crate::propagation::header_of;
use crate::recorder;
use crate::span::Core;
use crate::thread::State;

/// The span that is current on this thread: the innermost one that is entered, or another library's, where spans are attached
/// to OpenTelemetry's `Context`. Outside of every span, one that is nobody.
///
/// ```
/// # use wirespan::traced;
/// #[traced]
/// fn handle() -> Option<String> {
///     // For a log line, an error body, a response header: 32 hexadecimal digits.
///     wirespan::current().trace_id().map(|id| id.to_string())
/// }
/// # let _telemetry = wirespan::builder().exporter(wirespan::MemoryExporter::new()).install().unwrap();
/// assert_eq!(handle().unwrap().len(), 32);
/// assert_eq!(wirespan::current().trace_id(), None);
/// ```
pub fn current() -> Current {
    let ours = State::with(|state| state.frames.last().map(|frame| (frame.core, frame.carried))).flatten();
    let attach = recorder::active().is_none_or(|recorder| recorder.attach);
    let context = if attach && !State::is_gone() {
        Context::map_current(|current| current.span().span_context().clone())
    } else {
        ours.as_ref().map_or(SpanContext::NONE, |(core, _)| context_of(core))
    };
    let core = ours.filter(|(core, _)| core.record.span_id == context.span_id().to_bytes());
    Current { context, core }
}

fn context_of(core: &Core) -> SpanContext {
    let flags = if core.is_sampled() { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let (trace_id, span_id) = (core.record.trace_id, core.record.span_id);
    let (trace_id, span_id) = (TraceId::from_bytes(trace_id), SpanId::from_bytes(span_id));
    SpanContext::new(trace_id, span_id, flags, false, TraceState::NONE)
}

/// See [`current`].
#[derive(Clone)]
pub struct Current {
    context: SpanContext,
    /// What we know of it, where it is one of ours; and whether it was carried here.
    core: Option<(Core, bool)>,
}

impl Current {
    /// The trace's identifier, which displays as 32 hexadecimal digits; `None` outside of every span.
    pub fn trace_id(&self) -> Option<TraceId> {
        Some(self.context.trace_id()).filter(|id| *id != TraceId::INVALID)
    }

    /// The span's identifier, which displays as 16 hexadecimal digits; `None` outside of every span.
    pub fn span_id(&self) -> Option<SpanId> {
        Some(self.context.span_id()).filter(|id| *id != SpanId::INVALID)
    }

    /// Whether it is one of ours and recorded.
    pub fn is_recording(&self) -> bool {
        self.core.is_some_and(|(core, _)| core.is_sampled())
    }

    /// Its identity in OpenTelemetry's terms, for links, parents and propagation. Not valid outside of every span.
    pub fn context(&self) -> &SpanContext {
        &self.context
    }

    /// The W3C header `traceparent` that makes it the parent of what another process does; `None` outside of every span.
    ///
    /// ```
    /// # use wirespan::traced;
    /// #[traced(kind = "producer")]
    /// fn publish() -> Option<String> {
    ///     wirespan::current().traceparent()
    /// }
    /// # let _telemetry = wirespan::builder().exporter(wirespan::MemoryExporter::new()).install().unwrap();
    /// // On the other side:
    /// let _span = wirespan::span!(parent: publish(), kind: "consumer", "receive");
    /// ```
    pub fn traceparent(&self) -> Option<String> {
        header_of(&self.context)
    }

    /// A handle that can be sent anywhere and adds to this span until it ends. Allocates; nobody's handle does nothing.
    ///
    /// A span has a handle only on the thread where it is the innermost one; take it there.
    pub fn handle(&self) -> SpanHandle {
        let span_id = self.core.map(|(core, _)| core.record.span_id);
        let late = State::with(|state| {
            let frame = state.frames.last()?;
            let same =
                frame.core.is_sampled() && !frame.carried && Some(frame.core.record.span_id) == span_id;
            if same { state.late_of(state.frames.len() - 1) } else { None }
        });
        SpanHandle { context: self.context.clone(), late: late.flatten() }
    }

    /// Takes the span along to another thread or task, as the parent of what is recorded there.
    pub fn carry(&self) -> Carried {
        Carried::new(self.core.map(|(core, _)| core))
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current")
            .field("context", &self.context)
            .field("recording", &self.is_recording())
            .finish_non_exhaustive()
    }
}

/// Adds to a span that may be anywhere: the innermost one of another thread, or one with others inside it.
///
/// ```
/// # use wirespan::{record, traced};
/// #[traced]
/// fn outer() {
///     let outer = wirespan::current().handle();
///     inner(&outer);
/// }
///
/// #[traced(skip_all)]
/// fn inner(outer: &wirespan::SpanHandle) {
///     record!(on: outer, rows = 3_u64);
/// }
/// # outer();
/// ```
#[derive(Clone)]
pub struct SpanHandle {
    context: SpanContext,
    late: Option<Arc<Late>>,
}

impl SpanHandle {
    /// Of the span in the frame with this number, which need not be the innermost; with 0 it only names the current span.
    pub(super) fn of_frame(depth: usize) -> Self {
        let here = current().context;
        let frame = State::with(|state| {
            let index = depth.checked_sub(1)?;
            let frame = state.frames.get(index)?;
            let (recorded, context) = (frame.core.is_sampled() && !frame.carried, context_of(&frame.core));
            Some((context, if recorded { state.late_of(index) } else { None }))
        });
        match frame.flatten() {
            // The current context has the trace's state, too.
            Some((own, late)) if own.span_id() == here.span_id() => Self { context: here, late },
            Some((context, late)) => Self { context, late },
            None => Self { context: here, late: None },
        }
    }

    /// The trace's identifier; `None` for nobody's handle.
    pub fn trace_id(&self) -> Option<TraceId> {
        Some(self.context.trace_id()).filter(|id| *id != TraceId::INVALID)
    }

    /// The span's identifier; `None` for nobody's handle.
    pub fn span_id(&self) -> Option<SpanId> {
        Some(self.context.span_id()).filter(|id| *id != SpanId::INVALID)
    }

    /// Its identity in OpenTelemetry's terms.
    pub fn context(&self) -> &SpanContext {
        &self.context
    }

    /// Whether the span is recorded and has not ended: what is added now arrives.
    pub fn is_recording(&self) -> bool {
        self.late.as_ref().is_some_and(|late| late.is_open())
    }

    /// For `record!(on: …)`.
    pub(crate) fn add(&self, write: impl FnOnce(&mut Attributes<'_>)) {
        if let Some(late) = &self.late {
            late.add(write);
        }
    }

    /// For `event!(on: …)`.
    pub(crate) fn add_event(&self, name: &str, write: impl FnOnce(&mut Attributes<'_>)) {
        if let Some(late) = &self.late {
            late.add_event(name, write);
        }
    }
}

impl fmt::Debug for SpanHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanHandle")
            .field("context", &self.context)
            .field("recording", &self.is_recording())
            .finish_non_exhaustive()
    }
}
